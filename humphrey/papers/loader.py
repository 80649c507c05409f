"""Loader of the paper kinds from `kinds/<kind>/`, `paper.yaml` and `prompt.md`: a new kind is two files, no code.

A mistake in either file is reported at the start, with the file's name, and not when a paper is first needed.
"""

from collections.abc import Collection
from pathlib import Path

import yaml
from pydantic import BaseModel, ConfigDict, ValidationError
from pydantic import Field as Default

from humphrey.calculations.rules import RULES
from humphrey.errors import SettingsError
from humphrey.papers.kind import PLACE, DueRule, Field, FieldType, Paper, Papers
from humphrey.text.markings import marking_fault
from humphrey.text.personal_data import PERSONAL_DATA_LABELS

_KINDS = Path(__file__).with_name("kinds")


# A prompt file may end with this heading and the pattern of the paper.
_PATTERN = "\n## Pattern\n"


class _FieldData(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)

    id: str = Default(pattern=r"^[a-z][a-z0-9_]*$")
    label: str = Default(min_length=1)
    type: FieldType = "text"
    required: bool = True
    hint: str = ""
    max_chars: int = Default(500, ge=1, le=100_000)
    default: str = ""
    holds: tuple[str, ...] = ()


class _DueData(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)

    rule: str
    counted_from: str


class _PaperData(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)

    title: str = Default(min_length=1)
    purpose: str = Default(min_length=1)
    fields: tuple[_FieldData, ...]
    checks: tuple[str, ...] = Default(min_length=1)
    sections: tuple[str, ...] = ()
    due: _DueData | None = None
    marking: str = "OFFICIAL"
    signs_off: str = ""
    leaves_department: bool = True
    max_words: int | None = Default(None, ge=1)
    commissioned: bool = True


def load(known_checks: Collection[str], kinds: Path = _KINDS) -> Papers:
    """Return every paper kind by its name.

    Args:
        known_checks: the names that a paper may give in `checks`.
        kinds: the folder with a folder for each kind.

    Raises:
        SettingsError: a file is missing, unreadable or wrong; the message names it and the correction.
    """
    return {path.parent.name: _paper(path, known_checks) for path in sorted(kinds.glob("*/paper.yaml"))}


def _paper(path: Path, known_checks: Collection[str]) -> Paper:
    data = _data(path)
    # The added line end finds an empty pattern section too.
    prompt, _, pattern = (_read(path.with_name("prompt.md")) + "\n").partition(_PATTERN)
    paper = Paper(
        kind=path.parent.name,
        title=data.title,
        purpose=data.purpose,
        fields=tuple(Field(**field.model_dump()) for field in data.fields),
        checks=data.checks,
        prompt=prompt.strip(),
        pattern=pattern.strip(),
        sections=data.sections,
        due=DueRule(data.due.rule, data.due.counted_from) if data.due else None,
        marking=data.marking,
        signs_off=data.signs_off,
        leaves_department=data.leaves_department,
        max_words=data.max_words,
        commissioned=data.commissioned,
    )
    if mistake := _mistake(paper, known_checks):
        raise SettingsError(f"{path}: {mistake}")
    return paper


def _data(path: Path) -> _PaperData:
    try:
        return _PaperData.model_validate(yaml.safe_load(_read(path)))
    except yaml.YAMLError as error:
        raise SettingsError(f"{path}: not YAML ({' '.join(str(error).split())[:200]}); correct it") from None
    except ValidationError as error:
        first = error.errors(include_input=False, include_url=False)[0]
        where = ".".join(str(part) for part in first["loc"]) or "the file"
        raise SettingsError(f"{path}: {where}: {first['msg']}; correct it") from None


def _read(path: Path) -> str:
    try:
        return path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        reason = getattr(error, "strerror", None) or "not UTF-8 text"
        raise SettingsError(f"{path}: cannot be read ({reason}); every kind of paper needs it") from None


def _mistake(paper: Paper, known_checks: Collection[str]) -> str:
    """Return the first contradiction within a paper; empty if there is none."""
    return _wrong_name(paper, known_checks) or _wrong_due(paper) or _wrong_pattern(paper)


def _wrong_name(paper: Paper, known_checks: Collection[str]) -> str:
    fields = [field.id for field in paper.fields]
    if doubled := [name for name in fields if fields.count(name) > 1]:
        return f"the field {doubled[0]!r} is listed twice; rename one"
    held = [name for field in paper.fields for name in field.holds]
    if strange := [name for name in held if name not in PERSONAL_DATA_LABELS]:
        return (
            f"no personal data {strange[0]!r} for a field to hold; there are {', '.join(sorted(PERSONAL_DATA_LABELS))}"
        )
    if unknown := [name for name in paper.checks if name not in known_checks]:
        return f"no check {unknown[0]!r}; there are {', '.join(sorted(known_checks))}"
    if not paper.prompt:
        return f"{paper.kind}/prompt.md has no prompt; say there what the model is to write"
    return marking_fault(paper.marking)


def _wrong_due(paper: Paper) -> str:
    if paper.due is None:
        return ""
    if paper.due.rule not in RULES:
        return f"no time limit {paper.due.rule!r}; there are {', '.join(sorted(RULES))}"
    if not any(field.id == paper.due.counted_from and field.type == "date" for field in paper.fields):
        return f"due.counted_from is {paper.due.counted_from!r}, which is no field of type date; add one"
    return ""


def _wrong_pattern(paper: Paper) -> str:
    places = set(PLACE.findall(paper.pattern))
    unfilled = sorted(places - {field.id for field in paper.fields} - {"due"})
    if unfilled:
        return f"the pattern in {paper.kind}/prompt.md has the place {unfilled[0]!r}, but no field fills it; add one"
    if "due" in places and paper.due is None:
        return f"the pattern in {paper.kind}/prompt.md has the place 'due', but the paper has no time limit; add `due`"
    return ""
