"""A question that needs an exact date or figure gets the right computation; one that asks for guidance gets none."""

from typing import Any

import pytest

from humphrey.calculations.workings import Working
from humphrey.drafting.calculation_requests.recognise import agrees, clarifying_question, recognise_calculations

Told = dict[str, Any]


def limit(rule: str, start: str, **more: object) -> tuple[str, Told]:
    return ("working_days", {"rule": rule, "start": start, **more})


def count(first: str, last: str, **more: object) -> tuple[str, Told]:
    return ("count_days", {"first": first, "last": last, **more})


def add(start: str, number: int, unit: str, **more: object) -> tuple[str, Told]:
    return ("add_days", {"start": start, "number": number, "unit": unit, **more})


def figure(name: str, on: str = "today") -> tuple[str, Told]:
    return ("threshold", {"name": name, "on": on})


COMPUTED = [
    # Freedom of information
    (
        "How long do we have to answer a freedom of information request received on 23 November 2026?",
        limit("foi_20wd", "23 November 2026"),
    ),
    ("An FOI request was received on 3 March, when must we reply?", limit("foi_20wd", "3 March")),
    ("received an FOI on 3 March. when must we reply", limit("foi_20wd", "3 March")),
    ("FOI came in yesterday - what's the deadline?", limit("foi_20wd", "yesterday")),
    ("We got a FOI request last Friday. What is the due date?", limit("foi_20wd", "last Friday")),
    (
        "What is the statutory deadline for an FOIA request that arrived on the 5th of May 2026?",
        limit("foi_20wd", "the 5th of May 2026"),
    ),
    ("If a freedom of information request arrives today, by what date should we respond?", limit("foi_20wd", "today")),
    (
        "Request under FOI dated 1 June 2026 but received on 4 June 2026: when is the reply due?",
        limit("foi_20wd", "4 June 2026", others=["1 June 2026"]),
    ),
    (
        "How far can we extend an FOI deadline for a request of 23 November 2026?",
        limit("foi_20wd", "23 November 2026", extended=True),
    ),
    (
        "An FOI request received 2026-11-23 needs a public interest test. What is the latest date with the extension?",
        limit("foi_20wd", "2026-11-23", extended=True),
    ),
    ("FOI received 23/11/2026. Is it overdue?", limit("foi_20wd", "23/11/2026")),
    ("How many days do we have left on a FOI request received 2 weeks ago?", limit("foi_20wd", "2 weeks ago")),
    ("Work out the due date of the FOI that arrived on Monday", limit("foi_20wd", "Monday")),
    (
        "The requester clarified their FOI request on 23 November 2026; it came on 2 November 2026. When is it due?",
        limit("foi_clarification", "23 November 2026", others=["2 November 2026"]),
    ),
    (
        "We received clarification of a freedom of information request on 4 May, by when must we answer?",
        limit("foi_clarification", "4 May"),
    ),
    (
        "FOI request received on 2 November, fees notice sent 9 November, fee paid 20 November: when is the reply due?",
        limit("foi_fees_notice", "2 November", stopped="9 November", resumed="20 November"),
    ),
    (
        "We gave a fees notice on 23 November 2026. When does the request lapse?",
        limit("foi_fee_3_months", "23 November 2026"),
    ),
    (
        "What is the deadline for an FOI internal review asked for on 2026-11-23?",
        limit("foi_internal_review", "2026-11-23"),
    ),
    (
        "A requester asked for an internal review yesterday. When do we need to answer it by?",
        limit("foi_internal_review", "yesterday"),
    ),
    (
        "An internal review received 23 November 2026 is complex. What is the latest date?",
        limit("foi_internal_review", "23 November 2026", extended=True),
    ),
    (
        "We replied to an FOI on 1 October 2026. What is the last day the requester can ask for an internal review?",
        limit("foi_review_window", "1 October 2026"),
    ),
    ("They asked for an internal review on 10 November. Deadline?", limit("foi_internal_review", "10 November")),
    # Environmental information
    ("When is the reply to an EIR request of 23 November 2026 due?", limit("eir_20wd", "23 November 2026")),
    ("A request for environmental information came in today. By when must we answer?", limit("eir_20wd", "today")),
    (
        "Our EIR case received 23 November 2026 is complex and voluminous, what's the last date?",
        limit("eir_20wd", "23 November 2026", extended=True),
    ),
    (
        "By when must we ask for clarification of an EIR request received on 23 November 2026?",
        limit("eir_clarification", "23 November 2026"),
    ),
    (
        "An EIR internal review was requested on 4 June 2026, when must we decide?",
        limit("eir_internal_review", "4 June 2026"),
    ),
    (
        "We sent our EIR decision on 4 June 2026. How long can the applicant ask for an internal review?",
        limit("eir_review_window", "4 June 2026"),
    ),
    # Data protection
    ("What is the last date for answering an SAR that came yesterday?", limit("sar_one_month", "yesterday")),
    (
        "By when must a subject access request received on 25 November 2026 be answered?",
        limit("sar_one_month", "25 November 2026"),
    ),
    ("DSAR received 31 January 2027 - when is it due?", limit("sar_one_month", "31 January 2027")),
    (
        "SAR received 1 May 2026, ID needed and received 8 May 2026. What is the deadline?",
        limit("sar_one_month", "8 May 2026", others=["1 May 2026"]),
    ),
    (
        "A subject access request of 23 November 2026 is complex. What is the extended deadline?",
        limit("sar_one_month", "23 November 2026", extended=True),
    ),
    (
        "SAR came on 1 May 2026, we asked for clarification on 5 May 2026 and they replied on 12 May 2026. Due when?",
        limit("sar_one_month", "1 May 2026", stopped="5 May 2026", resumed="12 May 2026"),
    ),
    (
        "Our Belfast office received a SAR on 12 June 2026; when must we reply?",
        limit("sar_one_month", "12 June 2026", division="northern-ireland"),
    ),
    (
        "A data protection complaint arrived on 1 July 2026. By when must we acknowledge it?",
        limit("dp_complaint_30d", "1 July 2026"),
    ),
    (
        "We became aware of a personal data breach at 4.30pm on Friday 27 November 2026. When must the ICO be told?",
        limit("personal_data_breach_72h", "Friday 27 November 2026", at="4.30pm"),
    ),
    (
        "Data breach discovered yesterday at 09:15, what's the deadline for telling the regulator?",
        limit("personal_data_breach_72h", "yesterday", at="09:15"),
    ),
    # Parliament
    ("When is a Lords written question tabled on 23 November 2026 due?", limit("pq_lords_written", "23 November 2026")),
    ("HL1234 was tabled on 27 November 2023. When is the answer due?", limit("pq_lords_written", "27 November 2023")),
    ("What's the due date for a Lords PQ tabled today?", limit("pq_lords_written", "today")),
    (
        "An ordinary written question was tabled in the Commons on 23 November 2026; by when should we answer?",
        limit("pq_commons_ordinary", "23 November 2026"),
    ),
    (
        "A named day question tabled on 23 November 2026 names 26 November 2026. What is the deadline?",
        limit("pq_commons_named_day", "26 November 2026", tabled="23 November 2026"),
    ),
    (
        "The named day is Thursday 26 November 2026. When must the named day question be answered?",
        limit("pq_commons_named_day", "Thursday 26 November 2026"),
    ),
    (
        "A written ministerial statement is to be made on 30 November 2026. When is the notice due?",
        limit("wms_notice", "30 November 2026"),
    ),
    (
        "PQ tabled for named day 26 November, tabled on 23 November - deadline?",
        limit("pq_commons_named_day", "26 November", tabled="23 November"),
    ),
    # Letters, consultations, meetings
    (
        "How long have we got to reply to an MP's letter dated 1 November 2026 and received 4 November 2026?",
        limit("correspondence_20wd", "4 November 2026", others=["1 November 2026"]),
    ),
    ("treat official received 16 november 2026 target date?", limit("correspondence_20wd", "16 november 2026")),
    ("A letter arrived today, by when must we reply?", limit("correspondence_20wd", "today")),
    (
        "A letter from an MP received on 18 December 2026: what is the target date for the reply?",
        limit("correspondence_20wd", "18 December 2026"),
    ),
    (
        "A constituent's letter reached our Edinburgh office on 23 November 2026. When is the reply due?",
        limit("correspondence_20wd", "23 November 2026", division="scotland"),
    ),
    (
        "We had correspondence from a peer on 1 September 2026. What's the deadline?",
        limit("correspondence_20wd", "1 September 2026"),
    ),
    (
        "What day is the response due to a consultation that closed on 23 November 2026?",
        limit("gov_response_12w", "23 November 2026"),
    ),
    (
        "Our consultation closes on 5 January 2027. By when must the government response be published?",
        limit("gov_response_12w", "5 January 2027"),
    ),
    ("The readout of a meeting held on 24 December 2026 is due when?", limit("readout_same_day", "24 December 2026")),
    ("My last day is 29 December 2026, when is my handover note due?", limit("leaving_date", "29 December 2026")),
    (
        "The briefing is due 5 working days before the visit on 30 December 2026. What date is that?",
        limit("event_minus_days", "30 December 2026", working_days=5),
    ),
    # Counting and adding
    ("How many working days are there between 3 March and 7 April 2027?", count("3 March", "7 April 2027")),
    ("how many working days from 18 december 2026 to 5 january 2027", count("18 december 2026", "5 january 2027")),
    (
        "How many working days in Scotland between 23 November 2026 and 4 December 2026?",
        count("23 November 2026", "4 December 2026", division="scotland"),
    ),
    ("How many working days until 18 December 2026?", count("today", "18 December 2026")),
    ("How many working days have passed since 2 November 2026?", count("2 November 2026", "today")),
    (
        "How many working days under the FOI Act are there between 23 November 2026 and 22 December 2026?",
        count("23 November 2026", "22 December 2026", division="anywhere"),
    ),
    ("What date is 20 working days after 3 March 2026?", add("3 March 2026", 20, "working days")),
    ("What is 10 working days from today?", add("today", 10, "working days")),
    (
        "Which day is 15 working days before 30 November 2026 in Northern Ireland?",
        add("30 November 2026", -15, "working days", division="northern-ireland"),
    ),
    ("When is 12 weeks from 23 November 2026?", add("23 November 2026", 12, "weeks")),
    ("Work out three months after 30 November 2026", add("30 November 2026", 3, "months")),
    ("Add 10 days to 23 November 2026", add("23 November 2026", 10, "days")),
    ("What is 23 November 2026 plus 30 days?", add("23 November 2026", 30, "days")),
    ("20 working days from 16 November 2026", add("16 November 2026", 20, "working days")),
    ("number of working days between 1 Nov and 30 Nov 2026", count("1 Nov", "30 Nov 2026")),
    # Thresholds and rates
    ("current mileage rate", figure("mileage_car")),
    ("What's the FOI limit?", figure("foi_limit_central")),
    ("How much per mile can I claim for using my own car?", figure("mileage_car")),
    ("What is the FOI cost limit?", figure("foi_limit_central")),
    ("What's the appropriate limit under section 12?", figure("foi_limit_central")),
    ("What is the cost limit for freedom of information requests to a council?", figure("foi_limit_other")),
    ("What hourly rate do we use for FOI staff time?", figure("foi_hourly_rate")),
    ("What is the hourly rate for the FOI cost limit?", figure("foi_hourly_rate")),
    ("What is the disproportionate cost threshold for PQs?", figure("pq_cost")),
    ("How much is the disproportionate cost limit?", figure("pq_cost")),
    ("What is the procurement threshold for goods and services?", figure("procurement_central")),
    ("What's the threshold for a works contract?", figure("procurement_works")),
    ("What is the light touch procurement threshold?", figure("procurement_light_touch")),
    ("What's the procurement threshold for local authorities?", figure("procurement_other")),
    ("What was the procurement threshold for goods on 1 June 2025?", figure("procurement_central", "1 June 2025")),
    (
        "What is the value from which we publish notices of below-threshold contracts?",
        figure("notices_central"),
    ),
    ("What is the mileage rate for a private car?", figure("mileage_car")),
    ("What was the mileage rate on 1 March 2026?", figure("mileage_car", "1 March 2026")),
    ("How much can I claim per mile by bicycle?", figure("mileage_bicycle")),
    ("What is the mileage rate for a motorbike?", figure("mileage_motorcycle")),
    ("What is the mileage rate over 10,000 miles?", figure("mileage_car_further")),
    ("How many named day questions can a member table a day?", figure("pq_named_day_a_day")),
]


