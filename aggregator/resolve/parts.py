"""Providers and places: which of the names that listings give them are names of one.

Far stricter than for offers: a wrong merge here would hide it in all offers of two providers.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from itertools import combinations
from typing import Any

from rapidfuzz import fuzz
from sqlmodel import Session, col, func, select

from aggregator.hsds.location import region
from aggregator.identity import location_id, organization_id
from aggregator.listing import Listing
from aggregator.offer import Offer
from aggregator.resolve import naming, whereabouts
from aggregator.resolve.clustering import Edge, clusters
from aggregator.resolve.comparison import Judgement
from aggregator.resolve.judgements import standing
from aggregator.resolve.lexicon import is_place
from aggregator.store.tables import Level, ListingRow, PartRow

_ALIKE = 94
_KREIS = 5


@dataclass(frozen=True, slots=True)
class Part:
    """A provider or a place as it is named; `block` "" where it can be one with no other."""

    id: str
    level: Level
    block: str
    stated: dict[str, Any]


def provider_of(one: Listing | Offer) -> Part | None:
    """The provider that is named; None where none is."""
    if not one.provider:
        return None
    where = region(one)
    return Part(
        organization_id(one.provider, where),
        Level.ORGANIZATION,
        f"organization:{where[:_KREIS]}" if where else "",
        {"name": one.provider},
    )


def place_of(one: Listing | Offer) -> Part | None:
    """The place that is named by an address; None where there is none."""
    if not one.street and not one.postcode and not one.city:
        return None
    return Part(
        location_id(one.street, one.postcode, one.city),
        Level.LOCATION,
        f"location:{one.postcode}" if one.postcode and one.street else "",
        {"street": one.street, "postcode": one.postcode, "city": one.city},
    )


def one_provider(left: str, right: str) -> str:
    """Why two names are of one provider of a region; "" where that is not sure."""
    a, b = naming.provider(left), naming.provider(right)
    places_a, places_b = set(filter(is_place, a)), set(filter(is_place, b))
    if not a - places_a or a - places_a != b - places_b:
        return ""
    if places_a and places_b and places_a.isdisjoint(places_b):
        return ""
    return "one name but for legal form, abbreviation or town"


def one_place(left: dict[str, Any], right: dict[str, Any]) -> str:
    """Why two addresses of one postcode are one place; "" where that is not sure."""
    one, house = whereabouts.street(left.get("street") or "")
    other, other_house = whereabouts.street(right.get("street") or "")
    if house and house == other_house and fuzz.ratio(one, other) >= _ALIKE:
        return "one address in two spellings"
    return ""


def why_one(left: PartRow, right: PartRow) -> str:
    """Why the rules hold two parts to be one; "" where they are not sure."""
    if left.block != right.block or not left.block:
        return ""
    if left.level is Level.ORGANIZATION:
        return one_provider(left.stated["name"], right.stated["name"])
    return one_place(left.stated, right.stated)


def keep_parts(
    session: Session, rows: Iterable[ListingRow], listings: Mapping[str, Listing]
) -> set[str]:
    """Note whom and where these listings name, and find anew who is one.

    Returns the ids of all parts that are published by another id than before.
    """
    blocks: set[str] = set()
    for row in rows:
        listing = listings.get(row.id)
        named = (provider_of(listing), place_of(listing)) if listing else (None, None)
        before = row.organization_part, row.location_part
        row.organization_part, row.location_part = (part.id if part else None for part in named)
        after = row.organization_part, row.location_part
        for part in named:
            if part and session.get(PartRow, part.id) is None:
                session.add(
                    PartRow(
                        id=part.id,
                        level=part.level,
                        block=part.block,
                        stated=part.stated,
                        cluster_id=part.id,
                    )
                )
                session.flush()
        if before != after:
            blocks |= _blocks(session, {*before, *after})
    session.flush()
    moved: set[str] = set()
    for block in sorted(blocks):
        moved |= _cluster(session, block)
    return moved


def decided(session: Session, part_ids: Iterable[str]) -> set[str]:
    """Cluster anew after a person judged of these parts; the parts whose id changed."""
    moved: set[str] = set()
    for block in sorted(_blocks(session, set(part_ids))):
        moved |= _cluster(session, block)
    return moved


def published_ids(session: Session, offer: Offer) -> tuple[str | None, str | None]:
    """By which ids the provider and the place of an offer are known."""
    return _published_id(session, provider_of(offer)), _published_id(session, place_of(offer))


def _published_id(session: Session, part: Part | None) -> str | None:
    if part is None:
        return None
    row = session.get(PartRow, part.id)
    return row.cluster_id if row else part.id


def _blocks(session: Session, part_ids: Iterable[str | None]) -> set[str]:
    rows = (session.get(PartRow, one) for one in part_ids if one)
    return {row.block for row in rows if row and row.block}


def _cluster(session: Session, block: str) -> set[str]:
    """Who is one within a block: the parts that some listing names now."""
    parts = {row.id: row for row in session.exec(select(PartRow).where(PartRow.block == block))}
    level = next(iter(parts.values())).level
    column = (
        ListingRow.organization_part if level is Level.ORGANIZATION else ListingRow.location_part
    )
    named = session.exec(
        select(col(column), func.min(col(ListingRow.first_seen)))
        .where(col(column).in_(select(PartRow.id).where(PartRow.block == block)))
        .group_by(col(column))
    )
    first = {part: seen for part, seen in named if part}
    people = {
        pair: row for pair, row in standing(session, first, level).items() if {*pair} <= {*first}
    }
    edges = [
        Edge(*pair, 1.0, same=row.verdict == Judgement.SAME, decided=True)
        for pair, row in people.items()
        if row.verdict != Judgement.UNSURE
    ]
    for left, right in _alike(parts, first, level):
        if (left, right) not in people:
            edges.append(Edge(left, right, 0.9))
    moved: set[str] = set()
    for cluster in clusters(sorted(first), edges, {one: one for one in first}):
        oldest = min(cluster, key=lambda one: (first[one], one))
        for one in cluster:
            if parts[one].cluster_id != oldest:
                parts[one].cluster_id = oldest
                moved.add(one)
    for one in parts.keys() - first.keys():
        parts[one].cluster_id = one
    session.flush()
    return moved


def _alike(
    parts: dict[str, PartRow], named: Iterable[str], level: Level
) -> Iterable[tuple[str, str]]:
    groups: defaultdict[object, list[str]] = defaultdict(list)
    for one in sorted(named):
        stated = parts[one].stated
        if level is Level.ORGANIZATION:
            terms = naming.provider(stated["name"])
            groups[frozenset(t for t in terms if not is_place(t))].append(one)
        else:
            groups[whereabouts.street(stated.get("street") or "")[1]].append(one)
    for group in groups.values():
        for left, right in combinations(group, 2):
            if why_one(parts[left], parts[right]):
                yield left, right
