"""Word, OpenDocument and PDF files of our own making, small enough to read in a test."""

import io
import zipfile
from collections.abc import Sequence

W = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"


ODF = "urn:oasis:names:tc:opendocument:xmlns"


STYLES = f"""<w:styles xmlns:w="{W}">
<w:style w:type="paragraph" w:default="1" w:styleId="Normal"><w:name w:val="Normal"/></w:style>
<w:style w:type="paragraph" w:styleId="Heading1"><w:name w:val="heading 1"/><w:basedOn w:val="Normal"/>
<w:pPr><w:outlineLvl w:val="0"/></w:pPr><w:rPr><w:b/></w:rPr></w:style>
<w:style w:type="paragraph" w:styleId="Numbered"><w:name w:val="Numbered paragraph"/><w:basedOn w:val="Heading1"/>
<w:pPr><w:numPr><w:ilvl w:val="1"/><w:numId w:val="1"/></w:numPr></w:pPr><w:rPr><w:b w:val="0"/></w:rPr></w:style>
<w:style w:type="paragraph" w:styleId="TOC1"><w:name w:val="toc 1"/><w:basedOn w:val="Normal"/></w:style></w:styles>"""


NUMBERING = f"""<w:numbering xmlns:w="{W}"><w:abstractNum w:abstractNumId="0">
<w:lvl w:ilvl="0"><w:start w:val="1"/><w:numFmt w:val="decimal"/><w:lvlText w:val="%1."/></w:lvl>
<w:lvl w:ilvl="1"><w:start w:val="1"/><w:numFmt w:val="decimal"/><w:lvlText w:val="%1.%2"/></w:lvl>
<w:lvl w:ilvl="2"><w:start w:val="1"/><w:numFmt w:val="lowerLetter"/><w:lvlText w:val="(%3)"/></w:lvl>
</w:abstractNum><w:abstractNum w:abstractNumId="1">
<w:lvl w:ilvl="0"><w:numFmt w:val="bullet"/><w:lvlText w:val="•"/></w:lvl>
<w:lvl w:ilvl="1"><w:numFmt w:val="bullet"/><w:lvlText w:val="–"/></w:lvl></w:abstractNum>
<w:num w:numId="1"><w:abstractNumId w:val="0"/></w:num><w:num w:numId="2"><w:abstractNumId w:val="1"/></w:num>
<w:num w:numId="3"><w:abstractNumId w:val="0"/><w:lvlOverride w:ilvl="0"><w:startOverride w:val="7"/></w:lvlOverride>
</w:num></w:numbering>"""


def zipped(**files: str | bytes) -> bytes:
    """An archive; two underscores in a name stand for a slash, one for a full stop."""
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in files.items():
            archive.writestr(name.replace("__", "/").replace("_", "."), content)
    return packed.getvalue()


def run(text: str, properties: str = "") -> str:
    return f'<w:r><w:rPr>{properties}</w:rPr><w:t xml:space="preserve">{text}</w:t></w:r>'


def paragraph(text: str, *, style: str = "", numbered: tuple[int, int] | None = None, letters: str = "") -> str:
    """A paragraph; `numbered` is the list it is in and its level, `letters` the properties of its words."""
    named = f'<w:pStyle w:val="{style}"/>' if style else ""
    number = f'<w:numPr><w:ilvl w:val="{numbered[1]}"/><w:numId w:val="{numbered[0]}"/></w:numPr>' if numbered else ""
    return f"<w:p><w:pPr>{named}{number}</w:pPr>{text if text.startswith('<') else run(text, letters)}</w:p>"


def row(*cells: str, letters: str = "") -> str:
    return "<w:tr>" + "".join(f"<w:tc>{paragraph(cell, letters=letters)}</w:tc>" for cell in cells) + "</w:tr>"


def docx(*blocks: str, footnotes: str = "") -> bytes:
    notes = {"word__footnotes_xml": f'<w:footnotes xmlns:w="{W}">{footnotes}</w:footnotes>'} if footnotes else {}
    return zipped(
        word__document_xml=f'<w:document xmlns:w="{W}"><w:body>{"".join(blocks)}</w:body></w:document>',
        word__styles_xml=STYLES,
        word__numbering_xml=NUMBERING,
        **notes,
    )


