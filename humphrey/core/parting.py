"""What a question is made of: the things asked one after another, and which words of it no passage says."""

import re
from collections.abc import Collection, Sequence

from humphrey.core.queries import content
from humphrey.core.sentences import sentences, words

MOST_PARTS = 3
MOST_TERMS = 4
_LEAST_LETTERS = 5

_BETWEEN = re.compile(
    r"\s*[,;]?\s+(?:and|and also|also)\s+(?=(?:(?:by|for|from|until|in|at|to|with|on) )?"
    r"(?:how|when|what|who|whom|whose|where|which|why|do|does|did|is|are|can|could|should|must|will|would|may|has|have)\b)"
    r"|;\s+",
    re.IGNORECASE,
)
_ASKS = re.compile(
    r"(?:(?:by|for|from|until|in|at|to|with|on) )?(?:how|when|what|who|whom|whose|where|which|why|do|does|did|is|are"
    r"|can|could|should|must|will|would|may|has|have)\b",
    re.IGNORECASE,
)

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
_MONEY = re.compile(r"[£$€%]|\d+p\b")


def parts(question: str) -> tuple[str, ...]:
    """The things that a question asks, in order; the question alone where it asks one thing.

    Args:
        question: what is asked now; sentences that ask nothing are no part of it.
    """
    asking = [span.of(question) for span in sentences(question) if span.of(question).endswith("?")]
    found = [part.strip(" ?") for sentence in asking for part in _split(sentence)]
    telling = [f"{part}?" for part in found if content(part)]
    return tuple(telling[-MOST_PARTS:]) or (question,)


def unsaid(question: str, texts: Collection[str]) -> tuple[str, ...]:
    """The longer words of a question that none of some texts has in any form, in order, four at most."""
    said = {stem for text in texts for stem in content(text)}
    found = (word for word in words(question) if len(word) >= _LEAST_LETTERS)
    return tuple(dict.fromkeys(word for word in found if not set(content(word)) <= said))[:MOST_TERMS]


def figured(question: str, statement: str) -> bool:
    """Whether a question asks for an amount, a time or a number, and a statement has one."""
    if _AMOUNT.search(question):
        return bool(_MONEY.search(statement))
    return bool(_NUMBER.search(question)) and any(letter.isdigit() for letter in statement)


def _split(sentence: str) -> Sequence[str]:
    pieces = _BETWEEN.split(sentence)
    # "What are my rights and do ..." asks twice; "if I move and will ..." only goes on.
    return pieces if _ASKS.match(re.sub(r"^(?:and|but|so|or)\s+", "", sentence, flags=re.IGNORECASE)) else [sentence]
