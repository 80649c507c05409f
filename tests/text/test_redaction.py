"""What is suggested to be taken out of a text, what stands in its place, and that it is known again."""

import pytest

from humphrey.digests import sha256
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
    ("We met Dr Émilie Fabre there.", "Dr Émilie Fabre", "another person's name"),
    ("We met Dr E\u0301milie Fabre there.", "Dr E\u0301milie Fabre", "another person's name"),
    ("We met Mr Łucjan Wójcik there.", "Mr Łucjan Wójcik", "another person's name"),
    ("We met Mrs Ida Öberg there.", "Mrs Ida Öberg", "another person's name"),
    ("We met Mr Đuro Žižek there.", "Mr Đuro Žižek", "another person's name"),
    ("We met Cllr Γιώργος Παππάς there.", "Cllr Γιώργος Παππάς", "another person's name"),
    ("We met Ms van den Berg there.", "Ms van den Berg", "another person's name"),
    ("We met Mr el-Masri there.", "Mr el-Masri", "another person's name"),
    ("We met Ms d’Arcy there.", "Ms d’Arcy", "another person's name"),
    ("We met Mr\u00a0Tom\u00a0Pryce there.", "Mr\u00a0Tom\u00a0Pryce", "another person's name"),
    ("We met Mr\nPryce there.", "Mr\nPryce", "another person's name"),
    ("WE MET MRS JOAN PRYCE", "MRS JOAN PRYCE", "another person's name"),
    ("We met Ms PRYCE there.", "Ms PRYCE", "another person's name"),
    ("We met Mr. T. Pryce there.", "Mr. T. Pryce", "another person's name"),
    ("We met Mrs J.-P.K. Pryce there.", "Mrs J.-P.K. Pryce", "another person's name"),
    ("It was JOAN PRYCE who asked.", "JOAN PRYCE", "another person's name"),
    ("On Monday Joan Pryce asked.", "Joan Pryce", "another person's name"),
    ("It was Zoë de la Tour who asked.", "Zoë de la Tour", "another person's name"),
    ("KIND REGARDS\n\nŞule Ak", "Şule Ak", "another person's name"),
    ("From: Ægir Þórsson", "Ægir Þórsson", "another person's name"),
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
    "DR Congo is on the list, and MS Teams is not; NHS ENGLAND agrees.",
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


@pytest.mark.parametrize(
    ("written", "asked"),
    [("Łucja Wójcik", "Lucja Wojcik"), ("Sørine Kloß", "Sorine Kloss"), ("Đuro Žižek", "duro zizek"),
     ("Ægir Þórsson", "AEGIR THORSSON"), ("Œnone Iʼanson", "Oenone I'anson"), ("Y\u0131ld\u0131z Ak", "Yildiz Ak"),
     ("E\u0301milie Fabre", "Émilie Fabre")],
)  # fmt: skip
def test_letters_that_lose_no_accent_are_found_by_the_letters_of_a_keyboard(written, asked):
    text = f"It was {written} who asked."

    assert [text[start:end] for start, end in occurrences(text, asked)] == [written]
    assert occurrences(f"It was {asked} who asked.", written) != []
    assert find_redacted(f"It was {asked}.", "pack", {fingerprint("pack", written)}) != []


def test_words_that_an_earlier_version_redacted_are_still_known_again():
    before = sha256("pack łucja wojcik")

    assert find_redacted("It was Łucja Wójcik.", "pack", {f"2 {before}"}) == [(7, 19)]


def test_words_are_known_again_by_a_digest_that_tells_nothing_of_them():
    prints = {fingerprint("pack", "Dr Blackthorn"), fingerprint("pack", "020 7946 0018")}
    text = "It was dr BLACKTHORN, on 020-7946-0018."

    assert [text[a:b] for a, b in find_redacted(text, "pack", prints)] == ["dr BLACKTHORN", "020-7946-0018"]
    assert find_redacted(text, "another", prints) == []
    assert find_redacted("Blackthorn", "pack", prints) == []
    assert "lackthorn" not in str(prints)
    assert fingerprint("pack", "…") == ""
