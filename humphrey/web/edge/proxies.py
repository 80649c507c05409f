"""Trusted proxies: whose word about the person behind them is believed, and what it is.

A proxy says in headers whom it passes on: `X-Forwarded-For`, `-Proto` and `-Host`, or `Forwarded` (RFC 7239). Anybody
can write these headers, so they count only on a connection from a trusted proxy. Addresses are read from the right,
because each proxy adds the one it saw at the end: the first that is no trusted proxy is the person's.
"""

import re
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from ipaddress import IPv6Address, ip_address

from starlette.datastructures import Headers, MutableHeaders
from starlette.types import ASGIApp, Receive, Scope, Send

from humphrey.network_addresses import Host, Network

# A pair of `Forwarded`: a name and a value, bare or in quotation marks (RFC 7239, section 4).
_PAIR = re.compile(r'\s*([A-Za-z]+)=(?:"([^"\\]*)"|([^";,\s]*))\s*')


# An address with its port: IPv6 in brackets, IPv4 bare (RFC 7239, section 6).
_WITH_PORT = re.compile(r"\[([0-9A-Fa-f:.]+)\](?::\d+)?|([0-9.]+):\d+")


@dataclass(frozen=True)
class _Said:
    """What the headers say: the addresses from the person to the last proxy, the scheme and the host."""

    addresses: Sequence[str]
    scheme: str
    host: str


class TrustedProxies:
    """ASGI middleware that puts the person's address, scheme and host in place of the proxy's.

    Args:
        app: the application behind it.
        trusted: addresses of the proxies that are believed; empty to believe nobody.
    """

    def __init__(self, app: ASGIApp, trusted: Collection[Network]) -> None:
        self._app = app
        self._trusted = tuple(trusted)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request as the person's whom a trusted proxy passed on."""
        client = scope.get("client")
        if scope["type"] == "http" and client and self._is_trusted(_address(client[0])):
            scope = self._as_said(scope, client)
        await self._app(scope, receive, send)

    def _as_said(self, scope: Scope, client: tuple[str, int]) -> Scope:
        said = _read(Headers(scope=scope))
        changed = {**scope, "client": (self._person(said.addresses) or client[0], 0)}
        if said.scheme in {"http", "https"}:
            changed["scheme"] = said.scheme
        if said.host:
            changed["headers"] = list(scope["headers"])
            MutableHeaders(raw=changed["headers"])["host"] = said.host
        return changed

    def _person(self, addresses: Sequence[str]) -> str:
        """Return the address nearest to the server that is no trusted proxy; empty if nothing usable is said."""
        nearest = ""
        for written in reversed(addresses):
            address = _address(written)
            if address is None:
                return nearest
            nearest = str(address)
            if not self._is_trusted(address):
                return nearest
        return nearest

    def _is_trusted(self, address: Host | None) -> bool:
        return address is not None and any(address in block for block in self._trusted)


def _read(headers: Headers) -> _Said:
    """Return what the two kinds of headers say; where they name different people, nobody.

    A proxy that writes one kind may pass on the other as a stranger wrote it, so of two that differ none is believed.
    """
    listed, forwarded = _list(headers, "x-forwarded-for"), _forwarded(headers)
    told = [each["for"] for each in forwarded if "for" in each]
    if listed and told and list(map(_address, listed)) != list(map(_address, told)):
        return _Said((), "", "")
    last = forwarded[-1] if forwarded and not listed else {}
    return _Said(
        listed or told,
        _last(headers, "x-forwarded-proto").lower() or last.get("proto", "").lower(),
        _last(headers, "x-forwarded-host") or last.get("host", ""),
    )


def _list(headers: Headers, name: str) -> list[str]:
    return [each.strip() for line in headers.getlist(name) for each in line.split(",")]


def _last(headers: Headers, name: str) -> str:
    return next(reversed(_list(headers, name)), "")


def _forwarded(headers: Headers) -> list[dict[str, str]]:
    """Return the pairs that each proxy added in `Forwarded`, the last proxy last."""
    line = ",".join(headers.getlist("forwarded"))
    if not line:
        return []
    # A quoted value holds no comma or semicolon in an address, a host or a scheme.
    return [_pairs(element) for element in line.split(",")]


def _pairs(element: str) -> dict[str, str]:
    found = (_PAIR.fullmatch(pair) for pair in element.split(";"))
    return {pair[1].lower(): pair[2] or pair[3] or "" for pair in found if pair}


def _address(written: str) -> Host | None:
    """Return a written address, with or without a port; None if it is none. IPv4 written as IPv6 is IPv4."""
    port = _WITH_PORT.fullmatch(written)
    try:
        address = ip_address((port[1] or port[2]) if port else written)
    except ValueError:
        return None
    return (address.ipv4_mapped or address) if isinstance(address, IPv6Address) else address
