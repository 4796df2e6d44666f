"""Pages that say something of the portal itself: watch list, emergency, statements, imprint."""

from __future__ import annotations

import logging
from pathlib import Path
from typing import Literal
from xml.sax.saxutils import escape

from fastapi import APIRouter, Request
from starlette.responses import Response

from aggregator.settings import Settings
from api import links
from api.emergency import emergency
from api.rendering import page

router = APIRouter()
_LOG = logging.getLogger(__name__)
Block = tuple[Literal["heading", "text"], str]


@router.get("/merkliste")
def watch_list(request: Request) -> Response:
    """What somebody put aside; it is kept on her device, this page is the same for everyone."""
    return page(request, "merkliste.html")


@router.get("/notfall")
def urgent(request: Request) -> Response:
    """Whom to call at once."""
    return page(request, "notfall.html", sensitive=True, emergency=emergency())


@router.get("/barrierefreiheit")
def accessibility(request: Request) -> Response:
    """The accessibility statement (BITV 2.0, § 7), with a way to report barriers."""
    return page(request, "barrierefreiheit.html", feedback=_settings(request).contact)


@router.get("/leichte-sprache")
def plain_language(request: Request) -> Response:
    """What there is, in Leichte Sprache."""
    return page(request, "leichte-sprache.html")


@router.get("/datenschutz")
def privacy(request: Request) -> Response:
    """What the operator says, and what every netzlotse does with data."""
    settings = _settings(request)
    blocks = _blocks(settings.privacy_file)
    return page(request, "datenschutz.html", blocks=blocks, feedback=settings.contact)


@router.get("/impressum")
def imprint(request: Request) -> Response:
    """Who runs this portal (§ 5 DDG)."""
    return page(request, "impressum.html", blocks=_blocks(_settings(request).imprint_file))


@router.get("/opensearch.xml")
def opensearch(request: Request) -> Response:
    """Lets a browser search here from its address bar (OpenSearch 1.1)."""
    here = escape(links.origin(request))
    text = (
        '<?xml version="1.0" encoding="UTF-8"?>\n'
        '<OpenSearchDescription xmlns="http://a9.com/-/spec/opensearch/1.1/">'
        "<ShortName>netzlotse</ShortName>"
        "<Description>Angebote für Alleinerziehende</Description>"
        f'<Url type="text/html" template="{here}/?q={{searchTerms}}"/>'
        "<InputEncoding>UTF-8</InputEncoding></OpenSearchDescription>\n"
    )
    return Response(text, media_type="application/opensearchdescription+xml")


def _settings(request: Request) -> Settings:
    found: Settings = request.app.state.settings
    return found


def _blocks(file: Path | None) -> list[Block]:
    """The paragraphs and headings of an operator's text; none where it cannot be read."""
    if file is None:
        return []
    try:
        text = file.read_text("utf-8")
    except (OSError, UnicodeDecodeError) as error:
        _LOG.error("%s cannot be shown: %s", file, error)
        return []
    parts = (part.strip() for part in text.replace("\r\n", "\n").split("\n\n"))
    return [
        ("heading", part.removeprefix("# ")) if part.startswith("# ") else ("text", part)
        for part in parts
        if part
    ]
