"""The application: API v1 and the public pages over one record and one index."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from functools import partial
from importlib.metadata import version
from pathlib import Path

from fastapi import FastAPI
from starlette.concurrency import run_in_threadpool
from starlette.middleware.gzip import GZipMiddleware
from starlette.staticfiles import StaticFiles
from starlette.types import ASGIApp

from aggregator.commands.record import open_reading
from aggregator.index.directory import open_searcher
from aggregator.index.past import PastIndexes
from aggregator.places.places import load_gazetteer
from aggregator.settings import Settings
from aggregator.unanswered import note
from api import (
    board,
    changes,
    citations,
    conflicts,
    corrections,
    editions,
    feeds,
    health,
    histories,
    meaning,
    metrics,
    networks,
    notices,
    offers,
    pages,
    problems,
    regions,
    rendering,
    runs,
    sitemap,
    sources,
    suggest,
    topics,
    wellknown,
)
from api.admin import app as admin
from api.body import BodyLimit
from api.comparison import data as compared
from api.comparison import downloads as comparison_downloads
from api.comparison import pages as comparison
from api.comparison import reports
from api.comparison.shelf import Shelf
from api.correcting import Reception
from api.crashes import Crashes
from api.door import SearchDoor
from api.embedding import app as embedding
from api.headers import Headers
from api.hosts import Hosts
from api.hsds import app as hsds
from api.kept import KeptAnswers
from api.languages import LanguagePaths
from api.metrics import Counting, Metrics
from api.negotiation import json_only
from api.overload import Shedding
from api.ratelimit import Buckets, RateLimit
from api.unanswered import Unanswered

_DESCRIPTION = """\
Offers for single parents in Germany, harvested from the websites of local networks. Every value
says which page stated it, in which words, and when it was last seen there. Reading needs no key.

Errors are problem details (RFC 9457): `type` is stable, `detail` German, `detail_en` English.
"""
_TAGS = [
    {"name": "offers", "description": "Search, and one offer with provenance."},
    {"name": "corrections", "description": "What anyone proposes to put right; editors decide."},
    {"name": "networks", "description": "Networks of help, their facts and the words behind them."},
    {"name": "changes", "description": "What was added, changed, withdrawn or merged, in order."},
    {"name": "citations", "description": "Queries that are frozen with a release, to be cited."},
    {"name": "sources", "description": "Harvested websites and how they fare."},
    {"name": "conflicts", "description": "Where sources contradict each other."},
    {"name": "runs", "description": "What each visit of a source found."},
    {"name": "topics", "description": "What offers are about."},
    {"name": "comparison", "description": "Networks and regions beside each other, in figures."},
    {"name": "health", "description": "Whether this server is well."},
]
_LEVEL = 5  # of gzip: 9 takes thrice as long for three percent
_SMALLEST_GZIP = 1_000  # bytes; below, the packet is the same


def create_app(settings: Settings) -> FastAPI:
    """Build the application. Opens the index; the database is connected to on first use."""
    gazetteer = load_gazetteer(settings.places_dir)
    searcher = open_searcher(settings.index_dir, gazetteer)
    reading = open_reading(settings, searcher.seq)

    @asynccontextmanager
    async def lifespan(app: FastAPI) -> AsyncIterator[None]:
        await run_in_threadpool(app.state.searcher.prepare)
        await run_in_threadpool(rendering.prepare)
        yield
        app.state.past.close()
        app.state.unanswered.close()
        reading.close()

    app = FastAPI(
        title="netzlotse",
        version=version("netzlotse"),
        description=_DESCRIPTION,
        openapi_tags=_TAGS,
        docs_url=None,  # the packaged viewers load scripts from foreign hosts
        redoc_url=None,
        lifespan=lifespan,
    )
    app.state.settings = settings
    app.state.reading = reading
    app.state.engine = reading.primary
    app.state.reception = Reception()
    app.state.gazetteer = gazetteer
    app.state.searcher = searcher
    app.state.past = PastIndexes(settings.past_dir, settings.index_engine, searcher.beside)
    app.state.shelf = Shelf(reading, settings, gazetteer)
    app.state.unanswered = Unanswered(partial(note, reading.primary))
    app.state.metrics = Metrics(reading, searcher, settings.index_dir, settings.lease_seconds)
    problems.install(app)
    app.state.hsds = hsds.create(app.state)
    app.mount("/hsds", app.state.hsds)
    for resource in (
        offers,
        suggest,
        corrections,
        changes,
        citations,
        histories,
        networks,
        sources,
        conflicts,
        runs,
        topics,
        compared,
        health,
    ):
        app.include_router(resource.router, dependencies=[json_only])
    app.include_router(pages.router, include_in_schema=False)
    app.include_router(citations.pages, include_in_schema=False)
    app.include_router(editions.router, include_in_schema=False)
    app.include_router(feeds.router, include_in_schema=False)
    app.include_router(regions.router, include_in_schema=False)
    app.include_router(comparison.router, include_in_schema=False)
    app.include_router(comparison_downloads.router, include_in_schema=False)
    app.include_router(reports.router, include_in_schema=False)
    app.include_router(notices.router, include_in_schema=False)
    app.include_router(board.router, include_in_schema=False)
    app.include_router(corrections.pages, include_in_schema=False)
    app.include_router(histories.pages, include_in_schema=False)
    app.include_router(metrics.router)
    app.include_router(wellknown.router)
    app.include_router(sitemap.router)
    embedding.install(app)
    admin.install(app, settings)
    app.mount("/static", StaticFiles(directory=Path(__file__).parent / "static"), name="static")
    app.add_middleware(BodyLimit)
    app.add_middleware(_compressed)
    problems.describe(app)
    meaning.describe(app)
    # Outside even of Starlette's answer to a crash, hence not by add_middleware.
    stack = app.build_middleware_stack
    app.build_middleware_stack = lambda: _around(stack(), app)  # type: ignore[method-assign]
    return app


def _compressed(app: ASGIApp) -> ASGIApp:
    return GZipMiddleware(app, minimum_size=_SMALLEST_GZIP, compresslevel=_LEVEL)


def _around(inner: ASGIApp, app: FastAPI) -> ASGIApp:
    settings = app.state.settings
    door = SearchDoor(LanguagePaths(inner), app, _compressed)
    kept = KeptAnswers(Shedding(door, settings.waiting_requests), app.state.searcher)
    limited = RateLimit(kept, Buckets(settings.rate_limit)) if settings.rate_limit else kept
    known = metrics.resources(app.routes)
    safe = Crashes(limited, partial(metrics.resource, known=known))
    return Headers(Counting(Hosts(safe, settings.hosts), app.state.metrics, known))
