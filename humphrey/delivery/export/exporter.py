"""Released texts as files. The bytes are read back, and handed over only if they show the approved text."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from humphrey.clearance.gate import Release
from humphrey.delivery.export.blocks import normal_form
from humphrey.delivery.export.letterhead import RENDER_ON_LETTERHEAD
from humphrey.delivery.export.opendocument import render_odt
from humphrey.delivery.export.pdf import render_pdf
from humphrey.delivery.export.readback import READ_BACK, READ_ON_LETTERHEAD
from humphrey.delivery.export.sheet import Sheet, found_in, sheet
from humphrey.delivery.export.web_and_markdown import (
    inert,
    markdown_footer,
    markdown_head,
    render_html,
    render_markdown,
)
from humphrey.delivery.export.word import render_docx
from humphrey.digests import sha256
from humphrey.errors import Undeliverable
from humphrey.papers.destinations import Format

_MAKERS: Mapping[Format, Callable[[Sheet], bytes]] = {
    "docx": render_docx,
    "odt": render_odt,
    "html": render_html,
    "pdf": render_pdf,
}


@dataclass(frozen=True)
class Exporter:
    """Makes files of releases.

    Attributes:
        titles: the title of each kind of paper.
        letterhead: the department's letterhead by format; a format that has none is written on plain pages.
    """

    titles: Mapping[str, str]
    letterhead: Mapping[Format, bytes] = field(default_factory=dict)

    def __call__(self, release: Release, form: Format) -> bytes:
        """Return the bytes of the file, after `check` has passed them.

        Raises:
            Undeliverable: the format cannot show the text as it was approved.
        """
        made = render_markdown(release) if form == "md" else self._made(sheet(release, self._title(release)), form)
        self.check(made, release, form)
        return made

    def check(self, content: bytes, release: Release, form: Format) -> str:
        """Return the digest of the approved text as found in a file's bytes.

        Raises:
            Undeliverable: the bytes show any other text.
        """
        if form == "md":
            return _found_in_markdown(content, release)
        read = self._read(content, release.marking, form)
        # A PDF holds characters at positions and no blanks, so blanks cannot be compared.
        return found_in(read, release, self._title(release), blanks=form != "pdf")

    def _made(self, shown: Sheet, form: Format) -> bytes:
        own = self.letterhead.get(form)
        return RENDER_ON_LETTERHEAD[form](shown, own) if own else _MAKERS[form](shown)

    def _read(self, content: bytes, marking: str, form: Format) -> str:
        own = self.letterhead.get(form)
        return READ_ON_LETTERHEAD[form](content, marking, own) if own else READ_BACK[form](content, marking)

    def _title(self, release: Release) -> str:
        return self.titles.get(release.kind, release.kind.replace("_", " ").capitalize())


def _found_in_markdown(content: bytes, release: Release) -> str:
    words, head, tail = content.decode(errors="replace"), markdown_head(release), markdown_footer(release)
    text = words.removeprefix(head).removesuffix(tail)
    if words != head + text + tail or text != inert(release.text):
        raise Undeliverable(
            f"the file made of review {release.name} does not hold the words that were approved; "
            "it was not handed over; take it out again"
        )
    return sha256(normal_form(release.text))
