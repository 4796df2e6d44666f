"""What a page or a section says once for all its records.

Where they are and how to reach whoever runs them, when they pause, what they cost. It stands beside
the records: in so many words ("Alle Kurse …") anywhere, else in the introduction above the first.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterator, Sequence
from collections.abc import Set as AbstractSet
from typing import NamedTuple

from crawlers.finder import sentences
from crawlers.finder.evidence import CONTACT, Sign, signs
from crawlers.finder.flow import BOLD, Flow, Line
from crawlers.finder.units import Unit
from crawlers.record import Role

_LONG = 600  # characters of a line that is looked at
_THINGS = (
    r"(?:[\w-]*(?:angebote|kurse|gruppen|treffs?|treffen|termine|veranstaltungen|sprechstunden"
    r"|workshops|seminare|stunden|abende|beratungen|hilfen|leistungen))"
)
_FOR_ALL = re.compile(
    r"\b(?:alle[rn]?|sämtliche[rn]?|unsere[rn]?|die|für) (?:[\w*:-]+ (?:und |& )?){0,2}?"
    rf"{_THINGS}\b"
    r"|\b(?:alles|das (?:ganze )?programm|der wochenplan"
    r"|(?:wenn|wo|sofern|soweit) (?:nichts anderes|nicht anders))\b"
    r"|^(?:veranstaltungs|kurs|treff)ort(?: (?:ist|aller?|für) |:)",
    re.IGNORECASE,
)
_HELD = re.compile(
    r"\bfinde(?:n|t)\b|\bstatt\b|\btreffen (?:wir|uns|sich)"
    r"|\b(?:sind|ist) (?:immer )?(?:im|in|bei)\b|\bwerden\b.{0,80}\bdurchgeführt\b|[\w]*ort\b",
    re.IGNORECASE,
)
_PAUSE = re.compile(
    r"\b(?:[\w]*ferien|feiertag\w*)\b(?=.*\b(?:pause|pausier\w*|entf(?:a|ä)ll\w*|nicht|kein\w*|aus"
    r"|geschlossen)\b)"
    r"|\b(?:nicht|kein\w*|außer|ausser|ausgenommen|außerhalb|pause|pausier\w*|entf(?:a|ä)ll\w*)\b.*"
    r"\b(?:[\w]*ferien|feiertag\w*)\b",
    re.IGNORECASE,
)
_BARE = re.compile(
    r"\W*(?:\(?(?:nicht|keine? \w+|außer|ausser|ausgenommen|außerhalb|während|in) .{0,40}ferien\b"
    r".{0,50})",
    re.IGNORECASE,
)
_REFERS = re.compile(r"\b(?:sie|diese|alle|alles)\b", re.IGNORECASE)
_OTHERS = re.compile(
    r"\b(?:büro\w*|sekretariat|geschäftsstelle|geschlossen|ferien(?:programm|spiele|betreuung"
    r"|angebot\w*|freizeit\w*|kurs\w*))\b",
    re.IGNORECASE,
)
_AT = re.compile(r"\b(?:ort|wo|treffpunkt|veranstaltungsort|raum|kursort)\s?[:?]", re.IGNORECASE)
_AT_LABEL = re.compile(r"(?:ort|wo|treffpunkt|veranstaltungsort|kursort)\W*", re.IGNORECASE)
_NAMELESS = re.compile(
    r"\b(?:im|in (?:der|den|unserem|unserer)|bei uns im) [A-ZÄÖÜ][\wäöüß]+,\s(?:in der |im )?"
    r"(?P<address>[A-ZÄÖÜ].+?)(?:,?\s(?:statt|durchgeführt)\b.*|[.!]?)$"
)
_FREE = re.compile(r"ferien", re.IGNORECASE)
_JOINS = re.compile(r"\b(?:an|vor)?(?:anmeld|gemeldet|melde)|\bauskunft", re.IGNORECASE)
_TIMED = Sign.WEEKDAY | Sign.CLOCK


_LOCAL = re.compile(
    r"\b(?:unter|büro:?"
    r"|erreichbar:?)\s(?P<number>\d[\d /–-]{4,14}\d)(?!\d|\.\d)",
    re.IGNORECASE,
)
"""A number without its area code, as a house tells its neighbours."""
_WIDE = re.compile(
    r"\b(?:rollstuhl\w*|barrierefrei\w*|ebenerdig\w*|stufenlos\w*"
    r"|aufzug)\b",
    re.IGNORECASE,
)
_HOUSE = re.compile(
    r"\b(?:räume|haus|\w+haus|gebäude|zugang|eingang|treff|zentrum"
    r"|wir)\b",
    re.IGNORECASE,
)
_NO_PRICE = re.compile(r"\b(?:frei|gratis|umsonst|spende\w*|gebührenfrei)\b", re.IGNORECASE)
# What is no way to whoever runs the records.
_ELSEWHERE = re.compile(
    r"\b(?:notruf|polizei|notfall|110|112|presse\w*|redaktion|webmaster|spenden\w*|website|homepage"
    r"|zentrale|verwaltung|postanschrift|vorstand|ehrenamt\w*|bewerb\w*|newsletter|mitarbeit\w*"
    r"|änderung\w*|korrektur\w*|ergänzung\w*|fehler\w*|büro ist|geschlossen|koordini\w*"
    r"|netzwerk\w*|datenschutz\w*)\b",
    re.IGNORECASE,
)
# "Kontakt" and "So finden Sie uns" may tell of the site's owner alone.
_REACHED = re.compile(
    r"\b(?:(?:veranstaltungs|kurs|treff)ort|treffpunkt|anmeldung|auskunft)\b", re.IGNORECASE
)
_WAY = re.compile(
    r"\b(?:tel|fon|mobil|handy)\w*|☎|📞|(?<![\w.,/])(?:\+49|\(?0\d)|\b(?:e-?)?mail\b"
    r"|[\w.+-]{1,64}\s?(?:@|[\[({])",
    re.IGNORECASE,
)
"""Where in a sentence it begins to say how somebody is reached."""
_AWAY = re.compile(r"\b(?:zu|nach) ?hause\b|\bhausbesuch|\bdaheim\b|\bonline-", re.IGNORECASE)
_PIECES = re.compile(r"\s(?:oder|und|sowie|bzw\.)\s(?:per\s(?:E-?)?[Mm]ail\s)?|[,;|]\s")
_BRIEF = 3  # lines of an introduction that has a heading of its own
_REACH = Sign.PHONE | Sign.MAIL
_TERMS = Sign.COST | Sign.REGISTER


# Who runs them all: "Träger aller Angebote ist, wenn nicht anders vermerkt, …".
_CARRIED = re.compile(r"\b(?:träger|veranstalter|anbieter)(?:in(?:nen)?)?\b", re.IGNORECASE)


# Whom they are all for, and a record that says for whom it is itself.
_MEANT = re.compile(
    r"\b(?:allein-?erziehende|getrennterziehende|allein- und getrennterziehende"
    r"|ein-?eltern-?famili|solo-?eltern)\w*",
    re.IGNORECASE,
)
_WE_HELP = re.compile(
    r"^(?:wir|unser team|die berater\w*) (?:beraten|berät|begleiten|begleitet|unterstützen"
    r"|unterstützt|helfen|hilft)\b",
    re.IGNORECASE,
)
_ADDRESSED = re.compile(
    r"\balleinerz|\ballein erzieh|\bein-?eltern|\b(?:richte[tn]|wende[tn]) sich an\b|\bfür alle\b"
    r"|\b(?:für|an) (?:[\w*:-]+ ){0,2}(?:mütter|väter|eltern|frauen|männer|familien|schwangere"
    r"|paare|interessierte|fachkräfte|senior\w+|jugendliche|ältere)\b",
    re.IGNORECASE,
)
_REGULAR = re.compile(r"\bregelmäßige?n?\b", re.IGNORECASE)
_AGAIN = re.compile(
    r"\b(?:jede[nrs]?|monat\w*|wöchentlich|alle \w+ (?:tage|wochen)|\w{3,7}(?:tags|wochs))\b",
    re.IGNORECASE,
)
_ALSO_TOLD = re.compile(r"(?:,| und| sowie) (?=(?:sind|ist|kosten|kostet|finden|findet|werden)\b)")


class Notice(NamedTuple):
    """A sentence that holds for all records of a part of its page."""

    line: int
    text: str
    role: Role
    told: int
    """What it says: Sign.PLACE; PHONE and MAIL; COST, REGISTER; NONE of a pause."""
    access: bool = False
    """It says who can get into the house."""
    carrier: bool = False
    """It says who runs them."""
    audience: bool = False
    """It says whom they are for."""
    plain: bool = False
    """It says in so many words that it holds for all."""
    scope: range = range(0)
    """The lines of the part of the page for which it holds; the whole page if empty."""

    def covers(self, unit: Unit) -> bool:
        """Say whether it holds for a unit."""
        if not self.scope:
            return True
        # Whoever has a page elsewhere is reached there.
        elsewhere = not self.plain and self.told & _REACH and unit.signs & Sign.LINK
        return unit.start in self.scope and not elsewhere


def notices_of(flow: Flow, units: Sequence[Unit], inside: AbstractSet[int]) -> list[Notice]:
    """The notices of a page beside its records, where most records lack what they say."""
    if len(units) < 2:
        return []
    found: list[Notice] = []
    outline = _Outline(flow, units, inside)
    for number, line in enumerate(flow.lines):
        if number in inside or line.rank or len(line.text) > _LONG:
            continue
        if line.menu and (line.links or not holds_for_all(line.text)):
            continue  # beside the main column only what says itself that it holds for all
        found += _said(flow, number, outline.introduced(number))
    found = [n for n in found if n.plain or not (n.told & Sign.PLACE) or _only_place(n, found)]
    return [notice for notice in found if _lacking(flow, units, notice)]


def holds_for_all(text: str) -> bool:
    """True for a line that begins by saying in so many words that it holds for all records."""
    return _FOR_ALL.match(text) is not None


def introduces(flow: Flow, unit: Unit, units: Sequence[Unit]) -> bool:
    """True for what only says where all others of `units` are, and how they are joined.

    Below a heading above theirs it may say on what terms, too.
    """
    lines = [flow.lines[n] for n in range(unit.start, unit.end) if n != unit.title_line]
    said = [line.text for line in lines if not line.menu]
    if unit.signs & (_TIMED | Sign.DATE) or not 0 < len(said) <= _BRIEF:
        return False
    rank = flow.lines[unit.title_line].rank
    others = (flow.lines[other.title_line].rank for other in units if other is not unit)
    if rank and all(rank < (other or BOLD) for other in others):
        return _FOR_ALL.search(said[0]) is not None
    placed = bool(told_in(said[0]) & Sign.PLACE)
    return placed and not unit.signs & Sign.COST and _FOR_ALL.match(said[0]) is not None


def _lacking(flow: Flow, units: Sequence[Unit], notice: Notice) -> bool:
    covered = [unit for unit in units if notice.covers(unit)]
    if notice.audience:
        return any(lacks(flow, unit, notice) for unit in covered)
    return 2 * sum(bool(lacks(flow, unit, notice)) for unit in covered) >= max(2, len(covered))


def _only_place(notice: Notice, found: Sequence[Notice]) -> bool:
    """True unless an introduction names a second place: nothing says which holds for what."""
    return not any(
        other.told & Sign.PLACE
        and other.scope == notice.scope
        and abs(other.line - notice.line) > 1
        for other in found
    )


class _Outline:
    """The headings beside the records, each with the lines that stand below it."""

    def __init__(self, flow: Flow, units: Sequence[Unit], inside: AbstractSet[int]) -> None:
        self._lines = flow.lines
        self._heads = [
            n
            for n, line in enumerate(flow.lines)
            if line.rank and n not in inside and not line.menu
        ]
        self._starts = sorted(unit.start for unit in units)
        self._above: list[int] = []
        self._ends = dict.fromkeys([-1, *self._heads], len(flow.lines))
        still: list[int] = []  # the headings that go on, each of a lower rank than the one before
        for head in self._heads:
            while still and self._lines[head].rank <= self._lines[still[-1]].rank:
                self._ends[still.pop()] = head
            self._above.append(still[-1] if still else -1)
            still.append(head)

    def introduced(self, number: int) -> range:
        """The lines below a heading whose introduction a line is part of; empty for all others."""
        place = bisect_left(self._heads, number) - 1
        head = self._heads[place] if place >= 0 else -1
        reaches = head >= 0 and _REACHED.search(self._lines[head].text) is not None
        if reaches:  # "Anmeldung" tells of the section that it stands in
            head = self._above[place]
        scope = range(head + 1, self._ends[head])
        first, last = (bisect_left(self._starts, n) for n in (scope.start, scope.stop))
        if last - first < 2 or not (reaches or number < self._starts[first]):
            return range(0)
        return scope


def _said(flow: Flow, number: int, scope: range) -> Iterator[Notice]:
    """What the sentences of a line say for all, each of one kind."""
    general = False
    for text in sentences.END.split(flow.lines[number].text):
        general |= (here := bool(_FOR_ALL.search(text)))
        told = told_in(text)
        if _MEANT.search(text) and (here or (scope and _WE_HELP.search(text))):
            meant = _ALSO_TOLD.split(text)[0]
            yield Notice(
                number, meant, Role.TEXT, Sign.NONE, audience=True, plain=here, scope=scope
            )
        if told & Sign.PLACE and here and _HELD.search(text):
            yield _venue(number, text)
        elif here and _CARRIED.search(text):
            yield Notice(number, text, Role.TEXT, Sign.NONE, carrier=True, plain=True, scope=scope)
        elif general and _JOINS.search(text) and told & _REACH:
            yield Notice(number, text, Role.TEXT, told & _REACH, plain=True)
        elif _pauses(text, general):
            yield Notice(number, text, Role.TEXT, Sign.NONE, plain=True)
        elif scope and told & CONTACT and not _ELSEWHERE.search(text):
            if told & Sign.PLACE:
                yield Notice(number, text, Role.TEXT, Sign.PLACE, plain=here, scope=scope)
            yield from _ways(number, text, told & _REACH, scope)
        elif here and told & _TERMS and not told & CONTACT:
            yield Notice(number, text, Role.TEXT, told & _TERMS, plain=True, scope=scope)
        elif scope and _WIDE.search(text) and _HOUSE.search(text):
            yield Notice(number, text, Role.TEXT, Sign.NONE, access=True, scope=scope)


def _ways(number: int, text: str, told: int, scope: range) -> Iterator[Notice]:
    """How whoever runs the records is reached, without what else a sentence asks for."""
    if told & Sign.PHONE and (local := _LOCAL.search(text)):
        yield Notice(number, local["number"], Role.PHONE, Sign.PHONE, scope=scope)
        text, told = text[local.end("number") :], told & ~Sign.PHONE
    if told and (way := _WAY.search(text)):
        yield Notice(number, text[way.start() :], Role.TEXT, told, scope=scope)


def told_in(text: str) -> int:
    """The signs of a sentence, with those of a number that has no area code."""
    return signs(text) | (Sign.PHONE if _LOCAL.search(text) else Sign.NONE)


def lacks(flow: Flow, unit: Unit, notice: Notice) -> str:
    """What of a notice a unit does not say itself; "" where it says all, or is not meant."""
    lines = flow.lines[unit.start : unit.end]
    if not notice.covers(unit) or _is_once(lines, notice):
        return ""
    if notice.carrier or notice.audience:
        own = _CARRIED if notice.carrier else _ADDRESSED
        return "" if any(own.search(line.text) for line in lines) else notice.text
    if notice.access or notice.told & Sign.PLACE:
        said = unit.signs & Sign.PLACE or any(
            _AT.search(line.text) or _AT_LABEL.fullmatch(line.label) or _AWAY.search(line.text)
            for line in lines
        )
        said = said or (notice.access and any(_WIDE.search(line.text) for line in lines))
        return "" if said else notice.text
    if notice.told & _REACH:
        return _way_missing(unit, lines, notice)
    if notice.told & _TERMS:
        said = unit.signs & notice.told
        said = said or (notice.told & Sign.COST and any(_NO_PRICE.search(n.text) for n in lines))
        return "" if said else notice.text
    timed = unit.signs & _TIMED and not unit.signs & Sign.DATE
    return notice.text if timed and not any(_FREE.search(line.text) for line in lines) else ""


def _is_once(lines: Sequence[Line], notice: Notice) -> bool:
    """True for what takes place once where only what is regular is meant."""
    if not notice.plain or not _REGULAR.search(notice.text):
        return False
    return not any(_AGAIN.search(line.text) for line in lines)


def _way_missing(unit: Unit, lines: Sequence[Line], notice: Notice) -> str:
    own = unit.signs & _REACH
    own |= Sign.PHONE if any(_LOCAL.search(line.text) for line in lines) else Sign.NONE
    if notice.plain:
        return "" if own else notice.text
    return _part(notice.text, notice.told, notice.told & ~own)


def _part(text: str, told: int, missing: int) -> str:
    """The stretch of a sentence that says what is missing and nothing that is told already."""
    if not missing or missing == told:
        return text if missing else ""
    bounds = [0, *(end for mark in _PIECES.finditer(text) for end in mark.span()), len(text)]
    pieces = [text[a:b] for a, b in zip(bounds[::2], bounds[1::2], strict=True)]
    return next(
        (p for p in pieces if told_in(p) & missing and not told_in(p) & told & ~missing), ""
    )


def _venue(number: int, text: str) -> Notice:
    """Where all take place: of a house without a name of its own, the address alone.

    "im Familienzentrum, Markt 1" says whose house it is to those who know; it names nobody.
    """
    house = _NAMELESS.search(text)
    if house is None or not signs(house["address"]) & Sign.PLACE:
        return Notice(number, text, Role.TEXT, Sign.PLACE, plain=True)
    return Notice(number, house["address"], Role.ADDRESS, Sign.PLACE, plain=True)


def _pauses(text: str, general: bool) -> bool:
    if not _PAUSE.search(text) or _OTHERS.search(text):
        return False
    return bool(
        _FOR_ALL.search(text) or _BARE.fullmatch(text) or (general and _REFERS.search(text))
    )
