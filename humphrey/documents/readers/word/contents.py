"""What a reader of a Word file sees, in the elements that the converter reads.

The converter passes over elements that it does not know, with all words inside. So a wrapper such as a field or a
change of direction gives way to what it holds, a drawing to its text boxes, and a formula to a line of text. What is
not seen, deleted or struck is taken out and listed.
"""

from collections.abc import Iterator
from itertools import groupby
from xml.etree import ElementTree
from xml.etree.ElementTree import Element

from humphrey.documents.model import OmissionKind
from humphrey.documents.readers.plain_text import omit
from humphrey.documents.readers.word.formulas import MATHS, line_of
from humphrey.documents.readers.word.numbering import W
from humphrey.documents.readers.word.styles import Look, Styles

_COMPATIBILITY = "{http://schemas.openxmlformats.org/markup-compatibility/2006}"


_DRAWING = "{http://schemas.openxmlformats.org/drawingml/2006/"


_OFFICE = "{urn:schemas-microsoft-com:office:office}"


_LINK = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}id"


_PICTURES = frozenset({f"{_DRAWING}main}}blip", "{urn:schemas-microsoft-com:vml}imagedata"})


_EMBEDDED = {
    f"{_DRAWING}chart}}chart": "chart",
    f"{_DRAWING}diagram}}relIds": "diagram",
    f"{_OFFICE}OLEObject": "object",
}


# Elements that hold text and that the converter reads.
_HOLDERS = frozenset(
    W + name
    for name in (
        *("document", "body", "footnotes", "footnote", "endnotes", "endnote", "tbl", "tr", "tc", "p", "r", "t"),
        *("hyperlink", "sdt", "sdtContent", "txbxContent", "ins", "moveTo", "customXml", "smartTag"),
    )
)


_TEXT = frozenset({f"{W}p", f"{W}r", f"{W}t", f"{W}tbl"})


_DRAWN = frozenset({f"{W}drawing", f"{W}pict", f"{W}object"})


_BOX = f"{W}txbxContent"


_MOVED_AWAY = f"{W}moveFrom"
"""Words that stand where they were moved to."""


def words_in(element: Element) -> str:
    """Return the words of an element on one line, deleted ones included."""
    said = (
        (each.text or "") if each.tag in {f"{W}t", f"{W}delText"} else " "
        for each in element.iter()
        if each.tag in {f"{W}t", f"{W}delText", f"{W}p", f"{W}tab", f"{W}br", f"{W}tc"}
    )
    return " ".join("".join(said).split())


def simplify(element: Element) -> None:
    """Bring everything below an element into elements that the converter reads, in the same order."""
    # Links and pictures may name parts of the file that do not exist.
    element.attrib.pop(_LINK, None)
    element[:] = [each for child in element if child.tag != _MOVED_AWAY for each in _simple(child)]


def _simple(element: Element) -> list[Element]:
    """Return what stands in the place of an element."""
    tag = element.tag
    if tag == f"{_COMPATIBILITY}AlternateContent":
        return [each for child in _chosen(element) for each in _simple(child)]
    if tag in MATHS:
        return [_run(line_of(element))]
    if tag in _DRAWN:
        return _boxes(element)
    if kind := _reason_to_go(element):
        omit(kind, words_in(element))
        return []
    if tag in _HOLDERS:
        simplify(element)
        return [element]
    return _leaf(element) if not any(each.tag in _TEXT for each in element.iter()) else _unwrapped(element)


def _reason_to_go(element: Element) -> OmissionKind | None:
    """Return why an element is no part of the text; None if it is."""
    if element.tag == f"{W}del" or _is_deleted_row(element):
        return "deleted"
    if element.tag == f"{W}sdt" and _is_contents_gallery(element):
        return "contents"
    return "embedded" if element.tag == f"{W}altChunk" else None


def _unwrapped(wrapper: Element) -> list[Element]:
    simplify(wrapper)
    return list(wrapper)


def _leaf(element: Element) -> list[Element]:
    """Return an element without text, with blanks and chosen values as the converter reads them."""
    if element.tag in {f"{W}ptab", f"{W}cr"}:
        return [Element(f"{W}tab" if element.tag == f"{W}ptab" else f"{W}br")]
    if element.tag == f"{W}br" and element.get(f"{W}type", "textWrapping") != "textWrapping":
        return [Element(f"{W}tab")]
    choices = element.findall(f"{W}ffData/{W}ddList/{W}listEntry") if element.tag == f"{W}fldChar" else []
    if not choices:
        return [element]
    picked = element.find(f"{W}ffData/{W}ddList/{W}result")
    place = picked.get(f"{W}val", "0") if picked is not None else "0"
    chosen = choices[int(place)] if place.isdecimal() and int(place) < len(choices) else choices[0]
    return [element, _words(chosen.get(f"{W}val", ""))]


