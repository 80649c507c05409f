"""Question parts: the separate things that one question asks, and the names in it that no passage mentions.

Statements are selected for each part, so that one part does not decide the whole answer.
"""

import re
from collections.abc import Collection, Sequence

from humphrey.search.queries import content_words
from humphrey.text.sentences import sentences

MOST_PARTS = 3


MOST_TERMS = 4


# The share of a part's content words that an answer must contain to count as covering the part.
_HALF = 0.5


# A question that starts with an auxiliary verb ("Can I ...?") asks for yes or no.
_YES_NO = re.compile(
    r"(?:so |but |and )?(?:is|are|was|were|do|does|did|can|could|may|must|should|shall|will|would|has|have|am)\b",
    re.IGNORECASE,
)


# The same after an opening clause: "If I move, can I ...?" An auxiliary stands before its pronoun.
_TURNED = re.compile(
    r"\b(?:is|are|was|do|does|did|can|could|may|must|should|will|would|has|have|am) "
    r"(?:I|we|you|he|she|it|they)\b[^?]*\?$"
)


_OPEN = re.compile(r"\b(?:how|when|what|who|whom|whose|where|which|why)\b", re.IGNORECASE)


# Months and weekdays have capitals but are not names.
_DAY = re.compile(r"(?:January|February|March|April|May|June|July|August|(?:Septem|Octo|Novem|Decem)ber|\w+day)\b")


# The lookbehind skips the first word of a sentence, whose capital says nothing.
_NAME = re.compile(r"(?<=[\w,] )[A-Z][^\W_]+(?:[-’'][^\W_]+)*(?: (?:of (?:the )?)?[A-Z][^\W_]+)*")


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


_MONEY = re.compile(r"[£$€%]|\d+p\b")


def question_parts(question: str) -> tuple[str, ...]:
    """Return the parts of a question in order, the last `MOST_PARTS` at most; only the question if it has one part.

    Args:
        question: the current question. Sentences without a question mark are not part of it.
    """
    asking = [span.of(question) for span in sentences(question) if span.of(question).endswith("?")]
    found = [part.strip(" ?") for sentence in asking for part in _split(sentence)]
    telling = [f"{part}?" for part in found if content_words(part)]
    return tuple(telling[-MOST_PARTS:]) or (question,)


def names_not_mentioned(question: str, texts: Collection[str]) -> tuple[str, ...]:
    """Return the names and abbreviations in a question that none of the texts mentions, in order, `MOST_TERMS` at most.

    Only names are tested: another word may have a synonym in the texts, a name has none.
    """
    said = {stem for text in texts for stem in content_words(text)}
    named = dict.fromkeys(found[0] for found in _NAME.finditer(question) if not _DAY.match(found[0]))
    unknown = [name for name in named if not set(content_words(name)) <= said and not _spelt_out(name, texts)]
    return tuple(unknown[:MOST_TERMS])


def wants_yes_or_no(question: str) -> bool:
    """Return whether a question can be answered with yes or no.

    It starts with an auxiliary verb, or has one before a pronoun and no question word before that.
    """
    if _YES_NO.match(question):
        return True
    turned = _TURNED.search(question)
    return bool(turned) and not _OPEN.search(question[: turned.start() if turned else 0])


def covers_part(texts: Collection[str], part: str) -> bool:
    """Return whether the texts together contain half of a part's content words."""
    query_words = set(content_words(part))
    said = {stem for text in texts for stem in content_words(text)}
    return len(query_words & said) >= _HALF * len(query_words)


def has_requested_figure(question: str, statement: str) -> bool:
    """Return whether a question asks for an amount, a time or a number and the statement contains one."""
    if _AMOUNT.search(question):
        return bool(_MONEY.search(statement))
    return bool(_NUMBER.search(question)) and any(letter.isdigit() for letter in statement)


def wants_list(question: str) -> bool:
    """Return whether a question asks for several things, which a list or a table gives."""
    return bool(_LIST.search(question))


def _spelt_out(name: str, texts: Collection[str]) -> bool:
    """Return whether a name is an abbreviation that a text spells out, small words between its initials allowed."""
    letters = name.removesuffix("s")
    if not letters.isupper():
        return False
    words = re.compile(r"\b" + r"\w*\W+(?:of |and |the |for )?".join(letters), re.IGNORECASE)
    return any(words.search(text) for text in texts)


def _split(sentence: str) -> Sequence[str]:
    pieces = _BETWEEN.split(sentence)
    # "What are my rights and do ..." asks twice; "if I move and will ..." only goes on.
    return pieces if _ASKS.match(re.sub(r"^(?:and|but|so|or)\s+", "", sentence, flags=re.IGNORECASE)) else [sentence]
