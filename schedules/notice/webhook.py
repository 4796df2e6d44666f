"""Sending to a webhook: signed, to public addresses only, following nothing."""

from __future__ import annotations

import hashlib
import hmac
import http.client
import json
import socket
import ssl
from collections.abc import Collection
from datetime import datetime
from urllib.parse import urlsplit

from crawlers.guard import is_public
from schedules.notice.letter import Letter
from schedules.notice.mail import PostError

_SECONDS = 15
SIGNATURE, NOTICE = "Netzlotse-Signature", "Netzlotse-Notice"


def send_webhook(
    url: str, secret: str, letter: Letter, now: datetime, allowed: Collection[str] = ()
) -> None:
    """POST a letter's data as JSON. Raises PostError.

    The address is judged by what its name resolves to at that moment, and that is connected to; a
    private one is refused unless its host is among `allowed`. `Netzlotse-Signature` is
    "t=SECONDS,v1=HEX": HMAC-SHA256 of "SECONDS.BODY" under the secret. A redirect is an error.
    """
    parts = urlsplit(url)
    body = json.dumps(letter.data, ensure_ascii=False).encode()
    headers = {
        "Content-Type": "application/json",
        "User-Agent": "netzlotse",
        NOTICE: letter.id,
        SIGNATURE: signature(secret, body, now),
    }
    path = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
    host = parts.hostname or ""
    port = parts.port or (443 if parts.scheme == "https" else 80)
    try:
        connection = _connection(parts.scheme, host, port, _checked(host, port, allowed))
        try:
            connection.request("POST", path, body, headers)
            status = connection.getresponse().status
        finally:
            connection.close()
    except (OSError, http.client.HTTPException) as error:
        raise PostError(f"{host}: {error}") from error
    if not 200 <= status < 300:
        raise PostError(f"{host}: answered {status}", lasting=status == 410)


def signature(secret: str, body: bytes, now: datetime) -> str:
    """What proves that a body is ours, and from when it is."""
    at = int(now.timestamp())
    proof = hmac.new(secret.encode(), f"{at}.".encode() + body, hashlib.sha256).hexdigest()
    return f"t={at},v1={proof}"


def _checked(host: str, port: int, allowed: Collection[str]) -> str:
    """The address to connect to. Raises PostError where any of a name's addresses is private."""
    try:
        found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    except OSError as error:
        raise PostError(f"{host}: does not resolve") from error
    addresses = [str(info[4][0]) for info in found]
    if host.lower() not in allowed and not all(is_public(one) for one in addresses):
        raise PostError(
            f"{host}: is a private address; name it in NETZLOTSE_ALLOWED_PRIVATE_HOSTS if it is "
            "yours",
            lasting=True,
        )
    return addresses[0]


def _connection(scheme: str, host: str, port: int, address: str) -> http.client.HTTPConnection:
    """A connection to exactly this address, whatever the name resolves to meanwhile."""
    raw = socket.create_connection((address, port), timeout=_SECONDS)
    if scheme == "https":
        raw = ssl.create_default_context().wrap_socket(raw, server_hostname=host)
    connection = http.client.HTTPConnection(host, port, timeout=_SECONDS)
    connection.sock = raw
    return connection
