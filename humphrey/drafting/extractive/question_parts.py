"""Question parts: the separate things that one question asks, and the names in it that no passage mentions.

Statements are selected for each part, so that one part does not decide the whole answer.
"""

import re
from collections.abc import Collection, Iterable, Iterator, Sequence
from itertools import islice

from humphrey.drafting.questions.abbreviations import abbreviations, spelt_out, written_out
from humphrey.search.queries import content_words
from humphrey.text.sentences import sentences
from humphrey.text.words import load

MOST_PARTS = 3


MOST_TERMS = 4


# Names of a question that are looked for in the texts.
_MOST_LOOKED_FOR = 20


# Longer runs of capitalised words are no title of an Act or a scheme.
_TITLE_WORDS = 25
_TITLE_CHARS = 250


# The share of a part's content words that an answer must contain to count as covering the part.
_HALF = 0.5


_AUXILIARY = (
    r"(?:is|are|was|were|do|does|did|can|could|may|might|must|should|shall|will|would|has|have|had|am|need|ought)"
)


# The clause that asks for yes or no begins with an auxiliary verb ("Can I ...?"), or so after an opening clause ("If we
# are late, must we ...?").
_YES_NO = re.compile(
    rf"(?:^|[,.;:]\s+)(?:(?:so|but|and|then)\s+)?(?P<clause>{_AUXILIARY}\b[^?]*)\??\s*$", re.IGNORECASE
)


# The same after words that no comma parts. An auxiliary stands before its pronoun.
_TURNED = re.compile(rf"\b(?P<clause>{_AUXILIARY} (?:I|we|you|he|she|it|they)\b[^?]*)\?$")


# A question word that opens a clause of its own asks nothing.
_OPENING = re.compile(
    r"(?:(?:so|but|and) )?(?:when|where|if|once|after|before|unless|since|as|because)\b", re.IGNORECASE
)


_OPEN = re.compile(r"\b(?:how|when|what|who|whom|whose|where|which|why)\b", re.IGNORECASE)


# Months and weekdays have capitals but are not names.
_DAY = re.compile(
    r"(?:January|February|March|April|May|June|July|August|(?:Septem|Octo|Novem|Decem)ber"
    r"|(?:Mon|Tues|Wednes|Thurs|Fri|Satur|Sun)day)\b"
)


_SHAPES = load("names_in_questions")


# A run of capitalised words, with small words between them and a year at the end.
_RUN = re.compile(
    r"\b[A-Z][\w’'-]*(?: (?:(?:of|and|for|on|in|to|the|&) ){0,2}(?:[A-Z][\w’'-]*|\([A-Z][^)]{0,60}\)))*"
    r"(?: (?:19|20)\d\d\b)?"
)


# What laws are called by, and what schemes and bodies of rules are.
_LAW = re.compile(
    r"\b(?:Acts?|Bill|Regulations?|Orders?|Rules|Directive|Convention|Treaty|Protocol|Directions?|Measure)\b"
)


_SCHEME = re.compile(
    r"\b(?:Schemes?|Fund|Grants?|Programme|Framework|Code|Charter|Standards?|Policy|Strategy|Agreement|Levy|Allowance"
    r"|Benefit|Credit|Tax|Initiative|Concordat|Manual|Handbook|Guidance|Guide|Certificate|Licence|Register|Portal|Pledge"
    r"|Index|Pay|Pension|Payment|Loan|Relief|Visa|Voucher|Bursary|Premium|Plan)\b"
)


_YEAR = re.compile(r" (?:19|20)\d\d$")


# "section 40(2)", "paragraph 4.7", "PPN 02/23". No provision has a longer number, and Python reads no endless one.
_REFERENCE = re.compile(
    r"\b(?P<kind>section|paragraph|para|article|regulation|annex|chapter|schedule|clause|part|PPN|DAO)s? "
    r"(?:\(GEN\) )?(?P<number>\d{1,6}(?!\d)[A-Z]?(?:[./]\d+)*|[A-Z]\b)",
    re.IGNORECASE,
)


