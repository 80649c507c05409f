"""Cues of a question: the patterns that tell its time limit, what it asks about it, and what happened on a day.

This module only matches wording. The module that recognises calculation requests decides what a match means.
"""

import re
from collections.abc import Callable, Mapping, Sequence

CueSearch = Callable[[str], re.Match[str] | None]
"""Searches a text for its patterns; returns the first match or None."""


def cue(*alternatives: str) -> CueSearch:
    """Return a search for the first match of some patterns, in upper or lower case."""
    return re.compile("|".join(alternatives), re.IGNORECASE | re.DOTALL).search


def _both(*patterns: str) -> str:
    # Anchored at the start: otherwise a long text would be scanned again from each of its letters.
    return r"\A" + "".join(f"(?=.*(?:{pattern}))" for pattern in patterns)


_FOI = r"\bfreedom of information\b|\bFOIA?s?\b"


_EIR = r"\benvironmental information\b|\bEIRs?\b"


# A letter from one of these senders is not correspondence that the department has to answer.
_NO_LETTER_OF_OURS = (
    r"(?!.*\bfrom (?:HMRC|DWP|HM Courts|(?:the|my|our|a) (?:court|council|bank|landlord|employer|hospital|GP)))"
)


SUBJECTS: Sequence[tuple[str, CueSearch]] = (
    (
        "breach",
        cue(
            r"\bdata breach",
            r"\bbreach of (?:personal )?data\b",
            r"\bbreach\b.*\b(?:report\w*|notif\w*|ICO|regulator|information commissioner)\b",
            r"\b72[- ]hours?\b",
            _both(
                r"\b(?:ICO|information commissioner)\b",
                r"\b(?:tell|told|report\w*|notif\w+)\b",
                r"\b(?:personal data|papers|lost|stolen|hack\w*|mailing|wrong|laptop|files?|bag|USB)\b",
            ),
            _both(
                r"\b(?:report\w*|notif\w+)\b",
                r"\b(?:case (?:file|notes|papers)|HR records|letters|records)\b",
                r"\b(?:lost|stolen|missing|left|old addresses|had been sent to)\b",
            ),
            _both(
                r"\bpersonal data\b",
                r"\b(?:lost|stolen|fell|left|leaked|published|wrong|hack\w*|got in|by mistake|astray)\b",
                r"\b(?:report\w*|deadline|notif\w+)\b",
            ),
        ),
    ),
    (
        "complaint",
        cue(
            r"\bdata protection complaint",
            r"\bcomplain\w* about (?:how we \w+ (?:\w+ )?)?(?:\w+ )?(?:personal )?data\b",
        ),
    ),
    ("access", cue(r"\bsubject access\b", r"\bD?SARs?\b", r"\bright of access request",
            r"\basked (?:\w+ )*for (?:(?:a copy|all) of )?(?:his|her|their|all) (?:\w+ )?personal data\b")),
    ("fees", cue(r"\bfees? notice")),
    ("eir review", cue(_both(_EIR, r"\binternal review|\breconsider|\brepresentations?\b"))),
    (
        "review",
        cue(
            r"\binternal review",
            _both(
                _FOI, r"\b(?:ask|asks|asked|asking|request|requested|wants?|sought) (?:us )?for (?:an? |the )?review\b"
            ),
            _both(_FOI, r"\breview (?:was |has been |is )?(?:requested|asked for|sought)\b"),
            _both(_FOI, r"\b(?:requested|wants|sought) (?:an? |the )?review\b|\breview (?:is |be )?(?:due|answered)\b"),
        ),
    ),
    ("eir", cue(_EIR)),
    ("clarified", cue(_both(_FOI, r"\bclarif"))),
    ("foi", cue(_FOI)),
    (
        "lords",
        cue(
            r"\b(?:lords?|lady|baroness|viscount|peers?)\b.*\b(?:questions?|PQs?)\b|\bHLWQ",
            r"\bquestions?\b.*\b(?:lords?|peers?)\b",
            r"\bHL\d{3,}\b",
            r"\bQWAs?\b",
        ),
    ),
    ("named day", cue(r"\bnamed[- ]day\b")),
    (
        "commons",
        cue(
            r"\b(?:commons|ordinary)\b.*\b(?:questions?|PQs?)\b",
            r"\b(?:questions?|PQs?)\b.*\bcommons\b",
        ),
    ),
    ("question", cue(r"\bPQs?\b", r"\bparliamentary question", r"\bwritten question")),
    (
        "consultation",
        cue(_both(r"\bconsultation\b", r"\b(?:clos(?:e|ed|es|ing)|ended|ends)\b", r"\b(?:respon[ds]|publish|government)")),
    ),
    ("statement", cue(r"\bwritten (?:ministerial )?statement", r"\bWMS\b")),
    ("readout", cue(r"\bread-?outs?\b")),
    ("handover", cue(r"\bhandover (?:note|document)")),
    (
        "event",
        cue(_both(r"\b\w+ working days? (?:before|ahead)\b", r"\b(?:briefing|speech|draft|brief|Q&A|q and a)\b")),
    ),
    (
        "letter",
        cue(
            _both(
                r"\b(?:letters?|correspondence|treat[- ]officials?|written to us|constituent's case)\b"
                r"|\bMP(?:'s)? (?:case|ltr)\b"
                r"|\bMP\b[^.?!]{0,40}\b(?:e-?mailed|wrote|written)\b"
                r"|\bwrote (?:in|to (?:us|the minister|our minister))\b"
            )
            + _NO_LETTER_OF_OURS
        ),
    ),
)
"""The subjects of questions. The first match counts, so the more specific ones come first."""


