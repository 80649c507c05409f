"""Follow-up questions: whether one goes on from the question before it, and what it then asks in full.

A follow-up keeps the subject of the question before it ("Who do they complain to?"), or asks the same of another
subject ("And for an EIR request?"). A question that names a subject of its own starts afresh.
"""

import re
from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache

from humphrey.documents.audiences import conversations_in
from humphrey.drafting.questions.abbreviations import abbreviations, spelt_out
from humphrey.drafting.questions.kinds import classify
from humphrey.search.model import Hit
from humphrey.search.queries import content_words
from humphrey.text.date_mentions import without_days
from humphrey.text.sentences import Span, sentences, words
from humphrey.text.words import load_words

# Words that ask and act but name no subject, so that they do not tell one subject from another.
_ASKING = frozenset(content_words(" ".join(load_words("asking")["asking"])))


# A question that names at most so many subjects of its own goes on from the one before; a fragment, one more.
_FEW = 1


# A question that shares a subject with the one before goes on from it, if it names fewer others than this.
_MANY = 3


# Of no more words than this, "How often?" needs the question before it as a whole.
_FEW_WORDS = 2


# A pronoun after this many subjects of its own sentence refers to one of them.
_OWN_SUBJECTS = 4


# A page of which no hit has this share of the best hit's subject words is about something else.
_ON_SUBJECT = 0.75


# Below this share of the subject's words, even in the best hit, nothing found is known to be about the subject.
_KNOWN_SUBJECT = 0.5


# The stems of a subject that are looked for in what was found.
_MOST_STEMS = 40


# A follow-up: it begins with a conjunction, "what about" or "is there a", ends with "instead" or "as well", or is only
# a question word ("How much?").
_FOLLOWS = re.compile(
    r"\s*(?:(?:and|but|so|or|then|also|ok(?:ay)?|in that case|otherwise|if so|if not)\b"
    r"|(?:what|how) (?:about|if)\b|(?:is|are) there (?:something|anything|any|an?)\b|[^?]*\b(?:instead|then|too|as well"
    r"|either|anyway|even so)\s*\?*\s*$"
    r"|(?:why|when|where|who|how)(?: not| so| much| many| long| often| then)?\s*\?*\s*$)",
    re.IGNORECASE,
)


# A plain change of subject.
_AFRESH = re.compile(
    r"\s*(?:(?:on |to )?(?:an?other|a (?:new|different|separate)|different|new|separate|next) (?:question|subject|topic"
    r"|matter|thing|point|note|issue)\b|(?:separately|unrelated(?:ly)?|changing (?:the )?subject|moving on)\b)",
    re.IGNORECASE,
)


# Words that refer back. "that" counts only before a verb, a noun or the end; elsewhere it is a conjunction.
_POINTS = re.compile(
    r"\b(?:it|its|they|them|their|theirs|he|him|his|she|hers?|this|these|those|such|same|former|latter|above|ones?"
    r"|the (?:whole|entire|same) thing|the (?:lot|rest|whole of it)\b"
    r"|that(?=\s*(?:[?.,;!]|$|is|was|does|did|will|would|can|could|apply|applies|count|counts|happens?|mean|means|case"
    r"|rule|limit|rate|period|deadline|date)))\b",
    re.IGNORECASE,
)


# The impersonal "it" ("is it possible", "how long does it take to"), which refers to nothing.
_EMPTY_IT = re.compile(
    r"\b(?:is|was|does|will|would|can|could|should|may) it (?:\w+ )?(?:take|to|true|possible|necessary|ok(?:ay)?"
    r"|allowed|right|fine|all right|that|if|when)\b",
    re.IGNORECASE,
)


# In "If a request is late, may they complain?" the pronoun refers to the clause before it.
_CLAUSE_BEFORE = re.compile(
    r"\s*(?:and |but |so )?(?:if|when|where|once|after|before|suppose|as|since|because)\b[^,]*,", re.IGNORECASE
)


# A verb, a question word or a pronoun makes a clause; a fragment such as "and for an EIR request?" has none.
_CLAUSE = re.compile(
    r"\b(?:is|are|was|were|do|does|did|can|could|may|must|should|shall|will|would|has|have|had|am|be|what|who|whom"
    r"|whose|when|where|which|why|how|if|I|we|you|he|she|it|they|there)\b",
    re.IGNORECASE,
)


# What stands before the new subject in "and what about an EIR request?"
_LEAD = re.compile(
    r"\s*(?:(?:and|but|so|ok(?:ay)?|or|then)\b[\s,]*)*(?:(?:what|how) about\b\s*)?"
    r"(?:(?:for|with|of|to|by|from|in|on|under|at|as) )?",
    re.IGNORECASE,
)


