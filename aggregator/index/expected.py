"""How many offers a tree may find, told from the frequencies of its terms without searching."""

from __future__ import annotations

import math
from collections.abc import Mapping

from aggregator.index.tree import All, AtLeast, Best, Bonus, Node, Term, Values, Without


class Expected:
    """What to expect of trees in one state of an index."""

    def __init__(self, frequencies: Mapping[tuple[str, str], int], size: int) -> None:
        """`frequencies`: (field, term) -> in how many of `size` offers it occurs."""
        self._frequencies, self._size = frequencies, size

    def exactly(self, node: Node) -> int | None:
        """How many offers a tree finds, where it is one term of a field."""
        match node:
            case Term() | Values(_, (_,)):
                return self.most(node)
        return None

    def most(self, node: Node) -> int:  # noqa: PLR0911 - a case a kind of node
        """How many offers a tree may find at most."""
        match node:
            case Term(term):
                return self._frequencies[node.widest, term]
            case Values(field, values):
                return sum(self._frequencies[field, value] for value in values)
            case All(children):
                return min(map(self.most, children))
            case Best(children):
                return sum(map(self.most, children))
            case AtLeast(children, least):
                # Whoever has so many of them has one of the rarest.
                rarest = sorted(map(self.most, children))[: len(children) - least + 1]
                return min(self._size, sum(rarest))
            case Bonus(base) | Without(base):
                return self.most(base)
        return self._size

    def likely(self, node: Node) -> float:
        """How many offers a tree may find, if words had nothing to do with each other."""
        match node:
            case All(children):
                shares = (self.likely(child) / max(1, self._size) for child in children)
                return self._size * math.prod(shares)
            case Best(children):
                return min(self._size, sum(map(self.likely, children)))
            case AtLeast(children, least):
                # The sum over all choices of so many children, of which an offer may have several.
                ways = [1.0] + [0.0] * least
                for child in children:
                    share = self.likely(child) / max(1, self._size)
                    for number in range(least, 0, -1):
                        ways[number] += ways[number - 1] * share
                return self._size * min(1.0, ways[least])
            case Bonus(base) | Without(base):
                return self.likely(base)
        return self.most(node)
