"""A stream that ends when the sign-in does: what a page is being told stops within a second of being signed out."""

import asyncio
from collections.abc import Awaitable, Callable
from contextlib import suppress

from starlette.concurrency import run_in_threadpool
from starlette.types import Message, Receive, Send

from humphrey.accounts.model import Person

Still = Callable[[], Person | None]
"""Whose sign-in a call came with, if it lets anybody in at this moment."""


LOOK_EVERY_S = 1.0
"""How often a running stream looks whether its sign-in still holds."""


_LEAVE_S = 5.0
"""How long what sends a stream may take to notice that nobody listens any more."""


class Stream:
    """One streamed answer.

    Args:
        receive: what comes from the browser.
        send: what goes to it.
        still: whether its sign-in still holds.
    """

    def __init__(self, receive: Receive, send: Send, still: Still) -> None:
        self._receive = receive
        self._send = send
        self._still = still
        self._ended = asyncio.Event()
        self._open = False

    async def run(self, inner: Callable[[Receive, Send], Awaitable[None]]) -> None:
        """Pass a stream on until it ends or the sign-in does; then the sender is told that the browser has left."""
        sending = asyncio.ensure_future(inner(self._hear, self._tell))
        looking = asyncio.create_task(self._look())
        try:
            await asyncio.wait({sending, looking}, return_when=asyncio.FIRST_COMPLETED)
            if not sending.done():
                looking.result()
                await asyncio.wait({sending}, timeout=_LEAVE_S)
                await self._close()
        finally:
            looking.cancel()
            sending.cancel()
            with suppress(asyncio.CancelledError):
                await sending

    async def _look(self) -> None:
        while await run_in_threadpool(self._still) is not None:
            await asyncio.sleep(LOOK_EVERY_S)
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
        # What was under way when the sign-in ended must not arrive after it.
        if not self._ended.is_set():
            self._open = message.get("more_body", True)
            await self._send(message)

    async def _close(self) -> None:
        if self._open:
            await self._send({"type": "http.response.body", "body": b"", "more_body": False})
