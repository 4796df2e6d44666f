"""How much a request may carry: forms are small, and memory is not for strangers to fill."""

from __future__ import annotations

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from api.problems import Problem, ProblemType, answer

LARGEST = 64 * 1024
"""Bytes of a request's body."""
LONGEST = 16 * 1024
"""Bytes of a path with its query: every filter at once needs less."""


class BodyLimit:
    """Answers 413 (RFC 9110, 15.5.14) to a body that is, or says it is, too large; 414 to a URL."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Count what comes in while it is read."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        if len(scope["query_string"]) + len(scope["path"]) > LONGEST:
            problem = Problem(
                ProblemType.URL_TOO_LONG,
                f"Diese Adresse ist zu lang; mehr als {LONGEST} Zeichen werden nicht gelesen.",
                f"This URL is too long; no more than {LONGEST} characters are read.",
            )
            await answer(Request(scope), problem)(scope, receive, send)
            return
        declared = next((v for k, v in scope["headers"] if k == b"content-length"), b"0")
        counted = int(declared) if declared.isdigit() else 0
        received = 0

        async def limited() -> Message:
            nonlocal received
            message = await receive()
            received += len(message.get("body", b""))
            if max(received, counted) > LARGEST:
                raise HTTPException(413)
            return message

        await self._app(scope, limited, send)
