"""Formulas of Word files, as a line of text: fractions, powers, indices and roots keep what belongs to what."""

from xml.etree.ElementTree import Element

M = "{http://schemas.openxmlformats.org/officeDocument/2006/math}"


MATHS = frozenset({f"{M}oMath", f"{M}oMathPara"})


_PATTERNS = {
    "f": ("{num}/{den}", ("num", "den")),
    "sSup": ("{e}^{sup}", ("e", "sup")),
    "sSub": ("{e}_{sub}", ("e", "sub")),
    "sSubSup": ("{e}_{sub}^{sup}", ("e", "sub", "sup")),
    "rad": ("√{e}", ("e",)),
}
"""How the parts of an element are written; a part of several signs gets brackets."""


def line_of(formula: Element) -> str:
    """Return a formula on one line."""
    name = formula.tag.removeprefix(M)
    if name == "t":
        return formula.text or ""
    if name in _PATTERNS:
        pattern, parts = _PATTERNS[name]
        return pattern.format(**{part: _part(formula, part) for part in parts})
    if name == "d":
        return f"({''.join(map(line_of, formula))})"
    return "".join(map(line_of, formula))


def _part(formula: Element, name: str) -> str:
    found = formula.find(M + name)
    said = line_of(found) if found is not None else ""
    return said if said.isalnum() or len(said) < 2 else f"({said})"
