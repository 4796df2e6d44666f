"""A question in plain words: which of them name a place, a day, a cost, and are filters.

"Schuldnerberatung 10439", "Kinderbetreuung Samstag Pankow", "kostenlos Treff Väter". What is read
as a filter stays welcome as a word, and the reader is told what was understood and can undo it.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from pathlib import Path
from typing import Any

import yaml

from aggregator.index import synonyms
from aggregator.index.analysis import Word
from aggregator.index.base import NEAR, Origin, Understood
from aggregator.index.opening import DAYS
from aggregator.index.question import STOP, Parsed
from aggregator.index.question import stems as _stems
from aggregator.places.places import Gazetteer
from aggregator.vocabulary import compounds
from aggregator.vocabulary.facets import LANGUAGE_NAMES, label
from aggregator.vocabulary.regions import REGIONS, RegionKind, ancestors

PATH = Path(__file__).parent.parent / "vocabulary" / "understood.yml"

_LONGEST = 5
"""Words of the longest phrase that is looked up."""
_POSTCODE = 5
_LEARNED = frozenset(("lern", "kurs", "unterricht", "sprech"))
"""Behind a language: it is wanted for its own sake and not spoken by the way."""

Stems = tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Reading:
    """What was read from a question: filters, a place, and which words said so."""

    filters: Mapping[str, tuple[str, ...]]
    near: Origin | None
    understood: tuple[Understood, ...]
    read: frozenset[int]
    """Positions of the words."""


@dataclass(frozen=True, slots=True)
class _Meaning:
    parameter: str
    value: str
    label: str
    origin: Origin | None = None


NOTHING = Reading({}, None, (), frozenset())


class Places:
    """Places by name and postcode, as people write them. Made once from the gazetteer."""

    def __init__(self, gazetteer: Gazetteer) -> None:
        self._gazetteer = gazetteer
        self._names: dict[Stems, _Meaning] = {}
        self._centres: dict[str, tuple[float, float]] = {}
        for town in gazetteer.towns.values():
            self._centres.setdefault(town.region_key, (town.lat, town.lon))
        for name, district in gazetteer.districts.items():
            self._centres[district.key] = (district.lat, district.lon)
            self._add(name, _Meaning("region", district.key, district.name))
        for key, region in REGIONS.items():
            if region.parent:
                self._add(region.name, _Meaning("region", key, region.name))
        for town in gazetteer.towns.values():
            known = REGIONS.get(town.region_key)
            if known is None or known.kind is not RegionKind.TOWN:
                self._add(town.name, _near(town.name, town.lat, town.lon))
        for rows in gazetteer.rows.values():
            for row in rows:
                self._add(row.name, _near(row.name, row.lat, row.lon))
        for name, called in _file()["places_called"].items():
            if (meaning := self.named(_stems(name))) is not None:
                for short in called:
                    self._names.setdefault(_stems(short), meaning)

    def named(self, stems: Stems) -> _Meaning | None:
        """The place of this name."""
        return self._names.get(stems)

    def find(self, text: str) -> Origin | None:
        """Where a postcode, a name or "lat,lon" is; None where nothing is known of it."""
        text = " ".join(text.split())[:100]
        lat, comma, lon = text.partition(",")
        if comma:
            try:
                point = float(lat), float(lon)
            except ValueError:
                return None
            inside = -90 <= point[0] <= 90 and -180 <= point[1] < 180
            return Origin(*point, text, approximate=False) if inside else None
        if len(text) == _POSTCODE and text.isascii() and text.isdigit():
            return self.postcode(text)
        meaning = self.named(_stems(text))
        if meaning is None:
            return None
        return meaning.origin or self.centre(meaning.value)

    def postcode(self, postcode: str) -> Origin | None:
        """The centre of a postcode."""
        place = self._gazetteer.locate(postcode, None)
        if place is None or place.lat is None or place.lon is None:
            return None
        return Origin(place.lat, place.lon, postcode)

    def centre(self, key: str) -> Origin | None:
        """The centre of a region, where the gazetteer has one."""
        for known in (key, f"{key}000"):
            if known in self._centres:
                region = REGIONS.get(key)
                return Origin(*self._centres[known], region.name if region else key)
        return None

    def _add(self, name: str, meaning: _Meaning) -> None:
        plain = name.partition(" (")[0]
        for form in (plain, plain.partition(" am ")[0], plain.partition(" an der ")[0]):
            stems = _stems(form)
            if stems:
                self._names.setdefault(stems, meaning)


def prepare() -> None:
    """Learn all that is listed: the first to ask would wait a tenth of a second for it."""
    for listed in (_phrases, _languages, _called, _ambiguous, _behind):
        listed()
    synonyms.prepare()


def read(parsed: Parsed, places: Places, now: datetime, chosen: Collection[str]) -> Reading:
    """Read the words of a question as filters, longest phrases first.

    What is `chosen` already (fields of FILTERS, `near`) is not read from words as well.
    """
    found = parsed.found
    stems = tuple(word.form.terms[0] for word in found)
    taken = _kept_together(found)
    meanings: list[tuple[int, int, _Meaning]] = []
    at = 0
    while at < len(found):
        size, meaning = _longest(stems, at, taken, places, found)
        if meaning is not None and meaning.parameter not in chosen:
            meanings.append((at, at + size, meaning))
        at += size
    return _reading(parsed, _sorted_out(meanings), now)


def _longest(
    stems: Stems, at: int, taken: frozenset[int], places: Places, found: tuple[Word, ...]
) -> tuple[int, _Meaning | None]:
    for size in range(min(_LONGEST, len(stems) - at), 0, -1):
        if taken.isdisjoint(range(at, at + size)):
            said = stems[at : at + size]
            meaning = (
                _phrases().get(said)
                or _place(said, at, stems, places, found)
                or (_language(said, stems[at + 1 : at + 2]) if size == 1 else None)
            )
            if meaning is not None:
                return size, meaning
    return 1, None


def _kept_together(found: tuple[Word, ...]) -> frozenset[int]:
    """The words of phrases that the synonym file knows: they mean something of their own."""
    counted = [at for at, word in enumerate(found) if word.form.folded not in STOP]
    terms = tuple(found[at].form.terms[0] for at in counted)
    return frozenset(
        counted[at]
        for positions, _ in synonyms.groups(terms)
        if len(positions) > 1
        for at in positions
    )


def _place(
    said: Stems, at: int, stems: Stems, places: Places, found: tuple[Word, ...]
) -> _Meaning | None:
    if len(said) == 1:
        folded = found[at].form.folded
        if len(folded) == _POSTCODE and folded.isascii() and folded.isdigit():
            origin = places.postcode(folded)
            return (
                _Meaning(NEAR, folded, folded, origin)
                if origin
                else _Meaning("postcode", folded, folded)
            )
        if len(folded) < 4 and not folded.isdigit() and said not in _called():
            return None
        ambiguous = folded in compounds.atoms().known or said in _ambiguous()
        if ambiguous and not (at and stems[at - 1] in _behind()):
            return None
    return places.named(said)


def _language(said: Stems, following: Stems) -> _Meaning | None:
    code = _languages().get(said)
    if code is None or (following and following[0].startswith(tuple(_LEARNED))):
        return None
    return _Meaning("languages", code, label("languages", code))


def _sorted_out(meanings: list[tuple[int, int, _Meaning]]) -> list[tuple[int, int, _Meaning]]:
    """One place: a postcode or town before a region, a part of a region before the whole."""
    kinds = {meaning.parameter for _, _, meaning in meanings}
    if NEAR in kinds or "postcode" in kinds:
        first = next(m for _, _, m in meanings if m.parameter in {NEAR, "postcode"})
        return [
            (start, end, meaning)
            for start, end, meaning in meanings
            if meaning.parameter not in {NEAR, "postcode", "region"} or meaning == first
        ]
    keys = {meaning.value for _, _, meaning in meanings if meaning.parameter == "region"}
    wider = {around for key in keys for around in ancestors(key)}
    return [one for one in meanings if one[2].parameter != "region" or one[2].value not in wider]


def _reading(parsed: Parsed, meanings: list[tuple[int, int, _Meaning]], now: datetime) -> Reading:
    filters: dict[str, dict[str, None]] = {}
    near: Origin | None = None
    told: list[Understood] = []
    positions: set[int] = set()
    for start, end, meaning in meanings:
        value = meaning.value
        if (meaning.parameter, value) == ("open", "today"):
            value = DAYS[now.weekday()]
        if meaning.origin is not None:
            near = meaning.origin
        else:
            filters.setdefault(meaning.parameter, {})[value] = None
        positions.update(range(start, end))
        first, last = parsed.found[start].start, parsed.found[end - 1].end
        rest = f"{parsed.text[:first]} {parsed.text[last:]}"
        told.append(
            Understood(
                meaning.parameter, value, meaning.label, parsed.text[first:last],
                " ".join(rest.split()),
            )
        )  # fmt: skip
    chosen = {name: tuple(values) for name, values in filters.items()}
    return Reading(chosen, near, tuple(told), frozenset(positions))


def _near(name: str, lat: float, lon: float) -> _Meaning:
    return _Meaning(NEAR, name, name, Origin(lat, lon, name))


@cache
def _file() -> dict[str, Any]:
    data: dict[str, Any] = yaml.safe_load(PATH.read_text("utf-8"))
    return data


@cache
def _phrases() -> dict[Stems, _Meaning]:
    return {
        _stems(phrase): _Meaning(name, value, label(name, value))
        for name, value, phrase in _listed()
    }


def _listed() -> Iterator[tuple[str, str, str]]:
    for name, values in _file()["filters"].items():
        for value, phrases in values.items():
            for phrase in phrases:
                yield name, value, phrase


@cache
def _languages() -> dict[Stems, str]:
    return {_stems(name): code for name, code in LANGUAGE_NAMES.items() if code != "de"}


@cache
def _called() -> frozenset[Stems]:
    """What people call places for short."""
    return frozenset(_stems(name) for names in _file()["places_called"].values() for name in names)


@cache
def _ambiguous() -> frozenset[Stems]:
    return frozenset(map(_stems, _file()["ambiguous_places"]))


@cache
def _behind() -> frozenset[str]:
    return frozenset(_stems(word)[0] for word in _file()["place_behind"])
