"""In what form an offer comes: advice, group, course, event, care, benefit, information."""

from __future__ import annotations

from typing import get_args

from aggregator.listing import Format
from aggregator.normalise.context import Context
from aggregator.normalise.statement import Reading
from aggregator.normalise.tally import Tally, matcher, own_words
from aggregator.normalise.wording import fold_passage
from aggregator.vocabulary.facets import FORMAT_RULES
from crawlers.record import Record, Role

READER = "format@1"

_FACTOR = {Role.TITLE: 3, Role.SECTION: 1, Role.TOPIC: 1, Role.TEXT: 1}
_OWN_WORDS = frozenset({Role.SECTION, Role.TOPIC})
_THRESHOLD = 3
_SHARE = 0.5  # of the main format's points that a further one needs
_MOST = 2  # formats stated: an offer with three is a page about offers
_CODES: tuple[str, ...] = get_args(Format)

_matching = matcher(FORMAT_RULES)


def read_formats(record: Record, context: Context) -> Reading:
    """State "formats", the main one first; a declared look-up of the site's word decides."""
    reading = Reading()
    lookup = own_words(context.lookups.get("format", {}))
    tally = Tally()
    for passage in record.passages:
        if factor := _FACTOR.get(passage.role):
            own = passage.role in _OWN_WORDS
            if own and (word := fold_passage(passage.text).strip()) in lookup:
                if (code := lookup[word]) is not None and code in _CODES:
                    tally.map(passage, code)
                continue
            tally.count_best(passage, factor, _matching)
    codes = tally.ranked(_CODES, _THRESHOLD, _SHARE)
    reading.statements.extend(tally.statements("formats", codes[:_MOST], READER))
    return reading
