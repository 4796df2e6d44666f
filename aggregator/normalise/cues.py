"""What a text must hold before a pattern can fit: many strings, sought in one pass.

Aho-Corasick finds any number of strings in the time of one, a fraction of a microsecond a line.
"""

from __future__ import annotations

from functools import lru_cache

from ahocorasick_rs import AhoCorasick, Implementation

_KEPT = 16_384  # lines and sentences of which is remembered what is heard in them


class Cues:
    """Strings of which one stands wherever a pattern fits: the cheap question before it."""

    __slots__ = ("_seek",)

    def __init__(self, *cues: str) -> None:
        self._seek = AhoCorasick(cues, implementation=Implementation.DFA).find_matches_as_indexes

    def stand_in(self, text: str) -> bool:
        """Say whether any of them stands in a text, as written."""
        return bool(self._seek(text))


class Ear:
    """Listens for the strings of many readers at once, in texts that they share."""

    def __init__(self) -> None:
        self._bits: dict[str, int] = {}
        self._readers = 1  # the first bit is EVERY's
        self.heard = lru_cache(maxsize=_KEPT)(self._hear)
        """The bits of all `listen` of which a string stands in a text."""

    def listen(self, *cues: str) -> int:
        """Listen for these strings from now on; returns the bit they set, to be joined by `|`."""
        bit = 1 << self._readers
        self._readers += 1
        for cue in cues:
            self._bits[cue] = self._bits.get(cue, 0) | bit
        self._seek = AhoCorasick(self._bits).find_matches_as_indexes
        self._set = list(self._bits.values())
        self.heard.cache_clear()
        return bit

    def _hear(self, text: str) -> int:
        bits = EVERY
        for number, _, _ in self._seek(text, overlapping=True):
            bits |= self._set[number]
        return bits


EVERY = 1
"""The cue that every text holds."""
_facets = Ear()
listen, heard = _facets.listen, _facets.heard
"""For the readers of facets, who share folded texts: see `aggregator.normalise.wording`."""
