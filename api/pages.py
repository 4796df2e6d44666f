"""The public pages: search, offers, networks, runs, data."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any

from fastapi import APIRouter, Request
from starlette.responses import RedirectResponse, Response

from aggregator.catalogue.conflicts import offer_conflicts
from aggregator.catalogue.networks import find_network, list_networks
from aggregator.catalogue.offers import find_offer
from aggregator.catalogue.runs import find_run
from aggregator.catalogue.sources import list_sources, source_titles
from aggregator.catalogue.state import freshness
from aggregator.index.base import Hit, Hits
from aggregator.index.engine import DEEPEST
from aggregator.index.opening import berlin
from aggregator.listing import Status
from aggregator.offer import Offer
from aggregator.release.edition import releases
from aggregator.resolve.conflict import Kind
from aggregator.store.reading import Reading
from api import caching, chips, dates, facts, jsonld, links, paging
from api.access import Identifier, Index, Record, published_counts, reading
from api.emergency import URGENT, emergency, sensitive
from api.filters import FIELDS, OfferFilters, question
from api.hits import offers
from api.offers import offer_offset
from api.outline import plan
from api.problems import not_found
from api.rendering import page, seen_as
from api.today import today
from api.wording import Wording, message, wording_of
from crawlers.failure import Failure

router = APIRouter()

_ON_PAGE = 20
_KINDS = {
    Kind.PHONE: message("Telefon"),
    Kind.EMAIL: message("E-Mail"),
    Kind.ADDRESS: message("Adresse"),
    Kind.HOURS: message("Zeiten"),
    Kind.COST: message("Kosten"),
    Kind.REGISTRATION: message("Anmeldung"),
    Kind.STATUS: message("Zustand"),
}


@router.get("/")
def search(request: Request, record: Record, searcher: Index) -> Response:
    """Search: box, filters, results. Without a question: the topics, and all there is."""
    filters, lost = chips.asked_here(request, searcher)
    query = filters.query(searcher.place, chips.FACETS, limit=_ON_PAGE)
    line = question(query)
    offset = offer_offset(request.query_params.get("cursor") or None, line)
    networks = list_networks(record)
    names = {network.id: network.name for network in networks}
    titles = source_titles(record)
    now = berlin(None)
    state = searcher.seq(), freshness(record), names, titles, now, seen_as(request)
    tag = caching.etag("page", state, line, offset, str(request.url))
    if known := caching.unchanged(request, tag):
        return known
    say = wording_of(request)
    found = searcher.search(replace(query, offset=offset))
    request.app.state.unanswered.look(request, filters.q, found)
    hits, nearest = (_shown(reading(request), some) for some in (found.items, found.nearest))

    def at(position: int) -> str:
        return str(request.url.include_query_params(cursor=paging.encode(line, position)))

    end = offset + _ON_PAGE
    whole = found.total + (found.unstated if query.unstated else 0)
    return page(
        request,
        "suche.html",
        tag=tag,
        filters=filters,
        found=found,
        lost=lost,
        hits=hits,
        nearest=nearest,
        open_today=open_today([*hits, *nearest], now, say),
        map=plan(hits, offset + 1),
        sensitive=sensitive(about := _about(filters, found, hits)),
        urgent=URGENT in about,
        emergency=emergency(),
        literal=str(request.url.include_query_params(understand="false"))
        if found.understood
        else None,
        chips=chips.chips(request, filters, names | titles, found.understood, say),
        choices=chips.choices(filters, networks, found.facets, say),
        meant=_meant(request, filters.q, searcher.corrected(filters.q)) if filters.q else None,
        asking=bool(filters.q or filters.chosen() or filters.near),
        names=names,
        titles=titles,
        first=offset + 1,
        last=offset + len(found.items),
        following=at(end) if end < min(whole, DEEPEST) else None,
        whole=whole,
        previous=at(max(0, offset - _ON_PAGE)) if offset else None,
        later=at(found.total // _ON_PAGE * _ON_PAGE),
    )


@router.get("/angebot/{offer_id}")
def offer(request: Request, offer_id: Identifier, record: Record) -> Response:
    """One offer with the words behind every fact; merged ones redirect, withdrawn ones are gone."""
    found = find_offer(record, offer_id)
    if found is None:
        raise not_found("Ein Angebot", "offer", offer_id)
    if found.merged_into is not None:
        target = request.url_for("offer", offer_id=found.merged_into)
        return RedirectResponse(target, 308, headers=caching.FRESH)
    say, now = wording_of(request), berlin(None)
    return page(
        request,
        "angebot.html",
        status=410 if found.withdrawn else 200,
        found=found,
        offer=found.offer,
        active=found.offer.status is Status.ACTIVE and not found.missing_since,
        facts=facts.offer_facts(found.offer, found.evidence, say),
        said=facts.title_voices(found.offer, found.evidence, say),
        plain_words=found.plain_words,
        open_today=today(found.offer, now, say),
        dated=dates.calendar(found.offer, "", now.date()) is not None,
        conflicts=offer_conflicts(record, offer_id),
        kinds=_KINDS,
        sensitive=sensitive(found.offer.topics),
        emergency=emergency(),
        names={network.id: network.name for network in list_networks(record)},
        titles=source_titles(record),
        jsonld=jsonld.service(found.offer, _canonical(request, offer_id)),
    )


@router.get("/angebot/{offer_id}/termine.ics")
def offer_dates(request: Request, offer_id: Identifier, record: Record) -> Response:
    """The dates of an offer that has dates of its own, for a calendar."""
    found = find_offer(record, offer_id)
    if found is None:
        raise not_found("Ein Angebot", "offer", offer_id)
    if found.merged_into is not None:
        target = request.url_for("offer_dates", offer_id=found.merged_into)
        return RedirectResponse(target, 308, headers=caching.FRESH)
    file = dates.calendar(found.offer, _canonical(request, offer_id), berlin(None).date())
    if file is None:
        raise not_found("Ein Termin zum Angebot", "date of an offer", offer_id)
    named = {"Content-Disposition": f'attachment; filename="angebot-{offer_id[:8]}.ics"'}
    return Response(file, media_type="text/calendar; charset=utf-8", headers=named)


@router.get("/netzwerke")
def networks(request: Request, record: Record, searcher: Index) -> Response:
    """All networks, the ended ones too."""
    return page(
        request,
        "netzwerke.html",
        networks=list_networks(record),
        counts=published_counts(searcher, "networks")["networks"],
    )


@router.get("/netzwerk/{network_id}")
def network(request: Request, network_id: Identifier, record: Record, searcher: Index) -> Response:
    """One network with the words behind every fact."""
    found = find_network(record, network_id)
    if found is None:
        raise not_found("Ein Netzwerk", "network", network_id)
    states = [state for state in list_sources(record) if state.network == network_id]
    return page(
        request,
        "netzwerk.html",
        network=found.network,
        successor=_name(record, found.network.successor),
        today=freshness(record)[1].isoformat(),
        facts=facts.network_facts(found.network, found.evidence, wording_of(request)),
        sources=states,
        offers=published_counts(searcher, "networks")["networks"].get(network_id, 0),
    )


@router.get("/lauf/{run_id}")
def run(request: Request, run_id: Identifier, record: Record) -> Response:
    """The report of one run."""
    report = find_run(record, run_id)
    if report is None:
        raise not_found("Einen Lauf", "run", run_id)
    return page(request, "lauf.html", report=report, advice=_advice)


@router.get("/daten")
def data(request: Request) -> Response:
    """How to build on the index: the API, its description, releases, the export."""
    return page(
        request,
        "daten.html",
        routes=_routes(request.app.openapi()),
        filters=sorted(FIELDS),
        releases=releases(request.app.state.settings.release_dir),
    )


@router.get("/favicon.ico")
def favicon(request: Request) -> Response:
    """Old browsers ask here."""
    return RedirectResponse(request.url_for("static", path="icon.svg"), 308)


def open_today(
    hits: Iterable[tuple[Offer, Hit | None]], now: datetime, say: Wording
) -> dict[str, str]:
    """When each of some offers is open today, by id; "" where that is not certain."""
    return {offer.id: today(offer, now, say) for offer, _ in hits}


def _about(filters: OfferFilters, found: Hits, hits: Sequence[tuple[Offer, Hit]]) -> set[str]:
    """The topics of a search: chosen, read in its words, or the main one of the best hit."""
    read = {one.value for one in found.understood if one.parameter == "topics"}
    first = hits[0][0].topics[:1] if filters.q and hits else []
    return {*filters.topic, *read, *first}


def _canonical(request: Request, offer_id: str) -> str:
    return f"{links.origin(request)}/angebot/{offer_id}"


def _shown(record: Reading, hits: Sequence[Hit]) -> list[tuple[Offer, Hit]]:
    return list(zip(offers(record, hits), hits, strict=True))


def _name(record: Record, network_id: str | None) -> str | None:
    """What a network is called; None where its id is none that we know."""
    known = find_network(record, network_id) if network_id else None
    return known.network.name if known else None


def _meant(request: Request, text: str, corrected: Mapping[str, str]) -> tuple[str, str] | None:
    """The question with known words in place of unknown ones, and its address."""
    words = [corrected.get(word) or corrected.get(word.lower()) or word for word in text.split()]
    better = " ".join(words)
    if better == text:
        return None
    return better, str(request.url.remove_query_params("cursor").include_query_params(q=better))


def _advice(failure: object) -> str:
    try:
        return Failure(str(failure)).advice
    except ValueError:
        return ""


def _routes(description: dict[str, Any]) -> list[tuple[str, str]]:
    return [
        (path, methods["get"]["summary"])
        for path, methods in description["paths"].items()
        if "get" in methods
    ]
