"""Controls and pictures of a page: the words that a reader sees in them, and what has no words."""

from selectolax.lexbor import LexborNode

from humphrey.documents.readers.html.nodes import outermost, remove, text_of
from humphrey.documents.readers.plain_text import omit

# A button that opens and closes what stands below it: its words are the heading of that, or in it.
_HEADING_BUTTON = ":is(h1, h2, h3, h4, h5, h6, summary, legend, dt, [role=heading]) button, button[aria-controls]"


# What GOV.UK's accordions and steps add to such a button: "Show" or "Hide", and the comma before it.
_TOGGLE = '[class*="section-toggle"], [class*="heading-divider"], [class*="toggle-link"]'


_BOXES = "input[type=checkbox i], input[type=radio i]"


# What a person fills in. Buttons, searches and passwords are no content.
_FILLED = ", ".join(
    ["input:not([type])", "textarea"]
    + [f"input[type={kind} i]" for kind in ("text", "number", "email", "tel", "url", "date", "month", "week", "time")]
)


_PICTURES, _EMBEDDED = "img, svg, canvas", "iframe, object, embed, video, audio"


def read_controls(page: LexborNode) -> None:
    """Put words in the place of the controls that have some: headings in buttons, boxes, and what was filled in."""
    remove(page, _TOGGLE)
    for button in page.css(_HEADING_BUTTON):
        button.unwrap()
    for box in page.css(_BOXES):
        box.replace_with("\N{BALLOT BOX WITH X} " if "checked" in box.attributes else "\N{BALLOT BOX} ")
    for field in page.css(_FILLED):
        field.replace_with(f" {(field.attributes.get('value') if field.tag == 'input' else field.text()) or ''} ")
    for choice in page.css("select"):
        chosen = [option.text() for option in choice.css("option[selected]")]
        choice.replace_with(f" {', '.join(chosen)} ")


def list_pictures(page: LexborNode) -> None:
    """List the parts without words, and take them out; a picture that its page calls an ornament is not listed."""
    for picture in outermost(page, _PICTURES):
        said = picture.attributes.get("alt")
        if said != "" and picture.attributes.get("role") != "presentation":
            omit("picture", said or text_of(picture))
        picture.decompose()
    for part in outermost(page, _EMBEDDED):
        omit("embedded", part.attributes.get("title") or text_of(part))
        part.decompose()
