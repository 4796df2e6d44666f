"""How common terms are in one state of a tantivy index, looked up once each."""

from __future__ import annotations

import tantivy

_MOST = 200_000


class Frequencies(dict[tuple[str, str], int]):
    """(field, term) -> in how many offers it occurs, deleted ones counted until the engine merges.

    They are found when they are asked for; what is known is told without a call of Python.
    """

    def __init__(self, searcher: tantivy.Searcher) -> None:
        super().__init__()
        self._searcher = searcher

    def __missing__(self, key: tuple[str, str]) -> int:
        """Ask the engine, and remember."""
        if len(self) >= _MOST:
            self.clear()
        found = self[key] = self._searcher.doc_freq(*key)
        return found
