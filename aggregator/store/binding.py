"""How many values one statement may name."""

from collections.abc import Iterator, Sequence
from typing import TypeVar

_Key = TypeVar("_Key")

_MOST = 999
"""Variables that SQLite binds at least, https://www.sqlite.org/limits.html: number 9."""
_OTHERS = 99
"""Of those, left for the rest of a statement."""


def bindable(keys: Sequence[_Key], times: int = 1) -> Iterator[Sequence[_Key]]:
    """Keys in parts that one statement can name, `times` each: `WHERE id IN (…)`."""
    step = (_MOST - _OTHERS) // times
    for start in range(0, len(keys), step):
        yield keys[start : start + step]