@pytest.mark.parametrize(("question", "call"), COMPUTED, ids=[question for question, _ in COMPUTED])
def test_what_can_be_computed_is_computed_from_what_the_question_says(question, call):
    assert recognise_calculations(question, question) == ([call] if call else [])
    assert clarifying_question(question, question) == ""


def test_a_question_about_all_procurement_thresholds_gets_all():
    found = recognise_calculations("What are the procurement thresholds?", "What are the procurement thresholds?")
    assert [told["name"] for _, told in found] == [
        "procurement_central",
        "procurement_other",
        "procurement_works",
        "procurement_light_touch",
    ]


FOLLOWING = [
    (
        ["How long do we have to answer a freedom of information request received on 23 November 2026?"],
        "What if it was received on 18 December 2026?",
        limit("foi_20wd", "18 December 2026"),
    ),
    (["When is the reply to our FOI request due?"], "23 November 2026", limit("foi_20wd", "23 November 2026")),
    (["When is the reply to our FOI request due?"], "It came last Monday", limit("foi_20wd", "last Monday")),
    (["We received a SAR on 1 May 2026."], "When is it due?", limit("sar_one_month", "1 May 2026")),
    (
        ["An FOI request was received on 23 November 2026, when is it due?"],
        "And with an extension?",
        limit("foi_20wd", "23 November 2026", extended=True),
    ),
    (
        ["A letter arrived on 23 November 2026. When is the reply due?"],
        "What if our office is in Scotland?",
        limit("correspondence_20wd", "23 November 2026", division="scotland"),
    ),
    (["An FOI request was received on 23 November 2026, when is it due?"], "Which exemptions may apply to it?", None),
    (["An FOI request was received on 23 November 2026, when is it due?"], "Who signs the reply?", None),
]


