"""The door of the search: what is asked most does not go through the layers for all else.

Routes, languages and forms would take a tenth of its time, and it needs none. What is wrong with a
request is told as everywhere.
"""

from __future__ import annotations

from collections.abc import Callable

from fastapi import FastAPI
from starlette.middleware.exceptions import ExceptionMiddleware
from starlette.requests import Request
from starlette.types import ASGIApp, Receive, Scope, Send

from api import offers
from api.body import LONGEST

_PATH = "/api/v1/offers"


class SearchDoor:
    """Answers searches of `app`; everything else goes `onwards`.

    `compressed` packs answers on their way out.
    """

    def __init__(
        self, onwards: ASGIApp, app: FastAPI, compressed: Callable[[ASGIApp], ASGIApp]
    ) -> None:
        self._onwards = onwards
        self._searching = compressed(ExceptionMiddleware(_search, app.exception_handlers))

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer, or pass on."""
        searches = (
            scope["type"] == "http"
            and scope["path"] == _PATH
            and scope["method"] == "GET"
            and len(scope["query_string"]) + len(_PATH) <= LONGEST
        )
        await (self._searching if searches else self._onwards)(scope, receive, send)


async def _search(scope: Scope, receive: Receive, send: Send) -> None:
    response = await offers.answer(Request(scope, receive, send))
    await response(scope, receive, send)
