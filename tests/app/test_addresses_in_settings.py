"""Addresses in the settings: put right as browsers write them, or refused at the start in a sentence with the name."""

import pytest

from humphrey import settings
from humphrey.errors import SettingsError


@pytest.fixture
def given(monkeypatch: pytest.MonkeyPatch):
    def given(**more: str) -> settings.Settings:
        for name, value in more.items():
            monkeypatch.setenv(f"HUMPHREY_{name}", value)
        return settings.load()

    return given


@pytest.mark.parametrize(
    ("written", "taken"),
    [
        ("", ""),
        ("https://office.example", "https://office.example"),
        ("https://office.example/", "https://office.example"),
        ("HTTPS://Office.Example", "https://office.example"),
        ("https://office.example:443", "https://office.example"),
        ("http://office.example:80/", "http://office.example"),
        ("https://office.example:8443", "https://office.example:8443"),
        ("http://intranet:7860", "http://intranet:7860"),
        ("http://[2001:DB8:0::1]:8080", "http://[2001:db8::1]:8080"),
        ("http://127.0.0.1:7860", "http://127.0.0.1:7860"),
    ],
)
def test_an_origin_is_taken_as_browsers_write_it(given, written, taken):
    assert given(ORIGIN=written).origin == taken


@pytest.mark.parametrize(
    "written",
    [
        "office.example", "https://office.example/humphrey", "https://jo:secret@office.example", "ftp://x", "https://",
        "https://office.example?a", "https://office.example#", "https://office.example:0", "https://office.example:",
        "https://office.example:99999", "https://office example", "https://office.example\\x", "https://127.1",
        "https://büro.example", "https://-a.example", "//office.example", "https://a..b", "https://office.example\n",
        "https://[::1", "null", "*",
    ],
)  # fmt: skip
def test_an_origin_that_no_browser_would_send_stops_the_start(given, written):
    with pytest.raises(SettingsError, match=r"^HUMPHREY_ORIGIN: ") as told:
        given(ORIGIN=written)

    assert "secret" not in str(told.value)
    assert str(told.value).isprintable()


@pytest.mark.parametrize(
    ("name", "written"),
    [
        ("HOST", "http://127.0.0.1"),
        ("HOST", "127.0.0.1:7860"),
        ("SMTP__HOST", "smtp://mail.example"),
        ("SMTP__HOST", "mail.example:25"),
        ("MODEL__BASE_URL", "localhost:8000/v1"),
        ("MODEL__BASE_URL", "http://localhost:port/v1"),
        ("FALLBACK_MODEL__BASE_URL", "https://key:secret@models example/v1"),
        ("FALLBACK_MODEL__BASE_URL", "https://models.example/v1?version=2"),
        ("OIDC__ISSUER", "login.example"),
        ("OIDC__ISSUER", "http://127.0.0.1.evil.example"),
        ("OIDC__ISSUER", "http://localhost.evil.example"),
        ("OIDC__ISSUER", "https://login.example/#tenant"),
        ("RECORD__PUBLISH_TO", "archive"),
        ("TRUSTED_PROXIES", "proxy.example"),
        ("TRUSTED_PROXIES", "10.0.0.1, 300.0.0.1"),
        ("TRUSTED_PROXIES", "0.0.0.0/0"),
        ("TRUSTED_PROXIES", "*"),
    ],
)
def test_every_other_address_that_will_not_do_stops_the_start_and_is_named(given, name, written):
    with pytest.raises(SettingsError, match="^HUMPHREY_" + name.partition("__")[0]) as told:
        given(**{name: written, "OIDC__CLIENT_ID": "humphrey"})

    assert "secret" not in str(told.value)


def test_the_proxies_to_believe_are_addresses_and_blocks_of_them(given):
    taken = given(TRUSTED_PROXIES="10.0.0.5, 172.16.0.0/12,2001:db8::/32").trusted_proxies

    assert [str(each) for each in taken] == ["10.0.0.5/32", "172.16.0.0/12", "2001:db8::/32"]
    assert given(TRUSTED_PROXIES="").trusted_proxies == ()
