"""A source is named alike wherever people read it, and humphrey's own words are nobody's quotation."""

import ast
import html
import re
from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path

import pytest

from humphrey.accounts.model import Person
from humphrey.clearance.gate import Release
from humphrey.clearance.model import Review, Version, recorded
from humphrey.clearance.source_changes import SourceChange, source_changes
from humphrey.cli import clearance as clearance_commands
from humphrey.cli import disclosure as disclosure_commands
from humphrey.cli import drafting as drafting_commands
from humphrey.cli import guidance as guidance_commands
from humphrey.cli import json_shapes
from humphrey.delivery.export.blocks import as_drawn
from humphrey.delivery.export.exporter import Exporter
from humphrey.delivery.export.readback import READ_BACK
from humphrey.delivery.outlets import email
from humphrey.documents.model import Document, Imprint, Passage
from humphrey.drafting.evidence import NumberedPassage, render_passages
from humphrey.drafting.extractive.assembly import ShownPassage, assemble_quotations
from humphrey.drafting.own_texts.by_rule import DraftBuilder
from humphrey.drafting.own_texts.in_parts import _place
from humphrey.drafting.revision.citations import lost
from humphrey.guidance.store import DocumentRow
from humphrey.ledger.model import Entry
from humphrey.papers.citations import cite, cited_from
from humphrey.papers.draft import Citation, Commission, Draft, GivenDocument, ModelName
from humphrey.records.case_files.model import CaseFile, SourceText, to_plain
from humphrey.records.case_files.story import story
from humphrey.records.case_files.web_page import page
from humphrey.records.disclosure.model import Excerpt
from humphrey.search.model import Hit
from humphrey.text.sentences import Span
from humphrey.web import copy_text, draft_view
from humphrey.web.api import schemas
from humphrey.web.clearance import evidence_view, recorded_page, review_view
from humphrey.web.guidance import change_view, document_view, list_view

HOUSE = Path(__file__).parent.parent / "humphrey"

WORDS = "A hive may stand no nearer than ten metres to a public path."

AT = datetime(2026, 11, 23, 12, tzinfo=UTC)

OWN = Imprint("Keeping bees", "https://example.org/bees", "Office of Bees", date(2026, 3, 2))

SUMMARY = replace(OWN, original="The bee guide", original_date="July 2021")

NAME = "humphrey's summary of Keeping bees, facts as at 2 March 2026"

ORIGINAL = "The original: The bee guide, Office of Bees, dated July 2021"

IRIS = Person("iris", ("auditor",))


class Scene:
    """A draft that cites a document and looked at it, at every stage of its life."""

    def __init__(self, imprint: Imprint) -> None:
        self.document = Document("bees", imprint, WORDS)
        version = self.document.version
        self.passage = Passage("bees", 0, version, WORDS, 0, len(WORDS), ("Hives",))
        self.hit = Hit(self.passage, imprint, 1.0)
        self.cited = cited_from(imprint, "1", self.passage)
        given = GivenDocument("bees", version, imprint.title, summary=imprint.summary, facts_as_of=imprint.facts_as_of)
        asked = Commission("answer", "How near may it be?", "amina", "file")
        self.draft = Draft(
            *(asked, "partial", f"{WORDS} [1]", ModelName("test", "fixed"), (self.cited,)),
            looked_at=(("bees", imprint.title),),
            given=(given,),
        )
        self.review = Review("r1", (Version(self.draft, "amina", AT),))
        self.release = Release(
            *("r1", "answer", self.draft.text, (self.cited,), "OFFICIAL", "file", "amina"),
            *("sha256:" + "ab" * 32, "grace", AT),
        )
        self.row = DocumentRow("bees", imprint, 1, frozenset(), AT, "bees.md")
        self.lookup = lambda *_: self.document

    @property
    def case(self) -> CaseFile:
        source = SourceText("bees", self.document.version, self.cited.title, self.cited.url, WORDS)
        return CaseFile(self.review, (), (source,), (), None, (), None, "iris", AT)

    @property
    def changes(self) -> list[SourceChange]:
        taken = Entry(1, AT, "olga", "document:add", "bees", {"version": self.document.version}, "", "")
        sent = Entry(2, AT, "amina", "review:open", "r1", {}, "", "")
        gone = Entry(3, AT, "olga", "document:remove", "bees", {}, "", "")
        return source_changes(self.review, {"bees": [taken, gone], "r1": [sent]})


