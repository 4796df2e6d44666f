"""What a text must hold for a pattern to match in it, read off the pattern itself."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable
from itertools import product
from re import _constants as op  # type: ignore[attr-defined]
from re import _parser  # type: ignore[attr-defined]
from typing import Any, NamedTuple

Strings = frozenset[str]
_MOST = 96  # strings that are told apart
_WIDEST = 10  # letters of a set that are told apart
_EMPTY: Strings = frozenset({""})


def needed(pattern: str, flags: int = 0) -> Strings:
    r"""Strings, in lower case, of which one stands in the lower-cased text of each match.

    Empty where none are known. The pattern is read by the standard library's own parser, so that
    both know the same syntax.

    >>> sorted(needed(r"\bkosten(?:los|frei)\b|\bumsonst"))
    ['kostenfrei', 'kostenlos', 'umsonst']
    """
    strings = _row(_parser.parse(pattern, flags)).best or frozenset()
    return frozenset(s for s in strings if not any(o != s and o in s for o in strings))


class _Part(NamedTuple):
    """What is known of a part of a pattern."""

    whole: Strings | None = None
    """All that it can match, in lower case; None where that is too much to tell."""
    inside: Strings | None = None
    """Strings of which one stands in all that it matches; None where none is known."""

    @property
    def best(self) -> Strings | None:
        """The strings that tell most."""
        return _better(self.inside, self.whole)


def _row(items: Iterable[tuple[Any, Any]]) -> _Part:
    """Parts that follow each other: what they match is joined as far as all of it is known."""
    run, broken = _EMPTY, False
    best: Strings | None = None
    for kind, value in items:
        part = _part(kind, value)
        best = _better(best, part.inside)
        if part.whole is not None and len(run) * len(part.whole) <= _MOST:
            run = frozenset(before + after for before, after in product(run, part.whole))
        else:
            best = _better(best, run)
            run, broken = part.whole or _EMPTY, True
    return _Part(None if broken else run, _better(best, run))


def _part(kind: object, value: Any) -> _Part:  # noqa: ANN401 - the parser's own, of any form
    reads = _READ.get(kind)
    return reads(value) if reads else _Part()


def _one_of(members: Iterable[tuple[Any, Any]]) -> _Part:
    letters: set[str] = set()
    for kind, value in members:
        if kind is op.LITERAL:
            letters.add(chr(value).lower())
        elif kind is op.RANGE and value[1] - value[0] < _WIDEST:
            letters.update(chr(code).lower() for code in range(value[0], value[1] + 1))
        else:
            return _Part()
    return _Part(frozenset(letters) if len(letters) <= _WIDEST else None)


def _either(parts: Collection[_Part]) -> _Part:
    wholes = [part.whole for part in parts if part.whole is not None]
    insides = [part.best for part in parts if part.best is not None]
    whole: Strings | None = frozenset().union(*wholes)
    if len(wholes) < len(parts) or len(whole or ()) > _MOST:
        whole = None
    return _Part(whole, frozenset().union(*insides) if len(insides) == len(parts) else None)


def _repeated(value: tuple[int, int, Iterable[tuple[Any, Any]]]) -> _Part:
    least, most, items = value
    part = _row(items)
    if least:
        return part if most == 1 else _Part(None, part.best)
    return _either([part, _Part(_EMPTY)]) if most == 1 else _Part()


_READ: dict[object, Callable[[Any], _Part]] = {
    op.LITERAL: lambda code: _Part(frozenset({chr(code).lower()})),
    op.IN: _one_of,
    op.BRANCH: lambda value: _either([_row(items) for items in value[1]]),
    op.SUBPATTERN: lambda value: _row(value[3]),
    op.ATOMIC_GROUP: _row,
    op.MAX_REPEAT: _repeated,
    op.MIN_REPEAT: _repeated,
    op.POSSESSIVE_REPEAT: _repeated,
    op.AT: lambda value: _Part(_EMPTY),  # noqa: ARG005 - all read something
    op.ASSERT: lambda value: _Part(_EMPTY, _row(value[1]).best),
    op.ASSERT_NOT: lambda value: _Part(_EMPTY),  # noqa: ARG005
}
"""How a part of each kind is read; of all other kinds nothing is known."""


def _better(one: Strings | None, other: Strings | None) -> Strings | None:
    """Which tells more: longer strings, of equals fewer; None where neither tells anything."""
    telling = [strings for strings in (one, other) if strings and "" not in strings]
    return max(telling, key=lambda found: (min(map(len, found)), -len(found)), default=None)
