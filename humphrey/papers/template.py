"""A template of the facts of a kind, as YAML with every field, its help and what it takes. It reads back as facts."""

from collections.abc import Iterator

from humphrey.papers.kind import Field, Paper

_TAKES = {
    "date": "a day, such as 23 November 2026",
    "email": "an e-mail address",
    "person": "a name with its title, such as Ms Jane Smith",
    "number": "a number",
    "money": "an amount in pounds",
    "yes_no": "yes or no",
    "source": "text to work from",
}


def template(paper: Paper) -> str:
    """Return the template of a kind. Required fields are empty; optional ones are commented out."""
    lines = [f"# {paper.title}", f"# {paper.purpose}", ""]
    group = ""
    for field in paper.fields:
        if field.group != group:
            group = field.group
            lines += [f"# -- {group} --", ""]
        lines += [*_lines(field), ""]
    return "\n".join(lines).rstrip() + "\n"


def _lines(field: Field) -> Iterator[str]:
    takes = "one of " + ", ".join(each.value for each in field.options) if field.options else _TAKES.get(field.type, "")
    about = "; ".join(filter(None, (field.label, takes, "" if field.required else "may be left out")))
    yield f"# {about}"
    if field.hint:
        yield f"# {field.hint}"
    mark = "" if field.required else "# "
    if field.type == "rows":
        yield f"{mark}{field.id}:"
        for n, inner in enumerate(field.fields):
            yield f'{mark}  {"- " if n == 0 else "  "}{inner.id}: ""'
    elif field.type in {"long_text", "source"}:
        yield f"{mark}{field.id}: |"
        yield f"{mark}  "
    else:
        default = "" if field.default == "today" else field.default
        yield f'{mark}{field.id}: "{default}"'
