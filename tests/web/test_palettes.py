"""The colours of both schemes: every one a property of the style sheet, and legible (WCAG 2.2 AA, 1.4.3 and 1.4.11)."""

import re
from importlib.resources import files

import pytest

STYLE = (files("humphrey.web") / "static" / "humphrey.css").read_text(encoding="utf-8")


LIGHT, DARK = (dict(re.findall(r"--([\w-]+): (#[0-9a-f]{6});", block)) for block in STYLE.split("prefers-color-scheme"))


WORDS = [
    *[(words, "paper") for words in ("ink", "quiet", "link", "link-hover", "go", "stop", "warn")],
    *[(words, "pale") for words in ("ink", "quiet", "link", "stop")],
    *[(words, "alert") for words in ("ink", "link")],
    *[(words, "caution") for words in ("ink", "link")],
    *[("ink", ground) for ground in ("pale-hover", "mark", "added", "removed", "suggested")],
    *[("link", ground) for ground in ("pale-hover", "mark")],
    *[("on-fill", fill) for fill in ("go-fill", "go-fill-hover", "stop-fill", "stop-fill-hover", "warn-fill", "tag")],
    ("on-focus", "focus"),
    ("on-band", "band"),
    ("paper", "ink"),
]
"""Words and the ground that they stand on."""


PARTS = [
    *[(part, "paper") for part in ("edge", "quiet", "link", "go-fill", "stop-fill", "go", "stop", "warn", "mark-edge")],
    ("edge", "pale"),
    ("focus", "focus-edge"),
    ("focus", "band"),
]
"""Parts of controls, and the ground that they must stand out from."""


def luminance(colour: str) -> float:
    """Return the relative luminance of a colour, as WCAG defines it."""
    shares = [int(colour[n : n + 2], 16) / 255 for n in (1, 3, 5)]
    linear = [share / 12.92 if share <= 0.04045 else ((share + 0.055) / 1.055) ** 2.4 for share in shares]
    return sum(weight * share for weight, share in zip((0.2126, 0.7152, 0.0722), linear, strict=True))


def contrast(one: str, other: str) -> float:
    lighter, darker = sorted((luminance(one), luminance(other)), reverse=True)
    return (lighter + 0.05) / (darker + 0.05)


@pytest.mark.parametrize("palette", [LIGHT, DARK], ids=["light", "dark"])
def test_words_stand_out_four_and_a_half_times_and_parts_of_controls_three_times(palette):
    faint = {
        f"{one} on {other}": round(contrast(palette[one], palette[other]), 2)
        for pairs, least in ((WORDS, 4.5), (PARTS, 3.0))
        for one, other in pairs
        if contrast(palette[one], palette[other]) < least
    }

    assert faint == {}


def test_a_focus_ring_stands_out_from_the_page_by_one_of_its_two_colours():
    for palette in (LIGHT, DARK):
        assert max(contrast(palette[ring], palette["paper"]) for ring in ("focus", "focus-edge")) >= 3


def test_both_schemes_have_the_same_colours_and_no_rule_has_one_of_its_own():
    assert LIGHT.keys() == DARK.keys()
    rules = STYLE[STYLE.index("html {") :]
    assert re.findall(r"#[0-9a-fA-F]{3,8}\b(?=[;, )])", rules) == []
    assert set(re.findall(r"var\(--([\w-]+)\)", rules)) - LIGHT.keys() == {"type", "text", "small", "h1", "h2", "h3"}
