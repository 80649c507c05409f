"""OpenID Connect client: authorisation code flow with PKCE, state and nonce. Authlib implements the protocol.

Rule: only claims are accepted that the provider signed for this client, now, and for this very sign-in. Only the
addresses that the provider itself publishes are used (OpenID Connect Discovery 1.0).
"""

import json
import logging
import time
from collections.abc import Callable, Mapping
from threading import Lock
from typing import Any, cast
from urllib.parse import urlsplit

import httpx
from authlib.oauth2.auth import ClientAuth
from authlib.oauth2.rfc6749.parameters import prepare_grant_uri
from authlib.oauth2.rfc7636 import create_s256_code_challenge
from authlib.oidc.core import CodeIDToken
from joserfc import jwt
from joserfc.errors import ClaimError, ExpiredTokenError, InvalidKeyIdError, JoseError
from joserfc.jwk import KeySet, KeySetSerialization
from joserfc.jws import JWSRegistry

from humphrey.accounts.identity_provider import AuthenticationRequest, Claims
from humphrey.errors import IdentityProviderError
from humphrey.http_deadlines import begin_reply, with_deadlines

_ALGORITHMS = ("RS256", "RS384", "RS512", "PS256", "PS384", "PS512", "ES256", "ES384", "ES512", "EdDSA", "Ed25519")
"""Signature algorithms with a private key. HMAC ones are excluded: their secret is known to this client too."""


# Seconds to wait for a whole reply; seconds that metadata and keys stay cached; the largest reply that is parsed; the
# clock difference allowed when checking times, in seconds.
_TIMEOUT_S, _FRESH_S, _LARGEST_BYTES, _LEEWAY_S = 10, 3600, 1_000_000, 60


_NEEDED = ("authorization_endpoint", "token_endpoint", "jwks_uri")


_FORM = {"Accept": "application/json", "Content-Type": "application/x-www-form-urlencoded"}


_WRONG = {"nonce": "nonce", "aud": "audience", "azp": "audience", "iss": "issuer", "exp": "time", "iat": "time"}
"""The word that the ledger records for a claim that does not match."""


logger = logging.getLogger(__name__)