def exported(form: str) -> Callable[[Scene], str]:
    def read_back(scene: Scene) -> str:
        made = Exporter({"answer": "Answer"})(scene.release, form)
        return made.decode() if form == "md" else READ_BACK[form](made, "OFFICIAL")

    return read_back


def told(scene: Scene) -> str:
    """The blocks of a case file as its PDF sets them."""
    return "\n".join(str(value) for block in story(scene.case) for value in vars(block).values())


def reviewed(scene: Scene) -> str:
    shape = json_shapes.review_shape(scene.review, (), AT, scene.changes)
    changes = [change.sentence for change in scene.changes]
    return "\n".join(clearance_commands._lines(scene.review, shape, changes))


def listed(scene: Scene) -> str:
    return list_view.guidance_page([scene.row], list_view.ListQuery(), IRIS, AT.date(), (), ())


def headed(scene: Scene) -> str:
    """The headings of an answer that quotes two documents."""
    other = replace(scene.hit, passage=replace(scene.passage, document="wasps"))
    numbered = [NumberedPassage(n, hit) for n, hit in enumerate((scene.hit, other), start=1)]
    whole = Span(0, len(WORDS))
    chosen = [ShownPassage(each, whole, None, (whole,)) for each in numbered]
    return "\n".join(quote.heading for quote in assemble_quotations(chosen))


def elsewhere(scene: Scene) -> Citation:
    return replace(scene.cited, document="wasps")


def from_own_text(scene: Scene) -> str:
    """The line that names a text of the asker's own before what is drawn from it."""
    lines = DraftBuilder()
    lines.add_source(scene.document, several=True)
    return lines.text


EXPORTS: Mapping[str, Callable[[Scene], str]] = {
    **{form: exported(form) for form in ("docx", "odt", "html", "pdf", "md")},
    "letter": lambda scene: email.around(scene.release)[1],
    "page to copy": lambda scene: copy_text.of_draft(scene.draft, "x"),
    "released page": lambda scene: review_view.released(scene.release, scene.lookup),
    "case file": lambda scene: page(scene.case),
    "case file on paper": told,
}

PLACES: Mapping[str, Callable[[Scene], str]] = {
    **EXPORTS,
    "answer": lambda scene: draft_view.draft(scene.draft, "x", scene.lookup),
    "answer, its document gone": lambda scene: draft_view.draft(scene.draft, "x", lambda *_: None),
    "headings in an answer": headed,
    "passages for a model": lambda scene: render_passages([NumberedPassage(1, scene.hit)]),
    "part of a long text": lambda scene: _place([NumberedPassage(1, scene.hit)]),
    "own text": from_own_text,
    "lost citation": lambda scene: next(lost(scene.draft, replace(scene.draft, citations=(elsewhere(scene),)))).message,
    "review": lambda scene: evidence_view.review(scene.review, scene.lookup, AT, scene.changes),
    "record of a review": lambda scene: recorded_page.page(recorded(scene.review), IRIS, "why", case=False),
    "document": lambda scene: document_view.document_page(
        scene.document, None, IRIS, (), version="", passages=False, removable=False
    ),
    "list": listed,
    "removal": lambda scene: change_view.removal_page(scene.row, IRIS, returns=True),
    "ask": lambda scene: "\n".join(drafting_commands._lines(scene.draft)),
    "review command": reviewed,
    "search": lambda scene: "\n".join(guidance_commands._lines({"hits": [json_shapes.hit_shape(1, scene.hit)]})),
}


def shown(place: str, imprint: Imprint) -> str:
    """What a person reads there: of a page its words, of a PDF its letters without blanks."""
    return " ".join(
        html.unescape(re.sub(r"<(?!blockquote|/blockquote)[^>]*>", " ", PLACES[place](Scene(imprint)))).split()
    )


def as_in(place: str, words: str) -> str:
    return as_drawn(words) if place == "pdf" else words


