"""The outlets. A further one is a file in this folder and a line here."""

from humphrey.delivery.model import Outlet
from humphrey.delivery.outlets import email, file, web

# The order in which they are offered and delivered.
OUTLETS: dict[str, Outlet] = {
    outlet.name: outlet
    for outlet in (
        web.OUTLET,
        file.OUTLET,
        email.OUTLET,
    )
}
