"""The scores of answers about the starter notes: a wrong status, another note and a missing fact each cost."""

from evals.scenarios.scoring import Expected, Outcome, shown

WINE = Expected("answered", frozenset({"gifts"}), ([["line manager"]], [["register", "within 7 days"]]))

NOTHING = Expected("not_in_guidance", frozenset(), ())


def got(expected: Expected, status: str, cited: tuple[str, ...], held: int) -> Outcome:
    return Outcome("q", "May I?", expected, status, cited, held)


def test_an_answer_is_all_right_only_with_its_status_its_note_and_every_fact():
    assert got(WINE, "answered", ("travel", "gifts"), 2).whole
    assert not got(WINE, "partial", ("gifts",), 2).whole
    assert not got(WINE, "answered", ("travel",), 2).whole
    assert not got(WINE, "answered", ("gifts",), 1).whole


def test_refusals_and_answers_out_of_nothing_are_counted_apart():
    outcomes = [
        got(WINE, "not_in_guidance", (), 0),
        got(WINE, "answered", ("travel",), 0),
        got(NOTHING, "answered", ("travel",), 0),
        got(NOTHING, "refused", (), 0),
    ]

    told = dict(line.split("\t") for line in shown(outcomes).splitlines())

    assert told["status right"] == "2 of 4"
    assert told["refused though a note answers"] == "1 of 2"
    assert told["only other notes cited"] == "1 of 2"
    assert told["answered though no note does"] == "1 of 2"
    assert told["facts held"] == "0 of 4"
