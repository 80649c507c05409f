"""Actions in a text: who is to do what by when. Each action quotes its own sentence.

The rules prefer precision to completeness. A sentence is an action if it has an action label, stands in a list of
actions, or gives a task to a particular person, team or office.
"""

import re
from dataclasses import dataclass

from humphrey.documents.model import Document
from humphrey.text.date_mentions import deadline_phrase
from humphrey.text.names import NAME, has_name_shape, people_mentioned
from humphrey.text.sentences import Span, sentences, words


@dataclass(frozen=True)
class Action:
    """One action with its quotation.

    Attributes:
        who: the owner as written; empty if the text names none.
        when: the deadline as written; empty if the text gives none.
        span: the sentence, which is quoted whole.
    """

    who: str
    when: str
    span: Span


_VERBS = re.compile(
    "add|advise|agree|amend|analyse|approve|arrange|ask|assess|attend|book|brief|bring|call|chase|check"
    "|circulate|clarify|clear|close|collate|collect|commission|complete|confirm|consult|contact|coordinate"
    "|create|decide|develop|discuss|distribute|do|draft|email|ensure|escalate|explore|feed|finalise|find|follow"
    "|forward|gather|get|give|hold|identify|inform|invite|investigate|issue|lead|let|liaise|look|make|meet"
    "|notify|obtain|organise|pass|pick|prepare|present|produce|propose|provide|publish|pull|put|raise"
    "|recirculate|record|recruit|remind|remove|reply|report|research|resolve|respond|return|review|revise|run"
    "|schedule|scope|seek|send|set|share|sign|speak|start|submit|supply|take|talk|tell|test|track|train|update"
    "|upload|verify|visit|work|write"
    "|buy|host|order|pay"
)
"""Verbs that make an action when a team or an office is the owner. A named person may be given any task."""


# Words that cannot be the verb of a task: they describe a state ("will be away") or go on with the phrase ("will
# also").
_STATES = (
    "be|been|have|not|never|become|remain|stay|seem|appear|know|like|want|need|hope|expect|benefit|receive|retire|leave|join"
    "|also|then|now|both|please|always|only|still|probably|no|say|mean|cost|come|depend|last|continue"
)


# The duty and its verb: "to send", "will draft", "has agreed to check", "were asked to report".
_DUTY = re.compile(
    r"\s+(?P<duty>to|will|shall|must|should|is to|are to|would|(?:(?:has|have|had) )?(?:agreed|undertaken|offered"
    r"|promised|volunteered) to|undertook to|(?:was|were|is|are) (?:asked|tasked|invited) to|needs? to|ha[sd] to)\s+"
    rf"(?:also |then |now |both |please )?(?!(?:{_STATES})\b)(?P<verb>[a-z]{{2,}})\b"
)


# A label before the action: "Action:", "AP 3 –", "**Action point 2.1**:".
_LABEL = re.compile(
    r"[*_]{0,2}(?:action(?: point| item)?s?|AP|to do)\b\s*\d{0,3}(?:\.\d{1,3})?\s*[*_]{0,2}\s*[:–—-]+[*_\s]*(?=\S)",
    re.IGNORECASE,
)


# A heading, or a line of its own, that announces actions: "Agreed actions", "Next steps", "To-do list".
_HEADS_ACTIONS = re.compile(
    r"[#*_\d.\s]*(?:(?:agreed |summary of |list of |new |open )?action(?:s| points?| items?| log| list)"
    r"(?: agreed| arising)?|next steps|to[- ]do(?: list)?)[*_\s:.]*",
    re.IGNORECASE,
)


_LIST_SIGN = re.compile(r"\s*(?:[-*•]|\(?\d{1,3}[.)]|\(?[a-z][.)])\s+")


# The owner first: "Priya: send the costs".
_OWNED = re.compile(r"(?P<who>[^:–—\n]{2,60}?)\s*(?::|–|—| - )\s*\S")


# The owner last: "Send the letter (Aisha)", "Book a room – owner: Tom".
_OWNER_LAST = re.compile(
    r"(?:[(\[]|–|—| - )\s*(?:(?:owner|lead|action)\s*:\s*)?(?P<who>[^()\[\]–—]{2,60})[)\]]?\.?\s*$"
)


_ASKED = re.compile(r"\b(?:asked|requested|invited|tasked)\s+$")


_AGREED = re.compile(r"\bagreed\s+(?:that\s+)?$", re.IGNORECASE)


# The borders of the clause that names the owner. A comma before "and" is no border, because it may join two owners; nor
# is the full stop of an initial.
_CLAUSE = re.compile(
    r"(?:(?<!\b[^\W\d_])\.|[;:!?()–—])\s+|,\s+(?!and\b)"
    r"|\b(?:asked|requested|invited|tasked|agreed that|agreed|that|and then)\s+"
)


_TEAM = re.compile(
    r"(?:the )?(?:[A-Z][\w&’'-]*|[a-z]{3,})(?: [a-z]{3,})? (?:team|unit|branch|division|secretariat|office|directorate)"
)


# An office or a body. An abbreviation such as "HMT" counts only in capitals, so the pattern turns off IGNORECASE there.
_BODY = re.compile(
    r"(?:the )?(?:(?:project|programme|policy|communications|finance|legal|deputy|permanent|press|private|joint) )?"
    r"(?:secretariat|chair|board|committee|manager|lead|office|director|secretary|clerk|treasurer|convenor|minister"
    r"|head of [a-z ]{3,30}|working group|steering group|all|everyone|(?:all )?members|finance|legal|policy"
    r"|communications|comms|analysts|estates|procurement|commercial|(?-i:[A-Z]{2,6}))",
    re.IGNORECASE,
)


