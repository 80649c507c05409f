"""What humphrey makes is its own account's alone; what was made more open before is closed at the start, and named."""

import json
import os
import subprocess
import sys

from humphrey.app.file_modes import close_to_others, open_to_others


def made(folder, *names):
    for name in names:
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text("words", encoding="utf-8")


def test_files_that_others_may_read_are_named_and_closed_and_nothing_else_is_touched(tmp_path):
    data, mask = tmp_path / "data", os.umask(0o022)
    try:
        made(data, "humphrey.sqlite3", "humphrey.sqlite3-wal", "uploads/everyone/a.md", "keys/key", "corpus/note.md")
        made(tmp_path, "elsewhere")
        (data / "uploads/link").symlink_to(tmp_path / "elsewhere")
    finally:
        os.umask(mask)
    (data / "keys/key").chmod(0o600)

    named = {path.relative_to(tmp_path).as_posix() for path in open_to_others(data)}
    close_to_others(data)

    files = {"data/humphrey.sqlite3", "data/humphrey.sqlite3-wal", "data/uploads/everyone/a.md"}
    assert named == files | {"data", "data/uploads", "data/uploads/everyone", "data/keys"}
    assert list(open_to_others(data)) == []
    assert (data / "uploads/everyone/a.md").stat().st_mode & 0o777 == 0o600
    assert (data / "corpus/note.md").stat().st_mode & 0o777 == 0o644
    assert (tmp_path / "elsewhere").stat().st_mode & 0o777 == 0o644


def test_a_folder_of_everybody_is_not_closed(tmp_path):
    tmp_path.chmod(0o1777)

    close_to_others(tmp_path)

    assert tmp_path.stat().st_mode & 0o1777 == 0o1777


def test_what_a_command_makes_is_private_whatever_the_mask_of_the_shell_and_doctor_names_what_is_not(tmp_path):
    data, notes = tmp_path / "data", tmp_path / "notes"
    made(notes, "leave.md")
    mask = os.umask(0)
    try:
        run(data, "index", str(notes))
    finally:
        os.umask(mask)
    private = list(open_to_others(data))
    (data / "index").chmod(0o755)

    checks = {each["name"]: each for each in json.loads(run(data, "doctor", "--json"))["checks"]}

    assert (data / "humphrey.sqlite3").exists()
    assert private == []
    assert not checks["file modes"]["ok"]
    assert f"others may read or write {data / 'index'};" in checks["file modes"]["message"]


def run(data, *command):
    environment = {**os.environ, "HUMPHREY_DATA_DIR": str(data)}  # noqa: TID251 - a child process inherits the environment
    done = subprocess.run([sys.executable, "-m", "humphrey", *command], env=environment, capture_output=True, text=True)
    return done.stdout
