"""The department that letters come from, as its settings name it."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass


@dataclass(frozen=True)
class Department:
    """What letters say of the department; what is empty is left out of them.

    Attributes:
        name: its name.
        address: its postal address, in lines.
        email: the address for replies.
        phone: the number for replies.
        reviews: where to ask for an internal review.
    """

    name: str = ""
    address: str = ""
    email: str = ""
    phone: str = ""
    reviews: str = ""

    @property
    def values(self) -> Mapping[str, str]:
        """Return the values for the places `{{department}}`, `{{department_address}}` and so on."""
        rest = {f"department_{name}": value for name, value in asdict(self).items() if name != "name"}
        return {"department": self.name, **rest}


UNNAMED = Department()
"""A department whose settings name nothing."""
