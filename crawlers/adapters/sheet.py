"""Lists as tables: CSV (RFC 4180 and what is sold as it), Excel and OpenDocument."""

from __future__ import annotations

import csv
import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from itertools import islice
from typing import Literal
from urllib.parse import urlsplit

from crawlers.adapters.base import Detection, PageRequest
from crawlers.finder.evidence import CONTACT, reachable, signs
from crawlers.isolation import read_apart
from crawlers.keys import absolute, slug
from crawlers.page import Page
from crawlers.record import Passage, Record, Role, Trust
from crawlers.source import Source
from crawlers.workbook import MAX_CELL, MAX_COLUMNS, MAX_ROWS

_CSV = frozenset(
    {"text/csv", "application/csv", "text/tab-separated-values", "text/comma-separated-values"}
)
_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_WORKBOOK = ("Workbook".encode("utf-16-le"), "Book".encode("utf-16-le"))
_DELIMITERS = ";,\t|"
_SAMPLE = 60  # rows by which a delimiter is judged
_HEAD_WITHIN = 20  # rows before which the head of a table must stand
_UNNAMED = re.compile(r"(?:tabelle|sheet|blatt|table)\s*\d*", re.IGNORECASE)
_NOT_WORD = re.compile(r"[^a-z0-9]+")
_GERMAN_DATE = re.compile(
    r"(\d{1,2})\.\s?(\d{1,2})\.\s?(\d{4})(?:,?\s+(\d{1,2})[:.](\d{2})(?:\s*Uhr)?)?", re.IGNORECASE
)
_ISO = re.compile(r"\d{4}-\d{2}-\d{2}(?:[T ]\d{2}:\d{2}.*)?")

_WORDS: Mapping[Role, str] = {
    Role.TITLE: "angebot titel name bezeichnung angebotsname angebotstitel name_des_angebots"
    " projekt projektname veranstaltung veranstaltungstitel kurs kurstitel kursname "
    "titel_des_angebots angebotsbezeichnung was title offer service name_der_veranstaltung "
    "name_der_einrichtung "
    "beratungsstelle anlaufstelle",
    Role.PROVIDER: "traeger anbieter veranstalter organisation institution einrichtung verein "
    "anbieterin traegerin traegerverein kooperationspartner traeger_der_einrichtung provider "
    "organization organisator ausrichter anbieter_traeger traeger_anbieter name_des_traegers",
    Role.VENUE: "veranstaltungsort treffpunkt raum haus location venue veranstaltungsstaette",
    Role.ADDRESS: "adresse anschrift address postanschrift plz_ort ort_adresse adresse_ort "
    "standort kontaktadresse wo",
    Role.STREET: "strasse str strasse_hausnummer strasse_nr strasse_und_hausnummer "
    "strasse_hausnr street strasse_und_nr strasse_u_hausnummer strassenname",
    Role.POSTCODE: "plz postleitzahl postcode zip zip_code",
    Role.CITY: "ort stadt gemeinde wohnort city town ortschaft",
    Role.LATITUDE: "lat latitude breitengrad breite geo_lat",
    Role.LONGITUDE: "lon lng long longitude laengengrad laenge geo_lon geo_lng",
    Role.PHONE: "telefon tel telefonnummer rufnummer phone telefon_nr tel_nr fon festnetz "
    "telefon_1 telefon_2 telefonkontakt mobil mobiltelefon handy handynummer mobilnummer hotline",
    Role.EMAIL: "email e_mail mail emailadresse e_mail_adresse mailadresse e_mailadresse "
    "kontakt_mail kontakt_email mail_adresse",
    Role.URL: "website webseite homepage internet www web url link internetseite internetadresse "
    "webadresse weblink links online",
    Role.HOURS: "oeffnungszeiten oeffnungszeit zeiten sprechzeiten sprechzeit uhrzeit zeit termine "
    "wann tag wochentag opening_hours tag_uhrzeit zeit_und_ort uhrzeiten sprechstunde "
    "sprechstunden beratungszeiten kurszeiten turnus rhythmus tag_und_uhrzeit tage",
    Role.COST: "kosten preis gebuehr gebuehren teilnahmegebuehr beitrag teilnahmebeitrag eintritt "
    "cost price kursgebuehr entgelt kosten_in_euro preis_in_euro unkostenbeitrag",
    Role.AUDIENCE: "zielgruppe zielgruppen fuer_wen alter altersgruppe audience target_group "
    "zielgruppe_alter altersgruppen",
    Role.LANGUAGE: "sprache sprachen language languages beratungssprachen",
    Role.TOPIC: "thema themen kategorie kategorien rubrik bereich handlungsfeld topic category "
    "themenfeld themenbereich art art_des_angebots angebotsart sparte stichwort schlagworte "
    "schlagwort fachbereich handlungsfelder",
    Role.STARTS: "datum beginn start von startdatum date starts anfang termin_beginn datum_von "
    "start_date beginnt_am",
    Role.ENDS: "ende bis enddatum ends end termin_ende datum_bis end_date",
    Role.TEXT: "beschreibung kurzbeschreibung inhalt inhalte description beschreibung_des_angebots "
    "angebotsbeschreibung text details kurzinfo info informationen leistungen leistung",
}
_ID = frozenset(
    {"id", "nr", "nummer", "lfd_nr", "laufende_nummer", "angebots_id", "kennung", "uid"}
)
_NUMBER = frozenset({"hausnummer", "hausnr", "hnr", "haus_nr"})
_ONCE = frozenset({Role.TITLE, Role.STARTS, Role.ENDS})
_DROPPED = frozenset({"fax", "telefax", "faxnummer", "fax_nr"})
_FOLDS = str.maketrans({"ä": "ae", "ö": "oe", "ü": "ue", "ß": "ss"})


