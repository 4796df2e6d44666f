"""Messages over real SMTP and HTTP on loopback: each once, whatever dies in between."""

from __future__ import annotations

import hashlib
import hmac
import json
import socket
import ssl
import subprocess
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from email.message import EmailMessage
from http.server import BaseHTTPRequestHandler
from pathlib import Path
from typing import Any

import pytest
from aiosmtpd.controller import Controller
from sqlalchemy import Engine
from sqlmodel import Session, select

from aggregator.quality import quality
from aggregator.settings import Settings, SettingsError, load_settings
from aggregator.store.tables import (
    ListingRow,
    NoticeRow,
    NoticeState,
    OfferRow,
    RunRow,
    SourceRow,
    Turn,
    TurnRow,
    Verdict,
)
from schedules.notice import post
from schedules.notice.letter import Letter
from schedules.notice.mail import PostError, send_mail
from schedules.notice.outbox import SETTLING
from schedules.notice.post import deliver
from schedules.notice.webhook import send_webhook
from tests.loopback import Reply, Server, serve

NOW = datetime(2026, 12, 1, 9, tzinfo=UTC)
SECRET = "a-secret-of-the-webhook"
LETTER = Letter("0b1c", "Betreff", "Grüße", {"id": "0b1c"})


class Postbox:
    """What an SMTP server was given; `refuse` is what it answers instead of taking it."""

    def __init__(self) -> None:
        self.got: list[Any] = []
        self.refuse = ""

    async def handle_DATA(  # noqa: N802 - aiosmtpd's name
        self, _server: object, _session: object, envelope: Any
    ) -> str:
        if self.refuse:
            return self.refuse
        self.got.append(envelope)
        return "250 OK"


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


@pytest.fixture
def postbox() -> Iterator[tuple[Postbox, str]]:
    box = Postbox()
    port = free_port()
    controller = Controller(box, hostname="127.0.0.1", port=port)
    controller.start()
    yield box, f"smtp://127.0.0.1:{port}"
    controller.stop()


@pytest.fixture
def hook() -> Iterator[Server]:
    with serve({}) as server:
        yield server


def settings(server: str, **more: object) -> Settings:
    values = {"mail_server": server, "mail_to": "office@example.org", **more}
    return Settings.model_validate(values)


@pytest.fixture
def source(engine: Engine) -> Engine:
    """A record of one source that had a good run."""
    declared = {"contact": "redaktion@netz.example", "start": ["https://netz.example/"]}
    with Session(engine) as session, session.begin():
        session.add(SourceRow(id="netz", title="Netz", region="11", declared=declared,
                              last_run_id="netz.1", last_accepted_run_id="netz.1",
                              last_accepted_at=NOW - timedelta(days=2)))  # fmt: skip
        session.flush()
        at = NOW - timedelta(days=2)
        session.add(RunRow(
            id="netz.1", source_id="netz", started_at=at, finished_at=at, verdict=Verdict.ACCEPTED,
            failures=[{"url": "https://netz.example/alt", "failure": "gone", "reason": "404"},
                      {"url": "https://netz.example/zu", "failure": "robots", "reason": ""}],
            doubts=[{"code": "hours_not_understood", "quote": "manchmal", "title": "Treff",
                     "page_url": "https://netz.example/treff", "listing_id": "l1"}],
        ))  # fmt: skip
    return engine


def turn(engine: Engine, turned: Turn, at: datetime) -> None:
    with Session(engine) as session, session.begin():
        session.add(
            TurnRow(
                source_id="netz",
                run_id="netz.2",
                at=at,
                turn=turned,
                failure="site_changed",
                message="Nichts erkannt. Seite ansehen.",
            )
        )


def subjects(box: Postbox) -> list[str]:
    return [str(message(one)["Subject"]) for one in box.got]


def message(envelope: Any) -> EmailMessage:
    from email import message_from_bytes, policy  # noqa: PLC0415

    return message_from_bytes(envelope.content, policy=policy.default)  # type: ignore[return-value]


def states(engine: Engine) -> list[str]:
    with Session(engine) as session:
        return [row.state for row in session.exec(select(NoticeRow).order_by(NoticeRow.about))]  # type: ignore[arg-type]


def test_a_break_and_a_recovery_are_told_once_each(
    source: Engine, postbox: tuple[Postbox, str]
) -> None:
    box, server = postbox
    turn(source, Turn.BROKEN, NOW)
    assert deliver(source, settings(server), NOW) == 0  # it may recover by itself
    later = NOW + SETTLING
    assert deliver(source, settings(server), later) == 1
    for hours in range(5):
        assert deliver(source, settings(server), later + timedelta(hours=hours)) == 0
    turn(source, Turn.RECOVERED, later + timedelta(hours=9))
    assert deliver(source, settings(server), later + timedelta(hours=9)) == 1
    assert deliver(source, settings(server), later + timedelta(hours=10)) == 0
    assert subjects(box) == ["Gestört: Netz", "Wieder in Ordnung: Netz"]
    told = message(box.got[0])
    assert "Nichts erkannt. Seite ansehen." in told.get_content()
    assert "/quelle/netz" in told.get_content()
    assert told["Auto-Submitted"] == "auto-generated"