# A name that a question asks about: "what is X", "under X", or the rules of X.
_ASKED_ABOUT = re.compile(
    r"(?:(?i:^(?:so |and |but )?(?:what|who)(?:[’']s| is| are| does| do| did) (?:an? )?(?:the )?)"
    r"|\b[Uu]nder (?:the )?)"
    r"(?P<name>[A-Z]\w+(?: (?:of (?:the )?)?[A-Z]\w+)*)"
    r"|\b(?P<owner>[A-Z]\w+(?: (?:of (?:the )?)?[A-Z]\w+){0,8})[’'](?:s )?(?= ?(?:\w+ )?(?:code|rules?|polic|guidance"
    r"|handbook|standing orders|act|law|scheme|procedure|system)\w*\b)"
)


# A clause before the question tells its scenario: "If a supplier in Germany bids, which threshold applies?"
_SCENARIO = re.compile(
    r"^(?:(?:so|and|but) )?(?:if|when|where|as|since|because|after|given(?: that)?)\b[^?]*?, ", re.IGNORECASE
)


# Split at "and" only if a question word or an auxiliary verb follows, with at most one preposition between them.
_BETWEEN = re.compile(
    r"\s*[,;]?\s+(?:and|and also|also)\s+(?=(?:(?:by|for|from|until|in|at|to|with|on) )?"
    r"(?:how|when|what|who|whom|whose|where|which|why|do|does|did|is|are|can|could|should|must|will|would|may|has|have)\b)"
    r"|;\s+",
    re.IGNORECASE,
)


# The same words at the start of a sentence.
_ASKS = re.compile(
    r"(?:(?:by|for|from|until|in|at|to|with|on) )?(?:how|when|what|who|whom|whose|where|which|why|do|does|did|is|are"
    r"|can|could|should|must|will|would|may|has|have)\b",
    re.IGNORECASE,
)


# A question for an amount needs a statement with money or a percentage; one for a time or a number needs any digit.
_AMOUNT = re.compile(
    r"\bhow much\b|\bwhat (?:level|amount)\b|\bwhat(?:'s|’s| is| are) the (?:\w+ )?"
    r"(?:amount|rate|cost|fee|charge|price|limit)s?\b"
    r"|\bcosts?\b|\bfees?\b",
    re.IGNORECASE,
)


_NUMBER = re.compile(
    r"\bhow (?:long|many|old|soon|often|far|late|early)\b|\bby when\b|\buntil when\b|\bdeadline|\btime limit"
    r"|\bwhat age\b|^when\b",
    re.IGNORECASE,
)


_LIST = re.compile(
    r"\b(?:list|name|set out|how many)\b|\b(?:which|what) (?:\w+ )?\w+s\b"
    r"|\bwhat (?:\w+ )?(?:are|were|must|should|do|does|goes|has to)\b",
    re.IGNORECASE,
)


_COUNTED = re.compile(r"\bhow many (?P<what>[a-z-]+)", re.IGNORECASE)


_FIGURE = re.compile(
    r"\b(?:\d[\d,.]*|one|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|twenty|thirty|forty|fifty|hundred)\b"
    r"(?P<what>(?: [\w’'-]+){0,3})",
    re.IGNORECASE,
)


_WHO = re.compile(r"\bwho(?:m|se)?\b", re.IGNORECASE)


# Persons by their role, and bodies; "department" and "official" stand in almost every sentence of guidance.
_PARTIES = re.compile(
    r"\b(?:ministers?|secretar(?:y|ies)|(?:\w+ )?officers?|owners?|directors?|managers?|heads? of|chairs?|advisers?"
    r"|committees?|commission(?:ers?)?|ombudsman|regulators?|boards?|branch|teams?|private office|treasury"
    r"|cabinet office|parliament|house of commons|auditors?|lawyers?|speaker|reviewers?|sponsors?"
    r"|controllers?|authority)\b",
    re.IGNORECASE,
)


_WHAT_TO_DO = re.compile(
    r"\bwhat (?:do|should|must|can|am|are|shall|ought) (?:I|we|you) (?:now |then |first )?(?:meant |supposed |expected "
    r"|going |need |have )?(?:to )?(?:do|say)\b(?! (?:about )?\w+ (?:mean|contain))|\bwhat (?:now|next)\b",
    re.IGNORECASE,
)


_TELLS_WHAT_TO_DO = re.compile(r"what (?:should|do|must|can) (?:I|we|you) do\b|what to do\b", re.IGNORECASE)


_MONEY = re.compile(r"[£$€%]|\d+p\b")


