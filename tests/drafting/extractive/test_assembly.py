"""Chosen statements are put together as they stand: best page first, in its order, and named where that is needed."""

from humphrey.documents.model import Imprint, Passage
from humphrey.drafting.evidence import NumberedPassage
from humphrey.drafting.extractive.assembly import SelectedStatement, assemble_quotations
from humphrey.drafting.extractive.quotable import quotables
from humphrey.search.model import Hit


def passage(n: int, text: str, title: str = "Fees", *section: str) -> NumberedPassage:
    """A passage of a page."""
    return NumberedPassage(
        n, Hit(Passage(title, n, "v", text, 100 * n, 100 * n + len(text), section), Imprint(title, ""), 1.0)
    )


def chosen(of: NumberedPassage, beginning: str) -> SelectedStatement:
    """The statement of a passage that begins so."""
    text = of.hit.passage.text
    return SelectedStatement(of, next(one for one in quotables(text) if one.core.of(text).startswith(beginning)))


ONE = passage(1, "The fee is £20. Students pay half of it.\n\nPay at the desk.\n\nKeep your receipt for a year.")


def test_statements_that_adjoin_are_one_quotation():
    [quote] = assemble_quotations([chosen(ONE, "Students"), chosen(ONE, "The fee")])
    assert quote.marked() == "The fee is £20. Students pay half of it. [1]"


def test_statements_that_stand_apart_come_in_the_order_of_their_passage():
    quotes = assemble_quotations([chosen(ONE, "Keep"), chosen(ONE, "The fee")])
    assert [quote.text for quote in quotes] == ["The fee is £20.", "Keep your receipt for a year."]
    assert [quote.heading for quote in quotes] == ["", ""]


def test_what_is_quoted_twice_is_quoted_once():
    text = "The council decides on it. It writes to you soon."
    again = passage(1, text)
    quotes = assemble_quotations([chosen(again, "It writes"), chosen(again, "The council")])
    assert [quote.text for quote in quotes] == [text]


def test_the_page_of_the_best_statement_comes_first_and_each_page_is_named_once():
    other = passage(
        2, "The desk is open on weekdays. Bring a card or a cheque.\n\nNo cash is taken.", "Desks", "Hours:"
    )
    quotes = assemble_quotations([chosen(other, "No cash"), chosen(ONE, "Pay at"), chosen(other, "The desk")])
    assert [(quote.heading, quote.n) for quote in quotes] == [("Desks, Hours:", 2), ("", 2), ("Fees:", 1)]


def test_a_row_of_a_table_is_named():
    table = passage(1, "Rate: higher rate; Amount: £350 a month", "Support", "What you get")
    [quote] = assemble_quotations([chosen(table, "Rate")])
    assert quote.heading == "Support, What you get:"


def test_items_of_one_long_list_stand_below_its_lead_in_once():
    items = [
        f"the partner of a person of group {n} who lives with them and has no income of their own" for n in range(9)
    ]
    of = passage(3, "You can claim if you are:\n\n" + "\n".join(f"- {item}" for item in items))
    [quote] = assemble_quotations([chosen(of, items[4]), chosen(of, items[2])])
    assert quote.marked() == f"You can claim if you are: [3]\n- {items[2]} [3]\n- {items[4]} [3]"
