"""Sites of others, on an origin of their own: pages as files, each sent with its policy."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

PAGES = Path(__file__).with_name("pages")


class Site:
    """A site; `pages` may be filled while it is served."""

    def __init__(self) -> None:
        self.pages: dict[str, tuple[dict[str, str], bytes]] = {}
        self.origin = ""
        self.heard: list[str] = []
        """The If-None-Match of every request that had one."""

    def put(self, path: str, html: str, policy: str = "", **headers: str) -> str:
        """Publish a page; its address."""
        sent = {"Content-Type": "text/html; charset=utf-8", **headers}
        if policy:
            sent["Content-Security-Policy"] = " ".join(policy.split())
        self.pages[path] = sent, html.encode()
        return self.origin + path


@contextmanager
def serve(site: Site) -> Iterator[Site]:
    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            if known := self.headers.get("If-None-Match"):
                site.heard.append(known)
            headers, body = site.pages.get(self.path.partition("?")[0], ({}, b""))
            self.send_response(200 if headers else 404)
            for name, value in headers.items():
                self.send_header(name, value)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_: object) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    site.origin = f"http://localhost:{server.server_port}"
    try:
        yield site
    finally:
        server.shutdown()
        server.server_close()
