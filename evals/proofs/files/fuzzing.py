"""One reader fuzzed in a process of its own: `python -m evals.proofs.files.fuzzing .html --seconds 60 --report FILE`.

With atheris the fuzzer sees which lines of the reader an input reaches; without it bytes of the seed are changed at
random. A crash or a hang ends the process, and the report says how far it came.
"""

import argparse
import io
import json
import resource
import sys
import time
import zipfile
import zlib
from collections import Counter
from collections.abc import Callable
from importlib.util import find_spec
from pathlib import Path
from random import Random

from evals.proofs.files.seeds import SEEDS

HAS_ATHERIS = find_spec("atheris") is not None


HANG_S = 20
"""Seconds of one input that count as a hang: the limit of the child process in which files are read."""


_MEMORY_MB = 1024


_LONGEST = 16_384


class Tally:
    """What became of the inputs; written to a file from time to time, because a crash leaves no time for it."""

    def __init__(self, suffix: str, report: Path) -> None:
        from humphrey.documents.readers.process.wire import Request
        from humphrey.documents.readers.process.worker import answer

        self._answer, self._request, self._suffix, self._report = answer, Request, suffix, report
        self.counts: Counter[str] = Counter()
        self._written = 0.0

    def __call__(self, content: bytes) -> None:
        """Read one input."""
        began = time.process_time()
        said = json.loads(self._answer(self._request("a", "a", self._suffix, 500_000, len(content)), content))
        self.counts["read" if said["reading"] else _kind(said["refused"])] += 1
        taken = time.process_time() - began
        if taken > self.counts["slowest_ms"] / 1000:
            self.counts["slowest_ms"] = int(taken * 1000)
        if time.monotonic() - self._written > 1:
            self.write()

    def write(self) -> None:
        """Write the report."""
        self._written = time.monotonic()
        self._report.write_text(json.dumps(self.counts), encoding="utf-8")


def _kind(refusal: str) -> str:
    """Return "refused", or the name of the error that a reader did not expect."""
    return refusal.partition(";")[0] if refusal.startswith("is broken (") else "refused"


def inside(suffix: str) -> Callable[[bytes], bytes]:
    """Return how the fuzzer's bytes become a file: an archive holds them as its document, or no input would be one."""
    names = {".docx": "word/document.xml", ".odt": "content.xml"}
    if suffix not in names:
        return bytes
    return lambda content: _packed(names[suffix], content)


def seed(suffix: str) -> bytes:
    """Return the bytes that the fuzzer changes first."""
    if suffix not in {".docx", ".odt"}:
        return SEEDS[suffix]
    with zipfile.ZipFile(io.BytesIO(SEEDS[suffix])) as archive:
        return archive.read(archive.namelist()[0])


def _packed(name: str, content: bytes) -> bytes:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        archive.writestr(name, content)
    return packed.getvalue()


def changed(content: bytes, choose: Random) -> bytes:
    """Return a seed with a few bytes changed, taken away, doubled or moved."""
    out = bytearray(content)
    for _ in range(choose.randint(1, 6)):
        at, size = choose.randrange(len(out) + 1), choose.randint(1, 40)
        piece = bytes(out[at : at + size])
        match choose.randrange(5):
            case 0:
                out[at : at + 1] = bytes([choose.randrange(256)])
            case 1:
                del out[at : at + size]
            case 2:
                out[at:at] = piece * choose.randint(1, 30)
            case 3:
                out[choose.randrange(len(out) + 1) :] += piece
            case _:
                out[at:at] = choose.choice([b"\0", b"<", b"[", b"\xff\xfe", b"&#x1F;", b"%d", b"=?a?b?", b"99999999"])
    return bytes(out)


def at_random(tally: Tally, suffix: str, seconds: float, choose: Random) -> None:
    """Read changed seeds for some seconds; whole archives too, so that their tables are broken as well."""
    end, wrap = time.monotonic() + seconds, inside(suffix)
    while time.monotonic() < end:
        whole = choose.random() < 0.5
        tally(changed(SEEDS[suffix], choose) if whole else wrap(changed(seed(suffix), choose)))
    tally.write()


def by_coverage(tally: Tally, suffix: str, seconds: int, folder: Path) -> None:
    """Let atheris choose the inputs; it ends the process."""
    import atheris

    corpus, wrap = folder / "corpus", inside(suffix)
    corpus.mkdir(exist_ok=True)
    (corpus / f"seed-{zlib.crc32(suffix.encode())}").write_bytes(seed(suffix))
    limits = [f"-max_total_time={seconds}", f"-timeout={HANG_S}", f"-rss_limit_mb={_MEMORY_MB}", f"-max_len={_LONGEST}"]
    atheris.Setup([sys.argv[0], *limits, f"-artifact_prefix={folder}/", str(corpus)], lambda data: tally(wrap(data)))
    atheris.Fuzz()


def main() -> None:
    """Fuzz one reader."""
    parser = argparse.ArgumentParser(prog="python -m evals.proofs.files.fuzzing", description=__doc__)
    parser.add_argument("suffix", choices=sorted(SEEDS))
    parser.add_argument("--seconds", type=int, default=60)
    parser.add_argument("--report", type=Path, required=True)
    asked = parser.parse_args()
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    if not HAS_ATHERIS:
        tally = Tally(asked.suffix, asked.report)
        at_random(tally, asked.suffix, asked.seconds, Random(asked.suffix))  # noqa: S311 - choices that can be repeated
        return
    import atheris

    with atheris.instrument_imports(include=["humphrey.documents.readers", "mammoth"]):
        tally = Tally(asked.suffix, asked.report)
    by_coverage(tally, asked.suffix, asked.seconds, asked.report.parent)


if __name__ == "__main__":
    main()
