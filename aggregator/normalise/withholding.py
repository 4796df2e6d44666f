"""What of a record may be read: the record without the addresses of shelters.

The words go before anything reads them, so that no value, quote, doubt or link can hold them. Of a
shelter every address goes; where an office, a network or a group tells of a shelter beside itself,
only what is said to be the shelter's.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace

from aggregator.normalise.cues import Cues
from aggregator.normalise.person import fold_name
from aggregator.normalise.shelter import (
    OF_OFFICE,
    OFFICE,
    REFERRED,
    SHELTER,
    hinted,
    is_shelter,
    names_office,
    names_shelter,
)
from aggregator.normalise.streets import find_streets, find_towns
from aggregator.normalise.text import clean
from crawlers.record import Passage, Record, RecordKind, Role

_MARKED = frozenset({Role.STREET, Role.POSTCODE, Role.LATITUDE, Role.LONGITUDE})
_PLACES = frozenset({Role.ADDRESS, Role.VENUE, Role.STREET})
_PROSE = frozenset(Role) - {
    Role.PHONE, Role.EMAIL, Role.STARTS, Role.ENDS, Role.RECURRENCE, Role.URL, Role.STATUS,
}  # fmt: skip
_SUFFIX = re.compile(r"[\s-]*(?:straße|strasse|str\.?)$", re.IGNORECASE)
_ROAD = re.compile(
    r"(?<![\w-])(?:[A-ZÄÖÜ][\wäöüß.'-]*[\s-]){0,2}?(?!(?:Die|Der|Dieser?|Eine[rn]?|In|Auf|Über|Ihre[rn]?|"
    r"Unsere[rn]?|Jeder|Offene[rn]?)\s)[A-ZÄÖÜ][\wäöüß.'-]*[\s-]?(?:[Ss]traße|[Ss]trasse|[Ss]tr\.|gasse"
    r"|[Aa]llee|chaussee|[Ss]tieg|twiete|[Pp]romenade)(?![\w-])"
    r"(?:\s?\d{1,4}\s?[a-z]?\b)?"
)
_LEANS = re.compile(
    r"\b(?:im|am|in der|an der|auf dem|beim|liegt|befindet sich|adresse|anschrift|ort)\b\s?:?\s"
    r"(?P<street>(?:[A-ZÄÖÜ][\wäöüß.-]*[\s-])?[A-ZÄÖÜ][\wäöüß.-]*"
    r"(?:weg|platz|ring|damm|ufer|steig|pfad|hof|markt|berg|graben|wall)\s\d{1,4}\s?[a-z]?)\b",
    re.IGNORECASE,
)
_MAP = re.compile(
    r"(?:geo:|https?://|www\.)?\S*(?:google\.[a-z.]+/maps|maps\.|goo\.gl/maps|maps\.app|openstreetmap"
    r"|osm\.org|bing\.com/maps|waze\.com|komoot|here\.com|mapquest|stadtplan|falk\.de|mapy\.|[?&]q=\d"
    r"|[?&](?:ort|adresse|address|stra(?:ss|ß)e|street|ziel|standort|daddr|destination)=|geo:)\S*",
    re.IGNORECASE,
)
_AXES = re.compile(
    r"(?:\b(?:lat|lon|lng|long|breite|länge|n|s|e|o|w|koordinaten|gps)\w*\s?[:=]?\s?)?"
    r"(?<![\d.,])(?:4[7-9]|5[0-5])[.,]\d{3,}\s?°?\s?[NS]?[\s,;/|]{0,3}"
    r"(?:(?:lat|lon|lng|long|länge)\w*\s?[:=]?\s?)?(?:(?:[5-9]|1[0-5])[.,]\d{3,}\s?°?\s?[EO]?)?"
    r"|\b(?:4[7-9]|5[0-5])\s?°\s?\d{1,2}\s?[′'’][^a-zäöü]{0,40}[EO]?"
)
_LEFT = (
    (re.compile(r"\s(?:in der|an der|auf der|auf dem|im|am|bis)\s*(?=[.,;]|$)"), ""),
    (re.compile(r"\(\s*[,;]?\s*\)"), ""),
    (re.compile(r"\s+([,;.!?])"), r"\1"),
    (re.compile(r"(?:[,;]\s*){2,}"), ", "),
    (re.compile(r"^[\s,;|–-]+|[\s,;|–-]+$"), ""),
    (re.compile(r"\s{2,}"), " "),
)
_REACH = 4  # lines under a label that its address may take
_LABEL_LENGTH = 90


@dataclass(frozen=True, slots=True)
class Withheld:
    """A record as it may be read.

    `shelter`: it is one itself. `streets` are the names that were taken out.
    """

    record: Record
    shelter: bool = False
    streets: frozenset[str] = frozenset()


def withhold(record: Record, secret: Collection[str] = (), *, shelter: bool = False) -> Withheld:
    """Take the addresses of shelters out of a record.

    `secret` are streets that other records of the site tell of shelters; `shelter` says that this
    one is known to be one, whatever its own words.
    """
    if not shelter and not secret and not hinted(record):
        return Withheld(record)
    if record.kind is RecordKind.OFFER and (shelter or is_shelter(record)):
        return _whole(record, secret)
    return _parts(record, secret)


def withhold_all(records: Sequence[Record]) -> list[Withheld]:
    """What may be read of the records of one site, each knowing which streets are shelters'.

    A list's entry that leads to a shelter's page, or has its name, tells of that shelter.
    """
    found = [withhold(record) for record in records]
    shelters = [one for one in found if one.shelter]
    if not shelters:
        return found
    secret = frozenset(street for one in shelters for street in one.streets)
    names = {_folded(one.record.title) for one in shelters}
    homes = {r.detail_url or r.page_url for r in (s.record for s in shelters) if "#" not in r.key}
    for at, (record, one) in enumerate(zip(records, found, strict=True)):
        if one.shelter or _office(record):
            continue
        same = _folded(record.title) in names or record.detail_url in homes
        network = record.kind is RecordKind.NETWORK
        if (same and not network) or (secret and (network or _speaks_of_shelters(record))):
            found[at] = withhold(record, secret, shelter=same)
    return found


def _office(record: Record) -> bool:
    return record.kind is RecordKind.OFFER and names_office(record.title)


def _codes_beside(passages: Sequence[Passage], streets: Collection[str]) -> Iterator[str]:
    """Postcodes on the line of a street and the one below."""
    stems = [_stem(street) for street in streets]
    for at, passage in enumerate(passages):
        if any(stem in _folded(passage.text) for stem in stems):
            for line in passages[at : at + 2]:
                yield from (town.postcode for town in find_towns(clean(line.text)))


def _speaks_of_shelters(record: Record) -> bool:
    return hinted(record) and any(names_shelter(clean(p.text)) for p in record.passages)


def _whole(record: Record, secret: Collection[str]) -> Withheld:
    streets = set(secret) | {name for name, _ in _told(record.passages)}
    codes = {p.text.strip() for p in record.passages if p.role is Role.POSTCODE}
    for passage in record.passages:
        codes.update(town.postcode for town in find_towns(clean(passage.text)))
    erased = _Eraser(streets, codes, everywhere=True)
    return Withheld(_erased(record, erased), shelter=True, streets=frozenset(streets))


def _parts(record: Record, secret: Collection[str]) -> Withheld:
    """Without what a record that is no shelter tells of one."""
    if not secret and not _speaks_of_shelters(record):
        return Withheld(record)
    own: set[str] = set()
    hidden: set[str] = set()
    codes: set[str] = set()
    for name, code, sheltered in _attributed(record.passages):
        (hidden if sheltered else own).add(name)
        if sheltered and code:
            codes.add(code)
    titled = _office(record)
    if secret and not titled:
        text = "-".join(_folded(p.text) for p in record.passages)
        hidden.update(name for name in secret if _stem(name) in text)
        codes.update(_codes_beside(record.passages, hidden))
    hidden -= own if titled else set()
    if not hidden:
        return Withheld(record)
    codes -= {
        town.postcode
        for p in record.passages
        for town in find_towns(clean(p.text))
        if any(name in clean(p.text) for name in own - hidden)
    }
    return Withheld(
        _erased(record, _Eraser(hidden, codes, everywhere=not own - hidden)),
        streets=frozenset(hidden),
    )


def _folded(text: str) -> str:
    """A text as it stands in the address of a page, of any length."""
    return _NO_LETTER.sub("-", fold_name(text))


_NO_LETTER = re.compile(r"[^a-z0-9]+")


def _told(passages: Iterable[Passage]) -> Iterator[tuple[str, int]]:
    """Streets that passages name, with the number of the passage; also without words before."""
    for name, at in _named(passages):
        if (shelter := SHELTER.match(name)) and name[shelter.end() :].strip():
            name = name[shelter.end() :].strip()  # noqa: PLW2901
        yield name, at
        words = re.sub(r"[\s,]*\d.*$", "", name).split()
        if len(words) > 1 and len(words[-1]) > _OWN_NAME:
            yield words[-1], at


_OWN_NAME = 8  # letters: longer than any word for a street alone


def _named(passages: Iterable[Passage]) -> Iterator[tuple[str, int]]:
    """Streets that passages name, with the number of the passage."""
    lines = [(clean(p.text), p.role) for p in passages]
    for at, (text, role) in enumerate(lines):
        if role not in _PROSE or not text:
            continue
        near = role in _PLACES or bool(find_towns(text))
        if not near and at + 1 < len(lines) and len(text) < _LABEL_LENGTH:
            near = bool(find_towns(lines[at + 1][0]))
        for street in find_streets(text, weak=near):
            if not street.value.rpartition(" ")[2].startswith("0"):
                yield street.value, at
        for road in _ROAD.finditer(text):
            yield road[0], at
        for leaning in _LEANS.finditer(text):
            yield leaning["street"], at
        if role is Role.STREET:
            yield text, at


def _attributed(passages: tuple[Passage, ...]) -> Iterator[tuple[str, str, bool]]:
    """Streets with their postcode, and whether a shelter's is meant by what stands before."""
    texts = [clean(p.text) for p in passages]
    told: dict[int, list[str]] = {}
    for name, at in _told(passages):
        told.setdefault(at, []).append(name)
    if not told:
        return
    sheltered, since = False, _REACH + 1
    for at, text in enumerate(texts):
        if passages[at].role is Role.TITLE:
            sheltered, since = False, _REACH + 1
        marks = list(_marks(text))
        for name in told.get(at, ()):
            start = max(text.find(name.rpartition(" ")[0] or name), 0)
            kind = _kind_at(marks, start, text)
            if kind is None:
                kind = sheltered and since <= _REACH
            code = next((t.postcode for line in texts[at : at + 2] for t in find_towns(line)), "")
            yield name, code, kind
        if marks:
            label = len(text) <= _LABEL_LENGTH or text.rstrip().endswith(":")
            sheltered, since = marks[-1][1] and (label or since == 0), 0
            sheltered = marks[-1][1]
            since = 0 if label else _REACH - 1
        since += 1


