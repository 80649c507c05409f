"""HTML of a draft's provenance: model, usage, steps and findings, so that a reader can judge its reliability."""

from collections.abc import Mapping, Sequence

from humphrey.papers.draft import Draft, Finding, Level, Step, Usage
from humphrey.web.escaping import as_html, safe

_LABELS: Mapping[Level, str] = {"block": "Must be put right", "warn": "To be weighed"}


def missing(written: Draft) -> str:
    """Return what the answer does not cover, as far as known."""
    if not written.missing:
        return ""
    items = "".join(f'<li dir="auto">{safe(each)}</li>' for each in written.missing)
    return f'<section class="missing"><h3>What is missing</h3><ul>{items}</ul></section>'


def note(written: Draft) -> str:
    """Return the part of a paper that stays in the department, below its heading; empty if it has none."""
    if not written.note:
        return ""
    said = as_html(written.note)
    return f'<section class="internal"><h3>Stays in the department</h3><div class="words">{said}</div></section>'


def findings(found: Sequence[Finding]) -> str:
    """Return the findings of the checks; suggestions on style are folded away, because they need no action."""
    grave = "".join(_finding(each) for each in found if each.level in _LABELS)
    shown = f'<h3>What the checks found</h3><ul class="plain">{grave}</ul>' if grave else ""
    mild = [each for each in found if each.level == "suggest"]
    return f'<section class="findings">{shown}{_suggestions(mild)}</section>' if found else ""


def byline(written: Draft) -> str:
    """Return the model that wrote the draft, and the time it took."""
    model = written.model
    return f'<p class="byline">Written by {safe(model.name)} ({safe(model.provider)}) in {written.seconds:.1f} s.</p>'


def provenance(written: Draft) -> str:
    """Return the model's settings, its usage and the drafting steps, folded away."""
    said = f"{_settings(written.model.settings)}{_usage(written.usage)}{_steps(written.steps)}"
    return f'<details class="came-about"><summary>How this came about</summary>{said}</details>' if said else ""


def count_of(n: int, what: str) -> str:
    """Return a number with its noun: 1 page, 1,200 words."""
    return f"{n:,} {what}" if n == 1 else f"{n:,} {what}s"


def _finding(each: Finding) -> str:
    return f'<li class="{each.level}"><strong>{_LABELS[each.level]}:</strong> {safe(each.message)}</li>'


def _suggestions(mild: Sequence[Finding]) -> str:
    if not mild:
        return ""
    items = "".join(f"<li>{safe(each.message)}</li>" for each in mild)
    return f"<details><summary>{count_of(len(mild), 'suggestion')} on style</summary><ul>{items}</ul></details>"


def _settings(settings: Mapping[str, str]) -> str:
    if not settings:
        return ""
    said = ", ".join(f"{safe(name.replace('_', ' '))} {safe(value)}" for name, value in settings.items())
    return f"<p>The model's settings: {said}.</p>"


def _usage(usage: Usage | None) -> str:
    if usage is None:
        return ""
    cost = f", at a cost of {usage.cost:.4f}" if usage.cost else ""
    read, wrote = count_of(usage.tokens_in, "token"), count_of(usage.tokens_out, "token")
    return f"<p>It read {read} and wrote {wrote} in {count_of(usage.calls, 'call')}{cost}.</p>"


def _steps(steps: Sequence[Step]) -> str:
    if not steps:
        return ""
    rows = "".join(
        f'<tr><th scope="row">{safe(step.name.capitalize())}</th><td>{step.seconds:.2f} s</td>'
        f'<td dir="auto">{safe(step.outcome)}</td></tr>'
        for step in steps
    )
    heads = "".join(f'<th scope="col">{head}</th>' for head in ("Step", "Time", "Outcome"))
    return f'<table class="steps"><thead><tr>{heads}</tr></thead><tbody>{rows}</tbody></table>'
