"""Of several days in a question, a limit counts from that of its own event, or one short question goes back."""

import pytest

from humphrey.drafting.calculation_requests.events import Story
from humphrey.drafting.calculation_requests.recognise import clarifying_question, recognise_calculations

COUNTED = [
    # One plain arrival beside days that start nothing.
    ("My deputy is away until 4 May 2026. A resident e-mailed us on 7 April 2026 under FOI. When must we answer?",
     "foi_20wd", "7 April 2026"),
    ("Board on 12 May, training on 14 May, FOI received 20 April: when is the FOI due?", "foi_20wd", "20 April"),
    ("We had a call from the requester on 8 April and her FOI request arrived on 10 April. When is it due?",
     "foi_20wd", "10 April"),
    ("We received legal advice on 21 April about an EIR request that came in on 9 April. What is our deadline?",
     "eir_20wd", "9 April"),
    ("An FOI request about the fire of 2 March was received on 13 April. What date is it due?", "foi_20wd", "13 April"),
    ("FOI: written 7 April, sent second class 8 April, rec'd 13 April, logged 15 April. Deadline?",
     "foi_20wd", "13 April"),
    ("On 20 April I was given a letter from an MP, which had come in on 14 April. When is our reply due?",
     "correspondence_20wd", "14 April"),
    ("The letter from an MP reached us on 14 April but was not passed to the drafting team until 21 April. Due date?",
     "correspondence_20wd", "14 April"),
    ("Her FOI request came on 14 April and on 28 April she sent the same e-mail again. When is it due?",
     "foi_20wd", "14 April"),
    ("We thought about asking for clarification on 20 April but did not ask. The FOI came on 16 April. Due date?",
     "foi_20wd", "16 April"),
    ("The FOI request was posted on Friday 10 April 2026 and arrived the following Tuesday. When is it due?",
     "foi_20wd", "Tuesday after Friday 10 April 2026"),
    ("The letter was dated 9 April and reached us two days later. It is an FOI request. When is it due?",
     "foi_20wd", "two days after 9 April"),
    # A question back and its answer.
    ("FOI in 7 April. On the 9th we wrote back asking which years he meant, and he told us on 16 April. Due when?",
     "foi_clarification", "16 April"),
    ("We asked a charity on 9 April what it meant by “grants” in its FOI request and got a proper answer on 20 April. "
     "What is the deadline?", "foi_clarification", "20 April"),
    ("She posted her clarification on 16 April and it arrived on 20 April. It is an FOI request. When is it due?",
     "foi_clarification", "20 April"),
    ("SAR from a stranger came 7 April, we asked for a passport on 9 April, it got here on 17 April. When is it due?",
     "sar_one_month", "17 April"),
    ("A SAR from our own staff came on 8 April and was logged on 10 April; no ID was needed. When is it due?",
     "sar_one_month", "8 April"),
    ("The SAR reached us on 8 April, and on 15 April her passport came, although we had no need of it. When is it due?",
     "sar_one_month", "8 April"),
    ("The SAR reached us on 8 April, and on 15 April her ID came, which nobody had requested. When is it due?",
     "sar_one_month", "8 April"),
    ("SAR from a stranger came 7 April. We could not be sure who he was, so asked for ID on 9 April and got a copy of "
     "his licence on 17 April. When is it due?", "sar_one_month", "17 April"),
    ("FOI in 7 April. On 9 April we told the applicant that we were on the case. Due date?", "foi_20wd", "7 April"),
    ("SAR came 7 April by e-mail, HR passed it on to us on 9 April. When is it due?", "sar_one_month", "7 April"),
    # A review after an answer.
    ("Mr Ode got our FOI reply on 9 April. On 27 April he e-mailed us and asked for an internal review. By when?",
     "foi_internal_review", "27 April"),
    ("They asked for a review on 20 April of our 27 March FOI reply. When is the review due?",
     "foi_internal_review", "20 April"),
    # Another body.
    ("The Treasury got an MP's letter on 7 April and sent it across. We received it on 15 April. When must we reply?",
     "correspondence_20wd", "15 April"),
    ("FOI answered 9 April, review request 27 April, panel sits 12 May. When is the review due?",
     "foi_internal_review", "27 April"),
    ("We answered the FOI on 9 April and she rang on 14 April. What is the latest date she can ask for a review?",
     "foi_review_window", "9 April"),
    # Parliament and breaches.
    ("A named day question was tabled on 20 April for 23 April. When must it be answered?",
     "pq_commons_named_day", "23 April"),
    ("A Lords question tabled on 20 April was sent to the Treasury and passed to us on 22 April. When is it due?",
     "pq_lords_written", "20 April"),
    ("Personal data was stolen on 17 April and nobody noticed until 9am on 20 April. When must the ICO be told?",
     "personal_data_breach_72h", "20 April"),
    ("A data breach happened on 17 April; a resident rang us at 4pm on 21 April, the first we knew. 72 hour deadline?",
     "personal_data_breach_72h", "21 April"),
]  # fmt: skip


