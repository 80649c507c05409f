"""Released texts as files. The bytes are read back, and handed over only if they show the approved text."""

from collections.abc import Mapping
from dataclasses import dataclass

from humphrey.clearance.gate import Release
from humphrey.delivery.export.blocks import normal_form
from humphrey.delivery.export.opendocument import render_odt
from humphrey.delivery.export.pdf import render_pdf
from humphrey.delivery.export.readback import READ_BACK
from humphrey.delivery.export.sheet import found_in, sheet
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

_MAKERS = {"docx": render_docx, "odt": render_odt, "html": render_html, "pdf": render_pdf}


@dataclass(frozen=True)
class Exporter:
    """Makes files of releases; `titles` maps each kind of paper to its title."""

    titles: Mapping[str, str]

    def __call__(self, release: Release, form: Format) -> bytes:
        """Return the bytes of the file, after `check` has passed them.

        Raises:
            Undeliverable: the format cannot show the text as it was approved.
        """
        made = render_markdown(release) if form == "md" else _MAKERS[form](sheet(release, self._title(release)))
        self.check(made, release, form)
        return made

    def check(self, content: bytes, release: Release, form: Format) -> str:
        """Return the digest of the approved text as found in a file's bytes.

        Raises:
            Undeliverable: the bytes show any other text.
        """
        if form == "md":
            return _found_in_markdown(content, release)
        read = READ_BACK[form](content, release.marking)
        # A PDF holds characters at positions and no blanks, so blanks cannot be compared.
        return found_in(read, release, self._title(release), blanks=form != "pdf")

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
