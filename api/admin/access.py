"""What an admin route is given: who acts, and that the form is ours."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Annotated

from fastapi import Depends, Form, Request
from starlette.responses import RedirectResponse, Response

from api import links
from api.admin.session import Session, Sessions
from api.problems import Problem, ProblemType
from api.throttle import Throttle

HOME = "/admin"
SIGN_IN = "/admin/anmelden"
_COOKIE = "netzlotse_admin"
_ATTEMPTS, _WITHIN = 5, 900.0
_TOTAL = 100
"""Wrong tokens of all addresses together within the same time: nobody guesses from many."""


class SignInNeededError(Exception):
    """Nobody is signed in; the answer leads to where one can."""


@dataclass(frozen=True)
class Door:
    """Everything that signing in needs, one of each application."""

    tokens: Mapping[str, str]
    sessions: Sessions
    wrong: Throttle
    wrong_in_total: Throttle


def make_door(tokens: Mapping[str, str]) -> Door:
    """The door for the holders of these tokens."""
    return Door(tokens, Sessions(tokens), Throttle(_ATTEMPTS, _WITHIN), Throttle(_TOTAL, _WITHIN))


def door_of(request: Request) -> Door:
    """The door of the application that is asked."""
    door: Door = request.app.state.admin_door
    return door


@dataclass(frozen=True, slots=True)
class Actor:
    """Who acts: `name` is what records say, `form_token` goes into each form."""

    name: str
    form_token: str
    session: Session


def signed_in(request: Request) -> Actor | None:
    """Who is signed in; None where nobody is."""
    sessions = door_of(request).sessions
    session = sessions.read(request.cookies.get(_cookie_name(request), ""))
    if session is None:
        return None
    return Actor(session.name, sessions.form_token(session), session)


def _acting(request: Request) -> Actor:
    actor = signed_in(request)
    if actor is None:
        raise SignInNeededError
    return actor


Acting = Annotated[Actor, Depends(_acting)]
"""For a route that shows: who looks. Leads to the sign-in where nobody is signed in."""


def _deciding(
    request: Request,
    actor: Acting,
    form_token: Annotated[str, Form(max_length=200)] = "",
) -> Actor:
    if not door_of(request).sessions.is_form_token(actor.session, form_token):
        raise Problem(
            ProblemType.FORBIDDEN,
            "Dieses Formular gehört nicht zu Ihrer Anmeldung. Bitte die Seite neu laden und noch "
            "einmal absenden.",
            "This form does not belong to your session. Reload the page and send it again.",
        )
    refuse_foreign(request)
    return actor


Deciding = Annotated[Actor, Depends(_deciding)]
"""For a route that changes something: who acts, by a form that was made for this session."""


def refuse_foreign(request: Request) -> None:
    """Raise Problem (403) where a browser says that another site sent this request."""
    site = request.headers.get("sec-fetch-site", "same-origin")
    origin = request.headers.get("origin", "null")
    own = links.origin(request)
    if site not in {"same-origin", "none"} or origin not in {"null", own}:
        raise Problem(
            ProblemType.FORBIDDEN,
            "Diese Anfrage kam von einer anderen Website.",
            "This request was sent by another site.",
        )


def to_sign_in(request: Request, _error: Exception) -> Response:
    """Lead to the sign-in, and from there back to the page that was asked for."""
    back = request.url.path if request.method == "GET" else HOME
    target = request.url_for("sign_in_page").path
    suffix = "" if back == HOME else f"?weiter={back}"
    return RedirectResponse(target + suffix, 303, headers={"Cache-Control": "no-store"})


def set_cookie(request: Request, answer: Response, session: Session) -> None:
    """Hand out a session; over https the browser sends it nowhere else."""
    answer.set_cookie(
        _cookie_name(request),
        door_of(request).sessions.cookie(session),
        path=HOME,
        secure=request.url.scheme == "https",
        httponly=True,
        samesite="strict",
    )


def drop_cookie(request: Request, answer: Response) -> None:
    """Let the browser forget the session."""
    answer.delete_cookie(
        _cookie_name(request),
        path=HOME,
        secure=request.url.scheme == "https",
        httponly=True,
        samesite="strict",
    )


def _cookie_name(request: Request) -> str:
    # The prefix makes browsers refuse the name to anything that came without TLS (RFC 6265bis).
    return f"__Secure-{_COOKIE}" if request.url.scheme == "https" else _COOKIE
