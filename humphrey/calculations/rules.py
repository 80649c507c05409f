"""Rules of the time limits that humphrey knows: purpose, starting event, way of counting and legal source of each.

A limit that cannot be computed is listed too, with the reason. Otherwise its absence could be read as "there is none".
`time_limit` does the counting.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

_FOI = "https://www.legislation.gov.uk/ukpga/2000/36"


_FOI_CODE = "https://www.gov.uk/government/publications/freedom-of-information-code-of-practice"


_EIR = "https://www.legislation.gov.uk/uksi/2004/3391"


_ACCESS = "https://ico.org.uk/for-organisations/uk-gdpr-guidance-and-resources/subject-access-requests/"


_ERSKINE_MAY = "https://erskinemay.parliament.uk/section/4934/questions-for-written-answer/"


_HABIT = "Practice of departments; your own rules go first"


@dataclass(frozen=True)
class Rule:
    """How one time limit is counted: in working days, months, days, hours or sitting days, or to a named day.

    Attributes:
        what: what is due, worded to fit into a sentence.
        starts: the event of day 0.
        source: the law or practice it comes from.
        address: where the source can be read; empty if no page has it.
        working_days: working days as the law defines them; `extended_working_days` with an extension.
        months: months to the corresponding date; `extended_months` with an extension.
        days: calendar days.
        hours: hours by the clock.
        sitting_days: days on which the House of Commons sits.
        named: the limit is a day that was named.
        beginning_with: the period includes its first day, so it ends a day before the corresponding date.
        anywhere: a bank holiday in any part of the UK is no working day.
        westminster: the bank holidays of England and Wales apply, wherever the department is.
        stops: the clock stands still between two days, which must be given.
        before: the limit is counted back to a day before the event.
        since: the first day on which a new rule applies.
        note: what else decides, in a sentence.
        extension: when the longer limit is allowed, in a sentence.
    """

    what: str
    starts: str
    source: str
    address: str = ""
    working_days: int = 0
    extended_working_days: int = 0
    months: int = 0
    extended_months: int = 0
    days: int = 0
    hours: int = 0
    sitting_days: int = 0
    named: bool = False
    beginning_with: bool = False
    anywhere: bool = False
    westminster: bool = False
    stops: bool = False
    before: bool = False
    since: date | None = None
    note: str = ""
    extension: str = ""


@dataclass(frozen=True)
class UncomputableLimit:
    """A time limit that cannot be computed: what is due, the reason, and its source."""

    what: str
    reason: str
    source: str


RULES: Mapping[str, Rule] = {
    "foi_20wd": Rule(
        "reply to a freedom of information request",
        "the request arrived",
        "Freedom of Information Act 2000, section 10(1) and (6)",
        _FOI,
        working_days=20,
        extended_working_days=40,
        anywhere=True,
        extension="The longer time is only for weighing the public interest; say so, with the exemption, within the "
        "first 20 working days.",
    ),
    "foi_clarification": Rule(
        "reply to a freedom of information request that was clarified",
        "the clarification arrived",
        "Freedom of Information Act 2000, sections 1(3) and 10(6)",
        _FOI,
        working_days=20,
        anywhere=True,
        note="The 20 working days begin anew when the clarification arrives.",
    ),
    "foi_fees_notice": Rule(
        "reply to a freedom of information request for which a fee was asked",
        "the request arrived",
        "Freedom of Information Act 2000, section 10(1), (2) and (6)",
        _FOI,
        working_days=20,
        anywhere=True,
        stops=True,
    ),
    "foi_fee_3_months": Rule(
        "fee that a fees notice asks for",
        "the fees notice was given",
        "Freedom of Information Act 2000, section 9(2)",
        _FOI,
        months=3,
        # Section 9(2) says "three months beginning with the day on which the fees notice is given".
        beginning_with=True,
        note="A request whose fee is not paid in that time need not be answered.",
    ),
    "foi_internal_review": Rule(
        "answer to a request for an internal review",
        "the request for a review arrived",
        "Code of practice under section 45 of the Freedom of Information Act 2000, part 5",
        _FOI_CODE,
        working_days=20,
        extended_working_days=40,
        anywhere=True,
        note="The code of practice asks for this; the Act sets no limit for a review.",
        extension="Up to 40 working days are for a complex review; tell the person that it will take longer.",
    ),
    "foi_review_window": Rule(
        "request for an internal review of a freedom of information reply",
        "the reply was given",
        "Code of practice under section 45 of the Freedom of Information Act 2000, part 5",
        _FOI_CODE,
        working_days=40,
        anywhere=True,
        note="A department need not take up a review that is asked for later.",
    ),
    "eir_20wd": Rule(
        "reply to a request for environmental information",
        "the request arrived",
        "Environmental Information Regulations 2004, regulations 5(2) and 7",
        _EIR,
        working_days=20,
        extended_working_days=40,
        anywhere=True,
        extension="The longer time is only for a request that is both complex and voluminous; tell the person within "
        "the first 20 working days.",
    ),
    "eir_clarification": Rule(
        "question back to the person who asked for environmental information too vaguely",
        "the request arrived",
        "Environmental Information Regulations 2004, regulation 9",
        _EIR,
        working_days=20,
        anywhere=True,
    ),
    "eir_review_window": Rule(
        "request to reconsider a decision about environmental information",
        "the decision was given",
        "Environmental Information Regulations 2004, regulation 11",
        _EIR,
        working_days=40,
        anywhere=True,
    ),
    "eir_internal_review": Rule(
        "decision on a request to reconsider, for environmental information",
        "the request to reconsider arrived",
        "Environmental Information Regulations 2004, regulation 11",
        _EIR,
        working_days=40,
        anywhere=True,
    ),
    "sar_one_month": Rule(
        "reply to a subject access request",
        "the request, or what was needed to answer it, arrived",
        "UK GDPR, article 12A",
        _ACCESS,
        months=1,
        extended_months=3,
        note="The month starts on the latest of three days: when the request came, when proof of identity that was "
        "rightly asked for came, and when any fee came.",
        extension="The longer time is only for a complex request or for several requests; tell the person within the "
        "first month.",
    ),
    "dp_complaint_30d": Rule(
        "acknowledgement of a data protection complaint",
        "the complaint arrived",
        "Data Protection Act 2018, section 164A",
        "https://www.legislation.gov.uk/ukpga/2018/12",
        days=30,
        since=date(2026, 6, 19),
        note="The answer itself follows without undue delay.",
    ),
    "personal_data_breach_72h": Rule(
        "report of a personal data breach to the regulator",
        "the department became aware of the breach",
        "UK GDPR, article 33",
        "https://ico.org.uk/for-organisations/report-a-breach/",
        hours=72,
        note="Report without undue delay, and in this time where that is feasible. Weekends and bank holidays count.",
    ),
    "pq_commons_ordinary": Rule(
        "answer to an ordinary written question of the House of Commons",
        "the question was tabled",
        "Erskine May, paragraph 22.4",
        _ERSKINE_MAY,
        sitting_days=5,
        note="The House expects an answer within a working week, taken as 5 sitting days.",
    ),
    "pq_commons_named_day": Rule(
        "answer to a named day question of the House of Commons",
        "the member named as the day of the answer",
        "Erskine May, paragraph 22.4",
        _ERSKINE_MAY,
        named=True,
        note="A holding answer may be given on the day, but the full answer is still owed.",
    ),
    "pq_lords_written": Rule(
        "answer to a written question of the House of Lords",
        "the question was tabled",
        "Practice of the House of Lords for questions for written answer",
        "https://www.gov.uk/government/publications/guide-to-parliamentary-work/guide-to-parliamentary-work-html",
        working_days=10,
        westminster=True,
        note="House of Lords Business prints the day each question is due; go by that where it differs.",
    ),
    "correspondence_20wd": Rule(
        "reply to a letter from a member of either House or the public",
        "the letter arrived",
        "The civil service's target for correspondence",
        "https://www.gov.uk/government/publications/handling-correspondence-from-members-of-parliament-meps-and-peers",
        working_days=20,
        note="This is the most that departments allow themselves; many set 15 working days or fewer.",
    ),
    "gov_response_12w": Rule(
        "government response to a consultation",
        "the consultation closed",
        "Consultation principles",
        "https://www.gov.uk/government/publications/consultation-principles-guidance",
        # 12 weeks.
        days=84,
        note="Explain why where it cannot be published by then.",
    ),
    "event_minus_days": Rule("draft for an event", "the event takes place", _HABIT, before=True),
    "wms_notice": Rule(
        "notice of a written ministerial statement",
        "the statement is made",
        "Practice of departments with their parliamentary branch",
        working_days=1,
        before=True,
        westminster=True,
        note="The parliamentary branch may still give notice on the day itself, and only on a day the House sits.",
    ),
    "leaving_date": Rule(
        "handover note",
        "the last working day of the person who leaves",
        _HABIT,
        working_days=1,
        before=True,
    ),
    "readout_same_day": Rule("readout of a meeting", "the meeting took place", _HABIT, working_days=1),
}
"""Every time limit that can be computed, by the id that papers and tools use."""


UNCOMPUTABLE: Mapping[str, UncomputableLimit] = {
    "consultation_close": UncomputableLimit(
        "closing of a consultation",
        "no law sets a shortest length; be proportionate. 12 weeks are still common for large proposals, and 6 weeks "
        "are what a committee of the Lords asked for at least",
        "Consultation principles",
    ),
    "pre_election": UncomputableLimit(
        "start of the time of special care before an election",
        "it is announced before each election: about 3 weeks before polling day for local elections, about 6 weeks for "
        "the devolved legislatures, and from the day announced for a general election",
        "Guidance on conduct given out before each election",
    ),
    "dept_clearance": UncomputableLimit(
        "clearance of a submission or briefing",
        "it is set by the department, commonly 3 to 10 working days",
        _HABIT,
    ),
    "minutes_local": UncomputableLimit(
        "draft of the minutes of a meeting", "it is set by the department, commonly 2 to 5 working days", _HABIT
    ),
    "before_commitment": UncomputableLimit(
        "advice or approval for spending", "it has to be there before money is committed", "Managing Public Money"
    ),
    "before_processing": UncomputableLimit(
        "assessment of data protection", "it has to be there before personal data is processed", "UK GDPR, article 35"
    ),
    "before_decision": UncomputableLimit(
        "consideration of equality",
        "it has to be there before the decision, and be kept in mind when deciding",
        "Equality Act 2010, section 149",
    ),
    "dept_policy": UncomputableLimit("claims and entries in registers", "it is set by the department", _HABIT),
    "none": UncomputableLimit("papers of the office's own", "there is no limit from outside", _HABIT),
}
"""Every time limit that cannot be computed, by id."""