@pytest.mark.parametrize("place", PLACES)
def test_a_summary_is_called_humphreys_and_dated_wherever_it_is_named(place):
    said = shown(place, SUMMARY)

    assert as_in(place, NAME) in said
    assert as_in(place, "Keeping bees") not in said.replace(as_in(place, NAME), "")


@pytest.mark.parametrize("place", PLACES)
def test_nothing_sets_humphreys_own_words_as_a_quotation(place):
    said = shown(place, SUMMARY)

    assert as_in(place, f"“{WORDS}") not in said
    assert "<blockquote" not in said


@pytest.mark.parametrize("place", EXPORTS)
def test_what_leaves_names_the_original_with_its_own_date(place):
    assert as_in(place, ORIGINAL) in shown(place, SUMMARY)


@pytest.mark.parametrize("place", PLACES)
def test_a_publishers_own_document_is_named_and_quoted_as_before(place):
    said = shown(place, OWN)

    assert as_in(place, "Keeping bees") in said
    assert "summary of" not in said
    assert "The original:" not in said
    if place in {"docx", "odt", "html", "pdf", "md", "letter", "ask", "review command"}:
        assert as_in(place, f"“{WORDS}”") in said
    if place in {"answer", "answer, its document gone", "review", "case file", "released page"}:
        assert "<blockquote" in said


def test_json_says_it_beside_the_fields_of_before():
    scene = Scene(SUMMARY)
    answer, hit = json_shapes.draft_shape(scene.draft, "q1"), json_shapes.hit_shape(1, scene.hit)
    excerpt = Excerpt("x", "Question", "answer", "OFFICIAL", "amina", AT, "How?", scene.review.documents)

    held = (
        answer["citations"][0], answer["looked_at"][0], hit, json_shapes.document_shape(scene.document, 1),
        schemas.review_shape(scene.review, ())["citations"][0], disclosure_commands._piece(excerpt)["rests_on"][0],
    )  # fmt: skip

    assert {each["title"] for each in held} == {"Keeping bees"}
    assert {each["source"] for each in held} == {NAME}
    assert [each["summary"] for each in (held[0], hit, held[3])] == [True, True, True]
    assert (hit["facts_as_of"], hit["updated"], held[0]["facts_as_of"]) == ("2026-03-02", "2026-03-02", "2026-03-02")
    assert hit["original"] == held[0]["original"] == "The bee guide, Office of Bees, dated July 2021"
    assert schemas.recorded_shape(recorded(scene.review), "why")["sources"] == [NAME]
    assert to_plain(scene.case)["sources"][0]["title"] == "Keeping bees"


def test_a_document_without_a_day_of_its_facts_is_still_called_a_summary():
    assert "humphrey's summary of Keeping bees › Hives" in shown("search", replace(SUMMARY, updated=None)).replace(
        ">", "›"
    )


@pytest.mark.parametrize(
    ("written", "left"),
    [
        (f"It says “{WORDS[:-1]}”. [1]", f"It says {WORDS[:-1]}. [1]"),
        (f'It says "{WORDS[:-1]}". [1]', f"It says {WORDS[:-1]}. [1]"),
        (f"The rule:\n> {WORDS} [1]", f"The rule:\n{WORDS} [1]"),
        ("You wrote “how near may it be then”. [1]", "You wrote “how near may it be then”. [1]"),
        ("It calls it a “public path”. [1]", "It calls it a “public path”. [1]"),
    ],
)
def test_a_model_that_quotes_a_summary_loses_the_marks_and_nothing_else(written, left):
    cited = cite(written, {1: Scene(SUMMARY).hit}, "how near may it be then")

    assert (cited.text, cited.findings) == (left, ())
    assert cite(written, {1: Scene(OWN).hit}, "how near may it be then").text == written


def test_a_summary_that_quotes_its_publisher_may_be_quoted_so():
    text = "The guide says “keep every hive away from paths” and means it."
    hit = Hit(Passage("bees", 0, "v", text, 0, len(text)), SUMMARY, 1.0)

    assert "“keep every hive away from paths”" in cite("It says “keep every hive away from paths”. [1]", {1: hit}).text


