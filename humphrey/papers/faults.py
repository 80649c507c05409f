"""Contradictions within a kind of paper: names that lead nowhere, conditions that cannot hold, places nothing fills."""

from collections.abc import Collection, Iterator

from humphrey.calculations.rules import RULES, UNCOMPUTABLE
from humphrey.papers.assembly.computed import COMPUTED
from humphrey.papers.assembly.sections import VALUES
from humphrey.papers.kind import PLACE, Field, Paper, PaperSection, When
from humphrey.text.markings import marking_fault
from humphrey.text.personal_data import PERSONAL_DATA_LABELS


def mistake(paper: Paper, known_checks: Collection[str]) -> str:
    """Return the first contradiction within a kind, with the correction; empty if there is none."""
    return next(_mistakes(paper, known_checks), "")


def _mistakes(paper: Paper, known_checks: Collection[str]) -> Iterator[str]:
    yield from _of_fields(paper.fields)
    if unknown := [name for name in paper.checks if name not in known_checks]:
        yield f"no check {unknown[0]!r}; there are {', '.join(sorted(known_checks))}"
    if unknown := [name for name in paper.computed if name not in COMPUTED]:
        yield f"nothing computes {unknown[0]!r}; there are {', '.join(sorted(COMPUTED))}"
    if lacking := [need for name in paper.computed if name in COMPUTED for need in COMPUTED[name].needs
                   if not paper.field(need)]:  # fmt: skip
        yield f"what it computes needs the field {lacking[0]!r}; add it"
    if not paper.prompt:
        yield f"{paper.kind}/prompt.md has no prompt; say there what the model is to write"
    if fault := marking_fault(paper.marking):
        yield fault
    yield from _of_due(paper)
    for section in paper.sections:
        yield from _of_section(paper, section)
    for field in paper.fields:
        yield from _of_condition(paper, field.when, f"the field {field.id!r}")


def _of_fields(fields: tuple[Field, ...]) -> Iterator[str]:
    names = [field.id for field in fields]
    if doubled := [name for name in names if names.count(name) > 1]:
        yield f"the field {doubled[0]!r} is listed twice; rename one"
    for field in fields:
        if strange := [name for name in field.holds if name not in PERSONAL_DATA_LABELS]:
            yield f"a field cannot hold {strange[0]!r}; personal data is {', '.join(sorted(PERSONAL_DATA_LABELS))}"
        if (field.type == "choice") != bool(field.options):
            yield f"the field {field.id!r} is of type {field.type}; options belong to a choice, and a choice has some"
        if (field.type == "rows") != bool(field.fields):
            yield f"the field {field.id!r} is of type {field.type}; fields belong to rows, and rows have some"
        if field.default and field.type == "choice" and not field.option(field.default):
            yield f"the default of {field.id!r} is none of its options; choose one of them"
        if any(inner.type in {"rows", "source"} for inner in field.fields):
            yield f"a row of {field.id!r} holds rows or a source; give those a field of their own"
        yield from _of_fields(field.fields)


def _of_due(paper: Paper) -> Iterator[str]:
    if paper.due is None:
        return
    if paper.due.rule not in RULES and paper.due.rule not in UNCOMPUTABLE:
        yield f"no time limit {paper.due.rule!r}; there are {', '.join(sorted({**RULES, **UNCOMPUTABLE}))}"
    days = (paper.due.counted_from, paper.due.tabled, paper.due.stopped, paper.due.resumed, paper.due.day)
    for name in filter(None, days):
        field = paper.field(name)
        if field is None or field.type != "date":
            yield f"due names {name!r}, which is no field of type date; add one"
    for name, kind in ((paper.due.extended, "yes_no"), (paper.due.working_days, "number")):
        field = paper.field(name) if name else None
        if name and (field is None or field.type != kind):
            yield f"due names {name!r}, which is no field of type {kind}; add one"


def _of_section(paper: Paper, section: PaperSection) -> Iterator[str]:
    where = f"the section {section.title!r}"
    rows = paper.field(section.rows) if section.rows else None
    if section.rows and (rows is None or rows.type != "rows"):
        yield f"{where} repeats {section.rows!r}, which is no field of type rows; add one"
    if section.table and not section.rows:
        yield f"{where} has a table without rows; name the field whose rows fill it"
    known = {field.id for field in paper.fields if field.type != "rows"} | set(VALUES)
    known |= {place for name in paper.computed if name in COMPUTED for place in COMPUTED[name].places}
    known |= {f"{rows.id}.{inner.id}" for inner in rows.fields} if rows else set()
    places = [
        *PLACE.findall(section.text),
        *(f"{section.rows}.{each.field}" for each in section.table if each.field != "row"),
    ]
    if unfilled := [name for name in places if name not in known]:
        yield f"{where} has the place {unfilled[0]!r}, but no field fills it; add one"
    if "due" in places and paper.due is None:
        yield f"{where} has the place 'due', but the paper has no time limit; add `due`"
    if section.text.count("[[") != section.text.count("]]"):
        yield f"{where} opens or closes `[[ ]]` once too often; correct it"
    yield from _of_condition(paper, section.when, where)


def _of_condition(paper: Paper, when: When | None, where: str) -> Iterator[str]:
    if when is None:
        return
    field = paper.field(when.field)
    if field is None:
        yield f"{where} depends on {when.field!r}, which is no field; correct its `when`"
        return
    values = {option.value for option in field.options} | ({"yes", "no"} if field.type == "yes_no" else set())
    if values and (unknown := [value for value in when.among if value not in values]):
        yield f"{where} depends on {when.field!r} being {unknown[0]!r}, which is no option of it; correct its `when`"
    if when.tagged and not any(when.tagged in option.tags for option in field.options):
        yield f"{where} depends on the tag {when.tagged!r}, which no option of {when.field!r} has; correct its `when`"
