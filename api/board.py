"""The board: every harvested website, how it fares, and what is to be done."""

from __future__ import annotations

from datetime import datetime

from fastapi import APIRouter, Request
from starlette.responses import Response

from aggregator.catalogue.runs import list_runs
from aggregator.catalogue.sources import SourceState, find_source, list_sources
from aggregator.harvest import BERLIN
from aggregator.quality import quality
from api import caching
from api.access import Identifier, Index, Record, published_counts
from api.badge import badge
from api.problems import not_found
from api.rendering import page
from api.sparkline import sparkline

router = APIRouter()
_RUNS_SHOWN = 10
_BADGE_FRESH = "public, max-age=3600"


@router.get("/quellen")
def sources(request: Request, record: Record, searcher: Index) -> Response:
    """Every source, those that need attention first."""
    states = list_sources(record)
    only = request.query_params.get("nur") == "auffaellig"
    return page(
        request,
        "quellen.html",
        states=[state for state in states if state.attention] if only else states,
        only=only,
        total=len(states),
        attention=sum(state.attention for state in states),
        counts=published_counts(searcher, "sources")["sources"],
        drawn={state.id: sparkline(state.trend) for state in states},
    )


@router.get("/quelle/{source_id}")
def source(request: Request, source_id: Identifier, record: Record, searcher: Index) -> Response:
    """One source: what is to be done, how it went, its rights, its declaration, its last runs."""
    state = _find(record, source_id)
    return page(
        request,
        "quelle.html",
        state=state,
        runs=list_runs(record, source_id, _RUNS_SHOWN),
        offers=published_counts(searcher, "sources")["sources"].get(source_id, 0),
        drawn=sparkline(state.trend),
        badge_url=str(request.url_for("source_badge", source_id=source_id)),
        source_url=str(request.url_for("source", source_id=source_id)),
    )


@router.get("/quelle/{source_id}/bericht")
def source_report(request: Request, source_id: Identifier, record: Record) -> Response:
    """What the owner of a source could put right on its pages."""
    state = _find(record, source_id)
    report = quality(record, source_id, datetime.now(BERLIN).date())
    return page(request, "bericht.html", state=state, report=report)


@router.get("/quelle/{source_id}/abzeichen.svg")
def source_badge(
    request: Request, source_id: Identifier, record: Record, searcher: Index
) -> Response:
    """The badge of a source. Any site may show it; nobody learns who looked."""
    state = _find(record, source_id)
    offers = published_counts(searcher, "sources")["sources"].get(source_id, 0)
    drawn = badge(state, offers)
    tag = caching.etag(drawn)
    answer = caching.unchanged(request, tag) or Response(drawn, media_type="image/svg+xml")
    answer.headers.update(
        {
            "ETag": tag,
            "Cache-Control": _BADGE_FRESH,
            "Cross-Origin-Resource-Policy": "cross-origin",
            "Access-Control-Allow-Origin": "*",
        }
    )
    return answer


def _find(record: Record, source_id: str) -> SourceState:
    state = find_source(record, source_id)
    if state is None:
        raise not_found("Eine Quelle", "source", source_id)
    return state
