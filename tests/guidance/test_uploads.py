"""The files that are handed in: their names, where they go, and what a stop leaves behind."""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from humphrey.errors import DocumentError
from humphrey.guidance.uploads import Uploads, file_name


@pytest.fixture
def uploads(tmp_path: Path) -> Uploads:
    return Uploads(tmp_path / "uploads")


def handed_in(uploads: Uploads, group: str = "", **files: bytes):
    folder = uploads.receive()
    for n, content in enumerate(files.values()):
        (folder / str(n)).write_bytes(content)
    return uploads.save(folder, "grace", group, [name.replace("_", ".") for name in files])


@pytest.mark.parametrize(
    ("sent", "kept"),
    [
        ("Leave policy.pdf", "Leave policy.pdf"),
        ("../../etc/passwd", "passwd"),
        ("C:\\Users\\ada\\Pay 2026.docx", "Pay 2026.docx"),
        ("..", "document"),
        (".hidden.md", "hidden.md"),
        ("~$lock.docx", "lock.docx"),
        ("README.md", "document-README.md"),
        ("a\x00b\u202ec.md", "abc.md"),
        ('x<y>:"|?*.txt', "x y.txt"),
        ("", "document"),
        ("no ending", "no ending"),
    ],
)
def test_a_file_name_is_data_and_leads_nowhere(sent, kept):
    assert file_name(sent) == kept


@given(st.text(max_size=400))
def test_whatever_a_file_is_called_its_name_is_one_part_of_a_path_that_folders_do_not_pass_over(sent):
    name = file_name(sent)

    assert Path(name).name == name
    assert not name.startswith((".", "~"))
    assert 0 < len(name.encode()) <= 220
    assert file_name(name) == name or name.startswith("document-")


def test_files_are_kept_apart_by_who_may_read_them(uploads, tmp_path):
    uploads.install(handed_in(uploads, a_md=b"a"))
    uploads.install(handed_in(uploads, "hr", a_md=b"b"))
    uploads.install(handed_in(uploads, "HR/../finance", a_md=b"c"))

    folders = dict(uploads.folders())

    assert set(folders.values()) == {frozenset(), frozenset({"hr"}), frozenset({"HR/../finance"})}
    assert all(folder.parent == tmp_path / "uploads" for folder in folders)
    assert len({folder.name.lower() for folder in folders}) == 3


def test_groups_that_differ_in_capitals_alone_have_different_folders_everywhere(uploads):
    first, second = (uploads.install(handed_in(uploads, group, a_md=b"a"))[0].parent.name for group in ("hr", "HR"))

    assert first.lower() != second.lower()


def test_a_group_whose_name_no_folder_can_have_is_refused_before_anything_is_kept(uploads):
    with pytest.raises(DocumentError, match="use a shorter one"):
        handed_in(uploads, "x" * 300, a_md=b"a")


def test_two_files_of_one_name_in_a_batch_are_two_files(uploads):
    folder = uploads.receive()
    for n in range(3):
        (folder / str(n)).write_bytes(b"%d" % n)

    paths = uploads.install(uploads.save(folder, "grace", "", ["a/x.md", "b/X.md", "x.md"]))

    assert [path.name for path in paths] == ["x.md", "X-2.md", "x-3.md"]
    assert [path.read_bytes() for path in paths] == [b"0", b"1", b"2"]


def test_what_was_refused_gives_way_to_what_stood_there_before(uploads):
    first = handed_in(uploads, a_md=b"good")
    paths = uploads.install(first)
    uploads.finish(first, ())
    second = handed_in(uploads, a_md=b"bad", b_md=b"also bad")
    uploads.finish(second, uploads.install(second))

    assert [path.read_bytes() for path in paths] == [b"good"]
    assert [path.name for path in paths[0].parent.iterdir()] == ["a.md"]
    assert uploads.pending() == []


def test_a_batch_that_is_placed_twice_still_knows_what_stood_there_before(uploads):
    first = handed_in(uploads, a_md=b"good")
    uploads.install(first)
    uploads.finish(first, ())
    second = handed_in(uploads, a_md=b"bad")
    uploads.install(second)

    paths = uploads.install(uploads.pending()[0])
    uploads.finish(second, paths)

    assert paths[0].read_bytes() == b"good"


def test_a_batch_that_never_came_in_whole_is_thrown_away(uploads):
    whole, half = handed_in(uploads, a_md=b"a"), uploads.receive()
    (half / "0").write_bytes(b"half a fi")

    assert uploads.pending() == [whole]
    assert not half.exists()