_PERSONS = re.compile(rf"(?:the )?{NAME}")


# Readers write a table row as "column: value; column: value". The column headings say what each value is.
_CELL = re.compile(r"([^:;]{2,30}):\s*([^;]*)(?:;\s*|$)")


_COLUMNS = {
    "what": re.compile(r"actions?(?: points?| items?| required| agreed)?|tasks?|activity|what", re.IGNORECASE),
    "who": re.compile(r"(?:action )?owners?|leads?|who|responsib(?:le|ility)|assigned to|by whom", re.IGNORECASE),
    "when": re.compile(
        r"due(?: date| by)?|deadline|(?:by )?when|date(?: due)?|target(?: date)?|timescale", re.IGNORECASE
    ),
}


# With these duties a sentence usually states a rule ("departments must publish"), not an action.
_RULES = frozenset({"must", "should", "shall", "needs to", "need to", "has to", "had to", "would"})


# The owner is looked for in this many characters before the duty.
_WHO_CHARS = 90


def actions(document: Document) -> list[Action]:
    """Return the actions of a text, in order."""
    text, listed = document.text, _listed(document.text)
    known = frozenset(part for person in people_mentioned(text) for part in person.name.split())
    found: list[Action] = []
    for span in sentences(text):
        heads = any(heading.start <= span.start < heading.end for heading in document.headings)
        if heads or _HEADS_ACTIONS.fullmatch(span.of(text)) or len(words(span.of(text))) < 3:
            continue
        marked = span.start in listed
        if action := _action(span.of(text), span, known, marked=marked):
            found.append(action)
    return found


def _action(said: str, span: Span, known: frozenset[str], *, marked: bool) -> Action | None:
    if row := _row(said, span):
        return row
    label = _LABEL.match(said)
    own, marked = (said[label.end() :] if label else said), marked or bool(label)
    when = deadline_phrase(own)
    for duty in _DUTY.finditer(own):
        who = _doer(own[: duty.start()], duty, dated=bool(when), marked=marked)
        # A single capitalised word may be anything. A date makes a name likely; a full name elsewhere in the text makes
        # it certain.
        if who and (marked or when or " " in who or who in known):
            return Action(who, when, span)
    return Action(_named_apart(own), when or _day_last(own), span) if marked else None


def _doer(before: str, found: re.Match[str], *, dated: bool, marked: bool) -> str:
    """Return the owner named before the duty; empty if the words state a rule or name no owner."""
    duty = found["duty"]
    clause = _CLAUSE.split(before[-_WHO_CHARS:])[-1].strip(' "“*_')
    who = clause.removeprefix("and ").strip()
    person = bool(_PERSONS.fullmatch(who)) and has_name_shape(who.removeprefix("the "))
    if not (person or (_VERBS.fullmatch(found["verb"]) and _owners(who))):
        return ""
    asked = bool(_ASKED.search(before[: len(before) - len(clause)])) if clause else False
    agreed = bool(_AGREED.search(before.removesuffix(clause)))
    if marked or asked or agreed:
        return who
    # "Must" and "should" make an action only of a named person with a date. "Will" needs a person or a date; without
    # either it states a plan.
    if duty in _RULES:
        return who if person and dated else ""
    if duty == "will":
        return who if person or dated else ""
    # Notes write "Jo to send" at the start of a sentence. Further in, "to" belongs to another word.
    return who if duty != "to" or _opening(before) == who else ""


def _owners(who: str) -> bool:
    """Return whether words name one to four people, teams or offices."""
    parts = [part.strip() for part in re.split(r",| and | & |/", who) if part.strip()]
    return 0 < len(parts) <= 4 and all(
        has_name_shape(part) or _BODY.fullmatch(part) or _TEAM.fullmatch(part) for part in parts
    )


def _named_apart(own: str) -> str:
    """Return the owner before a colon or dash ("Priya: send the costs") or in brackets at the end; empty if none."""
    for shape in (_OWNED.match(own), _OWNER_LAST.search(own)):
        if shape:
            who = re.split(r",|\bby\b|\bdue\b", shape["who"])[0].strip(" *_")
            if _owners(who):
                return who
    return ""


def _day_last(own: str) -> str:
    tail = _OWNER_LAST.search(own)
    return deadline_phrase(f"by {tail['who'].rpartition(',')[2].strip()}") if tail else ""


def _row(said: str, span: Span) -> Action | None:
    """Return the action of a table row that has a column for the task and one for the owner or the date."""
    known: dict[str, str] = {}
    for name, value in _CELL.findall(said):
        for role, shape in _COLUMNS.items():
            if shape.fullmatch(name.strip()):
                known.setdefault(role, value.strip(" ."))
    if "what" in known and len(known) > 1:
        return Action(known.get("who", ""), known.get("when", ""), span)
    return None


def _opening(before: str) -> str:
    return re.sub(r"^[\s\"“*_•-]+", "", before).rstrip("*_ ")


def _listed(text: str) -> frozenset[int]:
    """Return where the items start that follow a heading or line announcing actions."""
    begins: set[int] = set()
    at, within = 0, False
    for line in text.splitlines(keepends=True):
        sign = _LIST_SIGN.match(line)
        if line.strip() and _HEADS_ACTIONS.fullmatch(line):
            within = True
        elif within and (sign or _named_apart(line)):
            begins.add(at + (sign.end() if sign else 0))
        elif line.strip():
            within = False
        at += len(line)
    return frozenset(begins)
