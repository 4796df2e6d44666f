"""What a site says on most of its pages, beside what each of them is about."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, replace
from itertools import takewhile
from typing import Self

from crawlers.finder.evidence import Sign, signs
from crawlers.record import FRAME, Passage, Record, Role, Trust

_PAGES = 3  # differing titles from which on a site shows what it repeats
_SAMPLE = 200  # pages, spread evenly over the site, that tell what all of it repeats
_SHARE = 0.5  # of them; what stands on more is the site's
_STEP = " > "  # between the steps of a CSS path
_REACH = Sign.PHONE | Sign.MAIL
_SAID = frozenset({Role.TEXT, Role.PHONE, Role.EMAIL, Role.URL, Role.BESIDE})


@dataclass(frozen=True, slots=True)
class Boilerplate:
    """The passages that most pages of a site say at the same place, for each of its readers."""

    repeated: Mapping[str, AbstractSet[Passage]]

    @classmethod
    def of(cls, records: Sequence[Record], pages: Iterable[tuple[int, str, str]]) -> Self:
        """What repeats in records of whole pages: `pages` are their numbers, readers and titles.

        A passage repeats where the same words stand at the same place of the document on more than
        half of the pages, and on at least three with differing titles; what stands beside the text
        on two, wherever.
        """
        readers: dict[str, dict[str, int]] = defaultdict(dict)
        for number, extractor, title in pages:
            readers[extractor].setdefault(title, number)
        return cls({name: _repeated(records, list(by.values())) for name, by in readers.items()})

    def stripped(self, record: Record) -> Record:
        """A record; that of a whole page without the boxes that the site puts on most pages.

        What stands outside the element that holds the title and all that only this page says goes;
        how somebody is reached there is how the site's owner is.
        A provider's number that every offer repeats stands inside that element and stays; so does
        the address of the house in which many offices with numbers of their own sit.
        """
        if record.trust is not Trust.PAGE:
            return record
        common = self.repeated.get(record.extractor)
        return _needed(_stripped(record, common) if common else record)


def _repeated(records: Sequence[Record], numbers: Sequence[int]) -> AbstractSet[Passage]:
    """The passages that most pages say at the same place."""
    sample = numbers[:: len(numbers) // _SAMPLE + 1]
    times = Counter(
        passage
        for n in sample
        for passage in {_mark(p) for p in records[n].passages if p.role in _SAID}
    )
    half = _SHARE * len(sample)
    return {
        passage
        for passage, count in times.items()
        if count > max(half, _PAGES - 1 - passage.shared)
    }


def _mark(passage: Passage) -> Passage:
    """What a passage is counted by: of one that stands beside the text, its words alone."""
    return Passage(Role.BESIDE, passage.text, shared=True) if passage.shared else passage


def _needed(record: Record) -> Record:
    """A record without what only showed what the site repeats."""
    if all(passage.role is not Role.BESIDE for passage in record.passages):
        return record
    return replace(record, passages=tuple(p for p in record.passages if p.role is not Role.BESIDE))


def _stripped(record: Record, common: AbstractSet[Passage]) -> Record:
    told = [p for p in record.passages if p.role not in FRAME]
    own = [_steps(p) for p in told if not (p.shared or p in common)]
    title = next((_steps(p)[:-1] for p in record.passages if p.role is Role.TITLE), [])
    inside = _shared([*own, title])
    beside = [p for p in told if p.shared]
    seated = any(_mark(p) not in common and signs(p.text) & _REACH for p in beside)
    seats = {p.locator for p in beside if seated and signs(p.text) & Sign.PLACE}
    kept = tuple(
        p
        for p in record.passages
        if _mark(p) not in common
        or (not p.shared and _steps(p)[: len(inside)] == inside)
        or (p.shared and p.locator in seats)  # of the office with that number
    )
    if len(kept) == len(record.passages):
        return record
    ways = tuple(
        replace(p, role=Role.DESK, shared=False)
        for p in record.passages
        if p not in kept and signs(p.text) & _REACH
    )
    told_first = next((n for n, p in enumerate(kept) if p.role is Role.DESK), len(kept))
    return replace(record, passages=(*kept[:told_first], *ways, *kept[told_first:]))


def _steps(passage: Passage) -> list[str]:
    return passage.locator.split(_STEP)


def _shared(paths: Sequence[list[str]]) -> list[str]:
    """The steps that all paths begin with."""
    steps = takewhile(lambda step: len(set(step)) == 1, zip(*paths, strict=False))
    return [step[0] for step in steps]
