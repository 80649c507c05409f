"""Reading happens in a child process: a file that goes beyond the limits is refused, and humphrey goes on."""

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import psutil
import pytest

from humphrey.documents.model import Document, Heading, Imprint, split
from humphrey.documents.readers.files import read_document
from humphrey.documents.readers.formats import READABLE
from humphrey.documents.readers.process import pool, worker
from humphrey.documents.readers.process.pool import POOL, ReadingPool
from humphrey.documents.readers.process.wire import Answer, Reading, Request, line
from humphrey.errors import DocumentError

HANDS = """
import json, os, resource, sys, time
while header := sys.stdin.buffer.readline():
    content = sys.stdin.buffer.read(json.loads(header)["size"])
    exec(content.decode())
"""
"""A child that does what the file says, as a parser does that was taken over by a hostile file."""


@pytest.fixture
def puppets(monkeypatch):
    """A pool whose children do what their file says."""
    start = pool.subprocess.Popen

    def started(_command, **more):
        return start([sys.executable, "-c", HANDS], **more)

    monkeypatch.setattr(pool.subprocess, "Popen", started)
    puppets = ReadingPool(processes=1)
    yield puppets
    puppets.close()


def asked(reading: ReadingPool, content: bytes, suffix: str = ".txt", words: int = 1000) -> Reading:
    return reading.read(Request("a", "a", suffix, words, len(content)), content)


def answering(answer: bytes) -> bytes:
    return f"sys.stdout.buffer.write({answer!r}); sys.stdout.flush()".encode()


def test_every_format_has_its_reader_and_no_other_has_one():
    assert set(worker.READERS) == set(READABLE)


def test_a_document_comes_out_of_the_child_as_its_reader_made_it():
    front = "---\ntitle: Leave\nfacts_as_of: 2026-11-23\nstate: withdrawn\n---\n"
    note = f"{front}# Leave\n\n## Who\n\nAll “staff”.\n".encode()

    read = read_document("leave.md", note, "x/leave")

    assert read == worker.read(Request("x/leave", "leave", ".md", 100, len(note)), note).document
    assert read.headings == (Heading(2, "Who", 0, 3),)
    assert read.imprint.updated is not None


@pytest.mark.parametrize(
    ("does", "reason"),
    [
        (b"time.sleep(60)", "takes too long to be read; split it, or save it afresh as plain text"),
        (b"resource.setrlimit(resource.RLIMIT_CPU, (1, 2))\nwhile True: pass", "takes too long to be read"),
        (b"os.abort()", "is broken or a trap: reading it failed (SIGABRT); open it, save it afresh and try again"),
        (b"os._exit(3)", "is broken or a trap: reading it failed (exit 3)"),
        (answering(b"no JSON\n"), "its values are not what they should be"),
        (answering(b'{"reading": {"document": {"id": 5}}}\n'), "its values are not what they should be"),
        (answering(b"{}\n"), "reading it failed (no answer)"),
        (answering(b"half a line") + b"; os._exit(1)", "reading it failed (exit 1)"),
    ],
)
def test_whatever_happens_in_a_child_is_a_refusal_and_the_next_file_is_read(puppets, does, reason):
    puppets._seconds = 1 if does.startswith(b"time.sleep") else 60
    with pytest.raises(DocumentError) as refused:
        asked(puppets, does)

    puppets._seconds = 60
    assert reason in str(refused.value)
    good = line(Answer(Reading(Document("a", Imprint("A", ""), "Words."))))
    assert asked(puppets, answering(good)).document.text == "Words."


def test_a_child_that_ended_by_itself_is_replaced_and_nobody_notices(puppets):
    good = answering(line(Answer(Reading(Document("a", Imprint("A", ""), "Words.")))))
    asked(puppets, good + b"; os._exit(0)")

    assert asked(puppets, good).document.text == "Words."


@pytest.mark.parametrize(
    ("suffix", "content", "reason"),
    [
        (".html", b"<div>" * 300_000 + b"words", "takes too long to be read"),
        (".eml", b"From: x\nSubject: " + b"=?utf-8?q?a?= " * 20_000 + b"\n\nhello", "needs more than 256 MB of memory"),
        (".eml", b"From: a\n" + b"".join(
            b"Content-Type: multipart/mixed; boundary=x%d\n\n--x%d\n" % (n, n) for n in range(1200)
        ), "is nested too deep"),
        (".md", b"---\ntitle: " + b"[" * 2_000 + b"\n---\nx", "is nested too deep"),
        (".txt", b"word " * 1001, "has 1,001 words, more than 1,000; split it"),
        (".txt", b"w" * 120_000, "has 10,000 words, more than 1,000; split it"),
    ],
)  # fmt: skip
def test_a_file_that_needs_too_much_is_refused_by_the_real_child(small, suffix, content, reason):
    with pytest.raises(DocumentError) as refused:
        asked(small, content, suffix)

    assert reason in str(refused.value)
    assert asked(small, b"Words.").document.text == "Words."


