"""What of a page a reader does not see, and what is struck through: taken out of the tree, and listed.

The page's own style sheets and style attributes are read, not those it would load from elsewhere.
"""

import re
from collections.abc import Callable, Iterable, Iterator
from typing import Any

import tinycss2
from selectolax.lexbor import LexborHTMLParser, LexborNode, SelectolaxError

from humphrey.documents.model import OmissionKind
from humphrey.documents.readers.html.nodes import LEVEL_ATTRIBUTE, WITHOUT_NUMBERS, remove, text_of, walk
from humphrey.documents.readers.plain_text import counting, omit

_CODE = "script, style, template"


# What HTML itself hides. A part that is "until-found" opens when a reader looks for it.
_HIDDEN = (
    'noscript, datalist, dialog:not([open]), [hidden]:not([hidden="until-found" i]), [aria-hidden=true i], '
    "input[type=hidden i]"
)


_STRUCK = "del, s, strike"


_ZERO = re.compile(r"[+-]?(?:0+\.?0*|\.0+)(?:[a-z]+|%)?")


# At most a point or a pixel, which nobody reads.
_TINY = re.compile(r"(?:0*1(?:\.0*)?|0*\.\d+)(?:px|pt)")


_FAR_OUT = re.compile(r"-(?:\d{4,}|9\d\d)(?:\.\d+)?(?:px|pt)|-\d{2,}(?:\.\d+)?r?em|-\d{3,}(?:\.\d+)?(?:%|v[wh])")


_NO_COLOUR = re.compile(r"transparent|(?:rgb|hsl)a\(.*,\s*(?:0+\.?0*|\.0+)%?\s*\)|#[0-9a-f]{3}0|#[0-9a-f]{6}00")


_WHITE = re.compile(r"white|#f{3}|#f{6}|rgb\(\s*255\s*,\s*255\s*,\s*255\s*\)")


# What may give white letters a ground on which they are seen.
_GROUND = "link[rel~=stylesheet i], [style*=background i], [bgcolor], [background]"


Test = Callable[[str], object]
"""Whether a value of a property hides."""


_INVISIBLE: dict[str, Test] = {
    "display": re.compile("none").fullmatch,
    "content-visibility": re.compile("hidden").fullmatch,
    "opacity": _ZERO.fullmatch,
    "transform": re.compile(r"scale[xy]?\(\s*0\s*[,)].*").fullmatch,
    "left": _FAR_OUT.fullmatch,
    "top": _FAR_OUT.fullmatch,
    "text-indent": _FAR_OUT.fullmatch,
    "margin-left": _FAR_OUT.fullmatch,
    "height": _ZERO.fullmatch,
    "max-height": _ZERO.fullmatch,
    "width": _ZERO.fullmatch,
}
"""Properties that hide a whole element."""


_NEEDS = {
    "height": ("overflow", {"hidden", "clip"}),
    "max-height": ("overflow", {"hidden", "clip"}),
    "width": ("overflow", {"hidden", "clip"}),
    "left": ("position", {"absolute", "fixed"}),
    "top": ("position", {"absolute", "fixed"}),
}
"""What some of them need to hide: that something is cut off, or lifted out of its place."""


_INVISIBLE_LETTERS: dict[str, Test] = {
    "visibility": re.compile("hidden|collapse").fullmatch,
    "font-size": lambda value: _ZERO.fullmatch(value) or _TINY.fullmatch(value),
    "color": _NO_COLOUR.fullmatch,
    "-webkit-text-fill-color": _NO_COLOUR.fullmatch,
}
"""Properties that hide letters; an element inside may show its own again."""


# An inner size that depends on the outer one is no size of its own.
_RELATIVE = re.compile(r".*(?:[0-9.]em|%)|inherit|smaller|larger")


_LINES = ("text-decoration", "text-decoration-line")


_NUMBERS = ("list-style", "list-style-type")


_PLACE = "vertical-align"


_RAISED = re.compile(r"super|(?:[1-9]\d*|\d*\.\d*[1-9]\d*)(?:px|pt|r?em|ex|%)")


_READ = frozenset({*_INVISIBLE, *_INVISIBLE_LETTERS, *_LINES, *_NUMBERS, _PLACE, "overflow", "position"})


Style = dict[str, str]
"""Values by property, in small letters."""


Styles = dict[int, Style]
"""The styles of elements, by the number of their place in memory."""


def take_out(tree: LexborHTMLParser) -> None:
    """Take what is hidden or struck out of a page, and list it; programs and style sheets go unlisted.

    What styles say of the numbers of lists and of raised words is written into attributes.
    """
    styles = _styles(tree)
    tests = _letter_tests(tree)
    remove(tree, _CODE)
    _write_down(tree, styles)
    if tree.body is None:
        return
    # First found, then taken, because taking a part away ends every part inside it.
    parts = list(_parts(tree.body, _kinds(tree, styles), styles, tests))
    for node, kind in parts:
        with counting(None):
            words = node.text(deep=False) if node.tag == "-text" else text_of(node)
        omit(kind, words)
        node.decompose()


def _write_down(tree: LexborHTMLParser, styles: Styles) -> None:
    """Write into attributes which lists show no numbers, and which words are raised or lowered."""
    for ordered in tree.css("ol"):
        if any("none" in styles.get(ordered.mem_id, {}).get(name, "").split() for name in _NUMBERS):
            ordered.attrs["type"] = WITHOUT_NUMBERS
    for words in tree.css("span, font"):
        place = styles.get(words.mem_id, {}).get(_PLACE, "")
        if place == "sub" or _RAISED.fullmatch(place):
            words.attrs[LEVEL_ATTRIBUTE] = "sub" if place == "sub" else "sup"


