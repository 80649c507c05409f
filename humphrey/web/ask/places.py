"""The place that a question belongs to: a token of the browser's own, and the conversation that is open there.

The browser alone writes the token and makes another one whenever another conversation is opened. Every change of the
thread carries the token of the call that it answers, so that the script knows a late change of a place that was left.
"""

import inspect
from collections.abc import Callable, Iterator
from functools import wraps
from typing import Any

from humphrey.web.ask.components import AskPage
from humphrey.web.gradio_handlers import Changes, as_text


def placed(page: AskPage, act: Callable[..., Any]) -> Callable[..., Iterator[Changes]]:
    """Return a handler whose argument `current` is a place in the browser and becomes the conversation.

    Args:
        page: the components; `shown` receives the token with every change of the thread.
        act: the handler, which returns changes or yields them.
    """
    at = [name.strip("_") for name in inspect.signature(act).parameters].index("current")

    @wraps(act)
    def handler(*given: object) -> Iterator[Changes]:
        token, _, conversation = as_text(given[at]).partition(" ")
        made = act(*given[:at], conversation, *given[at + 1 :])
        for changes in made if isinstance(made, Iterator) else (made,):
            drawn = page.latest in changes or page.current in changes
            yield {**changes, page.shown: token} if drawn else changes

    return handler