@dataclass(frozen=True, slots=True)
class Table:
    """A table of a file: rows of cells, and its name where it has a telling one."""

    name: str
    rows: Sequence[Sequence[str]]


@dataclass(frozen=True, slots=True)
class _Head:
    """Where the head of a table stands, and what its columns hold."""

    row: int
    names: Sequence[str]
    roles: Sequence[Role | None]


class Sheet:
    """Lists of offers, a row each; the words of the head say what the columns hold.

    The head is the first row that names at least two known columns; without one, rows with a
    contact are offers named by their first text. A row with a single cell heads those below it.
    Locators are "row 7/Telefon", counted as a spreadsheet counts.
    """

    name = "sheet"
    version = 1

    def detect(self, page: Page) -> Detection | None:
        """Claim what a server calls CSV, what is called so, and workbooks by their signature."""
        if _is_workbook(page.body):
            return Detection(1.0, "a spreadsheet")
        stated = page.media_type in _CSV
        path = urlsplit(page.url).path.lower()
        plain = page.media_type in {
            "text/plain", "application/octet-stream", "application/vnd.ms-excel",
        }  # fmt: skip
        if stated or (plain and path.endswith((".csv", ".tsv", ".txt"))):
            start = page.body[:500].lstrip()[:1]
            if start not in {b"<", b"{", b"["} and (stated or not path.endswith(".txt")):
                return Detection(1.0, "a CSV file")
        return None

    def requests(self, source: Source) -> Iterable[PageRequest]:
        """Nothing beyond the start URLs."""
        return ()

    def links(self, page: Page, source: Source) -> Iterable[PageRequest]:
        """Nothing: a list leads nowhere."""
        return ()

    def extract(self, page: Page) -> Sequence[Record]:
        """A record a row. Raises UnreadableError for a workbook that cannot be read."""
        if not self.detect(page):
            return []
        if _is_workbook(page.body):
            found = read_apart("crawlers.workbook", page.body)
            tables = [Table(sheet["name"], sheet["rows"]) for sheet in found]
        else:
            tables = [Table("", read_csv(page.text))]
        return self.records(tables, page.url)

    def records(self, tables: Sequence[Table], url: str) -> list[Record]:
        """The offers of the tables of a file."""
        return [
            record for table in tables for record in self._table(table, url, named=len(tables) > 1)
        ]

    def _table(self, table: Table, url: str, *, named: bool) -> Iterator[Record]:
        head = _head(table.rows)
        told = named and bool(table.name) and not _UNNAMED.fullmatch(table.name.strip())
        before = f"{table.name}!" if named and table.name else ""
        section = ""
        ids = _ids(table.rows, head)
        for number, row in enumerate(table.rows[head.row + 1 :], head.row + 2):
            filled = [cell for cell in row if cell]
            if len(filled) == 1 and len(row) > 2 and row[0] and "\n" not in row[0]:
                section = row[0] if len(row[0]) < 120 else ""
                continue
            at = f"{before}row {number}"
            passages = list(_passages(row, head, at, url))
            title = next((p.text for p in passages if p.role is Role.TITLE), "")
            if not title or not any(_tells(p) for p in passages):
                continue
            above = [
                Passage(Role.SECTION, name, at)
                for name in (table.name if told else "", section)
                if name
            ]
            ident = row[ids] if ids is not None and ids < len(row) else ""
            yield Record(
                f"{url.partition('#')[0]}#{slug(ident) or slug(title) or number}",
                url,
                (*passages[:1], *above, *passages[1:]),
                f"{self.name}@{self.version}",
                Trust.FEED,
            )


