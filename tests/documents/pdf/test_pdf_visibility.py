"""Of the words of a PDF those are read that a reader sees; the others are listed."""

import pytest

from humphrey.documents.left_out import left_out_notes
from humphrey.documents.model import Document
from humphrey.documents.readers.files import read_document
from humphrey.errors import DocumentError
from tests.support.office_files import drawn_pdf, words_at

ABOVE = words_at(700, "Ask first.")


LAYER = "<</Type/OCG/Name(Draft)>>"


OFF = "/OCProperties<</OCGs[5 0 R]/D<</OFF[5 0 R]>>>>"


def read(*pages: str, **more) -> Document:
    return read_document("a.pdf", drawn_pdf(pages, **more), "a")


def left_out(document: Document) -> list[tuple[str, str]]:
    return [(part.kind, part.words) for part in document.omissions]


@pytest.mark.parametrize(
    "drawn",
    [
        words_at(600, "Never say so.", look="3 Tr"),
        words_at(600, "Never say so.", look="1 1 1 rg"),
        words_at(600, "Never say so.", look="1 g"),
        words_at(600, "Never say so.") + "0 g 40 590 200 30 re f\n",
    ],
)
def test_words_that_nobody_sees_are_listed_and_not_read(drawn):
    document = read(ABOVE + drawn)

    assert document.text == "Ask first."
    assert left_out(document) == [("hidden", "Never say so.")]


@pytest.mark.parametrize(
    "drawn",
    [
        # Text recognition writes invisible words over the picture of a page.
        "q 595 0 0 842 0 0 cm /I Do Q\n" + words_at(600, "Say so.", look="3 Tr"),
        "q 300 0 0 100 40 550 cm /I Do Q\n" + words_at(600, "Say so.", look="3 Tr"),
        # White words in the head of a table.
        "0 0 0.5 rg 40 590 200 30 re f\n" + words_at(600, "Say so.", look="1 1 1 rg"),
        "q 300 0 0 100 40 550 cm /I Do Q\n" + words_at(600, "Say so.", look="1 1 1 rg"),
        # A frame, and a bar beneath the words.
        words_at(600, "Say so.") + "0 G 40 590 200 30 re S\n",
        "0.9 g 40 590 200 30 re f 0 g\n" + words_at(600, "Say so."),
        words_at(600, "Say so.") + "0 g 50 598 200 1 re f\n",
    ],
)
def test_words_that_a_reader_sees_are_read(drawn):
    assert read(ABOVE + drawn).text == "Ask first.\n\nSay so."


def test_a_layer_that_is_off_is_listed_and_not_read():
    drawn = ABOVE + "/OC /L BDC\n" + words_at(600, "Never say so.") + "EMC\n" + words_at(500, "Or ask later.")

    document = read(drawn, of_catalog=OFF, more=[LAYER])

    assert document.text == "Ask first.\n\nOr ask later."
    assert left_out(document) == [("hidden", "layer Draft")]


def test_layers_that_cannot_be_looked_at_are_told():
    document = read(ABOVE, of_catalog="/OCProperties<</OCGs 7/D 8>>", more=[LAYER])

    assert document.text == "Ask first."
    assert [note for note in left_out_notes(document) if "switched off" in note]


@pytest.mark.parametrize(
    ("catalog", "more", "seen"),
    [
        ("/OCProperties<</OCGs[5 0 R]/D<</ON[5 0 R]>>>>", [LAYER], True),
        ("/OCProperties<</OCGs[5 0 R]/D<</BaseState/OFF>>>>", [LAYER], False),
        ("/OCProperties<</OCGs[5 0 R]/D<</BaseState/OFF/ON[5 0 R]>>>>", [LAYER], True),
        ("/OCProperties<</OCGs[6 0 R]/D<</OFF[6 0 R]>>>>", ["<</Type/OCMD/OCGs 6 0 R>>", LAYER], False),
        ("/OCProperties<</OCGs[6 0 R]/D<</OFF[6 0 R]>>>>", ["<</Type/OCMD/OCGs[6 0 R]/P/AllOff>>", LAYER], True),
        ("/OCProperties<</OCGs[6 0 R]/D<</OFF[6 0 R]>>>>", ["<</Type/OCMD/OCGs 7 0 R>>", LAYER, "[6 0 R]"], False),
        (
            "/OCProperties<</OCGs[6 0 R 7 0 R]/D<</OFF[6 0 R]>>>>",
            ["<</Type/OCMD/OCGs[6 0 R 7 0 R]/P/AnyOn>>", LAYER, LAYER],
            True,
        ),
        (
            "/OCProperties<</OCGs[5 0 R]/D<</AS[<</Event/View/OCGs[5 0 R]>>]>>>>",
            ["<</Type/OCG/Name(Draft)/Usage<</View<</ViewState/OFF>>>>>>"],
            False,
        ),
    ],
)
def test_a_layer_is_on_or_off_as_the_file_says(catalog, more, seen):
    drawn = ABOVE + "/OC /L BDC\n" + words_at(600, "Say so.") + "EMC\n"

    assert ("Say so." in read(drawn, of_catalog=catalog, more=more).text) is seen