_US = re.compile(
    r"\b(?:uns|unser(?:e[rnm]?)?\s(?:büro|räume|beratung\w*|team)|zu\suns)\b", re.IGNORECASE
)
_IT = re.compile(
    r"\b(?:das\shaus|die\swohnung|die\sunterkunft|es|sie)\s(?:liegt|befindet\ssich|ist)\b",
    re.IGNORECASE,
)


def _marks(text: str) -> Iterator[tuple[int, bool]]:
    """Where a text names a shelter (True) or an office (False), in order."""
    found: dict[int, bool] = {
        m.start(): False for m in (*OFFICE.finditer(text), *_US.finditer(text))
    }
    for match in SHELTER.finditer(text):
        lead = text[max(0, match.start() - 60) : match.end() + 20]
        office = OF_OFFICE.search(lead) or REFERRED.search(lead)
        found[match.start()] = not office
    yield from sorted(found.items())


_STOP = re.compile(r"(?<!str)(?<!Str)(?<!\d)[.!?]\s")


def _kind_at(marks: list[tuple[int, bool]], start: int, text: str) -> bool | None:
    """Whose address stands at `start`: the nearest mark's before it, or after in its sentence."""
    before = [kind for at, kind in marks if at <= start]
    if before:
        return before[-1]
    end = _STOP.search(text, start)
    after = [kind for at, kind in marks if at > start and (end is None or at < end.start())]
    return after[0] if after else None


