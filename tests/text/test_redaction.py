"""What is suggested to be taken out of a text, what stands in its place, and that it is known again."""

import pytest

from humphrey.text.redaction import Suggested, find_redacted, fingerprint, occurrences, redacted, suggest


def taken(text: str, known: tuple[str, ...] = (), subject: str = "") -> list[tuple[str, str]]:
    return [(text[each.start : each.end], each.reason) for each in suggest(text, known, subject)]


@pytest.mark.parametrize(("text", "words", "reason"), [
    ("Ring her on 020 7946 0018 today.", "020 7946 0018", "a telephone number"),
    ("Write to j.bloggs@example.com about it.", "j.bloggs@example.com", "a person's e-mail address"),
    ("Dr Verity Blackthorn asked for it.", "Dr Verity Blackthorn", "another person's name"),
    ("It was Sarah Whitcombe who asked.", "Sarah Whitcombe", "another person's name"),
    ("Please reply.\n\nYours sincerely\n\nOluwaseun Adebayo", "Oluwaseun Adebayo", "another person's name"),
    ("Kind regards,\nTim", "Tim", "another person's name"),
])  # fmt: skip
def test_personal_data_and_names_with_a_sign_are_suggested_with_the_reason(text, words, reason):
    assert (words, reason) in taken(text)


def test_the_names_of_people_known_here_are_suggested_where_they_are_names():
    text = "Grace wrote it within the grace period, and amina did not."

    assert taken(text, ("grace", "amina")) == [("Grace", "another person's name")]


def test_whom_a_request_is_about_is_not_taken_out_of_their_own_record():
    text = "Ms Verity Blackthorn met Mr Hugh Pemberton; Verity Blackthorn agreed."

    assert [words for words, _ in taken(text, (), "Verity Blackthorn")] == ["Mr Hugh Pemberton"]


@pytest.mark.parametrize("text", [
    "The Freedom of Information Act 2000 gives twenty working days.",
    "The Cabinet Office and the National Archives agree.",
    "Write to foi@example.gov.uk, or ring 0300 123 1234.",
    "",
])  # fmt: skip
def test_offices_laws_and_ordinary_words_are_left_alone(text):
    assert taken(text) == []


def test_a_block_stands_in_the_place_of_the_words_and_not_over_them():
    text = "Ring Dr Blackthorn on 020 7946 0018."
    marks = suggest(text, (), "")

    out = redacted(text, marks)

    assert out == "Ring [REDACTED: another person's name] on [REDACTED: a telephone number]."
    assert redacted(text, [Suggested(5, 18, "a name"), Suggested(8, 21, "more"), Suggested(5, 18, "a name")]) == (
        "Ring [REDACTED: a name, more] 020 7946 0018."
    )
    assert redacted(text, []) == text


def test_words_are_found_whatever_their_capitals_accents_and_line_ends_but_only_whole():
    text = "José\nÁlvarez, jose alvarez and Josefina Alvarez"

    assert [text[start:end] for start, end in occurrences(text, "Jose Alvarez")] == ["José\nÁlvarez", "jose alvarez"]
    assert occurrences(text, "...") == []


def test_words_are_known_again_by_a_digest_that_tells_nothing_of_them():
    prints = {fingerprint("pack", "Dr Blackthorn"), fingerprint("pack", "020 7946 0018")}
    text = "It was dr BLACKTHORN, on 020-7946-0018."

    assert [text[a:b] for a, b in find_redacted(text, "pack", prints)] == ["dr BLACKTHORN", "020-7946-0018"]
    assert find_redacted(text, "another", prints) == []
    assert find_redacted("Blackthorn", "pack", prints) == []
    assert "lackthorn" not in str(prints)
    assert fingerprint("pack", "…") == ""
