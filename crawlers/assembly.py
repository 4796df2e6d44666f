"""Joins what several pages of one site say of one thing."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import replace
from hashlib import blake2b
from itertools import combinations

from crawlers.boilerplate import without_boilerplate
from crawlers.finder.evidence import Sign, may_reach, phones, reachable, signs, weight
from crawlers.keys import page_key, slug
from crawlers.reading import folded, merged
from crawlers.record import Record, RecordKind, Role, Trust
from crawlers.source import Source

_PLATFORM_ID = re.compile(r"(?:wp|tribe|ld|hsds):")
_POSTCODE = re.compile(r"(?<!\d)\d{5}(?=,?\s+[A-ZÄÖÜ][a-zäöüß])")
_MAIL = re.compile(r"[\w.+-]{1,64}(?:@|\(at\)|\[at\])[\w.-]{3,190}", re.IGNORECASE)
_TELLS = frozenset(Role) - {Role.TITLE, Role.SECTION, Role.TOPIC, Role.URL, Role.IMAGE_TEXT}
_IDENTITY = frozenset({Role.TEXT, Role.PHONE, Role.EMAIL})
_NAMESAKES = 60  # records of one name that are compared with each other
_REPEATED = 3  # pages; what stands on more of them, word for word, is the site's frame


def assemble(records: Iterable[Record], source: Source) -> list[Record]:
    """The records of one run, each thing once, in an order that no fetch order changes.

    A list entry and its detail page become one record under the detail's key; repetitions on
    other pages vanish; blocks that the site repeats on every page are no records at all.
    """
    ordered = sorted(
        set(records),
        key=lambda r: (page_key(r.page_url, source), -r.trust, r.key, r.title, _spoken(r)),
    )
    networks = _unlike([r for r in ordered if r.kind is RecordKind.NETWORK])
    offers = _without_frame([r for r in ordered if r.kind is RecordKind.OFFER], source)
    offers = without_boilerplate(_without_doubled_pages(offers, source))
    groups = _groups(offers, source)
    joined = [record for group in groups if (record := _one(group, source)) is not None]
    return _distinct(sorted([*joined, *networks], key=lambda r: (r.key, r.title, r.page_url)))


def _unlike(records: list[Record]) -> list[Record]:
    """Records of which no other says exactly the same; an API's before the page's own."""
    seen: set[bytes] = set()
    kept = []
    for record in sorted(records, key=lambda r: not _PLATFORM_ID.match(r.key)):
        said = _digest(sorted({p.text for p in record.passages if p.role is Role.TEXT}))
        if said not in seen:
            seen.add(said)
            kept.append(record)
    return kept


def _spoken(record: Record) -> bytes:
    """All that a record says, as a digest: thousands of texts are too much to hold twice."""
    return _digest(part for p in record.passages for part in (p.role.value, p.text))


def _said(record: Record) -> bytes:
    texts = (p.text for p in record.passages if p.role in _IDENTITY)
    return _digest((slug(record.title), *texts))


def _digest(parts: Iterable[str]) -> bytes:
    told = blake2b(digest_size=16)
    for part in parts:
        told.update(part.encode("utf-8", "replace") + b"\0")
    return told.digest()


def _without_frame(records: list[Record], source: Source) -> list[Record]:
    pages: dict[bytes, set[str]] = defaultdict(set)
    every: set[str] = set()
    said = [_said(record) for record in records]
    for record, words in zip(records, said, strict=True):
        page = page_key(record.page_url, source)
        every.add(page)
        pages[words].add(page)
    return [
        record
        for record, words in zip(records, said, strict=True)
        if record.trust > Trust.FOUND
        or record.detail_url
        or len(pages[words]) <= max(_REPEATED, 0.3 * len(every))
    ]


def _without_doubled_pages(records: list[Record], source: Source) -> list[Record]:
    """Leave out what HTML tells of a page that the site's API told already."""
    told = {page_key(r.page_url, source) for r in records if r.key.startswith("wp:")}
    return [
        r
        for r in records
        if r.key.startswith("wp:")
        or r.trust > Trust.FOUND
        or page_key(r.page_url, source) not in told
    ]


def _whole(record: Record) -> bool:
    """True for a record that is all its page is about."""
    return "#" not in record.key and (record.trust in {Trust.PAGE, Trust.FEED, Trust.MARKUP})


