"""Pictures of tables, made of few shapes: as SVG, as PNG, as a drawing in a PDF."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from io import BytesIO
from pathlib import Path
from xml.sax.saxutils import escape, quoteattr

import reportlab
from PIL import Image, ImageDraw, ImageFont
from reportlab.graphics.shapes import Drawing, Group, String
from reportlab.graphics.shapes import Rect as DrawnRect
from reportlab.lib.colors import HexColor
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.ttfonts import TTFont

from aggregator.comparison.table import Table
from api.comparison.writing import greatest, unit_of, words, written

_SHADES = ("#ffffff", "#dcebe9", "#a9cfcc", "#5f9ea0", "#0c5a5e")
_INKS = ("#2b2622", "#2b2622", "#2b2622", "#12181a", "#ffffff")
_INK, _SOFT, _LINE, _ACCENT, _GAP = "#2b2622", "#655c54", "#cbbfb2", "#0c5a5e", "#f3e2d6"
_FONTS = Path(reportlab.__file__).parent / "fonts"
FONT, BOLD = "Vera", "VeraBd"
_WIDE = 0.62  # of the size: how wide a character of the font is on average
_LABEL, _TITLE = 40, 160  # characters
_SIZE, _ROW, _COLUMN = 12, 26, 62  # pixels


@dataclass(frozen=True, slots=True)
class Rect:
    """A filled rectangle."""

    x: float
    y: float
    width: float
    height: float
    fill: str


@dataclass(frozen=True, slots=True)
class Text:
    """A line of text; y is its base line, `turned` lets it run upwards."""

    x: float
    y: float
    text: str
    size: float = _SIZE
    fill: str = _INK
    anchor: str = "start"
    bold: bool = False
    turned: bool = False


@dataclass(frozen=True, slots=True)
class Picture:
    """Shapes on white, with a title and what is to be seen in words."""

    width: float
    height: float
    title: str
    shapes: Sequence[Rect | Text]


def grid(table: Table, language: str) -> Picture:
    """A table as a grid whose cells are the darker the greater their figure."""
    title = _short(words(table.title, language), _TITLE)
    labels = [_short(words(line.head.words, language), _LABEL) for line in table.lines]
    heads = [_short(words(column.words, language), _LABEL) for column in table.columns]
    left = 16 + max((len(one) for one in labels), default=4) * _SIZE * _WIDE
    top = 52 + max((len(one) for one in heads), default=4) * _SIZE * _WIDE
    most = greatest(table)
    shapes: list[Rect | Text] = [Text(12, 26, title, 15, bold=True)]
    for at, head in enumerate(heads):
        x = left + at * _COLUMN + _COLUMN / 2 + 4
        shapes.append(Text(x, top - 8, head, fill=_SOFT, turned=True))
    for row, line in enumerate(table.lines):
        y = top + row * _ROW
        shapes.append(Text(12, y + 17, labels[row], bold=line.head.key == "alle"))
        for at, (column, cell) in enumerate(zip(table.columns, line.cells, strict=True)):
            unit = unit_of(table, line.head, column)
            one = written(cell, unit, language, most=most.get(column.key, 0))
            x = left + at * _COLUMN
            fill = _GAP if one.empty == "not_crawled" else _SHADES[one.level]
            shapes.append(Rect(x, y, _COLUMN - 2, _ROW - 2, fill))
            shown = _short(one.text, 8)
            ink = _SOFT if one.empty else _INKS[one.level]
            middle = x + _COLUMN / 2 - 1
            shapes.append(Text(middle, y + 17, shown, 11, ink, "middle"))
    width = left + max(1, len(heads)) * _COLUMN + 12
    wide = 24 + len(title) * 15 * _WIDE * 1.15
    return Picture(max(width, wide), top + len(labels) * _ROW + 12, title, shapes)


def bars(table: Table, key: str, language: str) -> Picture | None:
    """One line of a table as bars, a column a bar; None where it has no such line."""
    found = [line for line in table.lines if line.head.key == key]
    if not found:
        return None
    name = words(found[0].head.words, language)
    title = _short(f"{words(table.title, language)}: {name}", _TITLE)
    heads = [_short(words(column.words, language), _LABEL) for column in table.columns]
    left, long = 16 + max(map(len, heads), default=4) * _SIZE * _WIDE, 300
    most: dict[str, float] = {}
    for column, cell in zip(table.columns, found[0].cells, strict=True):
        unit = unit_of(table, found[0].head, column)
        value = (cell.figure.value if cell.figure else None) or 0
        most[unit] = 1 if unit == "share" else max(most.get(unit, 0), value)
    shapes: list[Rect | Text] = [Text(12, 26, title, 15, bold=True)]
    for at, (column, cell) in enumerate(zip(table.columns, found[0].cells, strict=True)):
        y = 44 + at * _ROW
        unit = unit_of(table, found[0].head, column)
        one = written(cell, unit, language)
        shapes.append(Text(12, y + 16, heads[at]))
        figure = cell.figure
        long_one = 0.0
        if figure and figure.value is not None and most[unit]:
            long_one = max(1, figure.value / most[unit] * long)
            shapes.append(Rect(left, y + 3, long_one, _ROW - 8, _ACCENT))
        if figure and unit == "share" and figure.unknown and figure.base:
            unknown = figure.unknown / figure.base * long
            shapes.append(Rect(left + long_one, y + 3, unknown, _ROW - 8, "#d9d0c5"))
            long_one += unknown
        told = f"{one.text} – {one.detail}" if one.detail else one.text
        shapes.append(Text(left + long_one + 8, y + 16, _short(told, _TITLE), 11, _SOFT))
    width = max(left + long + 320, 24 + len(title) * 15 * _WIDE * 1.15)
    return Picture(width, 44 + len(heads) * _ROW + 12, title, shapes)


def svg(picture: Picture) -> str:
    """The picture as a file that any browser and drawing program reads."""
    width, height = f"{picture.width:.0f}", f"{picture.height:.0f}"
    named = f'width="{width}" height="{height}" viewBox="0 0 {width} {height}" role="img"'
    out = [
        f'<svg xmlns="http://www.w3.org/2000/svg" {named} font-family="system-ui, sans-serif">',
        f"<title>{escape(picture.title)}</title>",
        f'<rect width="{width}" height="{height}" fill="#ffffff"/>',
    ]
    for shape in picture.shapes:
        if isinstance(shape, Rect):
            out.append(
                f'<rect x="{shape.x:.1f}" y="{shape.y:.1f}" width="{shape.width:.1f}" '
                f'height="{shape.height:.1f}" fill="{shape.fill}" stroke="{_LINE}" '
                'stroke-width="0.5"/>'
            )
            continue
        turn = f' transform="rotate(-90 {shape.x:.1f} {shape.y:.1f})"' if shape.turned else ""
        weight = ' font-weight="bold"' if shape.bold else ""
        out.append(
            f'<text x="{shape.x:.1f}" y="{shape.y:.1f}" font-size="{shape.size:g}" '
            f"fill={quoteattr(shape.fill)} text-anchor={quoteattr(shape.anchor)}{weight}{turn}>"
            f"{escape(shape.text)}</text>"
        )
    return "\n".join([*out, "</svg>"]) + "\n"


_SCALE = 2  # pixels of a PNG for one of the picture


def png(picture: Picture) -> bytes:
    """The picture in pixels, for programs that read no SVG."""
    size = (round(picture.width * _SCALE), round(picture.height * _SCALE))
    image = Image.new("RGB", size, "#ffffff")
    draw = ImageDraw.Draw(image)
    for shape in picture.shapes:
        x, y = shape.x * _SCALE, shape.y * _SCALE
        if isinstance(shape, Rect):
            box = (x, y, x + shape.width * _SCALE, y + shape.height * _SCALE)
            draw.rectangle(box, shape.fill, _LINE)
            continue
        font = _font(BOLD if shape.bold else FONT, round(shape.size * _SCALE * 0.85))
        if shape.turned:
            length = round(draw.textlength(shape.text, font)) + 2
            line = Image.new("L", (length, round(shape.size * _SCALE * 1.4)), 0)
            ImageDraw.Draw(line).text((0, line.height - 6), shape.text, 255, font, "ls")
            upright = line.rotate(90, expand=True)
            image.paste(shape.fill, (round(x - upright.width + 6), round(y - length)), upright)
            continue
        draw.text((x, y), shape.text, shape.fill, font, "ms" if shape.anchor == "middle" else "ls")
    out = BytesIO()
    image.save(out, "PNG", optimize=True)
    return out.getvalue()


def drawing(picture: Picture, width: float, height: float) -> Drawing:
    """The picture for a PDF, as wide and as high as told at most."""
    fonts()
    scale = min(1.0, width / picture.width, height / picture.height)
    drawn = Drawing(picture.width * scale, picture.height * scale)
    inner = Group(transform=(scale, 0, 0, scale, 0, 0))
    for shape in picture.shapes:
        y = picture.height - shape.y
        if isinstance(shape, Rect):
            inner.add(
                DrawnRect(shape.x, y - shape.height, shape.width, shape.height,
                          fillColor=HexColor(shape.fill), strokeColor=HexColor(_LINE),
                          strokeWidth=0.5)
            )  # fmt: skip
            continue
        said = String(0, 0, shape.text, fontName=BOLD if shape.bold else FONT,
                      fontSize=shape.size * 0.85, fillColor=HexColor(shape.fill),
                      textAnchor=shape.anchor)  # fmt: skip
        turned = (0, 1, -1, 0, shape.x, y) if shape.turned else (1, 0, 0, 1, shape.x, y)
        inner.add(Group(said, transform=turned))
    drawn.add(inner)
    return drawn


@cache
def fonts() -> None:
    """Make the fonts known that reports embed (Bitstream Vera, free to embed)."""
    for name in (FONT, BOLD):
        pdfmetrics.registerFont(TTFont(name, str(_FONTS / f"{name}.ttf")))


@cache
def _font(name: str, size: int) -> ImageFont.FreeTypeFont:
    return ImageFont.truetype(str(_FONTS / f"{name}.ttf"), size)


def _short(text: str, most: int) -> str:
    """One line of so many characters at most, all of which XML may hold and a font can draw."""
    line = " ".join("".join(c if c.isprintable() else " " for c in text).split())
    return line if len(line) <= most else f"{line[: most - 1]}…"
