"""Joins what several pages of one site say of one thing."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Container, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from hashlib import blake2b
from itertools import combinations
from sys import intern

from crawlers.boilerplate import Boilerplate
from crawlers.finder.benefits import names_benefit
from crawlers.finder.bodies import names_house
from crawlers.finder.evidence import (
    CONTACT,
    HINTS,
    Sign,
    may_reach,
    names_date,
    phones,
    reachable,
    signs,
    weight,
)
from crawlers.finder.titles import names_offer
from crawlers.finder.words import is_date
from crawlers.keys import page_key, slug
from crawlers.reading import folded, merged
from crawlers.record import FRAME, Passage, Record, RecordKind, Role, Trust, located
from crawlers.source import Source

_PLATFORM_ID = re.compile(r"(?:wp|tribe|ld|hsds):")
_POSTCODE = re.compile(r"(?<!\d)\d{5}(?=,?\s+[A-ZÄÖÜ][a-zäöüß])")
_MAIL = re.compile(r"[\w.+-]{1,64}(?:@|\(at\)|\[at\])[\w.-]{3,190}", re.IGNORECASE)
_TELLS = (frozenset(Role) - FRAME) - {
    Role.TITLE, Role.SECTION, Role.TOPIC, Role.URL, Role.IMAGE_TEXT, Role.PLAIN, Role.PLAIN_URL,
    Role.BESIDE,
}  # fmt: skip
_IDENTITY = frozenset({Role.TEXT, Role.PHONE, Role.EMAIL})
_TOLD_ONCE = frozenset({Role.TEXT, Role.OWNER})
"""What tells apart records that are no offers."""
_NAMESAKES = 60  # records of one name that are compared with each other
Place = tuple[str, str, str]
"""Key, title and page of a joined record."""
_TELLING = 2  # weight of a teaser that says when or for how much, if not how to reach it
_SEVERAL = 2  # things on the page that an entry of a list leads to
_REPEATED = 3  # pages; what stands on more of them, word for word, is the site's frame
_REMARK = 80  # characters that a calendar says of one meeting beside its day and place
_MEETING = Sign.WEEKDAY | Sign.CLOCK | Sign.DATE | Sign.PLACE | Sign.PERSON | HINTS
_OPENING = re.compile(r"(?:kurs-?)?(?:beginn|start)-|auftakt-")
"""How a calendar begins to name the first meeting of a course, as a slug."""
_LONG_NAME = 3  # words of a name that says what is meant
_RHYTHM = Sign.WEEKDAY | Sign.CLOCK


@dataclass(frozen=True, slots=True)
class _Sketch:
    """What of a record is held while all are compared; the record itself may be on the disk."""

    number: int
    """Its place among all that was found."""
    page: str
    key: str
    title: str
    trust: Trust
    kind: RecordKind
    page_url: str
    detail_url: str | None
    extractor: str
    said: bytes
    plain: str
    """The page to which it leads for the same in plain words; "" where it does not."""
    told: bytes
    """All that it says and where, as a digest: thousands of texts are too much to hold."""


def assemble(records: Iterable[Record], source: Source) -> list[Record]:
    """The records of one run, each thing once, in an order that no fetch order changes.

    A list entry and its detail page become one record under the detail's key; repetitions on
    other pages vanish; blocks that the site repeats on every page are no records at all.
    """
    whole = list(joined(list(records), source))
    return [replace(whole[n], key=key) for n, key in arranged([place(one) for one in whole])]


def place(record: Record) -> Place:
    """What the order of the joined records follows."""
    return (record.key, record.title, record.page_url)


def arranged(places: Sequence[Place]) -> Iterator[tuple[int, str]]:
    """The order of joined records, by number, each with a key that no other has."""
    seen: dict[str, int] = {}
    for n in sorted(range(len(places)), key=places.__getitem__):
        key = places[n][0]
        number = seen[key] = seen.get(key, 0) + 1
        yield n, key if number == 1 else f"{key}#{number}"


def joined(records: Sequence[Record], source: Source) -> Iterator[Record]:
    """What `assemble` makes of records, in no order and with keys that may come twice.

    Each record is asked for by its number when it is needed and held no longer, so that `records`
    may be a file.
    """
    sketches = sorted(_sketches(records, source), key=_order)
    others = [records[s.number] for s in sketches if s.kind is not RecordKind.OFFER]
    offers = _without_frame([s for s in sketches if s.kind is RecordKind.OFFER])
    offers = _without_doubled_pages(offers)
    offers = _without_lists(offers, source)
    pages = ((s.number, s.extractor, s.title) for s in offers if s.trust is Trust.PAGE)
    shelf = _Shelf(records, Boilerplate.of(records, pages))
    groups = _without_meetings(_groups(offers, shelf, source), shelf)
    twins = _twins(groups)
    for n, group in enumerate(groups):
        record = _one([shelf.record(sketch) for sketch in group], source)
        if record is not None and n not in twins.values():
            twin = groups[twins[n]] if n in twins else ()
            yield _in_plain_words(record, [shelf.record(sketch) for sketch in twin])
    yield from _unlike(others)


def _sketches(records: Sequence[Record], source: Source) -> Iterator[_Sketch]:
    """One of each record, whatever many pages say the very same."""
    seen: set[tuple[str, bytes]] = set()
    for number, r in enumerate(records):
        told = _told(r)
        if (r.key, told) not in seen:
            seen.add((r.key, told))
            page = intern(page_key(r.page_url, source))
            yield _Sketch(
                number, page, r.key, r.title, r.trust, r.kind, r.page_url, r.detail_url,
                r.extractor, _said(r), _plain_page(r, source), told,
            )  # fmt: skip


def _order(sketch: _Sketch) -> tuple[str, int, str, str, bytes]:
    return (sketch.page, -sketch.trust, sketch.key, sketch.title, sketch.told)


@dataclass(frozen=True, slots=True)
class _Shelf:
    """The records behind sketches, without what the site says on most of its pages."""

    records: Sequence[Record]
    frame: Boilerplate

    def record(self, sketch: _Sketch) -> Record:
        """The record of a sketch."""
        return self.frame.stripped(self.records[sketch.number])


def _unlike(records: list[Record]) -> list[Record]:
    """Records of which no other says exactly the same; an API's before the page's own."""
    seen: set[bytes] = set()
    kept = []
    for record in sorted(records, key=lambda r: not _PLATFORM_ID.match(r.key)):
        told = sorted({p.text for p in record.passages if p.role in _TOLD_ONCE})
        said = _digest([record.kind.value, *told])
        if said not in seen:
            seen.add(said)
            kept.append(record)
    return kept


def _told(record: Record) -> bytes:
    said = _digest(part for p in record.passages for part in (p.role.value, p.text))
    where = (f"{p.locator}\0{p.origin}" for p in record.passages)
    links = (record.page_url, f"{record.detail_url}", record.extractor, f"{record.via}")
    return said + _digest((*links, record.kind.value, f"{record.trust:d}", *where))


def _said(record: Record) -> bytes:
    texts = (p.text for p in record.passages if p.role in _IDENTITY)
    return _digest((slug(record.title), *texts))


def _digest(parts: Iterable[str]) -> bytes:
    return blake2b("\0".join(parts).encode("utf-8", "replace"), digest_size=16).digest()


def _without_frame(sketches: list[_Sketch]) -> list[_Sketch]:
    """Leave out what many pages say word for word."""
    pages: dict[bytes, set[str]] = defaultdict(set)
    for sketch in sketches:
        pages[sketch.said].add(sketch.page)
    most = max(_REPEATED, 0.3 * len({sketch.page for sketch in sketches}))
    return [
        s for s in sketches if s.trust > Trust.FOUND or s.detail_url or len(pages[s.said]) <= most
    ]


def _without_doubled_pages(sketches: list[_Sketch]) -> list[_Sketch]:
    """Leave out what HTML tells of a page that the site's API told already."""
    told = {s.page for s in sketches if s.key.startswith("wp:")}
    return [
        s
        for s in sketches
        if s.key.startswith("wp:") or s.trust > Trust.FOUND or s.page not in told
    ]