@pytest.mark.parametrize(("earlier", "question", "call"), FOLLOWING, ids=[question for _, question, _ in FOLLOWING])
def test_a_follow_up_is_computed_from_what_was_said_before(earlier, question, call):
    assert recognise_calculations(question, " ".join([*earlier, question])) == ([call] if call else [])


GUIDANCE = [
    "How long do we have to answer FOI requests?",
    "What is the time limit for a subject access request?",
    "When must a freedom of information request be answered?",
    "What is the FOI time limit?",
    "Our reply to the FOI is due on 22 December 2026; who should clear it?",
    "When was the mileage rate raised to 55p?",
    "When can we extend the time limit for an FOI request?",
    "How do working days count for freedom of information?",
    "What counts towards the FOI cost limit?",
    "How should we estimate the cost of an FOI request?",
    "Which exemptions need a public interest test?",
    "What happened to FOI on 1 January 2005?",
    "Who approves a letter to an MP?",
    "When should I use OFFICIAL-SENSITIVE?",
    "What is a named day question?",
    "How long should a consultation run?",
    "How do I claim mileage?",
    "Do I need approval to drive my own car?",
    "When must a data breach be reported to the ICO?",
    "What must a handover note contain?",
    "I received a letter from HMRC on 3 March 2026, when do I have to pay?",
    "My husband died on 3 May 2026. How long can I claim bereavement support for?",
    "I moved here 3 months before 5 May 2020. Can I vote?",
    "I have worked for 26 weeks since 1 February 2021. When can I take paternity leave?",
    "Who won the cup in 1998?",
    "What is the mileage rate for the self-employed under simplified expenses?",
    "Is there a threshold for savings on 1 May 2026 in Universal Credit?",
    "When does the new Data (Use and Access) Act apply from, is it 19 June 2026?",
    "Draft a letter thanking the visitors of 3 March 2026.",
]


