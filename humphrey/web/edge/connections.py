"""Connections with deadlines: nobody can hold the server by sending slowly, by not reading, or by opening many.

uvicorn has no deadline for the headers and the body of a request, and none for the reader of an answer. This is its
protocol with the three of them, and with a limit on open connections. Above the limit the oldest connection that waits
for a request is closed for the new one, so half-sent requests give way and answers under way do not.
"""

import asyncio
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from ipaddress import ip_address
from typing import ClassVar

import h11
from uvicorn.protocols.http.h11_impl import H11Protocol

from humphrey.network_addresses import Network


@dataclass(frozen=True)
class Limits:
    """The deadlines and limits of connections.

    Attributes:
        headers_s: the time for all headers of a request, from the opening or from their first byte, in seconds.
        body_s: the time for a body, in seconds, to which each `body_rate` bytes that arrived add one.
        body_rate: the slowest pace of a body over its whole time, in bytes a second.
        unread_s: how long an answer may wait for a reader who takes nothing of it, in seconds.
        of_one: open connections of one address; a trusted proxy's are those of many people and have no limit.
        in_all: open connections of everybody; below the 1,024 files that most systems let a process have open.
    """

    headers_s: float = 10
    body_s: float = 20
    body_rate: int = 10_000
    unread_s: float = 60
    of_one: int = 200
    in_all: int = 800


def connection_class(limits: Limits, unlimited: Collection[Network] = ()) -> type[H11Protocol]:
    """Return the protocol for one server.

    Args:
        limits: its deadlines and limits.
        unlimited: addresses without a limit of their own.
    """
    return type("_Connection", (_BoundedConnection,), {"limits": limits, "register": _Register(limits, unlimited)})


class _Register:
    """The open connections of one server, the oldest first."""

    def __init__(self, limits: Limits, unlimited: Collection[Network]) -> None:
        self._limits = limits
        self._unlimited = tuple(unlimited)
        self._open: dict[_BoundedConnection, str] = {}

    def admit(self, connection: "_BoundedConnection", address: str) -> bool:
        """Register a connection; close an older one that waits if there are too many; return whether there is room."""
        own = [each for each, known in self._open.items() if known == address]
        room = len(own) < self._limits.of_one or self._has_no_limit(address) or _close_one(own)
        room = room and (len(self._open) < self._limits.in_all or _close_one(self._open))
        if room:
            self._open[connection] = address
        return room

    def forget(self, connection: "_BoundedConnection") -> None:
        """Remove a closed connection."""
        self._open.pop(connection, None)

    def _has_no_limit(self, address: str) -> bool:
        try:
            return any(ip_address(address) in block for block in self._unlimited)
        except ValueError:
            return False


def _close_one(connections: Collection["_BoundedConnection"]) -> bool:
    """Close the oldest connection that waits for a request; return whether there was one."""
    oldest = next(_waiting(connections), None)
    if oldest is not None:
        oldest.end()
    return oldest is not None


def _waiting(connections: Collection["_BoundedConnection"]) -> Iterator["_BoundedConnection"]:
    return (each for each in connections if each.conn.their_state is h11.IDLE)


class _BoundedConnection(H11Protocol):
    """One connection, with its deadlines."""

    limits: ClassVar[Limits]
    register: ClassVar[_Register]

    _deadline: asyncio.TimerHandle | None = None
    _unread: asyncio.TimerHandle | None = None
    _phase: type[h11.IDLE] | type[h11.SEND_BODY] | None = None
    _began = 0.0
    _received = 0

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        """Begin to wait for a request, or refuse the connection if there are too many."""
        super().connection_made(transport)
        if self.register.admit(self, self.client[0] if self.client else ""):
            self._watch()
        else:
            self.end("503 Service Unavailable")

    def connection_lost(self, exc: Exception | None) -> None:
        """Forget the connection and its deadlines."""
        self.register.forget(self)
        for timer in (self._deadline, self._unread):
            if timer:
                timer.cancel()
        super().connection_lost(exc)

    def data_received(self, data: bytes) -> None:
        """Take what arrived, unless the connection is closed already."""
        if self.transport.is_closing():
            return
        if not self._received:
            # The deadline for headers counts from their first byte, not from the end of the request before.
            self._phase = None
        super().data_received(data)
        self._watch()
        self._received += len(data)

    def on_response_complete(self) -> None:
        """Go on with the next request; a part of it may have arrived already."""
        super().on_response_complete()
        self._watch()

    def pause_writing(self) -> None:
        """Begin to wait for a reader who takes nothing."""
        super().pause_writing()
        self._unread = self.loop.call_later(self.limits.unread_s, self.transport.abort)

    def resume_writing(self) -> None:
        """Go on with an answer that is being read again."""
        super().resume_writing()
        if self._unread:
            self._unread.cancel()

    def send_400_response(self, msg: str) -> None:
        """Answer a request that is not HTTP; after an answer began, only close."""
        if self.conn.our_state in {h11.IDLE, h11.SEND_RESPONSE}:
            super().send_400_response(msg)
        else:
            self.transport.close()

    def _unsupported_upgrade_warning(self) -> None:
        """Say nothing: strangers ask for upgrades, and the request is answered as if they had not."""

    def end(self, answer: str = "") -> None:
        """Close the connection, after an answer of one line if nothing was answered yet."""
        if self.transport.is_closing():
            return
        if answer and not (self.cycle and self.cycle.response_started and not self.cycle.response_complete):
            self.transport.write(f"HTTP/1.1 {answer}\r\nConnection: close\r\nContent-Length: 0\r\n\r\n".encode())
        # What waits for a request is no longer counted at once; the loop tells of the loss only later.
        self.register.forget(self)
        self.transport.close()

    def _watch(self) -> None:
        """Set the deadline for what the sender owes now: headers, a body, or nothing."""
        state = self.conn.their_state
        owed = state if state in {h11.IDLE, h11.SEND_BODY} else None
        if owed is self._phase:
            return
        if self._deadline:
            self._deadline.cancel()
        self._phase, self._began, self._received, self._deadline = owed, self.loop.time(), 0, None
        if owed:
            first = self.limits.headers_s if owed is h11.IDLE else self.limits.body_s
            self._deadline = self.loop.call_later(first, self._is_late)

    def _is_late(self) -> None:
        """Close the connection of a sender who is late, unless the body keeps its pace."""
        left = self._left_s()
        if left > 0:
            self._deadline = self.loop.call_later(left, self._is_late)
        else:
            self.end("408 Request Timeout" if self._received or self._phase is h11.SEND_BODY else "")

    def _left_s(self) -> float:
        """Return the seconds until a body is late; 0 for headers, whose time is over."""
        if self._phase is h11.IDLE:
            return 0
        if self.flow.read_paused:
            # The server does not read at present, so the sender cannot be late.
            return self.limits.body_s
        return self._began + self.limits.body_s + self._received / self.limits.body_rate - self.loop.time()
