"""People who ask on the page, by the calls that the page itself makes: a call joins the queue, and a stream answers."""

import json
import re
import secrets
from dataclasses import dataclass
from http.client import HTTPConnection

from evals.proofs.serving import COOKIE, Answer, Caller

_CONFIG = re.compile(r"window\.gradio_config = (.*?);\s*window\.gradio_api_info", re.DOTALL)


# The places of these components among the values that a handler returns (`AskPage` in humphrey/web/ask/components.py).
_ALERT, _CURRENT, _LATEST = 0, 1, 11


@dataclass(frozen=True)
class AskHandlers:
    """The numbers of the handlers of the Ask page: the one that opens it, and the one behind its Ask button."""

    load: int
    ask: int


@dataclass(frozen=True)
class Asked:
    """The outcome of one question: the page's answer or alert as HTML, the conversation, and its seconds.

    `ended` is whether the handler finished; it does also when it shows an alert.
    """

    shown: str
    alert: str
    conversation: str
    ended: bool
    seconds: float


class Asker:
    """A person with the Ask page open.

    Args:
        name: their name.
        port: the server's port.
    """

    def __init__(self, name: str, port: int) -> None:
        self.name = name
        self.caller = Caller(port, keeps_line=True)
        self._session = secrets.token_hex(6)
        self._heart: HTTPConnection | None = None
        self._handlers: AskHandlers | None = None

    def open(self) -> Answer:
        """Sign in and open the page, as a new window of the browser does."""
        self.caller.sign_in(self.name)
        page = self.caller.get("/ask")
        self._handlers = handlers_of(page.body.decode())
        self._heart = HTTPConnection("127.0.0.1", self.caller.port, timeout=60)
        self._heart.request("GET", f"/gradio_api/heartbeat/{self._session}", headers={"Cookie": self.cookie})
        self._heart.getresponse()
        self._call(self._handlers.load, [""])
        return page

    @property
    def cookie(self) -> str:
        """Their cookie, as a browser sends it."""
        return f"{COOKIE}={self.caller.token}"

    def ask(self, question: str, conversation: str = "") -> Asked:
        """Ask a question and wait for its answer."""
        if self._handlers is None:
            self.open()
        if self._handlers is None:
            raise SystemExit(f"{self.name} cannot open the page")
        joined, told = self._call(self._handlers.ask, [question, f"{self._session} {conversation}", ""])
        values = _values(told.body)
        alert, kept, shown = (_text(values, place) for place in (_ALERT, _CURRENT, _LATEST))
        return Asked(shown, alert, kept, values is not None, joined.seconds + told.seconds)

    def leave(self) -> None:
        """Close the window: its connections end."""
        self.caller.close()
        if self._heart is not None:
            self._heart.close()

    def _call(self, handler: int, given: list[object]) -> tuple[Answer, Answer]:
        call = {
            "data": given,
            "fn_index": handler,
            "session_hash": self._session,
            "event_data": None,
            "trigger_id": None,
        }
        joined = self.caller.post("/gradio_api/queue/join", call)
        return joined, self.caller.get(f"/gradio_api/queue/data?session_hash={self._session}")


def handlers_of(page: str) -> AskHandlers:
    """Find the handlers in the configuration that the page carries; their numbers are the same for everybody."""
    found = _CONFIG.search(page)
    if not found:
        raise SystemExit("the page has no configuration; is this person signed in?")
    config = json.loads(found[1])
    asks = {each["id"] for each in config["components"] if each["props"].get("value") == "Ask"}
    dependencies = config["dependencies"]
    by_target = {(part, event): each["id"] for each in dependencies for part, event in each["targets"]}
    load = next(number for (_, event), number in by_target.items() if event == "load")
    return AskHandlers(load, next(number for (part, _), number in by_target.items() if part in asks))


def _values(stream: bytes) -> list[object] | None:
    """Return the values that the page's components get at the end of a stream; None if the handler did not finish."""
    for line in reversed(stream.splitlines()):
        told = json.loads(line.removeprefix(b"data:")) if line.startswith(b"data:") else {}
        if told.get("msg") == "process_completed" and told.get("success"):
            values: list[object] = told["output"]["data"]
            return values
    return None


def _text(values: list[object] | None, place: int) -> str:
    """Return the new text of a component; empty if it stays as it is."""
    value = values[place] if values else ""
    return value if isinstance(value, str) else ""
