"""The short form of `python -m evals.proofs sequences`."""

from evals.proofs.sequences import prove


def test_whatever_people_try_only_what_another_entitled_person_approved_leaves_and_what_is_due_to_them_is_done():
    outcome = prove(count=100, seed=7, processes=1)

    assert outcome.unsafe == []
    assert outcome.stuck == []
    assert outcome.sequences == 100
    assert outcome.released > 50
    for act in ("ask", "amend", "approve", "return", "refuse", "disable"):
        assert outcome.done[act] > 0
        assert outcome.refused[act] > 0
