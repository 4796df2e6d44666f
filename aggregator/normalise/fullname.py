"""What the bodies of one site are called in full: an imprint says more than a menu.

A body goes by a short name all over its site and is named in full once: in the imprint, on the
start page, above its address, where its short name is explained.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from typing import NamedTuple

from aggregator.normalise.body.found import MOST, mentioning, texts
from aggregator.normalise.body.mention import LAWFUL, lawful
from aggregator.normalise.body.name import LEGAL_ENDING, named
from aggregator.normalise.body.short import is_short_of
from aggregator.normalise.context import Context
from aggregator.normalise.institution import JOINING, LEGAL_FORM, is_institution
from aggregator.normalise.person import strip_persons
from aggregator.normalise.statement import Reading, Statement
from aggregator.normalise.text import clean
from aggregator.normalise.wording import word_list
from crawlers.record import Passage, Record, RecordKind, Role, locate, of_roles

_REASON = "der volle Name, wie ihn die Website nennt"
_ELSEWHERE = 0.8  # the most confidence that another offer's body of that name is this one
_SURE = 0.8  # from this confidence on a provider is called so
_QUOTE = 300
_ABBREVIATION = re.compile(r"(?=(?:.*[A-ZÄÖÜ]){2})[A-ZÄÖÜ][A-Za-zäöü]{1,7}")
_BEFORE = 120  # characters before an abbreviation in brackets that explain it


class FullName(NamedTuple):
    """A name, the words that state it, and the page on which they stand."""

    name: str
    passage: Passage
    page_url: str


class FullNames:
    """The names that the records of a site state, to say in full what others say for short."""

    def __init__(
        self, records: Sequence[Record], readings: Iterable[Reading], context: Context
    ) -> None:
        self._records = records
        self._site = frozenset(word_list(clean(context.site)))
        self._institution = bool(context.site) and is_institution(context.site)
        self._own = (
            _distinct(_owners(records, house=True)),
            _distinct(_owners(records, house=False)),
        )
        self._others = _distinct(_providers(records, readings))
        self._known: dict[str, FullName | None] = {}

    def told(self, record: Record, reading: Reading) -> Reading:
        """The reading of a record with its provider's full name, where the site states one."""
        for at, one in enumerate(reading.statements):
            if one.field == "provider" and not LEGAL_FORM.search(str(one.value)):
                if (full := self._of(record, one)) is None:
                    break
                statements = [*reading.statements[:at], full, *reading.statements[at + 1 :]]
                return Reading(statements, reading.doubts)
        return reading

    def _of(self, record: Record, said: Statement) -> Statement | None:
        short = str(said.value)
        here = _fullest(short, _distinct(_lawful(record)), own=False)
        full = here or self._elsewhere(short)
        if full is None:
            return None
        told = locate(full.passage, full.page_url, record.page_url)
        return said._replace(
            value=full.name,
            quote=strip_persons(told.text)[:_QUOTE],
            locator=told.locator,
            reason=f"{said.reason}; {_REASON}" if said.reason else _REASON,
            confidence=said.confidence if here else min(said.confidence, _ELSEWHERE),
        )

    def _elsewhere(self, short: str) -> FullName | None:
        if short not in self._known:
            explained = self._explained(short)
            longer = self._stated(explained.name if explained else short)
            self._known[short] = longer or explained
        return self._known[short]

    def _stated(self, short: str) -> FullName | None:
        """What the imprint, the start page, the frame or another offer calls a body."""
        own = self._institution or self._site.issuperset(word_list(short))
        for names in self._own:
            if full := _fullest(short, names, own=own):
                return full
        return _fullest(short, self._others, own=False)

    def _explained(self, short: str) -> FullName | None:
        """What an abbreviation stands for: "Sozialdienst katholischer Frauen (SkF)"."""
        if not _ABBREVIATION.fullmatch(short):
            return None
        bracket = f"({short})"
        for record in self._records:
            for passage in record.passages:
                if bracket not in passage.text:
                    continue
                before = clean(passage.text).partition(bracket)[0]
                if name := _spelt_out(short, before[-_BEFORE:]):
                    return FullName(name, passage, record.page_url)
        return None


def _distinct(names: Iterable[FullName]) -> list[FullName]:
    """Each name once, as it is stated first."""
    first: dict[str, FullName] = {}
    for one in names:
        first.setdefault(one.name, one)
    return list(first.values())


def _owners(records: Iterable[Record], *, house: bool) -> Iterator[FullName]:
    for record in records:
        if (record.kind is RecordKind.HOUSE) is house:
            for passage in of_roles(record.passages, Role.OWNER):
                if name := named(passage.text):
                    yield FullName(name, passage, record.page_url)


def _providers(records: Iterable[Record], readings: Iterable[Reading]) -> Iterator[FullName]:
    """The bodies with a legal form that offers of the site are surely from."""
    for record, reading in zip(records, readings, strict=True):
        for one in reading.statements:
            if one.field != "provider" or one.confidence < _SURE:
                continue
            if LEGAL_FORM.search(str(one.value)):
                passage = Passage(Role.TEXT, one.quote, one.locator)
                yield FullName(str(one.value), passage, record.page_url)


def _lawful(record: Record) -> Iterator[FullName]:
    """The names with a legal form in the lines of a record."""
    for passage in mentioning(texts(record), LAWFUL):
        for match in LAWFUL.pattern.finditer(passage.text[:MOST]):
            if name := lawful(match, passage):
                yield FullName(name, passage, record.page_url)


def _fullest(short: str, names: Iterable[FullName], *, own: bool) -> FullName | None:
    """The one name that says most of a body; None where several say more and differ."""
    longer = [one for one in names if is_short_of(short, one.name, own=own)]
    if len(longer) > 1:
        longer = [
            one
            for one in longer
            if not any(is_short_of(one.name, other.name, own=own) for other in longer)
        ]
    if len(longer) > 1:
        longer = [one for one in longer if LEGAL_FORM.search(one.name)]
    return longer[0] if len(longer) == 1 else None


def _spelt_out(short: str, before: str) -> str:
    """The words right before an abbreviation whose initials it is; "" where they are others."""
    before = before.strip()
    form = LEGAL_ENDING.search(before)
    words = before[: form.start() if form else None].split()
    letters = list(short.casefold())
    while words and letters:
        word = words.pop().casefold()
        if word.startswith(letters[-1]):
            letters.pop()
        elif word not in JOINING:
            return ""
    named_by = len(" ".join(words))
    return "" if letters else before[named_by:].strip()