def _without_lists(sketches: list[_Sketch], source: Source) -> list[_Sketch]:
    """Leave out entries of a list that lead to a page of several other things.

    An institution in a guide, a topic: what its page holds are the offers.
    """
    held: dict[str, set[str]] = defaultdict(set)
    whole = {s.page for s in sketches if _whole(s)}
    for s in sketches:
        if s.trust is Trust.FOUND and not s.detail_url:
            held[s.page].add(slug(s.title))
    kept: list[_Sketch] = []
    for s in sketches:
        led = page_key(s.detail_url, source) if s.trust is Trust.FOUND and s.detail_url else None
        titles = held.get(led, set()) if led is not None and led not in whole else set()
        if len(titles) < _SEVERAL or led == s.page or slug(s.title) in titles:
            kept.append(s)
    return kept


def _whole(record: Record | _Sketch) -> bool:
    """True for a record that is all its page is about."""
    return "#" not in record.key and (record.trust in {Trust.PAGE, Trust.FEED, Trust.MARKUP})


def _groups(records: list[_Sketch], shelf: _Shelf, source: Source) -> list[list[_Sketch]]:
    """Records of one thing together: one page of their own, or one name and no contradiction."""
    bonds = _Bonds(len(records))
    crowded = _crowded(records, source)
    owner: dict[str, int] = {}
    named: dict[str, int] = {}
    for n, record in enumerate(records):
        if _PLATFORM_ID.match(record.key) and "#" not in record.key:  # a list and its detail page
            bonds.join(named.setdefault(record.key, n), n)
        if _whole(record):
            page = page_key(record.detail_url or record.page_url, source)
            if page not in crowded and not _rivals(records[owner.setdefault(page, n)], record):
                bonds.join(owner[page], n)
    led: dict[tuple[str, str], int] = {}
    for n, record in enumerate(records):
        if record.detail_url and not _whole(record):
            page = page_key(record.detail_url, source)
            name = (page, slug(record.title))
            bonds.join(owner[page] if page in owner else led.setdefault(name, n), n)
    listed: dict[str, list[int]] = defaultdict(list)
    for n, record in enumerate(records):
        if not (record.detail_url or _whole(record)):
            listed[record.page].append(n)
    for (page, title), first in led.items():
        alike = [n for n in listed[page] if slug(records[n].title) == title]
        for n in alike or _longer(title, listed[page], records):
            bonds.join(first, n)
    _join_names(records, shelf, bonds)
    _join_repeated(records, bonds)
    groups: dict[int, list[_Sketch]] = defaultdict(list)
    for n, record in enumerate(records):
        groups[bonds.root(n)].append(record)
    return list(groups.values())


