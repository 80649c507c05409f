"""Addresses in the settings, checked before anything uses them: origins, services, hosts and trusted proxies.

Each function returns the address as it is used, or raises a `ValueError` whose message says how to write it.
"""

import re
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_address, ip_network
from urllib.parse import SplitResult, urlsplit

Network = IPv4Network | IPv6Network
"""A block of network addresses."""


Host = IPv4Address | IPv6Address
"""One network address."""


LOOPBACK: tuple[Network, ...] = (ip_network("127.0.0.0/8"), ip_network("::1"))
"""The addresses of this machine to itself."""


_USUAL_PORTS = {"http": 80, "https": 443}


# A label of a host name (RFC 1123, section 2.1); container networks also use underscores.
_LABEL = r"[A-Za-z0-9_](?:[A-Za-z0-9_-]{0,61}[A-Za-z0-9_])?"


_NAME = re.compile(rf"(?=.{{1,253}}\Z){_LABEL}(?:\.{_LABEL})*")


def origin(address: str) -> str:
    """Return the origin that browsers send for an address: scheme and host in small letters, without the usual port.

    Raises:
        ValueError: it is not a scheme, a host and a port alone.
    """
    parts = _parts(address, "write scheme, host and port, such as https://humphrey.example")
    if parts.path not in {"", "/"} or parts.query or parts.fragment or address.endswith(("?", "#")):
        raise ValueError(
            f"{_shown(address)} has more than scheme, host and port; humphrey is not served below a path, "
            f"so write {parts.scheme}://{_netloc(parts)}"
        )
    if "@" in parts.netloc:
        raise ValueError("an origin has no user and no password; write it without them")
    return f"{parts.scheme}://{_netloc(parts)}"


def service(address: str) -> str:
    """Return the address of a service as it was written.

    Raises:
        ValueError: it is not http or https with a host, or has a query or a fragment, to which no path can be added.
    """
    _parts(address, "write it like http://127.0.0.1:8000/v1")
    if "?" in address or "#" in address:
        raise ValueError("the address of a service ends with its path; leave out what begins with ? or #")
    return address


def is_loopback(address: str) -> bool:
    """Return whether a valid address leads to this machine."""
    return urlsplit(address).hostname in {"127.0.0.1", "localhost", "::1"}


def host(name: str) -> str:
    """Return a host name or network address as it was written.

    Raises:
        ValueError: it has a scheme, a port, a path or a character that no host name has.
    """
    if not _is_host(name):
        raise ValueError(f"{_shown(name)} is not a host; write its name or address alone, without scheme and port")
    return name


def network(address: str) -> Network:
    """Return one address or a block of addresses, such as 10.0.0.5 or 10.0.0.0/24.

    Raises:
        ValueError: it is neither, or the block holds every address there is.
    """
    try:
        block = ip_network(address.strip(), strict=False)
    except ValueError:
        raise ValueError(
            f"{_shown(address)} is neither an address nor a block of them; write it like 10.0.0.5 or 10.0.0.0/24"
        ) from None
    if not block.prefixlen:
        raise ValueError(f"{_shown(address)} is every address there is; name the proxies alone")
    return block


def _parts(address: str, advice: str) -> SplitResult:
    """Return the parts of an http or https address."""
    # `urlsplit` removes tabs and line ends without a word, so they are looked for before.
    fit = address.isascii() and address.isprintable() and not set(" \\") & set(address)
    try:
        parts = urlsplit(address)
        fit = fit and parts.scheme in _USUAL_PORTS and _is_host(parts.hostname or "") and parts.port != 0
        fit = fit and not parts.netloc.endswith(":")
    except ValueError:
        fit = False
    if not fit:
        raise ValueError(f"{_without_secrets(address)} is not an address of the web; {advice}")
    return parts


def _netloc(parts: SplitResult) -> str:
    name = parts.hostname or ""
    host = f"[{ip_address(name)}]" if ":" in name else name
    return host if parts.port in {None, _USUAL_PORTS[parts.scheme]} else f"{host}:{parts.port}"


def _is_host(name: str) -> bool:
    try:
        ip_address(name)
    except ValueError:
        # A browser reads a last label of digits as a part of an IPv4 address, so that such a name is never its own.
        return bool(_NAME.fullmatch(name)) and not name.rpartition(".")[2].isdigit()
    return "%" not in name


def _shown(address: str) -> str:
    return ascii(address[:80])


def _without_secrets(address: str) -> str:
    """Return an address for a message: what stands before an @ may be a password."""
    scheme, sign, rest = address.rpartition("@")
    return _shown(f"…@{rest}" if sign and scheme else address)