@pytest.mark.parametrize("question", GUIDANCE)
def test_where_guidance_is_asked_nothing_is_computed_and_nothing_asked_back(question):
    assert recognise_calculations(question, question) == []
    assert clarifying_question(question, question) == ""


WANTING = [
    ("When is the reply to the FOI request due?", "the request arrived"),
    ("By when must we answer the SAR?", "arrived"),
    ("When is the reply to this FOI request due?", "the request arrived"),
    ("We have received an FOI request. What is the deadline?", "the request arrived"),
    ("A SAR has come in. By when must we answer?", "the request, or what was needed to answer it, arrived"),
    ("I have a letter from an MP, what is the due date for our reply?", "the letter arrived"),
    ("What's the last date to respond to our EIR request?", "the request arrived"),
    ("We've had a personal data breach. What is the deadline for the ICO?", "became aware"),
    ("Our Lords question has been tabled, when is it due?", "the question was tabled"),
    ("A named day question was tabled today. When is it due?", "Which day did the member name"),
    ("Our consultation has closed, by when must we publish the response?", "the consultation closed"),
    ("A PQ was tabled today, when is the answer due?", "of the Lords?"),
    ("We've got a written question. What is the deadline?", "of the Lords?"),
    ("An MP wrote to the minister on 2 November 2026. When is her reply due?", "the letter arrived"),
    ("A letter dated 2 November 2026 needs an answer. What is the due date?", "the letter arrived"),
    (
        "We received an FOI request on 2 November 2026 and sent a fees notice. When is our reply due?",
        "which day did the fee come",
    ),
]


