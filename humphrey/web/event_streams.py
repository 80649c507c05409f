"""Event streams that end with the session: at most a second after sign-out, the page receives nothing more."""

import asyncio
from collections.abc import Awaitable, Callable
from contextlib import suppress

from starlette.concurrency import run_in_threadpool
from starlette.types import Message, Receive, Send

from humphrey.accounts.model import Person

CurrentPerson = Callable[[], Person | None]
"""Returns the person of the session that a call came with; None after the session has ended."""


CHECK_EVERY_S = 1.0
"""Interval in seconds at which a running stream checks its session."""


_STOP_TIMEOUT_S = 5.0
"""Time in seconds for the sender of a stream to stop after the disconnect message."""


class SessionStream:
    """One streamed response.

    Args:
        receive: ASGI messages from the browser.
        send: ASGI messages to the browser.
        still: returns the person while the session lasts.
    """

    def __init__(self, receive: Receive, send: Send, still: CurrentPerson) -> None:
        self._receive = receive
        self._send = send
        self._still = still
        self._ended = asyncio.Event()
        self._open = False

    async def run(self, inner: Callable[[Receive, Send], Awaitable[None]]) -> None:
        """Pass the stream on until it or the session ends; then report a disconnect to the sender."""
        sending = asyncio.ensure_future(inner(self._hear, self._tell))
        looking = asyncio.create_task(self._look())
        try:
            await asyncio.wait({sending, looking}, return_when=asyncio.FIRST_COMPLETED)
            if not sending.done():
                looking.result()
                await asyncio.wait({sending}, timeout=_STOP_TIMEOUT_S)
                await self._close()
        finally:
            looking.cancel()
            sending.cancel()
            with suppress(asyncio.CancelledError):
                await sending

    async def _look(self) -> None:
        while await run_in_threadpool(self._still) is not None:
            await asyncio.sleep(CHECK_EVERY_S)
        self._ended.set()

    async def _hear(self) -> Message:
        coming, ending = asyncio.ensure_future(self._receive()), asyncio.create_task(self._ended.wait())
        try:
            await asyncio.wait({coming, ending}, return_when=asyncio.FIRST_COMPLETED)
            return {"type": "http.disconnect"} if self._ended.is_set() else coming.result()
        finally:
            coming.cancel()
            ending.cancel()

    async def _tell(self, message: Message) -> None:
        # A message that was on its way when the session ended must not arrive.
        if not self._ended.is_set():
            self._open = message.get("more_body", True)
            await self._send(message)

    async def _close(self) -> None:
        if self._open:
            await self._send({"type": "http.response.body", "body": b"", "more_body": False})
