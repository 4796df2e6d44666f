"""`/einbetten/fragment`: a piece of HTML that another site's server fetches and puts in its page.

Its visitors never contact us. No script, no style, no id; every class starts with "netzlotse".
"""

from __future__ import annotations

from fastapi import APIRouter, Request
from starlette.responses import HTMLResponse, Response

from api import caching
from api.access import Index, Record
from api.embedding.address import asked, fixed, portal
from api.embedding.found import LookOf, find
from api.embedding.rendering import render
from api.embedding.words import RIGHT_TO_LEFT, words

router = APIRouter()

_FRESH = "public, max-age=60, stale-if-error=604800"
"""A minute, so that a takedown is one everywhere; a week where we cannot be reached (RFC 5861)."""


@router.get("/einbetten/fragment")
def fragment(request: Request, look: LookOf, record: Record, searcher: Index) -> Response:
    """Offers as HTML without script: the parameters of `/api/v1/offers` and those of `Look`."""
    found = find(request, record, searcher, look.limit)
    headers = {
        "ETag": found.tag,
        "Cache-Control": _FRESH,
        "Access-Control-Allow-Origin": "*",
        "Content-Language": look.lang,
        "X-Robots-Tag": "noindex",
    }
    if caching.matches(request.headers.get("if-none-match", ""), found.tag):
        return Response(status_code=304, headers=headers)
    said = words(look.lang)
    html = render(
        "fragment.html",
        found=found,
        look=look,
        w=said,
        title=said["title"],
        rtl=look.lang in RIGHT_TO_LEFT,
        portal=portal(request),
        fixed=fixed(request, "q"),
        asked=asked(request),
    )
    return HTMLResponse(html, headers=headers)
