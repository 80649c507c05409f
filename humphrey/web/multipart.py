"""Files out of a form, written straight into a folder while they arrive, so that no file is ever whole in memory.

A file over the limit is refused by itself; a body over the limit, or one that is no form, is refused whole.
"""

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path
from typing import BinaryIO

from python_multipart.exceptions import FormParserError
from python_multipart.multipart import MultipartParser, parse_options_header
from starlette.requests import ClientDisconnect

from humphrey.documents.ingest import FileRejected
from humphrey.errors import CommissionError, DocumentError

MAX_FILE_BYTES = 20_000_000
"""Largest file that may be handed in."""


MAX_FILES = 50
"""Most files that may be handed in together."""


MAX_BODY_BYTES = 200_000_000
"""Largest form."""


_MAX_WORD_BYTES = 1000


class Form:
    """A form while it arrives.

    Args:
        content_type: the request's header, with the boundary.
        folder: where the files go, as `0`, `1` and so on.

    Raises:
        CommissionError: the request is no form with files.
    """

    def __init__(self, content_type: str, folder: Path) -> None:
        kind, options = parse_options_header(content_type)
        if kind != b"multipart/form-data" or not options.get(b"boundary"):
            raise CommissionError("that was no form with files; use the form on the Guidance page")
        self.words: dict[str, str] = {}
        self.names: list[str] = []
        self.refused: list[FileRejected] = []
        self._folder = folder
        self._arrived = 0
        self._header: tuple[bytes, bytes] = (b"", b"")
        self._disposition = b""
        self._part: _Part | None = None
        self._complete = False
        self._parser = MultipartParser(
            options[b"boundary"],
            {
                "on_part_begin": self._part_begins,
                "on_header_field": self._header_name,
                "on_header_value": self._header_value,
                "on_header_end": self._header_ends,
                "on_headers_finished": self._headers_end,
                "on_part_data": self._part_goes_on,
                "on_part_end": self._part_ends,
                "on_end": self._ends,
            },
        )

    async def read(self, stream: AsyncIterator[bytes]) -> None:
        """Take in the whole form.

        Raises:
            CommissionError: it is too large, broken, or its sender left.
            DocumentError: a file cannot be written.
        """
        try:
            async for some in stream:
                self._arrived += len(some)
                if self._arrived > MAX_BODY_BYTES:
                    raise CommissionError(f"more than {_mb(MAX_BODY_BYTES)} came at once; send the files in parts")
                await asyncio.to_thread(self._parser.write, some)
        except (FormParserError, ClientDisconnect):
            raise CommissionError("the form did not arrive whole; send it again") from None
        except OSError as error:
            raise DocumentError(f"the files cannot be kept ({error.strerror}); make room on the server") from None
        finally:
            if self._part:
                self._part.close()
        if not self._complete:
            raise CommissionError("the form did not arrive whole; send it again")

    def _part_begins(self) -> None:
        self._header, self._disposition = (b"", b""), b""

    def _header_name(self, data: bytes, start: int, end: int) -> None:
        self._header = (self._header[0] + data[start:end], self._header[1])

    def _header_value(self, data: bytes, start: int, end: int) -> None:
        self._header = (self._header[0], self._header[1] + data[start:end])

    def _header_ends(self) -> None:
        name, value = self._header
        if name.lower() == b"content-disposition":
            self._disposition = value
        self._header = (b"", b"")

    def _headers_end(self) -> None:
        _, options = parse_options_header(self._disposition)
        sent = options.get(b"filename")
        self._part = _Part(
            options.get(b"name", b"").decode(errors="replace"),
            None if sent is None else sent.decode(errors="replace"),
        )
        # A browser sends a file without a name and without content where none was chosen.
        if sent:
            if len(self.names) >= MAX_FILES:
                raise CommissionError(f"more than {MAX_FILES} files came at once; send them in parts")
            self._part.file = (self._folder / str(len(self.names))).open("wb")

    def _part_goes_on(self, data: bytes, start: int, end: int) -> None:
        if self._part:
            self._part.write(data[start:end])

    def _part_ends(self) -> None:
        part, self._part = self._part, None
        if part is None:
            return
        part.close()
        if part.sent is None:
            self.words[part.name] = part.word.decode(errors="replace")
        elif part.size > MAX_FILE_BYTES:
            self.refused.append(
                FileRejected(part.sent, f"has more than {_mb(MAX_FILE_BYTES)}; split it, or leave out pictures")
            )
        elif part.file is not None:
            self.names.append(part.sent)

    def _ends(self) -> None:
        self._complete = True


class _Part:
    """One part of a form: words, or a file where a name was `sent` with it."""

    def __init__(self, name: str, sent: str | None) -> None:
        self.name = name
        self.sent = sent
        self.word = b""
        self.size = 0
        self.file: BinaryIO | None = None

    def write(self, some: bytes) -> None:
        self.size += len(some)
        if self.file is None:
            self.word = (self.word + some)[:_MAX_WORD_BYTES]
        elif self.size <= MAX_FILE_BYTES:
            self.file.write(some)

    def close(self) -> None:
        if self.file is not None:
            self.file.close()


def _mb(size: int) -> str:
    return f"{size // 1_000_000} MB"