def odt(body: str, styles: str = "", manifest: str = "<m/>") -> bytes:
    names = {"fo": "xsl-fo-compatible", "draw": "drawing"}
    spaces = " ".join(
        f'xmlns:{name}="{ODF}:{names.get(name, name)}:1.0"'
        for name in ("office", "text", "table", "style", "draw", "form", "fo")
    )
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr(
            "content.xml",
            f"<office:document-content {spaces}><office:automatic-styles>{styles}</office:automatic-styles>"
            f"<office:body><office:text>{body}</office:text></office:body></office:document-content>",
        )
        archive.writestr("META-INF/manifest.xml", manifest)
    return packed.getvalue()


Placed = tuple[int, int, str]
"""Size of the letters (negative for bold), distance from the foot of the page, and words."""


def pdf(pages: Sequence[Sequence[Placed]], *, picture: Sequence[int] = (), encrypt: bool = False) -> bytes:
    """A PDF, written by hand; `picture` names pages that are covered by a picture."""
    objects = ["<</Type/Catalog/Pages 2 0 R>>", ""]
    objects.append("<</Type/Font/Subtype/Type1/BaseFont/Helvetica/Encoding/WinAnsiEncoding>>")
    objects.append("<</Type/Font/Subtype/Type1/BaseFont/Helvetica-Bold/Encoding/WinAnsiEncoding>>")
    objects.append(
        "<</Type/XObject/Subtype/Image/Width 1/Height 1/ColorSpace/DeviceGray/BitsPerComponent 8/Length 1>>"
        "\nstream\nA\nendstream"
    )
    kids = []
    for n, lines in enumerate(pages):
        drawn = "q 595 0 0 842 0 0 cm /I Do Q\n" if n in picture else ""
        drawn += "".join(
            f"BT /{'B' if size < 0 else 'F'} {abs(size)} Tf 50 {base} Td ({_escaped(words)}) Tj ET\n"
            for size, base, words in lines
        )
        objects.append(f"<</Length {len(drawn.encode('cp1252'))}>>\nstream\n{drawn}endstream")
        objects.append(
            f"<</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]/Contents {len(objects)} 0 R"
            "/Resources<</Font<</F 3 0 R/B 4 0 R>>/XObject<</I 5 0 R>>>>>>"
        )
        kids.append(f"{len(objects)} 0 R")
    objects[1] = f"<</Type/Pages/Count {len(kids)}/Kids[{' '.join(kids)}]>>"
    lock = f"/Encrypt<</Filter/Standard/V 1/R 2/O<{'61' * 32}>/U<{'62' * 32}>/P -4>>/ID[<00><00>]" if encrypt else ""
    return _assembled(objects, lock)


def drawn_pdf(pages: Sequence[str], *, of_page: str = "", of_catalog: str = "", more: Sequence[str] = ()) -> bytes:
    """A PDF whose pages are drawn by operators, with the typeface F and the picture I; `more` are objects 5 and on."""
    objects = [
        "",
        "",
        "<</Type/Font/Subtype/Type1/BaseFont/Helvetica/Encoding/WinAnsiEncoding>>",
        "<</Type/XObject/Subtype/Image/Width 1/Height 1/ColorSpace/DeviceGray/BitsPerComponent 8/Length 1>>"
        "\nstream\nA\nendstream",
        *more,
    ]
    kids = []
    for drawn in pages:
        objects.append(f"<</Length {len(drawn.encode('cp1252'))}>>\nstream\n{drawn}endstream")
        objects.append(
            f"<</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]/Contents {len(objects)} 0 R"
            f"/Resources<</Font<</F 3 0 R>>/XObject<</I 4 0 R>>/Properties<</L 5 0 R>>>>{of_page}>>"
        )
        kids.append(f"{len(objects)} 0 R")
    objects[0] = f"<</Type/Catalog/Pages 2 0 R{of_catalog}>>"
    objects[1] = f"<</Type/Pages/Count {len(kids)}/Kids[{' '.join(kids)}]>>"
    return _assembled(objects, "")


