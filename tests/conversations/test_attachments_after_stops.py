"""A restart, an index made anew and a kill at any moment: nothing of a file is lost, and nothing is there by half."""

import signal
import subprocess
import sys
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from tests.conversations.attachment_office import Office, office_at
from tests.support.processes import Popen

MOVE = "When does the press office move to Leeds?"


ATTACHING = """
import sys
from pathlib import Path
sys.path.insert(0, sys.argv[3])
from tests.conversations.attachment_office import office_at
office = office_at(Path(sys.argv[1]), sys.argv[2])
sys.stdout.write("ready\\n")
sys.stdout.flush()
told = lambda *each: sys.stdout.write("%s %s\\n" % each[:2]) and sys.stdout.flush()
words = "\\n\\n".join(f"# Part {n}\\n\\nRule {n} of the moving plan is about box number {n * 7}." for n in range(600))
office.humphrey.attachments.attach("amina", sys.argv[2], "long.md", words.encode(), told)
sys.stdout.write("attached\\n")
"""


def again(office: Office) -> Office:
    office.close()
    return office_at(office.data.parent, office.conversation)


def test_files_are_there_after_a_restart_without_reading_or_embedding_them_again(office: Office):
    held = office.attach()
    [before] = office.vectors()
    written = before.stat().st_mtime_ns
    office = again(office)

    assert office.humphrey.attachments.files(office.conversation, "amina") == [held]
    assert held.document in office.cites(office.ask(MOVE))
    assert office.vectors()[0].stat().st_mtime_ns == written
    office.close()


def test_an_index_made_anew_leaves_files_findable_and_takes_none_of_them_for_guidance(office: Office):
    held = office.attach()
    office.humphrey.library.index([office.data], rebuild=True)

    assert office.vectors() == []
    assert held.document in office.cites(office.ask(MOVE))
    assert {each.id for each in office.humphrey.library.list_documents()} == {"leave", "travel"}
    assert office.humphrey.library.passages(held.document) == 1


@pytest.mark.parametrize("damage", [b"", b"cut", b"x" * 4000])
def test_damaged_vectors_are_made_again(office: Office, damage):
    held = office.attach()
    office.vectors()[0].write_bytes(damage)
    office = again(office)

    assert held.document in office.cites(office.ask(MOVE))
    office.close()


def test_more_conversations_than_are_kept_open_are_all_searched(office: Office):
    asked = [office.humphrey.conversations.new_conversation("amina").id for _ in range(12)]
    held = [office.attach(f"# Plan\n\nTeam {n} moves to floor {n}.\n", to=each) for n, each in enumerate(asked)]

    for file, conversation in zip(held, asked, strict=True):
        hits = office.humphrey.attachments.search("which floor", 3, (f"attached:{conversation}",))
        assert {hit.passage.document for hit in hits if hit.passage.document.startswith("attached/")} == {file.document}


@pytest.mark.parametrize("moment", ["ready", "64 600", "256 600", "attached"])
def test_a_kill_in_the_middle_of_attaching_leaves_a_whole_file_or_none(office: Office, moment):
    office.close()
    arguments = [str(office.data.parent), office.conversation, str(Path(__file__).parents[2])]
    with Popen([sys.executable, "-c", ATTACHING, *arguments], stdout=subprocess.PIPE, text=True) as process:
        for line in process.stdout:
            if line.strip() == moment:
                break
        process.send_signal(signal.SIGKILL)
    office = office_at(office.data.parent, office.conversation)
    files = office.humphrey.attachments.files(office.conversation, "amina")

    assert moment == "ready" or len(files) == 1
    hits = office.humphrey.attachments.search("rule 599 box number 4193", 5, (f"attached:{office.conversation}",))
    assert any("Rule 599" in hit.passage.text for hit in hits) is bool(files)
    office.close()


def test_what_a_killed_process_left_is_deleted_later_and_what_may_be_in_use_is_not(office: Office, monkeypatch):
    held = office.attach()
    lent = office.humphrey.attachments.temporary_conversation("command line").__enter__()
    stray = office.data / "attached" / "files" / lent / "0123456789abcdef"
    stray.parent.mkdir()
    stray.write_bytes(b"left")
    office.humphrey.attachments.remove_leftovers()
    assert stray.exists()

    monkeypatch.setattr(office.humphrey.attachments, "_now", lambda: datetime.now(UTC) + timedelta(hours=2))
    office.humphrey.attachments.remove_leftovers()
    assert [path.name for path in office.kept()] == [held.id]
    assert office.humphrey.conversations.conversations("command line") == []
    assert held.document in office.cites(office.ask(MOVE))
