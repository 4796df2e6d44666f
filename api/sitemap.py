"""`/sitemap.xml` and `/robots.txt`: what there is to be found by search engines (sitemaps.org)."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date
from typing import Annotated
from xml.sax.saxutils import escape

from fastapi import APIRouter, Query, Request
from starlette.responses import Response

from aggregator.catalogue.networks import list_networks
from aggregator.catalogue.offers import count_shown, list_shown
from aggregator.catalogue.state import freshness
from api import caching, links
from api.access import Index, Record
from api.problems import not_found
from api.regions import slug_of, with_offers

router = APIRouter(include_in_schema=False)

_MOST = 50_000
"""Addresses of one file; above, `/sitemap.xml` is an index of files (sitemaps.org, protocol)."""
_PAGES = (
    "/",
    "/regionen",
    "/netzwerke",
    "/notfall",
    "/leichte-sprache",
    "/vergleich",
    "/daten",
    "/einbetten",
)
_SCHEMA = 'xmlns="http://www.sitemaps.org/schemas/sitemap/0.9"'
Address = tuple[str, date | None]
"""A path, and when what it shows last changed."""


@router.get("/robots.txt")
def robots(request: Request) -> Response:
    """Everything public may be read by anyone, and where the list of it is."""
    text = f"User-agent: *\nDisallow:\n\nSitemap: {links.origin(request)}/sitemap.xml\n"
    return Response(text, media_type="text/plain")


@router.get("/sitemap.xml")
def sitemap(
    request: Request,
    record: Record,
    searcher: Index,
    part: Annotated[int | None, Query(ge=1)] = None,
) -> Response:
    """Pages, regions with offers, networks, offers; in German: each page links its languages.

    Offers about crises and law are listed as all others: help has to be found, addresses tell no
    topic, and the address of no shelter is published. Offers whose page says that they are gone
    are not.
    """
    tag = caching.etag("sitemap", searcher.seq(), freshness(record), links.origin(request), part)
    if known := caching.unchanged(request, tag):
        return known
    fixed: list[Address] = [(path, None) for path in _PAGES]
    fixed += [(f"/region/{slug_of(key)}", None) for key in with_offers(searcher)]
    fixed += [(f"/netzwerk/{network.id}", None) for network in list_networks(record)]
    parts = -(-(len(fixed) + count_shown(record)) // _MOST)
    if part is not None and part > parts:
        raise not_found("Einen Teil der Liste", "part of the sitemap", str(part))
    if part is None and parts > 1:
        names = ((f"/sitemap.xml?part={n}", None) for n in range(1, parts + 1))
        return _answer("sitemapindex", "sitemap", links.origin(request), names, tag)
    start = ((part or 1) - 1) * _MOST
    here = fixed[start : start + _MOST]
    offers: Iterator[Address] = (
        (f"/angebot/{offer_id}", changed)
        for offer_id, changed in list_shown(record, max(0, start - len(fixed)), _MOST - len(here))
    )
    return _answer("urlset", "url", links.origin(request), [*here, *offers], tag)


def _answer(root: str, each: str, origin: str, addresses: Iterable[Address], tag: str) -> Response:
    lines = (
        f"<{each}><loc>{escape(origin + path)}</loc>"
        f"{f'<lastmod>{day}</lastmod>' if day else ''}</{each}>\n"
        for path, day in addresses
    )
    body = (
        f'<?xml version="1.0" encoding="UTF-8"?>\n<{root} {_SCHEMA}>\n{"".join(lines)}</{root}>\n'
    )
    return Response(body, media_type="application/xml", headers=caching.validators(tag))
