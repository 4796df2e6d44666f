"""A PDF as its reader sees it: pages of lines in reading order, column by column.

PDF knows glyphs and places, no lines, columns or headings (ISO 32000-1, 14.8 is used by few). Here
glyphs become runs on one baseline, runs become columns between the gutters of a page, and what is
larger or bolder than most is a heading. What repeats at the edge of the pages is a running head.
"""

from __future__ import annotations

import logging
import re
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from io import BytesIO
from itertools import groupby, pairwise
from typing import Any

import pdfplumber

from crawlers.isolation import UnreadableError

MAX_PAGES = 200
_MAX_GLYPHS = 30_000  # of one page; more is a drawing
_MAX_TEXT = 1_500_000  # characters of the whole
_EDGE = 0.12  # share of a page's height in which running heads stand
_GUTTER = 7.0  # points of white between two columns, at least
_CROSSING = 0.12  # share of a page's runs that may lie across a gutter: titles do
_NARROWEST = 0.17  # share of the page's width that a column has at least
_BOLD = re.compile(r"bold|black|heavy|semib|demi|,b\b|-b$", re.IGNORECASE)
_LEADER = re.compile(r"(?:\.\s?){4,}\s*\d{1,3}\s*$|(?:…\s*){2,}\d{1,3}\s*$")
_NUMBER = re.compile(
    r"(?:seite|page|s\.)?\s*[-–—|]?\s*\d{1,3}\s*(?:[-–—|/]|von\s*\d+)?\s*\d{0,3}", re.IGNORECASE
)
_HYPHEN = re.compile(r"[a-zäöüß]-$")
_SUSPENDED = re.compile(r"(?:und|oder|bzw\.?|sowie|/)\b")
_OWN_LINE = re.compile(
    r"(?:[•●▪■►▶✓–—*-]\s|tel|fon|fax|mobil|e-?mail|mail|www\.|https?:|[\w.+-]+@|\d{5}\s|öffnungszeit|sprechzeit"
    r"|kosten|anmeldung|adresse|ansprech|kontakt|wann|wo\b|mo\b|di\b|mi\b|do\b|fr\b|sa\b|so\b"
    r"|[^,\d]{3,40}\s\d{1,3}\s?[a-z]?,\s*\d{5}\s)",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class _Run:
    """Words on one baseline without a wide gap between them."""

    text: str
    x0: float
    x1: float
    top: float
    bottom: float
    size: float
    bold: bool

    @property
    def middle(self) -> float:
        return (self.top + self.bottom) / 2


@dataclass(frozen=True, slots=True)
class _Sheet:
    """One page: its runs, its ruled tables with the height where each begins."""

    width: float
    height: float
    runs: Sequence[_Run]
    tables: Sequence[tuple[float, list[list[str]]]]


def read(body: bytes) -> list[list[dict[str, Any]]]:
    """The blocks of each page in reading order.

    A block is {"rank": 0-6, "lines": [text]}, where rank 0 is text and any other a heading's, or
    {"rows": [[cell]]}.
    A scan, which has no text, gives pages without blocks. Raises UnreadableError for what is no
    PDF, is encrypted, or holds more than a brochure does.
    """
    logging.getLogger("pdfminer").setLevel(logging.ERROR)
    try:
        sheets = list(_sheets(body))
    except UnreadableError:
        raise
    except (MemoryError, SystemError) as error:  # the latter where C code had none left
        raise UnreadableError("needs too much memory") from error
    except Exception as error:  # the parser raises many kinds on broken files
        raise UnreadableError(f"no PDF that can be read ({type(error).__name__})") from error
    heads = _running_heads(sheets)
    sheets = [
        replace(sheet, runs=[run for run in sheet.runs if not _is_head(run, sheet, heads)])
        for sheet in sheets
    ]
    sizes = Counter[float]()
    for sheet in sheets:
        for run in sheet.runs:
            sizes[run.size] += len(run.text)
    usual = sizes.most_common(1)[0][0] if sizes else 10.0
    ranks = {
        size: min(rank, 5)
        for rank, size in enumerate(sorted((s for s in sizes if s > usual * 1.12), reverse=True), 1)
    }
    return [list(_blocks(sheet, usual, ranks)) for sheet in sheets]


def _sheets(body: bytes) -> Iterator[_Sheet]:
    told = 0
    with pdfplumber.open(BytesIO(body)) as pdf:
        for number, page in enumerate(pdf.pages):
            if number == MAX_PAGES:
                raise UnreadableError(f"has more than {MAX_PAGES} pages")
            told += len(page.chars)
            if len(page.chars) > _MAX_GLYPHS or told > _MAX_TEXT:
                raise UnreadableError("holds more text than a brochure does")
            tables = _tables(page)
            boxes = [box for box, _ in tables]
            words = [
                word
                for word in page.extract_words(extra_attrs=["fontname", "size"], y_tolerance=2)
                if not any(_inside(word, box) for box in boxes)
            ]
            yield _Sheet(
                float(page.width),
                float(page.height),
                list(_runs(words)),
                [(box[1], rows) for box, rows in tables],
            )
            page.close()


def _tables(page: Any) -> list[tuple[Any, list[list[str]]]]:  # noqa: ANN401 - no types
    """The tables of a page that are drawn with lines: at least two rows and two columns."""
    if len(page.edges) > 2_000 or len(page.edges) < 4:
        return []
    found = []
    for table in page.find_tables():
        rows = [[" ".join((cell or "").split()) for cell in row] for row in table.extract()]
        if (
            len(rows) >= 2
            and max(map(len, rows)) >= 2
            and sum(bool(c) for r in rows for c in r) > 3
        ):
            found.append((table.bbox, rows))
    return found


def _inside(word: dict[str, Any], box: tuple[float, float, float, float]) -> bool:
    x, y = (word["x0"] + word["x1"]) / 2, (word["top"] + word["bottom"]) / 2
    return bool(box[0] <= x <= box[2] and box[1] <= y <= box[3])


def _runs(words: Iterable[dict[str, Any]]) -> Iterator[_Run]:
    """Join words that stand on one baseline, close to each other."""
    rows: list[list[dict[str, Any]]] = []
    for word in sorted(words, key=lambda w: (w["bottom"], w["x0"])):
        row = next(
            (r for r in reversed(rows[-6:]) if abs(r[0]["bottom"] - word["bottom"]) < 2.5), None
        )
        if row is None:
            rows.append([word])
        else:
            row.append(word)
    for row in rows:
        joined: list[dict[str, Any]] = []
        for word in sorted(row, key=lambda w: w["x0"]):
            if joined and word["x0"] - joined[-1]["x1"] > max(_GUTTER, 0.9 * word["size"]):
                yield _run(joined)
                joined = []
            joined.append(word)
        yield _run(joined)


def _run(words: Sequence[dict[str, Any]]) -> _Run:
    letters = Counter[tuple[float, bool]]()
    text = words[0]["text"]
    for before, word in pairwise(words):
        # A change of font inside a word gives two words without a gap.
        text += ("" if word["x0"] - before["x1"] < 0.08 * word["size"] else " ") + word["text"]
    for word in words:
        bold = bool(_BOLD.search(word["fontname"]))
        letters[round(word["size"] * 2) / 2, bold] += len(word["text"])
    size, bold = letters.most_common(1)[0][0]
    return _Run(
        text=text,
        x0=float(words[0]["x0"]),
        x1=float(words[-1]["x1"]),
        top=float(min(word["top"] for word in words)),
        bottom=float(max(word["bottom"] for word in words)),
        size=size,
        bold=bold and len({b for _, b in letters}) == 1,
    )


def _running_heads(sheets: Sequence[_Sheet]) -> set[str]:
    """What stands at the edge of several pages: their numbers apart, the same words."""
    seen = Counter[str]()
    for sheet in sheets:
        edge = [run for run in sheet.runs if _at_edge(run, sheet)]
        seen.update({mark for run in edge for mark in _marks(run)})
    least = max(2, round(0.3 * len(sheets)))
    return {mark for mark, count in seen.items() if count >= least}


def _marks(run: _Run) -> tuple[str, str]:
    """A run without its numbers; and its beginning with its place: a chapter may follow."""
    text = re.sub(r"\d+", "#", run.text)
    begins = " ".join(text.split()[:2])
    return text, f"{begins} at {run.top:.0f}/{run.size}"


def _at_edge(run: _Run, sheet: _Sheet) -> bool:
    return run.bottom < _EDGE * sheet.height or run.top > (1 - _EDGE) * sheet.height


def _is_head(run: _Run, sheet: _Sheet, heads: set[str]) -> bool:
    if not _at_edge(run, sheet):
        return False
    return not heads.isdisjoint(_marks(run)) or bool(_NUMBER.fullmatch(run.text))


def _blocks(sheet: _Sheet, usual: float, ranks: dict[float, int]) -> Iterator[dict[str, Any]]:
    tables = list(sheet.tables)
    for column in _columns(sheet):
        lines = _lines(column)
        right = max((line.x1 for line in lines), default=0.0)
        left = min((line.x0 for line in lines), default=0.0)
        while tables and lines and tables[0][0] <= lines[0].top:
            yield {"rows": tables.pop(0)[1]}
        yield from _paragraphs(lines, (left, right), usual, ranks)
    for _, rows in tables:
        yield {"rows": rows}


def _columns(sheet: _Sheet) -> Iterator[list[_Run]]:
    """The runs of a page in the order of reading: zone by zone, column by column."""
    for runs, gutters in _zones(sheet):
        band: list[_Run] = []
        for run in sorted(runs, key=lambda r: r.top):
            if any(run.x0 < gutter < run.x1 for gutter in gutters):
                yield from _side_by_side(band, gutters)
                band = []
                yield [run]
            else:
                band.append(run)
        yield from _side_by_side(band, gutters)


def _side_by_side(runs: Sequence[_Run], gutters: Sequence[float]) -> Iterator[list[_Run]]:
    edges = [*gutters, float("inf")]
    left = float("-inf")
    for right in edges:
        if column := [run for run in runs if left <= run.x0 < right]:
            yield column
        left = right


def _zones(sheet: _Sheet) -> Iterator[tuple[list[_Run], list[float]]]:
    """Parts of a page below each other that have columns of their own."""
    parts: list[list[_Run]] = []
    bottom = 0.0
    for run in sorted(sheet.runs, key=lambda r: r.top):
        if not parts or run.top - bottom > 1.6 * run.size:
            parts.append([])
        parts[-1].append(run)
        bottom = max(bottom, run.bottom)
    whole = _gutters(sheet.runs, sheet.width)
    if whole or len(parts) == 1:
        yield list(sheet.runs), whole
        return
    joined: list[tuple[list[_Run], list[float]]] = []
    for part in parts:
        own = _gutters(part, sheet.width)
        if joined:
            both = [*joined[-1][0], *part]
            shared = _gutters(both, sheet.width)
            if len(shared) == len(joined[-1][1]) == len(own):
                joined[-1] = (both, shared)
                continue
        joined.append((part, own))
    yield from joined


def _gutters(runs: Sequence[_Run], width: float) -> list[float]:
    """The middles of the white stripes between columns, from left to right; none for one column."""
    if len(runs) < 6:
        return []
    found: list[float] = []
    for start, end in _stripes(runs, width):
        middle = (start + end) / 2
        left = [run for run in runs if run.x1 <= middle and (not found or run.x0 > found[-1])]
        right = [run for run in runs if run.x0 >= middle]
        if end - start >= _GUTTER and _is_column(left, width) and _is_column(right, width):
            found.append(middle)
    return found


def _stripes(runs: Sequence[_Run], width: float) -> Iterator[tuple[int, int]]:
    """Where hardly a run crosses; of each such stripe the part that the fewest cross.

    Ragged lines leave a column's right side nearly as white as the gutter beside it.
    """
    crossing = {
        position: sum(1 for run in runs if run.x0 < position < run.x1)
        for position in range(0, int(width), 2)
    }
    whitish = [x for x, count in crossing.items() if count <= _CROSSING * len(runs)]
    for _, stripe in groupby(enumerate(whitish), lambda pair: pair[1] - 2 * pair[0]):
        positions = [position for _, position in stripe]
        least = min(crossing[position] for position in positions)
        whitest = [position for position in positions if crossing[position] == least]
        parts = [
            [position for _, position in part]
            for _, part in groupby(enumerate(whitest), lambda pair: pair[1] - 2 * pair[0])
        ]
        longest = max(parts, key=len)
        yield longest[0], longest[-1]


def _is_column(runs: Sequence[_Run], width: float) -> bool:
    """True for what is wide enough and says enough to be a column of text, not one of labels."""
    if len(runs) < 3:
        return False
    words = sum(len(run.text.split()) for run in runs)
    extent = max(run.x1 for run in runs) - min(run.x0 for run in runs)
    return extent >= _NARROWEST * width and words >= 2 * len(runs)


def _lines(runs: Sequence[_Run]) -> list[_Run]:
    """The runs of a column, those on one baseline joined."""
    lines: list[_Run] = []
    for run in sorted(runs, key=lambda r: (round(r.bottom / 2.5), r.x0)):
        if lines and abs(lines[-1].bottom - run.bottom) < 2.5 and run.x0 >= lines[-1].x1:
            before = lines[-1]
            lines[-1] = replace(
                before,
                text=f"{before.text} {run.text}",
                x1=run.x1,
                top=min(before.top, run.top),
                bold=before.bold and run.bold,
            )
        else:
            lines.append(run)
    return [line for line in lines if not _LEADER.search(line.text)]


def _paragraphs(
    lines: Sequence[_Run], extent: tuple[float, float], usual: float, ranks: dict[float, int]
) -> Iterator[dict[str, Any]]:
    """Headings and paragraphs of a column, lines joined that only the column's edge broke."""
    block: dict[str, Any] | None = None
    before: _Run | None = None
    leading = _leading(lines)
    for line in lines:
        rank = _rank(line, usual, ranks)
        apart = before is None or line.bottom - before.bottom > (
            1.9 * line.size if rank else leading.get(line.size, 1.9 * line.size) + 0.12 * line.size
        )
        if block is None or rank != block["rank"] or apart:
            if block:
                yield block
            block = {"rank": rank, "lines": [line.text]}
        elif rank or (before is not None and _goes_on(before, line, extent)):
            block["lines"][-1] = _joined(block["lines"][-1], line.text)
        else:
            block["lines"].append(line.text)
        before = line
    if block:
        yield block


def _leading(lines: Sequence[_Run]) -> dict[float, float]:
    """The usual distance between two baselines, by size of type."""
    distances: dict[float, Counter[float]] = {}
    for before, line in pairwise(lines):
        if before.size == line.size and line.bottom > before.bottom:
            found = distances.setdefault(line.size, Counter())
            found[round(line.bottom - before.bottom, 1)] += 1
    return {
        size: min(*(d for d, n in found.items() if n == max(found.values())), 1.9 * size)
        for size, found in distances.items()
    }


def _rank(line: _Run, usual: float, ranks: dict[float, int]) -> int:
    if len(line.text) > 140 or not re.search(r"[^\W\d_]{2}", line.text):
        return 0
    if line.size in ranks:
        return ranks[line.size]
    return 6 if line.bold and line.size >= 0.95 * usual else 0


def _goes_on(before: _Run, line: _Run, extent: tuple[float, float]) -> bool:
    """True where a line was broken by the edge of its column and not by its author."""
    if before.text.endswith(("-", ",")) and not _OWN_LINE.match(line.text):
        return True
    first = line.text.split(" ", 1)[0]
    # The next word would not have fitted any more.
    reach = before.x1 + (len(first) + 1) * 0.48 * line.size
    return reach > extent[1] and not _OWN_LINE.match(line.text)


def _joined(before: str, after: str) -> str:
    if _HYPHEN.search(before) and after[:1].islower() and not _SUSPENDED.match(after):
        return before[:-1] + after
    if before.endswith("-") and after[:1].isupper():
        return before + after
    return f"{before} {after}"
