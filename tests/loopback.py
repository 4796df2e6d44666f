"""A real HTTP server on loopback whose every answer a test decides."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any


@dataclass
class Reply:
    """What a path answers; `raw` replaces everything after the status line's making."""

    body: bytes = b""
    status: int = 200
    headers: dict[str, str] = field(default_factory=dict)
    length: int | None = None
    """A Content-Length that lies."""


Handler = Callable[["BaseHTTPRequestHandler"], Reply] | Reply


@dataclass
class Server:
    """The running server: its address, and every request it saw."""

    base_url: str
    paths: dict[str, Handler]
    seen: list[tuple[str, dict[str, str]]] = field(default_factory=list)

    def asked(self, path: str) -> int:
        """How often a path was asked for."""
        return sum(1 for one, _ in self.seen if one == path)


@contextmanager
def serve(paths: Mapping[str, Handler]) -> Iterator[Server]:
    """Serve `paths` (with query); everything else, robots.txt included, is 404."""

    class _Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_GET(self) -> None:
            server.seen.append((self.path, dict(self.headers.items())))
            known = server.paths.get(self.path, Reply(b"nothing here", 404))
            reply = known(self) if callable(known) else known
            self.send_response(reply.status)
            reply.headers.setdefault("Content-Type", "text/html; charset=utf-8")
            for name, value in reply.headers.items():
                self.send_header(name, value)
            size = len(reply.body) if reply.length is None else reply.length
            if reply.status != 304:
                self.send_header("Content-Length", str(size))
            self.end_headers()
            with suppress(ConnectionError):  # a crawler may hang up on what is too large
                self.wfile.write(reply.body)
            if reply.length is not None:
                self.close_connection = True

        do_POST = do_GET  # noqa: N815 - http.server's name

        def log_message(self, *args: Any) -> None:
            """Stay quiet."""

    http = ThreadingHTTPServer(("127.0.0.1", 0), _Handler)
    http.daemon_threads = True
    server = Server(f"http://127.0.0.1:{http.server_port}", dict(paths))
    thread = threading.Thread(target=http.serve_forever, kwargs={"poll_interval": 0.05})
    thread.start()
    try:
        yield server
    finally:
        http.shutdown()
        http.server_close()
        thread.join()
