"""Filters as trees: who says yes to them, who does not say, and what holds whatever the words."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any

from aggregator.index import opening
from aggregator.index.analysis import clean
from aggregator.index.around import circle, position
from aggregator.index.base import ALWAYS_STATED, NEAR, Origin
from aggregator.index.engine import Engine
from aggregator.index.opening import NOW, open_at, slot
from aggregator.index.tree import (
    UNKNOWN,
    Everything,
    Node,
    SeenSince,
    Values,
    Without,
    best,
    every,
)
from aggregator.vocabulary.regions import COUNTRY, ancestors

PLACE = frozenset((NEAR, "region", "city", "postcode", "district"))
"""Filters that name a place."""

Soft = tuple[Node, Node | None]


@dataclass(frozen=True, slots=True)
class Bounds:
    """What holds whatever the words.

    `soft`: filter -> (says yes, says nothing); the second is None where every offer says.
    """

    firm: tuple[Node, ...]
    soft: Mapping[str, Soft]
    excluded: tuple[Node, ...]
    own: Mapping[str, tuple[Node, ...]]
    """Filter -> which of `firm` and `excluded` are its own."""

    def without(self, name: str) -> Bounds:
        """The same without a filter."""
        own = self.own.get(name, ())
        return replace(
            self,
            firm=tuple(node for node in self.firm if node not in own),
            excluded=tuple(node for node in self.excluded if node not in own),
            soft={other: both for other, both in self.soft.items() if other != name},
        )

    def yes(self, words: Node | None) -> Node:
        """Offers that say yes to everything."""
        return self._within(words, *(yes for yes, _ in self.soft.values()))

    def unstated(self, words: Node | None) -> Node | None:
        """Offers that contradict nothing and leave something open."""
        # No offer says yes to a filter and nothing about it at once, so that those that say
        # something to all of them need not be taken out again.
        silent = [silent for _, silent in self.soft.values() if silent]
        if not silent:
            return None
        if len(self.soft) == 1:
            return self._within(words, *silent)
        either = (best(yes, nothing) if nothing else yes for yes, nothing in self.soft.values())
        return self._within(words, *either, best(*silent))

    def anywhere(self) -> Bounds:
        """The same without the place."""
        soft = {name: both for name, both in self.soft.items() if name not in PLACE}
        return replace(self, soft=soft)

    def _within(self, words: Node | None, *soft: Node) -> Node:
        found = every(Everything() if words is None else words, *self.firm, *soft)
        return Without(found, self.excluded) if self.excluded else found


class Filters:
    """Makes trees of filters for one state of the index at one moment."""

    def __init__(self, engine: Engine, now: datetime) -> None:
        self._engine, self._now = engine, now

    def bounds(
        self,
        filters: Mapping[str, tuple[str, ...]],
        phrases: Sequence[Node],
        excluded: Sequence[Node],
        around: tuple[Origin, float] | None,
        seen_since: date | None,
    ) -> Bounds:
        """What holds of every hit; `around` is a circle, its radius in kilometres."""
        firm, gone = [*phrases], [*excluded]
        soft: dict[str, Soft] = {}
        own: dict[str, tuple[Node, ...]] = {}
        for name, values in filters.items():
            if not values:
                continue
            if name == "status":
                own[name] = self._other(name, frozenset(map(clean, values)))
                gone += own[name]
            elif name in ALWAYS_STATED:
                own[name] = (Values(name, tuple(map(clean, values))),)
                firm += own[name]
            else:
                soft[name] = self._filter(name, tuple(map(clean, values)))
        if around is not None:
            soft[NEAR] = circle(self._engine, *around), self._silent("spot")
        if seen_since is not None:
            firm.append(SeenSince(seen_since.toordinal()))
        return Bounds(tuple(firm), soft, tuple(gone), own)

    def _silent(self, name: str, *wider: str) -> Node | None:
        """The offers that do not say, or only something wider; None where there are none."""
        held = tuple(value for value in (UNKNOWN, *wider) if self._engine.holds(name, value))
        return Values(name, held) if held else None

    def _other(self, name: str, values: frozenset[str]) -> tuple[Node, ...]:
        """The offers of all other values of a field of which every offer has exactly one.

        Those that are wanted are nearly all: the others are soon left out.
        """
        others = tuple(value for value, _ in self._engine.values(name, "") if value not in values)
        return (Values(name, others),) if others else ()

    def _filter(self, name: str, values: tuple[str, ...]) -> Soft:
        """The offers that say yes to a filter, and those that do not say."""
        if name == "region":
            begun = ("" if value == COUNTRY else value for value in values)
            keys = dict.fromkeys(
                key
                for start in begun
                for key, _ in self._engine.values(name, start)
                if key != UNKNOWN
            )
            # A key begins with those of Kreis and Land around it, whether we know them or not.
            around = {value[:length] for value in values for length in (2, 5, 8)}
            wider = around.union(*map(ancestors, values)) - keys.keys()
            return Values(name, tuple(keys)), self._silent(name, *wider)
        if name == "open":
            return self._open(frozenset(values))
        return Values(name, values), self._silent(name)

    def _open(self, values: frozenset[str]) -> Soft:
        ways: list[Node] = []
        silent = [node for node in (self._silent("open"),) if node]
        wanted = values - {NOW}
        days = opening.days(wanted)
        hours = opening.hours(wanted)
        if days and hours:
            ways.append(Values("slot", tuple(slot(day, hour) for day in days for hour in hours)))
        elif wanted:
            ways.append(Values("open", tuple(sorted(wanted))))
        if NOW in values:
            here = Values("slot", (slot(self._now.weekday(), self._now.hour),))
            states = {
                entry: open_at(entry, self._now)
                for entry in self._engine.counts(here, ("hours",)).values["hours"]
            }
            ways.append(Values("hours", tuple(e for e, state in states.items() if state)))
            unsure = tuple(e for e, state in states.items() if state is None)
            if unsure:
                silent.append(every(here, Values("hours", unsure)))
        agreed = best(*ways)
        if not silent:
            return agreed, None
        # What may be open now may be open on a Monday for certain.
        unstated = best(*silent)
        return agreed, Without(unstated, (agreed,)) if len(ways) > 1 else unstated


def is_silent(offer: Mapping[str, Any], name: str) -> bool:
    """Whether an offer, which contradicts no filter, leaves this one open."""
    if name == NEAR:
        return position(offer) is None
    if name == "open":
        return True  # hours that were understood may still be unsure today
    value = offer.get("region_key" if name == "region" else name)
    return name == "region" or value is None or value in ("", [])
