"""Retention periods from an administrator's YAML file; mistakes are reported at the start."""

from collections.abc import Collection, Mapping
from pathlib import Path
from typing import Annotated

import yaml
from pydantic import Field, RootModel, ValidationError

from humphrey.errors import SettingsError
from humphrey.records.retention.model import CONVERSATIONS, Periods
from humphrey.text.markings import marking_fault

# At most a hundred years of 365 days.
_Days = Annotated[int, Field(ge=1, le=36_500)]


class _File(RootModel[dict[str, _Days | dict[str, _Days]]]):
    """The number of days for each kind, or for each classification of a kind."""


def load(path: Path, kinds: Collection[str], warn_days: int) -> Periods:
    """Read the retention periods from a file.

    Raises:
        SettingsError: it cannot be read, or names an unknown kind or classification.
    """
    try:
        said = _File.model_validate(yaml.safe_load(path.read_text(encoding="utf-8")))
    except (OSError, UnicodeDecodeError) as error:
        raise SettingsError(f"HUMPHREY_RETENTION__PERIODS: {path} cannot be read ({error}); name another") from None
    except yaml.YAMLError as error:
        raise SettingsError(f"{path}: not YAML ({' '.join(str(error).split())[:200]}); correct it") from None
    except ValidationError as error:
        first = error.errors(include_input=False, include_url=False)[0]
        where = ".".join(str(part) for part in first["loc"][:2]) or "the file"
        raise SettingsError(f"{path}: {where}: write a number of days, from 1 to 36,500") from None
    known = {*kinds, CONVERSATIONS}
    if strange := sorted(set(said.root) - known):
        raise SettingsError(f"{path}: no kind {strange[0]!r}; there are {', '.join(sorted(known))}")
    return Periods({kind: _by_tier(path, kind, days) for kind, days in said.root.items()}, warn_days)


def _by_tier(path: Path, kind: str, days: int | Mapping[str, int]) -> Mapping[str, int]:
    if isinstance(days, int):
        return {"": days}
    for tier in days:
        if " - " in tier or marking_fault(tier):
            raise SettingsError(f"{path}: {kind}: {tier!r} is no classification; write OFFICIAL or OFFICIAL-SENSITIVE")
    return dict(days)
