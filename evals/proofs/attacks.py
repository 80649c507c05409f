"""Attacks of hostile callers on a server: each reports the answers, and which of them are breaches."""

import socket
import time
from collections import Counter
from collections.abc import Callable, Collection
from dataclasses import dataclass, field
from functools import partial
from http import HTTPStatus
from http.client import HTTPException

from evals.proofs.serving import COOKIE, Answer, Caller

ELSEWHERE = ("https://attacker.example", "null", "", "http://127.0.0.1", "http://127.0.0.1.attacker.example")


MOST_GUESSES = 30
"""The most passwords checked for one name, from one address, in a quarter of an hour."""


_OUT = (
    "/static/../../settings.py",
    "/static/%2e%2e/%2e%2e/settings.py",
    "/static/..%2f..%2fsettings.py",
    "/static/..%5c..%5csettings.py",
    "/static//etc/passwd",
    "/static/humphrey.css%00.txt",
    "/documents/..%2f..%2fhumphrey.sqlite3",
    "/documents/%2fetc%2fpasswd",
    "/reviews/..%2f..%2fetc%2fpasswd/export.md",
    "/reviews/x/export.sqlite3",
    "/assets/../../../../etc/passwd",
    "/assets/%2e%2e/%2e%2e/%2e%2e/etc/passwd",
    "/gradio_api/file=/etc/passwd",
    "/gradio_api/file=humphrey.sqlite3",
    "/gradio_api/proxy=http://127.0.0.1:1/",
    "/gradio_api/upload",
    "/gradio_api/info",
    "/config",
    "/file=/etc/passwd",
    "/.env",
    "//etc/passwd",
    "/humphrey.sqlite3",
    "/released/",
)


_SECRETS = (b"SQLite format", b"root:x:", b"HUMPHREY_", b"import BaseSettings")
"""Text that no answer may contain: the beginnings of files that a caller must not read."""


@dataclass
class Row:
    """One kind of attack: how often it was tried, the answers, and a sentence for each breach."""

    name: str
    tries: int = 0
    statuses: Counter[int] = field(default_factory=Counter)
    breaches: list[str] = field(default_factory=list)

    def note(self, answer: Answer, allowed: Collection[int], what: str) -> None:
        """Record an answer; any that is not among the refusals allowed here is a breach."""
        self.tries += 1
        self.statuses[answer.status] += 1
        if answer.status not in allowed:
            self.breaches.append(f"{what} was answered {answer.status}")
        if any(secret in answer.body for secret in _SECRETS) or b"Traceback" in answer.body:
            self.breaches.append(f"{what} was answered with what nobody may see")


@dataclass
class Scene:
    """A server with one draft in its queue, and the people who are signed in."""

    port: int
    review: str
    digest: str
    callers: dict[str, Caller]

    @property
    def path(self) -> str:
        """Return the address of the draft."""
        return f"/api/v1/reviews/{self.review}"

    def approval(self) -> dict[str, object]:
        """Return the request that approves it, as a reviewer who may would send it."""
        return {"verdict": "approve", "digest": self.digest}


def cross_site(scene: Scene) -> Row:
    """Send forms and calls from another site with a reviewer's cookie."""
    row, grace = Row("sent from another site"), scene.callers["grace"]
    acts = {
        "claim": {},
        "decide": scene.approval(),
        "comment": {"text": "x"},
        "amend": {"text": "x", "digest": scene.digest},
    }
    for origin in ELSEWHERE:
        for act, given in acts.items():
            row.note(grace.post(f"{scene.path}/{act}", given, {"Origin": origin}), (403,), f"{act} from {origin!r}")
        for path in ("/sign-in", "/sign-out", "/gradio_api/queue/join", "/guidance/upload", "/people"):
            row.note(grace.form(path, {"name": "grace"}, {"Origin": origin}), (403,), f"{path} from {origin!r}")
    return row


def wrong_host(scene: Scene) -> Row:
    """Call this machine under other host names."""
    row, grace = Row("under another name of the host"), scene.callers["grace"]
    for host in ("attacker.example", f"attacker.example:{scene.port}", "127.0.0.1", ""):
        for path in ("/sign-in", "/api/v1/reviews", "/ask"):
            row.note(grace.get(path, {"Host": host}), (421, 400), f"{path} as {host!r}")
    return row


