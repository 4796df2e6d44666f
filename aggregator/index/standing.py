"""Sets of the offers of the highest ranks, so that a page of equals is looked for among few.

Offers that score the same are shown by rank. What most offers have is had by most of the foremost,
too: a page of it is found among a few thousand, and all the others need not be looked at.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterable, Iterator
from itertools import groupby

_LOT = 25
"""Bits of a rank that only tell apart offers of equal points (`aggregator.index.document.rank`)."""
_HALVINGS = 9
_LARGEST = 8
"""Part of all offers (an eighth) above which a set spares too little."""
_MARK = "/"


def standings(rank: int) -> Iterator[str]:
    """The sets that an offer of this rank is in: its points, and each upper half of a half of them.

    >>> list(standings((115 << 25) | 0b110 << 22))
    ['115', '115/1', '115/2']
    """
    points = f"{rank >> _LOT:03d}"
    yield points
    for halving in range(1, _HALVINGS + 1):
        if not rank >> (_LOT - halving) & 1:
            return
        yield f"{points}{_MARK}{halving}"


class Foremost:
    """The sets that one state of the index has."""

    def __init__(self, values: Iterable[tuple[str, int]]) -> None:
        """`values`: those of `standings`, with the number of offers that have them."""
        found = sorted(values, key=lambda value: _place(value[0]), reverse=True)
        every = sum(count for value, count in found if _MARK not in value)
        sets: list[tuple[int, tuple[str, ...]]] = []
        above: tuple[str, ...] = ()
        passed = 0
        for points, within in groupby(found, key=lambda value: value[0].partition(_MARK)[0]):
            sizes = [(passed + count, (*above, value)) for value, count in within]
            sets += (one for one in sizes if one[0] * _LARGEST <= every)
            above, passed = (*above, points), sizes[-1][0]
            if passed * _LARGEST > every:
                break
        self._sizes = [size for size, _ in sets]
        self._named = [named for _, named in sets]

    def smallest(self, offers: float) -> tuple[str, ...] | None:
        """The values of the smallest set of at least so many offers; None where all are larger."""
        at = bisect_left(self._sizes, offers)
        return self._named[at] if at < len(self._named) else None


def _place(value: str) -> tuple[int, int]:
    """Where the offers of a value begin: by points, then the fewer halves of halves, the lower."""
    points, _, halving = value.partition(_MARK)
    return int(points), int(halving or 0)
