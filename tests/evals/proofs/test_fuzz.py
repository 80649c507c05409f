"""The short form of `python -m evals.proofs fuzz`."""

from pathlib import Path
from typing import get_args

from evals.proofs.fuzz.proof import PEOPLE, prove
from humphrey.accounts.model import Role

SECONDS = 6


def test_the_requests_come_from_every_role():
    assert {role for person in PEOPLE for role in person.roles} == {*get_args(Role)}


def test_what_the_openapi_document_allows_and_forbids_is_answered_as_it_says(tmp_path: Path):
    tally = prove(tmp_path, SECONDS)

    assert tally.breaches == []
    assert {200, 401} <= set(tally.statuses)
