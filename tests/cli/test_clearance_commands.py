"""The desk through commands: the queue with its filters, claims, comments, instructions and fixed reasons."""

import io
import json
import sys

import pytest
import yaml

from humphrey import cli

FACTS = {
    "case_reference": "FOI2026/00123",
    "requester_name": "Jo Bloggs",
    "requester_address": "jo@example.org",
    "date_received": "2026-11-23",
    "request_text": "How many staff does the department employ?",
    "contact": "FOI team, foi@example.org",
}


@pytest.fixture
def run(tmp_path, monkeypatch, capsys):
    """Runs a command in a data folder of the test's own: (exit code, lines printed, standard error)."""
    monkeypatch.setenv("HUMPHREY_DATA_DIR", str(tmp_path / "data"))

    def run(*words: object) -> tuple[int, list[str], str]:
        monkeypatch.setattr(sys, "argv", ["humphrey", *map(str, words)])
        monkeypatch.setattr(sys, "stdin", io.StringIO(""))
        code = 0
        try:
            cli.main()
        except SystemExit as end:
            code = int(end.code or 0)
        said = capsys.readouterr()
        return code, said.out.splitlines(), said.err

    return run


@pytest.fixture
def sent(run, tmp_path):
    """Sends an acknowledgement for clearance, of a request received on a day; gives the review's id."""

    def sent(received: str = "2026-11-23", asker: str = "amina") -> str:
        facts = tmp_path / f"{received}.yaml"
        facts.write_text(yaml.safe_dump({**FACTS, "date_received": received}), encoding="utf-8")
        code, [line], err = run("draft", "foi_acknowledgement", "--facts", facts, "--review", "--as", asker, "--json")
        assert code == 0, err
        return json.loads(line)["id"]

    return sent


def test_the_list_is_what_a_reviewer_may_clear_most_urgent_first_and_filtered(run, sent):
    later, sooner, own = sent("2026-11-23"), sent("2026-10-01"), sent("2026-09-01", "grace")

    def listed(*words: str) -> list[str]:
        return [line.split("\t")[0] for line in run("reviews", *words)[1]]

    assert listed() == [later, sooner, own]
    assert listed("--as", "grace") == [sooner, later]
    assert listed("--as", "david") == [own, sooner, later]
    assert listed("--as", "grace", "--own") == [own]
    assert listed("--asked-by", "grace") == [own]
    assert listed("--kind", "answer") == listed("--state", "returned") == listed("--older-than", "2") == []
    assert listed("--due-before", "2026-11-01") == [own, sooner]
    assert listed("--limit", "1", "--offset", "1") == [sooner]
    run("claim", later, "--as", "grace")
    assert listed("--as", "grace", "--claimed-by", "me") == listed("--claimed-by", "grace") == [later]
    assert listed("--as", "grace", "--claimed-by", "nobody") == [sooner]


def test_a_short_reference_does_wherever_an_id_does(run, sent):
    review = sent()

    code, [line], err = run("review", "h26-00001", "--json")
    shown = json.loads(line)
    claimed = run("claim", "H26-00001", "--as", "grace")[1][0].split("\t")

    assert (code, err, shown["id"], shown["reference"]) == (0, "", review, "H26-00001")
    assert claimed[:2] == [review, "open"]
    assert run("review", "H26-00002")[2].startswith("humphrey: no review 'H26-00002'")


def test_a_question_without_any_guidance_says_how_to_index_it_and_fails(run):
    assert run("ask", "What is a minute for?") == (
        1,
        [],
        "humphrey: no guidance is indexed, so nothing can be answered; `humphrey index` indexes it\n",
    )


def test_no_log_line_stands_before_an_error_and_the_help_cuts_no_line(run, sent):
    review = sent()
    code, out, err = run("decide", review, "approve", "--as", "tom", "--digest", "x")
    _, helped, _ = run("--help")

    assert (code, out, err.count("\n"), err.startswith("humphrey: tom may not")) == (1, [], 1, True)
    assert [line for line in helped[1:] if line.endswith("...")] == []


def test_at_a_terminal_the_list_has_a_head_and_titles(run, sent, monkeypatch):
    sent()
    monkeypatch.setattr("humphrey.cli.clearance.sys.stdout.isatty", lambda: True, raising=False)

    _, [head, row], _ = run("reviews")

    assert head.split("  ")[0] == "Reference"
    assert row.startswith("H26-00001   FOI acknowledgement: FOI2026/00123")


def test_a_row_of_the_list_has_all_it_had_and_whose_turn_it_is(run, sent):
    review = sent()
    run("claim", review, "--as", "grace")

    _, [plain], err = run("reviews", "--json")
    _, [filtered], more = run("reviews", "--as", "grace", "--json")

    assert json.loads(plain) == json.loads(filtered)
    row = json.loads(plain)
    assert (row["id"], row["state"], row["kind"], row["asked_by"], row["outlet"], row["marking"], row["due"]) == (
        review,
        "open",
        "foi_acknowledgement",
        "amina",
        "file",
        "OFFICIAL",
        "2026-12-22",
    )
    assert {"opened", "findings", "digest", "days_left", "claimed_until", "handed_to"} <= row.keys()
    assert row["claimed_by"] == "grace"
    assert "Overdue first, then what is due soonest" in more
    assert "Overdue" not in err


