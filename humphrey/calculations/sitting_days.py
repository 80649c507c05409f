"""Sitting days of the House of Commons, from a file that the department keeps: one a line, `#` starts a comment.

No calendar can compute them, so a limit counted in sitting days is computed only if the file is given.
"""

from datetime import date
from pathlib import Path

from humphrey.errors import CommissionError, SettingsError
from humphrey.text.dates import parse_date


def sitting_days(path: Path) -> frozenset[date]:
    """Read the days that a file lists.

    Raises:
        SettingsError: the file cannot be read, or a line is not a date; the message names the file and the line.
    """
    try:
        lines = path.read_text(encoding="utf-8").splitlines()
    except (OSError, UnicodeDecodeError) as error:
        reason = getattr(error, "strerror", None) or "not UTF-8 text"
        raise SettingsError(f"HUMPHREY_SITTING_DAYS: {path} cannot be read ({reason}); name a file of days") from None
    told = ((n, line.partition("#")[0].strip()) for n, line in enumerate(lines, 1))
    return frozenset(_day(path, n, words) for n, words in told if words)


def _day(path: Path, line: int, words: str) -> date:
    try:
        return parse_date(words)
    except CommissionError as error:
        raise SettingsError(f"HUMPHREY_SITTING_DAYS: {path}, line {line}: {error}") from None