def question_parts(question: str) -> tuple[str, ...]:
    """Return the parts of a question in order, the last `MOST_PARTS` at most; only the question if it has one part.

    Args:
        question: the current question. Sentences without a question mark are not part of it.
    """
    return _parts(question)[-MOST_PARTS:] or (question,)


def parts_left_out(question: str) -> tuple[str, ...]:
    """Return the parts of a question that `question_parts` leaves out, the first ones of many."""
    return _parts(question)[:-MOST_PARTS]


def names_not_mentioned(question: str, texts: Collection[str]) -> tuple[str, ...]:
    """Return the names that a question turns on and that no text mentions, in order, `MOST_TERMS` at most.

    A question turns on a place with its own law, an abbreviation, and a name that it asks about. A town, a firm or a
    person in its scenario decides nothing. Only names are tested: another word may have a synonym in the texts.
    """
    asked = _SCENARIO.sub("", question)
    places = [found for section in ("jurisdictions", "institutions") for found in _found(section, asked)]
    short = abbreviations(asked)
    direct = [found for found in _ASKED_ABOUT.finditer(asked) if not _DAY.match(_asked_about(found))]
    named = {found.start(): found[0].removeprefix("the ") for found in (*short, *places)}
    named = {**{found.start(): _asked_about(found) for found in direct}, **named}
    unknown = [name for name in _first(name for _, name in sorted(named.items())) if not _is_said(name, texts)]
    return tuple(unknown[:MOST_TERMS])


def unknown_references(question: str, texts: Collection[str]) -> tuple[str, ...]:
    """Return the Acts, schemes and numbered provisions in a question that no text has, each once, `MOST_TERMS` at most.

    A scheme counts only where it is asked about, a law in the scenario too. An Act is known by all its words together,
    and its year where a text gives one.
    """
    asked = _SCENARIO.sub("", " ".join(question_parts(question)))
    laws = [run for run in _runs(question) if _LAW.search(run)]
    schemes = [run for run in _runs(asked) if _SCHEME.search(run) and run not in laws]
    unknown = [name for name in _first((*laws, *schemes)) if not any(_has_title(name, text) for text in texts)]
    provisions = {found[0]: found for found in _REFERENCE.finditer(question)}
    numbers = [one for one in _first(provisions) if not any(_has_number(provisions[one], text) for text in texts)]
    return tuple(dict.fromkeys((*numbers, *unknown)))[:MOST_TERMS]


def wants_yes_or_no(question: str) -> bool:
    """Return whether a question can be answered with yes or no."""
    return bool(yes_no_clause(question))


def yes_no_clause(question: str) -> str:
    """Return the clause of a question that asks for yes or no, from its auxiliary verb on; empty if none does.

    A question word before it ("Which records, old or new, must we keep?") asks for something else.
    """
    question = question.strip()
    for shape in (_YES_NO, _TURNED):
        if found := shape.search(question):
            before = question[: found.start()]
            return found["clause"] if _OPENING.match(before) or not _OPEN.search(before) else ""
    return ""


def covers_part(texts: Collection[str], part: str) -> bool:
    """Return whether the texts together contain half of a part's content words."""
    query_words = set(content_words(part))
    said = {stem for text in texts for stem in content_words(text)}
    return len(query_words & said) >= _HALF * len(query_words)


def requested_figure(question: str, statement: str) -> float:
    """Return how far a statement has the amount, the time or the number that a question asks for, from 0.0 to 1.0.

    Of "How many days?", a number of days is all of it, and another number half.
    """
    if _AMOUNT.search(question):
        return float(bool(_MONEY.search(statement)))
    if counted := _COUNTED.search(question):
        stem = next(iter(content_words(counted["what"])), "")
        numbers = list(_FIGURE.finditer(statement))
        return 1.0 if any(stem in content_words(found["what"]) for found in numbers) else 0.5 * bool(numbers)
    return float(bool(_NUMBER.search(question)) and any(letter.isdigit() for letter in statement))


def names_party(question: str, statement: str) -> bool:
    """Return whether a question asks who, and the statement names a person by role, or a body."""
    return bool(_WHO.search(question) and _PARTIES.search(statement))


