"""The measure of summaries counts what a publisher's own summary says, and gives no way more words than another."""

import random

import pytest

from evals.summaries.run import _half, first, recall, score, summed
from evals.summaries.sets import Sample, _parted, _without_lead
from humphrey.app.drafting import build_own_texts
from humphrey.app.guidance import build_embeddings
from humphrey.documents.model import Document, Heading, Imprint
from humphrey.papers.draft import ModelName
from humphrey.settings import Settings


def test_recall_is_the_share_of_a_summarys_words_and_pairs_that_a_text_holds():
    assert recall("harbour charges rise", "The harbour charge rises in April.", 1) == 1.0
    assert recall("harbour charges rise", "Harbour walls crumble.", 1) == pytest.approx(1 / 3)
    assert recall("harbour fees rise", "Harbour fees fall.", 2) == 0.5
    assert recall("harbour fees rise", "Fees of the harbour rise.", 2) == 0.0


def test_the_first_sentences_are_never_fewer_words_than_ours():
    assert first(["One two three.", "Four five.", "Six."], 4) == "One two three. Four five."
    assert first(["One two three."], 100) == "One two three."


def test_the_section_that_sums_a_file_up_is_taken_out_whole():
    summary = "The port raises its fees. " * 10
    text = f"Intro\n\nWords before.\n\nExecutive summary\n\n{summary}\n\nCosts\n\nWords after."
    headings = tuple(
        Heading(1, title, text.index(title), text.index(title) + len(title))
        for title in ("Intro", "Executive summary", "Costs")
    )

    sample = _parted(Document("port", Imprint("Port", ""), text, headings))

    assert sample is not None
    assert sample.summary == summary.strip()
    assert "raises its fees" not in sample.document.text
    assert [sample.document.text[one.start : one.end] for one in sample.document.headings] == ["Intro", "Costs"]


def test_a_pages_description_is_not_part_of_the_text_that_is_summed_up():
    document = Document("a", Imprint("A", ""), "What it is.\n\nFees\n\nThey rise.", (Heading(2, "Fees", 13, 17),))

    bare = _without_lead(document, "What it is.")

    assert bare.text == "\n\nFees\n\nThey rise."
    assert bare.text[bare.headings[0].start : bare.headings[0].end] == "Fees"


def test_a_sample_is_scored_by_the_drafter_of_the_product():
    said = [f"The council pays for repair {n} of the harbour wall before the winter of {2020 + n}." for n in range(12)]
    document = Document("wall", Imprint("The harbour wall", ""), "\n\n".join(said))
    drafter = build_own_texts(
        lambda _id, _version: document, lambda: build_embeddings(Settings()), None, ModelName("", "")
    )

    one = score(Sample(document, "The council pays for the harbour wall."), drafter, random.Random(1))  # noqa: S311 - a sample, no secret

    assert one.words["ours"] == 1.0
    assert one.length > 20
    assert summed(iter([one]))["texts"] == 1


def test_the_halves_have_no_text_in_common():
    samples = [
        Sample(Document(str(n), Imprint("", ""), "The council pays for all of the harbour wall."), "") for n in range(5)
    ]

    assert [len(_half(samples, part)) for part in ("all", "tuned", "held")] == [5, 3, 2]
    assert not {one.document.id for one in _half(samples, "tuned")} & {
        one.document.id for one in _half(samples, "held")
    }
