"""The title of an offer."""

from __future__ import annotations

from itertools import islice

from aggregator.normalise.context import Context
from aggregator.normalise.person import strip_persons
from aggregator.normalise.statement import Reading, Statement
from aggregator.normalise.text import clean_title
from crawlers.record import Record, Role, of_roles

_READER = "title@1"
_LONGEST = 200


def read_title(record: Record, context: Context) -> Reading:  # noqa: ARG001 - readers share one form
    """State the title; where the page marks none, the record's first short line.

    No statement where there is nothing that could be one.
    """
    titled = of_roles(record.passages, Role.TITLE)
    lines = (p for p in of_roles(record.passages, Role.TEXT) if len(p.text) <= 100)
    for passage in (*titled, *islice(lines, 1)):
        title = strip_persons(clean_title(passage.text))[:_LONGEST].strip()
        if any(map(str.isalpha, title)):
            sure = 1.0 if passage.role is Role.TITLE else 0.6
            quote = strip_persons(passage.text)
            return Reading([Statement("title", title, quote, passage.locator, _READER, "", sure)])
    return Reading()
