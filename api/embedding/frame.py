"""`/einbetten/rahmen`, the one page that may stand in a frame; and oEmbed, which hands it out."""

from __future__ import annotations

import hashlib
from html import escape
from pathlib import Path
from typing import Annotated
from urllib.parse import parse_qsl, urlencode, urlsplit

from fastapi import APIRouter, Query, Request
from starlette.responses import HTMLResponse, JSONResponse, Response

from api import caching
from api.access import Index, Record
from api.embedding.address import asked, fixed, portal, read
from api.embedding.colours import Colours, permission, style
from api.embedding.found import LookOf, find
from api.embedding.releases import newest
from api.embedding.rendering import render
from api.embedding.words import LANGUAGES, RIGHT_TO_LEFT, words
from api.problems import Problem, not_found

router = APIRouter()

WIDTH, HEIGHT = 640, 720
"""Pixels, where nobody says how large."""
_LEAST = 240
_DAY = 86_400
_STYLE = hashlib.sha256(
    (Path(__file__).with_name("static") / "rahmen.css").read_bytes()
).hexdigest()[:12]


@router.get("/einbetten/rahmen")
def frame(request: Request, look: LookOf, record: Record, searcher: Index) -> Response:
    """Search and results for an `<iframe>`; colours by `accent`, `text` and `surface`."""
    said = words(look.lang)
    given = {name: value for name, value in request.query_params.items() if value}
    colours = style(read(Colours, given).chosen())
    found, status, problem = None, 200, ""
    try:
        found = find(request, record, searcher, look.limit)
    except Problem as error:
        # Told inside the frame: an error page of ours may not be shown there.
        status, problem = error.status, error.detail if look.lang == "de" else error.detail_en
    url = str(request.url)
    html = render(
        "rahmen.html",
        found=found,
        following=str(request.url.include_query_params(cursor=found.following))
        if found and found.following
        else None,
        look=look,
        w=said,
        title=said["title"],
        rtl=look.lang in RIGHT_TO_LEFT,
        portal=portal(request),
        kept=_kept(request),
        asked=asked(request),
        q=given.get("q", ""),
        near=given.get("near", ""),
        problem=problem,
        colours=colours,
        oembed=f"{portal(request)}/einbetten/oembed?{urlencode({'url': url})}",
        style=_STYLE,
        version=newest().version,
    )
    headers = {
        "Content-Security-Policy": "default-src 'none'; script-src 'self'; form-action 'self'; "
        f"base-uri 'none'; frame-ancestors *; style-src 'self'{permission(colours)}",
        **({"Cache-Control": "no-store"} if status != 200 else caching.validators(_tag(html))),
    }
    if status == 200 and caching.matches(request.headers.get("if-none-match", ""), _tag(html)):
        return Response(status_code=304, headers=headers)
    return HTMLResponse(html, status, headers=headers)


def _tag(html: str) -> str:
    return caching.etag("frame", html)


def _kept(request: Request) -> list[tuple[str, str]]:
    """What the frame's form hands on: the fixed part of the question, and the look."""
    look = ("lang", "limit", "accent", "text", "surface")
    return fixed(request, "q", "near") + [
        (name, request.query_params[name]) for name in look if request.query_params.get(name)
    ]


@router.get("/einbetten/oembed")
def oembed(
    request: Request,
    url: Annotated[str, Query(max_length=2_000)],
    response_format: Annotated[str, Query(alias="format", max_length=20)] = "json",
    maxwidth: Annotated[int, Query(ge=1, le=10_000)] = WIDTH,
    maxheight: Annotated[int, Query(ge=1, le=10_000)] = HEIGHT,
) -> Response:
    """A frame for an address of ours (oEmbed 1.0): of the search, or of the frame itself."""
    if response_format != "json":
        # oEmbed 1.0, 2.3.4.2: a format that is not offered is 501.
        return JSONResponse({"error": "only format=json"}, 501)
    pairs = _ours(request, url)
    if pairs is None:
        raise not_found("Eine Seite zum Einbetten", "embeddable page", url)
    language = next((v for name, v in pairs if name == "lang" and v in LANGUAGES), "de")
    title = words(language)["title"]
    width, height = max(_LEAST, min(WIDTH, maxwidth)), min(HEIGHT, maxheight)
    here = portal(request)
    return JSONResponse(
        {
            "version": "1.0",
            "type": "rich",
            "title": title,
            "provider_name": "netzlotse",
            "provider_url": f"{here}/",
            "cache_age": _DAY,
            "width": width,
            "height": height,
            "html": markup(f"{here}/einbetten/rahmen", pairs, title, width, height),
        },
        headers={"Access-Control-Allow-Origin": "*", "Cache-Control": f"public, max-age={_DAY}"},
    )


def markup(
    page: str, pairs: list[tuple[str, str]], title: str, width: int | str, height: int
) -> str:
    """The element that shows the frame."""
    address = f"{page}?{urlencode(pairs)}" if pairs else page
    return (
        f'<iframe src="{escape(address)}" title="{escape(title)}" width="{width}" '
        f'height="{height}" loading="lazy" referrerpolicy="no-referrer"></iframe>'
    )


def _ours(request: Request, url: str) -> list[tuple[str, str]] | None:
    """What an address of ours asks for, a page's language too; None for any other address."""
    try:
        parts = urlsplit(url)
    except ValueError:
        return None
    if parts.netloc != request.url.netloc or parts.scheme not in {"http", "https"}:
        return None
    pairs = [(name, value) for name, value in parse_qsl(parts.query) if name != "cursor"]
    if parts.path in {"", "/", "/einbetten/rahmen"}:
        return pairs
    language = parts.path.strip("/")
    return [*pairs, ("lang", language)] if language in LANGUAGES else None
