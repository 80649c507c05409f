"""What is drawn of a draft under review: hostile words stay words, and what belongs together leads to each other."""

import re
from dataclasses import replace
from datetime import UTC, datetime
from html.parser import HTMLParser

import pytest

from humphrey.accounts.model import Person
from humphrey.clearance.model import Comment, Decision, Review, Version
from humphrey.papers.draft import Citation, Commission, Draft, Finding, ModelName
from humphrey.text.diff import compare
from humphrey.web.clearance import confirmation, evidence_view, passages_view, review_page, versions_view
from humphrey.web.clearance.review_page import ReviewView
from humphrey.web.escaping import MarkedSpan, as_html
from tests.web.running_site import NOTE, QUOTE
from tests.web.test_escaping import HOSTILE

NOW = datetime(2026, 11, 23, 12, tzinfo=UTC)


EVIL = " ".join(HOSTILE)


PERSON = Person("amina", ("official",))


class Drawn(HTMLParser):
    """The elements, ids and links of some HTML, and the words that are seen or spoken."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.elements: list[str] = []
        self.ids: list[str] = []
        self.links: list[str] = []
        self.words = ""
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements.append(tag)
        given = dict(attrs)
        self.ids += [given["id"] or ""] if "id" in given else []
        self.links += [given["href"] or ""] if "href" in given else []
        assert not [name for name in given if name.startswith("on") or name in {"style", "src", "srcset"}]

    def handle_data(self, data: str) -> None:
        self.words += data


def draft(text: str, *found: Finding) -> Draft:
    start = NOTE.text.index(QUOTE)
    cited = Citation("1", NOTE.id, NOTE.version, EVIL, "javascript:alert(1)", (EVIL,), QUOTE, start, start + len(QUOTE))
    asked = Commission("answer", f"When? {EVIL}", "amina", "web")
    return Draft(asked, "answered", text, ModelName("test", EVIL), (cited,), findings=found)


def review(*texts: str) -> Review:
    first = Version(draft(texts[0], Finding("x", "warn", EVIL, 0, 4)), "amina", NOW)
    more = [Version(draft(text), "david", NOW, "person") for text in texts[1:]]
    told = Version(draft(texts[-1] + " Told."), "grace", NOW, "instruction", EVIL)
    ruled = Decision("return", "grace", first.draft.digest, EVIL, NOW, ("facts",))
    return Review("a1", (first, *more, told), "returned", (ruled,), comments=(Comment("grace", EVIL, NOW),))


def lookup(_document: str, _version: str = ""):
    return NOTE


@pytest.mark.parametrize("number", range(5))
def test_nothing_hostile_becomes_markup_wherever_a_reviewer_or_an_author_sees_it(number: int) -> None:
    held = review(f"Answer it {EVIL} [1].", f"Answer it {EVIL} so [1].\n\n{EVIL}")
    drawn = Drawn(
        (
            lambda: evidence_view.review(held, lookup, NOW, ()),
            lambda: evidence_view.comments(held.comments),
            lambda: versions_view.comparison(held, 1, 3),
            lambda: confirmation.confirmation(held, "approve"),
            lambda: review_page.page(held, PERSON, lookup, NOW, ReviewView((1, 2), trouble=EVIL, text=EVIL)),
        )[number]()
    )
    assert not {"script", "img", "svg", "iframe", "style", "object", "b"} & set(drawn.elements)
    assert not [link for link in drawn.links if "evil" in link or link.startswith("javascript")]
    assert "<script>alert(1)</script>" in drawn.words
    assert len(drawn.ids) == len(set(drawn.ids)), "an id stands once"


def test_every_link_inside_a_draft_leads_to_something_that_is_there() -> None:
    held = review("We answer within days [1]. It is so.", "We answer within twenty days [1]. It is so.")
    drawn = Drawn(evidence_view.review(held, lookup, NOW, ()))
    inner = {link[1:] for link in drawn.links if link.startswith("#")}
    assert len(inner) > 3
    assert inner <= set(drawn.ids)


def test_a_sentence_that_states_something_without_a_passage_is_named_where_others_have_one() -> None:
    html = evidence_view.review(
        review("We answer within days [1]. Every appeal takes another forty working days."), lookup, NOW, ()
    )
    assert re.search(r"Without a passage: <a [^>]*>sentence 2</a>", html)


def test_what_was_taken_out_and_put_in_is_said_in_words_too() -> None:
    html = versions_view.marked_changes(compare("It takes 20 days.", "It takes 25 days."))
    assert html == (
        '<p dir="auto">It takes <del><span class="unseen">[taken out: </span>20<span class="unseen">]</span></del>'
        '<ins><span class="unseen">[put in: </span>25<span class="unseen">]</span></ins> days.</p>'
    )


def test_a_paragraph_that_was_only_split_shows_where() -> None:
    html = versions_view.marked_changes(compare("One. Two.", "One.\n\nTwo."))
    assert "<ins>" in html
    assert "¶" in html


def test_who_wrote_which_words_names_the_model_the_instruction_and_the_person() -> None:
    held = review("We answer.", "We answer soon.")
    html = versions_view.authorship(held, "v")
    assert 'class="hand by-model"' in html
    assert re.search(r'class="hand by-person"> soon</span><sup><a href="#v-wording-2">', html)
    assert re.search(r'class="hand by-instruction"> Told', html)
    alone = replace(held, versions=held.versions[:1])
    assert versions_view.authorship(alone, "v") == ""


def test_a_confirmation_shows_the_whole_digest_to_be_compared_by_eye() -> None:
    held = review("We answer.")
    shown = Drawn(confirmation.confirmation(held, "approve")).words
    figures = held.draft.digest.removeprefix("sha256:")
    assert figures in shown.replace(" ", "")
    assert "to amina, on their own page" in shown
    assert "OFFICIAL" in shown


def test_a_number_after_words_leads_where_they_lead_and_a_marker_in_them_goes_its_own_way() -> None:
    spans = [MarkedSpan(0, 12, "f", "w1", "f1", "1"), MarkedSpan(0, 12, "s", "s1")]
    html = as_html("See [1] here", spans, {"1": "p1"})
    assert html == (
        '<p dir="auto"><mark class="f s" id="w1"><span id="s1">See <a class="marker" href="#p1">[1]</a>'
        ' here</span></mark><sup><a class="led" href="#f1">1</a></sup></p>'
    )


def test_a_text_says_whether_it_was_cleared_and_by_whom() -> None:
    held = review("We answer.")
    assert "DRAFT, not cleared" in evidence_view.review(held, lookup, NOW, ())
    approved = Decision("approve", "grace", held.draft.digest, "", NOW)
    cleared = evidence_view.review(replace(held, state="delivered", decisions=(approved,)), lookup, NOW, ())
    assert "Cleared by grace" in cleared
    assert "not cleared" not in cleared


def test_each_passage_stands_once_however_many_sentences_and_citations_lead_to_it() -> None:
    held = review("We answer within days [1]. It is so [1]. And so [2].")
    first = held.draft.citations[0]
    start = NOTE.text.index("The day of arrival")
    near = replace(first, marker="2", quote=NOTE.text[start : start + 18], start=start, end=start + 18)
    drawn = replace(held.draft, citations=(first, near))
    html = passages_view.passages(drawn, "v", lookup)

    assert html.count('<article class="passage"') == 1
    assert html.count("is answered promptly") == 1
    assert [html.count(f'id="v-{marker}"') for marker in "12"] == [1, 1]
    assert "Cited in" in html
    assert len(re.findall(r'href="#v-s\d"', html)) == 3

    apart = replace(near, version="sha256:of-another-version")
    assert passages_view.passages(replace(drawn, citations=(first, apart)), "v", lookup).count("<article") == 2
