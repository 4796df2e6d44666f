"""What nobody expected: answered as a problem, and logged without a word of whoever asked.

The log holds the kinds of the exceptions and where they arose, under a number that the answer tells
too: whoever reports it can be helped, and nobody learns from a log who asked what.
"""

from __future__ import annotations

import logging
import secrets
from collections.abc import Callable

from starlette.requests import Request
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from aggregator.logs import wordless
from api.problems import Problem, ProblemType, answer

_LOG = logging.getLogger(__name__)


class Crashes:
    """Answers 500 to a request that failed; `resource` names what was asked for, without ids.

    An answer that had begun is broken off: the server ends its connection.
    """

    def __init__(self, app: ASGIApp, resource: Callable[[str], str]) -> None:
        self._app, self._resource = app, resource

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass on."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        begun = False

        async def sent(message: Message) -> None:
            nonlocal begun
            begun = True
            await send(message)

        try:
            await self._app(scope, receive, sent)
        except Exception as error:  # noqa: BLE001 - a server would print it with its message
            number = secrets.token_hex(4)
            _LOG.error(
                "%s: answering %s failed: %s",
                number,
                self._resource(scope["path"]),
                wordless(error),
            )
            if not begun:
                problem = _problem(number)
                await answer(Request(scope, receive), problem)(scope, receive, send)


def _problem(number: str) -> Problem:
    return Problem(
        ProblemType.INTERNAL,
        f"Hier ist etwas schiefgegangen. Es liegt an uns; wir haben es notiert (Nummer {number}).",
        f"Something went wrong. It is our fault, and it has been logged (number {number}).",
        {"number": number},
        {"Cache-Control": "no-store"},
    )