RULE_OF: Mapping[str, str] = {
    "breach": "personal_data_breach_72h",
    "complaint": "dp_complaint_30d",
    "access": "sar_one_month",
    "fees": "foi_fees_notice",
    "eir review": "eir_internal_review",
    "review": "foi_internal_review",
    "eir": "eir_20wd",
    "clarified": "foi_clarification",
    "foi": "foi_20wd",
    "lords": "pq_lords_written",
    "named day": "pq_commons_named_day",
    "commons": "pq_commons_ordinary",
    "consultation": "gov_response_12w",
    "statement": "wms_notice",
    "readout": "readout_same_day",
    "handover": "leaving_date",
    "event": "event_minus_days",
    "letter": "correspondence_20wd",
}
"""The rule of each subject; a parliamentary question without a named House has none.

The rules and their sources in law and guidance are in `humphrey.calculations.rules`.
"""


# "Due to" names a cause, not a date.
MAY_ASK_FOR_DATE = cue(
    r"\bdates? for (?:both|each|all|our|the|my|its)\b|\bdo the dates\b|\bdeadlines for\b|\blatest (?:time|day|date)\b",
    r"\bwhat would\b[^.?!]*\bdate be\b|\bwhen does [^.?!]*\bend\b|\bgive me (?:a|the) (?:due |last )?date\b",
    r"\bwhen the month is up\b|\bwhen (?:must|do|should) (?:we|I) (?:need to |have to )?(?:report|notify)\b",
    r"\bwhat(?:'s| is) (?:the|our|my|its) (?:\w+ )?(?:date|day)\b|\b(?:last|final|due|target) (?:days|dates)\b",
    r"\bdate for (?:our|the|my|its) \w+|\bdo the dates\b|\bneeds? (?:two|three|both|a due) dates?\b",
    r"\b72[- ]hours?\b|\bwhen [^.?!]*\bneeds? to be (?:answered|replied|sent)\b",
    r"\bhow (?:long|far|soon|quickly|many (?:working |business )?days)\b",
    r"\bdeadlines?\b|\bdue\b(?! to\b)|\bby (?:when|what|which)\b|\b(?:until|till) when\b|\btime limits?\b|\blatest\b",
    r"\b(?:last|final|closing|target|statutory|reply|response|answer) (?:day|date)\b|\bdate for (?:reply|answer)",
    r"\b(?:what|which) (?:date|day)\b|\bwhen(?:'s|\?)|\b(?:what|how) (?:if|about)\b|\b(?:and|or) if\b",
    r"\bwhen (?:must|do|does|should|is|are|will|would|can|could|has|have|shall|did|we|the|need)\b",
    r"\b(?:answer|reply|respond|back) by\s*\??$|\bneed (?:a|the) date\b",
    r"\b(?:work out|calculate|compute)\b",
    r"\b(?:is|are|am|was|were|will|would|how) [^.?!]*\b(?:overdue|late|in time|on time)\b[^.?!]*\?",
)
"""A question that may ask for a date, if it also names a day."""