def _join_repeated(records: Sequence[_Sketch], bonds: _Bonds) -> None:
    """Join what lists on several pages say word for word, such as a box beside each of them."""
    first: dict[bytes, int] = {}
    for n, record in enumerate(records):
        if record.trust is Trust.FOUND and not record.detail_url:
            bonds.join(first.setdefault(record.said, n), n)


def _longer(title: str, listed: Sequence[int], records: Sequence[_Sketch]) -> list[int]:
    """The only record of a page whose title says more than one that leads there, and all of it."""
    words = set(title.split("-"))
    named = [n for n in listed if words < set(slug(records[n].title).split("-"))]
    return named if len(named) == 1 else []


def _crowded(records: Sequence[_Sketch], source: Source) -> set[str]:
    """Pages that one reader names as those of several things: the list that a calendar leads to."""
    titles: dict[tuple[str, str], set[str]] = defaultdict(set)
    for record in records:
        if _whole(record):
            page = page_key(record.detail_url or record.page_url, source)
            titles[page, record.extractor].add(slug(record.title))
    return {page for (page, _), named in titles.items() if len(named) > 1}


def _without_meetings(groups: list[list[_Sketch]], shelf: _Shelf) -> list[list[_Sketch]]:
    """Leave out single meetings of a calendar where a record of that name tells their rhythm.

    So is the first one of a course left out, which the calendar names by that, too.
    """
    names: dict[str, list[int]] = defaultdict(list)
    for n, group in enumerate(groups):
        names[slug(group[0].title)].append(n)
    out: set[int] = set()
    for same in names.values():
        if len(same) > 1:
            told = {n: [shelf.record(sketch) for sketch in groups[n]] for n in same[:_NAMESAKES]}
            single = {n for n, records in told.items() if all(map(_is_meeting, records))}
            others = (record for n in told.keys() - single for record in told[n])
            if single and any(_signs(record) & _RHYTHM == _RHYTHM for record in others):
                out |= single
    for title, same in names.items():
        if _OPENING.match(title) and _ends_with_any(title, names):
            out |= {n for n in same if all(_is_meeting(shelf.record(one)) for one in groups[n])}
    return [group for n, group in enumerate(groups) if n not in out]


def _ends_with_any(title: str, names: Container[str]) -> bool:
    """True for a title that ends with the whole name of something else; all are slugs."""
    words = title.split("-")
    return any("-".join(words[n:]) in names for n in range(1, len(words) - _LONG_NAME + 1))


