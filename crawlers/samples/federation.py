"""All sample sites at once, each with a server of its own, changeable while they run."""

from __future__ import annotations

import json
import re
import threading
import time
from contextlib import ExitStack
from email.utils import parsedate_to_datetime
from enum import Enum, auto
from http import HTTPStatus
from pathlib import Path
from types import TracebackType
from typing import Any, Self

import yaml

from crawlers.samples.route import Reply, answer, load_config
from crawlers.samples.server import Answer, SiteServer, http_date

SITES = Path(__file__).parent / "sites"

_FEED_ITEM = re.compile(rb"<(item|url|entry)\b.{0,50000}?</\1>", re.DOTALL)
_NOWHERE = "/\0"  # a path that no site has
_UNAVAILABLE = b"<!DOCTYPE html><title>503</title><h1>Service Unavailable</h1>"
_EVENT = re.compile(rb"BEGIN:VEVENT.{0,50000}?END:VEVENT\r?\n", re.DOTALL)


def site_ids() -> list[str]:
    """The ids of all sample sites, sorted."""
    return sorted(path.parent.name for path in SITES.glob("*/source.yml"))


def declaration(site: str, base_url: str) -> str:
    """The text of a site's declaration with its real address in it."""
    return (SITES / site / "source.yml").read_text("utf-8").replace("{site}", base_url)


def truth(site: str) -> list[dict[str, Any]]:
    """What a person reads on a site, one entry a listing (see `crawlers.samples`)."""
    lines = (SITES / site / "truth.jsonl").read_text("utf-8").splitlines()
    return [json.loads(line) for line in lines]


def network(site: str) -> dict[str, Any] | None:
    """The facts that a site states of its network; None for a site without one."""
    file = SITES / site / "network.json"
    if not file.is_file():
        return None
    facts: dict[str, Any] = json.loads(file.read_text("utf-8"))
    return facts


class _Mode(Enum):
    AS_WRITTEN = auto()
    EMPTY = auto()
    DOWN = auto()


class Site:
    """One running sample site. Changes show from the next request on."""

    def __init__(self, site: str, port: int = 0) -> None:
        self.id = site
        self.folder = SITES / site
        self._config = load_config(self.folder)
        self._lock = threading.Lock()
        self._changed: dict[str, bytes | None] = {}
        self._mode = _Mode.AS_WRITTEN
        self._changed_at = self._config.modified
        self._server = SiteServer(self._respond, port)

    @property
    def base_url(self) -> str:
        """Scheme, host and port, without trailing slash."""
        return self._server.base_url

    @property
    def log(self) -> list[tuple[str, int]]:
        """(path with query, status) of every request answered so far."""
        return self._server.log

    def replace(self, path: str, body: bytes | str) -> None:
        """Let `path` (with query, if it has one) answer 200 with `body`."""
        raw = body.encode() if isinstance(body, str) else body
        self._change(path, raw)

    def remove(self, path: str) -> None:
        """Let `path` answer 404."""
        self._change(path, None)

    def empty(self) -> None:
        """Let every page answer 200 with the site's frame and nothing in it."""
        self._switch(_Mode.EMPTY)

    def down(self) -> None:
        """Let every path answer 503."""
        self._switch(_Mode.DOWN)

    def restore(self) -> None:
        """Undo all changes."""
        with self._lock:
            self._changed = {}
            self._mode = _Mode.AS_WRITTEN
            self._changed_at = self._config.modified

    def close(self) -> None:
        """Stop the server."""
        self._server.close()

    def _change(self, path: str, body: bytes | None) -> None:
        with self._lock:
            self._changed = self._changed | {path: body}
            self._changed_at = _later(self._changed_at)

    def _switch(self, mode: _Mode) -> None:
        with self._lock:
            self._mode = mode
            self._changed_at = _later(self._changed_at)

    def _respond(self, target: str) -> Answer:
        with self._lock:
            mode, changed, changed_at = self._mode, self._changed, self._changed_at
        if mode is _Mode.DOWN:
            return Answer(Reply(503, _UNAVAILABLE, {"Content-Type": "text/html"}), changed_at)
        reply = answer(self.folder, self._config, target)
        if target in changed:
            body = changed[target]
            if body is None:
                return Answer(answer(self.folder, self._config, _NOWHERE), changed_at)
            kind = reply.headers if reply.status == HTTPStatus.OK else {"Content-Type": "text/html"}
            return Answer(Reply(200, body, kind), changed_at)
        emptied = mode is _Mode.EMPTY and reply.status == HTTPStatus.OK
        if emptied and target.partition("?")[0] != "/robots.txt":
            return Answer(self._emptied(reply), changed_at)
        return Answer(reply, self._config.modified)

    def _emptied(self, reply: Reply) -> Reply:
        kind = reply.headers.get("Content-Type", "")
        if kind.startswith("text/html"):
            return Reply(200, (self.folder / "empty.html").read_bytes(), reply.headers)
        if "X-WP-Total" in reply.headers:
            headers = {"Content-Type": kind, "X-WP-Total": "0", "X-WP-TotalPages": "0"}
            return Reply(200, b"[]", headers)
        body = _EVENT.sub(b"", _FEED_ITEM.sub(b"", reply.body))
        return Reply(200, body, reply.headers)


class Federation:
    """All sample sites, served on loopback while the context is open.

    `first_port` 0 takes any free ports; otherwise the sites take consecutive ports from it, in the
    order of their ids. Entering raises an OSError that names the port when one is taken.
    """

    def __init__(self, first_port: int = 0) -> None:
        self._first_port = first_port
        self._open = ExitStack()
        self.sites: dict[str, Site] = {}

    def __enter__(self) -> Self:
        with ExitStack() as stack:
            for offset, site in enumerate(site_ids()):
                port = self._first_port + offset if self._first_port else 0
                self.sites[site] = Site(site, port)
                stack.callback(self.sites[site].close)
            self._open = stack.pop_all()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._open.close()
        self.sites.clear()

    def write_sources(self, folder: Path) -> None:
        """Write the declarations, with real addresses, to `<folder>/<land>/<id>.yml`.

        `<land>` is the first two digits of the declared region.
        """
        for site in self.sites.values():
            text = declaration(site.id, site.base_url)
            land = str(yaml.safe_load(text)["region"])[:2]
            file = folder / land / f"{site.id}.yml"
            file.parent.mkdir(parents=True, exist_ok=True)
            file.write_text(text, "utf-8")

    def truth(self, site: str) -> list[dict[str, Any]]:
        """What a person reads on a site, one entry a listing."""
        return truth(site)

    def network(self, site: str) -> dict[str, Any] | None:
        """The facts that a site states of its network; None for a site without one."""
        return network(site)


def _later(modified: str) -> str:
    """An HTTP date after `modified`: now, or a second later where that is not enough."""
    return http_date(max(time.time(), parsedate_to_datetime(modified).timestamp() + 1))