OTHER = re.compile(
    r"paper|shown|made\.meta|properties|kept|page|row|step|data|self|asked|entry|heading|below|\w+\.c|self\._provider"
)
"""What also has a title, and is no source: papers, sheets, conversations, rows of a table, pages of GOV.UK."""

TITLES_ALONE = {
    "checks/disguises.py": "looks for characters that deceive in the title itself",
    "checks/sentences.py": "compares the words of a sentence with those of the title",
    "checks/titles.py": "looks for a title in the text",
    "clearance/model.py": "gives a field of JSON that scripts read, beside the names",
    "clearance/source_changes.py": "gives a field of JSON that scripts read, beside the names",
    "cli/json_shapes.py": "gives a field of JSON that scripts read, beside the names",
    "drafting/agent/drafter.py": "names a section of a paper",
    "drafting/evidence.py": "keeps it in the record, and searches with its words",
    "drafting/extractive/confidence.py": "measures its words",
    "drafting/extractive/found.py": "measures its words",
    "drafting/extractive/selection.py": "measures its words",
    "drafting/own_texts/drafter.py": "keeps it in the record",
    "drafting/own_texts/extractive_summary.py": "measures its words",
    "drafting/questions/follow_ups.py": "measures its words",
    "guidance/ingestion.py": "looks for characters that deceive in the title itself",
    "guidance/sync/report.py": "is about pages of GOV.UK",
    "guidance/sync/run.py": "is about pages of GOV.UK",
    "records/case_files/service.py": "gives a field of JSON that scripts read, beside the names",
    "web/clearance/notifications_page.py": "names a review",
    "web/guidance/list_view.py": "filters the list by words of the title",
}
"""Modules that read the title of a source and show it to nobody as the source's name, with the reason."""

READ_OR_KEPT = {"database", "documents", "papers", "search", "text"}
"""Packages that read, keep and find documents, and show nothing to anybody."""


def titles_read(path: Path) -> list[str]:
    text = path.read_text(encoding="utf-8")
    nodes = list(ast.walk(ast.parse(text))) if "title" in text else []
    called = {id(node.func) for node in nodes if isinstance(node, ast.Call)}
    of = [
        ast.unparse(node.value)
        for node in nodes
        if (isinstance(node, ast.Attribute) and node.attr == "title" and id(node) not in called)
        or (isinstance(node, ast.Subscript) and isinstance(node.slice, ast.Constant) and node.slice.value == "title")
    ]
    return sorted({each for each in of if not OTHER.fullmatch(each)})


def test_no_other_module_names_a_source():
    reading = {
        path.relative_to(HOUSE).as_posix(): of
        for path in sorted(HOUSE.rglob("*.py"))
        if path.relative_to(HOUSE).parts[0] not in READ_OR_KEPT and (of := titles_read(path))
    }

    assert set(reading) <= set(TITLES_ALONE), "name a source with `humphrey.documents.sources`"
    assert set(TITLES_ALONE) <= set(reading), "these no longer read a title; take them out"


def test_a_document_that_was_given_is_kept_with_what_its_name_needs():
    calls = [
        (path.name, {keyword.arg for keyword in node.keywords})
        for path in HOUSE.rglob("*.py")
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.Call) and ast.unparse(node.func) == "GivenDocument"
    ]

    # Of a note in the record, or a draft from before, no more than an id or a title is known; `None` is a stored one.
    lacking = [name for name, given in calls if not {"summary", "facts_as_of"} <= given and None not in given]
    assert sorted(lacking) == ["given.py", "model.py"]


def test_only_one_module_sets_quotation_marks_around_the_words_of_a_source():
    marks = re.compile(r"“\{[\w.\[\]']*\bquote")
    marking = [path.name for path in HOUSE.rglob("*.py") if marks.search(path.read_text(encoding="utf-8"))]

    assert marking == []


def test_a_draft_that_cites_no_summary_has_the_digest_that_it_always_had():
    draft = Scene(OWN).draft

    assert draft.digest == "sha256:d869fed51bb2d3fb9e8e5973f23d7285947f6c5689332139087e1d360df92d21"
    assert Scene(SUMMARY).draft.digest != draft.digest
