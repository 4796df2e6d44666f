"""Whose site it is: the body that a page's frame or its <title> names with its legal form."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import NamedTuple

from crawlers.bodies import GATHERERS

_FORM = r"(?:e\.\s?V\.|gGmbH|gUG|gAG|eG|KdöR)(?!\w)"
_NAME = rf"(?P<name>[^\W\d_][^©|·•:;!?,\d\n]{{1,70}}?\s{_FORM})"
_CLAIMED = re.compile(
    rf"(?:©|\(c\)|copyright)\s*(?:by\s)?(?:\d{{4}}(?:\s?[-–/]\s?\d{{4}})?)?\s*(?:by\s)?{_NAME}",
    re.IGNORECASE,
)
_ALONE = re.compile(rf"\W*{_NAME}\s*(?:$|[|·•,–-])")
_PART = re.compile(r"\s+(?:[|»«–—·•-]|::)\s+")
# Those who pay, help or built the site stand in frames, too.
_OTHERS = re.compile(
    r"\b(?:geförder|förder|unterstütz|mitglied|partner|koop|umsetzung|webdesign|gestalt|spende"
    r"|erstellt|sponsor|impressum)",
    re.IGNORECASE,
)
# "Geschäftsstelle beim Hafenlicht e.V.", "ein Projekt der Hafenlicht gGmbH": a guest, and no house.
_HOSTED = re.compile(r"\bbeim?\s|^(?:ein\s)?(?:projekt|angebot|initiative)\b", re.IGNORECASE)
_GATHERS = re.compile(GATHERERS, re.IGNORECASE)
_CUES = ("e.V", "e. V", "gGmbH", "gUG", "gAG", "eG", "KdöR")
TITLE = -1
"""The place of what <title> says, which is no element of the flow."""


class Owner(NamedTuple):
    """The name of a body, and the element in whose text it stands."""

    name: str
    element: int


class Claims:
    """What the lines of a page's frame say of its owner."""

    def __init__(self) -> None:
        self._claimed: list[Owner] = []
        self._alone: list[Owner] = []

    def look(self, text: str, element: int) -> None:
        """Note the bodies that the lines of a part of the frame name."""
        if not any(cue in text for cue in _CUES):
            return
        for line in text.splitlines():
            line = " ".join(line.split())  # noqa: PLW2901
            if claimed := _CLAIMED.search(line):
                self._claimed.append(Owner(claimed["name"], element))
            elif (
                (alone := _ALONE.match(line))
                and not _OTHERS.search(line)
                and not _HOSTED.search(alone["name"])
            ):
                self._alone.append(Owner(alone["name"], element))

    def owner(self, title: str) -> Owner | None:
        """The only body that claims the page, else that its title names, else that its frame names.

        None where several do: nothing tells them apart; and none on a site that its title calls a
        network or a guide, whose owner only gathers what others offer.
        """
        parts = [" ".join(part.split()) for part in _PART.split(title[:300])]
        if _GATHERS.search(parts[-1]):
            return None
        titled = [
            Owner(part, TITLE)
            for part in parts
            if (found := _ALONE.match(part)) and found["name"] == part
        ]
        for claims in (self._claimed, titled, self._alone):
            if claims:
                return _only(claims)
        return None


def _only(claims: Sequence[Owner]) -> Owner | None:
    return claims[0] if len({claim.name for claim in claims}) == 1 else None