def forged(scene: Scene) -> Row:
    """Claim to be another person: in headers, the query, the body, and made-up cookies."""
    row, mallory, nobody = Row("a forged name"), scene.callers["mallory"], Caller(scene.port)
    decide = f"{scene.path}/decide"
    for header in ("X-Forwarded-User", "Remote-User", "X-User", "Authorization", "X-Forwarded-For"):
        row.note(mallory.post(decide, scene.approval(), {header: "grace"}), (403,), f"{header}: grace")
        row.note(nobody.post(decide, scene.approval(), {header: "grace"}), (401,), f"nobody, {header}: grace")
    for query in ("?as=grace", "?user=grace&reviewer=grace", "?session=grace"):
        row.note(mallory.post(decide + query, scene.approval()), (403,), query)
    for name in ("reviewer", "as", "user", "person", "asked_by"):
        row.note(mallory.post(decide, {**scene.approval(), name: "grace"}), (400, 403, 422), f"{name} in the body")
    for cookie in ("grace", "sha256:0", "' OR 1=1 --", "0" * 43, "a" * 4000):
        forger = Caller(scene.port, cookie)
        row.note(forger.post(decide, scene.approval()), (401,), f"the cookie {cookie[:20]!r}")
        row.note(forger.get("/ask"), (303,), f"the cookie {cookie[:20]!r} for a page")
    both = {"Cookie": f"{COOKIE}=made-up; {COOKIE}2={scene.callers['grace'].token}"}
    row.note(nobody.post(decide, scene.approval(), both), (401,), "a token in another cookie")
    return row


def session_hash(scene: Scene) -> Row:
    """Use another person's Gradio session, to read its answers."""
    row, grace, mallory = Row("another person's page session"), scene.callers["grace"], scene.callers["mallory"]
    call = {"data": [], "fn_index": 0, "session_hash": "ofgrace"}
    grace.post("/gradio_api/reset", {"session_hash": "ofgrace", "event_id": "x"})
    row.note(mallory.post("/gradio_api/queue/join", call), (403,), "join")
    row.note(mallory.get("/gradio_api/queue/data?session_hash=ofgrace"), (403,), "data")
    row.note(mallory.get("/gradio_api/heartbeat/ofgrace"), (403,), "heartbeat")
    for path in ("reset", "cancel"):
        row.note(mallory.post(f"/gradio_api/{path}", {"session_hash": "ofgrace", "event_id": "x"}), (403,), path)
    row.note(Caller(scene.port).post("/gradio_api/queue/join", call), (401,), "join as nobody")
    return row


def ways_out(scene: Scene) -> Row:
    """Ask for paths that lead out of the served folders."""
    row = Row("a path that leads out")
    for who in ("mallory", ""):
        caller = scene.callers[who] if who else Caller(scene.port)
        for path in _OUT:
            row.note(_raw(scene.port, path, caller.token), (303, 400, 401, 403, 404, 405, 421), path)
    return row


def too_large(scene: Scene) -> Row:
    """Send more than is accepted: bodies, headers, addresses; with a right, a missing and a wrong length."""
    row, grace = Row("too large"), scene.callers["grace"]
    large = b'{"text": "' + b"a" * 3_000_000 + b'"}'
    for path in (f"{scene.path}/comment", "/sign-in", "/gradio_api/queue/join"):
        row.note(_cut(partial(Caller(scene.port, grace.token).call, "POST", path, large)), (413, 0), path)
        row.note(_cut(partial(_chunked, scene.port, path, grace.token, 3_000_000)), (413, 0), f"{path} in pieces")
    for count, size in ((2_000, 100), (1, 200_000)):
        headers = {f"X-{n}": "a" * size for n in range(count)}
        row.note(_cut(partial(Caller(scene.port).get, "/sign-in", headers)), (400, 431, 0), f"{count} headers")
    long = partial(Caller(scene.port).get, "/sign-in?" + "a" * 200_000)
    row.note(_cut(long), (400, 414, 431, 0), "a long address")
    row.note(grace.post(f"{scene.path}/comment", {"text": "a" * 900_000}), (400,), "a long comment")
    row.note(
        grace.call("POST", f"{scene.path}/comment", b"[" * 100_000, {"Content-Type": "application/json"}),
        (400, 422),
        "deep JSON",
    )
    return row


def untouched(scene: Scene) -> Row:
    """Check that the draft is unchanged after all of that."""
    row = Row("the draft after that")
    answer = scene.callers["grace"].get(scene.path)
    row.note(answer, (200,), "the draft")
    said = answer.plain
    if (said["state"], said["digest"], said["claimed_by"]) != ("open", scene.digest, "") or said["comments"]:
        row.breaches.append(f"the draft is {said['state']} now, or has other words, a claim or a comment")
    return row


