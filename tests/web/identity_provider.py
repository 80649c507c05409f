"""An OpenID Connect provider on loopback, as the standards have it: discovery, RSA keys, codes, PKCE and user info.

Written against OpenID Connect Core 1.0 and RFC 7636, with the library's JOSE and a server of its own. A test spoils one
part of it at a time.
"""

import base64
import hashlib
import hmac
import json
import secrets
import socket
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, unquote, urlencode, urlsplit

from joserfc import jwt
from joserfc.jwk import RSAKey

CLIENT, SECRET = "humphrey-test", "a secret & of: the client%"


Claims = dict[str, Any]


@dataclass
class Grant:
    """What a code stands for, once."""

    subject: str
    redirect: str
    nonce: str
    challenge: str


@dataclass
class Office:
    """The provider's state, and the ways in which a test spoils it."""

    url: str = ""
    people: dict[str, Claims] = field(default_factory=dict)
    signed_in: str = ""
    key: RSAKey = field(default_factory=lambda: RSAKey.generate_key(2048, {"kid": "one", "use": "sig", "alg": "RS256"}))
    grants: dict[str, Grant] = field(default_factory=dict)
    tokens: dict[str, str] = field(default_factory=dict)
    asked: list[str] = field(default_factory=list)
    spoil: Callable[[Claims], Claims] = lambda claims: claims
    spoil_metadata: Callable[[Claims], Claims] = lambda said: said
    spoil_info: Callable[[Claims], Claims] = lambda said: said
    signing: Callable[[Claims], str] | None = None
    ill: bool = False

    def metadata(self) -> Claims:
        return self.spoil_metadata(
            {
                "issuer": self.url,
                "authorization_endpoint": f"{self.url}/authorize",
                "token_endpoint": f"{self.url}/token",
                "userinfo_endpoint": f"{self.url}/userinfo",
                "jwks_uri": f"{self.url}/keys",
                "response_types_supported": ["code"],
                "subject_types_supported": ["public"],
                "id_token_signing_alg_values_supported": ["RS256"],
                "token_endpoint_auth_methods_supported": ["client_secret_basic"],
                "code_challenge_methods_supported": ["S256"],
            }
        )

    def id_token(self, grant: Grant) -> str:
        now = int(time.time())
        claims = self.spoil(
            {
                "iss": self.url,
                "sub": grant.subject,
                "aud": CLIENT,
                "iat": now,
                "exp": now + 300,
                "nonce": grant.nonce,
            }
        )
        if self.signing:
            return self.signing(claims)
        return jwt.encode({"alg": "RS256", "kid": self.key.kid}, claims, self.key)


class _Desk(BaseHTTPRequestHandler):
    office: Office

    def do_GET(self) -> None:
        self.office.asked.append(self.path)
        path, query = urlsplit(self.path).path, parse_qs(urlsplit(self.path).query)
        if self.office.ill:
            self._say(503, b"<html>be back soon</html>", "text/html")
        elif path == "/.well-known/openid-configuration":
            self._json(200, self.office.metadata())
        elif path == "/keys":
            self._json(200, {"keys": [self.office.key.as_dict(private=False)]})
        elif path == "/authorize":
            self._authorize({name: values[0] for name, values in query.items()})
        elif path == "/userinfo":
            self._user_info()
        else:
            self._json(404, {})

    def do_POST(self) -> None:
        self.office.asked.append(self.path)
        body = self.rfile.read(int(self.headers["Content-Length"])).decode()
        given = {name: values[0] for name, values in parse_qs(body).items()}
        if self.office.ill:
            self._json(503, {})
        elif self.path == "/token":
            self._redeem(given)
        else:
            self._json(404, {})

    def _authorize(self, asked: dict[str, str]) -> None:
        wanted = {"response_type": "code", "client_id": CLIENT, "code_challenge_method": "S256"}
        wrong = {name for name, value in wanted.items() if asked.get(name) != value}
        if wrong or "openid" not in asked["scope"].split() or len(asked["code_challenge"]) != 43:
            self._json(400, {"error": "invalid_request", "wrong": sorted(wrong)})
            return
        back = {"state": asked["state"]}
        if self.office.signed_in:
            code = secrets.token_urlsafe(16)
            self.office.grants[code] = Grant(
                self.office.signed_in, asked["redirect_uri"], asked["nonce"], asked["code_challenge"]
            )
            back["code"] = code
        else:
            back["error"] = "access_denied"
        self.send_response(302)
        self.send_header("Location", f"{asked['redirect_uri']}?{urlencode(back)}")
        self.send_header("Content-Length", "0")
        self.end_headers()

    def _redeem(self, given: dict[str, str]) -> None:
        kind, _, held = self.headers.get("Authorization", "").partition(" ")
        name, _, secret = base64.b64decode(held or b"").decode().partition(":")
        if kind != "Basic" or (unquote(name), unquote(secret)) != (CLIENT, SECRET):
            self._json(401, {"error": "invalid_client"})
            return
        grant = self.office.grants.pop(given.get("code", ""), None)
        hashed = hashlib.sha256(given.get("code_verifier", "").encode()).digest()
        challenge = base64.urlsafe_b64encode(hashed).rstrip(b"=").decode()
        fits = grant and hmac.compare_digest(grant.challenge, challenge) and grant.redirect == given.get("redirect_uri")
        if not grant or not fits or given.get("grant_type") != "authorization_code":
            self._json(400, {"error": "invalid_grant"})
            return
        token = secrets.token_urlsafe(16)
        self.office.tokens[token] = grant.subject
        said = {"access_token": token, "token_type": "Bearer", "expires_in": 300}
        self._json(200, {**said, "id_token": self.office.id_token(grant)})

    def _user_info(self) -> None:
        subject = self.office.tokens.get(self.headers.get("Authorization", "").removeprefix("Bearer "))
        if subject is None:
            self._json(401, {"error": "invalid_token"})
            return
        self._json(200, self.office.spoil_info({"sub": subject, **self.office.people[subject]}))

    def _json(self, status: int, said: Claims) -> None:
        self._say(status, json.dumps(said).encode(), "application/json")

    def _say(self, status: int, body: bytes, kind: str) -> None:
        self.send_response(status)
        self.send_header("Content-Type", kind)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_said: object) -> None:
        """Nothing."""


@contextmanager
def provider() -> Iterator[Office]:
    """A provider on a free port."""
    office = Office()
    desk = type("Desk", (_Desk,), {"office": office})
    server = ThreadingHTTPServer(("127.0.0.1", 0), desk)
    office.url = f"http://127.0.0.1:{server.server_address[1]}"
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05})
    thread.start()
    try:
        yield office
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


def nobody_listens() -> str:
    """An address where no server is."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return f"http://127.0.0.1:{probe.getsockname()[1]}"
