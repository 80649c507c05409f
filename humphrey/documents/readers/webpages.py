"""Reader of saved web pages; GOV.UK's metadata in the page head becomes the imprint."""

from datetime import date
from urllib.parse import urlsplit

from selectolax.lexbor import LexborHTMLParser

from humphrey.documents.model import Document, Imprint
from humphrey.documents.readers.base import OPEN_LICENCE, RawFile, as_text, build_document, date_value
from humphrey.documents.readers.encodings import declared_encoding
from humphrey.documents.readers.html.nodes import text_of
from humphrey.documents.readers.markup import from_html
from humphrey.documents.readers.plain_text import clean


def read_html(raw: RawFile) -> Document:
    """Read a page; its id comes from the canonical address if it has one."""
    text = as_text(raw.content, declared_encoding(raw.content))
    tree = LexborHTMLParser(text)
    url = _valid(_attribute(tree, 'link[rel="canonical"]', "href")) or _valid(
        _attribute(tree, 'meta[property="og:url"]', "content")
    )
    plain = from_html(text)
    withdrawn = bool(_attribute(tree, 'meta[name="govuk:withdrawn"]', "content"))
    withdrawn_at, reason = _withdrawal(tree) if withdrawn else (None, "")
    imprint = Imprint(
        title=plain.title or raw.title,
        url=url,
        publisher=_attribute(tree, 'meta[name="govuk:primary-publishing-organisation"]', "content"),
        updated=date_value(_attribute(tree, 'meta[name="govuk:updated-at"]', "content"), "an update"),
        state="withdrawn" if withdrawn else "current",
        withdrawn_at=withdrawn_at,
        reason=reason,
        licence=OPEN_LICENCE if urlsplit(url).netloc == "www.gov.uk" else "",
        locale=_locale(tree),
    )
    return build_document(urlsplit(url).path.strip("/") or raw.id, imprint, plain)


def _valid(url: str) -> str:
    """Return an address; empty if it is none, such as one with a bracket that is not closed."""
    try:
        urlsplit(url)
    except ValueError:
        return ""
    return url


def _withdrawal(tree: LexborHTMLParser) -> tuple[date | None, str]:
    """Return the day and reason of GOV.UK's withdrawal notice; None and empty if there is none."""
    notice = tree.css_first(".gem-c-notice")
    if notice is None:
        return None, ""
    when, why = notice.css_first("time"), notice.css_first(".govuk-govspeak, .gem-c-govspeak")
    said = (when.attributes.get("datetime") or "") if when is not None else ""
    return date_value(said, "a withdrawal"), clean(text_of(why)) if why is not None else ""


def _locale(tree: LexborHTMLParser) -> str:
    """Return the language of the main part without its region; English if the page does not say."""
    said = _attribute(tree, "main[lang]", "lang") or _attribute(tree, "html[lang]", "lang")
    return said.split("-")[0].lower() or "en"


def _attribute(tree: LexborHTMLParser, selector: str, name: str) -> str:
    node = tree.css_first(selector)
    return clean(node.attributes.get(name) or "").strip() if node is not None else ""
