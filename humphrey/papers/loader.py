"""Loader of the paper kinds from `kinds/<kind>/`, `paper.yaml` and `prompt.md`: a new kind is two files, no code.

A department adds kinds, or replaces some, in a folder of its own with the same shape. A mistake in a file is reported
at the start, with the file's name, and not when a paper is first needed.
"""

from collections.abc import Collection, Iterator
from pathlib import Path
from typing import Any

import yaml
from pydantic import BaseModel, ConfigDict, ValidationError, field_validator, model_validator
from pydantic import Field as Default

from humphrey.errors import SettingsError
from humphrey.papers import faults
from humphrey.papers.kind import Column, DueRule, Field, FieldType, Option, Paper, Papers, PaperSection, When

_KINDS = Path(__file__).with_name("kinds")


# The safe loader in C where the library has it: forty kinds are read at every start, in a seventh of the time.
_LOADER = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


_NAME = r"^[a-z][a-z0-9_]*$"


class _Data(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class _WhenData(_Data):
    field: str
    among: tuple[str, ...] = Default((), alias="is")
    tagged: str = ""
    given: bool = True

    @field_validator("among", mode="before")
    @classmethod
    def _listed(cls, value: object) -> object:
        return [value] if isinstance(value, str) else value

    def value(self) -> When:
        return When(self.field, self.among, self.tagged, self.given)


class _OptionData(_Data):
    value: str = Default(min_length=1)
    label: str = ""
    says: str = ""
    tags: tuple[str, ...] = ()

    @model_validator(mode="before")
    @classmethod
    def _of_text(cls, value: object) -> object:
        return {"value": value} if isinstance(value, str) else value

    def option(self) -> Option:
        label = self.label or self.value
        return Option(self.value, label, self.says or label, self.tags)


class _FieldData(_Data):
    id: str = Default(pattern=_NAME)
    label: str = Default(min_length=1)
    type: FieldType = "text"
    required: bool = True
    help: str = ""
    group: str = ""
    max_chars: int | None = Default(None, ge=1, le=200_000)
    default: str = ""
    holds: tuple[str, ...] = ()
    options: tuple[_OptionData, ...] = ()
    fields: tuple["_FieldData", ...] = ()
    max_rows: int = Default(100, ge=1, le=1000)
    when: _WhenData | None = None

    def value(self) -> Field:
        # A long text or a source is as long as the whole of what may be given, if the kind says nothing else.
        longest = self.max_chars or {"long_text": 10_000, "source": 100_000}.get(self.type, 500)
        return Field(
            self.id, self.label, self.type, self.required, self.help, self.group, longest, self.default, self.holds,
            tuple(each.option() for each in self.options), tuple(each.value() for each in self.fields), self.max_rows,
            self.when.value() if self.when else None,
        )  # fmt: skip


class _ColumnData(_Data):
    title: str
    field: str


class _SectionData(_Data):
    title: str = Default(min_length=1)
    heading: bool = False
    text: str = ""
    write: str = ""
    rows: str = ""
    table: tuple[_ColumnData, ...] = ()
    when: _WhenData | None = None
    numbered: bool = False
    internal: bool = False

    @model_validator(mode="before")
    @classmethod
    def _of_text(cls, value: object) -> object:
        return {"title": value} if isinstance(value, str) else value

    def section(self) -> PaperSection:
        table = tuple(Column(each.title, each.field) for each in self.table)
        when = self.when.value() if self.when else None
        return PaperSection(
            self.title, self.heading, self.text, self.write, self.rows, table, when, self.numbered, self.internal
        )


class _DueData(_Data):
    rule: str
    counted_from: str
    extended: str = ""
    tabled: str = ""
    stopped: str = ""
    resumed: str = ""
    working_days: str = ""
    day: str = ""


class _PaperData(_Data):
    title: str = Default(min_length=1)
    family: str = ""
    purpose: str = Default(min_length=1)
    set_by: str = ""
    fields: tuple[_FieldData, ...]
    checks: tuple[str | dict[str, dict[str, str | tuple[str, ...]]], ...] = Default(min_length=1)
    sections: tuple[_SectionData, ...] = ()
    computed: tuple[str, ...] = ()
    due: _DueData | None = None
    marking: str = "OFFICIAL"
    clears: tuple[str, ...] = ()
    signs_off: str = ""
    leaves_department: bool = True
    max_words: int | None = Default(None, ge=1)
    tone: tuple[str, ...] = ()
    looks_for: tuple[str, ...] = ()
    commissioned: bool = True


def load(known_checks: Collection[str], kinds: Path = _KINDS, own: Path | None = None) -> Papers:
    """Return every paper kind by its name.

    Args:
        known_checks: the names that a paper may give in `checks`.
        kinds: the folder with a folder for each kind.
        own: a department's folder of the same shape, whose kinds replace those of the same name.

    Raises:
        SettingsError: a file is missing, unreadable or wrong; the message names it and the correction.
    """
    if own is not None and not own.is_dir():
        raise SettingsError(f"{own}: no folder of kinds of paper is there; correct HUMPHREY_PAPERS")
    folders = [kinds, *([own] if own else [])]
    return {
        path.parent.name: _paper(path, known_checks)
        for folder in folders
        for path in sorted(folder.glob("*/paper.yaml"))
    }


def _paper(path: Path, known_checks: Collection[str]) -> Paper:
    data = _data(path)
    plain: dict[str, Any] = {name: getattr(data, name) for name in type(data).model_fields}
    paper = Paper(
        kind=path.parent.name,
        prompt=_read(path.with_name("prompt.md")).strip(),
        parameters=dict(_parameters(data)),
        **{
            **plain,
            "fields": tuple(each.value() for each in data.fields),
            "sections": tuple(each.section() for each in data.sections),
            "checks": tuple(name for each in data.checks for name in ([each] if isinstance(each, str) else each)),
            "due": DueRule(**data.due.model_dump()) if data.due else None,
        },
    )
    if mistake := faults.mistake(paper, known_checks):
        raise SettingsError(f"{path}: {mistake}")
    return paper


def _parameters(data: _PaperData) -> Iterator[tuple[str, dict[str, tuple[str, ...]]]]:
    for each in data.checks:
        if isinstance(each, dict):
            for name, given in each.items():
                yield name, {key: (value,) if isinstance(value, str) else value for key, value in given.items()}


def _data(path: Path) -> _PaperData:
    try:
        return _PaperData.model_validate(yaml.load(_read(path), Loader=_LOADER))  # noqa: S506 - both are safe loaders
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
