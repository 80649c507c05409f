"""A model's reply becomes a draft: its status line, its growing text, and the words tied to passages."""

import re
from functools import lru_cache
from typing import get_args

from humphrey.core.citing import cite
from humphrey.core.drafts import Commission, Draft, Finding, ModelName, Status, Watch, Working
from humphrey.core.evidence import Evidence
from humphrey.core.figures import values
from humphrey.core.links import given_in, invented, without_invented
from humphrey.core.plain import plain
from humphrey.core.sentences import words as words_of
from humphrey.core.wording import ADDRESS_REMOVED, LACKS, UNSETTLED
from humphrey.errors import ModelError

_STATUS = re.compile(r"\s*[*_`#> ]*STATUS\s*:\s*[*_`]*\s*([a-z_]+)[*_`. ]*(?:\n|$)", re.IGNORECASE)
# What may turn out to be markup when the next words arrive is not shown before they do.
_UNSETTLED = re.compile(r"(?:<[^>]{0,300}|!?\[[^\]]{0,300}(?:\]|\]\([^)]{0,300})?|\b(?:https?:|www\.)[^\s)\]<>]*)$")
_RUN, _LONGEST_RUN = 10, 150
"""So many words of the prompt in a row are the prompt, fewer are English; and the most characters they have."""

_READABLE: dict[str, Status] = {status: status for status in get_args(Status) if status != "refused"}


def parted(reply: str) -> tuple[Status | None, str]:
    """The status that a reply opens with, and the rest; None and the whole reply where it opens with none."""
    line = _STATUS.match(reply)
    if line is None:
        return None, reply.strip()
    return _READABLE.get(line[1].lower()), reply[line.end() :].strip()


class Growing:
    """Shows a reply as it grows: only once its status line is through, and never what called a tool.

    Args:
        watch: told the text so far.
        keep: facts that stay as they are, whatever they look like.
        titled: whether the reply opens with a status line.
        prompt: what the model was told to do, which is nobody's answer.
        given: what the asker wrote; it may be said again, even where the prompt says it too.
    """

    def __init__(
        self, watch: Watch, keep: tuple[str, ...] = (), *, titled: bool = True, prompt: str = "", given: str = ""
    ) -> None:
        self._watch = watch
        self._keep = keep
        self._titled = titled
        self._texts: dict[str, str] = {}
        self._dropped: set[str] = set()
        self._secret = _runs(prompt) - _runs(given)

    def add(self, message: str, words: str) -> None:
        """More words of one message.

        Raises:
            ModelError: the message repeats the prompt.
        """
        text = self._texts[message] = self._texts.get(message, "") + words
        if self._secret and _runs(text[-len(words) - _LONGEST_RUN :]) & self._secret:
            self._watch("")
            raise ModelError("the model repeated its instructions instead of answering; ask in other words")
        if not words or message in self._dropped or (self._titled and not re.match(r"[^\n]*STATUS[^\n]*\n", text)):
            return
        self._watch(plain(_UNSETTLED.sub("", parted(text)[1]), self._keep))

    def drop(self, message: str) -> None:
        """The message calls a tool: it is not the answer, whatever it said first."""
        if message not in self._dropped:
            self._dropped.add(message)
            if parted(self._texts.get(message, ""))[0]:
                self._watch("")

    def text(self, message: str) -> str:
        """All words of one message so far."""
        return self._texts.get(message, "")


@lru_cache(maxsize=64)
def _runs(text: str) -> frozenset[tuple[str, ...]]:
    """Every run of words of a text that is long enough to be known again."""
    said = words_of(text)
    return frozenset(tuple(said[at : at + _RUN]) for at in range(len(said) - _RUN + 1))


def drafted(commission: Commission, name: ModelName, reply: str, evidence: Evidence) -> Draft:
    """The draft that a reply makes, every marker tied to words of a passage that was shown."""
    status, text = parted(reply)
    given = given_in(_texts(commission, evidence))
    made_up = invented(text, given)
    cited = cite(plain(without_invented(text, given)), evidence.passages, commission.text)
    grounded = bool(cited.citations) or any(_stated(working, cited.text) for working in evidence.workings)
    findings = cited.findings
    if made_up and ADDRESS_REMOVED not in cited.text:
        message = (
            "the model gave an address that no passage has, and it was taken out; read the text against the guidance"
        )
        findings += (Finding("links_known", "warn", message),)
    if status in {"answered", "partial"} and not grounded:
        findings += (Finding("citations_resolve", "block", "the model answered without citing anything; ask again"),)
    return Draft(
        commission=commission,
        status=status or ("answered" if cited.citations else "not_in_guidance"),
        text=cited.text,
        model=name,
        citations=cited.citations,
        workings=evidence.workings,
        looked_at=evidence.looked_at,
        findings=findings,
        missing=_missing(cited.text) if status == "partial" else (),
    )


def _texts(commission: Commission, evidence: Evidence) -> list[str]:
    """What an address may be taken from: the passages with where they are published, and what was asked."""
    shown = [text for hit in evidence.passages.values() for text in (hit.passage.text, hit.imprint.url)]
    return [*shown, commission.text, *commission.facts.values()]


def _stated(working: Working, text: str) -> bool:
    """Whether a text says anything of what was computed; a computation that it passes over is no ground for it."""
    return bool(values(text) & values(f"{working.result} {working.explanation}"))


def _missing(text: str) -> tuple[str, ...]:
    """What a partial answer says that it lacks, in its own lines that say so."""
    said = [line.partition(notice)[2] for line in text.splitlines() for notice in LACKS if line.startswith(notice)]
    return tuple(part.strip() for line in said for part in line.rstrip(" .").split(";")) or (UNSETTLED,)