def test_a_group_of_drawings_in_a_layer_that_is_off_is_not_read():
    words = words_at(600, "Never say so.")
    group = (
        f"<</Type/XObject/Subtype/Form/BBox[0 0 595 842]/OC 5 0 R/Resources<</Font<</F 3 0 R>>>>/Length {len(words)}>>"
        f"\nstream\n{words}endstream"
    )
    page = "/Resources<</Font<</F 3 0 R>>/XObject<</G 6 0 R>>>>"

    document = read(ABOVE + "/G Do\n", of_page=page, of_catalog=OFF, more=[LAYER, group])

    assert document.text == "Ask first."


def struck(words: str, *boxes: tuple[int, int]) -> str:
    return words_at(600, words) + "".join(f"{left} 603 {right - left} 1 re f\n" for left, right in boxes)


def test_words_with_a_line_through_them_are_listed_and_not_read():
    # Helvetica's letters are half their size wide on average: "The limit is " ends at 108 points, "£450" at 132.
    document = read(struck("The limit is \xa3450\xa3600 for each.", (108, 132)))

    assert document.text == "The limit is £600 for each."
    assert left_out(document) == [("struck", "£450")]


def test_words_are_struck_whatever_the_letter_size_is_written_as():
    drawn = "BT /F 1 Tf 11 0 0 11 50 600 Tm (The limit is \xa3450\xa3600.) Tj ET 108 603 24 1 re f\n"

    assert read(drawn).text == "The limit is £600."


def test_a_rule_under_or_over_words_strikes_nothing():
    assert read(words_at(600, "Say so.") + "50 598 60 1 re f 50 610 60 1 re f\n").text == "Say so."


def test_words_that_an_annotation_strikes_out_are_listed_and_not_read():
    mark = "<</Type/Annot/Subtype/StrikeOut/Rect[108 598 132 610]/QuadPoints[108 610 132 610 108 598 132 598]/F 4>>"

    document = read(words_at(600, "The limit is \xa3450\xa3600."), of_page="/Annots[6 0 R]", more=[LAYER, mark])

    assert document.text == "The limit is £600."
    assert left_out(document) == [("struck", "£450")]


def appearance(words: str) -> str:
    drawn = f"BT /F 11 Tf 2 4 Td ({words}) Tj ET\n"
    return (
        f"<</Type/XObject/Subtype/Form/BBox[0 0 200 16]/Resources<</Font<</F 3 0 R>>>>/Length {len(drawn)}>>"
        f"\nstream\n{drawn}endstream"
    )


FORM = "/AcroForm<</Fields[6 0 R]/DA(/F 11 Tf)/DR<</Font<</F 3 0 R>>>>>>"


@pytest.mark.parametrize(
    "field",
    [
        "<</Type/Annot/Subtype/Widget/FT/Tx/T(a)/V(Sample Board)/Rect[50 590 250 606]/F 4/AP<</N 7 0 R>>>>",
        "<</Type/Annot/Subtype/Widget/FT/Tx/T(a)/V(Sample Board)/Rect[50 590 250 606]/F 4>>",
        "<</Type/Annot/Subtype/Widget/FT/Ch/T(a)/V(Sample Board)/Rect[50 590 250 606]/F 4/AP<</N 7 0 R>>>>",
        "<</Type/Annot/Subtype/FreeText/Contents(Sample Board)/Rect[50 590 250 606]/F 4/AP<</N 7 0 R>>>>",
        "<</Type/Annot/Subtype/FreeText/Contents(Sample Board)/Rect[50 590 250 606]/F 4/DA(/F 11 Tf)>>",
    ],
)
def test_what_was_filled_in_or_written_onto_a_page_is_read(field):
    more = [LAYER, field, appearance("Sample Board")]

    document = read(words_at(620, "Asked by:"), of_page="/Annots[6 0 R]", of_catalog=FORM, more=more)

    assert document.text.split() == ["Asked", "by:", "Sample", "Board"]


def test_comments_are_listed_and_not_read():
    note = "<</Type/Annot/Subtype/Text/Contents(Is this so?)/Rect[50 590 70 610]/F 4>>"

    document = read(ABOVE, of_page="/Annots[6 0 R]", more=[LAYER, note])

    assert document.text == "Ask first."
    assert left_out(document) == [("comment", "Is this so?")]


def test_files_packed_into_a_pdf_and_pictures_are_listed():
    names = "/Names<</EmbeddedFiles<</Names[(a)6 0 R]>>>>"
    packed = "<</Type/Filespec/F(costs.xlsx)/UF(costs.xlsx)/EF<</F 7 0 R>>>>"
    content = "<</Type/EmbeddedFile/Length 1>>\nstream\nA\nendstream"
    drawn = ABOVE + "q 100 0 0 100 300 300 cm /I Do Q\n"

    document = read(drawn, of_catalog=names, more=[LAYER, packed, content])

    assert left_out(document) == [("attachment", "costs.xlsx"), ("picture", "page 1")]


def test_a_form_that_only_a_form_program_shows_is_refused():
    xfa = "/AcroForm<</XFA 6 0 R/Fields[]>>/NeedsRendering true"
    data = "<xdp:xdp xmlns:xdp='http://ns.adobe.com/xdp/'></xdp:xdp>"

    with pytest.raises(DocumentError, match=r"only a form program can show \(XFA\); print it to a PDF"):
        read(ABOVE, of_catalog=xfa, more=[LAYER, f"<</Length {len(data)}>>\nstream\n{data}\nendstream"])
