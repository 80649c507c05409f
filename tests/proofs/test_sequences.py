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
        "hand back",
        "hand over",
        "comment",
        "approve",
        "return",
        "refuse",
    ):
        assert outcome.done[act] > 0
        assert outcome.refused[act] > 0
    assert outcome.done["expire"] > 0
    assert outcome.done["rule on a planted draft"] > 0