ASKS_FOR_DATE = cue(
    r"\bdates? for (?:both|each|all|our|the|my|its)\b|\bdo the dates\b|\bdeadlines for\b|\blatest (?:time|day|date)\b",
    r"\bwhat would\b[^.?!]*\bdate be\b|\bwhen does [^.?!]*\bend\b|\bgive me (?:a|the) (?:due |last )?date\b",
    r"\bwhen the month is up\b|\bwhen (?:must|do|should) (?:we|I) (?:need to |have to )?(?:report|notify)\b",
    r"\bdeadline\b|\bdue\b(?! to\b)|\bby (?:when|what|which)\b|\b(?:what|which) (?:date|day)\b",
    r"\b(?:work out|calculate)\b",
    r"\bwhen(?:'s| is| are| was)?\b[^.?!]*\b(?:expire|run out|end)\b",
    r"\b(?:last|final|latest|target|statutory|exact) (?:day|date)\b",
    r"\bwhen (?:must|do|does|should|will|would) (?:we|I|it|the|my|our)\b",
    r"\bwhat(?:'s| is) (?:the|our|my|its) (?:\w+ )?(?:date|day)\b|\b(?:last|final|due|target) (?:days|dates)\b",
    r"\bdate for (?:our|the|my|its) \w+|\bdo the dates\b|\bneeds? (?:a|the|two|three|both) (?:due )?dates?\b",
    r"\b72[- ]hours?\b[^.?!]*\b(?:limit|deadline|run out|end|expire)|\bhow (?:long|many days) (?:have|do|has) (?:we|I)\b",
    r"\bwhen [^.?!]*\bneeds? to be (?:answered|replied|sent)\b|\bwhen(?:'s| are| is) [^.?!]*\bdue\b",
)
"""A question that asks for a date and nothing else."""


ONE_CASE = cue(
    r"\b(?:this|my|our|(?:reply|response|answer|respond)(?:ing)? to the|answer the)\s+(?:\w+\s+){0,3}"
    r"(?:requests?|letter|question|complaint|SAR|FOI|EIR|PQ|breach|case|consultation|review)\b",
    r"\b(?:we|I|they)(?:'ve| have| just)*\s+(?:received|got|had|been sent)\b|\bI(?:'ve| have) (?:an?|this)\b",
    r"\b(?:came|come) in\b|\bhas (?:just )?(?:arrived|come|been)\b|\bthat (?:came|arrived)\b",
    r"\b(?:was|were) (?:received|tabled|sent)\b|\bjust (?:arrived|received|tabled|landed)\b",
    r"\b(?:request|letter|question|SAR) (?:arrived|landed|reached)\b",
)
"""A question about one actual case, not about cases in general."""


# A request that is "not complex" keeps the shorter limit.
EXTENDED = cue(
    r"\bextend|\bextension\b|(?<!not )(?<!nor )(?<!n't )\bcomplex\b|\bvoluminous\b|\bpublic interest\b",
    r"\btwo further months\b|\b(?:40|forty) working days\b|\b(?:three|3) months\b",
)
"""A reason for, or a mention of, the longer limit."""


DIVISIONS: Sequence[tuple[str, CueSearch]] = (
    ("scotland", cue(r"\bscotland\b|\bscottish\b|\bedinburgh\b|\bglasgow\b")),
    ("northern-ireland", cue(r"\bnorthern ireland\b|\bnorthern irish\b|\bbelfast\b")),
    ("england-and-wales", cue(r"\bengland\b|\bwales\b|\benglish\b|\bwelsh\b|\blondon\b|\bcardiff\b")),
)
"""The nation whose bank holidays count."""


REVIEW_WINDOW = cue(
    r"\b(?:requester|applicant|they|she|he|someone|person|people|complainant)\b"
    r"[^.?!]*\b(?:ask|request|seek|appeal|complain)\b",
    r"\b(?:to|can|could|may) (?:still )?(?:ask|request|seek) (?:for )?an? (?:internal )?review\b",
)
"""A question about how long a person may ask for a review, not how long the answer may take."""


ANSWERED_BY_US = cue(
    r"\brepl(?:y|ies|ied)\b|\brespon[ds]|\banswer|\bdue\b(?! to\b)|\bdeadline|\btarget\b|\blate\b|\boverdue\b"
)


TASK = cue(r"^\W*(?:please |(?:can|could|would) you (?:please )?)?(?:draft|write|summari[sz]e|re-?write|reword|prepare)\b")
"""An order to write something, which asks for no date."""


QUESTION_ITSELF = cue(r"\bto ask (?:the|his|her)\b")


OUR_ANSWER = cue(r"\b(?:we|us|our)\b[^.?!]*\b(?:answer|reply|respond)")


ASK_BACK = cue(r"\bask\w* for (?:clarif|more detail)")


REPLY = cue(r"\b(?:reply|answer|respond|response|request (?:due|be answered))\b")


"""Cues from `ANSWERED_BY_US` on: which limit of a subject is meant, or whether any is."""