def test_what_recovers_at_once_or_is_long_past_is_nobodys_business(
    source: Engine, postbox: tuple[Postbox, str]
) -> None:
    box, server = postbox
    turn(source, Turn.BROKEN, NOW - timedelta(days=30))
    turn(source, Turn.RECOVERED, NOW - timedelta(days=2))
    turn(source, Turn.BROKEN, NOW - timedelta(minutes=5))
    turn(source, Turn.RECOVERED, NOW)
    assert deliver(source, settings(server), NOW + timedelta(hours=1)) == 0
    assert box.got == []
    assert set(states(source)) == {NoticeState.DROPPED}


def test_a_server_that_is_away_is_tried_again_and_gets_it_once(
    source: Engine, postbox: tuple[Postbox, str]
) -> None:
    box, server = postbox
    turn(source, Turn.BROKEN, NOW - timedelta(hours=1))
    box.refuse = "451 try later"
    assert deliver(source, settings(server), NOW) == 0
    box.refuse = ""
    assert deliver(source, settings(server), NOW + timedelta(seconds=30)) == 0  # not at once
    assert deliver(source, settings(server), NOW + timedelta(minutes=3)) == 1
    assert len(box.got) == 1


@pytest.mark.parametrize("after", [False, True])
def test_who_dies_while_sending_leaves_it_to_be_sent_again_as_the_same(
    source: Engine, postbox: tuple[Postbox, str], monkeypatch: pytest.MonkeyPatch, after: bool
) -> None:
    """Killed before the server took it, or after, before that was noted."""
    box, server = postbox
    turn(source, Turn.BROKEN, NOW - timedelta(hours=1))

    def dying(*arguments: Any) -> None:
        if after:
            send_mail(*arguments)
        raise SystemExit(9)

    monkeypatch.setattr(post, "send_mail", dying)
    with pytest.raises(SystemExit):
        deliver(source, settings(server), NOW)
    assert states(source) == [NoticeState.SENDING]
    monkeypatch.undo()
    assert deliver(source, settings(server), NOW + timedelta(minutes=1)) == 0  # maybe it lives
    assert deliver(source, settings(server), NOW + timedelta(minutes=11)) == 1
    assert deliver(source, settings(server), NOW + timedelta(hours=3)) == 0
    assert len(box.got) == 1 + after
    assert len({message(one)["Message-ID"] for one in box.got}) == 1


def test_a_webhook_is_signed_and_told_the_same(source: Engine, hook: Server) -> None:
    bodies: list[bytes] = []

    def take(request: BaseHTTPRequestHandler) -> Reply:
        bodies.append(request.rfile.read(int(request.headers["Content-Length"])))
        return Reply(b"", 204)

    hook.paths["/hook?a=1"] = take
    turn(source, Turn.BROKEN, NOW - timedelta(hours=1))
    chosen = Settings.model_validate(
        {"webhook_url": f"{hook.base_url}/hook?a=1", "webhook_secret": SECRET,
         "allowed_private_hosts": "127.0.0.1"}
    )  # fmt: skip
    assert deliver(source, chosen, NOW) == 1
    (_, headers), (body,) = hook.seen[0], bodies
    told = json.loads(body)
    assert (told["event"], told["source"], told["failure"]) == (
        "source.broken", "netz", "site_changed",
    )  # fmt: skip
    assert headers["Netzlotse-Notice"] == told["id"]
    at, proof = (part.partition("=")[2] for part in headers["Netzlotse-Signature"].split(","))
    assert int(at) == int(NOW.timestamp())
    expected = hmac.new(SECRET.encode(), f"{at}.".encode() + body, hashlib.sha256).hexdigest()
    assert proof == expected


@pytest.mark.parametrize("host", ["127.0.0.1", "localhost", "10.0.0.1", "169.254.169.254", "[::1]"])
def test_a_webhook_never_knocks_at_private_doors(host: str) -> None:
    with pytest.raises(PostError, match="private address") as caught:
        send_webhook(f"http://{host}:9/", SECRET, LETTER, NOW)
    assert caught.value.lasting


