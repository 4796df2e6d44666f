"""What the offers of one state of a tantivy index have in raw fields, as arrays to count in."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
import tantivy
from numpy.typing import NDArray

from aggregator.index.ranking import Places, Ranking

_MOST_VALUES = 1_000
"""Values of a field that is counted here."""


class _Column(NamedTuple):
    """The values of a field, and which of them each offer has."""

    values: list[str]
    """In order."""
    numbers: NDArray[np.intp]
    """Of the values of the offers, place by place."""
    starts: NDArray[np.intp] | None
    """Where in `numbers` those of each place begin, and behind them where the last ones end; None
    where each has one."""


class Columns:
    """Counts values; a field is read when it is first counted."""

    def __init__(self, searcher: tantivy.Searcher, ranking: Ranking) -> None:
        self._searcher, self._ranking = searcher, ranking
        self._columns: dict[str, _Column | None] = {}

    def hold(self, fields: Sequence[str]) -> bool:
        """Whether all of these fields are counted here: none has very many values."""
        return all(self._column(name) for name in fields)

    def counts(self, places: Places, fields: Sequence[str]) -> dict[str, dict[str, int]]:
        """Field -> value -> how many offers of some places have it, commonest first.

        Fields that are not counted here are left out.
        """
        columns = [(name, self._column(name)) for name in fields]
        return {name: _counted(column, places) for name, column in columns if column}

    def _column(self, field: str) -> _Column | None:
        if field not in self._columns:
            values = sorted(value for value, _ in self._searcher.terms_with_prefix(field, ""))
            self._columns[field] = None if len(values) > _MOST_VALUES else self._read(field, values)
        return self._columns[field]

    def _read(self, field: str, values: list[str]) -> _Column:
        lists = [self._ranking.having(field, value) for value in values]
        places = np.concatenate([*lists, np.empty(0, dtype=np.intp)])
        numbers = np.repeat(np.arange(len(values), dtype=np.intp), [len(one) for one in lists])
        numbers = numbers[np.argsort(places, kind="stable")]
        held = np.bincount(places, minlength=self._ranking.size)
        starts = np.concatenate(([0], np.cumsum(held))).astype(np.intp)
        return _Column(values, numbers, None if (held == 1).all() else starts)


def _counted(column: _Column, places: Places) -> dict[str, int]:
    """Value -> how many of the offers have it, commonest first as the engine tells."""
    meant = places if column.starts is None else _between(column.starts, places)
    counts = np.bincount(column.numbers[meant], minlength=len(column.values))
    order = (-counts).argsort(kind="stable")[: np.count_nonzero(counts)]
    values = map(column.values.__getitem__, order.tolist())
    return dict(zip(values, counts[order].tolist(), strict=True))


def _between(starts: NDArray[np.intp], places: Places) -> NDArray[np.intp]:
    """All numbers from the start of each place to that of the next one."""
    first, lengths = starts[places], starts[places + 1] - starts[places]
    before = np.cumsum(lengths) - lengths
    return np.repeat(first - before, lengths) + np.arange(lengths.sum())
