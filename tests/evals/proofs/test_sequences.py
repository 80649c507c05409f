"""The short form of `python -m evals.proofs sequences`."""

from evals.proofs.sequences import prove


def test_whatever_people_try_only_what_another_entitled_person_approved_leaves_and_what_is_due_to_them_is_done():
    outcome = prove(count=60, seed=7, processes=1)

    assert outcome.unsafe == []
    assert outcome.stuck == []
    assert outcome.sequences == 60
    assert outcome.released > 25
    for act in (
        "ask",
        "amend",
        "instruct",
        "claim",
        "comment",
        "defer",
        "approve",
        "return",
        "refuse",
    ):
        assert outcome.done[act] > 0
        assert outcome.refused[act] > 0
    # Each of these comes about a handful of times in so few sequences, and now and then one of them does not.
    assert sum(outcome.done[act] for act in ("hand back", "hand over", "expire", "undo", "rule on a planted draft")) > 3
