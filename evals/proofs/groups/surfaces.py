"""The surfaces of humphrey that show words to a signed-in person: pages, routes, page handlers and commands."""

import json
import os
import re
import subprocess
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import count
from pathlib import Path

from evals.proofs.serving import Caller

PAGES = (
    *(
        "/",
        "/home",
        "/ask",
        "/ask/history",
        "/ask/suggestions",
        "/papers",
        "/clear",
        "/guidance",
        "/notices",
        "/outbox",
        "/figures",
        "/account",
        "/people",
        "/record",
    ),
    *("/record/entries.csv", "/record/entries.json", "/disclosures", "/api/openapi.json", "/api/docs"),
    *("/api/v1/notices", "/api/v1/reviews", "/api/v1/reviews?own=true"),
    "/api/v1/reviews?state=open&state=returned&state=released&state=delivered&state=approved&state=closed",
)
"""Paths without a review."""


REVIEW_PAGES = (
    *("/reviews/{id}", "/reviews/{id}?earlier=1&later=2", "/clear?review={id}", "/record?subject={id}"),
    *("/reviews/{id}/export.md", "/reviews/{id}/export.html", "/reviews/{id}/export.odt", "/reviews/{id}/export.docx"),
    *("/reviews/{id}/case.html", "/reviews/{id}/case.json"),
    *("/api/v1/reviews/{id}", "/api/v1/reviews/{id}/standing", "/api/v1/reviews/{id}/ratings"),
)
"""Paths of a review that change nothing."""


_NO_DIGEST = "sha256:none"


REVIEW_ACTS: Sequence[tuple[str, dict[str, object]]] = (
    ("/api/v1/reviews/{id}/claim", {}),
    ("/api/v1/reviews/{id}/hand-back", {}),
    ("/api/v1/reviews/{id}/hand-over", {"deputy": "reviewer of none"}),
    ("/api/v1/reviews/{id}/comment", {"text": "A remark."}),
    ("/api/v1/reviews/{id}/defer", {"until": "2026-12-31", "reason": "Later."}),
    ("/api/v1/reviews/{id}/rate", {"digest": _NO_DIGEST, "sentences": {"1": "right"}}),
    ("/api/v1/reviews/{id}/undo", {}),
    ("/api/v1/reviews/{id}/amend", {"text": "Other words.", "digest": _NO_DIGEST}),
    ("/api/v1/reviews/{id}/instruct", {"instruction": "Make it shorter.", "digest": _NO_DIGEST}),
    ("/api/v1/reviews/{id}/decide", {"verdict": "approve", "digest": _NO_DIGEST}),
    ("/api/v1/reviews/{id}/reading", {"wording": 1, "seconds": 1.0}),
    ("/reviews/{id}/amend", {"text": "Other words.", "digest": _NO_DIGEST}),
    ("/reviews/{id}/comment", {"text": "A remark."}),
)
"""Acts on a review, with what is sent."""


COMMANDS = (
    ("reviews", "--all", "--json", "--as", "{name}"),
    ("claim", "{id}", "--as", "{name}"),
    ("hand-back", "{id}", "--as", "{name}"),
    ("comment", "{id}", "A remark.", "--as", "{name}"),
    ("instruct", "{id}", "Make it shorter.", "--as", "{name}"),
    ("decide", "{id}", "approve", "--digest", _NO_DIGEST, "--as", "{name}", "--json"),
    ("case", "{id}", "-o", "made.json", "--as", "{name}"),
    ("export", "{id}", "--format", "md", "-o", "made.md", "--as", "{name}"),
    ("document", "{document}", "--as", "{name}"),
    ("ledger", "list", "--as", "{name}"),
    ("disclose", "search", "--words", "harbour", "--as", "{name}"),
    ("disclose", "list", "--as", "{name}"),
    ("disclose", "show", "{pack}", "--as", "{name}"),
    ("figures", "--as", "{name}"),
)
"""Commands in a person's name that show something."""


_RUNNER = """
import contextlib, io, json, logging, pathlib, runpy, sys
for words in json.load(sys.stdin):
    said, sys.argv = io.StringIO(), ["humphrey", *words]
    with contextlib.redirect_stdout(said), contextlib.redirect_stderr(said):
        try:
            runpy.run_module("humphrey", run_name="__main__")
        except SystemExit:
            pass
    logging.getLogger().handlers.clear()
    for made in pathlib.Path().glob("made.*"):
        said.write(made.read_text(encoding="utf-8"))
        made.unlink()
    print(json.dumps(said.getvalue()))
"""
"""The program that runs commands one after the other in a process of its own, which imports them once."""


def ran(folder: Path, commands: Sequence[Sequence[str]]) -> list[str]:
    """Run commands on a data folder; return what each said."""
    given = {"HUMPHREY_DATA_DIR": str(folder), "HUMPHREY_CORPUS": str(folder / "corpus")}
    (folder / "corpus").mkdir(exist_ok=True)
    done = subprocess.run(
        [sys.executable, "-c", _RUNNER],
        input=json.dumps(commands),
        env={**os.environ, **given},  # noqa: TID251 - a child process inherits the environment
        cwd=folder,
        capture_output=True,
        text=True,
        check=True,
    )
    return [json.loads(line) for line in done.stdout.splitlines()]


@dataclass(frozen=True)
class Handler:
    """A handler of a page: its number, and the names of the components whose values it is given."""

    number: int
    inputs: tuple[str, ...]


_sessions = count(1)


def handlers(caller: Caller) -> list[Handler]:
    """Return the handlers of all pages as the browser of a reviewer is told of them; each page names its own."""
    found = {each.number: each for path in ("/ask", "/papers", "/clear") for each in _of_page(caller, path)}
    return list(found.values())


def _of_page(caller: Caller, path: str) -> list[Handler]:
    page = caller.get(path).body.decode()
    found = re.search(r"window\.gradio_config = (.*?);\s*window\.gradio_api_info", page, re.DOTALL)
    config = json.loads(found[1]) if found else {"components": [], "dependencies": []}
    names = {each["id"]: str(each["props"].get("elem_id") or "") for each in config["components"]}
    return [
        Handler(each["id"], tuple(names.get(given, "") for given in each["inputs"]))
        for each in config["dependencies"]
        if each.get("backend_fn", True)
    ]


def set_off(caller: Caller, handler: Handler, review: str) -> bytes:
    """Call a handler as its page does, with a review in every field that names one; return all that it said."""
    values: Mapping[str, object] = {
        **{"review": review, "digest": _NO_DIGEST, "pending": f"approve {_NO_DIGEST}", "command": f"open {review}"},
        **{"deputy": "reviewer of none", "comment": "A remark.", "amended": "Other words.", "exchange": review},
        **{"instruction": "Make it shorter.", "place": f"here {review}", "reasons": ["unclear"], "acknowledged": []},
    }
    session = f"reach{next(_sessions)}"
    data = [values.get(name, "") for name in handler.inputs]
    call = {"data": data, "fn_index": handler.number, "session_hash": session, "event_data": None, "trigger_id": None}
    begun = caller.post("/gradio_api/queue/join", call)
    if begun.status != 200:
        return begun.body
    return caller.get(f"/gradio_api/queue/data?session_hash={session}").body