def _kinds(tree: LexborHTMLParser, styles: Styles) -> dict[int, OmissionKind]:
    """Return the elements that are hidden or struck as a whole."""
    kinds: dict[int, OmissionKind] = {each: "struck" for each, style in styles.items() if _strikes(style)}
    for node in tree.css(_STRUCK):
        if not any(styles.get(node.mem_id, {}).get(name) == "none" for name in _LINES):
            kinds[node.mem_id] = "struck"
    kinds |= dict.fromkeys((each for each, style in styles.items() if _hides(style)), "hidden")
    kinds |= dict.fromkeys((node.mem_id for node in tree.css(_HIDDEN)), "hidden")
    return kinds


def _parts(
    body: LexborNode, kinds: dict[int, OmissionKind], styles: Styles, tests: dict[str, Test]
) -> Iterator[tuple[LexborNode, OmissionKind]]:
    """Yield the outermost parts that are not seen or struck: elements, and words inside letters that are not seen."""
    around: list[frozenset[str]] = [frozenset()]
    for node, leaving in walk(body, lambda node: node.tag != "main" and node.mem_id in kinds):
        if leaving:
            around.pop()
        elif node.tag == "-text":
            if around[-1]:
                yield node, "hidden"
        elif node.tag != "main" and node.mem_id in kinds:
            yield node, kinds[node.mem_id]
        else:
            around.append(_letters(around[-1], styles.get(node.mem_id, {}), tests))


def _letters(around: frozenset[str], style: Style, tests: dict[str, Test]) -> frozenset[str]:
    """Return the properties that hide the letters of an element with a style, inside those that hide around it."""
    said = {name for name in tests if name in style and not (name in around and _RELATIVE.fullmatch(style[name]))}
    return (around - said) | {name for name in said if tests[name](style[name])}


def _letter_tests(tree: LexborHTMLParser) -> dict[str, Test]:
    """Return the tests of letters; white ones are hidden where nothing gives them another ground."""
    sheets = any("background" in node.text().lower() for node in tree.css("style"))
    if sheets or tree.css_first(_GROUND) is not None:
        return _INVISIBLE_LETTERS
    return {**_INVISIBLE_LETTERS, "color": lambda value: _NO_COLOUR.fullmatch(value) or _WHITE.fullmatch(value)}


def _hides(style: Style) -> bool:
    return any(
        name in style and test(style[name]) and _has_what_it_needs(name, style) for name, test in _INVISIBLE.items()
    )


def _has_what_it_needs(name: str, style: Style) -> bool:
    needed, values = _NEEDS.get(name, ("", {""}))
    return style.get(needed, "") in values


def _strikes(style: Style) -> bool:
    return any("line-through" in style.get(name, "") for name in _LINES)


def _styles(tree: LexborHTMLParser) -> Styles:
    """Return what the page's style sheets and style attributes set; the last rule wins over those before it."""
    styles: Styles = {}
    hidden_by: set[str] = set()
    for selector, style in _rules("\n".join(node.text() for node in tree.css("style"))):
        # A rule that shows matters only after one that hides; most sheets have thousands of others.
        if _matters(style) or hidden_by & style.keys():
            hidden_by |= style.keys()
            for node in _selected(tree, selector):
                styles.setdefault(node.mem_id, {}).update(style)
    for node in tree.css("[style], font[color]"):
        style = {"color": (node.attributes.get("color") or "").strip().lower()} if node.tag == "font" else {}
        style |= _declared(tinycss2.parse_blocks_contents(node.attributes.get("style") or ""))
        styles.setdefault(node.mem_id, {}).update(style)
    return styles


def _matters(style: Style) -> bool:
    letters = any(name in style and test(style[name]) for name, test in _INVISIBLE_LETTERS.items())
    letters = letters or any(name in style for name in (*_NUMBERS, _PLACE))
    return letters or _hides(style) or _strikes(style) or bool(_WHITE.fullmatch(style.get("color", "")))


def _rules(sheets: str) -> Iterator[tuple[str, Style]]:
    """Yield the selectors of the style rules for a screen, each with what it declares."""
    waiting = tinycss2.parse_stylesheet(sheets, skip_comments=True, skip_whitespace=True)[::-1]
    while waiting:
        rule = waiting.pop()
        if rule.type == "qualified-rule":
            if style := _declared(tinycss2.parse_blocks_contents(rule.content)):
                yield tinycss2.serialize(rule.prelude), style
        elif rule.type == "at-rule" and rule.content and rule.lower_at_keyword in {"media", "supports", "layer"}:
            inside = tinycss2.parse_rule_list(rule.content, skip_comments=True, skip_whitespace=True)
            waiting += inside[::-1] if "print" not in tinycss2.serialize(rule.prelude).lower() else []


def _declared(declarations: Iterable[Any]) -> Style:
    """Return the declarations that are read; an important one wins over those after it."""
    style: Style = {}
    for each in sorted((each for each in declarations if each.type == "declaration"), key=lambda each: each.important):
        if each.lower_name in _READ:
            shown = (one for one in each.value if one.type != "comment")
            style[each.lower_name] = tinycss2.serialize(shown).strip().lower()
    return style


def _selected(tree: LexborHTMLParser, selector: str) -> list[LexborNode]:
    try:
        return tree.css(selector)
    except SelectolaxError:
        # A pseudo-element is no element, and the parser may not know the newest selectors.
        return []