def test_counts_are_given_by_themselves(run, sent):
    sent()
    run("claim", sent("2026-09-01"), "--as", "grace")

    _, [line], _ = run("reviews", "--as", "grace", "--counts", "--json")

    assert json.loads(line) == {
        "state": {"open": 2, "returned": 0, "released": 0},
        "kind": {"foi_acknowledgement": 2},
        "overdue": json.loads(line)["overdue"],
        "claimed": 1,
        "mine": 1,
        "own": 0,
    }
    assert "claimed\t\t1" in run("reviews", "--counts")[1]


def test_a_draft_goes_from_hand_to_hand_through_commands(run, sent):
    review = sent()

    assert run("claim", review, "--as", "grace")[:2] == (0, [f"{review}\topen\tgrace"])
    code, _, said = run("claim", review, "--as", "david")
    assert (code, "grace has claimed review H26-00001 until" in said) == (1, True)
    assert run("hand-over", review, "--to", "david", "--as", "grace")[1] == [f"{review}\topen\tdavid"]
    assert run("comment", review, "Is it for today?", "--as", "amina")[0] == 0
    assert run("hand-back", review, "--as", "david")[1] == [f"{review}\topen\t"]

    _, [line], _ = run("instruct", review, "leave out the last sentence", "--as", "grace", "--json")
    told = json.loads(line)
    assert (told["versions"][1]["origin"], told["versions"][1]["editor"]) == ("instruction", "grace")
    assert told["comments"][0]["text"] == "Is it for today?"
    assert told["digest"] == told["versions"][1]["digest"] != told["versions"][0]["digest"]
    stale = run("instruct", review, "leave out the first sentence", "--as", "amina", "--digest", "sha256:0")
    assert (stale[0], "changed since it was shown" in stale[2]) == (1, True)

    code, [line], _ = run(
        *("decide", review, "return", "--as", "david", "--digest", told["digest"]),
        *("--because", "facts", "--because", "tone", "--json"),
    )
    returned = json.loads(line)
    assert (code, returned["state"], returned["decisions"][0]["reasons"]) == (0, "returned", ["facts", "tone"])


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("claim", "r1"), "--as USER is needed"),
        (("hand-back", "r1"), "--as USER is needed"),
        (("hand-over", "r1", "--as", "grace"), "--to"),
        (("comment", "r1", "--as", "grace"), "TEXT"),
        (("instruct", "r1", "shorter"), "--as USER is needed"),
        (("decide", "r1", "return", "--as", "grace", "--digest", "x", "--because", "mood"), "mood"),
        (("reviews", "--claimed-by", "me"), "--as USER is needed"),
        (("reviews", "--own"), "--as USER is needed"),
        (("reviews", "--state", "lost"), "lost"),
        (("reviews", "--due-before", "soon"), "soon"),
    ],
)
def test_what_is_misspelt_ends_with_2_and_is_named(run, words, said):
    code, out, err = run(*words)

    assert (code, out) == (2, [])
    assert said in err


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("claim", "r9", "--as", "grace"), "no review 'r9'"),
        (("instruct", "r9", "shorter", "--as", "grace"), "no review 'r9'"),
        (("reviews", "--as", "amina"), "it takes the reviewer role"),
        (("reviews", "--as", "nobody at all"), "there is no account"),
        (("reviews", "--limit", "0"), "limit is 0; give a number from 1 to 200"),
    ],
)
def test_what_cannot_be_done_ends_with_1_and_a_sentence(run, words, said):
    code, out, err = run(*words)

    assert (code, out) == (1, [])
    assert said in err
    assert "Traceback" not in err


def test_a_draft_is_deferred_approved_with_findings_named_and_taken_back_through_commands(run, sent):
    review = sent()
    late = run("defer", review, "--until", "2040-01-01", "--reason", "Counsel is asked.", "--as", "grace")
    assert (late[0], "give a day after today, within a year" in late[2]) == (1, True)
    assert run("defer", review, "--until", "2026-12-04", "--as", "grace")[0] == 2
    code, [line], _ = run("comment", review, "@grace and @nobody.here, look.", "--as", "amina", "--json")
    assert (code, json.loads(line)["deferred_until"]) == (0, None)
    assert (
        "Nobody called “nobody.here” may read this draft" in run("comment", review, "@nobody.here", "--as", "amina")[2]
    )

    digest = json.loads(line)["digest"]
    wrong = run("decide", review, "approve", "--as", "grace", "--digest", digest, "--acknowledge", "mood")
    assert (wrong[0], "has no finding 'mood'" in wrong[2]) == (1, True)
    code, [line], _ = run("decide", review, "approve", "--as", "grace", "--digest", digest, "--json")
    [decision] = json.loads(line)["decisions"]
    assert (code, decision["door"], decision["held_until"]) == (0, "command", None)
    assert run("undo", review, "--as", "david")[0] == 1
    assert run("undo", review, "--as", "grace")[1] == [f"{review}\topen\t"]
    code, [line], _ = run("review", review, "--json")
    acts = [entry["act"] for entry in json.loads(line)["history"]]
    assert (acts[-1], run("outbox")[1]) == ("review:undo", [])


def test_a_wished_day_without_a_review_is_misspelt(run):
    code, _, said = run("ask", "When is a reply due?", "--by", "2026-12-04")

    assert (code, "--by needs --review" in said) == (2, True)
