"""Model replies: reading the status line, streaming the text, and making a draft with citations."""

import re
from functools import lru_cache
from typing import get_args

from humphrey.calculations.workings import Working
from humphrey.drafting.agent.sanitising import sanitise
from humphrey.drafting.evidence import Evidence
from humphrey.errors import ModelError
from humphrey.llm.thinking import STATUS_LINE, after_thinking, end_of_thoughts
from humphrey.papers.citations import cite
from humphrey.papers.draft import Commission, Draft, Finding, ModelName, OnText, Status
from humphrey.papers.standard_wording import LACKS, UNSETTLED
from humphrey.text.figures import values
from humphrey.text.links import ADDRESS_REMOVED, address_checker, invented, remove_invented
from humphrey.text.sentences import words as words_of

# The end of a streamed text that the next words may turn into markup; it is not shown until they arrive. A tag or link
# that is still open after 300 characters is shown as text.
_UNSETTLED = re.compile(r"(?:<[^>]{0,300}|!?\[[^\]]{0,300}(?:\]|\]\([^)]{0,300})?|\b(?:https?:|www\.)[^\s)\]<>]*)$")


_MARKER = re.compile(r"\[\d{1,3}\]")


_LONGEST_THOUGHTS, _OPENING = 2_000, 6
"""How many characters of a reply without a status line may be thoughts, and the words that show that it is a text."""


_RUN, _LONGEST_RUN = 10, 150
"""Ten words of the prompt in a row are a leak, fewer can be ordinary English; and the most characters they have."""


_SHORT = 4_000
"""The longest text in characters that is shown again with each piece."""


_NEARLY_ALL = 0.8
"""The share of the words of a question that a reply repeats if it only says the question again."""


_READABLE: dict[str, Status] = {status: status for status in get_args(Status) if status != "refused"}


def split_status(reply: str) -> tuple[Status | None, str]:
    """Split a reply into its status and its text; the status is None if the reply has no or an unknown status.

    Thoughts before the reply are left out.
    """
    reply = after_thinking(reply)
    line = STATUS_LINE.match(reply)
    if line is None:
        return None, reply.strip()
    return _READABLE.get(line[1].lower()), reply[line.end() :].strip()


class StreamedReply:
    """Streams a reply to its reader, without its status line and without messages that call a tool.

    It stops a reply that repeats the prompt. What comes before the status line may still be thoughts, which repeat it
    often; so it is not shown, and looked at only at the end. A reply without a status line may be thoughts until their
    end, unless it begins with words of the asker's text or is longer than most thoughts.

    Args:
        watch: called with the text so far.
        keep: facts that are shown unchanged, even if they look like markup.
        titled: whether the reply begins with a status line.
        prompt: the instructions of the model, which the reply must not repeat.
        given: the asker's text, which the reply may repeat even if the prompt contains it too.
    """

    def __init__(
        self, watch: OnText, keep: tuple[str, ...] = (), *, titled: bool = True, prompt: str = "", given: str = ""
    ) -> None:
        self._watch = watch
        self._keep = keep
        self._titled = titled
        self._texts: dict[str, str] = {}
        self._begun: dict[str, int] = {}
        self._dropped: set[str] = set()
        self._shown: dict[str, int] = {}
        self._secret = _runs(prompt) - _runs(given)
        self._given = given

    def add(self, message: str, words: str) -> None:
        """Add words to one message and show its text so far.

        Raises:
            ModelError: the message repeats the prompt.
        """
        text = self._texts[message] = self._texts.get(message, "") + words
        if message in self._begun:
            # Only the end is new: _RUN words that end in `words` began at most _LONGEST_RUN characters earlier.
            new = len(text) - len(words) - _LONGEST_RUN
            self._require_no_leak(text[max(self._begun[message], new) :])
        elif self._begins(text):
            self._begun[message] = end_of_thoughts(text)
            self.require_no_leak(text)
        else:
            return
        if not words or message in self._dropped or not self._grew(message):
            return
        self._watch(sanitise(_UNSETTLED.sub("", split_status(text)[1]), self._keep))

    def _begins(self, text: str) -> bool:
        """Return whether a message has come past the thoughts that may open it."""
        said = after_thinking(text)
        if self._titled:
            line = STATUS_LINE.match(said)
            return line is not None and line[0].endswith("\n")
        opening = words_of(said[:_LONGEST_RUN])[:_OPENING]
        known = len(opening) == _OPENING and tuple(opening) in _runs(self._given, _OPENING)
        return known or end_of_thoughts(text) > 0 or len(text) > _LONGEST_THOUGHTS

    def require_no_leak(self, reply: str) -> None:
        """Require that a complete reply does not repeat the prompt.

        Raises:
            ModelError: it does.
        """
        self._require_no_leak(after_thinking(reply))

    def _require_no_leak(self, text: str) -> None:
        if self._secret and _runs(text) & self._secret:
            self._watch("")
            raise ModelError("the model repeated its instructions instead of answering; ask in other words")

    def _grew(self, message: str) -> bool:
        """Return whether a message grew enough to be shown again.

        Each showing works on the whole text. So a long one is shown when it grew by a fiftieth, or a reply in small
        pieces would cost the square of its length.
        """
        length, shown = len(self._texts[message]), self._shown.get(message, 0)
        if length > _SHORT and length - shown < length // 50:
            return False
        self._shown[message] = length
        return True

    def drop(self, message: str) -> None:
        """Discard a message because it calls a tool, and clear the text that was shown of it."""
        if message not in self._dropped:
            self._dropped.add(message)
            if split_status(self._texts.get(message, ""))[0]:
                self._watch("")

    def finished(self, message: str) -> str:
        """Return the text of one complete message, without thoughts and status line.

        Raises:
            ModelError: the message repeats the prompt.
        """
        self.require_no_leak(self.text(message))
        return split_status(self.text(message))[1]

    def text(self, message: str) -> str:
        """Return all words of one message so far."""
        return self._texts.get(message, "")


