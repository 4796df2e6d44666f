"""Which listings are compared at all: those of two sources that share a blocking key."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import numpy as np
from numpy.typing import NDArray

from aggregator.resolve.blocking import LARGEST, each_key
from aggregator.resolve.profile import Profile

_AT_ONCE = 4_000_000
"""Pairs that are held before equal ones are dropped: 32 MB."""


class Blocks:
    """Keys of very many listings, 12 bytes each.

    Keys are known by their hash; two keys of one hash would only bring more pairs together than
    the keys do, and each pair is judged by what its listings say.
    """

    def __init__(self) -> None:
        self._keys: list[NDArray[np.int64]] = []
        self._holders: list[NDArray[np.int32]] = []
        self.size = 0

    def add(self, profiles: Sequence[Profile]) -> None:
        """Take in more listings; they are numbered in the order in which they come."""
        keys: list[int] = []
        holders: list[int] = []
        for at, one in enumerate(profiles, self.size):
            own = {hash(key) for key in each_key(one)}
            keys += own
            holders += [at] * len(own)
        self.size += len(profiles)
        self._keys.append(np.array(keys, dtype=np.int64))
        self._holders.append(np.array(holders, dtype=np.int32))

    def pairs(self, source: NDArray[np.int32]) -> Iterator[NDArray[np.int64]]:
        """All pairs of listings that share a key, as rows of two numbers, each pair once.

        `source` says of which source each listing is: those of one are never compared.
        """
        keys, holders = np.concatenate(self._keys), np.concatenate(self._holders)
        self._keys, self._holders = [], []
        order = np.argsort(keys, kind="stable")
        keys, holders = keys[order], holders[order]
        del order
        starts = np.flatnonzero(np.concatenate(([True], keys[1:] != keys[:-1])))
        sizes = np.diff(np.append(starts, len(keys)))
        del keys
        found: list[NDArray[np.int64]] = []
        for size in np.unique(sizes):
            if not 1 < size <= LARGEST:
                continue
            blocks = starts[sizes == size]
            left, right = np.triu_indices(int(size), 1)
            step = max(1, _AT_ONCE // len(left))
            for at in range(0, len(blocks), step):
                rows = blocks[at : at + step, None]
                a, b = holders[rows + left].ravel(), holders[rows + right].ravel()
                other = source[a] != source[b]
                found.append(self._coded(a[other], b[other]))
        coded = np.unique(np.concatenate(found)) if found else np.empty(0, dtype=np.int64)
        for at in range(0, len(coded), _AT_ONCE):
            part = coded[at : at + _AT_ONCE]
            yield np.column_stack((part // self.size, part % self.size))

    def _coded(self, a: NDArray[np.int32], b: NDArray[np.int32]) -> NDArray[np.int64]:
        low, high = np.minimum(a, b).astype(np.int64), np.maximum(a, b)
        return np.unique(low * self.size + high)
