"""A letter greets a person by the title that was given, and guesses none."""

import pytest

from humphrey.papers.assembly.forms_of_address import salutation, sign_off


@pytest.mark.parametrize(
    ("name", "greeting"),
    [
        ("Ms Jane Smith", "Dear Ms Smith"),
        ("mr. Ian de la Rue OBE", "Dear mr. de la Rue"),
        ("Jane Smith", "Dear Jane Smith"),
        ("Jane Smith MP", "Dear Jane Smith"),
        ("Rt Hon Dr Ann Lee MP", "Dear Dr Lee"),
        ("Sir John Smith KC", "Dear Sir John"),
        ("Dame Ann Lee", "Dear Dame Ann"),
        ("Professor Dame Ann Lee", "Dear Dame Ann"),
        ("Rt Hon the Baroness Lee of Bath", "Dear Lady Lee"),
        ("Lord Smith", "Dear Lord Smith"),
        ("The Earl of Bath", "Dear Lord Bath"),
        ("Mx Sam O'Neill-Ward", "Dear Mx O'Neill-Ward"),
        ("Łukasz Nowak", "Dear Łukasz Nowak"),
        ("Dr", "Dear Dr"),
        ("", "Dear Sir or Madam"),
    ],
)
def test_the_salutation_follows_the_title(name: str, greeting: str) -> None:
    assert salutation(name) == greeting


def test_the_sign_off_goes_with_the_salutation() -> None:
    assert (sign_off("Ms Jane Smith"), sign_off("")) == ("Yours sincerely", "Yours faithfully")
