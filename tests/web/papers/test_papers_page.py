"""The Papers page: kinds found, a form drawn from its fields, faults beside them, and the draft with its origins."""

from collections.abc import Callable, Iterator

import httpx
import pytest
from playwright.sync_api import expect

from humphrey.papers.draft import Commission
from tests.papers.kind_examples import example_facts
from tests.web.conftest import Visitor
from tests.web.running_site import KINDS, Site

SignIn = Callable[[str], Visitor]


KIND = "foi_refusal_notice"
FACTS = {**example_facts(KINDS[KIND]), "searches": "The lamp room was searched."}


@pytest.fixture
def tom(site: Site) -> Iterator[httpx.Client]:
    with httpx.Client(base_url=site.url, headers={"Origin": site.url}, timeout=20) as client:
        assert client.post("/sign-in", data={"name": "tom"}).status_code == 303
        yield client


def test_kinds_are_searched_and_the_form_follows_what_is_chosen_and_keeps_what_is_typed(sign_in: SignIn) -> None:
    tom = sign_in("tom")
    page = tom.open("/papers")
    page.get_by_label("Find a kind of paper").fill("refusal freedom")
    expect(page.locator(".family li:visible")).to_have_count(1)
    page.get_by_role("link", name="Refusal notice").click()
    expect(page).to_have_url(f"{tom.site.url}/papers?kind={KIND}")
    page.get_by_label("Date received", exact=True).fill("23/11/2026")
    expect(page.locator("[id='s-date_received']")).to_have_text("Monday 23 November 2026")

    rows = page.get_by_role("group", name="Exemptions", exact=True)
    expect(rows).to_be_hidden()
    page.get_by_label("Exemptions apply").check()
    expect(page.get_by_label("Public interest in release")).to_be_hidden()
    rows.get_by_label("Exemption", exact=True).select_option("43(2)")
    page.get_by_label("Public interest in release").fill("Openness about prices.")
    page.get_by_label("It would cause harm").check()
    rows.get_by_role("button", name="Add a row").press("Enter")
    expect(page.locator("[id='f-exemptions.2.section']")).to_be_focused()
    expect(page.locator("#papers-spoken")).to_have_text("Row 2 of Exemptions was added.")
    page.locator("[id='f-exemptions.2.section']").select_option("21")
    page.get_by_label("Section 12: it would cost too much").check()
    expect(rows).to_be_hidden()
    page.get_by_label("Exemptions apply").check()
    page.wait_for_timeout(400)

    tom.open(f"/papers?kind={KIND}")
    expect(page.locator("[id='f-exemptions.1.for']")).to_have_value("Openness about prices.")
    expect(page.locator("[id='f-exemptions.1.threshold']")).to_be_checked()
    rows.get_by_role("button", name="Remove row 1").click()
    expect(page.locator("[id='f-exemptions.1.section']")).to_have_value("21")
    expect(page.locator("[id='f-exemptions.2.section']")).to_have_count(0)
    tom.open("/papers")
    expect(page.locator("#latest-kinds a")).to_have_text(["Refusal notice under the Freedom of Information Act"])
    assert tom.trouble == []


def test_every_fault_is_beside_its_field_and_the_draft_says_what_it_needs_and_where_its_words_come_from(
    sign_in: SignIn,
) -> None:
    amina = sign_in("amina")
    page = amina.open(f"/papers?kind={KIND}")
    page.get_by_label("Case reference", exact=True).fill("x" * 70)
    page.get_by_label("Date received", exact=True).fill("the 45th of May")
    page.get_by_role("button", name="Draft it").click()
    expect(page.locator("#papers-alert")).to_be_focused()
    expect(page.locator("#papers-alert li")).to_have_count(2)
    expect(page.locator("[id='e-date_received']")).to_contain_text("is not a date")
    expect(page.get_by_label("Date received", exact=True)).to_have_value("the 45th of May")
    page.locator("#papers-alert").get_by_role("link", name="Case reference").click()
    expect(page.get_by_label("Case reference", exact=True)).to_be_focused()

    page.get_by_label("Case reference", exact=True).fill("FOI2026/00123")
    page.get_by_label("Date received", exact=True).fill("23 November 2026")
    page.get_by_label("Record of the searches").fill("The lamp room.")
    page.get_by_role("button", name="Draft it").click()
    expect(page.locator("#paper-heading")).to_be_focused()
    expect(page.locator("#papers-alert")).to_be_empty()
    expect(page.locator("#paper .internal")).to_contain_text("The lamp room.")
    page.locator("#paper-words").get_by_role("link", name="FOI2026/00123").hover()
    expect(page.get_by_role("tooltip")).to_have_text("From: Case reference")
    page.locator("#paper-words mark.needs").first.get_by_role("link").click()
    expect(page.get_by_label("Requester's name")).to_be_focused()
    assert amina.trouble == []


def test_a_file_gives_its_text_by_the_rules_of_attached_files(tom: httpx.Client) -> None:
    taken = tom.post("/papers/files", params={"name": "letter.txt"}, content=b"Dear all, please answer.")
    refused = tom.post("/papers/files", params={"name": "letter.txt"}, content=b"\xff\xfe")
    secret = tom.post("/papers/files", params={"name": "letter.txt"}, content=b"SECRET\n\nThe plan.")

    assert taken.json()["text"] == "Dear all, please answer."
    assert (refused.status_code, secret.status_code) == (400, 400)
    assert "is no text" in refused.json()["html"]
    assert "The plan" not in secret.text


def test_what_is_no_fact_of_the_kind_is_refused_in_a_sentence(tom: httpx.Client) -> None:
    for sent in ({"kind": "none", "facts": {}}, {"kind": "answer", "facts": {}}, {"kind": KIND, "facts": []}, [1]):
        assert tom.post("/papers/drafts", json=sent).status_code == 400
    assert tom.post("/papers/drafts", content=b"{").status_code == 400
    empty = tom.post("/papers/drafts", json={"kind": KIND, "facts": {"case_reference": " "}})
    assert empty.json()["faults"] == {
        "case_reference": "Give at least one fact. What is still missing will stand in the draft."
    }


def test_the_note_is_shown_to_the_reviewer_and_leaves_in_no_export(site: Site) -> None:
    review = site.desk.clearance.take(Commission(KIND, "", "amina", "web", FACTS))
    assert "The lamp room was searched." in review.draft.note
    with httpx.Client(base_url=site.url, headers={"Origin": site.url}, timeout=30) as grace:
        assert grace.post("/sign-in", data={"name": "grace"}).status_code == 303
        assert "The lamp room was searched." in grace.get(f"/reviews/{review.id}").text
        site.desk.clearance.decide(review.id, "approve", "grace", review.draft.digest)
        for form in ("md", "html"):
            assert "lamp room" not in grace.get(f"/reviews/{review.id}/export.{form}").text
    assert "lamp room" not in site.desk.clearance.review(review.id).draft.text