def read_csv(text: str) -> list[list[str]]:
    """The rows of a CSV file whose delimiter nobody states; bounded, cells folded."""
    lines = text.replace("\0", "").lstrip("\ufeff")
    if lines[:4].lower() == "sep=":  # Excel's own way to state the delimiter
        first, _, lines = lines.partition("\n")
        delimiter = first.strip()[4:5] or ";"
    else:
        delimiter = max(_DELIMITERS, key=lambda one: _evenness(lines, one))
    rows = list(_cells(lines, delimiter, csv.QUOTE_MINIMAL))
    if len(rows) * 4 < min(lines.count("\n"), MAX_ROWS):
        # A stray quotation mark swallowed what follows: then it was no quotation mark.
        plain = list(_cells(lines, delimiter, csv.QUOTE_NONE))
        rows = plain if len(plain) > 4 * len(rows) else rows
    return rows


def _cells(text: str, delimiter: str, quoting: Literal[0, 3]) -> Iterator[list[str]]:
    reader = csv.reader(text.splitlines(keepends=True), delimiter=delimiter, quoting=quoting)
    rows = 0
    while rows < MAX_ROWS:
        try:
            row = next(reader)
        except StopIteration:
            return
        except csv.Error:  # a field above the limit: that row is lost
            continue
        rows += 1
        yield ["\n".join(_lines(cell[:MAX_CELL])) for cell in row[:MAX_COLUMNS]]


def _lines(cell: str) -> Iterator[str]:
    for line in cell.splitlines():
        if folded := " ".join(line.split()):
            yield folded


def _evenness(text: str, delimiter: str) -> tuple[float, int]:
    """How much a delimiter looks like one: rows of equal width, then their number of columns."""
    sample = csv.reader(text[:200_000].splitlines(keepends=True), delimiter=delimiter)
    try:
        widths = Counter(len(row) for row in islice(sample, _SAMPLE) if any(row))
    except csv.Error:
        return (0.0, 0)
    width, count = widths.most_common(1)[0] if widths else (1, 0)
    if width < 2:
        return (0.0, 0)
    return (round(count / widths.total(), 1), width)


def _head(rows: Sequence[Sequence[str]]) -> _Head:
    """The head of a table: the first row that names two columns; a made one where none does."""
    for number, row in enumerate(rows[:_HEAD_WITHIN]):
        roles = [_role(cell) for cell in row]
        if sum(role is not None for role in roles) >= 2 and all(len(cell) < 60 for cell in row):
            return _Head(number, [" ".join(cell.split()) for cell in row], _named(roles, row))
    width = max((len(row) for row in rows[:_SAMPLE]), default=0)
    return _Head(-1, [""] * width, _guessed(rows, width))


def _named(roles: list[Role | None], row: Sequence[str]) -> list[Role | None]:
    """Roles with exactly one title: where no column is called so, the provider names the offer."""
    if Role.TITLE not in roles:
        for other in (Role.PROVIDER, Role.VENUE, Role.TOPIC):
            if other in roles:
                roles[roles.index(other)] = Role.TITLE
                return roles
        first = next((n for n, role in enumerate(roles) if role is None and row[n]), None)
        if first is not None and _folded(row[first]) not in _ID:
            roles[first] = Role.TITLE
    return roles


def _guessed(rows: Sequence[Sequence[str]], width: int) -> list[Role | None]:
    """The first column of words is the title, where most rows hold a contact."""
    sample = [row for row in rows[:_SAMPLE] if len([cell for cell in row if cell]) > 1]
    telling = sum(any(signs(cell) & CONTACT for cell in row) for row in sample)
    roles: list[Role | None] = [None] * width
    if len(sample) >= 2 and telling * 2 > len(sample):
        for column in range(width):
            cells = [row[column] for row in sample if column < len(row) and row[column]]
            words = sum(bool(re.search(r"[^\W\d_]{3}", cell)) for cell in cells)
            if words * 2 > len(sample) and not any(signs(cell) & CONTACT for cell in cells):
                roles[column] = Role.TITLE
                break
    return roles


