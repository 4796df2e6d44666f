"""Where a page says it again in plain words: "In Leichter Sprache", "In einfachen Worten".

Nothing is plain because it reads so: only what the page itself calls that is found.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import takewhile

from aggregator.normalise.cues import seen, watch
from crawlers.plainwords import calls_plain, words
from crawlers.record import Passage, Record, Role, of_roles

PLAIN = watch("leicht", "einfach")
"""Heard in each line that calls something plain."""
_HEADS = {f"h{rank}": rank for rank in range(1, 7)}
_OWN = frozenset({"summary", "dt", "legend", "button"})  # head a container of their own
_STEP = " > "
_TAG = re.compile(r"[a-z][a-z0-9-]*")


@dataclass(frozen=True, slots=True)
class PlainPart:
    """The heading that calls a part plain, and its lines in reading order."""

    heading: Passage | None
    """None where the words stand on a page of their own."""
    lines: tuple[Passage, ...]


def plain_part(record: Record) -> PlainPart | None:
    """The part of a record in plain words; None where its page has none, or does not say so.

    A page of its own, to which the record's page leads, comes before a part of the page.
    """
    own = of_roles(record.passages, Role.PLAIN)
    if own:
        return PlainPart(None, tuple(own))
    texts = of_roles(record.passages, Role.TEXT)
    if not any(seen(passage.text) & PLAIN for passage in texts):
        return None
    title = {word for word in words(record.title) if len(word) > 2}
    for number, passage in enumerate(texts):
        rest = _called(passage.text, title)
        if rest is None:
            continue
        if rest:
            return PlainPart(passage, (Passage(Role.TEXT, rest, passage.locator),))
        lines = _below(passage, texts[number + 1 :])
        if lines:
            return PlainPart(passage, lines)
    return None


def _called(text: str, title: set[str]) -> str | None:
    """What follows on the line after a heading that calls it plain; "" for the heading alone."""
    head, _, rest = text.partition(":")
    return rest.strip() if calls_plain(head, title) else None


def _below(heading: Passage, rest: Sequence[Passage]) -> tuple[Passage, ...]:
    """The lines that a heading heads: up to the next one of its rank, or the end of its box."""
    if not rest:
        return ()
    tag = _tag(heading)
    if tag not in _HEADS and tag not in _OWN:
        # Only looks like a heading: sure of the paragraph or list below it, if it announces one.
        if not heading.text.rstrip().endswith(":"):
            return ()
        block = _block(rest[0])
        return tuple(takewhile(lambda p: _block(p) == block, rest))
    rank = _HEADS.get(tag, 7)
    box = _shared(_steps(heading), _steps(rest[0]))
    found = []
    for passage in rest:
        below = _HEADS.get(_tag(passage))
        if (below is not None and below <= rank) or _steps(passage)[: len(box)] != box:
            break
        if below is None and _tag(passage) not in _OWN:
            found.append(passage)
        elif below is None:
            break
    return tuple(found)


def _steps(passage: Passage) -> list[str]:
    return passage.locator.split(_STEP)


def _tag(passage: Passage) -> str:
    found = _TAG.match(_steps(passage)[-1])
    return found[0] if found else ""


def _block(passage: Passage) -> str:
    """The paragraph of a line, or the list of an item."""
    steps = _steps(passage)
    return _STEP.join(steps[:-1] if _tag(passage) == "li" else steps)


def _shared(one: Sequence[str], other: Sequence[str]) -> list[str]:
    return [a for a, b in takewhile(lambda pair: pair[0] == pair[1], zip(one, other, strict=False))]
