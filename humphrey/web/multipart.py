"""Uploaded files of a form, written to a folder as they arrive, so that no whole file is in memory.

A file over the limit is refused alone. A body over the limit, or one that is not a form, is refused as a whole.
"""

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path
from typing import BinaryIO

from multipart import MultipartError, MultipartSegment, PushMultipartParser, parse_options_header
from starlette.requests import ClientDisconnect

from humphrey.documents.ingest import FileRejected
from humphrey.errors import CommissionError, DocumentError

MAX_FILE_BYTES = 20_000_000
"""Largest file, in bytes."""


MAX_FILES = 50
"""Most files in one form."""


MAX_BODY_BYTES = 200_000_000
"""Largest form, in bytes."""


# Enough for the name of a group; a longer text field is cut, so that it cannot fill the memory.
_MAX_FIELD_BYTES = 1000


class UploadForm:
    """A form read while it arrives.

    Args:
        content_type: the request's header, with the boundary.
        folder: folder for the files, which are named `0`, `1` and so on.

    Raises:
        CommissionError: the request is not a form with files.
    """

    def __init__(self, content_type: str, folder: Path) -> None:
        kind, options = parse_options_header(content_type)
        if kind != "multipart/form-data" or not options.get("boundary"):
            raise CommissionError("that was no form with files; use the form on the Guidance page")
        self.words: dict[str, str] = {}
        self.names: list[str] = []
        self.refused: list[FileRejected] = []
        self._folder = folder
        self._parser = PushMultipartParser(options["boundary"])
        self._part: MultipartSegment | None = None
        self._word = b""
        self._file: BinaryIO | None = None

    async def read(self, stream: AsyncIterator[bytes]) -> None:
        """Read the whole form.

        Raises:
            CommissionError: the form is too large or broken, or the sender disconnected.
            DocumentError: a file cannot be written.
        """
        arrived = 0
        try:
            # Leaving the parser raises an error for a form that ended before its last boundary.
            with self._parser:
                async for some in stream:
                    arrived += len(some)
                    if arrived > MAX_BODY_BYTES:
                        raise CommissionError(f"more than {_mb(MAX_BODY_BYTES)} came at once; send the files in parts")
                    await asyncio.to_thread(self._take, some)
        except (MultipartError, ClientDisconnect):
            raise CommissionError("the form did not arrive whole; send it again") from None
        except OSError as error:
            raise DocumentError(f"the files cannot be kept ({error.strerror}); make room on the server") from None
        finally:
            self._close()

    def _take(self, some: bytes) -> None:
        for event in self._parser.parse(some):
            if isinstance(event, MultipartSegment):
                self._begin(event)
            elif event is not None:
                self._write(event)
            elif self._part:
                self._end(self._part)

    def _begin(self, part: MultipartSegment) -> None:
        if "\0" in (part.name or "") + (part.filename or ""):
            raise CommissionError("a name in the form holds U+0000, which is not text; give the file another name")
        self._part, self._word = part, b""
        # A browser sends a part without name and content if no file was chosen.
        if part.filename:
            if len(self.names) >= MAX_FILES:
                raise CommissionError(f"more than {MAX_FILES} files came at once; send them in parts")
            self._file = (self._folder / str(len(self.names))).open("wb")

    def _write(self, some: bytes) -> None:
        if self._file is None:
            self._word = (self._word + some)[:_MAX_FIELD_BYTES]
        elif self._part and self._part.bytes_received <= MAX_FILE_BYTES:
            self._file.write(some)

    def _end(self, part: MultipartSegment) -> None:
        self._close()
        if part.filename is None:
            self.words[part.name or ""] = self._word.replace(b"\0", b"").decode(errors="replace")
        elif part.size > MAX_FILE_BYTES:
            reason = f"has more than {_mb(MAX_FILE_BYTES)}; split it, or leave out pictures"
            self.refused.append(FileRejected(part.filename, reason))
        elif part.filename:
            self.names.append(part.filename)

    def _close(self) -> None:
        if self._file:
            self._file.close()
            self._file = None


def _mb(size: int) -> str:
    return f"{size // 1_000_000} MB"