def _stem(street: str) -> str:
    """The part of a street's name that all its spellings share, folded."""
    name = re.sub(r"[\s,]*\d.*$", "", street).strip()
    return _folded(_SUFFIX.sub("", name) or name).strip("-")


class _Eraser:
    """Takes streets, postcodes, coordinates and maps out of texts."""

    def __init__(
        self, streets: Collection[str], codes: Collection[str], *, everywhere: bool
    ) -> None:
        names = sorted(
            {re.sub(r"[\s,]*\d.*$", "", s).strip() or s.strip() for s in streets},
            key=len,
            reverse=True,
        )
        self.stems = [stem for s in streets if len(stem := _stem(s)) >= 4]
        parts = [_spelt(name) for name in names if len(name) > 2]
        self.street = (
            re.compile(
                rf"(?<![\w-])(?:{'|'.join(parts)})(?:,?\s?(?:Nr\.?\s?)?\d{{1,4}}\s?[a-zA-Z]?(?![\w])"
                rf"(?:\s?[-–/]\s?\d{{1,4}}\s?[a-z]?(?!\w))?)?",
                re.IGNORECASE,
            )
            if parts
            else None
        )
        self.code = (
            re.compile(rf"(?<![\d/-])(?:D-)?(?:{'|'.join(map(re.escape, codes))})(?=\s|$|,)")
            if any(codes)
            else None
        )
        self.everywhere = everywhere

    def text(self, text: str) -> str:
        """A text without them; the same object where it holds none."""
        bare = clean(text)
        new = bare
        if self.everywhere or any(stem in _folded(new) for stem in self.stems):
            new = _MAP.sub("", new) if _MAP_CUES.stand_in(new) else new
            new = _AXES.sub("", new) if _AXES_CUES.stand_in(new) else new
        if self.street is not None:
            new = self.street.sub("", new)
        if self.code is not None:
            new = self.code.sub("", new)
        if new == bare:
            return text
        for pattern, instead in _LEFT:
            new = pattern.sub(instead, new)
        return new

    def link(self, url: str) -> bool:
        """Whether a link leads to the place."""
        folded = _folded(url)
        return (
            self.everywhere and (_MAP.search(url) is not None or _AXES.search(url) is not None)
        ) or any(stem in folded for stem in self.stems)


