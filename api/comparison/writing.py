"""How cells are written: for people in a language, for files as plain values."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from urllib.parse import urlencode

from babel.numbers import format_decimal

from aggregator.comparison.figure import Figure
from aggregator.comparison.table import Cell, Head, Table, Words
from aggregator.comparison.words import said

_DIGITS = {"count": "#,##0", "days": "#,##0", "rate": "#,##0.00", "hours": "#,##0.0000"}


@dataclass(frozen=True, slots=True)
class Written:
    """A cell for people: the figure, what it is made of, where it leads; or why there is none."""

    text: str
    detail: str = ""
    href: str = ""
    empty: str = ""
    """The code of the reason; "" where there is something."""
    level: int = 0
    """How much it is of the greatest of its table, 0 to 4: for shading."""
    quote: str = ""
    page: str = ""


def words(told: Words, language: str) -> str:
    """A text in a language, in German where it is not there."""
    return told.get(language) or told.get("de", "")


def number(value: float, unit: str, language: str) -> str:
    """A figure as people write it."""
    if unit == "share":
        return f"{format_decimal(value * 100, '#,##0', locale=language)}\u00a0%"
    return format_decimal(value, _DIGITS.get(unit, "#,##0"), locale=language)


def written(
    cell: Cell, unit: str, language: str, edition: str | None = None, most: float = 0
) -> Written:
    """A cell in a language; `most` is the greatest value of its table."""
    figure = cell.figure
    if figure is None or cell.text:
        return Written(cell.text, quote=cell.quote, page=cell.page)
    if figure.value is None:
        told = said("empty")[figure.empty.value if figure.empty else "not_stated"]
        return Written(
            told["mark"], told[language], _href(cell.pick, language, edition) if cell.pick else "",
            figure.empty.value if figure.empty else "not_stated",
        )  # fmt: skip
    level = min(4, 1 + int(figure.value / most * 3.999)) if most > 0 else 0
    return Written(
        number(figure.value, unit, language), detail(figure, unit, language),
        _href(cell.pick, language, edition) if cell.pick else "", "", level,
    )  # fmt: skip


def detail(figure: Figure, unit: str, language: str) -> str:
    """What a figure is made of: "7 von 12, 3 ohne Angabe"."""
    english = language == "en"
    parts = []
    if unit == "share" and figure.numerator is not None and figure.denominator is not None:
        of = "of" if english else "von"
        parts.append(f"{figure.numerator:g} {of} {figure.denominator:g}")
    if unit in {"rate", "hours"} and figure.numerator is not None and figure.denominator:
        noun = {
            "rate": ("offers", "Angebote"),
            "hours": ("hours a week", "Stunden je Woche"),
        }[unit][not english]
        amount = format_decimal(figure.numerator, "#,##0.##", locale=language)
        families = format_decimal(figure.denominator, "#,##0", locale=language)
        parts.append(f"{amount} {noun}, {families} {'families' if english else 'Familien'}")
    if figure.unknown:
        told = said("unknown")[language]
        share = f" ({figure.unknown / figure.base:.0%})" if unit == "hours" and figure.base else ""
        parts.append(f"{figure.unknown} {told}{share}")
    return ", ".join(parts)


def greatest(table: Table) -> Mapping[str, float]:
    """The greatest value a column; of a table of one unit the greatest of all but "all"."""
    columns: dict[str, float] = {}
    for line in table.lines:
        for column, cell in zip(table.columns, line.cells, strict=True):
            value = cell.figure.value if cell.figure else None
            if value is not None and line.head.key != "alle":
                columns[column.key] = max(value, columns.get(column.key, 0))
    if table.units:
        return columns
    one = max((v for key, v in columns.items() if key != "alle"), default=0)
    return {column.key: columns.get(column.key, 0) if column.key == "alle" else one
            for column in table.columns}  # fmt: skip


def unit_of(table: Table, row: Head, column: Head) -> str:
    """The unit of a cell, whether its table was turned or not."""
    return table.units.get(column.key) or table.units.get(row.key) or table.unit


def _href(pick: Mapping[str, str], language: str, edition: str | None) -> str:
    asked = {**pick, **({"ausgabe": edition} if edition else {})}
    return f"{'' if language == 'de' else f'/{language}'}/vergleich/angebote?{urlencode(asked)}"
