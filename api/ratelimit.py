"""How fast one client may ask: a bucket of tokens each, in memory only.

Told in every answer (RateLimit header fields for HTTP, draft-ietf-httpapi-ratelimit-headers-11).
"""

from __future__ import annotations

import math
import time
from collections import OrderedDict
from collections.abc import Callable

from starlette.datastructures import MutableHeaders
from starlette.requests import Request
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from api.clients import mark
from api.problems import Problem, ProblemType, answer

_FREE = ("/healthz", "/static/", "/einbetten/static/", "/einbetten/v")
_MOST = 50_000
"""So many clients are remembered; beyond, those that asked longest ago begin anew."""
_MINUTE = 60.0


class Buckets:
    """A bucket of `size` tokens for each client; it fills up within a minute."""

    def __init__(self, size: int, clock: Callable[[], float] = time.monotonic) -> None:
        self.size, self._clock = size, clock
        self._fill = size / _MINUTE
        self._known: OrderedDict[bytes, tuple[float, float]] = OrderedDict()

    def take(self, address: str) -> tuple[int, int]:
        """Take a token: (tokens left, 0), or where there is none (0, seconds until there is)."""
        now, client = self._clock(), mark(address)
        tokens, at = self._known.pop(client, (float(self.size), now))
        tokens = min(self.size, tokens + (now - at) * self._fill)
        allowed = tokens >= 1
        self._known[client] = (tokens - 1 if allowed else tokens, now)
        if len(self._known) > _MOST:
            self._known.popitem(last=False)
        if allowed:
            return int(tokens - 1), 0
        return 0, max(1, math.ceil((1 - tokens) / self._fill))

    def full_again(self, left: int) -> int:
        """Seconds until a bucket with so many tokens is full."""
        return math.ceil((self.size - left) / self._fill)


class RateLimit:
    """Answers 429 with `Retry-After` to a client whose bucket is empty."""

    def __init__(self, app: ASGIApp, buckets: Buckets) -> None:
        self._app, self._buckets = app, buckets
        self._policy = f'"client";q={buckets.size};w={int(_MINUTE)}'

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Take a token and pass on, or say when to come back."""
        if scope["type"] != "http" or scope["path"].startswith(_FREE):
            await self._app(scope, receive, send)
            return
        client = scope.get("client")
        left, wait = self._buckets.take(client[0] if client else "")
        told = f'"client";r={left};t={wait or self._buckets.full_again(left)}'

        async def sent(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                headers["RateLimit-Policy"] = self._policy
                headers["RateLimit"] = told
            await send(message)

        if not wait:
            await self._app(scope, receive, sent)
            return
        problem = Problem(
            ProblemType.TOO_MANY_REQUESTS,
            f"Das waren sehr viele Anfragen. Bitte in {wait} Sekunden weiter. Wer alles braucht: "
            "format=ndjson gibt es in einer Anfrage.",
            f"These were very many requests. Please go on in {wait} seconds. For everything at "
            "once there is format=ndjson.",
            headers={"Retry-After": str(wait), "Cache-Control": "no-store"},
        )
        await answer(Request(scope, receive), problem)(scope, receive, sent)
