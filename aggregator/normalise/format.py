"""In what form an offer comes: advice, group, course, event, care, benefit, information."""

from __future__ import annotations

from collections.abc import Sequence
from typing import get_args

from aggregator.listing import Format
from aggregator.normalise.context import Context
from aggregator.normalise.statement import Reading
from aggregator.normalise.tally import Tally, matcher, own_words
from aggregator.normalise.wording import RecordText, fold_passage
from aggregator.vocabulary.facets import FORMAT_RULES
from crawlers.record import Role

READER = "format@2"

_FACTOR = {Role.TITLE: 3, Role.SECTION: 1, Role.TOPIC: 1, Role.TEXT: 1}
_OWN_WORDS = frozenset({Role.SECTION, Role.TOPIC})
_THRESHOLD = 3
_SHARE = 0.75  # of the main format's points that a further one needs
_MOST = 2  # formats stated: an offer with three is a page about offers
_CODES: tuple[str, ...] = get_args(Format)

_SUBJECTS = frozenset({"benefit", "care"})

_matching = matcher(FORMAT_RULES)


def read_formats(offer: RecordText, context: Context) -> Reading:
    """State "formats", the main one first; a declared look-up of the site's word decides."""
    reading = Reading()
    lookup = own_words(context.lookups.get("format", {}))
    tally = Tally()
    for passage in offer.passages:
        if factor := _FACTOR.get(passage.role):
            own = passage.role in _OWN_WORDS
            if own and (word := fold_passage(passage.text).strip()) in lookup:
                if (code := lookup[word]) is not None and code in _CODES:
                    tally.map(passage, code)
                continue
            tally.count_best(passage, factor, _matching)
    codes = _advice_first(tally.ranked(_CODES, _THRESHOLD, _SHARE), offer.title)
    reading.statements.extend(tally.statements("formats", codes[:_MOST], READER))
    return reading


def _advice_first(codes: Sequence[str], title: str) -> list[str]:
    """Advice before what it is about, as in "Beratung zu Kinderzuschlag" or "Kita-Beratung"."""
    said = {code for rule in _matching(title) for code in rule.weights}
    if codes and codes[0] in _SUBJECTS and "advice" in said:
        return ["advice", *(code for code in codes if code != "advice")][: len(codes)]
    return list(codes)