_MAP_CUES = Cues("map", "osm", "geo:", "waze", "komoot", "here.com", "stadtplan", "falk.", "q=")
_AXES_CUES = Cues("47", "48", "49", "50", "51", "52", "53", "54", "55")


def _spelt(name: str) -> str:
    """A pattern for all spellings of a street's name."""
    stem = _SUFFIX.sub("", name)
    if stem == name or not stem:
        return r"[\s-]?".join(map(re.escape, re.split(r"[\s-]", name)))
    return (
        r"[\s-]?".join(map(re.escape, re.split(r"[\s-]", stem)))
        + r"[\s-]?(?:straße|strasse|str\b\.?)"
    )


def _erased(record: Record, erased: _Eraser) -> Record:
    passages = tuple(_kept(record.passages, erased))
    key = record.key
    head, mark, tail = key.partition("#")
    if mark and any(stem in tail for stem in erased.stems):
        for stem in erased.stems:
            tail = re.sub(rf"-?{re.escape(stem)}(?:-?str(?:asse)?)?(?:-\d+[a-z]?)?", "", tail)
        key = f"{head}#{tail.strip('-')}"
    return replace(record, passages=passages, key=key)


def _kept(passages: Iterable[Passage], erased: _Eraser) -> Iterator[Passage]:
    for passage in passages:
        if passage.role in _MARKED:
            if erased.everywhere or (
                passage.role in {Role.STREET, Role.POSTCODE}
                and erased.text(passage.text) != passage.text
            ):
                continue
        elif passage.role is Role.URL:
            if erased.link(passage.text):
                continue
        elif passage.role in _PROSE:
            text = erased.text(passage.text)
            if text is not passage.text:
                if not text:
                    continue
                passage = replace(passage, text=text)  # noqa: PLW2901
        if passage.origin is not None:
            quote = erased.text(passage.origin.quote)
            passage = replace(passage, origin=replace(passage.origin, quote=quote))  # noqa: PLW2901
        yield passage