@pytest.mark.parametrize(("question", "rule", "start"), COUNTED, ids=[question for question, _, _ in COUNTED])
def test_a_limit_counts_from_the_day_of_its_own_event_and_names_the_others(question, rule, start):
    [(tool, told)] = recognise_calculations(question, question)

    assert (tool, told["rule"], told["start"]) == ("working_days", rule, start)
    assert told.get("others") or told.get("tabled")
    assert clarifying_question(question, question) == ""


ASKED = [
    # Only days of the other side, or of no arrival.
    ("EIR request about a quarry. Date at the top: 7 April. Postmarked: 8 April. What is the deadline?", "arrived"),
    ("I am on leave from 20 April, there is a meeting on 4 May, and I have an FOI request. When is it due?", "arrived"),
    # Two arrivals, or an uncertain one.
    ("This FOI has two stamps, received 7 April and received 9 April. What is its due date?", "7 April and 9 April"),
    ("I think the FOI was received on 7 April but it may have been 8 April. When is it due?", "arrived"),
    ("The FOI request came either on 7 or 8 April. When is it due?", "arrived"),
    ("An MP's letter came to our Leeds branch on 7 April and head office on 9 April. When is our reply due?",
     "7 April and 9 April"),
    ("A breach was found by our contractor on 7 April; we knew on 9 April. When is the 72 hours over?",
     "7 April and 9 April"),
    ("We received a SAR on 7 April and an MP's letter on 9 April. When must we answer?", "7 April and 9 April"),
    # Something passed between the two sides afterwards.
    ("Having had her FOI on 7 April and put two questions to her on 9 April, to which she responded on 15 April, by "
     "what date must we reply?", "arrived"),
    ("Tom wrote to the gentleman on 9 April to ask which pier he meant. The FOI had come on 7 April, his answer on 16 "
     "April. Due date?", "7 April, 9 April and 16 April"),
    ("Got the FOI on 7 April. The applicant expanded on it on 9 April. When is it due?", "7 April and 9 April"),
    ("FOI in on 7 April, withdrawn 9 April, resubmitted 14 April. Due?", "arrived"),
    ("We had the FOI from our Leeds people on 15 April, they had it on 13 April. Which date are we due?", "13 April"),
    ("The consultation was to close on 7 April but ran to 14 April. When should we publish the response?", "closed"),
    ("Our bank told us of the breach on 7 April, and on 9 April we confirmed that it held personal data. When are the "
     "72 hours over?", "aware"),
    ("Her file was asked for on 7 April (SAR), ID asked for 9 April, she says she'll drop it in on 16 April. Due date?",
     "waits"),
    ("Our supplier phoned on 7 April about a breach and left a message that I heard at 2pm on 9 April. When do "
     "the 72 hours end?", "aware"),
    ("Our executive agency received the FOI on 7 April and forwarded it to the department on 9 April. We are another "
     "authority. When is our reply due?", "7 April and 9 April"),
    ("EIR request came 7 April, we asked for more detail on 9 April, detail came on 16 April. When must we reply?",
     "waits"),
    # The kind of case is not told.
    ("It reached us on 7 April and was passed to my team on 9 April. What is the deadline?", "Which time limit"),
    # The clock waits.
    ("FOI in 7 April. I rang him on 9 April, unsure which site he was after. Due date?", "waits"),
    ("FOI received 7 April, clarification sought 9 April, reminder 20 April, nothing back. Due date?", "waits"),
    ("On 14 April I wrote to ask for clarification of an FOI request received on 9 April. All I got, on 15 April, was "
     "an out of office. When is our answer due?", "waits"),
    ("No sign of the ID yet: we asked for it on 9 April. The SAR came on 7 April. When is it due?", "waits"),
    # Proof that nobody is said to have asked for.
    ("His SAR came in on 7 April and his ID arrived on 16 April. When is it due?", "7 April and 16 April"),
    # A case of another body, of which only the sending on is known.
    ("An FOI request was misdirected; a clerk in York had it on 7 April and gave it to our team on 9 April. Due date?",
     "7 April and 9 April"),
    ("The Treasury received an FOI request on 7 April and forwarded it to us on 14 April. When must we answer?",
     "arrived"),
]  # fmt: skip