def _chosen(alternatives: Element) -> Element:
    """Return the variant of a part that has its text boxes: the newer one where it has any, else the older one."""
    choice = alternatives.find(f"{_COMPATIBILITY}Choice")
    fallback = alternatives.find(f"{_COMPATIBILITY}Fallback")
    if choice is None or (fallback is not None and next(choice.iter(_BOX), None) is None):
        return fallback if fallback is not None else Element("none")
    return choice


def _boxes(drawing: Element) -> list[Element]:
    """Return the text boxes of a drawing, below its paragraph, and list what it shows without words."""
    named = next((each for each in drawing.iter() if each.tag.endswith("}docPr")), Element("none"))
    for each in drawing.iter():
        if each.tag in _PICTURES:
            omit("picture", named.get("descr", ""))
        elif each.tag in _EMBEDDED:
            omit("embedded", named.get("descr", "") or _EMBEDDED[each.tag])
    held = Element(f"{W}pict")
    held.extend(_outer_boxes(drawing))
    for box in held:
        simplify(box)
    return [held] if len(held) else []


def _outer_boxes(element: Element) -> Iterator[Element]:
    for child in element:
        if child.tag == f"{_COMPATIBILITY}AlternateContent":
            yield from _outer_boxes(_chosen(child))
        elif child.tag == _BOX:
            yield child
        else:
            yield from _outer_boxes(child)


def _is_deleted_row(element: Element) -> bool:
    return element.tag == f"{W}tr" and element.find(f"{W}trPr/{W}del") is not None


def _is_contents_gallery(control: Element) -> bool:
    gallery = control.find(f"{W}sdtPr/{W}docPartObj/{W}docPartGallery")
    return gallery is not None and gallery.get(f"{W}val") == "Table of Contents"


def _run(text: str) -> Element:
    run = Element(f"{W}r")
    run.append(_words(text))
    return run


def _words(text: str) -> Element:
    words = Element(f"{W}t")
    words.text = text
    return words


def take_out(root: Element, styles: Styles) -> None:
    """Take hidden and struck words out of every paragraph, and write down which words are raised or lowered."""
    on_ground = {id(each) for part in root.iter() if part.tag in {f"{W}tbl", _BOX} for each in part.iter(f"{W}p")}
    plain = root.find(f"{W}background") is None
    for paragraph in list(root.iter(f"{W}p")):
        base = styles.base(paragraph)
        runs = [
            (parent, run, styles.run(base, run, on_paper=plain and id(paragraph) not in on_ground))
            for parent, run in _runs(paragraph)
        ]
        for kind, group in groupby(runs, key=lambda each: _kind(each[2])):
            if kind is None:
                for _, run, look in group:
                    _write_level(run, look)
            else:
                _remove(kind, [(parent, run) for parent, run, _ in group])


def _runs(element: Element) -> Iterator[tuple[Element, Element]]:
    """Yield the runs of a paragraph with their parents, without those of paragraphs inside it."""
    for child in element:
        if child.tag == f"{W}r":
            yield element, child
        elif child.tag != f"{W}p":
            yield from _runs(child)


def _kind(look: Look) -> OmissionKind | None:
    return "hidden" if look.hidden else "struck" if look.struck else None


def _remove(kind: OmissionKind, runs: list[tuple[Element, Element]]) -> None:
    omit(kind, "".join(words_in_run(run) for _, run in runs))
    for parent, run in runs:
        parent.remove(run)


def words_in_run(run: Element) -> str:
    """Return the words of a run with their blanks."""
    return "".join((each.text or "") if each.tag == f"{W}t" else "" for each in run.iter())


def _write_level(run: Element, look: Look) -> None:
    """Write into the run itself whether it is raised or lowered, since the converter does not look into styles."""
    if not look.level:
        return
    properties = run.find(f"{W}rPr")
    if properties is None:
        properties = Element(f"{W}rPr")
        run.insert(0, properties)
    for said in properties.findall(f"{W}vertAlign"):
        properties.remove(said)
    ElementTree.SubElement(properties, f"{W}vertAlign", {f"{W}val": look.level})
