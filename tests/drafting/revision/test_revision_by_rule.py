"""What is changed in a draft by rule, as it is told, and what is refused because it wants a model."""

from dataclasses import replace

import pytest

from humphrey.checks.sentences import sentences_cited
from humphrey.drafting.own_texts.plain_english import to_plain_english
from humphrey.drafting.revision.by_rule import NAME, RULES_CAN, Revision, revise_by_rule
from humphrey.errors import CommissionError
from humphrey.papers.draft import Citation, Commission, Draft, Finding, ModelName, silent
from humphrey.papers.kind import Paper, PaperSection
from humphrey.papers.standard_wording import NO_ADVICE
from humphrey.text.sentences import sentences, words

ANSWER = Paper("answer", "Answer", "", (), (), "")


LETTER = replace(ANSWER, title="Acknowledgement", sections=(PaperSection("Letter", text="Dear {{name}}"),))


TEXT = f"""A department must answer within twenty working days. The day of receipt is day 0. [1]

It may not charge for its time. [2]

- Copying is charged at 10p a sheet. [3]
- Postage is at no charge. It is included. [4]

{NO_ADVICE}"""


CITED = tuple(Citation(str(n), "foi", "v", "FOI", "", (), "x", n, n + 1) for n in range(1, 5))


DRAFT = Draft(
    Commission("answer", "How long?", "amina", "web"),
    "answered",
    TEXT,
    ModelName("t", "t"),
    CITED,
    findings=(Finding("style", "suggest", "x"),),
)


def changed(instruction: str, text: str = TEXT, paper: Paper = ANSWER) -> Draft:
    return revise_by_rule(Revision(replace(DRAFT, text=text), instruction, "grace"), paper, silent)


@pytest.mark.parametrize(
    ("instruction", "before", "after"),
    [
        ("Leave out the third sentence.", "\n\nIt may not charge for its time. [2]", ""),
        ("remove sentence 4", "- Copying is charged at 10p a sheet. [3]\n", ""),
        ("Please drop the 3rd paragraph", TEXT[TEXT.index("- Copying") : TEXT.index(NO_ADVICE)], ""),
        ("delete the first sentence", "A department must answer within twenty working days. ", ""),
        ("take out the last paragraph", f"\n\n{NO_ADVICE}", ""),
        ("leave out the sentence that says “CHARGED at 10p”", "- Copying is charged at 10p a sheet. [3]\n", ""),
        ("drop the paragraph with 'day 0'", TEXT[: TEXT.index("It may")], ""),
    ],
)  # fmt: skip
def test_a_sentence_or_paragraph_goes_that_is_named_by_its_place_or_its_words(instruction, before, after):
    assert changed(instruction).text == TEXT.replace(before, after)


def test_citations_whose_markers_went_go_and_the_rest_stay_as_they_were():
    draft = changed("leave out the second paragraph")

    assert [each.marker for each in draft.citations] == ["1", "3", "4"]
    assert draft.citations == (CITED[0], CITED[2], CITED[3])
    assert (draft.model, draft.findings, draft.commission) == (NAME, (), DRAFT.commission)


@pytest.mark.parametrize("which", ["second", "2nd"])
def test_the_markers_of_a_paragraph_stay_when_its_last_sentence_goes(which):
    assert changed(f"drop the {which} sentence").text.startswith(
        "A department must answer within twenty working days. [1]\n\nIt may"
    )
    assert "- Postage is at no charge. [4]\n" in changed("drop the sentence that says 'included'").text


@pytest.mark.parametrize(
    ("instruction", "why"),
    [
        ("drop the 44th sentence", "the draft has 7 sentences; name another"),
        ("drop sentence 0", "the draft has 7 sentences; name another"),
        ("drop the sentence that says “by fax”", "no sentence holds those words; name one by its place"),
        ("drop the sentence that says “charge”", "3 sentences hold those words; name one by its place"),
        ("drop what is not needed", "without a model at an endpoint"),
        ("write it as a poem", "without a model at an endpoint"),
        ("", "without a model at an endpoint"),
        ("make it shorter and plainer", "without a model at an endpoint"),
        ("make it shorter, no more than 500 words", "the draft has .* words, no more than that"),
        ("no more than 5 words", "no rule makes the draft as short as 5 words"),
    ],
)
def test_what_no_rule_does_is_refused_in_words_that_say_what_can_be_done(instruction, why):
    with pytest.raises(CommissionError, match=why):
        changed(instruction)


