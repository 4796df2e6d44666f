"""Which listings are compared at all: those of two sources that share a blocking key."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import numpy as np
from numpy.typing import NDArray

from aggregator.resolve import blocking
from aggregator.resolve.blocking import TOWN, each_key, is_vague
from aggregator.resolve.profile import Profile
from aggregator.resolve.screening import Columns

_AT_ONCE = 2_000_000
"""Pairs that are looked at together: 16 MB each of what is asked of them."""

_OF_TOWN, _VAGUE = 1, 2
"""The lowest bits of a key's number: what rule it is of."""
_MASK = (1 << 63) - 4


def _coded(key: str) -> int:
    number = hash(key) << 2 & _MASK
    if is_vague(key):
        number |= _VAGUE | (_OF_TOWN if key.startswith(TOWN) else 0)
    return number


class Blocks:
    """Keys of very many listings, 12 bytes each.

    Keys are known by their hash; two keys of one hash would only bring more pairs together than
    the keys do, and each pair is judged by what its listings say.
    """

    def __init__(self) -> None:
        self._keys: list[NDArray[np.int64]] = []
        self._holders: list[NDArray[np.int32]] = []
        self._columns = Columns()
        self.size = 0
        self.compared = 0
        """Pairs that were given out."""

    def add(self, profiles: Sequence[Profile]) -> None:
        """Take in more listings; they are numbered in the order in which they come."""
        keys: list[int] = []
        holders: list[int] = []
        for at, one in enumerate(profiles, self.size):
            own = {_coded(key) for key in each_key(one)}
            keys += own
            holders += [at] * len(own)
        self.size += len(profiles)
        self._columns.add(profiles)
        self._keys.append(np.array(keys, dtype=np.int64))
        self._holders.append(np.array(holders, dtype=np.int32))

    def pairs(self) -> Iterator[tuple[list[int], list[int]]]:
        """All pairs that share a key and may be one offer, as two lists of numbers, each once."""
        if not self.size:
            return
        columns = self._columns
        columns.close()
        found = [self._coded(*pairs) for pairs in self._sharing() if len(pairs[0])]
        coded = np.unique(np.concatenate(found)) if found else np.empty(0, dtype=np.int64)
        del found
        for at in range(0, len(coded), _AT_ONCE):
            a, b = np.divmod(coded[at : at + _AT_ONCE], self.size)
            wanted = columns.may_be_one(a, b)
            self.compared += int(wanted.sum())
            yield a[wanted].tolist(), b[wanted].tolist()

    def _sharing(self) -> Iterator[tuple[NDArray[np.int32], NDArray[np.int32]]]:
        """Pairs that share a key, for each key."""
        keys, self._keys = np.concatenate(self._keys), []
        holders, self._holders = np.concatenate(self._holders), []
        if not len(keys):
            return
        order = np.argsort(keys, kind="stable")
        keys, holders = keys[order], holders[order]
        del order
        starts = np.flatnonzero(np.concatenate(([True], keys[1:] != keys[:-1])))
        sizes = np.diff(np.append(starts, len(keys)))
        of_town = (keys[starts] & _OF_TOWN).astype(bool)
        vague = (keys[starts] & _VAGUE).astype(bool)
        small = (sizes > 1) & (sizes <= np.where(vague, blocking.LARGEST_VAGUE, blocking.LARGEST))
        starts, sizes, of_town = starts[small], sizes[small], of_town[small]
        del keys
        for size in np.unique(sizes):
            blocks, weak = (of[sizes == size] for of in (starts, of_town))
            left, right = np.triu_indices(int(size), 1)
            step = max(1, _AT_ONCE // len(left))
            for at in range(0, len(blocks), step):
                rows = blocks[at : at + step, None]
                a, b = holders[rows + left].ravel(), holders[rows + right].ravel()
                by_town = np.repeat(weak[at : at + step], len(left))
                wanted = self._columns.may_meet(a, b, by_town=by_town)
                yield a[wanted], b[wanted]

    def _coded(self, a: NDArray[np.int32], b: NDArray[np.int32]) -> NDArray[np.int64]:
        low, high = np.minimum(a, b).astype(np.int64), np.maximum(a, b)
        return np.unique(low * self.size + high)
