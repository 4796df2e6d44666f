"""A small real HTTP server for one sample site: keep-alive, validators, gzip."""

from __future__ import annotations

import gzip
import hashlib
import threading
from collections.abc import Callable
from dataclasses import dataclass
from email.utils import formatdate, parsedate_to_datetime
from http import HTTPStatus
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import ClassVar

from crawlers.samples.route import Reply

_WORTH_ZIPPING = 500  # bytes
_ZIPPED = ("text/", "application/json", "application/xml", "application/rss+xml")


@dataclass(frozen=True, slots=True)
class Answer:
    """A reply and when its content last changed (an HTTP date)."""

    reply: Reply
    modified: str


class SiteServer:
    """Serves what `respond(target)` says on loopback, in threads of its own, until `close`.

    Every answered request is appended to `log` as (target, status). Port 0 takes any free one.
    Raises OSError whose message names the port when it is taken.
    """

    def __init__(self, respond: Callable[[str], Answer], port: int = 0) -> None:
        self.log: list[tuple[str, int]] = []
        try:
            self._httpd = _Server(("127.0.0.1", port), _Handler)
        except OSError as error:
            reason = f"port {port} cannot be used: {error.strerror or error}"
            raise OSError(error.errno, reason) from error
        self._httpd.respond = respond
        self._httpd.log = self.log
        self._thread = threading.Thread(
            target=self._httpd.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True
        )
        self._thread.start()

    @property
    def base_url(self) -> str:
        """Scheme, host and port, without trailing slash."""
        return self._httpd.base_url

    def close(self) -> None:
        """Stop answering and free the port."""
        self._httpd.shutdown()
        self._httpd.server_close()
        self._thread.join()


class _Server(ThreadingHTTPServer):
    daemon_threads = True
    block_on_close = False
    request_queue_size = 64
    respond: Callable[[str], Answer]
    log: list[tuple[str, int]]

    @property
    def base_url(self) -> str:
        return f"http://127.0.0.1:{self.server_port}"

    def handle_error(self, request: object, client_address: object) -> None:
        """Ignore clients that hang up."""


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    server_version = "Apache"
    sys_version = ""
    timeout: ClassVar[float] = 30  # seconds that an idle connection is kept
    disable_nagle_algorithm = True
    wbufsize = -1  # one segment for head and body
    server: _Server

    def do_GET(self) -> None:
        self._send()

    def do_HEAD(self) -> None:
        self._send()

    def _send(self) -> None:
        answer = self.server.respond(self.path)
        reply, site = answer.reply, self.server.base_url
        body = reply.body.replace(b"{site}", site.encode())
        headers = {name: value.replace("{site}", site) for name, value in reply.headers.items()}
        status = reply.status
        if status == HTTPStatus.OK:
            tag = f'"{hashlib.sha256(body).hexdigest()[:20]}"'
            zipped = (
                "gzip" in self.headers.get("Accept-Encoding", "")
                and len(body) > _WORTH_ZIPPING
                and headers.get("Content-Type", "").startswith(_ZIPPED)
            )
            if zipped:
                # Weak, as two encodings share it (RFC 9110, 8.8.3.3).
                tag = f"W/{tag}"
                headers["Content-Encoding"] = "gzip"
            headers |= {"ETag": tag, "Last-Modified": answer.modified, "Vary": "Accept-Encoding"}
            if self._unchanged(tag, answer.modified):
                status, body = HTTPStatus.NOT_MODIFIED, b""
                headers.pop("Content-Encoding", None)
            elif zipped:
                body = gzip.compress(body, 5, mtime=0)
        self.server.log.append((self.path, int(status)))
        self.send_response(status)
        for name, value in headers.items():
            self.send_header(name, value)
        if status != HTTPStatus.NOT_MODIFIED:
            self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(body)
        self.wfile.flush()

    def _unchanged(self, tag: str, modified: str) -> bool:
        """RFC 9110, 13.2.2: If-None-Match decides alone where it is present."""
        if known := self.headers.get("If-None-Match"):
            tags = {part.strip().removeprefix("W/") for part in known.split(",")}
            return "*" in tags or tag.removeprefix("W/") in tags
        since = self.headers.get("If-Modified-Since", "")
        try:
            return parsedate_to_datetime(modified) <= parsedate_to_datetime(since)
        except (TypeError, ValueError):
            return False

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - the base class's name
        """Keep standard error quiet; `log` tells."""


def http_date(seconds: float) -> str:
    """Seconds since the epoch as an HTTP date (RFC 9110, 5.6.7)."""
    return formatdate(seconds, usegmt=True)
