"""Layers of a PDF that are switched off: their words are taken out of the file before it is read.

PDFium reads the words of every layer, and does not say which layers are off.
"""

import io
import logging
from collections.abc import Callable, Iterator
from typing import Any

from pypdf import PdfReader, PdfWriter
from pypdf.generic import ContentStream, DecodedStreamObject, DictionaryObject, IndirectObject, NameObject

from humphrey.documents.readers.plain_text import omit

_MARKS = (b"/OCProperties", b"/ObjStm")
"""What a file with layers contains: their list, or packed objects of which the list may be one."""


# Operators that show words; the first two leave the next line where it was.
_IN_PLACE, _ON_NEXT_LINE = frozenset({b"Tj", b"TJ"}), frozenset({b"'", b'"'})


_DEEPEST = 8
"""Groups of drawings inside one another that are looked into."""


# How a condition on several layers follows from which of them are on; without a policy, one is enough.
_POLICIES: dict[str, Callable[[list[bool]], bool]] = {
    "/AllOn": all,
    "/AnyOff": lambda on: not all(on),
    "/AllOff": lambda on: not any(on),
}


PdfValue = Any
"""What a PDF holds: a name, a number, a list, a dictionary, or a reference to one."""


_log = logging.getLogger(__name__)


def without_layers_off(content: bytes) -> bytes:
    """Return a PDF without the words of layers that are off, which are listed; the same bytes if none are."""
    if not any(mark in content for mark in _MARKS):
        return content
    try:
        return _Layers(PdfReader(io.BytesIO(content))).removed(content)
    except Exception:  # noqa: BLE001 - pypdf raises any error on a broken file, which PDFium may still read
        _log.debug("layers_unknown", exc_info=True)
        omit("layers", "layers")
        return content


class _Layers:
    """The layers of a file, by the numbers of their objects.

    Args:
        reader: the file.
    """

    def __init__(self, reader: PdfReader) -> None:
        self._reader = reader
        self._off = frozenset(_off(reader.trailer["/Root"]))
        self._taken: dict[str, None] = {}

    def removed(self, content: bytes) -> bytes:
        if not self._off:
            return content
        writer = PdfWriter(clone_from=self._reader)
        self._off = frozenset(_off(writer.root_object))
        for page in writer.pages:
            if (drawn := page.get_contents()) is not None:
                page[NameObject("/Contents")] = writer._add_object(self._without(drawn, page, writer, 0))
            _drop_annotations(page, self)
        for name in self._taken:
            omit("hidden", f"layer {name}")
        made = io.BytesIO()
        writer.write(made)
        return made.getvalue()

    def is_seen(self, what: PdfValue) -> bool:
        """Return whether a layer, or a condition on several (ISO 32000-1, 8.11.2.2), is on; note those that are not."""
        value: PdfValue = what.get_object() if what is not None else None
        condition = isinstance(value, DictionaryObject) and value.get("/Type") == "/OCMD"
        layers = _layers_of(value) if condition else [what]
        on = [not (isinstance(each, IndirectObject) and each.idnum in self._off) for each in layers]
        seen = not on or bool(_POLICIES.get(value.get("/P") if condition else "", any)(on))
        if not seen:
            names = [each.get_object().get("/Name", "without a name") for each in layers if each is not None]
            self._taken |= dict.fromkeys(map(str, names))
        return seen

    def _without(self, drawn: PdfValue, owner: DictionaryObject, writer: PdfWriter, depth: int) -> ContentStream:
        """Return the drawing of a page or a group without the words that are not seen."""
        resources: PdfValue = owner.get("/Resources", DictionaryObject()).get_object()
        stream = drawn if isinstance(drawn, ContentStream) else ContentStream(drawn, writer)
        kept, sections = [], list[bool]()
        for operands, operator in stream.operations:
            if operator in {b"BDC", b"BMC"}:
                sections.append(operands[0] != "/OC" or self.is_seen(_named(resources, "/Properties", operands[-1])))
            elif operator == b"EMC" and sections:
                sections.pop()
            elif operator == b"Do" and not self._keeps(resources, operands[0], writer, depth):
                continue
            if all(sections) or operator not in _IN_PLACE | _ON_NEXT_LINE | {b"Do"}:
                kept.append((operands, operator))
            elif operator in _ON_NEXT_LINE:
                kept.append(([], b"T*"))
        stream.operations = kept
        return stream

    def _keeps(self, resources: PdfValue, name: PdfValue, writer: PdfWriter, depth: int) -> bool:
        """Return whether a drawing inside a drawing is seen; take out of it what is not."""
        drawing = _named(resources, "/XObject", name)
        inner = drawing.get_object() if drawing is not None else None
        if not isinstance(inner, DictionaryObject):
            return True
        if "/OC" in inner and not self.is_seen(inner.raw_get("/OC")):
            return False
        if inner.get("/Subtype") == "/Form" and "/Resources" in inner and depth < _DEEPEST:
            plain = DecodedStreamObject()
            plain.update(
                {key: value for key, value in inner.items() if key not in {"/Filter", "/DecodeParms", "/Length"}}
            )
            plain.set_data(self._without(inner, inner, writer, depth + 1).get_data())
            resources["/XObject"].get_object()[NameObject(name)] = writer._add_object(plain)
        return True


def _layers_of(condition: PdfValue) -> list[PdfValue]:
    """Return the layers that a condition is about: one, or a list of them."""
    listed = condition.raw_get("/OCGs") if "/OCGs" in condition else []
    value = listed if isinstance(listed, list) else listed.get_object()
    return [each for each in value if each.get_object() is not None] if isinstance(value, list) else [listed]


def _off(root: PdfValue) -> Iterator[int]:
    """Yield the numbers of the layers that are off when the file is opened."""
    layers = root.get("/OCProperties", DictionaryObject()).get_object()
    start = layers.get("/D", DictionaryObject()).get_object()
    listed = {name: _numbers(start.get(name, [])) for name in ("/ON", "/OFF")}
    every = _numbers(layers.get("/OCGs", []))
    off = (every - listed["/ON"] if start.get("/BaseState") == "/OFF" else set()) | listed["/OFF"]
    for use in start.get("/AS", []):
        rule = use.get_object()
        if rule.get("/Event") == "/View":
            for each in rule.get("/OCGs", []):
                state = each.get_object().get("/Usage", {}).get("/View", {}).get("/ViewState")
                (off.add if state == "/OFF" else off.discard)(each.idnum) if state else None
    yield from off


def _numbers(listed: PdfValue) -> set[int]:
    return {each.idnum for each in listed.get_object() if isinstance(each, IndirectObject)} if listed else set()


def _named(resources: PdfValue, kind: str, name: PdfValue) -> PdfValue:
    """Return a resource as it is referred to; None if there is none of that name."""
    held = resources.get(kind, DictionaryObject()).get_object()
    return held.raw_get(name) if isinstance(name, NameObject) and name in held else None


def _drop_annotations(page: PdfValue, layers: _Layers) -> None:
    held = page.get("/Annots")
    if held is None:
        return
    kept = [
        each
        for each in held.get_object()
        if "/OC" not in each.get_object() or layers.is_seen(each.get_object().raw_get("/OC"))
    ]
    held.get_object()[:] = kept
