"""The case file: who may have one, what it holds, and that it shows by itself whether it was altered."""

import copy
import hashlib
import json
import subprocess
import sys
from pathlib import Path

import pytest

from humphrey.digests import canonical, sha256
from humphrey.errors import IdentityError, NotPermitted, ReviewError
from humphrey.guidance import store as document_store
from humphrey.ledger import store as ledger_store
from humphrey.records.case_files import verify_case
from tests.support.records_office import QUOTE

SCRIPT = Path(verify_case.__file__)


def case_of(office, review_id: str) -> dict:
    return json.loads(office.cases.export(review_id, "iris", "json"))


def faults(case: dict) -> list[str]:
    return list(verify_case.faults(case, ""))


def leaves(value, path=()):
    if isinstance(value, dict | list) and value:
        pairs = value.items() if isinstance(value, dict) else enumerate(value)
        for name, each in pairs:
            yield from leaves(each, (*path, name))
    else:
        yield path, value


def put(case: dict, path: tuple, value: object) -> dict:
    changed = copy.deepcopy(case)
    inner = changed
    for name in path[:-1]:
        inner = inner[name]
    inner[path[-1]] = value
    return changed


def other(value: object) -> object:
    if isinstance(value, bool) or value is None:
        return not value
    if isinstance(value, int | float):
        return value + 1
    return f"{value}x" if isinstance(value, str) else {"x": "x"} if isinstance(value, dict) else ["x"]


def resealed(case: dict) -> dict:
    """What a person writes who knows how the file is made, and puts every digest of it right again."""
    case["digests"] = {name: sha256(canonical(case[name])) for name in ("format", "about")} | {
        f"{name} {n}": sha256(canonical(each))
        for name in verify_case.SECTIONS
        for n, each in enumerate(case[name], start=1)
    }
    case.pop("digest")
    return {**case, "digest": sha256(canonical(case))}


def test_a_case_file_holds_everything_about_a_released_text(office):
    review = office.delivered()
    case = case_of(office, review.id)

    assert [each["draft"]["text"] for each in case["versions"]] == [
        f"“{QUOTE}” [1]",
        f"The Act says it: “{QUOTE}” [1]",
    ]
    assert [each["editor"] for each in case["versions"]] == ["amina", "amina"]
    assert [(each["verdict"], each["reviewer"]) for each in case["decisions"]] == [
        ("return", "grace"), ("approve", "grace"),
    ]  # fmt: skip
    assert case["decisions"][1]["digest"] == case["versions"][1]["digest"] == review.draft.digest
    assert [each["text"] is not None for each in case["sources"]] == [True]
    assert case["deliveries"][0]["receipt"] == "shown to amina"
    assert case["versions"][0]["draft"]["model"]["settings"] == {"temperature": "0"}
    assert case["versions"][0]["draft"]["steps"]
    acts = [each["act"] for each in case["entries"]]
    assert acts[0] == "review:open" or "review:open" in acts
    assert acts[-1] == "release:deliver"
    assert faults(case) == []


def test_the_part_that_stays_in_the_department_is_in_the_case_file_and_bound(office):
    review = office.ask("How long, with a note?")
    case = case_of(office, review.id)

    assert faults(case) == []
    assert b"For colleagues." in office.cases.export(review.id, "iris", "html")
    altered = resealed(put(case, ("versions", 0, "draft", "note"), "For all."))
    assert "versions 1: its words are not those of its digest" in faults(altered)


@pytest.mark.parametrize("form", ["html", "pdf", "json"])
def test_taking_one_out_is_recorded_with_the_digest_of_the_file(office, form):
    review = office.delivered()

    made = office.cases.export(review.id, "amina", form)

    last = list(ledger_store.entries(office.database))[-1]
    assert (last.actor, last.act, last.subject) == ("amina", "case:export", review.id)
    assert last.detail == {"form": form, "digest": "sha256:" + hashlib.sha256(made).hexdigest()}


@pytest.mark.parametrize(("user", "allowed"), [
    ("iris", True), ("amina", True), ("grace", True), ("david", False), ("tom", False), ("priya", False),
    ("sam", False),
])  # fmt: skip
def test_a_released_text_is_for_auditors_its_asker_and_those_who_decided(office, user, allowed):
    review = office.delivered()

    if allowed:
        assert office.cases.export(review.id, user, "json")
        return
    with pytest.raises(NotPermitted, match="ask an auditor"):
        office.cases.export(review.id, user, "json")
    last = list(ledger_store.entries(office.database))[-1]
    assert (last.actor, last.act, last.detail) == (
        user, "act:refused", {"tried": "case:export", "why": "NotPermitted"},
    )  # fmt: skip


