"""Pages of regions: what there is for single parents in one place, by topic."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from types import MappingProxyType

from fastapi import APIRouter, Request
from starlette.responses import RedirectResponse, Response

from aggregator.catalogue.networks import list_networks
from aggregator.catalogue.sources import source_titles
from aggregator.index.base import Hit, Query, Sort
from aggregator.index.directory import LiveSearcher
from aggregator.index.opening import berlin
from aggregator.offer import Offer
from aggregator.store.reading import Reading
from aggregator.vocabulary.folding import fold
from aggregator.vocabulary.regions import COUNTRY, REGIONS, ancestors, region_name
from aggregator.vocabulary.topics import TOPICS
from api.access import Identifier, Index, Record, published_counts, reading
from api.filters import PUBLISHED
from api.hits import offers
from api.pages import open_today
from api.problems import not_found
from api.rendering import page
from api.wording import wording_of

router = APIRouter()
_EACH = 4  # offers shown of a topic
_NEAREST = 10


@dataclass(frozen=True, slots=True)
class Place:
    """A region as a link, with the number of its offers."""

    key: str
    name: str
    slug: str
    offers: int = 0


@dataclass(frozen=True, slots=True)
class Group:
    """The offers of a region whose main topic is one; `total` counts all that have it."""

    code: str
    total: int
    offers: Sequence[Offer]


@router.get("/regionen")
def region_list(request: Request, record: Record, searcher: Index) -> Response:
    """Every region that has an offer or a network, by Land."""
    counts = _counts(searcher)
    keys = {*counts, *(n.region for n in list_networks(record) if n.region in REGIONS)}
    known = sorted({*keys, *(a for key in keys for a in ancestors(key))} - {COUNTRY})
    places = {key: _place(key, counts) for key in known if key in REGIONS}
    groups = [
        (
            land,
            sorted(
                (p for key, p in places.items() if key.startswith(land.key) and key != land.key),
                key=lambda place: fold(place.name),
            ),
        )
        for land in sorted(
            (p for key, p in places.items() if len(key) == 2), key=lambda p: fold(p.name)
        )
    ]
    return page(request, "regionen.html", groups=groups)


@router.get("/region/{name}")
def region(request: Request, name: Identifier, record: Record, searcher: Index) -> Response:
    """Alleinerziehend in Pankow: offers by topic, networks, and where there is none the nearest.

    `name` is an official key or a slug; a key leads to the slug.
    """
    key = _by_slug().get(fold(name), name)
    if key not in REGIONS:
        raise not_found("Eine Region", "region", name)
    if name != slug_of(key):
        return RedirectResponse(request.url_for("region", name=slug_of(key)), 308)
    here = {"status": PUBLISHED} | ({} if key == COUNTRY else {"region": (key,)})
    counted = searcher.search(Query(filters=here, facets=("topics",), limit=1, unstated=False))
    totals = counted.facets.get("topics", {})
    groups = []
    for code in sorted(totals, key=lambda code: (-totals[code], list(TOPICS).index(code))):
        asked = {**here, "topics": (code,)}
        hits = searcher.search(Query(filters=asked, limit=_EACH, unstated=False)).items
        groups.append(Group(code, totals[code], offers(reading(request), hits)))
    nearest = [] if counted.total else _nearest(reading(request), searcher, key)
    networks = list_networks(record)
    shown = [(offer, None) for group in groups for offer in group.offers]
    return page(
        request,
        "region.html",
        key=key,
        name=region_name(key),
        slug=slug_of(key),
        around=[_place(one, {}) for one in ancestors(key) if one != COUNTRY],
        total=counted.total,
        topics=groups,
        networks=[n for n in networks if key in {n.region, *ancestors(n.region)}]
        or [n for n in networks if n.region in ancestors(key) and n.region != COUNTRY],
        names={n.id: n.name for n in networks},
        titles=source_titles(record),
        nearest=nearest,
        open_today=open_today([*shown, *nearest], berlin(None), wording_of(request)),
    )


def with_offers(searcher: LiveSearcher) -> Sequence[str]:
    """The keys of regions in which there are offers."""
    return sorted(_counts(searcher))


def slug_of(key: str) -> str:
    """The name of a region as it stands in addresses; the key where two would be the same."""
    return _slugs()[key]


def _nearest(record: Reading, searcher: Index, key: str) -> list[tuple[Offer, Hit]]:
    origin = searcher.place(region_name(key))
    if origin is None:
        return []
    asked = Query(filters={"status": PUBLISHED}, near=origin, radius=100.0, limit=_NEAREST,
                  sort=Sort.DISTANCE, unstated=False)  # fmt: skip
    hits = searcher.search(asked).items
    return list(zip(offers(record, hits), hits, strict=True))


def _counts(searcher: Index) -> Mapping[str, int]:
    """Offers of every region, those of the regions inside it too."""
    found: dict[str, int] = {}
    for key, number in published_counts(searcher, "region")["region"].items():
        for one in {key, *ancestors(key)}:
            found[one] = found.get(one, 0) + number
    return found


def _place(key: str, counts: Mapping[str, int]) -> Place:
    return Place(key, region_name(key), slug_of(key), counts.get(key, 0))


@cache
def _slugs() -> Mapping[str, str]:
    taken: dict[str, str] = {}
    for key in sorted(REGIONS, key=lambda key: (len(key), key)):
        slug = "-".join("".join(c if c.isalnum() else " " for c in fold(region_name(key))).split())
        taken.setdefault(slug, key)
    by_key = {key: slug for slug, key in taken.items()}
    return MappingProxyType({key: by_key.get(key, key) for key in REGIONS})


@cache
def _by_slug() -> Mapping[str, str]:
    return MappingProxyType({slug: key for key, slug in _slugs().items()})
