"""The page of a review for an auditor who may not read all that it rests on shows acts, digests and titles alone."""

from datetime import UTC, datetime

from humphrey.accounts.model import Person
from humphrey.clearance.model import Decision, Review, Version, recorded
from humphrey.papers.draft import Citation, Commission, Draft, GivenDocument, ModelName
from humphrey.web.api.schemas import recorded_shape
from humphrey.web.clearance import recorded_page

AT = datetime(2026, 11, 23, 12, tzinfo=UTC)

CITED = Citation("1", "vault", "sha256:1", "Vault <codes>", "", (), "It opens at dusk.", 0, 17)

DRAFT = Draft(
    Commission("answer", "When does it open at dawn?", "amina", "web"),
    "answered",
    "It opens at dusk. [1]",
    ModelName("t", "f"),
    (CITED,),
    given=(GivenDocument("tides", "sha256:2", "Tide tables"),),
)

REVIEW = Review(
    "r1", (Version(DRAFT, "amina", AT),), "returned", (Decision("return", "grace", DRAFT.digest, "Why dusk?", AT),)
)

IRIS = Person("iris", ("auditor",))


def test_it_shows_who_did_what_with_digests_and_the_titles_of_documents():
    page = recorded_page.page(recorded(REVIEW), IRIS, "it rests on what iris may not read", case=False)

    for shown in ("Returned by grace", "By amina", DRAFT.digest, "Vault &lt;codes&gt;", "Tide tables", "may not read"):
        assert shown in page
    assert "/record?subject=r1" in page
    assert "case.json" not in page


def test_no_word_of_the_question_the_draft_its_passages_or_the_reasons_is_in_it_or_in_its_json():
    record = recorded(REVIEW)

    for said in (recorded_page.page(record, IRIS, "", case=True), str(recorded_shape(record, ""))):
        assert not {word for word in ("dusk", "dawn", "Why") if word in said}


def test_a_disclosure_officer_finds_the_case_file_on_it():
    assert "/reviews/r1/case.json" in recorded_page.page(recorded(REVIEW), IRIS, "", case=True)
