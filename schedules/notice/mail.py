"""Sending by mail: encrypted wherever the server is another machine."""

from __future__ import annotations

import smtplib
import ssl
from datetime import datetime
from email.message import EmailMessage
from email.utils import format_datetime
from ipaddress import ip_address
from urllib.parse import unquote, urlsplit

from email_validator import EmailNotValidError, validate_email

from schedules.notice.letter import Letter

_SECONDS = 30
_PORTS = {"smtp": 587, "smtps": 465}


class PostError(Exception):
    """A message was not taken. `lasting` tells that trying again would not help."""

    def __init__(self, message: str, *, lasting: bool = False) -> None:
        super().__init__(message)
        self.lasting = lasting


def is_address(text: str) -> bool:
    """Whether a text is one mail address."""
    try:
        validate_email(text, check_deliverability=False, test_environment=True)
    except EmailNotValidError:
        return False
    return True


def send_mail(server: str, sender: str, to: str, letter: Letter, now: datetime) -> None:
    """Hand a letter to a server (`smtp://user:password@host:port`, `smtps://…`).

    smtp turns to TLS (STARTTLS) before anything is said; only a server on this machine may lack it.
    The Message-ID is the letter's: sent twice after a crash, it is still one message. Raises
    PostError.
    """
    parts = urlsplit(server)
    host, port = parts.hostname or "localhost", parts.port or _PORTS[parts.scheme]
    message = compose(sender, to, letter, now)
    context = ssl.create_default_context()
    try:
        if parts.scheme == "smtps":
            connection: smtplib.SMTP = smtplib.SMTP_SSL(
                host, port, timeout=_SECONDS, context=context
            )
        else:
            connection = smtplib.SMTP(host, port, timeout=_SECONDS)
        with connection:
            connection.ehlo()
            if parts.scheme == "smtp" and connection.has_extn("starttls"):
                connection.starttls(context=context)
                connection.ehlo()
            elif parts.scheme == "smtp" and not _is_here(host):
                raise PostError(f"{host}: offers no STARTTLS; nothing is sent in the clear")
            if parts.username:
                connection.login(unquote(parts.username), unquote(parts.password or ""))
            connection.send_message(message)
    except smtplib.SMTPRecipientsRefused as error:
        codes = {code for code, _ in error.recipients.values()}
        raise PostError(f"{host}: refuses {to}", lasting=min(codes) >= 500) from error
    except (smtplib.SMTPException, OSError) as error:
        raise PostError(f"{host}: {error}") from error


def compose(sender: str, to: str, letter: Letter, now: datetime) -> EmailMessage:
    """A letter as a mail that no auto-responder answers (RFC 3834)."""
    message = EmailMessage()
    message["From"], message["To"], message["Subject"] = sender, to, letter.subject
    message["Date"] = format_datetime(now)
    message["Message-ID"] = f"<{letter.id}@{sender.rpartition('@')[2].rstrip('>')}>"
    message["Auto-Submitted"] = "auto-generated"
    message["Content-Language"] = "de"
    message.set_content(letter.text)
    return message


def _is_here(host: str) -> bool:
    if host == "localhost":
        return True
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return False