# A name: capitals, other than those of a sentence's first word or of "I".
_NAME = re.compile(r"\b(?:[A-Z]{2,}s?|(?<=[\w,] )[A-Z][a-z]\w+)\b")


# A name with all its words: "the Service Standard", "FOI".
_NAME_RUN = re.compile(r"(?:\b[A-Z]{2,}s?\b|(?<=[\w,] )[A-Z][a-z]\w+(?: (?:of )?[A-Z][a-z]\w+)*)")


# A name of several words, such as "Orange Book".
_LONG_NAME = re.compile(r"(?<=[\w,] )[A-Z][a-z]+ (?:of )?[A-Z][a-z]+")


# "What is a DPIA?" introduces its subject.
_DEFINES = re.compile(r"\s*(?:what|who)(?:['’]s| is| are| does) an? |\s*(?:define|explain) ", re.IGNORECASE)


_WORD = re.compile(r"[^\W_]+(?:[’'.-][^\W_]+)*")


# "I'm", "can't", "we've": short forms of words that name nothing.
_SHORT_FORM = re.compile(r"\b\w+(?:n['’]t|['’](?:m|re|ve|ll|d))\b|['’]s\b", re.IGNORECASE)


@dataclass(frozen=True)
class Resolved:
    """A question in full.

    Attributes:
        asked: the question with its subject, so that it can be searched with by itself.
        about: the subject in the asker's words; empty if nothing goes on from it.
        subject: the word stems that an answer must speak of; empty if the question stands by itself.
        base: the question that a fragment was added to; the next fragment takes its place.
        official: the question in full, with official words in place of everyday ones; empty if it has none.
        beside: its words beside the everyday ones; empty if it has none.
        typed: the questions as they were typed, back to one that stands by itself.
        names: the names in a follow-up; what it asks may stand where these are spoken of.
    """

    asked: str
    about: str
    subject: tuple[str, ...] = ()
    base: str = ""
    official: str = ""
    beside: str = ""
    typed: str = ""
    names: tuple[str, ...] = ()


def completed(question: str, earlier: Sequence[str]) -> str:
    """Return the question after the earlier questions that it goes on from, back to one that stands by itself.

    Args:
        question: the current question.
        earlier: the earlier questions of the same conversation, oldest first.
    """
    return " ".join(_chain(question, earlier))


def resolved(question: str, earlier: Sequence[str]) -> Resolved:
    """Return the question in full: with the subject of the questions that it goes on from. Arguments as above."""
    first, *rest = _chain(question, earlier)
    found = Resolved(first, _about(first) if rest else "")
    for follow_up in rest:
        found = _gone_on(follow_up, found)
    names = tuple(dict.fromkeys(each[0] for each in abbreviations(rest[-1]))) if rest else ()
    return replace(found, typed=" ".join((first, *rest)), names=names)


def on_subject(hits: Sequence[Hit], subject: Collection[str], names: Collection[str] = ()) -> list[Hit]:
    """Return the hits that speak of a subject, in their order; all of them if the subject cannot be told from others.

    Args:
        hits: what was found.
        subject: word stems; an abbreviation is spoken of where its words stand.
        names: the names in the follow-up; a hit that speaks of them all is kept too.
    """
    shares = [_share(hit, subject) for hit in hits]
    best = max(shares, default=0.0)
    if best < _KNOWN_SUBJECT:
        return list(hits)
    # A page on the subject need not name it in each passage, nor the asker's own file what it is asked about.
    pages = {hit.passage.document for hit, share in zip(hits, shares, strict=True) if share >= _ON_SUBJECT * best}
    return [
        hit
        for hit in hits
        if hit.passage.document in pages or conversations_in(hit.audience) or (names and _share(hit, names) == 1)
    ]


def names_subject(word: str) -> bool:
    """Return whether a word names a subject, rather than asks or acts."""
    return bool(_subjects(word))


def _chain(question: str, earlier: Sequence[str]) -> list[str]:
    needed = [question]
    for before in reversed([each for each in earlier if _asks_guidance(each)]):
        if not _goes_on(needed[0], before):
            break
        needed.insert(0, before)
    return needed


# The questions of a conversation are looked at again with each further one.
@lru_cache(maxsize=256)
def _asks_guidance(question: str) -> bool:
    """Return whether a question is about guidance: thanks and orders on a text have no subject to go on from."""
    classified = classify(question)
    return not classified.task and classified.kind in {"guidance", "calculation", "drafting"}


