"""Answers that are kept: who asks the same again gets the same bytes while nothing has changed.

A layer of its own, outside of routing and compression: a kept answer costs neither.
"""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import MutableMapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from starlette.types import ASGIApp, Message, Receive, Scope, Send

from aggregator.harvest import BERLIN
from aggregator.index.directory import LiveSearcher
from api.caching import matches
from api.negotiation import acceptable

State = tuple[int, tuple[str, int, int], date]
"""Last change in the index, its commit, day: an answer is as new as these."""

_PATHS = frozenset({"/api/v1/offers", "/api/v1/suggest"})
_MOST_BYTES = 64 * 1024 * 1024
_LARGEST = 1024 * 1024
_KEEP = "netzlotse.keep"
_VALIDATORS = frozenset({b"etag", b"cache-control", b"vary", b"link"})


def state_of(searcher: LiveSearcher) -> State:
    """How new an answer of now is."""
    edition = searcher.edition()
    return searcher.seq(), edition, datetime.now(BERLIN).date()


@dataclass(frozen=True, slots=True)
class _Answer:
    state: State
    headers: list[tuple[bytes, bytes]]
    body: bytes
    etag: str


def keep(scope: MutableMapping[str, Any], state: State) -> None:
    """Let the answer to this request be kept; `state` was read before it was made."""
    if _KEEP in scope:
        scope[_KEEP].append(state)


class KeptAnswers:
    """Gives kept answers, and keeps those that their routes allow to (`keep`)."""

    def __init__(self, app: ASGIApp, searcher: LiveSearcher) -> None:
        self._app, self._searcher = app, searcher
        self._kept: OrderedDict[tuple[Any, ...], _Answer] = OrderedDict()
        self._bytes = 0

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer from what is kept, or pass on and keep what comes back."""
        key = _key(scope)
        if key is None:
            await self._app(scope, receive, send)
            return
        found = self._kept.get(key)
        if found is not None and found.state == state_of(self._searcher):
            self._kept.move_to_end(key)
            await _send(found, scope, send)
            return
        allowed: list[State] = []
        start: Message = {}

        async def sent(message: Message) -> None:
            nonlocal start
            if message["type"] == "http.response.start":
                start = message
            elif allowed and start["status"] == 200 and not message.get("more_body"):
                self._keep(key, allowed[0], start, message.get("body", b""))
            await send(message)

        await self._app({**scope, _KEEP: allowed}, receive, sent)

    def _keep(self, key: tuple[Any, ...], state: State, start: Message, body: bytes) -> None:
        if len(body) > _LARGEST:
            return
        headers = list(start["headers"])
        etag = next((v.decode("latin-1") for k, v in headers if k.lower() == b"etag"), "")
        if old := self._kept.pop(key, None):
            self._bytes -= len(old.body)
        self._kept[key] = _Answer(state, headers, body, etag)
        self._bytes += len(body)
        while self._bytes > _MOST_BYTES:
            _, oldest = self._kept.popitem(last=False)
            self._bytes -= len(oldest.body)


def _key(scope: Scope) -> tuple[Any, ...] | None:
    """The question in a normal form: its parameters in order, and what else changes the answer."""
    if scope["type"] != "http" or scope["path"] not in _PATHS or scope["method"] != "GET":
        return None
    host = encoding = accept = b""
    for name, value in scope["headers"]:
        if name == b"host":
            host = value
        elif name == b"accept-encoding":
            encoding = value
        elif name == b"accept":
            accept = value
    said = accept.decode("latin-1")
    if b"json" in accept.replace(b"application/json", b"") or not acceptable(said):
        return None  # lines, or none of what there is
    query = scope["query_string"]
    if b"&" in query:
        query = tuple(sorted(query.split(b"&")))
    return scope["path"], query, scope["scheme"], host, b"gzip" in encoding


async def _send(found: _Answer, scope: Scope, send: Send) -> None:
    status, headers, body = 200, found.headers, found.body
    known = next((v for k, v in scope["headers"] if k == b"if-none-match"), None)
    if known is not None and matches(known.decode("latin-1"), found.etag):
        status, body = 304, b""
        headers = [pair for pair in headers if pair[0].lower() in _VALIDATORS]
    # A copy: the layers around add their own.
    await send({"type": "http.response.start", "status": status, "headers": list(headers)})
    await send({"type": "http.response.body", "body": body})
