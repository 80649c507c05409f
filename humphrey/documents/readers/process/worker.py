"""The child process: it reads one file after another from its standard input, within limits on memory and processor.

It holds no key, no address and no setting. It ends when its standard input ends, when it has waited in vain, or when a
file has made it large. Run as `python -m humphrey.documents.readers.process.worker`.
"""

import gc
import json
import logging
import os
import resource
import select
import sys
import time
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from threading import Thread

from humphrey.documents.model import Document
from humphrey.documents.readers.base import RawFile, Reader
from humphrey.documents.readers.emails import read_email
from humphrey.documents.readers.govuk.content import read_govuk_page
from humphrey.documents.readers.markdown_files import read_markdown, read_text
from humphrey.documents.readers.opendocument.document import read_odt
from humphrey.documents.readers.pdf.document import pages_of, read_pdf
from humphrey.documents.readers.plain_text import LeftOut, counting
from humphrey.documents.readers.process.wire import Answer, Reading, Request, line
from humphrey.documents.readers.webpages import read_html
from humphrey.documents.readers.word.document import read_docx
from humphrey.documents.words import count_words
from humphrey.errors import DocumentError

READERS: dict[str, Reader] = {
    ".md": read_markdown,
    ".markdown": read_markdown,
    ".html": read_html,
    ".htm": read_html,
    ".json": read_govuk_page,
    ".txt": read_text,
    ".docx": read_docx,
    ".odt": read_odt,
    ".pdf": read_pdf,
    ".eml": read_email,
}
"""The reader of each format of `humphrey.documents.readers.formats.READABLE`."""


MOST_MEMORY = 1024 * 1024 * 1024
"""Bytes of address space. The largest of 290 real files measured took 160 MB."""


MOST_PROCESSOR_S = 20
"""Seconds of processor for one file. The slowest of 290 real files measured took 5."""


_LARGE = 256 * 1024
"""Kilobytes of memory after which the process ends, because Python gives little memory back."""


_IDLE_S = 60.0


_LONGEST_ID = 400


_TOO_DEEP = "is nested too deep to be read, as only a trap is; leave it out"


_TOO_MUCH = f"needs more than {MOST_MEMORY // 1024**2} MB of memory to be read; split it"


def read(request: Request, content: bytes) -> Reading:
    """Read one file.

    Raises:
        DocumentError: it cannot be read; the message continues from the file's name and says what to do.
    """
    if not content:
        raise DocumentError("is empty; there is nothing to index")
    document = _read(READERS[request.suffix], RawFile(request.id, request.stem, content))
    if not document.text.strip():
        raise DocumentError("has no text that can be read; check what it contains")
    if len(document.id) > _LONGEST_ID:
        raise DocumentError(f"has an id of {len(document.id)} characters, more than {_LONGEST_ID}; shorten its path")
    words = count_words(document.text)
    if words > request.most_words:
        raise DocumentError(f"has {words:,} words, more than {request.most_words:,}; split it")
    return Reading(document, pages_of(content) if request.suffix == ".pdf" else 0)


def _read(reader: Reader, raw: RawFile) -> Document:
    left_out = LeftOut()
    try:
        with counting(left_out):
            return replace(reader(raw), left_out=left_out.count, omissions=tuple(left_out.parts))
    except DocumentError:
        raise
    except RecursionError:
        raise DocumentError(_TOO_DEEP) from None
    except MemoryError:
        raise DocumentError(_TOO_MUCH) from None
    except Exception as error:
        # A parser may raise any error on a broken file; only that file is refused, and the others are read.
        logging.getLogger(__name__).debug("document_broken", exc_info=True)
        raise DocumentError(f"is broken ({type(error).__name__}); open it, save it afresh and try again") from error


def answer(request: Request, content: bytes) -> bytes:
    """Return the answer to a request as a line of JSON; a refusal if the file cannot be read."""
    try:
        return line(Answer(read(request, content)))
    except DocumentError as error:
        return line(Answer(refused=str(error)))
    except MemoryError:
        return line(Answer(refused=_TOO_MUCH))
    except RecursionError:
        return line(Answer(refused=_TOO_DEEP))


def main() -> None:
    """Read files until the standard input ends."""
    # The answers go to a descriptor of their own, so that a library that prints cannot write among them.
    answers = os.dup(1)
    os.dup2(2, 1)
    _bound()
    # What was imported stays, so that the collector need not look at it with every file.
    gc.freeze()
    Thread(target=_end_with_parent, args=(os.getppid(),), daemon=True).start()
    with os.fdopen(answers, "wb") as said:
        while request := _next():
            _allow_processor(MOST_PROCESSOR_S)
            said.write(answer(request, sys.stdin.buffer.read(request.size)))
            said.flush()
            if _most_memory_kb() > _LARGE:
                return


def _most_memory_kb() -> int:
    """Return the most memory that the process has had, in kilobytes."""
    # The system's own count goes on from what the parent had, if that started the process without copying its memory.
    try:
        for each in Path("/proc/self/status").read_text(encoding="utf-8").splitlines():
            if each.startswith("VmHWM:"):
                return int(each.split()[1])
    except OSError:
        pass
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss


def _next() -> Request | None:
    """Return the next request; None if there is none any more, or none came for a while."""
    ready, _, _ = select.select([sys.stdin], [], [], _IDLE_S)
    header = sys.stdin.buffer.readline() if ready else b""
    return Request(**json.loads(header)) if header else None


def _bound() -> None:
    """Limit the memory, write no file, leave no core, and let the pages of the server go first."""
    for limit, most in (
        (resource.RLIMIT_AS, MOST_MEMORY),
        (resource.RLIMIT_FSIZE, 0),
        (resource.RLIMIT_CORE, 0),
    ):
        resource.setrlimit(limit, (most, most))
    os.nice(5)


def _allow_processor(seconds: int) -> None:
    """Allow some seconds more than were used so far; the system ends the process beyond them (SIGXCPU)."""
    hard = resource.getrlimit(resource.RLIMIT_CPU)[1]
    resource.setrlimit(resource.RLIMIT_CPU, (int(time.process_time()) + seconds + 1, hard))


def _end_with_parent(parent: int, sleep: Callable[[float], None] = time.sleep) -> None:
    """End the process when its parent is gone, also while it reads a file."""
    while os.getppid() == parent:
        sleep(1)
    os._exit(1)


if __name__ == "__main__":
    main()
