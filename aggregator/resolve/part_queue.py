"""Providers and places that may be one under two names: what a person should judge."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from functools import lru_cache
from itertools import combinations
from typing import Any

from pydantic import BaseModel
from rapidfuzz import fuzz
from sqlalchemy import Engine
from sqlmodel import Session, col, func, select

from aggregator.resolve import naming, whereabouts
from aggregator.resolve.contact import ONE_PROVIDER, one_provider
from aggregator.resolve.judgements import JudgementError, is_persons, standing
from aggregator.resolve.lexicon import is_place
from aggregator.store.tables import ChangeRow, JudgementRow, Level, ListingRow, PartRow, Presence

_ALIKE = 80
"""Likeness of two streets from which on a person is asked whether they are one."""
_COLUMNS = {
    Level.ORGANIZATION: ListingRow.organization_part,
    Level.LOCATION: ListingRow.location_part,
}


class PartQuestion(BaseModel):
    """Two names of providers, or two addresses, of one region or postcode."""

    level: Level
    left_id: str
    right_id: str
    left: str
    right: str
    listings: int
    """How many listings name the rarer one: what an answer moves."""


def words_of(part: PartRow) -> str:
    """A provider or a place as a person reads it."""
    said = part.stated
    if part.level is Level.ORGANIZATION:
        return str(said.get("name", ""))
    town = " ".join(filter(None, (said.get("postcode"), said.get("city"))))
    return ", ".join(filter(None, (said.get("street"), town)))


def part_queue(session: Session) -> list[PartQuestion]:
    """All open questions, those that move most first; what a person judged is not asked again."""
    found: list[PartQuestion] = []
    for level, column in _COLUMNS.items():
        named = Counter[str]()
        for part, count in session.exec(
            select(column, func.count())
            .where(col(column).is_not(None), ListingRow.presence == Presence.PRESENT)
            .group_by(col(column))
        ):
            named[str(part)] = count
        query = select(PartRow).where(PartRow.level == level, PartRow.block != "")
        parts = [row for row in session.exec(query) if row.id in named]
        judged = {pair for pair, row in standing(session, named, level).items() if is_persons(row)}
        for left, right in _alike(parts):
            pair = (min(left.id, right.id), max(left.id, right.id))
            if left.cluster_id != right.cluster_id and pair not in judged:
                found.append(_question(left, right, min(named[left.id], named[right.id])))
    return sorted(found, key=lambda one: (-one.listings, one.left_id, one.right_id))


def _question(left: PartRow, right: PartRow, listings: int) -> PartQuestion:
    left, right = sorted((left, right), key=lambda row: row.id)
    return PartQuestion(
        level=left.level,
        left_id=left.id,
        right_id=right.id,
        left=words_of(left),
        right=words_of(right),
        listings=listings,
    )


def _alike(parts: Sequence[PartRow]) -> Iterator[tuple[PartRow, PartRow]]:
    """Pairs of one block that share a telling word of the name, or house number and likeness."""
    groups: defaultdict[tuple[str, str], list[PartRow]] = defaultdict(list)
    for row in parts:
        for key in _keys(row):
            groups[row.block, key].append(row)
    seen: set[tuple[str, str]] = set()
    for group in groups.values():
        for left, right in combinations(group, 2):
            if (left.id, right.id) not in seen and _may_be_one(left, right):
                seen.add((left.id, right.id))
                yield left, right


def _keys(part: PartRow) -> frozenset[str]:
    if part.level is Level.ORGANIZATION:
        return frozenset(one for one in naming.provider(part.stated["name"]) if not is_place(one))
    return frozenset((whereabouts.street(part.stated.get("street") or "")[1],)) - {""}


def _may_be_one(left: PartRow, right: PartRow) -> bool:
    if left.level is Level.ORGANIZATION:
        a, b = (naming.provider(one.stated["name"]) for one in (left, right))
        return one_provider(a, b) == ONE_PROVIDER
    one, other = (whereabouts.street(part.stated.get("street") or "")[0] for part in (left, right))
    return fuzz.ratio(one, other) >= _ALIKE


def count_part_questions(session: Session) -> int:
    """How many questions are open, counted anew only when something changed."""
    state = session.exec(
        select(
            select(func.count()).select_from(PartRow).scalar_subquery(),
            select(func.max(ChangeRow.seq)).scalar_subquery(),
            select(func.max(JudgementRow.id)).scalar_subquery(),
            select(func.count(col(JudgementRow.undone_at))).scalar_subquery(),
        )
    ).one()
    return _counted(session.get_bind().engine, tuple(state))


@lru_cache(maxsize=8)
def _counted(engine: Engine, _state: tuple[Any, ...]) -> int:
    with Session(engine) as session:
        return len(part_queue(session))


def find_part(session: Session, level: Level, name: str) -> PartRow:
    """What is named by its id, by the name of a provider or by the address of a place.

    Raises JudgementError where nothing or more than one thing is.
    """
    row = session.get(PartRow, name)
    if row is not None and row.level is level:
        return row
    found = [
        row
        for row in session.exec(select(PartRow).where(PartRow.level == level))
        if words_of(row).casefold() == name.strip().casefold()
    ]
    if not found:
        raise JudgementError(f"{name}: no {level} of this id or name")
    if len(found) > 1:
        ids = ", ".join(sorted(row.id for row in found))
        raise JudgementError(f"{name}: several are named so; say which by its id: {ids}")
    return found[0]


def check_pair(left: PartRow, right: PartRow) -> None:
    """Raise JudgementError for two that can never be one: they are of two regions."""
    if left.level is not right.level or left.block != right.block or not left.block:
        raise JudgementError(
            f"{words_of(left)} | {words_of(right)}: only providers of one Kreis, and addresses of "
            "one postcode, can be one"
        )