def test_what_is_offered_can_be_done():
    for offer in ("leave out the second sentence", "leave out the sentence that says ‘at no charge’"):
        assert offer in RULES_CAN
        assert changed(offer).text != TEXT


def test_the_only_sentence_of_a_draft_is_not_taken_out():
    with pytest.raises(CommissionError, match="the draft has 1 sentence; name another"):
        changed("drop the last sentence", "Twenty days. [1]")


@pytest.mark.parametrize(("instruction", "most"), [("Make it shorter", 22), ("at most 15 words, please", 15)])
def test_shorter_leaves_out_the_last_sentences_and_keeps_what_humphrey_says_itself(instruction, most):
    draft = changed(instruction)

    assert NO_ADVICE in draft.text
    kept = [span.of(draft.text) for span in sentences(draft.text)]
    assert kept[:-1] == [span.of(TEXT) for span in sentences(TEXT)][: len(kept) - 1]
    assert len(words(" ".join(kept[:-1]).replace("[1]", "").replace("[2]", ""))) <= most
    assert len(draft.citations) < len(CITED)


QUOTED = (
    "Requests may come by letter or by e-mail.\n\nA reply must say:\n\n- whether it is held\n- why it is refused now"
)


QUOTING = replace(
    DRAFT,
    text=f"{QUOTED} [1]\n\nA fee of £10 may be charged for every copy. [2]",
    citations=(replace(CITED[0], quote=QUOTED), CITED[1]),
)


def test_what_is_left_of_a_quotation_keeps_its_marker_when_its_end_goes():
    draft = revise_by_rule(Revision(QUOTING, "Make it shorter, at most 16 words", "grace"), ANSWER, silent)

    assert "refused" not in draft.text
    assert draft.text.startswith("Requests may come by letter or by e-mail. [1]\n\n")
    assert draft.text.endswith("- whether it is held [1]")
    assert [each.marker for each in draft.citations] == ["1"]
    assert not list(sentences_cited(draft, ANSWER, lambda _id, _version: None))


def test_a_draft_that_loses_its_last_citation_by_rule_cannot_be_approved():
    draft = replace(QUOTING, text="It is so. Ask the desk by letter or by e-mail. [2]", citations=CITED[1:2])

    made = revise_by_rule(Revision(draft, "drop the last sentence", "grace"), ANSWER, silent)

    assert made.text == "It is so. [2]"
    assert made.findings == ()
    cut = replace(draft, text="It is so.\n\nAsk the desk by letter or by e-mail. [2]")
    made = revise_by_rule(Revision(cut, "drop the last sentence", "grace"), ANSWER, silent)
    assert [(each.check, each.level) for each in made.findings] == [("citations_resolve", "block")]


def test_a_letter_is_not_made_shorter_by_rule():
    with pytest.raises(CommissionError, match="says only what it has to"):
        changed("make it shorter", paper=LETTER)
    assert changed("drop the third sentence", paper=LETTER).text != TEXT


def test_plainer_changes_set_phrases_and_parts_long_sentences_each_with_its_marker():
    long = (
        "The officer on duty must utilise the long form of the office for every request of this kind, and they must "
        "commence the search in all the files of the office on the very same day of the week. [1]"
    )
    plainer = changed("Put it in plain English", f"Short one. [2]\n\n{long}").text

    assert plainer.startswith("Short one. [2]\n\n")
    assert [span.of(plainer)[-3:] for span in sentences(plainer)] == ["[2]", "[1]", "[1]"]
    assert to_plain_english(long).parted == 1
    assert "utilise" not in plainer


def test_quoted_words_are_not_made_plainer():
    with pytest.raises(CommissionError, match="its sentences are quoted, and quoted words stay"):
        changed("make it plainer", "“They utilise it in the office at all times.” [1]")
    with pytest.raises(CommissionError, match="no phrase has a plainer one"):
        changed("make it plainer", "Twenty days. [1]")
