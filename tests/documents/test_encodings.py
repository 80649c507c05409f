"""What a file says is read in the encoding that it is in, whatever the encoding is called."""

import codecs

import pytest

from humphrey.documents.readers.files import read_document
from humphrey.documents.readers.plain_text import clean

SAID = "The board’s limit is £10–20m, or €600."


def page(declared: str) -> bytes:
    return f"<html><head>{declared}</head><body><p>{SAID}</p></body></html>".encode("cp1252")


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("a.txt", SAID.encode()),
        ("a.txt", SAID.encode("cp1252")),
        ("a.md", SAID.encode("cp1252")),
        ("a.txt", codecs.BOM_UTF8 + SAID.encode()),
        ("a.txt", SAID.encode("utf-16")),
        ("a.md", SAID.encode("utf-16")),
        ("a.html", page('<meta charset="iso-8859-1">')),
        ("a.html", page("<meta charset=windows-1252>")),
        ("a.html", page('<meta http-equiv="Content-Type" content="text/html; charset=us-ascii">')),
        ("a.html", page("")),
        ("a.html", f'<meta charset="utf-16"><p>{SAID}</p>'.encode()),
        ("a.html", f'<?xml version="1.0" encoding="ISO-8859-1"?><p>{SAID}</p>'.encode("cp1252")),
        ("a.html", SAID.encode("utf-16")),
    ],
)
def test_a_text_is_read_as_it_was_written(name, content):
    assert read_document(name, content, "a").text == SAID


def test_a_page_of_another_encoding_is_read_by_its_name():
    content = '<meta charset="iso-8859-2"><p>Łódź</p>'.encode("iso-8859-2")

    assert read_document("a.html", content, "a").text == "Łódź"


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("a.md", "The board\x92s limit is £10\x9620m, or \x80600."),
        ("a.txt", "The board\x92s limit is £10\x9620m, or \x80600."),
        ("a.html", "<p>The board\x92s limit is £10\x9620m, or \x80600.</p>"),
        ("a.html", "<p>The board&#146;s limit is £10&#150;20m, or &#128;600.</p>"),
        ("a.json", '{"title": "x", "details": {"body": "The board\\u0092s limit is £10\\u009620m, or \\u0080600."}}'),
    ],
)
def test_signs_of_windows_1252_that_were_taken_for_latin_1_are_what_they_were(name, content):
    assert read_document(name, content.encode(), "a").text == SAID


@pytest.mark.parametrize("code", [*range(1, 9), 0x0B, 0x0C, 0x0D, *range(0x0E, 0x20), 0x7F, 0x81])
def test_no_control_character_vanishes_between_two_others(code):
    assert clean(f"10{chr(code)}20") == "10 20"
