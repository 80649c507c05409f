"""A sentence is checked against what it was written from: what it cites, or the asker's own text."""

from dataclasses import replace

import pytest

from humphrey.calculations.workings import Working
from humphrey.checks.registry import check
from humphrey.checks.sentences import SENTENCE_CHECKS
from humphrey.documents.model import Document, Imprint
from humphrey.errors import StoreError
from humphrey.papers.draft import Citation, Commission, Draft, Finding, ModelName
from humphrey.papers.kind import Paper
from humphrey.papers.standard_wording import NOTICES, REPLIES

PAPER = Paper("test", "Test", "To test.", (), SENTENCE_CHECKS, "")


PAGE = Document(
    "grants",
    Imprint("Moving grants", "https://example.org/grants"),
    "Who pays\n\nThe Harbour Office pays the grant. You cannot apply before 6 April 2026.\n\n"
    "You need:\n\n- a photo\n- form AL12",
)


MINUTES = (
    "Summarise this: The board met on 3 March 2026. Ravi Shah must send the report to Leeds within 10 working days. "
    "The board did not agree the budget of £12,000."
)


def held(_document: str, _version: str) -> Document:
    return PAGE


def cited(quote: str) -> Citation:
    start = PAGE.text.index(quote)
    where = (PAGE.imprint.title, PAGE.imprint.url, ("Who pays",))
    return Citation("1", PAGE.id, PAGE.version, *where, quote, start, start + len(quote))


def found(text: str, *citations: Citation, question: str = "Who pays?", **more: object) -> list[tuple[str, str]]:
    commission = Commission("answer", question, "amina", "web", **more)
    draft = Draft(commission, "answered", text, ModelName("test", "1"), citations=citations)
    return [(each.check, text[each.start : each.end]) for each in check(draft, PAPER, held)]


def test_a_summary_of_a_pasted_text_needs_no_citation_and_agrees_with_that_text() -> None:
    good = "The board met on 3 March 2026. Within ten working days, Ravi Shah has to send the report to Leeds."

    assert found(good, question=MINUTES, task="summary") == []


@pytest.mark.parametrize(
    ("sentence", "name", "words"),
    [
        ("The board met on 4 March 2026.", "figures_agree", "4 March 2026"),
        ("Ravi Shah must send the report to York within 10 working days.", "names_agree", "York"),
        ("Ravi Shah must send the report to Leeds within 10 weeks.", "figures_agree", "weeks"),
        ("The board agreed the budget of £12,000.", "negation_agrees", "agreed"),
        (
            "The report must send Ravi Shah to Leeds within 10 working days.",
            "roles_agree",
            "report must send Ravi Shah",
        ),
    ],
)
def test_a_summary_that_departs_from_the_pasted_text_is_told(sentence: str, name: str, words: str) -> None:
    findings = found(sentence, question=MINUTES, task="summary")

    assert name in {check for check, _ in findings}
    assert any(words in pointed for check, pointed in findings if check == name)


def test_a_summary_of_attached_files_is_checked_through_its_citations() -> None:
    asked = {"question": "Summarise the file.", "task": "summary", "attached": ("grants",)}
    quote = cited("The Harbour Office pays the grant.")

    assert found("The grant is paid by the Harbour Office. [1]", quote, **asked) == []
    assert found("The grant is paid by the Home Office. [1]", quote, **asked) == [("names_agree", "Home Office")]
    uncited = "The Harbour Office always pays such a grant."
    assert found(uncited, **asked) == [("sentences_cited", uncited)]


@pytest.mark.parametrize("text", [*REPLIES.values(), *NOTICES])
def test_what_humphrey_says_in_its_own_name_states_no_fact(text: str) -> None:
    assert found(text) == []


@pytest.mark.parametrize(
    "text",
    [
        "Nothing was found on this part of the question: who pays, and clerks must return £70 within 9 days.",
        "No passage found speaks of: permits, so every clerk is fined £70.",
        "No passage has these words of the question: pays, yet clerks owe £70 at once.",
        "Read as misspelt: pays (owes), and clerks owe £70 at once.",
        "Read as misspelt: every clerk (owes £70 at once).",
        "The nearest guidance looked at was: clerks owe £70 at once.",
        "The date or figure could not be computed: clerks owe £70 at once; give the earlier day first.",
        "What was changed: ‘clerks’ became ‘clerks who owe £70 at once’.",
        "Not read, and so not in this: the rule that clerks owe £70 at once.",
        "The text is longer than the model takes at once, so it was read in parts: clerks owe £70.",
        "Nothing was found to look at. Clerks, however, still owe £70 at once.",
        "This is what the guidance says, and no legal advice; your legal advisers say clerks owe £70 at once.",
        "Source: clerks owe £70 at once.",
    ],
)
def test_a_claim_behind_the_words_of_a_notice_is_no_notice(text: str) -> None:
    assert {"sentences_cited", "figures_agree"} <= {name for name, _ in found(text, question="Who pays?")}


