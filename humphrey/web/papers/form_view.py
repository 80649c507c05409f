"""HTML of the form of a kind of paper, made from its fields, and of what is wrong with the facts in it.

The id of an input is `f-` and the name of its fact; of a row that is still a template, the number is `__N__`. A
condition of a field stands in `data-when` for `static/papers.js`: the fact, and the values with which it holds.
"""

import json
from collections.abc import Callable, Mapping
from datetime import date

from humphrey.papers.kind import Field, FieldType, Option, Paper, When
from humphrey.text.dates import say
from humphrey.web.escaping import safe
from humphrey.web.guidance.change_view import FORMATS

_MOST_RADIOS = 5
"""The most options that are shown as radio buttons."""


# The widths of a line of text by the characters that it may have, as classes of the style sheet.
_WIDTHS = ((20, "short"), (80, "middle"))


_ROW = "__N__"
"""The number of a row in its template."""


_YES_NO = (Option("yes", "Yes", ""), Option("no", "No", ""))


_HINTS: Mapping[FieldType, str] = {"date": "For example 23 November 2026.", "email": "For example name@example.org."}
"""Help for a field without its own."""


def form(paper: Paper, today: date) -> str:
    """Return the whole form of a kind."""
    names = dict.fromkeys(field.group for field in paper.fields)
    drawn = "".join(_group(name, paper, today) for name in names)
    rule = f'<p class="hint">{safe(paper.set_by)}</p>' if paper.set_by else ""
    return (
        f'<p><a href="/papers">All kinds of paper</a></p><h1>{safe(paper.title)}</h1><p>{safe(paper.purpose)}</p>{rule}'
        f'<form id="paper-form" data-kind="{safe(paper.kind)}" novalidate>{drawn}'
        '<p class="hint" id="kept-note">What you type is kept in this browser until the draft lacks nothing, for a '
        "week at most.</p>"
        '<p class="acts"><button class="go" id="draft-it">Draft it</button> '
        '<button type="button" class="go quiet" id="empty-form">Empty the form</button></p></form>'
    )


def faults(found: Mapping[str, str]) -> str:
    """Return the summary of what is wrong, with a link to the field of each."""
    items = "".join(f'<li><a href="#f-{safe(name)}">{safe(fault)}</a></li>' for name, fault in found.items())
    return f'<div class="alert" role="alert"><h2>Put this right and draft again</h2><ul>{items}</ul></div>'


def _group(name: str, paper: Paper, today: date) -> str:
    inner = "".join(_field(field, paper, field.id, today) for field in paper.fields if field.group == name)
    return f'<fieldset class="group"><legend>{safe(name or "The paper")}</legend>{inner}</fieldset>'


def _field(field: Field, paper: Paper, name: str, today: date) -> str:
    draw = _DRAWN.get(field.type, _line)
    when = f' data-when="{safe(json.dumps(_when(field.when, paper)))}"' if field.when else ""
    inner = _rows(field, paper, today) if field.type == "rows" else draw(field, name, _default(field, today))
    return f'<div class="field" data-name="{safe(name)}" data-type="{field.type}"{when}>{inner}</div>'


def _when(when: When, paper: Paper) -> dict[str, object]:
    """Return a condition as the script reads it, with the options of a tag as values."""
    if when.tagged:
        field = paper.field(when.field)
        return {
            "field": when.field,
            "among": [each.value for each in field.options if when.tagged in each.tags] if field else [],
        }
    return (
        {"field": when.field, "among": list(when.among)} if when.among else {"field": when.field, "given": when.given}
    )


def _default(field: Field, today: date) -> str:
    return say(today) if field.type == "date" and field.default == "today" else field.default


def _title(field: Field) -> str:
    return safe(field.label) if field.required else f'{safe(field.label)} <span class="optional">(optional)</span>'


def _help(field: Field, name: str) -> str:
    """Return the help and the place of the error, both of which describe the input."""
    hint = field.hint or _HINTS.get(field.type, "")
    said = f'<span class="hint" id="h-{safe(name)}">{safe(hint)}</span>' if hint else ""
    return f'{said}<span class="fault" id="e-{safe(name)}"></span>'


def _described(field: Field, name: str, more: str = "") -> str:
    ids = [f"h-{name}"] if field.hint or field.type in _HINTS else []
    return f'aria-describedby="{safe(" ".join([*ids, f"e-{name}", *([more] if more else [])]))}"'


def _head(field: Field, name: str) -> str:
    return f'<label for="f-{safe(name)}">{_title(field)}</label>{_help(field, name)}'


def _input(field: Field, name: str, default: str, css: str, more: str = "", described: str = "") -> str:
    return (
        f'<input id="f-{safe(name)}" name="{safe(name)}" class="{css}" value="{safe(default)}" autocomplete="off" '
        f'data-default="{safe(default)}" {_described(field, name, described)}{more}>'
    )