def _groups(records: list[Record], source: Source) -> list[list[Record]]:
    """Records of one thing together: one page of their own, or one name and no contradiction."""
    bonds = _Bonds(len(records))
    owner: dict[str, int] = {}
    named: dict[str, int] = {}
    for n, record in enumerate(records):
        if _PLATFORM_ID.match(record.key) and "#" not in record.key:  # a list and its detail page
            bonds.join(named.setdefault(record.key, n), n)
        if _whole(record):
            page = page_key(record.detail_url or record.page_url, source)
            if not _rivals(records[owner.setdefault(page, n)], record):
                bonds.join(owner[page], n)
    led: dict[tuple[str, str], int] = {}
    for n, record in enumerate(records):
        if record.detail_url and not _whole(record):
            page = page_key(record.detail_url, source)
            name = (page, slug(record.title))
            bonds.join(owner[page] if page in owner else led.setdefault(name, n), n)
    _join_names(records, bonds)
    groups: dict[int, list[Record]] = defaultdict(list)
    for n, record in enumerate(records):
        groups[bonds.root(n)].append(record)
    return list(groups.values())


def _join_names(records: list[Record], bonds: _Bonds) -> None:
    names: dict[str, list[int]] = defaultdict(list)
    for n, record in enumerate(records):
        names[slug(record.title)].append(n)
    for same in names.values():
        marks = {n: _marks(records[n]) for n in same[:_NAMESAKES]} if len(same) > 1 else {}
        for a, b in combinations(same[:_NAMESAKES], 2):
            if bonds.root(a) != bonds.root(b) and _alike(
                (records[a], marks[a]), (records[b], marks[b]), len(same)
            ):
                bonds.join(a, b)


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


def _rivals(a: Record, b: Record) -> bool:
    """True for two records that a platform itself keeps apart."""
    return bool(_PLATFORM_ID.match(a.key) and _PLATFORM_ID.match(b.key) and a.key != b.key)


Marks = tuple[frozenset[str], frozenset[str], frozenset[str]]


def _marks(record: Record) -> Marks:
    """Contacts, postcodes and starts of a record."""
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


def _alike(one: tuple[Record, Marks], other: tuple[Record, Marks], count: int) -> bool:
    """True where two records of one name on different pages are one thing."""
    (a, x), (b, y) = one, other
    if a.page_url == b.page_url and a.extractor == b.extractor:
        return _told_twice(a, b)
    if _rivals(a, b) or (_whole(a) and _whole(b) and a.trust == b.trust):
        return _said(a) == _said(b) and not _rivals(a, b)
    if (x[1] and y[1] and not x[1] & y[1]) or (x[2] and y[2] and not x[2] & y[2]):
        return False
    if x[0] & y[0]:
        return True
    return count == 2 and (not x[0] or not y[0])


def _told_twice(a: Record, b: Record) -> bool:
    """True where one of two records of a page says nothing but what the other says, too.

    A card and the window that it opens; two dates of one event differ in what they say.
    """
    one, other = ({folded(text) for text in r.texts(*_TELLS)} for r in (a, b))
    return one <= other or other <= one


def _one(group: list[Record], source: Source) -> Record | None:
    """One record of a group: the best first, the others where they add lines."""

    def place(record: Record) -> tuple[object, ...]:
        page = page_key(record.page_url, source)
        return (
            -(record.trust if record.trust >= Trust.PATTERN else 0),
            record.trust is not Trust.PAGE,
            page == "/",
            -len(record.passages),
            record.key,
        )

    ranked = sorted(group, key=place)
    record = ranked[0]
    if (
        record.trust <= Trust.FOUND
        and record.detail_url
        and not any(_reachable(one) for one in ranked)
    ):
        return None  # a teaser whose page turned out to be no offer
    if len(group) == 1 and record.trust is Trust.PAGE and weight(_signs(record)) < 3:
        return None  # a page that says little counts only where a list leads to it
    for other in ranked[1:]:
        record = merged(record, other)
    pages = [one for one in ranked if one.trust is Trust.PAGE]
    if pages and record.trust is Trust.MARKUP:
        record = replace(record, key=pages[0].key, page_url=pages[0].page_url)
    return record


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


def _distinct(records: list[Record]) -> list[Record]:
    """Give equal keys a number, in the order of what they say."""
    seen: dict[str, int] = {}
    kept = []
    for record in records:
        number = seen[record.key] = seen.get(record.key, 0) + 1
        kept.append(record if number == 1 else replace(record, key=f"{record.key}#{number}"))
    return kept
