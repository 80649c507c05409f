"""What a summary is made of: sentences that say something by themselves, in their places."""

from humphrey.documents.model import Document, Heading, Imprint
from humphrey.drafting.own_texts.statements import (
    display_text,
    pasted_document,
    statements_of,
    summary_length,
    unread_pages,
)

TEXT = """Harbour fees

1.1 The harbour board sets the fees for mooring each April after it has heard from the users.

Who may apply

Can anybody apply for a mooring in the harbour this year?
Any resident of the county may apply for a mooring in the harbour.[2] You will need:
See the list of moorings on the page about moorings.
- a form that was signed
"""


def test_statements_are_whole_sentences_without_their_numbers_questions_lead_ins_and_pointers():
    document = pasted_document(TEXT, "the text")

    statements = statements_of(document)

    assert [one.span.of(TEXT) for one in statements] == [
        "The harbour board sets the fees for mooring each April after it has heard from the users.",
        "Any resident of the county may apply for a mooring in the harbour.[2]",
    ]
    assert [(one.section, one.nth) for one in statements] == [("Harbour fees", 0), ("Who may apply", 0)]


def test_lines_that_look_like_headings_are_headings_of_a_pasted_text():
    assert [heading.title for heading in pasted_document(TEXT, "").headings] == ["Harbour fees", "Who may apply"]
    assert pasted_document("## Fees\nThey rise in April.", "").headings[0].title == "Fees"
    assert (
        pasted_document(
            "Dear Ms Patel\n\nThank you for the letter that you sent to the board about the fees last week.", ""
        ).headings
        == ()
    )


def test_notes_without_whole_sentences_are_summed_up_by_their_longer_lines():
    text = "- fees for mooring to rise in April next year\n- Harbour fees to be set by the board in April\n- tea"

    assert [one.span.of(text) for one in statements_of(pasted_document(text, ""))] == [
        "Harbour fees to be set by the board in April"
    ]


def test_a_longer_text_has_more_points_but_never_more_than_ten():
    assert [summary_length(n) for n in (0, 9, 25, 64, 900)] == [3, 3, 5, 8, 10]


def test_a_statement_is_shown_on_one_line_without_numbers_that_look_like_citations():
    assert display_text("The fee\nis £5.[2] It rose. [footnote 3]") == "The fee is £5. It rose."


def test_pages_without_text_are_known_by_their_numbers():
    text = "The fees rose.\n\n[Page 2 is a picture without text.]\n\nThey fell.\n\n[Page 4 is a picture without text.]"

    assert unread_pages(Document("a", Imprint("Fees", ""), text, (Heading(1, "Fees", 0, 0),))) == ("2", "4")
