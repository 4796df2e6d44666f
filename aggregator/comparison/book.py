"""All tables of a comparison by key, and the offers behind a cell of one."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import partial

from aggregator.comparison import chains, development, frame, indicators, matrix, reach
from aggregator.comparison.line import View, lines
from aggregator.comparison.matrix import Measure
from aggregator.comparison.stock import Row, Stock
from aggregator.comparison.table import Table

Maker = Callable[[Stock, str | None], Table]


def _makers() -> Mapping[str, Maker]:
    found: dict[str, Maker] = {
        f"{view}-{measure}": partial(_matrix, view, measure) for view in View for measure in Measure
    }
    found |= {f"indicators-{view}": partial(_indicators, view) for view in View}
    found["providers"] = lambda stock, land: indicators.providers(stock, View.LISTED, land)
    found["languages"] = lambda stock, land: indicators.languages(stock, View.LISTED, land)
    found |= {f"reach-{within}": partial(_reach, within) for within in reach.WITHIN}
    found["overlap"] = lambda stock, _: indicators.overlap(stock)
    found["development"] = development.development
    for chain in chains.chains().values():
        found[f"chain-{chain.id}"] = partial(_chain, chain)
        found[f"gaps-{chain.id}"] = partial(_gaps, chain)
    found["profile"] = frame.profiles
    found["funding"] = frame.funding
    return found


def _matrix(view: View, measure: Measure, stock: Stock, land: str | None) -> Table:
    return matrix.matrix(stock, view, measure, land)


def _indicators(view: View, stock: Stock, land: str | None) -> Table:
    return indicators.indicators(stock, view, land)


def _reach(within: int, stock: Stock, land: str | None) -> Table:
    return reach.reach(stock, within, land)


def _chain(chain: chains.Chain, stock: Stock, land: str | None) -> Table:
    return chains.chain_table(stock, chain, land)


def _gaps(chain: chains.Chain, stock: Stock, land: str | None) -> Table:
    return chains.breaks(stock, chain, land)


TABLES: Mapping[str, Maker] = _makers()
"""How each table is made of a stock, and of a Land where only one is asked for."""


class Book:
    """The tables of one stock, each made once, when it is first asked for."""

    def __init__(self, stock: Stock) -> None:
        self.stock = stock
        self._made: dict[tuple[str, str | None], Table] = {}

    def table(self, key: str, land: str | None = None) -> Table:
        """A table of `TABLES`. Raises KeyError for another."""
        made = self._made.get((key, land))
        if made is None:
            made = self._made[key, land] = TABLES[key](self.stock, land)
        return made


def behind(stock: Stock, pick: Mapping[str, str]) -> list[Row]:
    """The offers behind a cell, by title; [] for what no cell picks.

    `pick` has the keys of `Cell.pick`: a line of a view, and a topic, indicator or step of a chain;
    or two sources.
    """
    return sorted(_behind(stock, pick), key=lambda offer: (offer["title"], offer["id"]))


def _behind(stock: Stock, pick: Mapping[str, str]) -> list[Row]:
    if "quelle" in pick:
        wanted = {pick["quelle"], pick.get("und", "")}
        return [offer for offer in stock.offers if wanted <= set(offer["sources"])]
    view = View.SERVED if pick.get("sicht") == View.SERVED else View.LISTED
    found = [
        line
        for line in lines(stock, view, pick.get("land") or None)
        if line.key == pick.get("zeile")
    ]
    if not found:
        return []
    offers = found[0].offers
    if topic := pick.get("thema"):
        return [offer for offer in offers if matrix.about(offer, topic)]
    if answer := indicators.ANSWERS.get(pick.get("kennzahl", "")):
        return [offer for offer in offers if answer(offer, stock.as_of)]
    if chain := chains.chains().get(pick.get("kette", "")):
        steps = [step for step in chain.steps if step.key == pick.get("glied")]
        return [offer for offer in offers if any(step.has(offer) for step in steps)]
    return []