def _line(field: Field, name: str, default: str) -> str:
    width = next((css for most, css in _WIDTHS if field.max_chars <= most), "long")
    return _head(field, name) + _input(field, name, default, width)


def _person(field: Field, name: str, default: str) -> str:
    return _head(field, name) + _input(field, name, default, "middle", ' spellcheck="false"')


def _email(field: Field, name: str, default: str) -> str:
    return _head(field, name) + _input(field, name, default, "middle", ' type="email" spellcheck="false"')


def _number(field: Field, name: str, default: str) -> str:
    return _head(field, name) + _input(field, name, default, "number", ' inputmode="decimal"')


def _money(field: Field, name: str, default: str) -> str:
    line = _input(field, name, default, "number", ' inputmode="decimal"')
    return f'{_head(field, name)}<span class="money"><span aria-hidden="true">£</span>{line}</span>'


def _date(field: Field, name: str, default: str) -> str:
    said = f"s-{name}"
    line = _input(field, name, default, "day", described=said)
    picked = f'<input type="date" class="pick" aria-label="Calendar for {safe(field.label)}" tabindex="0">'
    return f'{_head(field, name)}<span class="dated">{line}{picked}<output id="{safe(said)}"></output></span>'


def _text(field: Field, name: str, default: str, rows: int = 4) -> str:
    return (
        f'{_head(field, name)}<textarea id="f-{safe(name)}" name="{safe(name)}" rows="{rows}" '
        f'data-default="{safe(default)}" {_described(field, name)}>{safe(default)}</textarea>'
    )


def _source(field: Field, name: str, default: str) -> str:
    return (
        f'{_text(field, name, default, 10)}<label class="attach">Or take the text of a file '
        f'<span class="unseen">for {safe(field.label)}</span><input type="file" class="from-file" accept="{FORMATS}">'
        "</label>"
    )


def _choice(field: Field, name: str, default: str) -> str:
    options = _YES_NO if field.type == "yes_no" else field.options
    if len(options) > _MOST_RADIOS:
        return _head(field, name) + _select(field, name, default)
    buttons = "".join(_radio(option, n, name, default) for n, option in enumerate(options))
    return (
        f'<fieldset class="options" role="radiogroup" {_described(field, name)} data-default="{safe(default)}">'
        f"<legend>{_title(field)}</legend>{_help(field, name)}{buttons}</fieldset>"
    )


def _radio(option: Option, n: int, name: str, default: str) -> str:
    # The first has the id of the field, so that the links to it lead there.
    id_ = f"f-{name}" if n == 0 else f"f-{name}-{n}"
    checked = " checked" if option.value == default else ""
    return (
        f'<span class="box"><input type="radio" id="{safe(id_)}" name="{safe(name)}" '
        f'value="{safe(option.value)}"{checked}><label for="{safe(id_)}">{safe(option.label)}</label></span>'
    )


def _select(field: Field, name: str, default: str) -> str:
    options = "".join(
        f'<option value="{safe(each.value)}"{" selected" if each.value == default else ""}>{safe(each.label)}</option>'
        for each in field.options
    )
    return (
        f'<select id="f-{safe(name)}" name="{safe(name)}" data-default="{safe(default)}" {_described(field, name)}>'
        f'<option value="">Choose</option>{options}</select>'
    )


def _rows(field: Field, paper: Paper, today: date) -> str:
    inner = "".join(_field(each, paper, f"{field.id}.{_ROW}.{each.id}", today) for each in field.fields)
    remove = (
        f'<button type="button" class="go quiet remove">Remove row {_ROW}'
        f'<span class="unseen"> of {safe(field.label)}</span></button>'
    )
    return (
        f'<fieldset class="rows" id="f-{safe(field.id)}" tabindex="-1" data-rows="{safe(field.id)}" '
        f'data-most="{field.max_rows}" {_described(field, field.id)}><legend>{_title(field)}</legend>'
        f'{_help(field, field.id)}<ol class="plain rows-list"></ol>'
        f'<template><li class="row"><p class="row-name">Row {_ROW}</p>{inner}<p>{remove}</p></li></template>'
        f'<p><button type="button" class="go quiet add">Add a row<span class="unseen"> to {safe(field.label)}</span>'
        "</button></p></fieldset>"
    )


_Draw = Callable[[Field, str, str], str]


_DRAWN: Mapping[FieldType, _Draw] = {
    "person": _person,
    "email": _email,
    "number": _number,
    "money": _money,
    "date": _date,
    "long_text": _text,
    "source": _source,
    "choice": _choice,
    "yes_no": _choice,
}
"""What draws the input of each type; a line of text for the others."""
