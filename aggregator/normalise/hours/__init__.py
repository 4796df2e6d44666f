"""German opening hours: from prose to OSM `opening_hours`, RFC 5545 parts and qualifiers.

`parse` reads one text. It fails closed: a text that speaks of times in any way that is not
understood gives no derived hours at all.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from functools import lru_cache

from aggregator.listing import Qualifier
from aggregator.normalise.hours import osm, qualifiers, rfc5545, timetable, tokens
from aggregator.normalise.hours.rfc5545 import Schedule
from aggregator.normalise.hours.rule import Rule

__all__ = ["Hours", "Schedule", "parse"]


@dataclass(frozen=True, slots=True)
class Hours:
    """What a text says of times.

    `osm` is None unless all of the text was understood (`complete`) and names times at all.
    `doubts` are codes of `aggregator.normalise.statement.Doubt`: "hours_ambiguous" for a rhythm
    without an anchor ("jeden zweiten Samstag"), "hours_not_understood".
    """

    osm: str | None
    qualifiers: tuple[Qualifier, ...]
    doubts: tuple[str, ...]
    complete: bool
    rules: tuple[Rule, ...] = ()

    @property
    def schedules(self) -> tuple[Schedule, ...]:
        """The rules in the parts of RFC 5545 that HSDS uses; none where `osm` is None."""
        return rfc5545.write(self.rules) if self.osm is not None else ()


@lru_cache(maxsize=4096)
def parse(text: str, seen_on: date) -> Hours | None:
    """Read a German text on times; None where it says nothing of times. Never raises.

    Years that are not written are inferred from the day `text` was seen on, and only where a
    weekday or a neighbouring date leaves one choice.
    """
    plain, found = qualifiers.replace(tokens.fold(text))
    table = timetable.read(tokens.tokenise(plain), seen_on)
    if not table.timed and not found:
        return None
    whole = table.complete and len(text) <= tokens.LIMIT
    value = osm.write(table.rules) if whole else None
    if value is not None and not osm.valid(value):
        value = None
    if value is not None:
        return Hours(value, found, (), True, table.rules)
    understood = whole and not table.rules
    doubt = "hours_ambiguous" if table.ambiguous else "hours_not_understood"
    return Hours(None, found, () if understood else (doubt,), understood)
