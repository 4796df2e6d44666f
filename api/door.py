"""The door of the search: what is asked most does not go through the layers for all else.

Routes, languages, forms and pages of errors would take a tenth of its time, and it needs none.
"""

from __future__ import annotations

from collections.abc import Callable

from starlette.requests import Request
from starlette.responses import Response
from starlette.types import ASGIApp, Receive, Scope, Send

from api import offers
from api.body import LONGEST

_PATH = "/api/v1/offers"
_ANSWER = "netzlotse.answer"


class SearchDoor:
    """Answers searches; everything else goes `onwards`, and what is not answered well, too.

    So one place says what is wrong with a request: a search that raised is asked again there, with
    all that stands around it. `compressed` packs answers on their way out.
    """

    def __init__(self, onwards: ASGIApp, compressed: Callable[[ASGIApp], ASGIApp]) -> None:
        self._onwards = onwards
        self._searching = compressed(_give)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer, or pass on."""
        if (
            scope["type"] == "http"
            and scope["path"] == _PATH
            and scope["method"] == "GET"
            and len(scope["query_string"]) + len(_PATH) <= LONGEST
        ):
            try:
                scope[_ANSWER] = await offers.answer(Request(scope, receive))
            except Exception:  # noqa: BLE001 - raised again where it is answered
                scope.pop(_ANSWER, None)
            else:
                await self._searching(scope, receive, send)
                return
        await self._onwards(scope, receive, send)


async def _give(scope: Scope, receive: Receive, send: Send) -> None:
    answer: Response = scope[_ANSWER]
    await answer(scope, receive, send)
