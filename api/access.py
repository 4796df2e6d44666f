"""What a route is given: a session on the record, a reader of the index."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import Annotated, Any, TypeVar

from anyio import CapacityLimiter
from anyio.to_thread import run_sync
from fastapi import Depends, Path, Request
from sqlmodel import Session

from aggregator.index.base import Query
from aggregator.index.directory import LiveSearcher
from aggregator.store.reading import Reading
from api.filters import PUBLISHED


def reading(request: Request) -> Reading:
    """The record, for an answer that only reads it."""
    found: Reading = request.app.state.reading
    return found


def _record(request: Request) -> Iterator[Session]:
    with reading(request).session() as session:
        yield session


def _newest(request: Request) -> Iterator[Session]:
    with Session(request.app.state.engine) as session:
        yield session


async def _searcher(request: Request) -> LiveSearcher:
    searcher: LiveSearcher = request.app.state.searcher
    return searcher


IDENTIFIER = r"^[A-Za-z0-9._:-]{1,200}$"
"""What an id may look like; nothing else is asked of the database (PostgreSQL refuses NUL)."""
Identifier = Annotated[str, Path(pattern=IDENTIFIER, description="Its id.")]
T = TypeVar("T")
_WATCH = CapacityLimiter(2)


async def watching(work: Callable[..., T], *args: Any) -> T:  # noqa: ANN401 - handed on
    """Run `work` in a thread kept for it: monitoring sees what happens while all are busy."""
    return await run_sync(work, *args, limiter=_WATCH)


Record = Annotated[Session, Depends(_record)]
Newest = Annotated[Session, Depends(_newest)]
"""The record as it is this moment, never a replica's: for who has just written, or decides."""
Index = Annotated[LiveSearcher, Depends(_searcher)]


def published_counts(searcher: LiveSearcher, *fields: str) -> Mapping[str, Mapping[str, int]]:
    """How many published offers there are a value of these fields."""
    found = searcher.search(Query(filters={"status": PUBLISHED}, facets=fields, limit=1))
    return {field: found.facets.get(field, {}) for field in fields}
