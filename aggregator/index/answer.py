"""Answers of a read index: from a query to hits, whatever engine holds the offers.

First those that say yes to every filter, then those that do not say. All words if that finds
anything, else most, else one; few hits are joined by similar ones. In a place without a hit the
nearest ones elsewhere are told.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from aggregator.index import opening, synonyms, understanding
from aggregator.index.around import circle, distance, nowhere, position, spot_distance
from aggregator.index.base import (
    FILTERS,
    NEAR,
    Hit,
    Hits,
    Matched,
    Origin,
    Query,
    Sort,
    Suggestion,
)
from aggregator.index.bounds import PLACE, Bounds, Filters, is_silent
from aggregator.index.engine import DEEPEST, Counts, Engine, Found, Order
from aggregator.index.opening import berlin
from aggregator.index.plan import Plan
from aggregator.index.question import Question, parse, query_terms
from aggregator.index.suggest import Names, Suggester
from aggregator.index.topic import topics_of
from aggregator.index.tree import (
    UNKNOWN,
    Bonus,
    Node,
    Values,
    best,
    every,
)
from aggregator.index.understanding import NOTHING, Places, Reading, read
from aggregator.places.places import Gazetteer

FEW = 3
"""With fewer hits than this, similar words are tried too."""

FARTHEST = 200.0
"""Kilometres of the widest circle."""

_RINGS = (25.0, 50.0)
"""Kilometres in which the nearest is looked for, one after the other."""
_NEAREST = 3
_MANY = 2_000
_STEP = 500
"""Hits of a walk that are read together."""


@dataclass(frozen=True, slots=True)
class Geography:
    """What is known of places; made once and shared by every state of the index."""

    gazetteer: Gazetteer
    places: Places
    names: Names

    @classmethod
    def of(cls, gazetteer: Gazetteer) -> Geography:
        """Everything that a gazetteer tells."""
        return cls(gazetteer, Places(gazetteer), Names(gazetteer))


@dataclass(frozen=True, slots=True)
class _Asked:
    """A query as it was understood."""

    query: Query
    reading: Reading
    question: Question
    bounds: Bounds
    near: Origin | None
    radius: float | None
    topics: tuple[str, ...]
    """What the words are about, as far as the topic rules tell."""

    @property
    def ranked(self) -> bool:
        """Whether there are words to score by."""
        return self.question.asks or bool(self.question.welcome)

    def without_reading(self) -> _Asked | None:
        """The same without the filters that were read from the words, but for places."""
        told = tuple(one for one in self.reading.understood if one.parameter in PLACE)
        if len(told) == len(self.reading.understood):
            return None
        dropped = {one.parameter for one in self.reading.understood} - PLACE
        kept = {name: both for name, both in self.bounds.soft.items() if name not in dropped}
        return replace(
            self,
            reading=replace(self.reading, understood=told),
            bounds=replace(self.bounds, soft=kept),
        )


class Snapshot:
    """One state of the index. Answers are made from it alone; a newer state is a new snapshot."""

    def __init__(
        self, engine: Engine, seq: int, geography: Geography, before: Snapshot | None = None
    ) -> None:
        """What takes long to learn is taken over from `before` until `prepare` is done."""
        self._engine = engine
        self.plan: Plan = Plan(engine, before.plan if before else None)
        self._geography = geography
        self.suggester: Suggester | None = None
        if before and before.suggester:
            self.suggester = Suggester(engine, geography.names, before.suggester)
        self.seq = seq

    def prepare(self) -> None:
        """Learn what answers need and the first one would wait for."""
        opening.prepare(berlin(None).date())
        understanding.prepare()
        self.plan.learn()
        self.suggester = Suggester(self._engine, self._geography.names)

    def settle(self) -> None:
        """Make what many answers will need, where this state is to stay for a while."""
        self._engine.settle()

    def search(self, query: Query) -> Hits:
        """Answer a query (see `aggregator.index.base.Searcher`).

        Raises ValueError for a filter or facet that is none of FILTERS.
        """
        _check(query)
        asked = self._asked(query)
        # What was read as a filter (and is no place) may contradict the only offers there are.
        lenient = asked.without_reading()
        place = not PLACE.isdisjoint(asked.bounds.soft)
        for words, matched in self.plan.candidates(asked.question, asked.topics):
            if hits := self._hits(asked, words, matched):
                if place and not hits.total and query.offset <= 0:
                    return replace(hits, nearest=self._nearest(asked, words))
                return hits
            if lenient and (hits := self._hits(lenient, words, matched)):
                return hits
            if place and (nearest := self._nearest(lenient or asked, words)):
                return self._alike(lenient or asked) or self._none(
                    lenient or asked, nearest, matched
                )
        if asked.reading.read:
            return self.search(replace(query, understand=False))
        return self._none(asked, (), "all")

    def walk(self, query: Query) -> Iterator[Hit]:
        """All that `search` finds, as many as there are: in its order while pages go so far.

        Beyond, hits come source by source, because the engine keeps a page with all before it.
        """
        query = replace(query, now=berlin(query.now))
        first = self.search(replace(query, facets=(), offset=0, limit=_STEP))
        whole = first.total + (first.unstated if query.unstated else 0)
        if whole > DEEPEST:
            yield from self._by_source(query, first)
            return
        yield from first.items
        for offset in range(_STEP, whole, _STEP):
            yield from self.search(replace(query, facets=(), offset=offset, limit=_STEP)).items

    def _by_source(self, query: Query, first: Hits) -> Iterator[Hit]:
        """Hits in parts that are small; an offer of several sources is the first one's."""
        asked = self._asked(query)
        if first.understood != asked.reading.understood:
            asked = asked.without_reading() or self._asked(replace(query, understand=False))
        words = next(
            node
            for node, matched in self.plan.candidates(asked.question, asked.topics)
            if matched == first.matched
            and self._engine.total(asked.bounds.yes(node)) == first.total
        )
        silent = asked.bounds.unstated(words) if query.unstated else None
        for node in [asked.bounds.yes(words), *([silent] if silent else [])]:
            for source, _ in sorted(self._engine.values("sources", "")):
                part = every(node, Values("sources", (source,)))
                offset, total = 0, 1
                while offset < min(total, DEEPEST):
                    found, total = self._engine.page(part, offset, _STEP, _order(asked))
                    offset += _STEP
                    for one in found:
                        hit = self._hit(asked, one, agreed=node is not silent)
                        if min(hit.offer["sources"]) == source:
                            yield hit

    @property
    def size(self) -> int:
        """How many offers there are."""
        return self._engine.size

    def corrected(self, text: str) -> dict[str, str]:
        """For "Meinten Sie": typed word -> known word, for words that no offer has."""
        found = parse(text).found
        if found and all(self._engine.frequency(word.form.terms[0]) for word in found):
            return {}  # most questions, and soon told
        return self.plan.corrected(query_terms(text))

    def suggest(self, text: str, limit: int) -> list[Suggestion]:
        """What somebody may be about to type."""
        if self.suggester is None:
            self.suggester = Suggester(self._engine, self._geography.names)
        return self.suggester.suggest(text, limit)

    def _asked(self, query: Query) -> _Asked:
        now = berlin(query.now)
        parsed = parse(query.text)
        reading = NOTHING
        if query.understand:
            chosen = {*query.filters, *([NEAR] if query.near else [])}
            reading = read(parsed, self._geography.places, now, chosen)
        question = parsed.question(reading.read, synonyms.sentences())
        near = query.near or reading.near
        radius = None if near is None else min(query.radius, FARTHEST)
        filters = {**reading.filters, **query.filters}
        bounds = Filters(self._engine, now).bounds(
            filters,
            [self.plan.phrase(terms) for terms in question.phrases],
            [self.plan.phrase(terms) for terms in question.excluded],
            None if near is None or radius is None else (near, radius),
            query.seen_since,
        )
        if near is None:
            near = self._centre(filters)
        meant = " ".join((parsed.text, *self.plan.corrected(question).values()))
        return _Asked(query, reading, question, bounds, near, radius, topics_of(meant))

    def _alike(self, asked: _Asked) -> Hits | None:
        """What there is about the same in the place asked for, under whatever name."""
        if not (asked.topics and asked.question.words):
            return None
        bounds = asked.bounds
        firm = replace(bounds, soft={k: (yes, None) for k, (yes, _) in bounds.soft.items()})
        about = self.plan.about(asked.question, asked.topics)
        return self._hits(replace(asked, bounds=firm), about, "some")

    def _hits(self, asked: _Asked, words: Node | None, matched: Matched) -> Hits | None:
        """A page of what some words find within the bounds; None for nothing."""
        query = asked.query
        # The engine reserves memory for offset + limit, so both are bounded before it sees them.
        limit = max(0, min(query.limit, DEEPEST - max(0, query.offset)))
        offset = max(0, query.offset) if limit else 0
        silent = asked.bounds.unstated(words)
        agreed = asked.bounds.yes(words)
        joined: Node | None = None
        found, (total, values) = self._page(asked, agreed, offset, limit)
        unstated = self._engine.total(silent) if silent else 0
        # Similar words in the place asked for are worth less than the right ones in no place.
        nowhere = unstated and not total and not PLACE.isdisjoint(asked.bounds.soft)
        if 0 < total + unstated < FEW and not nowhere and matched != "similar":
            nearly = self.plan.nearly(asked.question, matched)
            if nearly is not None and words is not None:
                joined = Bonus(best(words, nearly), (words,))  # those that fit count twice
                silent, agreed = asked.bounds.unstated(joined), asked.bounds.yes(joined)
                found, (total, values) = self._page(asked, agreed, offset, limit)
                unstated = self._engine.total(silent) if silent else 0
        if not total + unstated:
            return None
        if asked.near is None and asked.ranked:  # nothing is measured: most questions
            items = [Hit(float(score), flat, until) for score, (until, flat) in found]
        else:
            items = [self._hit(asked, one) for one in found]
        if silent and query.unstated and len(items) < limit:
            order = _order(asked)
            more, _ = self._engine.page(
                silent, max(0, offset - total), limit - len(items), order, unstated
            )
            items += (self._hit(asked, one, agreed=False) for one in more)
        return Hits(
            items,
            total,
            self._facets(asked.bounds, joined or words, query.facets, values),
            self.seq,
            unstated,
            asked.reading.understood,
            asked.near,
            asked.radius,
            (),
            matched,
        )

    def _none(self, asked: _Asked, nearest: Sequence[Hit], matched: Matched) -> Hits:
        return Hits(
            (), 0, {name: {} for name in asked.query.facets}, self.seq, 0,
            asked.reading.understood, asked.near, asked.radius, nearest, matched,
        )  # fmt: skip

    def _page(
        self, asked: _Asked, node: Node, offset: int, limit: int
    ) -> tuple[Sequence[Found], Counts]:
        """A page, and the counts of the facets that are not filtered by."""
        bounds, facets = asked.bounds, asked.query.facets
        others = [name for name in facets if name not in bounds.soft and name not in bounds.own]
        if asked.query.sort is Sort.DISTANCE and asked.near is not None:
            found, total = self._by_distance(node, asked.near, offset, limit)
            return found, self._engine.counts(node, others) if others else Counts(total, {})
        if others:
            return self._engine.counted_page(node, offset, limit, _order(asked), others)
        found, total = self._engine.page(node, offset, limit, _order(asked))
        return found, Counts(total, {})

    def _by_distance(
        self, node: Node, origin: Origin, offset: int, limit: int
    ) -> tuple[Sequence[Found], int]:
        """A page of the nearest first; those at one spot by score, then the rest by score.

        The spots of all hits are put in order by distance; only those of the page are fetched.
        """
        counts = dict(self._engine.counts(node, ("spot",)).values["spot"])
        lost = counts.pop(UNKNOWN, 0)
        ordered = sorted((spot_distance(origin, value), value) for value in counts)
        found: list[Found] = []
        passed = 0
        end = offset + limit
        for _, value in ordered:
            number = counts[value]
            if passed + number > offset and passed < end:
                at = max(0, offset - passed)
                here, _ = self._engine.page(
                    every(node, Values("spot", (value,))), at, min(end - passed, number) - at,
                    Order.SCORE,
                )  # fmt: skip
                found += here
            passed += number
            if passed >= end:
                break
        total = sum(counts.values())
        if lost and len(found) < limit:
            more, _ = self._engine.page(
                every(node, nowhere()), max(0, offset - total), limit - len(found), Order.SCORE
            )
            found += more
        return found, total + lost

    def _nearest(self, asked: _Asked, words: Node | None) -> Sequence[Hit]:
        """What the same words find elsewhere, the nearest first."""
        bounds = asked.bounds.anywhere()
        if asked.near is None:
            found, _ = self._engine.page(bounds.yes(words), 0, _NEAREST, _order(asked))
            return [self._hit(asked, one) for one in found]
        node = bounds.yes(words)
        total = self._engine.total(node)
        if not total:
            return ()
        # Where there are many the nearest is not far, and only a ring of them has to be sorted.
        for radius in _RINGS if total > _MANY else ():
            near = every(node, circle(self._engine, asked.near, radius))
            found, held = self._by_distance(near, asked.near, 0, _NEAREST)
            if held:
                return [self._hit(asked, one, elsewhere=True) for one in found]
        found, _ = self._by_distance(node, asked.near, 0, _NEAREST)
        hits = (self._hit(asked, one, elsewhere=True) for one in found)
        return [hit for hit in hits if hit.distance is not None]

    def _hit(
        self, asked: _Asked, found: Found, *, agreed: bool = True, elsewhere: bool = False
    ) -> Hit:
        until, flat = found.stored
        hit = Hit(float(found.score) if asked.ranked else 0.0, flat, until)
        # Within a region asked for nobody measures from its middle.
        measured = elsewhere or asked.radius is not None or asked.query.sort is Sort.DISTANCE
        if asked.near is not None and measured and (where := position(hit.offer)):
            away = distance(asked.near.lat, asked.near.lon, *where)
            approximate = asked.near.approximate or self._is_centre(hit.offer, where)
            hit = replace(hit, distance=away, approximate=approximate)
        if not agreed:
            silent = (name for name in asked.bounds.soft if is_silent(hit.offer, name))
            hit = replace(hit, unstated=tuple(silent))
        return hit

    def _is_centre(self, offer: Mapping[str, Any], where: tuple[float, float]) -> bool:
        """Whether a position is only that of the postcode or town: no address was known."""
        postcode, city = offer.get("postcode"), offer.get("city")
        place = self._geography.gazetteer.locate(postcode, city)
        if place is None or place.lat is None or place.lon is None:
            return False
        return (round(place.lat, 5), round(place.lon, 5)) == where

    def _centre(self, filters: Mapping[str, tuple[str, ...]]) -> Origin | None:
        """The middle of the one region or postcode asked for."""
        places = self._geography.places
        for name, centre in (("postcode", places.postcode), ("region", places.centre)):
            values = filters.get(name, ())
            if len(values) == 1:
                return centre(values[0])
        return None

    def _facets(
        self,
        bounds: Bounds,
        words: Node | None,
        facets: tuple[str, ...],
        counted: Mapping[str, Mapping[str, int]],
    ) -> Mapping[str, Mapping[str, int]]:
        """How many hits have which value of a field; those of some fields are `counted`.

        Values of one filter are alternatives: they are counted as if none of them was chosen.
        """
        values = dict(counted)
        for name in facets:
            if name not in values:
                values |= self._engine.counts(bounds.without(name).yes(words), (name,)).values
        return {name: _stated(values[name]) for name in facets}


def _check(query: Query) -> None:
    for what, names in (("filter", query.filters), ("facet", query.facets)):
        unknown = sorted(set(names) - set(FILTERS))
        if unknown:
            raise ValueError(f"no such {what}: {', '.join(unknown)}")


def _stated(counts: Mapping[str, int]) -> Mapping[str, int]:
    """Without those offers that say nothing."""
    if UNKNOWN not in counts:
        return counts
    return {value: count for value, count in counts.items() if value != UNKNOWN}


def _order(asked: _Asked) -> Order:
    if asked.query.sort is Sort.FRESHNESS:
        return Order.FRESH
    return Order.SCORE if asked.ranked else Order.TITLE
