"""The figures of each model's drafts, and which of the two models is worse in each."""

import json
import statistics
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

Drafts = Mapping[str, Mapping[str, Any]]
"""The lines that `humphrey ask --queries FILE --json` wrote, by the id of the question."""


Figures = dict[str, float]
"""Figures by name; a count is a whole number."""


ANSWERING = ("answered", "partial")
"""The statuses of a draft that answers."""


# Of these more is better or worse; of all others a difference is only told.
_MORE_IS_WORSE = ("not answered", "blocked", "no citation", "seconds, mean", "seconds, slowest", "tokens", "cost")


_MORE_IS_BETTER = ("citations a draft",)


@dataclass(frozen=True)
class Row:
    """One figure of both; `worse` is the model that does worse in it: "A", "B" or neither."""

    name: str
    a: float
    b: float
    worse: str


class Unusable(Exception):
    """A file cannot be compared; the message says which, and what to do."""


def read(path: Path) -> Drafts:
    """Read the drafts of one file.

    Raises:
        Unusable: it cannot be read, a line is not what the command writes, or two lines have one id.
    """
    try:
        lines = path.read_text(encoding="utf-8").splitlines()
    except (OSError, UnicodeDecodeError) as error:
        raise Unusable(
            f"{path} cannot be read ({error}); give what `humphrey ask --queries FILE --json` wrote"
        ) from None
    drafts: dict[str, Mapping[str, Any]] = {}
    for number, line in enumerate(lines, start=1):
        if line.strip():
            draft = _draft(path, number, line)
            if draft["id"] in drafts:
                raise Unusable(f"{path}, line {number}: the id {draft['id']!r} stands there twice; give each its own")
            drafts[draft["id"]] = draft
    if not drafts:
        raise Unusable(f"{path} holds no draft; write one with `humphrey ask --queries FILE --json`")
    return drafts


def require_same(first: Drafts, second: Drafts) -> None:
    """Require that both answer the same questions.

    Raises:
        Unusable: a question is missing from one; names the ids.
    """
    for name, missing in (("first", second.keys() - first.keys()), ("second", first.keys() - second.keys())):
        if missing:
            told = ", ".join(sorted(missing)[:10]) + (" and more" if len(missing) > 10 else "")
            raise Unusable(f"the {name} file lacks {len(missing)} ids ({told}); ask both models the same questions")


def model_of(drafts: Drafts) -> str:
    """Return the names of the models that wrote the drafts, each once."""
    names = {f"{draft['model']['provider']} {draft['model']['name']}" for draft in drafts.values() if "model" in draft}
    return ", ".join(sorted(names)) or "none"


def figures(drafts: Drafts) -> Figures:
    """Return the figures of one model's drafts."""
    written = [draft for draft in drafts.values() if "error" not in draft]
    answers = [draft for draft in written if draft["status"] in ANSWERING]
    statuses = Counter(str(draft["status"]) for draft in written)
    findings = Counter(str(finding["check"]) for draft in written for finding in draft["findings"])
    usages = [draft["usage"] for draft in written if draft.get("usage")]
    seconds = [float(draft["seconds"]) for draft in written] or [0.0]
    return {
        **{f"status {status}": count for status, count in statuses.items()},
        "not answered": len(drafts) - len(written),
        "blocked": sum(any(finding["level"] == "block" for finding in draft["findings"]) for draft in written),
        **{f"findings {check}": count for check, count in findings.items()},
        "no citation": sum(not draft["citations"] for draft in answers),
        "citations a draft": _mean([len(draft["citations"]) for draft in answers]),
        "seconds, mean": _mean(seconds),
        "seconds, slowest": max(seconds),
        "tokens": sum(usage["tokens_in"] + usage["tokens_out"] for usage in usages),
        "cost": round(sum(float(usage["cost"]) for usage in usages), 6),
    }


def compared(first: Drafts, second: Drafts) -> list[Row]:
    """Return a row for each figure that either has, in the order of the first's."""
    a, b = figures(first), figures(second)
    names = [*a, *(name for name in b if name not in a)]
    return [Row(name, a.get(name, 0), b.get(name, 0), _worse(name, a.get(name, 0), b.get(name, 0))) for name in names]


def changed(first: Drafts, second: Drafts) -> list[tuple[str, str, str]]:
    """Return the questions whose status differs: id, the first's status, the second's."""
    pairs = ((name, _status(draft), _status(second[name])) for name, draft in first.items())
    return [(name, before, after) for name, before, after in pairs if before != after]


def worse_in(rows: Sequence[Row], model: str) -> list[str]:
    """Return the figures in which a model does worse."""
    return [row.name for row in rows if row.worse == model]


def _draft(path: Path, number: int, line: str) -> Mapping[str, Any]:
    wanted = ("status", "findings", "citations", "seconds", "model")
    try:
        draft = json.loads(line)
        if "error" not in draft and any(name not in draft for name in wanted):
            raise KeyError
        return {**draft, "id": str(draft["id"])}
    except (ValueError, KeyError, TypeError):
        raise Unusable(f"{path}, line {number}: not a line of `humphrey ask --queries FILE --json`") from None


def _status(draft: Mapping[str, Any]) -> str:
    return str(draft.get("status", "not answered"))


def _worse(name: str, a: float, b: float) -> str:
    if a == b:
        return ""
    if name in _MORE_IS_WORSE or name.startswith("findings "):
        return "A" if a > b else "B"
    if name in _MORE_IS_BETTER:
        return "A" if a < b else "B"
    return ""


def _mean(values: Sequence[float]) -> float:
    return round(statistics.fmean(values), 3) if values else 0.0
