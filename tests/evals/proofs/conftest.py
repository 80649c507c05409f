"""Fork the processes of the proofs, as those of the other tests."""

import pytest

from evals.proofs import race, serving
from tests.support import processes


@pytest.fixture(autouse=True)
def quick_starts(monkeypatch: pytest.MonkeyPatch) -> None:
    processes.start_server()
    monkeypatch.setattr(race, "SPAWN", processes.FORKS)
    monkeypatch.setattr(serving, "subprocess", processes)