@lru_cache(maxsize=64)
def _runs(text: str, length: int = _RUN) -> frozenset[tuple[str, ...]]:
    """Return every run of so many consecutive words of a text."""
    said = words_of(text)
    return frozenset(tuple(said[at : at + length]) for at in range(len(said) - length + 1))


def draft_from_reply(commission: Commission, name: ModelName, reply: str, evidence: Evidence) -> Draft:
    """Make a draft from a reply, with each marker linked to words of a passage that the model was shown.

    Invented addresses are removed and reported. An answer that neither cites a passage nor states a computed result is
    blocked.
    """
    status, text = split_status(reply)
    given = address_checker(_texts(commission, evidence))
    made_up = invented(text, given)
    cited = cite(sanitise(remove_invented(text, given)), evidence.passages, commission.text)
    grounded = bool(cited.citations) or any(_stated(working, cited.text) for working in evidence.workings)
    findings = cited.findings
    if made_up and ADDRESS_REMOVED not in cited.text:
        message = (
            "the model gave an address that no passage has, and it was taken out; read the text against the guidance"
        )
        findings += (Finding("links_known", "warn", message),)
    if _says_again(cited.text, commission.text):
        status = "not_in_guidance"
        findings += (Finding("not_blank", "block", "the model only wrote the question again; ask in other words"),)
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
        given=evidence.given,
        findings=findings,
        missing=_missing(cited.text) if status == "partial" else (),
    )


def _says_again(text: str, question: str) -> bool:
    """Return whether a text has nearly all words of the question, in its order, and no others."""
    said, asked = words_of(_MARKER.sub(" ", text)), words_of(question)
    # Fewer words of the question may be the answer to it: "20 working days", where it asks whether that is the limit.
    return len(said) >= _NEARLY_ALL * len(asked) and f" {' '.join(said)} " in f" {' '.join(asked)} "


def _texts(commission: Commission, evidence: Evidence) -> list[str]:
    """Return the texts from which an address may be repeated: passages, their own addresses, question and facts."""
    shown = [text for hit in evidence.passages.values() for text in (hit.passage.text, hit.imprint.url)]
    return [*shown, commission.text, *commission.facts.values()]


def _stated(working: Working, text: str) -> bool:
    """Return whether a text states a figure of a computed result; an unused computation does not support a text."""
    return bool(values(text) & values(f"{working.result} {working.explanation}"))


def _missing(text: str) -> tuple[str, ...]:
    """Return what a partial answer says is missing, read from its lines that begin with a notice of `LACKS`."""
    said = [line.partition(notice)[2] for line in text.splitlines() for notice in LACKS if line.startswith(notice)]
    return tuple(part.strip() for line in said for part in line.rstrip(" .").split(";")) or (UNSETTLED,)
