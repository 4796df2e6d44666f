"""What a text must hold before a pattern can fit: many strings, sought in one pass.

Aho-Corasick finds any number of strings in the time of one, a fraction of a microsecond a line.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator

from ahocorasick_rs import AhoCorasick, Implementation

from aggregator.normalise.needed import needed
from aggregator.normalise.pattern import at_words

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
    """Listens for the strings of many readers at once, in texts that they share.

    `spell` says in what spelling it hears a text: the one in which the strings are written.
    """

    def __init__(self, spell: Callable[[str], str] = str) -> None:
        self._spell = spell
        self._bits: dict[str, int] = {}
        self._readers = 1  # the first bit is EVERY's
        self._seek: Callable[..., list[str]] | None = None
        self._known = _Known(self._hear)
        self.heard: Callable[[str], int] = self._known.__getitem__
        """The bits of all `listen` of which a string stands in a text."""

    def listen(self, *cues: str) -> int:
        """Listen for these strings from now on; returns the bit they set, to be joined by `|`."""
        bit = 1 << self._readers
        self._readers += 1
        for cue in cues:
            self._bits[cue] = self._bits.get(cue, 0) | bit
        self._seek = None
        self.forget()
        return bit

    def forget(self) -> None:
        """Forget what was heard in any text."""
        self._known.clear()

    def _hear(self, text: str) -> int:
        seek = self._seek
        if seek is None:
            automaton = AhoCorasick(
                self._bits, implementation=Implementation.ContiguousNFA, store_patterns=True
            )
            seek = self._seek = automaton.find_matches_as_strings
        bits, of = EVERY, self._bits
        for cue in seek(self._spell(text), True):  # overlapping: by its name it takes longer
            bits |= of[cue]
        return bits


class _Known(dict[str, int]):
    """What is heard in texts: each is asked for by a dozen readers, a dictionary is fastest."""

    def __init__(self, hear: Callable[[str], int]) -> None:
        super().__init__()
        self._hear = hear

    def __missing__(self, text: str) -> int:
        if len(self) >= _KEPT:
            self.clear()
        bits = self[text] = self._hear(text)
        return bits


EVERY = 1
"""The cue that every text holds."""
FACETS = Ear()
listen, heard = FACETS.listen, FACETS.heard
"""For the readers of facets, who share folded texts: see `aggregator.normalise.wording`."""
LINES = Ear(str.lower)
watch, seen = LINES.listen, LINES.heard
"""For those who read lines as they stand; the strings are in lower case, the lines need not be."""


class Cued:
    """A pattern that is only asked where a string was heard that all its matches need.

    Whoever asks says what was heard in the text. Raises ValueError for a pattern that may match
    without any string.
    """

    __slots__ = ("cue", "ear", "pattern")

    def __init__(self, pattern: str, flags: int = 0, *, ear: Ear = FACETS) -> None:
        strings = needed(pattern, flags)
        if not strings:
            raise ValueError(f"nothing to listen for in {pattern!r}")
        self.pattern = at_words(pattern, flags)
        self.ear = ear
        self.cue = ear.listen(*sorted(strings))

    def search(self, text: str, said: int) -> re.Match[str] | None:
        """The first place where it fits."""
        return self.pattern.search(text) if said & self.cue else None

    def finditer(self, text: str, said: int) -> Iterator[re.Match[str]]:
        """All places where it fits."""
        return self.pattern.finditer(text) if said & self.cue else iter(())

    def sub(self, instead: str | Callable[[re.Match[str]], str], text: str, said: int) -> str:
        """A text with something else where it fits."""
        return self.pattern.sub(instead, text) if said & self.cue else text
