"""Rules that reword a sentence and keep it right, as a good model does.

Every rule keeps the meaning. None was chosen by what the checks tolerate, and they share no list with them.
"""

import random
import re
from collections.abc import Callable, Sequence

_SAME: Sequence[tuple[str, tuple[str, ...]]] = (
    (r"you must", ("you need to", "you have to", "you are required to")),
    (r"you need to", ("you must", "you have to")),
    (r"you(?:’ll| will) need to", ("you will have to", "you must")),
    (r"you can", ("you are able to", "you may")),
    (r"you cannot", ("you are not able to", "you are not allowed to", "you can’t")),
    (r"do not need to", ("do not have to", "need not")),
    (r"do not have to", ("do not need to", "need not")),
    (r"must not", ("are not allowed to", "cannot")),
    (r"get help", ("receive help", "obtain support")),
    (r"help", ("support", "assist")),
    (r"tell", ("inform", "let")),
    (r"ask", ("request",)),
    (r"buy", ("purchase",)),
    (r"start", ("begin",)),
    (r"starts", ("begins",)),
    (r"money", ("funds",)),
    (r"usually", ("normally", "generally")),
    (r"also", ("additionally",)),
    (r"for example", ("for instance", "such as")),
    (r"about", ("concerning", "regarding")),
    (r"within", ("inside",)),
    (r"at least", ("no less than", "a minimum of")),
    (r"more than", ("over", "above")),
    (r"over", ("more than",)),
    (r"up to", ("as much as", "no more than", "a maximum of")),
    (r"contact", ("get in touch with",)),
    (r"apply for", ("make an application for",)),
    (r"change", ("alter",)),
    (r"extra", ("additional",)),
    (r"because", ("since", "as")),
    (r"before", ("prior to",)),
    (r"after", ("following",)),
    (r"if", ("where", "provided that")),
    (r"children", ("kids",)),
    (r"get", ("receive", "be given")),
    (r"show", ("demonstrate",)),
    (r"job", ("post", "employment")),
    (r"home", ("house",)),
    (r"choose", ("select", "pick")),
    (r"send", ("submit",)),
    (r"needed", ("required",)),
    (r"as soon as", ("once",)),
    (r"each", ("every",)),
    (r"unless", ("except if",)),
    (r"depends on", ("is dependent on", "will vary with")),
    (r"entitled to", ("eligible for",)),
    (r"eligible for", ("entitled to",)),
    (r"find out", ("learn", "discover")),
    (r"complete", ("fill in",)),
    (r"only", ("solely",)),
)


_CONTRACTIONS = (
    ("you are", "you’re"),
    ("you will", "you’ll"),
    ("you have", "you’ve"),
    ("do not", "don’t"),
    ("does not", "doesn’t"),
    ("is not", "isn’t"),
    ("are not", "aren’t"),
    ("will not", "won’t"),
    ("cannot", "can’t"),
    ("it is", "it’s"),
    ("they are", "they’re"),
    ("they will", "they’ll"),
    ("should not", "shouldn’t"),
    ("have not", "haven’t"),
)


_SMALL = ("zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve")


_MONTHS = (
    *("January", "February", "March", "April", "May", "June"),
    *("July", "August", "September", "October", "November", "December"),
)


_DATE = re.compile(rf"\b(\d{{1,2}}) ({'|'.join(_MONTHS)}) (\d{{4}})\b")


_FRONTED = re.compile(r"^(If|When|Once|Unless|Until|Before|After|Where) ([^,;:()]+), ([^;:()]+)\.$")


_TRAILING = re.compile(r"^([^,;:()]+) (if|when|once|unless|until|before|after) ([^,;:()]+)\.$")


_BRACKETS = re.compile(r" \([^()]*\)")


_EXAMPLES = re.compile(r"(?:,| -| –)? (?:for example|such as|including) [^.;,]*(?=\.$)")