@pytest.fixture(scope="module")
def small():
    """A pool whose children have three seconds of processor and a quarter of the memory."""
    start = pool.subprocess.Popen
    code = (
        "from humphrey.documents.readers.process import worker as w; w.MOST_PROCESSOR_S = 2; "
        "w.MOST_MEMORY = 256 * 1024**2; w._TOO_MUCH = w._TOO_MUCH.replace('1024', '256'); w.main()"
    )

    def started(command, **more):
        return start([*command[:3], "-c", code], **more)

    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(pool.subprocess, "Popen", started)
        small = ReadingPool(processes=1)
        yield small
        small.close()


def test_the_child_gets_none_of_the_environment_and_its_limits_hold():
    asked(POOL, b"Words.")

    alive = [each for each in psutil.Process().children() if each.status() != psutil.STATUS_ZOMBIE]
    [child, *_] = [each for each in alive if pool._WORKER in each.cmdline()]

    assert set(child.environ()) <= {"PYTHONPATH", "LC_CTYPE"}
    assert child.rlimit(psutil.RLIMIT_AS)[0] == worker.MOST_MEMORY
    assert child.rlimit(psutil.RLIMIT_FSIZE) == (0, 0)
    assert child.rlimit(psutil.RLIMIT_CPU)[0] < 1000


def test_a_child_of_a_large_process_reads_more_than_one_file():
    code = (
        "large = bytearray(b'x' * 300 * 1024**2); import psutil\n"
        "from humphrey.documents.readers.files import read_document\n"
        "for n in range(2):\n"
        "    read_document('a.txt', b'Words.', 'a'); print(*(each.pid for each in psutil.Process().children()))\n"
        # The second file finds a child that is about to end, unless that had its time.
        "    import time; time.sleep(0.5)\n"
    )

    done = subprocess.run(
        [sys.executable, "-c", code], stdout=subprocess.PIPE, cwd=Path(worker.__file__).parents[4], check=True
    )

    first, second = done.stdout.split()
    assert first == second


def test_a_killed_parent_leaves_no_child(tmp_path):
    code = (
        "from humphrey.documents.readers.files import read_document; print('ready', flush=True); "
        "read_document('a.txt', b'x\\n \\n' * 4_000_000, 'a')"
    )
    parent = subprocess.Popen(
        [sys.executable, "-c", code], stdout=subprocess.PIPE, cwd=Path(worker.__file__).parents[4]
    )
    with parent:
        parent.stdout.readline()
        deadline = time.monotonic() + 20
        while not (children := psutil.Process(parent.pid).children()) and time.monotonic() < deadline:
            time.sleep(0.05)
        os.kill(parent.pid, signal.SIGKILL)
        parent.wait()
    _, alive = psutil.wait_procs(children, timeout=worker.MOST_PROCESSOR_S + 20)

    assert children
    assert alive == []


def test_a_forked_process_reads_with_children_of_its_own():
    asked(POOL, b"Words.")
    pid = os.fork()
    if not pid:
        # Whatever happens, the copy of the test run must end here.
        try:
            os._exit(0 if asked(POOL, b"Others.").document.text == "Others." else 1)
        finally:
            os._exit(2)

    assert os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1]) == 0
    assert asked(POOL, b"Words.").document.text == "Words."


def test_a_word_of_many_thousand_characters_is_cut_into_passages():
    text = "Lead:\n- " + "w" * 25_000 + "\n- more"

    passages = split(Document("a", Imprint("A", ""), text))

    assert max(len(each.text) for each in passages) == 10_000
    assert "".join("".join(each.text for each in passages).split()) == "".join(text.split())


def test_twice_the_words_take_about_twice_the_time_to_split():
    def seconds(words: int) -> float:
        document = Document("a", Imprint("A", ""), "\n \n".join(["Some words, and more. " * 50] * (words // 200)))
        began = time.process_time()
        split(document)
        return time.process_time() - began

    seconds(1000)

    assert min(seconds(400_000) for _ in range(3)) < 3.2 * min(seconds(200_000) for _ in range(3))
