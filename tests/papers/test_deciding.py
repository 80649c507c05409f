"""The words that decide an answer are found in its first quotation, and nowhere else."""

from dataclasses import replace

import pytest

from humphrey.papers.deciding import deciding_words
from humphrey.papers.draft import Citation, Commission, Draft, ModelName

QUOTE = "A clerk may not refund more than £40 within 10 working days. Ask the desk."
TEXT = f"No.\n\n{QUOTE} [1]\n\nA manager must agree by 3 May 2026. [2]"


def cited(marker: str, quote: str) -> Citation:
    return Citation(marker, "fees", "v", "Fees", "", (), quote, 0, len(quote))


ANSWER = Draft(
    Commission("answer", "May a clerk refund £50?", "amina", "web"),
    "answered",
    TEXT,
    ModelName("embedded", "quoting-1"),
    (cited("1", QUOTE), cited("2", "A manager must agree by 3 May 2026.")),
)


def test_duties_denials_and_figures_of_the_first_sentence_decide():
    assert [span.of(TEXT) for span in deciding_words(ANSWER)] == ["may not", "£40", "10 working days"]


@pytest.mark.parametrize(
    "other",
    [
        replace(ANSWER, citations=()),
        replace(ANSWER, commission=replace(ANSWER.commission, kind="minute")),
        replace(ANSWER, commission=replace(ANSWER.commission, task="summary")),
        replace(ANSWER, text="Reworded by hand. [1]"),
    ],
)
def test_a_text_without_a_quotation_that_answers_has_none(other: Draft):
    assert deciding_words(other) == []


def test_the_number_of_a_provision_decides_nothing():
    quote = "Section 36 needs an opinion within 10 working days."
    text = f"{quote} [1]"
    draft = replace(ANSWER, text=text, citations=(cited("1", quote),))

    assert [span.of(text) for span in deciding_words(draft)] == ["10 working days"]