@pytest.mark.parametrize(("status", "lasting"), [(302, False), (500, False), (410, True)])
def test_a_webhook_that_does_not_take_it_is_an_error(
    hook: Server, status: int, lasting: bool
) -> None:
    hook.paths["/"] = lambda _request: Reply(b"", status, {"Location": f"{hook.base_url}/other"})
    with pytest.raises(PostError, match=str(status)) as caught:
        send_webhook(f"{hook.base_url}/", SECRET, LETTER, NOW, ["127.0.0.1"])
    assert caught.value.lasting is lasting
    assert hook.asked("/other") == 0


def test_nothing_is_sent_in_the_clear_to_another_machine(
    postbox: tuple[Postbox, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    box, server = postbox
    monkeypatch.setattr("schedules.notice.mail._is_here", lambda _host: False)
    with pytest.raises(PostError, match="STARTTLS"):
        send_mail(server, "a@b.example", "c@d.example", LETTER, NOW)
    assert box.got == []


def test_starttls_checks_the_certificate_and_then_sends(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    key, cert = tmp_path / "key.pem", tmp_path / "cert.pem"
    subprocess.run(
        ["openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2", "-subj",
         "/CN=127.0.0.1", "-addext", "subjectAltName=IP:127.0.0.1", "-keyout", str(key),
         "-out", str(cert)], check=True, capture_output=True,
    )  # fmt: skip
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(cert, key)
    box = Postbox()
    port = free_port()
    controller = Controller(box, hostname="127.0.0.1", port=port, tls_context=context)
    controller.start()
    try:
        with pytest.raises(PostError, match="certificate"):
            send_mail(f"smtp://127.0.0.1:{port}", "a@b.example", "c@d.example", LETTER, NOW)
        trusted = ssl.create_default_context(cafile=str(cert))
        monkeypatch.setattr(ssl, "create_default_context", lambda: trusted)
        send_mail(f"smtp://127.0.0.1:{port}", "a@b.example", "c@d.example", LETTER, NOW)
    finally:
        controller.stop()
    assert message(box.got[0]).get_content().strip() == "Grüße"


def add_listing(engine: Engine, name: str, **values: object) -> None:
    flat = {"title": name, "phones": [], "emails": [], "formats": ["group"], **values}
    with Session(engine) as session, session.begin():
        session.add(OfferRow(id=name, created_at=NOW, changed_at=NOW))
        session.flush()
        session.add(ListingRow(id=name, source_id="netz", key=name, offer_id=name, flat=flat,
                               page_url=f"https://netz.example/{name}", first_seen=NOW,
                               last_seen=NOW))  # fmt: skip


def test_the_owner_of_a_source_is_told_monthly_what_to_put_right(
    source: Engine, postbox: tuple[Postbox, str]
) -> None:
    box, server = postbox
    add_listing(source, "ohne")
    add_listing(source, "alt", hours_text="Di 10 Uhr", phones=["+49301"], valid_until="2026-10-01")
    add_listing(source, "gut", hours_text="Di 10 Uhr", phones=["+49301"])
    chosen = settings(server, owner_reports=True, public_url="https://lotse.example/")
    with Session(source) as session:
        report = quality(session, "netz", NOW.date())
    assert report is not None
    assert {part.code: part.total for part in report.parts} == {
        "dead_links": 1, "missing_hours": 1, "missing_contact": 1, "stale_dates": 1,
        "not_understood": 1,
    }  # fmt: skip
    assert deliver(source, chosen, NOW) == 1
    assert deliver(source, chosen, NOW + timedelta(days=20)) == 0
    assert deliver(source, chosen, datetime(2027, 1, 1, 8, tzinfo=UTC)) == 1
    assert [one.rcpt_tos for one in box.got] == [["redaktion@netz.example"]] * 2
    text = message(box.got[0]).get_content()
    for line in ("https://netz.example/alt", "war bis 01.10.2026", "„manchmal“",
                 "https://lotse.example/quelle/netz/bericht"):  # fmt: skip
        assert line in text
    assert "/gut" not in text


def test_owners_are_told_nothing_unless_the_operator_wants_it(
    source: Engine, postbox: tuple[Postbox, str]
) -> None:
    box, server = postbox
    assert deliver(source, settings(server), NOW) == 0
    assert box.got == []


@pytest.mark.parametrize(
    ("name", "value", "said"),
    [
        ("MAIL_TO", "nobody", "no mail address"),
        ("MAIL_SERVER", "mail.example", "smtp://"),
        ("WEBHOOK_URL", "ftp://x", "http"),
        ("WEBHOOK_URL", "https://hook.example/x", "WEBHOOK_SECRET"),
    ],
)
def test_settings_that_cannot_work_are_told(
    monkeypatch: pytest.MonkeyPatch, name: str, value: str, said: str
) -> None:
    monkeypatch.setenv(f"NETZLOTSE_{name}", value)
    with pytest.raises(SettingsError, match=said):
        load_settings()
