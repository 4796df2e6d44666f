"""Too much at once: what cannot be computed soon is refused rather than queued.

A queue without end makes every client wait and none of them be answered in time; a client that is
refused at once may come back in a second, and the server recovers as soon as the wave is over.
"""

from __future__ import annotations

import time

from starlette.requests import Request
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from api.connection import ARRIVED
from api.problems import Problem, ProblemType, answer

_RETRY = 2
"""Seconds after which to come back."""
_LATE = 1.0
"""Seconds after which a request that nobody has begun to answer is not worth answering."""
_FREE = ("/healthz", "/metrics", "/static/")


class Shedding:
    """Answers 503 with `Retry-After` to a request that came too late to be answered soon.

    That is one of more than `most` whose answers have not begun (they wait for a thread or the
    database), or one that itself waited for a second (the process computes without a pause). An
    answer that has begun is no longer counted: whoever downloads slowly costs no computing.
    """

    def __init__(self, app: ASGIApp, most: int) -> None:
        self._app, self._most = app, most
        self._waiting = 0

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Count until the answer begins, or refuse."""
        if scope["type"] != "http" or scope["path"].startswith(_FREE):
            await self._app(scope, receive, send)
            return
        arrived = scope.get("state", {}).get(ARRIVED)
        late = arrived is not None and time.monotonic() - arrived > _LATE
        if late or self._waiting >= self._most:
            problem = Problem(
                ProblemType.OVERLOADED,
                "Gerade fragen sehr viele zugleich. Bitte gleich noch einmal versuchen.",
                "Very many are asking at the same time. Please try again in a moment.",
                headers={"Retry-After": str(_RETRY), "Cache-Control": "no-store"},
            )
            await answer(Request(scope, receive), problem)(scope, receive, send)
            return
        self._waiting += 1
        counted = True

        async def sent(message: Message) -> None:
            nonlocal counted
            if counted and message["type"] == "http.response.start":
                counted = False
                self._waiting -= 1
            await send(message)

        try:
            await self._app(scope, receive, sent)
        finally:
            if counted:
                self._waiting -= 1
