"""Personal data is found by its shape, its check digits and the words beside it, and what is an office's is not."""

from itertools import pairwise

import pytest

from humphrey.text.personal_data import PERSONAL_DATA_LABELS, find_personal_data


@pytest.mark.parametrize(
    ("text", "kind", "words"),
    [
        ("her number is AB 12 34 56 C", "national_insurance", "AB 12 34 56 C"),
        ("ab123456c", "national_insurance", "ab123456c"),
        ("National Insurance number JG103759", "national_insurance", "JG103759"),
        ("QQ123456C has not paid", "national_insurance", "QQ123456C"),
        ("the patient with 943 476 5919", "nhs_number", "943 476 5919"),
        ("hospital record 9434765919", "nhs_number", "9434765919"),
        ("NHS number: 123 456 7890", "nhs_number", "123 456 7890"),
        ("write to jane.smith@example.com today", "email", "jane.smith@example.com"),
        ("jane.smith@dept.gov.uk", "email", "jane.smith@dept.gov.uk"),
        ("jane (at) example (dot) com", "email", "jane (at) example (dot) com"),
        ("ring 07700 900123", "phone", "07700 900123"),
        ("on +44 (0)20 7946 0958", "phone", "+44 (0)20 7946 0958"),
        ("from +1 202 555 0123", "phone", "+1 202 555 0123"),
        ("Mrs Patel, 4 High Street, LS1 4DY", "postcode", "LS1 4DY"),
        ("he lives at 9 Low Road, M1 1AE", "postcode", "M1 1AE"),
        ("card 4111 1111 1111 1111", "card", "4111 1111 1111 1111"),
        ("sort code 12-34-56, account 12345678", "bank_account", "sort code 12-34-56"),
        ("GB82 WEST 1234 5698 7654 32", "bank_account", "GB82 WEST 1234 5698 7654 32"),
        ("passport number 123456789", "passport", "passport number 123456789"),
        ("licence MORGA753116SM9IJ", "driving_licence", "MORGA753116SM9IJ"),
    ],
)
def test_a_number_or_address_of_a_person_is_found_with_its_place(text, kind, words):
    first = find_personal_data(text)[0]

    assert (first.kind, text[first.start : first.end]) == (kind, words)
    assert kind in PERSONAL_DATA_LABELS


@pytest.mark.parametrize(
    "text",
    [
        "written like QQ 12 34 56 C",
        "for example QQ 12 34 56 C",
        "BG 12 34 56 C has a prefix that is not used",
        "case FOI2026/00123, file AB123456",
        "the patient with 943 476 5918",
        "order 9434765919",
        "UTR 1234567890",
        "foi@example.gov.uk, enquiries@example.org, dept-press@example.gov.uk, caps@example.gov.uk",
        "call 999, 101, 0800 123 4567 or 0300 123 1234",
        "ref: 01632 960 000",
        "the office at SW1A 1AA is closed",
        "4111 1111 1111 1112",
        "on 12-05-21 there were 12345678 of them",
        "GB82 WEST 1234 5698 7654 33",
        "1,234,567,890 pounds in 2026-27, up from 1,134,567,890",
    ],
)
def test_what_only_looks_like_it_or_is_an_offices_is_not_personal(text):
    assert find_personal_data(text) == []


def test_several_are_found_in_order_and_none_overlaps_another():
    text = "AB123456C, jo.bloggs@example.com, 07700 900123, 4111111111111111"

    spans = find_personal_data(text)

    assert [one.kind for one in spans] == ["national_insurance", "email", "phone", "card"]
    assert all(before.end <= after.start for before, after in pairwise(spans))
