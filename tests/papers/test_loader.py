"""A kind of paper is data; a mistake in it is found at start and named with its file."""

from pathlib import Path

import pytest

from humphrey.checks.registry import CHECKS
from humphrey.errors import SettingsError
from humphrey.papers.loader import load

GOOD = "title: Note\npurpose: To note.\nfields:\n  - {id: name, label: Name}\nchecks: [not_blank]\n"


LETTER = GOOD + "sections:\n  - {title: Letter, text: 'Dear {{name}}'}\n"


PROMPT = "Write it.\n"


def test_the_two_kinds_that_come_with_humphrey_are_complete() -> None:
    papers = load(CHECKS)
    assert {"answer", "foi_acknowledgement"} <= set(papers)
    for paper in papers.values():
        assert set(paper.checks) <= set(CHECKS)
        assert paper.prompt
    letter = papers["foi_acknowledgement"]
    assert letter.due is not None
    assert (letter.due.rule, letter.due.counted_from, letter.max_words) == ("foi_20wd", "date_received", 150)
    assert letter.worded
    assert letter.parameters["facts_stated"] == {"fields": ("case_reference", "request_text")}


@pytest.mark.parametrize(
    ("wrong", "prompt", "words"),
    [
        (GOOD + "colour: red\n", PROMPT, "colour: Extra inputs are not permitted"),
        (GOOD.replace("label: Name", "label: Name, type: colour"), PROMPT, "fields.0.type: Input should be"),
        (GOOD.replace("not_blank", "not_black"), PROMPT, "no check 'not_black'; there are actions_owned"),
        (GOOD + "marking: RESTRICTED\n", PROMPT, "the marking 'RESTRICTED' is not one in use"),
        (GOOD + "due: {rule: foi, counted_from: name}\n", PROMPT, "no time limit 'foi'; there are"),
        (GOOD + "due: {rule: foi_20wd, counted_from: name}\n", PROMPT, "'name', which is no field of type date"),
        (LETTER.replace("{{name}}", "{{dear}}"), PROMPT, "the place 'dear', but no field fills it"),
        (LETTER.replace("{{name}}", "{{due}}"), PROMPT, "the place 'due', but the paper has no time limit"),
        (LETTER.replace("Dear", "Dear [["), PROMPT, "opens or closes `[[ ]]` once too often"),
        (LETTER.replace("'}", "', when: {field: mood}}"), PROMPT, "depends on 'mood', which is no field"),
        (LETTER.replace("'}", "', rows: name}"), PROMPT, "repeats 'name', which is no field of type rows"),
        (GOOD.replace("label: Name", "label: Name, type: choice"), PROMPT, "a choice has some"),
        (GOOD.replace("label: Name", "label: Name, type: rows"), PROMPT, "rows have some"),
        (GOOD + "computed: [luck]\n", PROMPT, "nothing computes 'luck'"),
        (GOOD + "computed: [foi_cost]\n", PROMPT, "needs the field 'tasks'; add it"),
        (GOOD.replace("checks", "  - {id: name, label: B}\nchecks"), PROMPT, "the field 'name' is listed twice"),
        (GOOD, "\n", "note/prompt.md has no prompt"),
        ("title: [", PROMPT, "not YAML"),
        ("- a list", PROMPT, "the file: Input should be a valid dictionary"),
        ("!!python/object/apply:os.getcwd []", PROMPT, "not YAML"),
    ],
)
def test_a_mistake_is_named_with_its_file_and_what_to_change(
    tmp_path: Path, wrong: str, prompt: str, words: str
) -> None:
    (tmp_path / "note").mkdir()
    (tmp_path / "note/paper.yaml").write_text(wrong, encoding="utf-8")
    (tmp_path / "note/prompt.md").write_text(prompt, encoding="utf-8")
    with pytest.raises(SettingsError) as caught:
        load(CHECKS, tmp_path)
    assert words in str(caught.value)
    assert str(tmp_path / "note/paper.yaml") in str(caught.value)


def test_a_missing_or_unreadable_prompt_is_named(tmp_path: Path) -> None:
    (tmp_path / "note").mkdir()
    (tmp_path / "note/paper.yaml").write_text(GOOD, encoding="utf-8")
    with pytest.raises(SettingsError, match=r"prompt\.md: cannot be read \(No such file"):
        load(CHECKS, tmp_path)
    (tmp_path / "note/prompt.md").write_bytes(b"\xff\xfe")
    with pytest.raises(SettingsError, match="not UTF-8 text"):
        load(CHECKS, tmp_path)


def test_a_department_adds_kinds_and_replaces_some(tmp_path: Path) -> None:
    for name, title in (("note", "Note"), ("answer", "Our answer")):
        (tmp_path / name).mkdir()
        (tmp_path / name / "paper.yaml").write_text(GOOD.replace("title: Note", f"title: {title}"), encoding="utf-8")
        (tmp_path / name / "prompt.md").write_text(PROMPT, encoding="utf-8")
    papers = load(CHECKS, own=tmp_path)
    assert (papers["note"].title, papers["answer"].title) == ("Note", "Our answer")
    assert "foi_acknowledgement" in papers


def test_a_missing_folder_of_the_department_is_named(tmp_path: Path) -> None:
    with pytest.raises(SettingsError, match="correct HUMPHREY_PAPERS"):
        load(CHECKS, own=tmp_path / "nowhere")
