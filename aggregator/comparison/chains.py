"""Service chains (Dienstleistungsketten): who covers which step, where a chain breaks.

Chains are data (`chains/*.yml`), a file a chain:

    id: trennung-bis-arbeit          stable, as the file is called
    title: {de: …, en: …}
    meaning: {de: …, en: …}          whose way it is
    steps:                           in the order in which help is needed
      - key: unterhalt               stable within the chain
        title: {de: …, en: …}
        topics: [recht]              an offer of one of these topics …
        formats: [advice]            optional: … that has one of these forms …
        words: [unterhalt]           optional: … and in whose title a word begins so (folded)
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Any

import yaml

from aggregator.comparison.figure import Empty, Figure, count
from aggregator.comparison.line import Kind, Line, View, lines
from aggregator.comparison.reach import distances
from aggregator.comparison.stock import Row, Stock, kreis
from aggregator.comparison.table import Cell, Head, Table, Words
from aggregator.comparison.table import Line as TableLine
from aggregator.comparison.words import head_of, note
from aggregator.vocabulary.folding import fold, words
from aggregator.vocabulary.regions import COUNTRY
from aggregator.vocabulary.topics import TOPICS

CHAIN_KEYS = frozenset({"id", "title", "meaning", "steps"})
STEP_KEYS = frozenset({"key", "title", "topics", "formats", "words"})


class ChainError(ValueError):
    """A chain says what cannot be; the message names file and key."""


@dataclass(frozen=True, slots=True)
class Step:
    """One step, and which offers are one."""

    key: str
    title: Words
    topics: frozenset[str]
    formats: frozenset[str] = frozenset()
    words: tuple[str, ...] = ()

    def has(self, offer: Row) -> bool:
        """Whether an offer is of this step."""
        if self.topics.isdisjoint(offer["topics"]):
            return False
        if self.formats and self.formats.isdisjoint(offer["formats"]):
            return False
        told = words(fold(offer["title"])) if self.words else []
        return not self.words or any(word.startswith(self.words) for word in told)


@dataclass(frozen=True, slots=True)
class Chain:
    """One chain."""

    id: str
    title: Words
    meaning: Words
    steps: Sequence[Step]


@dataclass(frozen=True, slots=True)
class Cover:
    """How one step is covered for a network."""

    step: Step
    own: Sequence[Row]
    """Offers that the network lists."""
    region: Sequence[Row]
    """Others in its region, that it does not list."""
    wide: Sequence[Row]
    """Others for its whole Land, or the country."""
    beyond: Row | None
    """Where there is none of them: the next one over the border."""
    distance: float | None
    """Kilometres to it from the middle of the region."""
    empty: Empty | None
    """Why the network lists none."""

    @property
    def broken(self) -> bool:
        """Whether the chain breaks here: neither the network nor its region has the step."""
        return not (self.own or self.region or self.wide)


def parse_chain(told: Mapping[str, Any], where: str) -> Chain:
    """A chain from its YAML. Raises ChainError."""
    _known(told, CHAIN_KEYS, CHAIN_KEYS, where)
    steps = []
    for number, one in enumerate(told["steps"] or (), 1):
        place = f"{where}: step {number}"
        _known(one, STEP_KEYS, {"key", "title", "topics"}, place)
        for topic in one["topics"]:
            if topic not in TOPICS:
                raise ChainError(f"{place}: {topic!r} is no topic; known: {', '.join(TOPICS)}")
        steps.append(
            Step(
                one["key"], one["title"], frozenset(one["topics"]),
                frozenset(one.get("formats", ())), tuple(one.get("words", ())),
            )
        )  # fmt: skip
    if len({step.key for step in steps}) != len(steps) or not steps:
        raise ChainError(f"{where}: steps: there must be some, each with a key of its own")
    return Chain(told["id"], told["title"], told["meaning"], steps)


def _known(
    told: Mapping[str, Any], known: frozenset[str], needed: frozenset[str] | set[str], where: str
) -> None:
    if unknown := sorted(set(told) - known):
        raise ChainError(f"{where}: unknown key {unknown[0]!r}; known: {', '.join(sorted(known))}")
    if missing := sorted(needed - set(told)):
        raise ChainError(f"{where}: the key {missing[0]!r} is missing")
    for key in ("title", "meaning"):
        if key in told and set(told[key]) != {"de", "en"}:
            raise ChainError(f"{where}: {key}: needs the languages de and en, and no others")


@cache
def chains() -> Mapping[str, Chain]:
    """The chains by id, in the order of their files."""
    found = {}
    folder = files("aggregator.comparison").joinpath("chains")
    for file in sorted(folder.iterdir(), key=lambda one: one.name):
        if file.name.endswith(".yml"):
            chain = parse_chain(yaml.safe_load(file.read_text("utf-8")), file.name)
            found[chain.id] = chain
    return found


class Having:
    """All offers that have a step, by region: read once for all networks."""

    def __init__(self, stock: Stock, step: Step) -> None:
        self.offers = [offer for offer in stock.offers if step.has(offer)]
        self.placed = [offer for offer in self.offers if offer["lat"] is not None]
        self._by_region: dict[str | None, list[Row]] = {}
        for offer in self.offers:
            self._by_region.setdefault(kreis(offer["region_key"]), []).append(offer)

    def of(self, *regions: str) -> list[Row]:
        """Those of some regions."""
        return [offer for region in regions for offer in self._by_region.get(region, ())]


def having(stock: Stock, chain: Chain) -> Mapping[str, Having]:
    """The offers of every step of a chain."""
    return {step.key: Having(stock, step) for step in chain.steps}


def coverage(
    stock: Stock, chain: Chain, network: Line, known: Mapping[str, Having] | None = None
) -> list[Cover]:
    """How a network covers each step of a chain; `known` spares reading all offers again."""
    known = known or having(stock, chain)
    mine = {offer["id"] for offer in network.offers}
    here = network.region or ""
    around = [key for key in dict.fromkeys((here[:2], COUNTRY)) if key and key != here]
    found = []
    for step in chain.steps:
        own = [offer for offer in network.offers if step.has(offer)]
        region = [offer for offer in known[step.key].of(here) if offer["id"] not in mine]
        wide = [offer for offer in known[step.key].of(*around) if offer["id"] not in mine]
        beyond, distance = None, None
        if not (own or region or wide):
            beyond, distance = _next(stock, network, known[step.key].placed)
        empty = None if own else network.why_topic()
        found.append(Cover(step, own, region, wide, beyond, distance, empty))
    return found


def _next(stock: Stock, network: Line, placed: Sequence[Row]) -> tuple[Row | None, float | None]:
    middle = stock.centres.get(network.region or "")
    if middle is None:
        known = [(o["lat"], o["lon"]) for o in network.offers if o["lat"] is not None]
        if known:
            middle = (sum(p[0] for p in known) / len(known), sum(p[1] for p in known) / len(known))
    if not placed or middle is None:
        return None, None
    far = distances([middle], [(offer["lat"], offer["lon"]) for offer in placed])[0]
    at = min(range(len(placed)), key=lambda place: (far[place], placed[place]["id"]))
    return placed[at], round(float(far[at]), 1)


def chain_table(stock: Stock, chain: Chain, land: str | None = None) -> Table:
    """Networks by the steps of a chain: how many offers each lists for it."""
    columns = [Head(step.key, step.title) for step in chain.steps]
    rows = []
    for line in lines(stock, View.LISTED, land):
        cells = []
        for step in chain.steps:
            number = sum(step.has(offer) for offer in line.offers)
            pick = {"sicht": "listed", "zeile": line.key, "kette": chain.id, "glied": step.key}
            if land:
                pick["land"] = land
            figure = count(number, line.why_topic())
            cells.append(Cell(figure, pick=pick if number else None))
        rows.append(TableLine(head_of(line), cells))
    return Table(f"chain-{chain.id}", chain.title, "count", columns, rows, note("chain"))


def breaks(stock: Stock, chain: Chain, land: str | None = None) -> Table:
    """Networks by where a chain breaks: the steps that neither they nor their region have."""
    columns = [
        Head("covered", {"de": "abgedeckte Glieder", "en": "steps covered"}),
        Head("broken", {"de": "Lücken", "en": "gaps"}),
        Head("next", {"de": "nächstes Angebot jenseits der Grenze", "en": "next offer beyond"}),
    ]
    rows, known = [], having(stock, chain)
    for line in lines(stock, View.LISTED, land):
        if line.kind is not Kind.NETWORK:
            continue
        found = coverage(stock, chain, line, known)
        own = sum(bool(cover.own) for cover in found)
        gaps = [cover for cover in found if cover.broken]
        figure = Figure(own or None, own, len(found), 0, len(found), None if own else line.why)
        nearest = [
            f"{cover.step.title['de']}: {cover.beyond['title']}"
            + (f" ({cover.distance} km)" if cover.distance is not None else "")
            for cover in gaps
            if cover.beyond
        ]
        rows.append(
            TableLine(
                head_of(line),
                [
                    Cell(figure),
                    Cell(text=", ".join(cover.step.title["de"] for cover in gaps)),
                    Cell(text="; ".join(nearest)),
                ],
            )
        )
    name = {code: f"{text}: {_GAPS[code]}" for code, text in chain.title.items()}
    units = {"covered": "count", "broken": "text", "next": "text"}
    return Table(f"gaps-{chain.id}", name, "text", columns, rows, note("gaps"), units)


_GAPS = {"de": "Lücken", "en": "gaps"}