def test_what_has_not_left_is_for_auditors_alone(office):
    review = office.ask()

    assert faults(case_of(office, review.id)) == []
    for user in ("amina", "grace"):
        with pytest.raises(NotPermitted):
            office.cases.export(review.id, user, "html")


def test_the_person_who_may_no_longer_read_its_sources_asks_an_auditor(office):
    review = office.delivered()
    with office.database.transaction() as tx:
        document_store.set_audience(tx, "foi", frozenset({"policy"}))

    for user in ("amina", "iris"):
        with pytest.raises(NotPermitted, match="or a disclosure officer"):
            office.cases.export(review.id, user, "html")
    office.with_account("iris", groups=("policy",))
    assert office.cases.export(review.id, "iris", "html")


def test_a_disclosure_officer_takes_any_case_file_by_a_right_that_the_record_names(office):
    review = office.delivered()
    office.with_account("iris", roles=("disclosure_officer",))

    office.cases.export(review.id, "iris", "html")
    assert "right" not in list(ledger_store.entries(office.database))[-1].detail
    with office.database.transaction() as tx:
        document_store.set_audience(tx, "foi", frozenset({"policy"}))
    office.cases.export(review.id, "iris", "html")
    assert list(ledger_store.entries(office.database))[-1].detail["right"] == "disclose"


def test_nobody_and_nothing_are_refused_by_name(office):
    with pytest.raises(ReviewError, match="no review 'r9'"):
        office.cases.export("r9", "iris", "json")
    with pytest.raises(IdentityError, match="there is no account 'zoe'"):
        office.cases.export("r9", "zoe", "json")


def test_every_value_that_is_altered_is_named(office):
    case = case_of(office, office.delivered().id)
    every = list(leaves(case))

    assert len(every) > 200
    for path, value in every:
        named = [fault.partition(":")[0] for fault in verify_case.changed(put(case, path, other(value)))]
        part = f"{path[0]} {path[1] + 1 if path[1:] else 1}" if path[0] in verify_case.SECTIONS else path[0]
        assert (path[1] if part == "digests" else part) in named or part == "digest", path
        assert "digest" in named, path


@pytest.mark.parametrize("path", [
    ("versions", 0, "draft", "text"), ("versions", 1, "draft", "commission", "text"), ("versions", 1, "digest"),
    ("versions", 0, "draft", "model", "name"), ("versions", 1, "origin"), ("versions", 0, "draft", "steps", 0, "name"),
    ("versions", 0, "draft", "citations", 0, "quote"), ("versions", 1, "editor"), ("versions", 0, "at"),
    ("sources", 0, "text"), ("decisions", 1, "digest"), ("decisions", 1, "reviewer"), ("decisions", 0, "verdict"),
    ("decisions", 0, "reason"), ("comments", 0, "text"), ("comments", 0, "by"), ("deliveries", 0, "sent_digest"),
    ("deliveries", 0, "key"), ("deliveries", 0, "receipt"), ("entries", 1, "actor"), ("entries", 2, "seal"),
])  # fmt: skip
def test_what_is_bound_is_named_even_where_every_digest_of_the_file_was_put_right(office, path):
    case = case_of(office, office.delivered().id)
    value = case
    for name in path:
        value = value[name]

    assert faults(resealed(put(case, path, other(value)))) != []


def test_a_part_that_is_taken_out_or_put_in_is_named(office):
    case = case_of(office, office.delivered().id)
    for name in ("versions", "decisions", "deliveries", "entries", "sources"):
        assert faults({**case, name: case[name][1:]})
        assert faults({**case, name: [*case[name], case[name][-1]]})
    assert faults(resealed({**copy.deepcopy(case), "versions": case["versions"][:1]}))
    assert faults(resealed({**copy.deepcopy(case), "entries": case["entries"][:-2]}))


def test_the_script_verifies_a_file_with_nothing_but_python(office, tmp_path):
    review = office.delivered()
    file = tmp_path / "case.json"
    file.write_bytes(office.cases.export(review.id, "iris", "json"))
    script = tmp_path / "verify_case.py"
    script.write_bytes(SCRIPT.read_bytes())

    def run(*args: str) -> subprocess.CompletedProcess:
        return subprocess.run([sys.executable, "-I", "-S", script, *args], capture_output=True, text=True, check=False)

    whole = run(str(file))
    assert (whole.returncode, whole.stderr) == (0, "")
    assert review.id in whole.stdout
    altered = json.loads(file.read_text(encoding="utf-8"))
    altered["decisions"][1]["reason"] = "altered"
    file.write_text(json.dumps(altered), encoding="utf-8")
    named = run(str(file))
    assert named.returncode == 1
    assert "decisions 2: it was changed" in named.stdout
    file.write_text("[]", encoding="utf-8")
    assert run(str(file)).returncode == 2