@pytest.mark.parametrize(
    ("text", "question"),
    [
        ("Nothing was found on this part of the question: within how many days?", "Who pays, within how many days?"),
        ("No passage has these words of the question: sourdough, bread, oven, yeast.", "Sourdough bread oven yeast?"),
        ("Read as misspelt: privte (private), deadlien (deadline), recieve (receive).", "privte deadlien recieve?"),
        (
            "Nothing was found on this part of the question: the private car deadline\n"
            "Read as misspelt: privte (private).",
            "privte car deadline?",
        ),
        ("The nearest guidance looked at was: Moving grants; Leave and other matters of pay.", "Who pays?"),
        (
            "The date or figure could not be computed: the bank holidays of 2031 are not known to humphrey, only those "
            "of 2019 to 2028; count these days by hand, with the list of bank holidays on GOV.UK.",
            "When is 5 May 2031?",
        ),
        ("What was changed: ‘prior to’ became ‘before’ 2 times; 1 long sentence was made two.", "Who pays?"),
    ],
)
def test_a_notice_that_names_words_of_the_question_or_sources_needs_no_citation(text: str, question: str) -> None:
    looked_at = (("grants", "Moving grants"), ("leave", "Leave and other matters of pay"))
    draft = Draft(Commission("answer", question, "amina", "web"), "partial", text, ModelName("test", "1"))

    assert check(replace(draft, looked_at=looked_at), PAPER, held) == ()


def test_a_list_that_is_quoted_whole_is_left_alone_item_by_item() -> None:
    quote = PAGE.text[PAGE.text.index("You need") :]

    assert found(f"{quote} [1]", cited(quote)) == []


def test_a_name_of_the_question_may_be_said_again_but_not_its_no() -> None:
    quote = cited("You cannot apply before 6 April 2026.")

    assert found("Acme Ltd cannot apply before 6 April 2026. [1]", quote, question="When can Acme Ltd apply?") == []
    assert found("You can apply before 6 April 2026. [1]", quote) == [("negation_agrees", "can")]


def test_a_working_vouches_for_its_figures_beside_a_passage() -> None:
    quote = cited("You cannot apply before 6 April 2026.")
    text = "The last day is 30 April 2026. [1]"
    draft = Draft(Commission("answer", "When?", "amina", "web"), "answered", text, ModelName("test", "1"), (quote,))
    working = Working("working_days", {}, "2026-04-30", "20 working days are counted.")

    def complaints(*workings: Working) -> set[str]:
        computed = Draft(**{**draft.__dict__, "workings": workings})
        return {each.check for each in check(computed, PAPER, held)}

    assert "figures_agree" in complaints()
    assert "figures_agree" not in complaints(working)


def test_findings_point_at_words_of_the_draft_wherever_the_sentence_stands() -> None:
    before = "You need form AL12. [1] "
    text = f"{before}The Harbour Office may pay the grant. [1]"
    quote = cited("The Harbour Office pays the grant. You cannot apply before 6 April 2026.")

    assert ("names_agree", "Home Office") in found(text.replace("Harbour", "Home"), quote)


def test_a_check_that_cannot_be_made_stops_the_draft() -> None:
    def gone(_document: str, _version: str) -> Document:
        raise StoreError("the database is gone; start it again")

    commission = Commission("answer", "Who?", "amina", "web")
    citations = (cited("The Harbour Office pays the grant."),)
    draft = Draft(commission, "answered", "The Harbour Office pays. [1]", ModelName("test", "1"), citations)

    with pytest.raises(StoreError):
        check(draft, PAPER, gone)


def test_every_finding_of_a_sentence_is_for_the_reviewer_to_judge() -> None:
    text = "The Home Office must not pay £5. [1]"
    commission = Commission("answer", "Who?", "amina", "web")
    draft = Draft(commission, "answered", text, ModelName("test", "1"), (cited("The Harbour Office pays the grant."),))

    findings: tuple[Finding, ...] = check(draft, PAPER, held)
    assert {each.level for each in findings} == {"warn"}
    assert {"names_agree", "negation_agrees", "figures_agree"} <= {each.check for each in findings}


@pytest.mark.parametrize(
    ("text", "question", "named"),
    [
        ("Under the Grants Assurance Act, the Harbour Office pays the grant. [1]",
         "What must we do under the Grants Assurance Act?", "Grants Assurance Act"),
        ("Under section 47 the Harbour Office pays the grant. [1]", "What does section 47 say of grants?", "47"),
        ("The Harbour Office pays the grant of the Blue Quay Scheme. [1]", "Who pays the Blue Quay Scheme?",
         "Blue Quay Scheme"),
    ],
)  # fmt: skip
def test_a_question_does_not_vouch_for_a_law_that_no_source_has(text: str, question: str, named: str) -> None:
    findings = found(text, cited("The Harbour Office pays the grant."), question=question)

    assert named in [words for _, words in findings]


def test_a_law_that_the_cited_document_names_elsewhere_is_no_finding() -> None:
    text = f"{PAGE.text}\n\n{'It is so. ' * 100}\n\nSection 12 of the Moving Act applies to all of it."
    page, quote = replace(PAGE, text=text), "The Harbour Office pays the grant."
    start = text.index(quote)
    source = Citation("1", page.id, page.version, page.imprint.title, "", (), quote, start, start + len(quote))
    said = "Under section 12 of the Moving Act, the Harbour Office pays the grant. [1]"
    asked = Commission("answer", "Does section 12 of the Moving Act say who pays?", "amina", "web")
    draft = Draft(asked, "answered", said, ModelName("test", "1"), (source,))

    assert [each.message for each in check(draft, PAPER, lambda *_: page)] == []
