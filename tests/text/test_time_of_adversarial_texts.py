"""No rule on texts takes more than about twice the time for twice the text, whatever the text repeats."""

import itertools
import time
from collections.abc import Callable

import pytest

from humphrey.checks import style
from humphrey.text import personal_data
from humphrey.text.figures import figures
from humphrey.text.links import addresses, bared, remove_invented
from humphrey.text.names import people_mentioned
from humphrey.text.sentences import sentences, statements

REPEATED = (
    *(
        "a",
        "A",
        " ",
        "\n",
        " \n",
        "1",
        "1,",
        "1.",
        "-",
        "- ",
        "*",
        "(",
        "[",
        "[1]",
        " [1]",
        ".",
        ". ",
        "a.",
        "a-",
        "a@",
    ),
    *("@", "0-", "www.", ":", "/", "£", "Aa ", "Mr A ", "1 May ", "the ", "and ", "[a](", ";", ", ", "_", "|", "“"),
)

RULES: dict[str, Callable[[str], object]] = {
    "sentences": sentences,
    "statements": statements,
    "figures": figures,
    "addresses": addresses,
    "bared": bared,
    "remove_invented": lambda text: remove_invented("[a](" + text, lambda _: True),
    "people_mentioned": people_mentioned,
    "personal data": lambda text: list(personal_data.find_personal_data(text)),
    "ends of lists": lambda text: list(style._LIST_END.finditer(text)),
}

CHARACTERS = 4_000

_NUMBERS = itertools.count()


def seconds(rule: Callable[[str], object], text: str) -> float:
    # A number before it, so that nothing that was computed for the same text is used again.
    numbered = f"{next(_NUMBERS)} {text}"
    began = time.process_time()
    rule(numbered)
    return time.process_time() - began


@pytest.mark.parametrize("name", RULES)
def test_four_times_the_text_takes_about_four_times_the_time(name: str):
    rule = RULES[name]
    slow = []
    for repeated in REPEATED:
        for end in ("", "!x"):
            long = (repeated * 4 * CHARACTERS)[: 4 * CHARACTERS] + end
            # Less than this is noise; a quadratic rule takes sixteen times a short text's time, each time.
            if seconds(rule, long) < 0.05:
                continue
            taken = min(seconds(rule, long) for _ in range(3))
            if taken > 9 * min(seconds(rule, long[-CHARACTERS:]) for _ in range(3)):
                slow.append((repeated + end, round(taken, 2)))

    assert slow == []