_PASSIVE = {
    "give": "given",
    "pay": "paid",
    "tell": "told",
    "ask": "asked",
    "send": "sent",
    "contact": "contacted",
    "check": "checked",
    "make": "made",
    "use": "used",
    "complete": "completed",
    "report": "reported",
    "provide": "provided",
    "take": "taken",
    "keep": "kept",
    "return": "returned",
    "consider": "considered",
    "decide": "decided",
    "review": "reviewed",
    "charge": "charged",
    "stop": "stopped",
    "write": "written",
    "change": "changed",
    "claim": "claimed",
    "sign": "signed",
    "notify": "notified",
    "refuse": "refused",
    "cancel": "cancelled",
}


_ACTIVE = re.compile(
    rf"\b((?:[Yy]our|[Tt]he|[Aa]) [a-z]+(?: [a-z]+)?|You|you|HMRC|They|they|We|we) "
    rf"(must|should|may|can|will|could) ({'|'.join(_PASSIVE)}) "
    r"((?:your|the|a|an|any|all) (?:[a-z]+ )?(?!up|out|off|back)[a-z]+|you)"
    r"(?=\.| (?:if|when|within|by|before|after|to|for|in)\b)"
)


_OPENERS = {
    *(
        "You",
        "If",
        "The",
        "A",
        "An",
        "Your",
        "They",
        "It",
        "This",
        "When",
        "We",
        "There",
        "In",
        "For",
        "Some",
        "He",
        "She",
    ),
    *(
        "Most",
        "All",
        "These",
        "Any",
        "Anyone",
        "Where",
        "Every",
        "Each",
        "Provided",
        "Once",
        "Unless",
        "After",
        "Before",
    ),
}


_AGENTS = {"they": "them", "we": "us"}


Reword = Callable[[str, str, random.Random], str | None]


def synonym(sentence: str, _following: str, rng: random.Random) -> str | None:
    """Replace an expression by another."""
    found = [(place, said) for pattern, said in _SAME for place in [_plain(pattern, sentence)] if place]
    if not found:
        return None
    place, said = rng.choice(found)
    new = rng.choice(said)
    if (place[0].lower(), new) in {("tell", "let"), ("help", "assist")}:
        return None
    new = new[0].upper() + new[1:] if place[0][0].isupper() else new
    return sentence[: place.start()] + new + sentence[place.end() :]


def contraction(sentence: str, _following: str, rng: random.Random) -> str | None:
    """Write out short forms, or shorten long ones."""
    pairs = [*_CONTRACTIONS, *((short, long) for long, short in _CONTRACTIONS)]
    found = [(old, new) for old, new in pairs if re.search(rf"\b{old}\b", sentence, re.IGNORECASE)]
    if not found:
        return None
    old, new = rng.choice(found)
    return _capital(re.sub(rf"\b{old}\b", new, sentence, flags=re.IGNORECASE))


def notation(sentence: str, _following: str, rng: random.Random) -> str | None:
    """Write the same number or date in another way."""
    ways = [way for way in (_spelled, _in_digits, _date, _percent, _ungrouped) if way(sentence, rng) != sentence]
    return rng.choice(ways)(sentence, rng) if ways else None


def clause_order(sentence: str, _following: str, _rng: random.Random) -> str | None:
    """Move a condition behind its main clause, or before it."""
    if found := _FRONTED.match(sentence):
        return _capital(f"{found[3]} {found[1].lower()} {found[2]}.")
    if found := _TRAILING.match(sentence):
        main = found[1] if found[1].split()[0].isupper() else found[1][0].lower() + found[1][1:]
        return f"{found[2].capitalize()} {found[3]}, {main}."
    return None


def voice(sentence: str, _following: str, _rng: random.Random) -> str | None:
    """Make the active voice passive."""
    found = _ACTIVE.search(sentence)
    if found is None:
        return None
    agent, modal, verb, thing = found.groups()
    agent = _AGENTS.get(agent.lower(), agent if agent.isupper() else agent[0].lower() + agent[1:])
    said = f"{thing} {modal} be {_PASSIVE[verb]} by {agent}"
    return _capital(sentence[: found.start()] + said + sentence[found.end() :])


def opening(sentence: str, _following: str, rng: random.Random) -> str | None:
    """Put a few empty words in front."""
    first = re.split("[ ,’']", sentence)[0]
    if first not in _OPENERS and not first.isupper():
        return None
    rest = _lower(sentence)
    return rng.choice(("The guidance says that ", "In short, ", "Yes: ", "Note that ", "In this case, ")) + rest


