"""The statement that answers comes first, and then the passages as they stand, cut only at paragraphs and lists."""

from humphrey.documents.model import Imprint, Passage
from humphrey.drafting.evidence import NumberedPassage
from humphrey.drafting.extractive.assembly import LONGEST_BLOCK, PART, ShownPassage, assemble_quotations
from humphrey.drafting.extractive.quotable import blocks, quotables
from humphrey.search.model import Hit


def passage(n: int, text: str, title: str = "Fees", *section: str) -> NumberedPassage:
    """A passage of a page."""
    return NumberedPassage(
        n, Hit(Passage(title, n, "v", text, 100 * n, 100 * n + len(text), section), Imprint(title, ""), 1.0)
    )


def shown(of: NumberedPassage, beginning: str, *, leads: bool = True) -> ShownPassage:
    """All of a passage, with the statement that begins so as the one that answers."""
    text = of.hit.passage.text
    best = next(one for one in quotables(text) if one.core.of(text).startswith(beginning))
    return ShownPassage(of, best.core, best.whole if leads else None, blocks(text))


ONE = passage(1, "The fee is £20. Students pay half of it.\n\nPay at the desk.\n\nKeep your receipt for a year.")


def test_a_paragraph_that_begins_with_the_answer_opens_it_and_the_others_follow():
    quotes = assemble_quotations([shown(ONE, "Pay at")])
    assert [quote.text for quote in quotes] == [
        "Pay at the desk.",
        "The fee is £20. Students pay half of it.",
        "Keep your receipt for a year.",
    ]
    assert quotes[1].marked() == "The fee is £20. Students pay half of it. [1]"


def test_a_long_paragraph_is_read_from_the_answer_on_and_what_stood_before_it_follows():
    before = "Fees are set once a year by the head of the desk, after asking those who pay them. " * 3
    of = passage(1, f"{before}Students pay half of it. Show your card.\n\nPay at the desk.")
    quotes = assemble_quotations([shown(of, "Students")])
    assert [quote.text for quote in quotes] == [
        "Students pay half of it. Show your card.",
        before.rstrip(),
        "Pay at the desk.",
    ]


def test_an_answer_inside_a_short_paragraph_is_not_said_twice():
    assert [quote.text for quote in assemble_quotations([shown(ONE, "Students")])] == [
        "The fee is £20. Students pay half of it.",
        "Pay at the desk.",
        "Keep your receipt for a year.",
    ]


def test_the_source_of_each_passage_but_the_first_is_named_once():
    other = passage(2, "The desk is open on weekdays.\n\nNo cash is taken.", "Desks", "Hours:")
    quotes = assemble_quotations([shown(ONE, "Pay at"), shown(other, "No cash", leads=False)])
    assert [(quote.n, quote.heading) for quote in quotes] == [
        (1, ""),
        (1, ""),
        (1, ""),
        (2, "Desks, Hours:"),
        (2, ""),
    ]


def test_a_row_of_a_table_is_named():
    table = passage(1, "Rate: higher rate; Amount: £350 a month", "Support", "What you get")
    [quote] = assemble_quotations([shown(table, "Rate")])
    assert quote.heading == "Support, What you get:"


def test_a_list_is_quoted_whole_with_its_lead_in():
    items = [f"the partner of a person of group {n} who lives with them" for n in range(14)]
    text = "You can claim if you are:\n\n" + "\n".join(f"- {item}" for item in items)
    [quote] = assemble_quotations([shown(passage(3, text), items[4])])
    assert quote.marked() == f"{text} [3]"


def test_what_is_only_a_part_of_a_very_long_list_is_said_to_be_one():
    items = [f"the partner of a person of group {n} who lives with them and has no income at all" for n in range(60)]
    text = "You can claim if you are:\n\n" + "\n".join(f"- {item}" for item in items)
    lead_in, part = assemble_quotations([shown(passage(3, text, "Claims"), items[30])])
    assert len(text) > LONGEST_BLOCK
    assert lead_in.heading == part.heading == f"{PART}Claims:"
    assert lead_in.text == "You can claim if you are:"
    assert part.text in text
    assert f"- {items[30]}" in part.text
