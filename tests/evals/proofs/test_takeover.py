"""The short form of `python -m evals.proofs takeover`."""

from pathlib import Path

from evals.proofs.files.takeover import prove

BY = ("attached", "uploaded for a group", "indexed by a path of that name")
"""The doors of the short form; indexing after each try takes most of its time."""


def test_a_file_that_calls_itself_by_the_id_of_another_document_takes_nothing_by_any_door(tmp_path: Path):
    result = prove(tmp_path, ways=1, doors=BY)

    assert result.breaches == []
    assert dict(result.tries) == dict.fromkeys(BY, 6)
    assert result.taken["attached"] == result.taken["uploaded for a group"] == 6
    assert result.refused["indexed by a path of that name"] == 2
