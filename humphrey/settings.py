"""The settings, and the only reader of the environment: `HUMPHREY_…`, nested with `__`, or a `.env` file."""

from collections.abc import Iterator
from pathlib import Path
from typing import Annotated, Literal, Self

import platformdirs
from pydantic import BaseModel, ConfigDict, Field, SecretStr, ValidationError, field_validator, model_validator
from pydantic_settings import BaseSettings, NoDecode, SettingsConfigDict

from humphrey import network_addresses
from humphrey.accounts.model import Role
from humphrey.digests import sha256
from humphrey.errors import SettingsError
from humphrey.papers.destinations import Format
from humphrey.text.validation import address_fault


class ModelSettings(BaseModel):
    """A language model at an OpenAI-compatible endpoint; without a `base_url` there is none."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    base_url: str = Field("", description="An OpenAI-compatible endpoint, for example http://127.0.0.1:8000/v1.")
    api_key: SecretStr = Field(SecretStr(""), description="The endpoint's key, where it wants one.")
    name: str = Field("", description="The model's name at that endpoint.")
    timeout_s: float = Field(60, gt=0, le=600, description="Longest wait for one reply of the endpoint, in seconds.")
    retries: int = Field(2, ge=0, le=10, description="How often a failed call is tried again, with growing waits.")
    temperature: float | None = Field(0, ge=0, le=2, description="How freely it words things; empty: as it comes.")
    max_tokens: int = Field(0, ge=0, description="The most tokens of one reply; 0: as many as the endpoint allows.")
    window_tokens: int = Field(0, ge=0, description="Tokens it can read and write at once; 0: found by trying.")
    tools: Literal["auto", "no"] = Field("auto", description="`no`: it calls none, and is given passages at once.")
    price_in: float = Field(0, ge=0, description="Price of a million tokens read, in your currency.")
    price_out: float = Field(0, ge=0, description="Price of a million tokens written, in your currency.")

    @field_validator("base_url")
    @classmethod
    def _address(cls, value: str) -> str:
        return network_addresses.service(value) if value else value

    @field_validator("temperature", mode="before")
    @classmethod
    def _unset(cls, value: object) -> object:
        return None if value == "" else value


class LimitSettings(BaseModel):
    """Quotas for models at endpoints, where 0 means no limit, and the bounds of one draft, which it always has."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    at_once: int = Field(0, ge=0, description="Drafts written at once, of everybody.")
    at_once_per_person: int = Field(0, ge=0, description="Drafts written at once for one person.")
    tokens_per_day: int = Field(0, ge=0, description="Tokens read and written for one person in a day.")
    cost_per_day: float = Field(0, ge=0, description="Cost for one person in a day, in the currency of the prices.")
    seconds_per_draft: float = Field(300, gt=0, le=3600, description="Longest time of one draft, in seconds.")
    tokens_per_draft: int = Field(500_000, ge=1000, description="Most tokens that one draft reads and writes.")


class SmtpSettings(BaseModel):
    """The mail server for releases and notifications; without a `host` there is none."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    host: str = Field("", description="The mail server; empty: nothing leaves by e-mail.")
    port: int = Field(587, ge=1, le=65535, description="Its port.")
    user: str = Field("", description="Who signs in to it, where it asks.")
    password: SecretStr = Field(SecretStr(""), description="Their password.")
    sender: str = Field("", alias="from", description="The address that letters are sent from.")
    tls: Literal["none", "starttls", "tls"] = Field("starttls", description="How the line is kept secret.")

    @field_validator("host")
    @classmethod
    def _host(cls, value: str) -> str:
        return network_addresses.host(value) if value else value

    @field_validator("sender")
    @classmethod
    def _address(cls, value: str) -> str:
        if value and (fault := address_fault(value)):
            raise ValueError(fault)
        return value

    @model_validator(mode="after")
    def _complete(self) -> Self:
        if self.host and not self.sender:
            raise ValueError("letters need an address that they are sent from; set HUMPHREY_SMTP__FROM")
        if self.user and self.tls == "none":
            raise ValueError("a password is not sent over an open line; set HUMPHREY_SMTP__TLS to starttls or tls")
        return self


class DepartmentSettings(BaseModel):
    """The department as its letters name it; what is empty is left out of them."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    name: str = Field("", max_length=200, description="The department's name.")
    address: str = Field("", max_length=500, description="Its postal address, lines with \\n between them.")
    email: str = Field("", description="The address for replies.")
    phone: str = Field("", max_length=50, description="The telephone number for replies.")
    reviews: str = Field("", max_length=300, description="Where to ask for an internal review.")

    @field_validator("address")
    @classmethod
    def _lines(cls, value: str) -> str:
        return value.replace("\\n", "\n")

    @field_validator("email")
    @classmethod
    def _mailbox(cls, value: str) -> str:
        if value and (fault := address_fault(value)):
            raise ValueError(fault)
        return value


