"""Under which names the portal is asked: a request for another is not ours to answer.

Absolute links are made from the name that was asked for. Whoever could choose it could make a cache
keep an answer that leads elsewhere; and another site's name that resolves to this server (DNS
rebinding) would let its scripts read an admin area that is open to a local network only.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from starlette.requests import Request
from starlette.types import ASGIApp, Receive, Scope, Send

from api.problems import Problem, ProblemType, answer

_HOST = re.compile(rb"([A-Za-z0-9](?:[A-Za-z0-9._-]{0,253})|\[[0-9A-Fa-f:.]{2,45}\])(?::\d{1,5})?")
_MONITORING = ("/healthz", "/metrics")
"""What a load balancer asks for by address."""
_PLAIN = b"localhost"


class Hosts:
    """Answers 400 to a `Host` that is no name, 421 (RFC 9110, 15.5.20) to one that is not ours."""

    def __init__(self, app: ASGIApp, names: Sequence[str]) -> None:
        self._app = app
        self._names = frozenset(name.lower().encode() for name in names)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass on what is asked of us."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        told = next((value for name, value in scope["headers"] if name == b"host"), b"")
        found = _HOST.fullmatch(told)
        if told and not found:
            await self._refuse(
                ProblemType.BAD_REQUEST,
                "Der Kopf „Host“ nennt keinen Rechner.",
                "The Host header names no host.",
            )(scope, receive, send)
            return
        name = found[1].lower() if found else b""
        if self._names and name not in self._names and not scope["path"].startswith(_MONITORING):
            await self._refuse(
                ProblemType.MISDIRECTED,
                "Unter diesem Namen gibt es hier nichts.",
                "Nothing is served here under this name.",
            )(scope, receive, send)
            return
        await self._app(scope, receive, send)

    @staticmethod
    def _refuse(kind: ProblemType, german: str, english: str) -> ASGIApp:
        async def refused(scope: Scope, receive: Receive, send: Send) -> None:
            # The page of an error makes links, too: from here on the request names nobody.
            headers = [(k, v) for k, v in scope["headers"] if k != b"host"]
            nameless = {**scope, "headers": [*headers, (b"host", _PLAIN)]}
            problem = Problem(kind, german, english, headers={"Cache-Control": "no-store"})
            await answer(Request(nameless, receive), problem)(scope, receive, send)

        return refused