def test_the_kind_of_case_that_was_asked_for_completes_the_question():
    question = "It reached us on 7 April, dated 2 April. What is the deadline?"
    assert "Which time limit" in clarifying_question(question, question)

    [(_, told)] = recognise_calculations("an FOI request", f"{question} an FOI request")

    assert (told["rule"], told["start"]) == ("foi_20wd", "7 April")


def test_whether_a_holiday_changes_a_deadline_asks_for_no_date():
    question = "We are in Truro. Does St Andrew's Day on 30 November affect our FOI deadlines, and does 2 January?"

    assert clarifying_question(question, question) == ""
    assert recognise_calculations(question, question) == []


def test_a_target_of_the_department_for_letters_is_counted():
    question = "An MP's letter came in on 7 April, dated 2 April. Our target is fifteen working days. When is it due?"

    [(_, told)] = recognise_calculations(question, question)

    assert (told["start"], told["working_days"]) == ("7 April", 15)


@pytest.mark.parametrize(("question", "part"), ASKED, ids=[question for question, _ in ASKED])
def test_where_two_days_or_none_could_be_meant_one_question_goes_back(question, part):
    assert part in clarifying_question(question, question)
    assert recognise_calculations(question, question) == []


SEVERAL = [
    ("An EIR request came on 7 April and an FOI request on 14 April. When are these due?",
     {("eir_20wd", "7 April"), ("foi_20wd", "14 April")}),
    ("We received one FOI request on 7 April and another, from a charity, on 14 April. When is each due?",
     {("foi_20wd", "7 April"), ("foi_20wd", "14 April")}),
    ("What are the deadlines for an EIR request received on 7 April and a data breach that we found on 14 April?",
     {("eir_20wd", "7 April"), ("personal_data_breach_72h", "14 April")}),
]  # fmt: skip


@pytest.mark.parametrize(("question", "limits"), SEVERAL, ids=[question for question, _ in SEVERAL])
def test_each_of_several_cases_gets_its_own_date(question, limits):
    assert {(told["rule"], told["start"]) for _, told in recognise_calculations(question, question)} == limits


@pytest.mark.parametrize(
    "question",
    [
        "Our office is in Belfast: does St Patrick's Day change the FOI date?",
        "A letter came in on a Saturday. Does that count as received on the Monday?",
        "Who signs the reply to the FOI request received on 7 April and chased on 20 April?",
        "We received an FOI request on 7 April and an EIR request on 14 April. Can we aggregate them?",
        "Draft an e-mail that says that the FOI request of 7 April, received 9 April, will be answered late.",
        "Can the time spent on searches on 7 April and 8 April count towards the FOI cost limit?",
        "Should the letters of 7 April and 14 April to the same campaigner be signed by one official?",
    ],
)
def test_without_a_request_for_a_date_nothing_is_computed_and_nothing_asked_back(question):
    assert recognise_calculations(question, question) == []
    assert clarifying_question(question, question) == ""


def test_a_question_of_one_day_names_no_others():
    question = "When is the reply due to an FOI request received on the first Monday in May 2026?"
    [(_, told)] = recognise_calculations(question, question)
    assert told == {"rule": "foi_20wd", "start": "the first Monday in May 2026"}


@pytest.mark.parametrize(
    ("text", "events"),
    [
        ("We received it on 7 April and asked for clarification on 9 April.", ["received", "asked back"]),
        ("It was sent to us on 7 April and reached us on 9 April.", ["submitted", "received"]),
        ("On 7 April she wrote, on 9 April her letter came.", ["sent", "received"]),
        ("The requester, who had our answer on 7 April, wants a review.", ["answered"]),
        ("It came on Thursday evening, 9 April.", ["received"]),
        ("Her answer of 7 April to our question arrived on 9 April.", ["dated", "asked back"]),
        ("The draft arrived on 7 April.", ["aside"]),
        ("It was not received on 7 April.", ["aside"]),
    ],
)
def test_a_day_belongs_to_who_did_what_in_its_clause(text, events):
    assert [each.event for each in Story(text).dated] == events


def test_signs_of_the_text_itself_are_no_days():
    question = "Case #12 (ref ##) is an FOI request received on 9 April and logged on 10 April. When is it due?"
    [(_, told)] = recognise_calculations(question, question)
    assert (told["start"], told["others"]) == ("9 April", ["10 April"])
