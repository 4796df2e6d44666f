"""Indicators of the offers of a line: shares with numerator, denominator and what is unknown."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from datetime import date, timedelta
from itertools import combinations
from statistics import median
from types import MappingProxyType

from aggregator.comparison.figure import Empty, Figure, count, share
from aggregator.comparison.line import Kind, Line, View, lines
from aggregator.comparison.provider import kind_of
from aggregator.comparison.stock import Row, Stock, kreis
from aggregator.comparison.table import Cell, Head, Table
from aggregator.comparison.table import Line as TableLine
from aggregator.comparison.words import head, head_of, note, said, title
from aggregator.index.opening import parts
from aggregator.lifecycle import CONFIRMED_WITHIN
from aggregator.vocabulary.facets import LABELS

Answer = Callable[[Row, date], bool | None]
RECENT = timedelta(days=90)
"""What is new, gone, or ends soon."""
SEEN_WITHIN = timedelta(days=30)
_REMOTE = frozenset({"phone", "online", "outreach"})


def _open_in(*wanted: str) -> Answer:
    def answer(offer: Row, today: date) -> bool | None:
        if not offer["hours_osm"]:
            return None
        return not parts(offer["hours_osm"], today).isdisjoint(wanted)

    return answer


def _both(one: bool | None, other: bool | None) -> bool | None:
    if one is False or other is False:
        return False
    return None if one is None or other is None else True


def _is(field: str, value: object) -> Answer:
    return lambda offer, _: None if offer[field] is None else offer[field] == value


def _has(*fields: str) -> Answer:
    return lambda offer, _: any(bool(offer[field]) for field in fields)


def _within(field: str, before: timedelta) -> Answer:
    def answer(offer: Row, today: date) -> bool | None:
        day = _day(offer[field])
        return None if day is None else today - before <= day <= today

    return answer


def _ends(offer: Row, today: date) -> bool | None:
    day = _day(offer["valid_until"])
    return None if day is None else today <= day <= today + RECENT


def _states_hours(offer: Row, _: date) -> bool:
    """Whether it states times, whether they were understood, may be passed on, or neither."""
    told = bool(offer["hours_text"] or offer["hours_osm"])
    return told or any(one.startswith("hours_") for one in offer["missing"])


def _confirmed(offer: Row, today: date) -> bool | None:
    return _within("last_confirmed", CONFIRMED_WITHIN)(offer, today) is True


ANSWERS: Mapping[str, Answer] = MappingProxyType(
    {
        "exclusive": _is("exclusivity", "only"),
        "childcare": _is("childcare", value=True),
        "evening": _open_in("evening"),
        "weekend": _open_in("weekend"),
        "no_registration": _is("registration", "none"),
        "free": _is("cost", "free"),
        "low_threshold": lambda offer, today: _both(
            _is("registration", "none")(offer, today), _is("cost", "free")(offer, today)
        ),
        "remote": lambda o, _: None if not o["modes"] else not _REMOTE.isdisjoint(o["modes"]),
        "languages": lambda o, _: None if not o["languages"] else set(o["languages"]) != {"de"},
        "wheelchair": _is("wheelchair", value=True),
        "contact": _has("phones", "emails"),
        "address": lambda offer, _: bool(offer["street"] and offer["postcode"]),
        "hours": _states_hours,
        "hours_understood": _has("hours_osm"),
        "confirmed": _confirmed,
        "fresh": _within("last_seen", SEEN_WITHIN),
        "new": _within("first_seen", RECENT),
        "ending": _ends,
        "several_sources": lambda offer, _: len(offer["sources"]) > 1,
    }
)
"""Whether an offer is so, by indicator; None where it does not say. Meanings: words.yml."""

_COUNTS = ("providers", "age", "gone")
_COUNTED = MappingProxyType({"providers": "count", "age": "days"})


def indicators(stock: Stock, view: View, land: str | None = None) -> Table:
    """Lines of a view by indicators."""
    keys = [*ANSWERS, *_COUNTS]
    columns = [head("indicators", key) for key in keys]
    made = []
    for line in lines(stock, view, land):
        cells = []
        for key in keys:
            answer = ANSWERS.get(key)
            figure = (
                share((answer(offer, stock.as_of) for offer in line.offers), line.why)
                if answer
                else _counted(stock, line, key)
            )
            pick = {"sicht": view.value, "zeile": line.key, "kennzahl": key}
            if land:
                pick["land"] = land
            cells.append(Cell(figure, pick=pick if answer and figure.numerator else None))
        made.append(TableLine(head_of(line), cells))
    name = f"indicators-{view}"
    return Table(name, title(name), "share", columns, made, note(name), _COUNTED)


def _counted(stock: Stock, line: Line, key: str) -> Figure:
    if key == "providers":
        known = {offer["organization_id"] for offer in line.offers} - {None}
        unknown = sum(offer["organization_id"] is None for offer in line.offers)
        why = Empty.NOT_STATED if unknown else line.why
        empty = None if known else why
        return Figure(len(known) or None, len(known), None, unknown, len(line.offers), empty)
    if key == "age":
        days = [_day(offer["last_seen"]) for offer in line.offers]
        ages = [(stock.as_of - day).days for day in days if day]
        if not ages:
            why = Empty.NOT_STATED if line.offers else line.why
            return Figure(None, None, None, len(days), len(days), why)
        return Figure(float(median(ages)), None, None, len(days) - len(ages), len(days))
    gone = _gone(stock, line)
    whole = len(gone) + len(line.offers)
    if not whole:
        return Figure(None, 0, 0, 0, 0, line.why)
    return Figure(len(gone) / whole, len(gone), whole, 0, whole)


def _gone(stock: Stock, line: Line) -> list[Row]:
    """What was last seen within the time looked at and is no longer shown, of the same line."""
    recent = [o for o in stock.past if _within("last_seen", RECENT)(o, stock.as_of)]
    if line.kind is Kind.ALL:
        return recent if line.region == "DE" else [o for o in recent if _in(o, line.region or "")]
    if line.kind is Kind.NETWORK:
        return [o for o in recent if line.key in o["networks"]]
    if line.kind is Kind.NO_NETWORK:
        return [o for o in recent if not o["networks"]]
    return [o for o in recent if kreis(o["region_key"]) == line.region]


def _in(offer: Row, land: str) -> bool:
    return (offer["region_key"] or "").startswith(land)


def providers(stock: Stock, view: View, land: str | None = None) -> Table:
    """Lines by kind of provider: the mix of public, welfare, self-help and others."""
    kinds = [*said("providers"), "unknown"]
    columns = [_kind_head(kind) for kind in kinds]
    made = []
    for line in lines(stock, view, land):
        found = Counter(kind_of(offer["provider"]) or "unknown" for offer in line.offers)
        cells = []
        for kind in kinds:
            figure = count(found[kind], line.why)
            if found[kind]:
                number, whole = found[kind], len(line.offers)
                figure = Figure(number / whole, number, whole, found["unknown"], whole)
            cells.append(Cell(figure))
        made.append(TableLine(head_of(line), cells))
    return Table("providers", title("providers"), "share", columns, made, note("providers"))


def _kind_head(kind: str) -> Head:
    return Head(kind, said("providers")[kind]["title"] if kind != "unknown" else said("unknown"))


def languages(stock: Stock, view: View, land: str | None = None) -> Table:
    """Lines by language in which offers say that they speak; the most frequent first."""
    made = lines(stock, view, land)
    spoken = Counter(code for offer in made[-1].offers for code in offer["languages"])
    codes = sorted(spoken, key=lambda code: (-spoken[code], code))
    known = LABELS["languages"]
    columns = [Head(code, known.get(code, {"de": code, "en": code})) for code in codes]
    rows = []
    for line in made:
        found = Counter(code for offer in line.offers for code in offer["languages"])
        silent = sum(not offer["languages"] for offer in line.offers)
        why = Empty.NOT_STATED if silent and line.complete else line.why
        rows.append(TableLine(head_of(line), [Cell(count(found[code], why)) for code in codes]))
    return Table("languages", title("languages"), "count", columns, rows, note("languages"))


def overlap(stock: Stock) -> Table:
    """Pairs of sources that list the same offers, the most first, with the Jaccard share."""
    names = {row["id"]: row["title"] for row in stock.rows["sources"]}
    listed = Counter(source for offer in stock.offers for source in set(offer["sources"]))
    shared = Counter(
        pair for offer in stock.offers for pair in combinations(sorted(set(offer["sources"])), 2)
    )
    made = []
    for (one, other), number in sorted(shared.items(), key=lambda item: (-item[1], item[0])):
        either = listed[one] + listed[other] - number
        name = f"{names.get(one, one)} – {names.get(other, other)}"
        cells = [
            Cell(count(number, Empty.NONE_FOUND), pick={"quelle": one, "und": other}),
            Cell(Figure(number / either, number, either, 0, either)),
        ]
        made.append(TableLine(Head(f"{one}+{other}", {"de": name, "en": name}), cells))
    columns: Sequence[Head] = [head("columns", "shared"), head("columns", "jaccard")]
    return Table(
        "overlap", title("overlap"), "count", columns, made, note("overlap"), {"jaccard": "share"}
    )


def _day(value: object) -> date | None:
    return date.fromisoformat(str(value)[:10]) if value else None
