"""The JSON routes, given what their OpenAPI document allows and what it forbids, as every role and as nobody.

schemathesis makes up the requests. No answer may be a server's error, take longer than `_SLOWEST_S`, or have a status
or a shape that the document does not declare; the server must be alive at the end, without a traceback in its log.
Bounded by time, to this machine's own address. `python -m evals.proofs fuzz --minutes 5`.
"""

import argparse
import tempfile
import time
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import schemathesis
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import seed as seeded
from hypothesis import strategies as st
from schemathesis import GenerationMode
from schemathesis.checks import not_a_server_error
from schemathesis.core.result import Err
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_schema_conformance,
    status_code_conformance,
)

from evals.proofs.ending import exit_code
from evals.proofs.scene import BOTH, add_with_own_passwords, asking, furnish, joined
from evals.proofs.serving import COOKIE, PASSWORD, Caller, serving
from humphrey.accounts.model import Person

_CHECKS = [not_a_server_error, status_code_conformance, content_type_conformance, response_schema_conformance]


_SLOWEST_S = 10.0
"""An answer that takes longer hangs."""


PEOPLE = (
    Person("amina", ("official",)),
    Person("grace", ("reviewer",), markings=BOTH),
    Person("olga", ("guidance_owner",)),
    Person("ivan", ("auditor",)),
    Person("dora", ("disclosure_officer",)),
    Person("otto", ("analyst",)),
    Person("sam", ("administrator",)),
)
"""The callers: a person of every role."""


@dataclass
class Tally:
    """What was sent and what came back.

    Attributes:
        statuses: how many answers had each status.
        breaches: what must not be, by route and caller.
    """

    statuses: Counter[int] = field(default_factory=Counter)
    breaches: list[str] = field(default_factory=list)


def prove(folder: Path, seconds: float, first: int = 1) -> Tally:
    """Serve an installation with a draft that waits, and send requests until the time is over."""
    humphrey = joined(folder)
    furnish(humphrey)
    add_with_own_passwords(humphrey, PEOPLE, PASSWORD)
    review = humphrey.clearance.take(asking("amina"))
    humphrey.close()
    tally = Tally()
    with serving(folder) as (process, port):
        callers = {"nobody": Caller(port)} | {person.name: Caller(port) for person in PEOPLE}
        for person in PEOPLE:
            callers[person.name].sign_in(person.name)
        described = callers["amina"].get("/api/openapi.json").plain
        _send(described, callers, [review.id], tally, time.monotonic() + seconds, first)
        if process.poll() is not None or callers["nobody"].get("/healthz").status != 200:
            tally.breaches.append("the server is not alive")
    if "Traceback" in (folder / "log.txt").read_text(encoding="utf-8", errors="replace"):
        tally.breaches.append(f"a traceback is in {folder / 'log.txt'}")
    return tally


def _send(
    described: Mapping[str, Any],
    callers: Mapping[str, Caller],
    reviews: Sequence[str],
    tally: Tally,
    until: float,
    first: int,
) -> None:
    """Send a few requests to each route as each caller, round after round, until the time is over.

    The caller without a sign-in and the official always finish, so that a slow machine shows both.
    """
    operations = list(_operations(described))
    for number in range(first, first + 1_000_000):
        for n, (name, caller) in enumerate(callers.items()):
            if time.monotonic() > until and (number > first or n > 1):
                return
            for operation in operations:
                _try(operation, name, caller, reviews, tally, number)


def _operations(described: Mapping[str, Any]) -> Iterator[Any]:
    for found in schemathesis.openapi.from_dict(dict(described)).get_all_operations():
        if isinstance(found, Err):
            raise found.err()
        yield found.ok()


def _try(operation: Any, name: str, caller: Caller, reviews: Sequence[str], tally: Tally, number: int) -> None:  # noqa: ANN401 - schemathesis' own type
    # Any text is a valid review id, so only a query or a body can break the document's rules.
    modes = [GenerationMode.POSITIVE, *([GenerationMode.NEGATIVE] if operation.body or operation.query else [])]
    cases = [operation.as_strategy(generation_mode=mode) for mode in modes]

    @seeded(number)
    @settings(
        max_examples=4,
        deadline=None,
        database=None,
        phases=[Phase.generate],
        suppress_health_check=list(HealthCheck),
    )
    @given(st.one_of(cases), st.sampled_from([None, *reviews]))
    def once(case: Any, review: str | None) -> None:  # noqa: ANN401 - as above
        if review and "review_id" in (case.path_parameters or {}):
            case.path_parameters["review_id"] = review
        tally.breaches.extend(_answered(case, name, caller, tally))

    try:
        once()
    except Exception as error:  # noqa: BLE001 - a connection that breaks is a breach like any other
        tally.breaches.append(f"{operation.label} as {name}: {type(error).__name__}: {str(error)[:300]}")


def _answered(case: Any, name: str, caller: Caller, tally: Tally) -> Iterator[str]:  # noqa: ANN401 - as above
    began = time.monotonic()
    cookies = {COOKIE: caller.token} if caller.token else {}
    answer = case.call(base_url=caller.origin, headers={"Origin": caller.origin}, cookies=cookies, timeout=60)
    tally.statuses[answer.status_code] += 1
    where = f"{case.operation.label} as {name}"
    if time.monotonic() - began > _SLOWEST_S:
        yield f"{where}: it took {time.monotonic() - began:.0f} seconds"
    try:
        case.validate_response(answer, checks=_CHECKS)
    except Exception as error:  # noqa: BLE001 - schemathesis raises a group of its failures
        yield f"{where}: {answer.status_code}: {_first_lines(error)}"


def _first_lines(error: BaseException) -> str:
    parts = getattr(error, "exceptions", (error,))
    return "; ".join(" ".join(str(part).split())[:300] for part in parts)


def arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the command line."""
    parser.add_argument("--minutes", type=float, default=5, help="How long to send requests.")
    parser.add_argument("--seed", type=int, default=1, help="The number of the first round.")
    parser.set_defaults(run=run)


def run(asked: argparse.Namespace) -> int:
    """Print the counts; exit with 1 if an answer was none that the document declares."""
    with tempfile.TemporaryDirectory(prefix="proof-") as folder:
        tally = prove(Path(folder), asked.minutes * 60, asked.seed)
    told = ", ".join(f"{status}: {count}" for status, count in sorted(tally.statuses.items()))
    print(f"requests {sum(tally.statuses.values())}\t{told}\tbreaches {len(tally.breaches)}")
    return exit_code(tally.breaches)