class OpenIdProvider:
    """One identity provider; safe to share between threads.

    Args:
        issuer: its address, exactly as its own metadata gives it.
        client_id: the id under which the provider knows this installation.
        client_secret: the secret for that id; empty if the provider requires none.
        scopes: the scopes to request, separated by blanks.
        clock: returns seconds since 1970.
        timeout_s: longest wait for a whole reply, in seconds.
    """

    def __init__(
        self,
        issuer: str,
        client_id: str,
        client_secret: str,
        scopes: str = "openid profile email",
        *,
        clock: Callable[[], float] = time.time,
        timeout_s: float = _TIMEOUT_S,
    ) -> None:
        self._timeout_s = timeout_s
        self._issuer = issuer
        self._client_id = client_id
        self._client_secret = client_secret
        self._scopes = scopes
        self._clock = clock
        self._kept: dict[str, tuple[float, Mapping[str, Any]]] = {}
        self._lock = Lock()

    def address(self, asked: AuthenticationRequest) -> str:
        """Return the address to which the browser is redirected for sign-in.

        Raises:
            IdentityProviderError: the provider does not answer, or its metadata is unusable.
        """
        address: str = prepare_grant_uri(
            self._metadata()["authorization_endpoint"],
            client_id=self._client_id,
            response_type="code",
            redirect_uri=asked.redirect,
            scope=self._scopes,
            state=asked.state,
            nonce=asked.nonce,
            code_challenge=create_s256_code_challenge(asked.verifier),
            code_challenge_method="S256",
        )
        return address

    def claims(self, code: str, asked: AuthenticationRequest) -> Claims:
        """Exchange a code for the person's claims: the signed ones, and those of the user info endpoint.

        Raises:
            IdentityProviderError: the code is unknown, a signed claim does not match, or the provider does not answer.
        """
        metadata = self._metadata()
        token = self._redeemed(metadata, code, asked)
        signed = self._signed(metadata, token, asked.nonce)
        # Signed claims come last, so that user info can never replace one.
        return {**self._user_info(metadata, token, signed), **signed}

    def _redeemed(self, metadata: Mapping[str, Any], code: str, asked: AuthenticationRequest) -> Mapping[str, Any]:
        body = {
            "grant_type": "authorization_code",
            "code": code,
            "redirect_uri": asked.redirect,
            "code_verifier": asked.verifier,
        }
        uri, headers, content = ClientAuth(self._client_id, self._client_secret, self._way(metadata)).prepare(
            "POST", metadata["token_endpoint"], dict(_FORM), str(httpx.QueryParams(body))
        )
        token = self._asked("POST", uri, headers, content)
        if not isinstance(token.get("id_token"), str):
            raise IdentityProviderError(
                "the identity provider did not take the code it gave your browser; begin the sign-in again", "code"
            )
        return token

    def _way(self, metadata: Mapping[str, Any]) -> str:
        """Return the client authentication method; the default is basic (Discovery 1.0, section 3)."""
        if not self._client_secret:
            return "none"
        ways = metadata.get("token_endpoint_auth_methods_supported") or ["client_secret_basic"]
        return "client_secret_basic" if "client_secret_basic" in ways else "client_secret_post"

    def _signed(self, metadata: Mapping[str, Any], token: Mapping[str, Any], nonce: str) -> Claims:
        try:
            read = self._decoded(metadata, str(token["id_token"]))
            claims = CodeIDToken(
                read.claims,
                read.header,
                {"iss": {"values": [self._issuer]}},
                {"nonce": nonce, "client_id": self._client_id, "access_token": token.get("access_token")},
            )
            claims.validate(now=int(self._clock()), leeway=_LEEWAY_S)
        except ExpiredTokenError:
            raise IdentityProviderError(
                "what the identity provider signed has expired; begin again", "expired"
            ) from None
        except ClaimError as error:
            why = _WRONG.get(str(error.claim), "claims")
            raise IdentityProviderError(_unfit(why), why) from None
        except (JoseError, ValueError, TypeError, KeyError):
            raise IdentityProviderError(_unfit("signature"), "signature") from None
        self._require_for_us(read.claims)
        return read.claims

    def _require_for_us(self, claims: Claims) -> None:
        """Refuse tokens issued for other clients, even if they name this one too (Core 1.0, section 3.1.3.7)."""
        audience = claims.get("aud")
        audiences = [audience] if isinstance(audience, str) else list(audience or [])
        if self._client_id not in audiences or (len(audiences) > 1 and claims.get("azp") != self._client_id):
            raise IdentityProviderError(_unfit("audience"), "audience")

    def _decoded(self, metadata: Mapping[str, Any], id_token: str) -> jwt.Token:
        # RS256 is the algorithm that every provider must support (Discovery 1.0, section 3).
        stated = metadata.get("id_token_signing_alg_values_supported") or ["RS256"]
        allowed = [each for each in stated if each in _ALGORITHMS]
        registry = JWSRegistry(algorithms=allowed, strict_check_header=False)
        uri = metadata["jwks_uri"]
        try:
            return jwt.decode(id_token, self._keys(uri), registry=registry)
        except InvalidKeyIdError:
            # The provider may have rotated its keys since they were fetched, so fetch them again once.
            return jwt.decode(id_token, self._keys(uri, afresh=True), registry=registry)

    def _keys(self, uri: str, *, afresh: bool = False) -> KeySet:
        return KeySet.import_key_set(cast("KeySetSerialization", dict(self._fetched(uri, afresh=afresh))))

    def _user_info(self, metadata: Mapping[str, Any], token: Mapping[str, Any], signed: Claims) -> Claims:
        """Return the user info claims; refuse those of another person (OpenID Connect Core 1.0, section 5.3.2)."""
        uri, access = metadata.get("userinfo_endpoint"), token.get("access_token")
        if not uri or not isinstance(access, str):
            return {}
        self._require_own(str(uri))
        said = self._asked("GET", str(uri), {"Accept": "application/json", "Authorization": f"Bearer {access}"})
        if said.get("sub") != signed["sub"]:
            raise IdentityProviderError(_unfit("subject"), "subject")
        return said

    def _metadata(self) -> Mapping[str, Any]:
        metadata = self._fetched(self._issuer.rstrip("/") + "/.well-known/openid-configuration")
        if metadata.get("issuer") != self._issuer:
            raise IdentityProviderError(
                f"the identity provider calls itself {str(metadata.get('issuer'))[:200]!r}; the humphrey administrator "
                "must set HUMPHREY_OIDC__ISSUER to exactly that",
                "provider",
            )
        for name in _NEEDED:
            self._require_own(str(metadata.get(name, "")))
        return metadata

    def _require_own(self, address: str) -> None:
        """Refuse an address without TLS, unless the issuer has none either; settings allow that on loopback only."""
        scheme, own = urlsplit(address).scheme, urlsplit(self._issuer).scheme
        if scheme != "https" and (scheme, own) != ("http", "http"):
            raise IdentityProviderError(
                "the identity provider publishes an address that cannot be used; tell the humphrey administrator",
                "provider",
            )

    def _fetched(self, address: str, *, afresh: bool = False) -> Mapping[str, Any]:
        with self._lock:
            at, kept = self._kept.get(address, (0.0, {}))
            if kept and not afresh and self._clock() - at < _FRESH_S:
                return kept
        said = self._asked("GET", address, {"Accept": "application/json"})
        with self._lock:
            self._kept[address] = (self._clock(), said)
        return said

    def _asked(
        self, method: str, address: str, headers: Mapping[str, str], content: str | None = None
    ) -> Mapping[str, Any]:
        """Send a request and return its JSON object. A 4xx reply is returned too, because it gives the reason."""
        try:
            said = json.loads(self._answer(method, address, headers, content))
        except (httpx.HTTPError, httpx.InvalidURL, ValueError) as error:
            logger.warning("identity_provider_unusable", extra={"error": type(error).__name__})
            raise IdentityProviderError(
                "the identity provider does not answer as it should; try again soon, or tell your administrator",
                "provider",
            ) from None
        if not isinstance(said, dict):
            raise IdentityProviderError(
                "the identity provider's answer cannot be read; tell the humphrey administrator", "provider"
            )
        return said

    def _answer(self, method: str, address: str, headers: Mapping[str, str], content: str | None) -> bytes:
        """Return the body of a reply, bounded in bytes and, however slowly it arrives, in time."""
        begin_reply(self._timeout_s)
        body = bytearray()
        with (
            with_deadlines(httpx.Client(timeout=self._timeout_s)) as client,
            client.stream(method, address, headers=dict(headers), content=content) as answer,
        ):
            for piece in answer.iter_bytes():
                body += piece
                if len(body) > _LARGEST_BYTES:
                    raise ValueError("too large")
        if answer.status_code >= httpx.codes.INTERNAL_SERVER_ERROR:
            raise ValueError(f"status {answer.status_code}")
        return bytes(body)


def _unfit(what: str) -> str:
    return f"what the identity provider signed does not match this sign-in: its {what} differs; begin the sign-in again"
