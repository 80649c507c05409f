"""The Figures page: a reviewer's own lines, sums for the person who may see them, and nothing for anybody else."""

import re
import urllib.error
import urllib.parse
import urllib.request
from collections.abc import Iterator
from datetime import date
from http.cookiejar import CookieJar
from pathlib import Path

import pytest
from sqlalchemy import text

from humphrey.clearance.reviewer_statistics.model import EVERY_KIND, ReviewerFigures
from humphrey.papers.draft import Commission
from humphrey.web.records.charts import charts
from tests.web.running_site import Site, running


@pytest.fixture(scope="module")
def figures(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    """A server where three people decided on drafts two months ago, and grace on one just now."""
    folder: Path = tmp_path_factory.mktemp("figures")
    with running(folder, gradio=False) as site:
        for name in ("grace", "david"):
            decided(site, name)
        with site.database.writing() as connection:
            for table in ("decisions", "versions"):
                connection.execute(text(f"UPDATE {table} SET at = datetime(at, '-62 days')"))  # noqa: S608 - two names
            third = "INSERT INTO decisions SELECT review, 2, verdict, 'olu', digest, reason, at, reasons FROM decisions"
            connection.execute(text(f"{third} WHERE reviewer = 'david'"))
        decided(site, "grace", "return")
        yield site


def decided(site: Site, reviewer: str, verdict: str = "approve") -> None:
    review = site.desk.clearance.take(Commission("answer", "How long?", "amina", "web"))
    reason = "" if verdict == "approve" else "Look <b>again</b>."
    reasons = () if verdict == "approve" else ("facts",)
    site.desk.clearance.decide(review.id, verdict, reviewer, review.draft.digest, reason, reasons)


def page(site: Site, name: str = "") -> tuple[int, str]:
    client = urllib.request.build_opener(urllib.request.HTTPCookieProcessor(CookieJar()))
    if name:
        form = urllib.parse.urlencode({"name": name, "next": "/guidance"}).encode()
        client.open(urllib.request.Request(f"{site.url}/sign-in", form, {"Origin": site.url}))  # noqa: S310 - loopback
    try:
        with client.open(f"{site.url}/figures") as answer:
            return answer.status if answer.url == f"{site.url}/figures" else 303, answer.read().decode()
    except urllib.error.HTTPError as error:
        return error.code, error.read().decode()


def rows(html: str, caption: str) -> list[list[str]]:
    table = re.search(rf"<caption[^>]*>{caption}</caption>.*?<tbody>(.*?)</tbody>", html)
    assert table
    found = re.findall(r"<tr[^>]*>(.*?)</tr>", table[1])
    return [
        [" ".join(re.sub(r"<[^>]+>", " ", cell).split()) for cell in re.findall(r"<t[hd][^>]*>(.*?)</t[hd]>", row)]
        for row in found
    ]


def test_the_person_who_is_not_signed_in_is_led_to_the_sign_in(figures):
    status, html = page(figures)

    assert status == 303
    assert "Sign in" in html


def test_an_official_is_told_which_role_it_takes(figures):
    status, html = page(figures, "amina")

    assert status == 403
    assert "it takes the analyst, auditor or administrator role" in html


def test_a_reviewer_sees_their_own_lines_at_once_and_nobody_elses(figures):
    status, html = page(figures, "grace")

    assert status == 200
    own = rows(html, "Your figures")
    assert [row[1:4] for row in own] == [
        ["All kinds", "1", "– none"],
        ["Answer", "1", "– none"],
        ["All kinds", "1", "1 of 1"],
        ["Answer", "1", "1 of 1"],
    ]
    assert "A fact, figure or date is wrong: 1" in " ".join(own[0])
    assert "Everybody, as sums" not in html
    assert "david" not in html
    assert "again" not in html


@pytest.mark.parametrize("name", ["priya", "iris", "sam"])
def test_the_person_who_may_see_figures_sees_sums_of_months_that_are_over_and_names_nobody(figures, name):
    status, html = page(figures, name)

    assert status == 200
    sums = rows(html, "Sums over all reviewers")
    assert [row[1:4] for row in sums] == [["All kinds", "3", "3"], ["Answer", "3", "3"]]
    for reviewer in ("grace", "david", "olu"):
        assert reviewer not in html
    assert "Yours" not in html


def test_with_two_reviewers_there_are_no_sums(tmp_path):
    with running(tmp_path, gradio=False) as site:
        for name in ("grace", "david"):
            decided(site, name)
        with site.database.writing() as connection:
            connection.execute(text("UPDATE decisions SET at = datetime(at, '-62 days')"))
        _, html = page(site, "priya")
        _, own = page(site, "grace")

    assert "There are none yet" in html
    assert "<table" not in html
    assert "Your figures" in own


def test_the_page_is_linked_for_whom_it_is_there(figures):
    for name, linked in (("amina", False), ("grace", True), ("priya", True)):
        client = urllib.request.build_opener(urllib.request.HTTPCookieProcessor(CookieJar()))
        form = urllib.parse.urlencode({"name": name, "next": "/guidance"}).encode()
        with client.open(
            urllib.request.Request(f"{figures.url}/sign-in", form, {"Origin": figures.url})  # noqa: S310 - loopback
        ) as answer:
            assert ('href="/figures"' in answer.read().decode()) is linked


def test_charts_are_drawn_by_month_with_their_values_for_those_who_see_none():
    months = [ReviewerFigures(date(2026, n, 1), EVERY_KIND, 3, 10 * n, 0, 0, 1, 90.0, None) for n in (2, 1)]

    drawn = charts(months)

    assert 'aria-label="Decisions. Jan 26: 10; Feb 26: 20"' in drawn
    assert 'aria-label="Time spent, in minutes. Jan 26: 1.5; Feb 26: 1.5"' in drawn
    assert [float(high) for high in re.findall(r'height="([\d.]+)"/>', drawn)[:2]] == [56.0, 112.0]
    assert charts(months[:1]) == "", "one month needs no picture"