def _is_meeting(record: Record) -> bool:
    """True for a day in a calendar: when and where, and hardly another word."""
    starts = bool(record.texts(Role.STARTS))
    if not starts and not any(map(names_date, record.texts(Role.TEXT))):
        return False
    if _signs(record) & ~_MEETING or record.texts(Role.RECURRENCE):
        return False
    said = (t for t in record.texts(Role.TEXT) if not signs(t) & _MEETING)
    return sum(map(len, said)) <= _REMARK


def _join_names(sketches: list[_Sketch], shelf: _Shelf, bonds: _Bonds) -> None:
    names: dict[str, list[int]] = defaultdict(list)
    for n, sketch in enumerate(sketches):
        names[slug(sketch.title)].append(n)
    for same in names.values():
        if len(same) == 1:
            continue
        compared = {n: _Compared(shelf.record(sketches[n])) for n in same[:_NAMESAKES]}
        things = len({bonds.root(n) for n in same})
        for a, b in combinations(compared, 2):
            if bonds.root(a) != bonds.root(b) and _alike(compared[a], compared[b], things):
                bonds.join(a, b)


def _plain_page(record: Record, source: Source) -> str:
    return next((page_key(url, source) for url in record.texts(Role.PLAIN_URL)), "")


def _twins(groups: Sequence[Sequence[_Sketch]]) -> dict[int, int]:
    """Which group is told again in plain words by which other, that has a page of its own.

    A page to which several lead speaks of the site, not of one of them.
    """
    homes = {one.page: n for n, group in enumerate(groups) for one in group if _whole(one)}
    leading: dict[int, set[int]] = defaultdict(set)
    for n, group in enumerate(groups):
        for page in {one.plain for one in group if one.plain in homes}:
            leading[homes[page]].add(n)
    found = {n: twin for twin, leads in leading.items() if len(leads) == 1 for n in leads}
    return {n: twin for n, twin in found.items() if n != twin and twin not in found}


def _in_plain_words(record: Record, twins: Sequence[Record]) -> Record:
    """A record with the lines of the page that tells the same in plain words."""
    lines = (
        Passage(Role.PLAIN, p.text, located(p.locator, twin.page_url))
        for twin in twins[:1]
        for p in twin.passages
        if p.role is Role.TEXT
    )
    return replace(record, passages=(*record.passages, *lines)) if twins else record


class _Bonds:
    """Which of n things are one (disjoint sets)."""

    def __init__(self, n: int) -> None:
        self._above = list(range(n))

    def root(self, n: int) -> int:
        """The first thing of the set of n."""
        while self._above[n] != n:
            self._above[n] = self._above[self._above[n]]
            n = self._above[n]
        return n

    def join(self, a: int, b: int) -> None:
        """Make one set of two."""
        a, b = self.root(a), self.root(b)
        self._above[max(a, b)] = min(a, b)


def _rivals(a: Record | _Sketch, b: Record | _Sketch) -> bool:
    """True for two records that a platform itself keeps apart."""
    return bool(_PLATFORM_ID.match(a.key) and _PLATFORM_ID.match(b.key) and a.key != b.key)


Marks = tuple[frozenset[str], frozenset[str], frozenset[str]]


@dataclass(frozen=True)
class _Compared:
    """A record beside others of its name; what a comparison needs of it is sought once."""

    record: Record

    @cached_property
    def said(self) -> bytes:
        """A digest of its words."""
        return _said(self.record)

    @cached_property
    def marks(self) -> Marks:
        """What tells it from others, or shows that it is one of them."""
        return _marks(self.record)


def _marks(record: Record) -> Marks:
    """Contacts, postcodes and starts of a record itself, not of all on its page."""
    record = replace(record, passages=tuple(p for p in record.passages if not p.shared))
    contacts = {_national(d) for t in record.texts(Role.PHONE) if (d := re.sub(r"\D", "", t))}
    postcodes = set(record.texts(Role.POSTCODE))
    for text in record.texts(*_TELLS):
        numbered, mailed = may_reach(text)
        if numbered:
            contacts.update(map(_national, phones(text)))
            postcodes.update(_POSTCODE.findall(text))
        if mailed:
            contacts.update(
                mail.lower().replace("(at)", "@").replace("[at]", "@")
                for mail in _MAIL.findall(text)
            )
    return frozenset(contacts), frozenset(postcodes), frozenset(record.texts(Role.STARTS))