def third_person(sentence: str, _following: str, _rng: random.Random) -> str | None:
    """Speak about people instead of to the reader; only before verbs that do not change with it."""
    if not re.match(r"You (?:must|may|can|should|cannot|need|have|get|will)\b", sentence):
        return None
    swapped = re.sub(r"^You\b(?!’)", "People", sentence)
    for old, new in (("yourself", "themselves"), ("your", "their"), ("you", "they")):
        swapped = re.sub(rf"\b{old}\b", new, swapped)
    return swapped


def told(sentence: str, _following: str, rng: random.Random) -> str | None:
    """Turn advice in the imperative into advice to the reader."""
    if not re.match(r"(?:Tell|Contact|Ask|Send|Check|Use|Apply|Write|Call|Complete|Keep|Read) [a-z]", sentence):
        return None
    return rng.choice(("You should ", "You need to ", "Please ")) + sentence[0].lower() + sentence[1:]


def joined(sentence: str, following: str, rng: random.Random) -> str | None:
    """Join two neighbouring sentences."""
    if not following:
        return None
    return sentence.rstrip(".") + rng.choice(("; ", ", and ", ", while ")) + _lower(following)


def shortened(sentence: str, _following: str, _rng: random.Random) -> str | None:
    """Leave out brackets and examples."""
    short = _EXAMPLES.sub("", _BRACKETS.sub("", sentence))
    return short if short != sentence and len(short.split()) >= 5 else None


LIGHT: dict[str, Reword] = {
    "synonym": synonym,
    "contraction": contraction,
    "notation": notation,
    "clause order": clause_order,
    "voice": voice,
    "opening": opening,
    "third person": third_person,
    "told": told,
}
"""Every light way of rewording."""


COMPRESSING: dict[str, Reword] = {"joined": joined, "shortened": shortened}
"""Every way of using fewer sentences or words."""


def _plain(pattern: str, sentence: str) -> re.Match[str] | None:
    """Yield the places of an expression as common words: in small letters, or first in the sentence."""
    found = re.finditer(rf"\b{pattern}\b(?![’'])", sentence, re.IGNORECASE)
    return next((each for each in found if each.start() == 0 or each[0].islower()), None)


def _spelled(sentence: str, _rng: random.Random) -> str:
    return re.sub(
        r"(?<![£\d.,/:-])\b([1-9]|1[0-2])\b(?![\d.,:%/-]|th|st| (?:January|February|March|April|May|June|July|August"
        r"|September|October|November|December))(?= [a-z])",
        lambda found: _SMALL[int(found[1])],
        sentence,
    )


def _in_digits(sentence: str, _rng: random.Random) -> str:
    return re.sub(
        rf"\b({'|'.join(_SMALL[2:])})\b(?= [a-z])", lambda found: str(_SMALL.index(found[1].lower())), sentence
    )


def _date(sentence: str, rng: random.Random) -> str:
    ways: Sequence[Callable[[int, int, str], str]] = (
        lambda day, month, year: f"{day}/{month}/{year}",
        lambda day, month, year: f"{year}-{month:02}-{day:02}",
        lambda day, month, year: f"{_MONTHS[month - 1]} {day}, {year}",
        lambda day, month, year: f"{day} {_MONTHS[month - 1][:3]} {year}",
    )
    way = rng.choice(ways)
    return _DATE.sub(lambda found: way(int(found[1]), _MONTHS.index(found[2]) + 1, found[3]), sentence)


def _percent(sentence: str, _rng: random.Random) -> str:
    return re.sub(r"(?<=\d)%", " per cent", sentence)


def _ungrouped(sentence: str, _rng: random.Random) -> str:
    return re.sub(r"(?<=\d),(?=\d{3}\b)", "", sentence)


def _capital(sentence: str) -> str:
    return sentence[:1].upper() + sentence[1:]


def _lower(sentence: str) -> str:
    first = re.split("[ ,’']", sentence)[0]
    return sentence[0].lower() + sentence[1:] if first in _OPENERS else sentence