def _passages(row: Sequence[str], head: _Head, at: str, url: str) -> Iterator[Passage]:
    said: dict[Role, list[Passage]] = {}
    rest: list[Passage] = []
    for column, cell in enumerate(row):
        name = head.names[column] if column < len(head.names) else ""
        role = head.roles[column] if column < len(head.roles) else None
        folded = _folded(name)
        if not cell or folded in _DROPPED or folded in _ID:
            continue
        where = f"{at}/{name or _letters(column)}"
        if folded in _NUMBER and (streets := said.get(Role.STREET)):
            whole = f"{streets[-1].text} {cell}"
            streets[-1] = Passage(Role.STREET, whole, streets[-1].locator)
        elif role and (value := _value(role, cell, url)) and not (role in said and role in _ONCE):
            said.setdefault(role, []).append(Passage(role, value, where))
        else:
            label = f"{name}: " if name and role is not Role.TEXT else ""
            rest += [Passage(Role.TEXT, f"{label}{line}", where) for line in cell.split("\n")]
    hours = said.pop(Role.HOURS, [])
    yield from said.pop(Role.TITLE, [])
    for passages in said.values():
        yield from passages
    if hours:  # the day in one column, the hours in the next
        yield Passage(Role.HOURS, " ".join(p.text for p in hours), hours[0].locator)
    yield from rest


def _value(role: Role, cell: str, url: str) -> str:
    """What a cell of a known column states; "" where it is not what the column is for."""
    if role is Role.TEXT:
        return ""
    if role in {Role.STARTS, Role.ENDS}:
        return _moment(cell)
    if role is Role.URL:
        return absolute(url, cell if "//" in cell else f"https://{cell}")
    return cell.replace("\n", " ")


def _tells(passage: Passage) -> bool:
    """True for a passage that says more than what a thing is called."""
    if passage.role in {Role.TITLE, Role.TOPIC, Role.PROVIDER, Role.SECTION}:
        return False
    return passage.role is not Role.TEXT or reachable(signs(passage.text)) or len(passage.text) > 40


def _ids(rows: Sequence[Sequence[str]], head: _Head) -> int | None:
    """The column that names each row for good; None where there is none."""
    for column, name in enumerate(head.names):
        if _folded(name) in _ID:
            cells = [
                row[column] for row in rows[head.row + 1 :] if column < len(row) and row[column]
            ]
            # A running number changes with every row that is put in between.
            running = cells == [str(n) for n in range(1, len(cells) + 1)]
            if cells and len(set(cells)) == len(cells) and not running:
                return column
    return None


def _moment(text: str) -> str:
    """ISO 8601 of a German or ISO date; "" where it is none."""
    if _ISO.fullmatch(text):
        return text.replace(" ", "T", 1)
    if not (found := _GERMAN_DATE.fullmatch(text)):
        return ""
    day, month, year, hour, minute = found.groups()
    clock = f"T{int(hour):02}:{minute}" if hour else ""
    return f"{year}-{int(month):02}-{int(day):02}{clock}"


@cache
def _roles() -> dict[str, Role]:
    return {word: role for role, words in _WORDS.items() for word in words.split()}


def _role(cell: str) -> Role | None:
    folded = _folded(cell)
    return _roles().get(folded) or _roles().get(re.sub(r"_\d$", "", folded))


def _folded(text: str) -> str:
    return _NOT_WORD.sub("_", text[:80].casefold().translate(_FOLDS)).strip("_")


def _letters(column: int) -> str:
    """A column as a spreadsheet calls it: A, B, …, AA."""
    letters = ""
    column += 1
    while column:
        column, rest = divmod(column - 1, 26)
        letters = chr(65 + rest) + letters
    return letters


def _is_workbook(body: bytes) -> bool:
    """Excel's and OpenDocument's spreadsheets by what they begin with and hold."""
    if body.startswith(b"PK\x03\x04"):
        return b"xl/workbook" in body or b"opendocument.spreadsheet" in body[:200]
    return body.startswith(_OLE) and any(name in body for name in _WORKBOOK)
