"""The short form of `python -m evals.proofs readers`: seeds changed at random, without the fuzzer."""

from pathlib import Path
from random import Random

import pytest

from evals.proofs.files.fuzzing import HANG_S, Tally, at_random
from evals.proofs.files.seeds import SEEDS


@pytest.mark.parametrize("suffix", SEEDS)
def test_a_reader_takes_whatever_a_file_holds(tmp_path: Path, suffix: str):
    tally = Tally(suffix, tmp_path / "report.json")
    tally(SEEDS[suffix])

    at_random(tally, suffix, 0.6, Random(suffix))  # noqa: S311 - choices that can be repeated

    assert tally.counts["read"] >= 1
    assert sum(tally.counts.values()) > 1
    assert tally.counts["slowest_ms"] < HANG_S * 1000