def says_what_to_do(question: str, section: Sequence[str]) -> bool:
    """Return whether a question asks what to do, and the heading of a section says that it tells."""
    return bool(_TELLS_WHAT_TO_DO.match(" ".join(section[-1:])) and _WHAT_TO_DO.search(question))


def wants_list(question: str) -> bool:
    """Return whether a question asks for several things, which a list or a table gives."""
    return bool(_LIST.search(question))


def _parts(question: str) -> tuple[str, ...]:
    asking = [span.of(question) for span in sentences(question) if span.of(question).endswith("?")]
    found = [part.strip(" ?") for sentence in asking for part in _split(sentence)]
    return tuple(f"{part}?" for part in found if content_words(part))


def _found(section: str, text: str) -> Iterator[re.Match[str]]:
    # Names keep their capitals: "us" is no country.
    return (found for shape in _SHAPES[section] for found in shape.finditer(text) if found[0][:1].isupper())


def _first(names: Iterable[str]) -> list[str]:
    """Return names, each once; the first of very many, since each is looked for in every text."""
    return list(islice(dict.fromkeys(names), _MOST_LOOKED_FOR))


def _asked_about(found: re.Match[str]) -> str:
    return found["name"] or found["owner"]


def _is_said(name: str, texts: Collection[str]) -> bool:
    """Return whether the texts have every word of a name, or the words of an abbreviation."""
    said = {stem for text in texts for stem in content_words(text)}
    return set(content_words(name)) <= said or (
        name.removesuffix("s").isupper() and any(spelt_out(name, text) for text in texts)
    )


def _runs(text: str) -> list[str]:
    """Return the runs of at least two capitalised words in a text, without those too long for a title."""
    runs = [_trimmed(found[0]) for found in _RUN.finditer(text)]
    return [run for run in runs if 1 <= run.count(" ") < _TITLE_WORDS and len(run) <= _TITLE_CHARS]


def _trimmed(run: str) -> str:
    """Return a run of capitalised words without the words that begin its sentence."""
    parts = run.split()
    while parts and (not content_words(parts[0]) or parts[0] in {"Under", "Does", "Since", "According", "Is"}):
        parts.pop(0)
    return " ".join(parts)


def _has_title(name: str, text: str) -> bool:
    """Return whether a text names an Act or a scheme: its words in a row, or its initials, and no other year."""
    title, year = _YEAR.sub("", name), _YEAR.search(name)
    initials = "".join(word[0] for word in title.split()[:-1] if word[:1].isupper())
    row = r"\W+".join(_word_shape(word) for word in re.findall(r"\w+", title))
    named = list(re.finditer(rf"\b{row}\b(?: (\d{{4}}))?", text, re.IGNORECASE))
    years = {found[1] for found in named if found[1]}
    if named:
        return not (year and years) or year[0].strip() in years
    return len(initials) > 1 and bool(re.search(rf"\b{initials}\b", text)) and spelt_out(initials, title)


def _word_shape(word: str) -> str:
    """Return the pattern of a word of a title: an abbreviation as it stands, or as the words it stands for."""
    return rf"(?>{word}\b|{written_out(word)})" if word.isupper() and len(word) > 1 else re.escape(word)


def _has_number(found: re.Match[str], text: str) -> bool:
    """Return whether a text has a numbered provision, alone, in a list or in a range."""
    kind = "para(?:graph)?" if found["kind"].lower().startswith("para") else found["kind"]
    number = re.escape(found["number"])
    if re.search(rf"\b{kind}s? (?:[\w.()/]+(?:, | and | or | to |-|–))*{number}(?![\w./]\d|\d)", text, re.IGNORECASE):
        return True
    ranges = re.findall(rf"\b{kind}s (\d{{1,6}})[A-Z]?(?: to |-|–)(\d{{1,6}})(?!\d)", text, re.IGNORECASE)
    return found["number"].isdigit() and any(int(low) <= int(number) <= int(high) for low, high in ranges)


def _split(sentence: str) -> Sequence[str]:
    # A long row of blanks takes `_BETWEEN` for ever.
    sentence = " ".join(sentence.split())
    pieces = _BETWEEN.split(sentence)
    # "What are my rights and do ..." asks twice; "if I move and will ..." only goes on.
    return pieces if _ASKS.match(re.sub(r"^(?:and|but|so|or)\s+", "", sentence, flags=re.IGNORECASE)) else [sentence]
