"""An office with people, guidance and a desk, in a folder of its own."""

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.conversations.attachment_office import Office, furnish, office_at


@pytest.fixture(scope="session")
def furnished(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("furnished")
    furnish(folder)
    return folder


@pytest.fixture
def office(furnished: Path, tmp_path: Path) -> Iterator[Office]:
    shutil.copytree(furnished, tmp_path, dirs_exist_ok=True)
    opened = office_at(tmp_path)
    yield opened
    opened.close()
