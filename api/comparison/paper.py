"""A report on paper: A4, lying, tables that go on over pages with their heads."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from io import BytesIO
from typing import Any, ClassVar
from xml.sax.saxutils import escape

from reportlab.graphics.shapes import Drawing
from reportlab.lib import colors
from reportlab.lib.pagesizes import A4, landscape
from reportlab.lib.styles import ParagraphStyle
from reportlab.lib.units import mm
from reportlab.pdfgen.canvas import Canvas
from reportlab.platypus import PageBreak, Paragraph, SimpleDocTemplate, Spacer
from reportlab.platypus import Table as PaperTable

from aggregator.comparison.table import Table
from api.comparison.picture import BOLD, FONT, fonts
from api.comparison.writing import unit_of, words, written

_MARGIN = 14 * mm
_PAGE = landscape(A4)
_COLUMNS = 8  # of a table on one page beside the heads
_LONGEST, _NARROW = 1_500, 250
"""Characters of a text in a cell, and in one of many columns: a row has to fit on a page."""


@dataclass(frozen=True, slots=True)
class Paper:
    """What a report holds."""

    WIDTH: ClassVar[float] = _PAGE[0] - 2 * _MARGIN - 12
    HEIGHT: ClassVar[float] = _PAGE[1] - 2 * _MARGIN - 60
    """Points that a picture may take: the page without margins, foot and padding."""

    title: str
    about: Sequence[tuple[str, str]]
    tables: Sequence[Table]
    pictures: Sequence[Drawing]
    language: str
    day: date


def pdf(paper: Paper) -> bytes:
    """The report. The same paper is the same bytes: no clock, no random id goes into it."""
    fonts()
    styles = {
        "title": ParagraphStyle("title", fontName=BOLD, fontSize=18, leading=22, spaceAfter=8),
        "head": ParagraphStyle("head", fontName=BOLD, fontSize=12, leading=15, spaceBefore=10,
                               spaceAfter=4, keepWithNext=1),
        "text": ParagraphStyle("text", fontName=FONT, fontSize=7.5, leading=9.5),
        "bold": ParagraphStyle("bold", fontName=BOLD, fontSize=7.5, leading=9.5),
        "note": ParagraphStyle("note", fontName=FONT, fontSize=7.5, leading=9.5, spaceAfter=4,
                               textColor=colors.HexColor("#655c54")),
    }  # fmt: skip
    flow: list[Any] = [Paragraph(_told(paper.title), styles["title"])]
    flow.append(
        PaperTable(
            [[Paragraph(_told(name), styles["bold"]), Paragraph(_told(value), styles["text"])]
             for name, value in paper.about],
            colWidths=[40 * mm, Paper.WIDTH - 40 * mm], hAlign="LEFT",
        )
    )  # fmt: skip
    for picture in paper.pictures:
        flow += [Spacer(1, 6 * mm), picture]
    flow.append(PageBreak())
    for table in paper.tables:
        flow += _table(table, paper.language, styles)
    out = BytesIO()
    made = SimpleDocTemplate(
        out, pagesize=_PAGE, leftMargin=_MARGIN, rightMargin=_MARGIN, topMargin=_MARGIN,
        bottomMargin=_MARGIN + 6 * mm, title=paper.title, author="netzlotse",
        lang=paper.language, invariant=1,
    )  # fmt: skip

    def foot(canvas: Canvas, document: Any) -> None:  # noqa: ANN401 - reportlab's
        canvas.setFont(FONT, 7)
        canvas.drawString(_MARGIN, 9 * mm, f"netzlotse – {paper.title} – {paper.day.isoformat()}")
        canvas.drawRightString(_PAGE[0] - _MARGIN, 9 * mm, str(document.page))

    made.build(flow, onFirstPage=foot, onLaterPages=foot)
    return out.getvalue()


def _table(table: Table, language: str, styles: dict[str, ParagraphStyle]) -> list[Any]:
    """A table, cut into parts of so many columns as fit beside the heads of its lines."""
    flow: list[Any] = [Paragraph(_told(words(table.title, language)), styles["head"])]
    if table.note:
        flow.append(Paragraph(_told(words(table.note, language)), styles["note"]))
    if not table.lines:
        flow.append(Paragraph("–", styles["text"]))
    for start in range(0, len(table.columns) if table.lines else 0, _COLUMNS):
        columns = table.columns[start : start + _COLUMNS]
        heads = [words(column.words, language) for column in columns]
        rows = [[Paragraph(_told(head), styles["bold"]) for head in ("", *heads)]]
        for line in table.lines:
            cells = [Paragraph(_told(words(line.head.words, language)), styles["bold"])]
            for column, cell in zip(columns, line.cells[start : start + _COLUMNS], strict=True):
                one = written(cell, unit_of(table, line.head, column), language)
                told = _told(one.text)
                most = _NARROW if len(columns) > 3 else _LONGEST
                for more in (one.detail, f"„{one.quote}“" if one.quote else "", one.page):
                    told += f'<br/><font color="#655c54">{_told(more, most)}</font>' if more else ""
                cells.append(Paragraph(told, styles["text"]))
            rows.append(cells)
        wide = min(60 * mm, (Paper.WIDTH - 60 * mm) / len(columns)) if len(columns) > 2 else None
        rest = (Paper.WIDTH - 60 * mm) / len(columns)
        flow.append(
            PaperTable(
                rows, colWidths=[60 * mm, *[wide or rest] * len(columns)], repeatRows=1,
                hAlign="LEFT",
                style=[
                    ("GRID", (0, 0), (-1, -1), 0.4, colors.HexColor("#cbbfb2")),
                    ("VALIGN", (0, 0), (-1, -1), "TOP"),
                    ("BACKGROUND", (0, 0), (-1, 0), colors.HexColor("#e3efee")),
                ],
            )
        )  # fmt: skip
        flow.append(Spacer(1, 3 * mm))
    return flow


def _told(text: str, most: int = _LONGEST) -> str:
    """Text for a paragraph: escaped, without control characters, not longer than a page."""
    plain = "".join(c if c.isprintable() or c in "\n\u00a0" else " " for c in text)
    cut = plain if len(plain) <= most else f"{plain[: most - 1]}…"
    return escape(cut)
