"""Pages of the admin area: never kept by anyone, with its navigation."""

from __future__ import annotations

from fastapi import Request
from starlette.responses import HTMLResponse, RedirectResponse, Response

from api import rendering
from api.admin.access import Actor, door_of, set_cookie

_HEADERS = {
    "Cache-Control": "no-store",
    "X-Robots-Tag": "noindex, nofollow",
    # Forms name their own site as their origin; no other site learns anything.
    "Referrer-Policy": "same-origin",
    "X-Frame-Options": "DENY",
}


def page(
    request: Request, template: str, actor: Actor | None, status: int = 200, **context: object
) -> Response:
    """Render a page of the admin area; `template` extends "admin/basis.html"."""
    html = rendering.render(
        request, template, actor=actor, sections=request.app.state.admin_sections, **context
    )
    answer = HTMLResponse(html, status, headers=_HEADERS)
    renewed = actor and door_of(request).sessions.renewed(actor.session)
    if renewed:
        set_cookie(request, answer, renewed)
    return answer


def done(path: str) -> Response:
    """After something was decided: lead to `path`, so that reloading decides nothing twice."""
    return RedirectResponse(path, 303, headers=_HEADERS)
