"""The identity provider as it is set: joined where it is named, refused in a sentence where it will not do."""

from pathlib import Path

import pytest

from humphrey import settings
from humphrey.app.build import start
from humphrey.errors import SettingsError

ISSUER = {"HUMPHREY_OIDC__ISSUER": "https://login.example/tenant", "HUMPHREY_OIDC__CLIENT_ID": "humphrey"}


@pytest.fixture
def given(monkeypatch: pytest.MonkeyPatch, tmp_path: Path):
    def given(**more: str) -> settings.Settings:
        for name, value in {"HUMPHREY_DATA_DIR": str(tmp_path), **ISSUER, **more}.items():
            monkeypatch.setenv(name, value)
        return settings.load()

    return given


def test_with_a_provider_nobody_stands_in_for_real_people(given):
    humphrey = start(given(HUMPHREY_OIDC__ROLES='{"clearers": "reviewer"}', HUMPHREY_OIDC__TITLE="Example Login"))

    assert humphrey.oidc is not None
    assert humphrey.oidc.title == "Example Login"
    assert not humphrey.accounts.demonstration
    humphrey.close()


def test_without_one_nobody_is_asked(given):
    humphrey = start(given(HUMPHREY_OIDC__ISSUER=""))

    assert humphrey.oidc is None
    assert humphrey.accounts.demonstration
    humphrey.close()


@pytest.mark.parametrize(
    ("more", "said"),
    [
        ({"HUMPHREY_OIDC__ISSUER": "http://login.example"}, "must begin with https://"),
        ({"HUMPHREY_OIDC__CLIENT_ID": ""}, "needs a client_id"),
        ({"HUMPHREY_OIDC__ROLES": '{"clearers": "king"}'}, "HUMPHREY_OIDC__ROLES__CLEARERS"),
        ({"HUMPHREY_OIDC__SCOPES": "profile"}, "HUMPHREY_OIDC__SCOPES"),
    ],
)
def test_what_will_not_do_is_one_sentence_without_the_secret(given, more, said):
    with pytest.raises(SettingsError, match=said) as error:
        given(HUMPHREY_OIDC__CLIENT_SECRET="so secret", **more)
    assert "so secret" not in str(error.value)


def test_where_others_reach_it_the_address_to_come_back_to_must_be_set(given):
    humphrey = start(given(HUMPHREY_HOST="0.0.0.0"))  # noqa: S104 - nothing is served

    with pytest.raises(SettingsError, match="needs HUMPHREY_ORIGIN"):
        _ = humphrey.oidc
    humphrey.close()