BETWEEN = cue(r"\b(?:how many|number of) (?:working |business )?days\b[^.?!]*\b(?:between|from)\b")


HOUR = cue(r"\b(?:at|around|about) (\d{1,2}[:.]\d{2} ?(?:am|pm)?|\d{1,2} ?(?:am|pm)|noon|midday|midnight)\b")


COUNTED_BACK = cue(r"\b(\w+) working days? (?:before|ahead)\b")


SEVERAL_CASES = cue(
    r"\bwhen are (?:they|these|those)\b|\b(?:second|third|other) (?:\w+ )?(?:request|letter|SAR|FOI|question)\b|\b(?:replies|answers) due\b",
    r"\b(?:another|a second|the second|the other|the third)\b|\b(?:each|both|respectively)\b",
    r"\b(?:last|due|final|target) (?:days|dates)\b|\bdeadlines\b|\b(?:the|two|three) dates\b",
    r"\b(?:two|three|four|several) (?:\w+ ){0,3}"
    r"(?:requests|letters|questions|SARs|FOIs|PQs|cases|complaints|reviews)\b",
)
"""A question about more than one case, each with its own day."""


# Words that say that the day of the arrival, or of becoming aware, is not known.
START_UNKNOWN = cue(
    r"\beither\b[^.?!]* or\b|\b(?:may|might|could) (?:well )?have (?:been|come|arrived)\b|\bI think\b|\bprobably\b|\bmaybe\b",
    r"(?:\b(?:no|not|nobody|no one|never|nothing)|n't)\b[^.?!]{0,40}"
    r"\b(?:record\w*|told|know\w*|note\w*|writ\w+|clear|sure)\b[^.?!]{0,30}\b(?:when|day|date|which)\b",
    r"\b(?:no|without) (?:a )?(?:record|note|date stamp)\b[^.?!]{0,30}\b(?:when|arriv|receiv|receipt)",
    r"\bnothing in writing\b|\bis(?: not|n't) (?:clear|certain)\b|\b(?:un|not )sure (?:when|which|whether)\b",
)
"""A question that says that nobody knows when it arrived: no day in it starts the clock."""


HANDED_ON = cue(
    r"\b(?:sent|passed|moved) (?:it|this|them) (?:on|across|over)\b|\bforwarded\b|\bpassed (?:\w+ )?(?:to )?us\b|\btransferred\b",
    r"\bredirected\b",
    r"\bto the wrong (?:department|office|team)\b",
)
"""A case that another body received first."""


OTHER_BODY = re.compile(
    r"\b(?!FOIA?|EIR|D?SAR|ICO|HLWQ|IR\b|PQ|MP)(?:[A-Z]{3,}|[Dd]efra|[Oo]fsted|[A-Z]\w+ (?:Office|Agency|Council|Trust))\b"
    r"|\b(?:Treasury|Ministry|Department for)\b|\b(?:another|other|wrong) (?:department|body|office|team|authority)\b"
).search
"""Another public body."""


AT_US = cue(r"\b(?:us|we|here|our)\b")
"""Words near a day that say that something came to the department itself."""


UNCLEAR = cue(
    r"\bon hold\b|\bwaiting for (?:\w+ )+to (?:say|tell|explain|clarify)\b|\bcould(?: not|n't) be understood\b",
)
"""A request that was not understood at first: its clock may wait, or begin anew."""


NEVER_ASKED = cue(r"\bnever (?:sent|asked)\b|\bdid(?: not|n['’]t) (?:ask|send)\b|\bdecided (?:not|against)\b")
"""A question back that was thought of and not put."""


ANOTHER_CASE = cue(
    r"\b(?:new|fresh|further|different|earlier|later|previous),? (?:\w+ )?(?:requests?|letters?|SARs?|FOIs?|one)\b"
)
"""A question that names another case than the one that it asks about."""


CLARITY = cue(r"\bclarif\w+|\bnarrow\w*")
"""Words of a question back to the requester, or of its answer."""


PROOF = cue(r"\b(?:ID|identity|identification|passport|driving licence)\b|\bproof of \w+")
"""Proof of who a person is, which a subject access request may need before its month begins."""


PROOF_SETTLED = cue(
    r"(?:\bnot|n['’]t|\bno|\bwithout)(?: \w+){0,2} (?:need|requir|ask|check|doubt)\w*\b",
    r"\b(?:identity|ID)(?: \w+){0,2} (?:known|certain|clear|confirmed|settled|not (?:in|needed|required|an issue))\b",
    r"\bknow (?:him|her|them|who|the person)\b|\bsatisfied\b",
)
"""Words that say that no proof was needed."""
