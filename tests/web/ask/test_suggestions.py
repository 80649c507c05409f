"""Questions to begin with and to go on with: real headings, answered by their sections, of documents one may read."""

from datetime import UTC, datetime
from pathlib import Path
from types import SimpleNamespace

import pytest

from humphrey.accounts.model import Person
from humphrey.papers.draft import Citation, Commission, Draft, ModelName
from humphrey.web.ask.suggestions import FOLLOW_UPS, Suggestions, question_of
from tests.support.indexing import library

ANN, GUEST = Person("ann", ("official",), groups=("private-office",)), Person("guest", ("official",))

SECTIONS = {
    "How long may a kestrel nest": "A kestrel may nest for forty days in the tower.",
    "Who counts the kestrels?": "The warden counts every kestrel on the first Monday of the month.",
    "What does the ladder cost": "The ladder costs ninety pounds and is paid from petty cash.",
    "Where to read the original": "Somewhere else.",
}


@pytest.fixture(scope="module")
def shelf(tmp_path_factory):
    folder: Path = tmp_path_factory.mktemp("suggestions")
    text = "\n\n".join(f"## {heading}\n\n{words}" for heading, words in SECTIONS.items())
    front = '---\ntitle: "{}"\n---\n'
    (folder / "open").mkdir()
    (folder / "closed").mkdir()
    (folder / "open" / "kestrels.md").write_text(front.format("Kestrels") + text, encoding="utf-8")
    secret = front.format("Otters") + "## Who signs the new otter order\n\nThe otter order is signed by two."
    (folder / "closed" / "otters.md").write_text(secret, encoding="utf-8")
    held = library(folder / "data")
    held.index([folder / "open"])
    held.index([folder / "closed"], audience=frozenset(ANN.groups))
    yield held
    held.close()


def suggestions(shelf, exchanges=()):
    def lookup(person):
        def look(document_id, version):
            held = shelf.document(document_id, version)
            return held if held and shelf.may_read(document_id, person.groups, version) else None

        return look

    conversations = SimpleNamespace(
        edit=lambda _id, _name: SimpleNamespace(exchange=exchanges[0]), exchanges=lambda _id, _name: exchanges
    )
    return Suggestions(shelf, SimpleNamespace(lookup=lookup), conversations)


@pytest.mark.parametrize(
    ("title", "asked"),
    [
        ("Who  appoints the officer?", "Who appoints the officer?"),
        ("What does it cost", "What does it cost?"),
        ("Time limits", ""),
        ("Why", ""),
        ("Whole numbers of things", ""),
        ("How " + "very " * 20 + "long", ""),
    ],
)
def test_a_heading_is_a_question_if_it_asks_and_stands_alone(title, asked):
    assert question_of(title) == asked


def test_examples_are_headings_that_lead_to_their_sections_and_nobody_sees_those_of_another_group(shelf):
    offered = suggestions(shelf)

    assert offered.examples(GUEST) == ("How long may a kestrel nest?",)
    assert set(offered.examples(ANN)) == {"How long may a kestrel nest?", "Who signs the new otter order?"}
    assert offered.examples(GUEST) is offered.examples(Person("another", ("reviewer",)))
    before = offered.examples(GUEST)
    shelf.notify_changed()
    assert offered.examples(GUEST) is not before


def test_one_goes_on_with_the_neighbours_of_what_was_cited_and_never_with_what_one_may_not_read(shelf):
    held = {row.imprint.title: shelf.document(row.id) for row in shelf.list_documents(ANN.groups)}

    def cited(title, words):
        document = held[title]
        at = document.text.index(words)
        return Citation("1", document.id, document.version, title, "", (), words, at, at + len(words))

    def exchange(asked, *citations):
        draft = Draft(Commission("answer", asked, "ann", "web"), "answered", "x", ModelName("a", "b"), citations)
        return SimpleNamespace(conversation="c", draft=draft, at=datetime.now(UTC))

    one = exchange("Counting", cited("Kestrels", "The warden counts"), cited("Otters", "The otter order"))
    assert suggestions(shelf, (one,)).follow_ups("x", GUEST) == [
        "What does the ladder cost?",
        "How long may a kestrel nest?",
    ]
    asked = exchange("what does the ladder cost")
    assert suggestions(shelf, (one, asked)).follow_ups("x", GUEST) == ["How long may a kestrel nest?"]
    secret = exchange("Otters", cited("Otters", "The otter order"))
    assert suggestions(shelf, (secret,)).follow_ups("x", GUEST) == []
    assert FOLLOW_UPS == 3