def _national(digits: str) -> str:
    return re.sub(r"^(?:00)?49", "0", digits)


def _alike(one: _Compared, other: _Compared, count: int) -> bool:
    """True where two records of one name on different pages are one thing."""
    a, b = one.record, other.record
    if a.page_url == b.page_url and a.extractor == b.extractor:
        return _told_twice(a, b)
    if _rivals(a, b) or (_whole(a) and _whole(b) and a.trust == b.trust):
        return one.said == other.said and not _rivals(a, b)
    x, y = one.marks, other.marks
    if (x[1] and y[1] and not x[1] & y[1]) or (x[2] and y[2] and not x[2] & y[2]):
        return False
    if x[0] & y[0] or _on_one_day(a, b) or _on_one_day(b, a):
        return True
    return count == 2 and (not x[0] or not y[0])


def _on_one_day(dated: Record, other: Record) -> bool:
    """True where a page prints the day on which a calendar has an event of that name."""
    days = {start[:10] for start in dated.texts(Role.STARTS)}
    if not days or other.texts(Role.STARTS):
        return False
    printed = {f"{d[8:]}.{d[5:7]}.{d[:4]}" for d in days}
    return any(day in text for text in other.texts(Role.TEXT) for day in printed)


def _told_twice(a: Record, b: Record) -> bool:
    """True where one of two records of a page says nothing but what the other says, too.

    A card and the window that it opens; two dates of one event, of which nothing but the day is
    told apart.
    """
    one, other = ({folded(text) for text in r.texts(*_TELLS) if not is_date(text)} for r in (a, b))
    return one <= other or other <= one


def _one(group: list[Record], source: Source) -> Record | None:
    """One record of a group: the best first, the others where they add lines."""

    def place(record: Record) -> tuple[object, ...]:
        page = page_key(record.page_url, source)
        return (
            -(record.trust if record.trust >= Trust.PATTERN else 0),
            record.trust is not Trust.PAGE,
            record.trust is Trust.FOUND and bool(record.detail_url),
            page == "/",
            -len(record.passages),
            record.key,
        )

    ranked = sorted(group, key=place)
    record = ranked[0]
    if (
        record.trust <= Trust.FOUND
        and record.detail_url
        and not any(_reachable(one) or weight(_signs(one)) >= _TELLING for one in ranked)
    ):
        return None  # a teaser whose page turned out to be no offer
    if len(group) == 1 and record.trust is Trust.PAGE and _says_little(record):
        return None  # such a page counts only where a list leads to it
    for other in ranked[1:]:
        record = merged(record, other)
    if len(ranked) > 1:
        record = _own_first(record)
    pages = [one for one in ranked if one.trust is Trust.PAGE]
    if pages and record.trust is Trust.MARKUP:
        record = replace(record, key=pages[0].key, page_url=pages[0].page_url)
    return record


def _says_little(record: Record) -> bool:
    """True for a page that hardly tells of an offer.

    Of one with an offer's name a number does, or a link to where it is given online.
    """
    found = _signs(record)
    named = names_offer(record.title) and not names_house(record.title)
    named |= names_benefit(record.title)
    online = found & Sign.REMOTE and record.texts(Role.URL)
    return weight(found) < 3 and not (named and (online or weight(found & ~Sign.PLACE) >= 2))


def _own_first(record: Record) -> Record:
    """A record without what its page says for all, where one that was joined says it itself."""
    if not any(p.shared for p in record.passages):
        return record
    own = replace(record, passages=tuple(p for p in record.passages if not p.shared))
    told = _signs(own) & CONTACT
    kept = tuple(p for p in record.passages if not p.shared or not _ways(p) or _ways(p) & ~told)
    return replace(record, passages=kept)


def _ways(passage: Passage) -> int:
    return _signs(Record("", "", (passage,), "", Trust.FOUND)) & CONTACT


def _signs(record: Record) -> int:
    found = Sign.NONE
    for text in [record.title, *record.texts(*_TELLS)]:
        found |= signs(text)
    found |= Sign.PHONE if record.texts(Role.PHONE) else Sign.NONE
    return found | (Sign.MAIL if record.texts(Role.EMAIL) else Sign.NONE)


def _reachable(record: Record) -> bool:
    return bool(record.texts(Role.STARTS, Role.ADDRESS, Role.STREET, Role.HOURS)) or reachable(
        _signs(record)
    )
