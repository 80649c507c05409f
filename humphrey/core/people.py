"""Who may use humphrey, and what for."""

from dataclasses import dataclass
from typing import Literal

Role = Literal["official", "reviewer"]
"""`official`: asks and sends drafts for clearance. `reviewer`: that, and decides on what others sent."""


@dataclass(frozen=True)
class Person:
    """Somebody known to humphrey, by the name that the record uses."""

    name: str
    role: Role
    groups: tuple[str, ...] = ()
    disabled: bool = False


NOBODY = "command line"
"""Who asks where no person is named; nothing can be sent for clearance in this name, and nobody may have it."""

DEMONSTRATION = (
    Person("amina", "official"),
    Person("tom", "official"),
    Person("grace", "reviewer"),
    Person("david", "reviewer"),
)
"""People to try humphrey with, on one's own machine, while nobody is configured."""
