"""Signing in with a token, and out."""

from __future__ import annotations

import logging
import re
from typing import Annotated

from fastapi import APIRouter, Form, Request
from starlette.responses import Response

from aggregator.tokens import holder
from api.admin import rendering
from api.admin.access import (
    HOME,
    SIGN_IN,
    Deciding,
    door_of,
    drop_cookie,
    refuse_foreign,
    set_cookie,
    signed_in,
)

router = APIRouter()
_LOG = logging.getLogger(__name__)
_OWN = re.compile(r"/admin(/[A-Za-z0-9._~:-]+)*")


@router.get(SIGN_IN)
def sign_in_page(request: Request, weiter: str = HOME) -> Response:
    """The form; who is signed in already is led on."""
    if signed_in(request):
        return rendering.done(_own(weiter))
    return rendering.page(request, "admin/anmelden.html", None, weiter=_own(weiter), fault=None)


@router.post(SIGN_IN)
def sign_in(
    request: Request,
    token: Annotated[str, Form(max_length=500)] = "",
    weiter: Annotated[str, Form(max_length=500)] = HOME,
) -> Response:
    """Begin a session. Wrong tokens are answered ever more slowly: five in a quarter of an hour."""
    refuse_foreign(request)
    door, address = door_of(request), request.client.host if request.client else ""
    wait = max(door.wrong.wait(address), door.wrong_in_total.wait(""))
    if wait:
        minutes = -(-wait // 60)
        fault = f"Zu viele falsche Anmeldungen. Bitte in {minutes} Minuten noch einmal versuchen."
        answer = rendering.page(
            request, "admin/anmelden.html", None, 429, weiter=_own(weiter), fault=fault
        )
        answer.headers["Retry-After"] = str(wait)
        return answer
    name = holder(door.tokens, token)
    if name is None:
        door.wrong.count(address)
        door.wrong_in_total.count("")
        _LOG.warning("admin: a wrong token was tried")
        fault = "Dieses Zugangswort gilt nicht."
        return rendering.page(
            request, "admin/anmelden.html", None, 403, weiter=_own(weiter), fault=fault
        )
    door.wrong.forget(address)
    _LOG.info("admin: %s signed in", name)
    answer = rendering.done(_own(weiter))
    set_cookie(request, answer, door.sessions.begin(name))
    return answer


@router.post("/admin/abmelden")
def sign_out(request: Request, actor: Deciding) -> Response:
    """End the session, for copies of its cookie too."""
    door_of(request).sessions.end(actor.session)
    answer = rendering.done(SIGN_IN)
    drop_cookie(request, answer)
    return answer


def _own(path: str) -> str:
    """Where to go after signing in: only ever a page of the admin area."""
    return path if _OWN.fullmatch(path) else HOME
