"""No form of writing a secret into a URL brings it into an output."""

from __future__ import annotations

import subprocess
import sys

import pytest

from aggregator.concealing import concealed
from aggregator.settings import SettingsError, load_settings

URLS = [
    "postgresql://netz:geheim@db.example/netz",
    "postgresql+psycopg://netz:geheim@[::1]:5432/netz",
    "postgresql://netz:geheim%40x%2Fgeheim@db.example/netz",
    "postgresql://netz@db.example/netz?password=geheim",
    "postgresql:///netz?host=db.example&user=netz&PASSWORD=geheim&connect_timeout=3",
    "postgresql://db.example/netz?sslmode=require&sslpassword=geheim",
    "postgresql://db.example/netz?oauth_client_secret=geheim;scram_client_key=geheim",
    "postgresql://netz:@db.example/netz?passwort=geheim",
    "postgresql://netz:geheim:geheim@db.example/netz",
    "postgresql://netz:geh/geheim@db.example/netz",
    "postgresql://netz:wahr@geheim@db.example/netz",
    "postgresql://netz:?geheim#geheim@db.example/netz",
    "postgresql://netz:geheim\ngeheim@db.example/netz",
    "postgresql://:geheim@db.example/netz",
    "s3://schluessel:geheim@eimer/ordner",
    "https://eimer.example/a?X-Amz-Security-Token=geheim&X-Amz-Signature=geheim",
    "smtp://post%40netz.example:geheim@mail.example:587",
]


@pytest.mark.parametrize("url", URLS)
def test_what_is_secret_in_a_url_is_hidden_and_the_rest_is_shown(url: str) -> None:
    for written in (url, repr(url)):
        shown = concealed(written)
        assert "geheim" not in shown
        assert "wahr" not in shown
        assert any(host in shown for host in ("db.example", "[::1]", "eimer", "mail.example"))


@pytest.mark.parametrize(
    "url",
    [
        "sqlite:////srv/netzlotse/data.db",
        "postgresql://netz@db.example:5432/netz?sslmode=require&application_name=a",
        "https://portal.example/kontakt@netz",
        "",
    ],
)
def test_what_holds_no_secret_stays_as_it_is(url: str) -> None:
    assert concealed(url) == url


def test_the_client_of_s3_tells_no_token_however_much_is_logged() -> None:
    """It logs the headers of its requests, the session's token among them, where DEBUG is set."""
    code = (
        "import logging; from aggregator import logs; logs.begin('DEBUG', 'text'); "
        "names = ('botocore.auth', 'botocore.endpoint', 'botocore.parsers'); "
        "print([logging.getLogger(name).isEnabledFor(logging.DEBUG) for name in names])"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[False, False, False]"


@pytest.mark.parametrize(
    ("setting", "value"),
    [
        ("DATABASE_URL", "postgresql://netz:geheim@geheim@db.example/netz"),
        ("DATABASE_URL", "postgresql://netz:5:geheim/x@db.example:fünf/netz"),
        ("DATABASE_URL", "mysql://netz@db.example/netz?password=geheim"),
        ("READ_DATABASE_URL", "postgresql://netz:geheim@geheim@db.example/netz"),
        ("READ_DATABASE_URL", "sqlite://netz:geheim@db.example/netz"),
        ("STORE", "s3://schluessel:geheim@eimer/ordner"),
        ("MAIL_SERVER", "smtp://post:geheim/x@mail.example:587"),
        ("MAIL_SERVER", "smtp://post:5:geheim@mail.example:geheim"),
        ("WEBHOOK_URL", "ftp://haken:geheim@haken.example/"),
    ],
)
def test_a_setting_that_cannot_be_used_is_named_without_what_is_secret(
    monkeypatch: pytest.MonkeyPatch, setting: str, value: str
) -> None:
    monkeypatch.setenv(f"NETZLOTSE_{setting}", value)
    with pytest.raises(SettingsError) as caught:
        load_settings()
    said = str(caught.value)
    assert said.startswith(f"NETZLOTSE_{setting}: ")
    assert "geheim" not in said
    assert "heim@" not in said
