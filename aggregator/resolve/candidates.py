"""Which listings are compared at all: those of two sources that share a blocking key."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import numpy as np
from numpy.typing import NDArray

from aggregator.resolve.blocking import LARGEST, TOWN, each_key, is_addressed
from aggregator.resolve.contact import SHORTEST_EXCHANGE
from aggregator.resolve.profile import Profile

_AT_ONCE = 4_000_000
"""Pairs that are held before equal ones are dropped: 32 MB."""


_MASK = (1 << 63) - 1


def _tied_by_any(a: NDArray[np.int32], b: NDArray[np.int32]) -> NDArray[np.bool_]:
    """Whether phone, exchange, mail, its domain or page agree, or one states several of a kind.

    Without any of them no provider outweighs another postcode, and the comparison says no.
    """
    equal = (a[:, 1:] == b[:, 1:]) & (a[:, 1:] != 0)
    found: NDArray[np.bool_] = equal.any(axis=1) | (a[:, 0] + b[:, 0] > 0)
    return found


class Blocks:
    """Keys of very many listings, 12 bytes each.

    Keys are known by their hash; two keys of one hash would only bring more pairs together than
    the keys do, and each pair is judged by what its listings say.
    """

    def __init__(self) -> None:
        self._keys: list[NDArray[np.int64]] = []
        self._holders: list[NDArray[np.int32]] = []
        self._addressed: list[bool] = []
        self._postcodes: list[int] = []
        self._towns: list[int] = []
        self._numbers: dict[object, int] = {None: 0, frozenset(): 0, "": 0}
        self._ties: list[tuple[int, int, int, int, int, int]] = []
        self.size = 0
        self.compared = 0
        """Pairs that were given out."""

    def add(self, profiles: Sequence[Profile]) -> None:
        """Take in more listings; they are numbered in the order in which they come."""
        keys: list[int] = []
        holders: list[int] = []
        for at, one in enumerate(profiles, self.size):
            # The lowest bit says what rule a key is of.
            own = {hash(key) << 1 & _MASK | key.startswith(TOWN) for key in each_key(one)}
            self._addressed.append(is_addressed(one))
            self._postcodes.append(self._number(one.postcode))
            self._towns.append(self._number(one.town))
            self._ties.append(self._tied(one))
            keys += own
            holders += [at] * len(own)
        self.size += len(profiles)
        self._keys.append(np.array(keys, dtype=np.int64))
        self._holders.append(np.array(holders, dtype=np.int32))

    def pairs(self, source: NDArray[np.int32]) -> Iterator[tuple[list[int], list[int]]]:
        """All pairs of listings that share a key, as two lists of numbers, each pair once.

        `source` says of which source each listing is: those of one are never compared.
        """
        keys, holders = np.concatenate(self._keys), np.concatenate(self._holders)
        self._keys, self._holders = [], []
        order = np.argsort(keys, kind="stable")
        keys, holders = keys[order], holders[order]
        del order
        starts = np.flatnonzero(np.concatenate(([True], keys[1:] != keys[:-1])))
        sizes = np.diff(np.append(starts, len(keys)))
        of_town = (keys[starts] & 1).astype(bool)
        addressed = np.array(self._addressed, dtype=bool)
        postcodes = np.array(self._postcodes, dtype=np.int32)
        towns = self._regions()[np.array(self._towns, dtype=np.int32)]
        ties = np.array(self._ties, dtype=np.int32)
        self._ties = []
        del keys
        found: list[NDArray[np.int64]] = []
        for size in np.unique(sizes):
            if not 1 < size <= LARGEST:
                continue
            blocks, weak = (of[sizes == size] for of in (starts, of_town))
            left, right = np.triu_indices(int(size), 1)
            step = max(1, _AT_ONCE // len(left))
            for at in range(0, len(blocks), step):
                rows = blocks[at : at + step, None]
                a, b = holders[rows + left].ravel(), holders[rows + right].ravel()
                known = np.repeat(weak[at : at + step], len(left)) & addressed[a] & addressed[b]
                # What the comparison would rule out anyway: towns without a word in common (unless
                # a phone may say that one is a part of the other), other postcodes and no tie.
                two_towns = (towns[a] != towns[b]) & (towns[a] != 0) & (towns[b] != 0)
                known_codes = (postcodes[a] != 0) & (postcodes[b] != 0)
                one_code = known_codes & (postcodes[a] == postcodes[b])
                known |= two_towns & known_codes & ~one_code
                known |= (two_towns | known_codes) & ~one_code & ~_tied_by_any(ties[a], ties[b])
                wanted = (source[a] != source[b]) & ~known
                found.append(self._coded(a[wanted], b[wanted]))
        coded = np.unique(np.concatenate(found)) if found else np.empty(0, dtype=np.int64)
        for at in range(0, len(coded), _AT_ONCE):
            part = coded[at : at + _AT_ONCE]
            self.compared += len(part)
            yield (part // self.size).tolist(), (part % self.size).tolist()

    def _tied(self, one: Profile) -> tuple[int, int, int, int, int, int]:
        """Numbers of what could tie a listing to another postcode; see `_tied_by_any`."""
        phone = one.phones[0] if one.phones else ""
        mail = one.emails[0] if one.emails else ""
        return (
            max(len(one.phones), len(one.emails), len(one.pages)) > 1,
            self._number(phone),
            self._number(phone[:SHORTEST_EXCHANGE]),
            self._number(mail),
            self._number(mail.partition("@")[2] and mail[mail.index("@") :]),
            self._number(one.pages[0] if one.pages else ""),
        )

    def _number(self, what: object) -> int:
        return self._numbers.setdefault(what, len(self._numbers))

    def _regions(self) -> NDArray[np.int32]:
        """Number of a town's name to that of all names that share words with it; 0: unknown."""
        found = np.arange(len(self._numbers) + 1, dtype=np.int32)
        first: dict[str, int] = {}

        def top(one: int) -> int:
            while found[one] != one:
                one = int(found[one])
            return one

        for name, number in self._numbers.items():
            if isinstance(name, frozenset):
                for word in name:
                    a, b = sorted((top(number), top(first.setdefault(word, number))))
                    found[b] = a
        for one in range(len(found)):
            found[one] = top(one)
        return found

    def _coded(self, a: NDArray[np.int32], b: NDArray[np.int32]) -> NDArray[np.int64]:
        low, high = np.minimum(a, b).astype(np.int64), np.maximum(a, b)
        return np.unique(low * self.size + high)
