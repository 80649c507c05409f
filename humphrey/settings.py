"""Every knob, and the only reader of the environment: `HUMPHREY_…`, nested with `__`, or a `.env` file."""

from pathlib import Path
from typing import Literal

import platformdirs
from pydantic import BaseModel, ConfigDict, Field, SecretStr, ValidationError
from pydantic_settings import BaseSettings, SettingsConfigDict

from humphrey.errors import SettingsError


class ModelSettings(BaseModel):
    """Which language model writes. With no `base_url` it is the embedded one, which quotes."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    base_url: str = Field("", description="An OpenAI-compatible endpoint, for example http://127.0.0.1:8000/v1.")
    api_key: SecretStr = Field(SecretStr(""), description="The endpoint's key, where it wants one.")
    name: str = Field("", description="The model's name at that endpoint.")
    timeout_s: float = Field(60, gt=0, le=600, description="Longest wait for one reply of the endpoint, in seconds.")
    retries: int = Field(2, ge=0, le=10, description="How often a failed call is tried again, with growing waits.")


class Settings(BaseSettings):
    """The settings of one humphrey."""

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
    contact: str = Field(
        "", max_length=200, pattern=r"^[ -~]*$", description="How publishers can reach you; told to GOV.UK by sync."
    )
    passages_per_answer: int = Field(6, ge=1, le=20, description="Passages given to the drafter for one search.")
    threads: int = Field(2, ge=1, le=64, description="Threads of the embedding model.")
    session_hours: int = Field(8, ge=1, le=168, description="How long a sign-in lasts, in hours.")
    log_level: Literal["debug", "info", "warning", "error"] = Field("info", description="What operators are told.")
    model: ModelSettings = Field(ModelSettings(), description="The language model.")


def load() -> Settings:
    """The settings as the environment has them.

    Raises:
        SettingsError: one of them is unknown or out of range; the message names it and never shows a secret.
    """
    try:
        return Settings()
    except ValidationError as error:
        first = error.errors(include_input=False, include_url=False)[0]
        name = "HUMPHREY_" + "__".join(str(part) for part in first["loc"]).upper()
        raise SettingsError(f"{name}: {first['msg']}; docs/settings.md lists what it may be") from None