@pytest.mark.parametrize(("question", "part"), WANTING, ids=[question for question, _ in WANTING])
def test_what_a_date_needs_and_was_not_said_is_asked_back_in_one_short_question(question, part):
    back = clarifying_question(question, question)
    assert part in back
    assert back.endswith("?") or back.endswith("limit.")
    assert recognise_calculations(question, question) == []


def working(rule: str) -> Working:
    return Working("working_days", {"rule": rule}, "2026-12-22", "It is due by 22 December 2026.")


def test_a_statement_about_another_limit_or_day_does_not_stand_beside_a_computed_one():
    computed = [working("foi_20wd")]
    assert agrees("A freedom of information request is answered within 20 working days.", computed, "")
    assert agrees("Weekends do not count.", computed, "")
    assert not agrees("A subject access request is answered within one month.", computed, "")
    assert not agrees("An FOI request of 1 May 2026 is due on 1 June 2026.", computed, "")
    assert agrees("An FOI request of 22 December 2026 waits.", computed, "")


def test_any_statement_may_stand_beside_a_figure_that_was_looked_up():
    looked_up = [Working("threshold", {"name": "mileage_car"}, "55p a mile", "It is 55p a mile since 6 April 2026.")]
    assert agrees("The rate is 55p a mile from 6 April 2026, and a letter says so.", looked_up, "")
