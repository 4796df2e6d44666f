"""What a site says on most of its pages, beside what each of them is about."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Sequence
from collections.abc import Set as AbstractSet
from dataclasses import replace
from itertools import takewhile

from crawlers.record import Passage, Record, Role, Trust

_PAGES = 3  # differing titles from which on a site shows what it repeats
_SAMPLE = 200  # pages, spread evenly over the site, that tell what all of it repeats
_SHARE = 0.5  # of them; what stands on more is the site's
_STEP = " > "  # between the steps of a CSS path
_SAID = frozenset({Role.TEXT, Role.PHONE, Role.EMAIL, Role.URL})


def without_boilerplate(records: Sequence[Record]) -> list[Record]:
    """The records, those of whole pages without the boxes that the site puts on most pages.

    A passage goes where the same words stand at the same place of the document on more than half
    of the pages, and on at least three with differing titles, and outside the element that holds
    the title and all that only this page says. A provider's number that every offer repeats stands
    inside that element and stays.
    """
    pages: dict[str, dict[str, Record]] = defaultdict(dict)
    for record in records:
        if record.trust is Trust.PAGE:
            pages[record.extractor].setdefault(record.title, record)
    repeated = {name: _repeated(list(titled.values())) for name, titled in pages.items()}
    return [
        _stripped(record, common)
        if record.trust is Trust.PAGE and (common := repeated[record.extractor])
        else record
        for record in records
    ]


def _repeated(pages: Sequence[Record]) -> AbstractSet[Passage]:
    """The passages that most pages say at the same place."""
    if len(pages) < _PAGES:
        return frozenset()
    sample = pages[:: len(pages) // _SAMPLE + 1]
    times = Counter(p for page in sample for p in set(page.passages) if p.role in _SAID)
    return {passage for passage, count in times.items() if count > max(_SHARE * len(sample), 2)}


def _stripped(record: Record, common: AbstractSet[Passage]) -> Record:
    own = [_steps(p) for p in record.passages if p not in common]
    title = next((_steps(p)[:-1] for p in record.passages if p.role is Role.TITLE), [])
    inside = _shared([*own, title])
    kept = tuple(
        p for p in record.passages if p not in common or _steps(p)[: len(inside)] == inside
    )
    return record if len(kept) == len(record.passages) else replace(record, passages=kept)


def _steps(passage: Passage) -> list[str]:
    return passage.locator.split(_STEP)


def _shared(paths: Sequence[list[str]]) -> list[str]:
    """The steps that all paths begin with."""
    steps = takewhile(lambda step: len(set(step)) == 1, zip(*paths, strict=False))
    return [step[0] for step in steps]
