"""The Figures page: a reviewer's own statistics, and sums over all reviewers for people with the right to see them."""

from collections.abc import Mapping, Sequence
from http import HTTPStatus

from fastapi import FastAPI, HTTPException, Request
from starlette.concurrency import run_in_threadpool
from starlette.responses import HTMLResponse, Response

from humphrey.accounts.model import Person
from humphrey.accounts.roles import may
from humphrey.clearance.model import REASONS
from humphrey.clearance.reviewer_statistics.model import EVERY_KIND, SMALLEST_GROUP, ReviewerFigures
from humphrey.clearance.reviewer_statistics.service import ReviewerStatistics
from humphrey.errors import IdentityError, NotPermitted
from humphrey.papers.kind import Papers
from humphrey.web import layout
from humphrey.web.escaping import safe
from humphrey.web.gradio_mount import GradioMount
from humphrey.web.records.charts import charts

_UNKNOWN = '<span aria-hidden="true">–</span><span class="unseen">not known</span>'


_NONE = '<span aria-hidden="true">–</span><span class="unseen">none</span>'


_MINUTE_S = 60


_HEADS = ("Month", "Kind of paper", "Decisions", "Approved unchanged", "Time spent", "Evidence opened", "Returned for")


def add_routes(app: FastAPI, pages: GradioMount, readings: ReviewerStatistics, papers: Papers) -> None:
    """Add the route to the server."""
    titles = {kind: paper.title for kind, paper in papers.items()}

    async def figures(request: Request) -> Response:
        person = await pages.person(request)
        if person is None:
            raise HTTPException(HTTPStatus.SEE_OTHER, headers={"Location": "/sign-in?next=/figures"})
        try:
            return HTMLResponse(await run_in_threadpool(_page, readings, person, titles))
        except (NotPermitted, IdentityError) as error:
            return HTMLResponse(layout.forbidden_page(error), HTTPStatus.FORBIDDEN)

    app.add_api_route("/figures", figures, methods=["GET", "HEAD"], response_model=None)


def _page(readings: ReviewerStatistics, person: Person, titles: Mapping[str, str]) -> str:
    """Return the statistics that the person may see; the service refuses a person who may see none."""
    own = _own(readings.of(person.name), titles) if may(person, "clear") else ""
    # The service raises the error that names the missing role for a person without either right.
    sums = _sums(readings.sums(person.name), titles) if may(person, "figures") or not own else ""
    body = f"<h1>Figures</h1>{own}{sums}{_explained()}"
    return layout.page("Figures", body, person=person, path="/figures", wide=True)


def _own(figures: Sequence[ReviewerFigures], titles: Mapping[str, str]) -> str:
    said = "How you read what you decided on. Nobody else sees these lines."
    none = "You have not decided on a draft in the last year."
    if not figures:
        return _nothing("Yours", none)
    return f"<h2>Yours</h2><p>{said}</p>{charts(figures)}{_table('Your figures', figures, titles)}"


def _sums(figures: Sequence[ReviewerFigures], titles: Mapping[str, str]) -> str:
    shown = (
        f"of months that are over and of at least {SMALLEST_GROUP} reviewers, so that they tell of no single person."
    )
    if not figures:
        return _nothing("Everybody, as sums", f"There are none yet: they are shown {shown}")
    table = _table("Sums over all reviewers", figures, titles, people=True)
    return f"<h2>Everybody, as sums</h2><p>These are {shown}</p>{charts(figures)}{table}"


def _nothing(title: str, said: str) -> str:
    return f"<h2>{title}</h2><p>{said}</p>"


def _table(caption: str, figures: Sequence[ReviewerFigures], titles: Mapping[str, str], *, people: bool = False) -> str:
    seeded = any(each.found or each.missed for each in figures)
    heads = [*_HEADS[:2], *(["Reviewers"] if people else []), *_HEADS[2:], *(["Seeded drafts"] if seeded else [])]
    head = "".join(f'<th scope="col">{each}</th>' for each in heads)
    rows = "".join(_row(each, heads[1:], titles, people=people, seeded=seeded) for each in figures)
    return (
        f'<table class="held figures"><caption class="unseen">{caption}</caption>'
        f"<thead><tr>{head}</tr></thead><tbody>{rows}</tbody></table>"
    )


def _row(each: ReviewerFigures, heads: Sequence[str], titles: Mapping[str, str], *, people: bool, seeded: bool) -> str:
    kind = "All kinds" if each.kind == EVERY_KIND else titles.get(each.kind, each.kind.replace("_", " "))
    cells = [
        safe(kind),
        *([f"{each.reviewers:,}"] if people else []),
        f"{each.ruled:,}",
        f"{each.unchanged:,} of {each.approved:,}" if each.approved else _NONE,
        _time(each),
        f"{each.evidence:.0%}" if each.evidence is not None else _UNKNOWN,
        _reasons(each),
        *([f"{each.found:,} found, {each.missed:,} missed"] if seeded else []),
    ]
    css = ' class="whole"' if each.kind == EVERY_KIND else ""
    # In a narrow window the cells stand below each other, each with its label.
    told = "".join(f'<td data-label="{head}">{cell}</td>' for head, cell in zip(heads, cells, strict=True))
    return f'<tr{css}><th scope="row">{each.month:%B %Y}</th>{told}</tr>'


def _time(each: ReviewerFigures) -> str:
    if each.seconds is None:
        return _UNKNOWN
    minutes, seconds = divmod(round(each.seconds), _MINUTE_S)
    said = f"{minutes} min {seconds} s" if minutes else f"{seconds} s"
    return said if each.read == each.ruled else f"{said} <small>(of {each.read:,})</small>"


def _reasons(each: ReviewerFigures) -> str:
    if not each.reasons:
        return _NONE
    items = "".join(f"<li>{safe(REASONS[reason])}: {count:,}</li>" for reason, count in each.reasons.items())
    return f'<ul class="plain">{items}</ul>'


def _explained() -> str:
    terms = {
        "Approved unchanged": "Of the drafts that were approved, how many in their first wording.",
        "Time spent": "The median time for which a draft was before its reader on the page. Where some were decided on "
        "by command, the number in brackets says of how many it is known.",
        "Evidence opened": "Of the passages that those drafts cite, the share that was opened.",
        "Returned for": "The fixed reasons given for returning or refusing a draft.",
        "Seeded drafts": "Drafts with a known error, put on the queue if the administrator switched that on.",
    }
    listed = "".join(f"<dt>{term}</dt><dd>{meaning}</dd>" for term, meaning in terms.items())
    return f"<h2>What they mean</h2><dl>{listed}</dl>"