class RecordSettings(BaseModel):
    """The places where signed heads of the ledger are published, and the signing key."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    publish_file: Path | None = Field(None, description="A file that heads are added to, where humphrey may only add.")
    publish_to: str = Field("", description="The address that heads are mailed to; needs a mail server.")
    key_file: Path | None = Field(None, description="An Ed25519 private key in PEM that signs, instead of its own.")

    @field_validator("publish_to")
    @classmethod
    def _address(cls, value: str) -> str:
        if value and (fault := address_fault(value)):
            raise ValueError(fault)
        return value


class RetentionSettings(BaseModel):
    """Retention periods and disposal; without `periods` words are kept for ever."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    periods: Path | None = Field(None, description="A YAML file of days by kind and marking; none: kept for ever.")
    warn_days: int = Field(30, ge=1, le=365, description="How long before disposal administrators are told, in days.")
    dispose: bool = Field(False, description="Whether rounds dispose of what is over; else an administrator does.")


class OidcSettings(BaseModel):
    """The department's identity provider, used with OpenID Connect; without an `issuer` there is none."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    issuer: str = Field("", description="The provider's address, exactly as it writes it itself.")
    client_id: str = Field("", description="What the provider knows this humphrey as.")
    client_secret: SecretStr = Field(SecretStr(""), description="What proves that to it, where it wants that.")
    title: str = Field("your department's account", max_length=100, description="What the sign-in page calls it.")
    scopes: str = Field("openid profile email", pattern=r"\bopenid\b", description="What it is asked for.")
    identity_claim: str = Field("sub", min_length=1, description="The claim that tells people apart for good.")
    name_claim: str = Field("preferred_username", description="The claim that the record calls people by.")
    groups_claim: str = Field("groups", description="The claim that lists the groups they are in there.")
    roles: dict[str, Role] = Field({}, description="The role that each group there gives; empty: people are added.")
    groups: dict[str, str] = Field({}, description="The group here that each group there stands for.")

    @field_validator("issuer")
    @classmethod
    def _address(cls, value: str) -> str:
        return network_addresses.service(value) if value else value

    @model_validator(mode="after")
    def _whole(self) -> "OidcSettings":
        own = self.issuer and network_addresses.is_loopback(self.issuer)
        if self.issuer and not own and not self.issuer.startswith("https://"):
            raise ValueError("the issuer's address must begin with https://")
        if self.issuer and not self.client_id:
            raise ValueError("an issuer needs a client_id, which the provider gives")
        return self


class Settings(BaseSettings):
    """The settings of one installation."""

    model_config = SettingsConfigDict(
        env_prefix="HUMPHREY_",
        env_nested_delimiter="__",
        env_file=".env",
        env_file_encoding="utf-8",
        frozen=True,
        extra="forbid",
    )

    data_dir: Path = Field(
        Path(platformdirs.user_data_dir("humphrey")),
        description="Folder of the database, the index and released files; an empty one is a fresh humphrey.",
    )
    corpus: Path = Field(Path("corpus"), description="Folder of guidance that is indexed when humphrey starts.")
    database_url: str = Field(
        "", description="SQLAlchemy address of the database; empty means a SQLite file in the data folder."
    )
    host: str = Field("127.0.0.1", description="Address to serve on; beyond loopback, people need passwords.")
    port: int = Field(7860, ge=0, le=65535, description="Port to serve on; 0 takes any free one.")
    origin: str = Field("", description="Address people reach humphrey at, when a proxy is in front of it.")
    trusted_proxies: Annotated[tuple[network_addresses.Network, ...], NoDecode] = Field(
        network_addresses.LOOPBACK,
        description="Addresses of the proxies that are believed about whom they pass on, with commas between them.",
    )
    contact: str = Field(
        "", max_length=200, pattern=r"^[ -~]*$", description="How publishers can reach you; told to GOV.UK by sync."
    )
    passages_per_answer: int = Field(6, ge=1, le=20, description="Passages given to the drafter for one search.")
    threads: int = Field(2, ge=1, le=64, description="Threads of the embedding model.")
    embedding_model: Literal["all-MiniLM-L6-v2", "all-mpnet-base-v2"] = Field(
        "all-MiniLM-L6-v2", description="What search compares meanings with; the second is fetched first."
    )
    session_hours: int = Field(8, ge=1, le=168, description="How long a sign-in lasts, in hours.")
    idle_minutes: int = Field(60, ge=1, le=10_080, description="How long it lasts while nobody acts, in minutes.")
    claim_minutes: int = Field(30, ge=1, le=1440, description="How long a reviewer's claim on a draft lasts.")
    highest_marking: Literal["OFFICIAL", "OFFICIAL-SENSITIVE"] = Field(
        "OFFICIAL", description="The highest protective marking that may be held here; what bears a higher is refused."
    )
    division: Literal["england-and-wales", "scotland", "northern-ireland"] = Field(
        "england-and-wales", description="Whose bank holidays the department keeps, for limits that follow one nation."
    )
    sitting_days: Path | None = Field(
        None, description="File of the days on which the House of Commons sits, one a line."
    )
    papers: Path | None = Field(None, description="A folder of the department's own kinds of paper.")
    department: DepartmentSettings = Field(DepartmentSettings(), description="What letters say of the department.")
    rounds_seconds: float = Field(60, ge=1, le=3600, description="How often regular work is done, in seconds.")
    reminders: Annotated[tuple[float, ...], NoDecode] = Field(
        (0.5, 0.8), description="Shares of a draft's working time after which its reviewers are reminded."
    )
    escalate_at: float = Field(0.9, gt=0, le=1, description="The share after which their deputies are told.")
    undated_days: int = Field(5, ge=1, le=60, description="Working days for a draft whose kind has no due date.")
    approval_hours: float = Field(72, gt=0, le=8760, description="How long an approval holds until delivery, in hours.")
    independence_days: int = Field(
        30, ge=1, le=3650, description="How long a change of an account keeps its person from clearing, in days."
    )
    reading_required: bool = Field(
        True,
        description="Whether a decision on a page needs a claim, the passages opened and the findings acknowledged.",
    )
    undo_seconds: int = Field(
        30, ge=0, le=3600, description="How long a text approved on a page waits before it leaves, in seconds; 0: not."
    )
    seeded_share: float = Field(0, ge=0, le=0.2, description="Seeded wrong drafts for each draft sent; 0: none.")
    file_format: Format = Field("md", description="What a released text is written as where nobody said otherwise.")
    log_level: Literal["debug", "info", "warning", "error"] = Field("info", description="What operators are told.")
    model: ModelSettings = Field(ModelSettings(), description="The language model; without one it is the embedded one.")
    fallback_model: ModelSettings = Field(ModelSettings(), description="The model that writes while the first cannot.")
    smtp: SmtpSettings = Field(SmtpSettings(), description="The mail server that letters leave through.")
    record: RecordSettings = Field(RecordSettings(), description="How the head of the ledger is signed and published.")
    retention: RetentionSettings = Field(RetentionSettings(), description="How long words are kept.")
    oidc: OidcSettings = Field(OidcSettings(), description="The department's identity provider, where there is one.")
    limits: LimitSettings = Field(LimitSettings(), description="What people may take of the models at endpoints.")

    @field_validator("origin")
    @classmethod
    def _origin(cls, value: str) -> str:
        return network_addresses.origin(value) if value else value

    @field_validator("host")
    @classmethod
    def _host(cls, value: str) -> str:
        return network_addresses.host(value) if value else value

    @field_validator("trusted_proxies", mode="before")
    @classmethod
    def _networks(cls, value: object) -> object:
        return tuple(map(network_addresses.network, _listed(value))) if isinstance(value, str) else value

    @field_validator("reminders", mode="before")
    @classmethod
    def _several(cls, value: object) -> object:
        return _listed(value) if isinstance(value, str) else value

    @field_validator("reminders")
    @classmethod
    def _shares(cls, value: tuple[float, ...]) -> tuple[float, ...]:
        if not all(0 < each <= 1 for each in value):
            raise ValueError("each reminder is a share above 0 and at most 1, such as 0.5,0.8")
        return tuple(sorted(set(value)))


def _listed(value: str) -> list[str]:
    return [each for each in value.split(",") if each.strip()]


def recorded_settings(settings: Settings) -> dict[str, str]:
    """Return every setting by name as recorded in the ledger: a digest of its value; of a secret, whether it is set.

    A value is a digest, because the ledger is published; a secret is only `set` or `unset`.
    """
    return {name: _recorded_value(name, value) for name, value in _flat(settings, "")}


def _flat(model: BaseModel, prefix: str) -> Iterator[tuple[str, object]]:
    for name in type(model).model_fields:
        value = getattr(model, name)
        if isinstance(value, BaseModel):
            yield from _flat(value, f"{prefix}{name}.")
        else:
            yield prefix + name, value


def _recorded_value(name: str, value: object) -> str:
    # The address of a database may contain its password.
    if isinstance(value, SecretStr) or name == "database_url":
        return "set" if (value.get_secret_value() if isinstance(value, SecretStr) else value) else "unset"
    return sha256(str(value))


def load() -> Settings:
    """Read the settings from the environment.

    Raises:
        SettingsError: a setting is unknown or out of range; the message names it and never shows a secret.
    """
    try:
        return Settings()
    except ValidationError as error:
        first = error.errors(include_input=False, include_url=False)[0]
        name = "HUMPHREY_" + "__".join(str(part) for part in first["loc"]).upper()
        raise SettingsError(f"{name}: {first['msg']}; docs/settings.md lists what it may be") from None