def _goes_on(question: str, before: str) -> bool:
    """Return whether a question depends on the one before it, because it leaves out or shares its subject."""
    # A long row of blanks would be compared once for each of them.
    question = " ".join(question.split())
    if _AFRESH.match(question):
        return False
    if _FOLLOWS.match(question) or _points(question):
        return True
    # Dates are ignored: a bare date answers the question before it, and a shared year is not a shared subject.
    own, others = _subjects(without_days(question)), _subjects(before)
    if not own:
        return True
    if _DEFINES.match(question) or any(name not in before for name in _own_names(question)):
        return False
    fragment = not _CLAUSE.search(question)
    few = _FEW + fragment
    return len(own) <= few or bool(own & others and len(own - others) < _MANY)


def _own_names(question: str) -> list[str]:
    """Return the names that make a subject of their own: of several words, or an abbreviation that is not everyday."""
    return [*_LONG_NAME.findall(question), *(found[0] for found in abbreviations(question))]


def _points(question: str) -> bool:
    """Return whether a question refers to something that it has not itself named."""
    # Only the first sentence counts: words of later sentences may refer to it.
    first = _EMPTY_IT.sub("", next(iter(sentences(question)), Span(0, len(question))).of(question))
    clause = _CLAUSE_BEFORE.match(first)
    if clause and _subjects(clause[0]) and not _POINTS.search(clause[0]):
        return False
    found = _POINTS.search(first)
    return bool(found) and len(_subjects(first[: found.start() if found else 0])) < _OWN_SUBJECTS


def _gone_on(question: str, before: Resolved) -> Resolved:
    """Return a follow-up in full, given the resolved question before it."""
    topic = _topic(question)
    if topic and (other := _exchanged(before, topic)):
        return Resolved(other, _about(other), _stems(topic))
    if topic or (not _subjects(question) and len(words(question)) <= _FEW_WORDS):
        base = before.base or before.asked
        about = f"{_about(base)} {topic}".strip()
        return Resolved(f"{base} {question}", about, _stems(about), base)
    return Resolved(f"{before.about}: {question}", before.about, _stems(before.about))


def _topic(question: str) -> str:
    """Return the noun that a fragment asks about; empty if the question is a clause."""
    rest = question[_LEAD.match(question).end() :].strip(" ?.!")  # type: ignore[union-attr]
    return "" if _CLAUSE.search(rest) else rest


def _exchanged(before: Resolved, topic: str) -> str:
    """Return the question before with its subject exchanged; empty if it is not plain which words give way."""
    if before.asked.startswith(f"{before.about}: ") and _names(topic):
        return f"{topic}{before.asked.removeprefix(before.about)}"
    if "," in topic:
        return ""
    runs = list(_runs(before.asked))
    head = content_words(topic)[-1:]
    run = next((run for run in reversed(runs) if content_words(run.of(before.asked))[-1:] == head), None)
    if run is None and _names(topic):
        # Of "the FOI cost limit" only the name gives way.
        named = list(_NAME_RUN.finditer(before.asked))
        run = Span(*named[-1].span()) if named else None
    if run is None:
        return ""
    article = re.search(r"\b(?:an?|the|our|any|some)\s+$", before.asked[: run.start], re.IGNORECASE)
    start = article.start() if article else run.start
    return f"{before.asked[:start]}{topic}{before.asked[run.end :]}"


def _runs(text: str) -> list[Span]:
    """Return the runs of neighbouring subject words, those joined by "of" as one."""
    runs: list[Span] = []
    for found in _WORD.finditer(text):
        if not _subjects(found[0]):
            continue
        if runs and text[runs[-1].end : found.start()].strip().lower() in {"", "of", "of the"}:
            runs[-1] = Span(runs[-1].start, found.end())
        else:
            runs.append(Span(*found.span()))
    return runs


def _about(text: str) -> str:
    """Return the subject words of a question in their order; the whole question if it has none."""
    return " ".join(run.of(text) for run in _runs(text)) or text.strip(" ?")


def _subjects(text: str) -> set[str]:
    return set(content_words(_SHORT_FORM.sub(" ", text))) - _ASKING


def _names(text: str) -> list[str]:
    return _NAME.findall(text)


def _stems(text: str) -> tuple[str, ...]:
    """Return the subject stems of a text, abbreviations as they stand; the first of very many."""
    stems = (
        found[0] if found[0].isupper() and len(found[0]) > 1 else stem
        for found in _WORD.finditer(text)
        for stem in content_words(found[0])
        if _subjects(found[0])
    )
    return tuple(dict.fromkeys(stems))[:_MOST_STEMS]


def _share(hit: Hit, subject: Collection[str]) -> float:
    """Return the share of the subject's words in a hit, with its title and headings."""
    text = " ".join((hit.imprint.title, *hit.passage.section, hit.passage.text))
    said, every = set(content_words(text)), set(words(text))
    spoken = [stem in said or (stem.isupper() and (stem.lower() in every or spelt_out(stem, text))) for stem in subject]
    return sum(spoken) / max(len(spoken), 1)