def words_at(base: int, words: str, *, size: int = 11, left: int = 50, look: str = "") -> str:
    """The operators that draw words; `look` are operators for their colour or kind."""
    return f"BT {look} /F {size} Tf {left} {base} Td ({_escaped(words)}) Tj ET\n"


Marked = tuple[int, int, str, str]
"""Row and column of a cell, counted from 0, its tag, and words; those of one row stand side by side."""


def tagged_pdf(pages: Sequence[Sequence[Marked]]) -> bytes:
    """A PDF with one table that is declared as one, and may go on over several pages."""
    objects = [
        "<</Type/Catalog/Pages 2 0 R/MarkInfo<</Marked true>>/StructTreeRoot 4 0 R>>",
        "",
        "<</Type/Font/Subtype/Type1/BaseFont/Helvetica/Encoding/WinAnsiEncoding>>",
        *("" for _ in range(3)),
    ]
    kids, marks, owners = [], dict[tuple[int, int], list[str]](), list[list[tuple[int, int]]]()
    tags = {(row, column): tag for cells in pages for row, column, tag, _ in cells}
    for n, cells in enumerate(pages):
        drawn = "BT /F 11 Tf 50 800 Td (Before the table stands this.) Tj ET\n" if n == 0 else ""
        for mark, (row, column, tag, words) in enumerate(cells):
            at = f"BT /F 11 Tf {50 + 160 * column} {700 - 30 * (row % 20)} Td ({_escaped(words)}) Tj ET"
            drawn += f"/{tag} <</MCID {mark}>> BDC {at} EMC\n"
            marks.setdefault((row, column), []).append(f"<</Type/MCR/Pg {8 + 2 * n} 0 R/MCID {mark}>>")
        owners.append([(row, column) for row, column, _, _ in cells])
        objects.append(f"<</Length {len(drawn.encode('cp1252'))}>>\nstream\n{drawn}endstream")
        objects.append(
            f"<</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]/Contents {len(objects)} 0 R/StructParents {n}"
            "/Resources<</Font<</F 3 0 R>>>>>>"
        )
        kids.append(f"{len(objects)} 0 R")
    rows = sorted({row for row, _ in tags})
    first_row = len(objects) + 1
    cell_numbers = {place: first_row + len(rows) + n for n, place in enumerate(sorted(tags))}
    for row in rows:
        of_row = " ".join(f"{cell_numbers[place]} 0 R" for place in sorted(tags) if place[0] == row)
        objects.append(f"<</Type/StructElem/S/TR/P 6 0 R/K[{of_row}]>>")
    for place in sorted(tags):
        parent = first_row + rows.index(place[0])
        objects.append(f"<</Type/StructElem/S/{tags[place]}/P {parent} 0 R/K[{' '.join(marks[place])}]>>")
    nums = "".join(f"{n}[{' '.join(f'{cell_numbers[each]} 0 R' for each in page)}]" for n, page in enumerate(owners))
    objects[1] = f"<</Type/Pages/Count {len(kids)}/Kids[{' '.join(kids)}]>>"
    objects[3] = "<</Type/StructTreeRoot/K[6 0 R]/ParentTree 5 0 R>>"
    objects[4] = f"<</Nums[{nums}]>>"
    in_table = " ".join(f"{first_row + n} 0 R" for n in range(len(rows)))
    objects[5] = f"<</Type/StructElem/S/Table/P 4 0 R/K[{in_table}]>>"
    return _assembled(objects, "")


def _escaped(words: str) -> str:
    return words.replace("\\", r"\\").replace("(", r"\(").replace(")", r"\)")


def _assembled(objects: Sequence[str], trailer: str) -> bytes:
    out = bytearray(b"%PDF-1.4\n")
    places = []
    for n, content in enumerate(objects, start=1):
        places.append(len(out))
        out += f"{n} 0 obj\n{content}\nendobj\n".encode("cp1252")
    start = len(out)
    table = "".join(f"{place:010} 00000 n \n" for place in places)
    out += f"xref\n0 {len(objects) + 1}\n0000000000 65535 f \n{table}".encode()
    out += f"trailer\n<</Size {len(objects) + 1}/Root 1 0 R{trailer}>>\nstartxref\n{start}\n%%EOF".encode()
    return bytes(out)
