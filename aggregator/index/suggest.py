"""What somebody may be about to type: topics, places, titles, providers.

Topics and places are few and kept in memory with the number of their offers; titles and providers
are values of the index, one for each of their first words, so that "insol" finds "Schuldner- und
Insolvenzberatung".
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from pydantic_core import from_json

from aggregator.index.analysis import clean, fold, forms, words
from aggregator.index.base import Suggestion, SuggestionKind
from aggregator.index.engine import Engine, Order
from aggregator.index.question import STOP
from aggregator.index.tree import UNKNOWN, Values
from aggregator.places.places import Gazetteer
from aggregator.vocabulary.regions import REGIONS
from aggregator.vocabulary.topics import TOPICS

LONGEST_TEXT = 80
"""Characters typed that are looked at, and characters of a title that are proposed."""

_SEPARATOR = "\x1f"
_KINDS: Mapping[str, SuggestionKind] = {"t": "title", "p": "provider"}
_STARTS = 3
"""Words of a title that it can be found by."""
_LOOKED_AT = 64
_QUICK = 3
"""Letters from which on titles are looked up: fewer begin nearly everything."""
_LENGTHS = (3, 4, 5, 6, 8)
"""Letters of the beginnings that are kept; what lies between two is looked up by the shorter."""
_COMMON = 3_000
"""Offers with a beginning from which on only the foremost are looked at, not all their titles."""


def entries(offer: Mapping[str, Any]) -> Iterator[str]:
    """The values of the index field `suggest`: folded words, kind, and the text as written."""
    for name, kind in (("title", "t"), ("provider", "p")):
        text = offer.get(name)
        if not isinstance(text, str) or not text:
            continue
        shown = " ".join(clean(text).split())[:LONGEST_TEXT]
        folded = [form.folded for form in forms(shown)]
        starts = [at for at, word in enumerate(folded) if word not in STOP][:_STARTS]
        for at in starts:
            yield _SEPARATOR.join((" ".join(folded[at : at + 4]), kind, shown))


def beginnings(entry: str) -> Iterator[str]:
    """The values of the index field `begins`: how the first word of one of `entries` begins."""
    word = entry.partition(_SEPARATOR)[0].partition(" ")[0]
    return (word[:length] for length in _LENGTHS if length <= len(word))


class Names:
    """The names of topics and places, which do not change with the index. Made once."""

    def __init__(self, gazetteer: Gazetteer) -> None:
        self._topics = [
            (key, text, code)
            for code, topic in TOPICS.items()
            for text in (topic.label["de"], *topic.alt.get("de", ()))
            for key in _keys(text)
        ]
        self._places = {
            name: tuple(_keys(name))
            for name in (
                *(region.name for region in REGIONS.values() if region.parent),
                *(town.name for town in gazetteer.towns.values()),
                *(row.name for rows in gazetteer.rows.values() for row in rows),
            )
        }

    def known(self, engine: Engine) -> dict[tuple[str, str], Suggestion]:
        """(folded beginning, text) -> proposal, with the numbers of an index."""
        topics = dict(engine.values("topics", ""))
        places = dict(engine.values("district", "")) | dict(engine.values("city", ""))
        places.pop(UNKNOWN, None)
        found = {
            (key, text): Suggestion(text, "topic", topics.get(code, 0))
            for key, text, code in self._topics
        }
        for name in dict.fromkeys((*places, *self._places)):
            for key in self._places.get(name) or _keys(name):
                found.setdefault((key, name), Suggestion(name, "place", places.get(name)))
        return found


class Suggester:
    """Proposals from one state of the index."""

    def __init__(self, engine: Engine, names: Names, before: Suggester | None = None) -> None:
        """Names have the numbers that they had for `before`, where that one is given."""
        self._engine = engine
        self.known: dict[tuple[str, str], Suggestion] = (
            before.known if before else names.known(engine)
        )
        self.keys: list[tuple[str, str]] = before.keys if before else sorted(self.known)

    def suggest(self, text: str, limit: int) -> list[Suggestion]:
        """Topics and places first, those with most offers leading, then titles and providers."""
        typed = " ".join(word.form.folded for word in words(clean(text[:LONGEST_TEXT])))
        if not typed or limit < 1:
            return []
        own = sorted(
            dict.fromkeys(self._kept(typed)), key=lambda s: (-(s.offers or 0), len(s.text), s.text)
        )
        few = max(1, limit // 2)
        found = [s for s in own if s.kind == "topic"][:few]
        found += [s for s in own if s.kind == "place"][:few]
        if len(typed) >= _QUICK:
            found += self._written(typed, limit)
        shown: dict[str, Suggestion] = {}
        for one in found:
            shown.setdefault(one.text.casefold(), one)
        return list(shown.values())[:limit]

    def _kept(self, typed: str) -> Iterator[Suggestion]:
        at = bisect_left(self.keys, (typed, ""))
        while at < len(self.keys) and self.keys[at][0].startswith(typed):
            yield self.known[self.keys[at]]
            at += 1

    def _written(self, typed: str, limit: int) -> Iterable[Suggestion]:
        found: dict[tuple[str, str], int] = {}
        for value, count in self._beginning(typed):
            _, kind, shown = value.split(_SEPARATOR, 2)
            found[kind, shown] = max(count, found.get((kind, shown), 0))
        ordered = sorted(found.items(), key=lambda item: (-item[1], len(item[0][1]), item[0][1]))
        return [Suggestion(text, _KINDS[kind], count) for (kind, text), count in ordered[:limit]]

    def _beginning(self, typed: str) -> list[tuple[str, int]]:
        """Values of the field `suggest` that begin so, with their number of offers."""
        engine = self._engine
        length = max(length for length in _LENGTHS if length <= max(_QUICK, len(typed)))
        common = Values("begins", (typed[:length],))
        if " " in typed or engine.total(common) <= _COMMON:
            return engine.values("suggest", typed, _LOOKED_AT)
        found, _ = engine.page(common, 0, _LOOKED_AT, Order.SCORE)
        offers = (from_json(one.stored.flat) for one in found)
        begun = {value for offer in offers for value in entries(offer) if value.startswith(typed)}
        return [(value, engine.total(Values("suggest", (value,)))) for value in sorted(begun)]


def _keys(text: str) -> Iterator[str]:
    """The folded text from each word that counts."""
    folded = [fold(word.form.surface) for word in words(clean(text))]
    for at, word in enumerate(folded):
        if word not in STOP:
            yield " ".join(folded[at:])