def replayed(scene: Scene) -> Row:
    """Send a decision again, by the same reviewer and by others, and many times at once."""
    row, grace = Row("a decision sent again"), scene.callers["grace"]
    first = grace.post(f"{scene.path}/decide", scene.approval())
    if first.status != 200:
        row.breaches.append(f"the decision itself was answered {first.status}")
    for _ in range(20):
        row.note(grace.post(f"{scene.path}/decide", scene.approval()), (409,), "the same again")
        row.note(scene.callers["david"].post(f"{scene.path}/decide", scene.approval()), (409,), "by another")
    return row


def stolen(scene: Scene) -> Row:
    """Use a session's token after its person has signed out."""
    row, david = Row("a session after its end"), scene.callers["david"]
    thief = Caller(scene.port, david.token)
    if thief.get("/api/v1/reviews").status != 200:
        row.breaches.append("the token did not work before its end, so that its end shows nothing")
    david.form("/sign-out", {})
    for _ in range(20):
        row.note(thief.get("/api/v1/reviews"), (401,), "the queue")
        row.note(thief.post(f"{scene.path}/claim", {}), (401,), "a claim")
        row.note(thief.get("/clear"), (303,), "the page")
        row.note(thief.get("/gradio_api/heartbeat/stolen"), (401,), "the page's own calls")
    return row


def guessed(scene: Scene, tries: int) -> Row:
    """Guess passwords of two names, and of names without an account; few guesses at a name are checked."""
    row, thief, looked_at = Row("a guess at a password"), Caller(scene.port), Counter[str]()
    for n in range(tries):
        name = ("grace", f"nobody {n}", "amina")[n % 3]
        answer = thief.sign_in(name, f"guess number {n}")
        row.note(answer, (401, 429), f"guess {n}")
        looked_at[name] += answer.status != HTTPStatus.TOO_MANY_REQUESTS
    row.breaches += [f"{n} guesses at {name} were looked at" for name, n in looked_at.items() if n > MOST_GUESSES]
    elsewhere, colleague, known = Caller(scene.port, source="127.0.0.2"), Caller(scene.port), scene.callers["amina"]
    if elsewhere.sign_in("amina").status != HTTPStatus.SEE_OTHER:
        row.breaches.append("a person who guesses at a name keeps its owner out, who calls from elsewhere")
    if colleague.sign_in("david").status != HTTPStatus.SEE_OTHER:
        row.breaches.append("a person who guesses keeps a colleague out, who calls from the same address")
    if known.get("/api/v1/notices").status != HTTPStatus.OK:
        row.breaches.append("a person who guesses at a name ends the sessions of its owner")
    if known.sign_in("amina").status != HTTPStatus.SEE_OTHER:
        row.breaches.append("a person who guesses at a name keeps its owner out, in a browser that is known")
    return row


def alive(scene: Scene) -> Row:
    """Check that the server still serves."""
    row = Row("the server after that")
    row.note(Caller(scene.port).get("/healthz"), (200,), "/healthz")
    row.note(Caller(scene.port).get("/readyz"), (200,), "/readyz")
    return row


def _raw(port: int, path: str, token: str) -> Answer:
    """Send a request whose path no library has normalised."""
    head = f"GET {path} HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\nCookie: {COOKIE}={token}\r\nConnection: close\r\n\r\n"
    return _sent(port, [head.encode()])


def _chunked(port: int, path: str, token: str, size: int) -> Answer:
    """Yield a body whose length is not announced."""
    head = (
        f"POST {path} HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\nOrigin: http://127.0.0.1:{port}\r\n"
        f"Cookie: {COOKIE}={token}\r\nTransfer-Encoding: chunked\r\nConnection: close\r\n\r\n"
    )
    piece = b"10000\r\n" + b"a" * 0x10000 + b"\r\n"
    return _sent(port, [head.encode(), *[piece] * (size // 0x10000), b"0\r\n\r\n"])


def _sent(port: int, parts: list[bytes]) -> Answer:
    began, received = time.perf_counter(), b""
    with socket.create_connection(("127.0.0.1", port), timeout=30) as line:
        for part in parts:
            line.sendall(part)
        while more := line.recv(65536):
            received += more
    status = int(received.split(b" ", 2)[1]) if received.startswith(b"HTTP/") else 0
    return Answer(status, {}, received, time.perf_counter() - began)


def _cut(call: Callable[[], Answer]) -> Answer:
    """Return the answer, or status 0 if the server hung up, as it may on a request that is too large."""
    try:
        return call()
    except (OSError, HTTPException):
        return Answer(0, {}, b"", 0.0)
