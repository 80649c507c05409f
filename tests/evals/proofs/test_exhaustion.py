"""The short form of `python -m evals.proofs exhaustion`."""

from pathlib import Path

import pytest

from evals.proofs.files.exhaustion import MOST_MB, prove


# A connection that the server cuts while a file is still being sent is left to the collector.
@pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning")
def test_hostile_files_are_refused_with_a_sentence_and_the_server_goes_on(tmp_path: Path):
    rows, seen = prove(tmp_path, short=True)

    assert [(row.name, row.breaches) for row in rows if row.breaches] == []
    said = {row.name.removeprefix("attached "): row.said for row in rows}
    assert said["deep.eml"] == "is nested too deep to be read, as only a trap is; leave it out"
    assert said["words.txt"].endswith("words, more than 200,000; split it")
    assert said["good.pdf"].startswith("read, ")
    assert seen.failures == 0
    assert seen.most_mb < MOST_MB
