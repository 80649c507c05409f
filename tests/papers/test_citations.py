"""Markers become citations of exact words, and what a model made up does not stay."""

import pytest

from humphrey.documents.model import Imprint, Passage
from humphrey.papers.citations import cite, found_in, quoted_lines, supporting
from humphrey.search.model import Hit

LIST = "You can apply if you’re either:\n- aged 21 or over\n- a carer of someone who is."


TEXT = f"{LIST}\nThe fee is £30. Fees are paid once, by card – never in cash."


HIT = Hit(Passage("page", 3, "sha256:1", TEXT, 100, 100 + len(TEXT), ("Fees",)), Imprint("Page", "https://e.org"), 1.0)


OTHER = Hit(Passage("page", 4, "sha256:1", "Nothing else.", 900, 913), Imprint("Page", "https://e.org"), 0.5)


PASSAGES = {1: HIT, 2: OTHER}


@pytest.mark.parametrize(
    ("written", "quote"),
    [
        ("The fee is £30. [1]", "The fee is £30."),
        ("The fee is £30 [1].", "The fee is £30"),
        ("You pay thirty pounds, one fee. [1]", "The fee is £30."),
        (
            "You can apply if you're either:\n\n- aged 21 or over\n- a carer of someone who is. [1]",
            LIST,
        ),
        ("Pay by card - never in cash. [1]", "Fees are paid once, by card – never in cash."),
        ("It says “paid once, by card” there. [1]", "paid once, by card"),
    ],
)
def test_a_citation_is_the_exact_words_that_stand_behind_the_marker(written: str, quote: str) -> None:
    [citation] = cite(written, PASSAGES).citations
    assert citation.quote == quote
    assert TEXT[citation.start - 100 : citation.end - 100] == quote
    assert (citation.document, citation.version, citation.section) == ("page", "sha256:1", ("Fees",))


@pytest.mark.parametrize(
    "written", ["The fee is £30.[1]", "The fee is £30. [passage 1]", "The fee is £30. 【1】", "The fee is £30. [1, 1]"]
)
def test_a_marker_is_understood_however_it_is_written(written: str) -> None:
    cited = cite(written, PASSAGES)
    assert cited.text == "The fee is £30. [1]"
    assert len(cited.citations) == 1


def test_markers_count_from_one_in_order_of_first_use() -> None:
    cited = cite("Nothing else. [2] The fee is £30. [1] Nothing else. [2]", PASSAGES)
    assert cited.text == "Nothing else. [1] The fee is £30. [2] Nothing else. [1]"
    assert [citation.marker for citation in cited.citations] == ["1", "2"]


def test_an_invented_marker_beside_a_true_one_goes_alone() -> None:
    cited = cite("The fee is £30. [1][7]", PASSAGES)
    assert cited.text == "The fee is £30. [1]"
    assert [(one.check, one.level) for one in cited.findings] == [("citations_resolve", "warn")]


def test_a_year_in_square_brackets_is_no_marker() -> None:
    assert cite("See [2024] UKSC 1 for that.", PASSAGES).text == "See [2024] UKSC 1 for that."


@pytest.mark.parametrize("marks", ["“{}”", '"{}"'])
def test_a_quotation_that_no_passage_holds_loses_its_marks_and_blocks(marks: str) -> None:
    cited = cite(f"It says {marks.format('the fee is always waived')}. [1]", PASSAGES)
    assert "the fee is always waived. [1]" in cited.text
    [finding] = cited.findings
    assert (finding.check, finding.level) == ("quotes_verbatim", "block")
    assert cited.text[finding.start : finding.end] == "the fee is always waived"


def test_the_asker_s_own_words_may_be_quoted_back() -> None:
    cited = cite("You asked “do carers pay it too”. The fee is £30. [1]", PASSAGES, "Do they? do carers pay it too")
    assert "“do carers pay it too”" in cited.text
    assert cited.findings == ()


def test_words_are_found_whatever_their_spaces_and_quotation_marks() -> None:
    assert found_in("if you're  either: aged 21", TEXT) is not None
    assert found_in("aged 22", TEXT) is None
    assert found_in(" ", TEXT) is None


def test_support_for_a_paraphrase_is_the_statement_that_shares_most_with_it() -> None:
    assert supporting("Cards only, no cash is taken once fees are paid.", TEXT).of(TEXT).startswith("Fees are paid")


@pytest.mark.parametrize("after", ["", " [1]", "[1][2]", " [1] [22]  ", "\t[333]"])
def test_the_words_of_a_quoted_line_end_before_its_markers(after: str) -> None:
    text = f"It says:\n\n  > the fee is [4] not due{after}\nSo pay. [1]"
    assert [span.of(text) for span in quoted_lines(text)] == ["the fee is [4] not due"]
