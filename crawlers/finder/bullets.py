"""Lists that are typed, not marked up: each line begins with a dot or a dash."""

from __future__ import annotations

import re

from crawlers.finder.flow import Flow

_BULLET = re.compile(r"(?:[•·▪■●○◦►▸▶»✓✔➔→*]|[-–—](?=\s))\s*(?=[A-ZÄÖÜ„\"0-9])")
_LIST = 2  # lines that make a list


def take_bullets(flow: Flow) -> None:
    """Take the signs off the lines of typed lists and note that each begins an item."""
    marked = [
        (line, match)
        for line in flow.lines
        if not line.menu and (match := _BULLET.match(line.text)) is not None
    ]
    if len(marked) < _LIST:
        return
    for line, match in marked:
        line.item = True
        line.text = line.text[match.end() :]
        line.lead = line.lead.removeprefix(match[0].strip()).strip()


def items(flow: Flow) -> list[tuple[int, int]]:
    """The items of typed lists as ranges of lines: each to the next one or its paragraph's end."""
    lines = flow.lines
    found: list[tuple[int, int]] = []
    for start, line in enumerate(lines):
        if not line.item:
            continue
        end = start + 1
        while end < len(lines) and not lines[end].item and lines[end].paragraph == line.paragraph:
            end += 1
        found.append((start, end))
    return found
