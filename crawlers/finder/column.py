"""The main column of a page that was read as a whole, and the menus left in it."""

from __future__ import annotations

from functools import reduce
from operator import or_

from crawlers.finder import chrome, evidence
from crawlers.finder.evidence import Sign
from crawlers.finder.flow import BOLD, Flow, Line
from crawlers.keys import site_of

_OF_SITE = frozenset({"impressum", "datenschutz", "startseite", "start", "home", "kontakt"})
"""What only a site's own menu leads to."""
_WHOLE = 0.8  # share of a page's text in the table that lays it out
_BULK = 0.6  # share of such a table in the row of the content
_BAND = 300  # characters of a row above or below it
_MARGIN = 20  # lines; a menu with a contact is no longer
_MENU = 4  # links of the shortest menu
_COLUMNS = 3  # cells of the row of a layout table: menu, content, contact
_CARD = 8  # lines of an address with a telephone number and a mail
_COUNTER = 60  # characters that tell nothing


def main_column(flow: Flow, mains: list[int], site: str) -> Flow:
    """Mark everything outside the main column, and lists of bare links, as menu."""
    if kept := _boxes(flow, mains):
        for number, line in enumerate(flow.lines):
            if not any(start <= number < end for start, end in kept):
                line.menu = True
                flow.margin.append(line)
                if not line.rank:
                    flow.own.update(evidence.phones(line.text))
    _frame_of_table(flow, site)
    for index, element in enumerate(flow.elements):
        if element.tag in {"ul", "ol", "td", "table", "p"} and element.end - element.start >= 3:
            lines = flow.lines[element.start : element.end]
            if all(_bare_link(line, site) for line in lines):
                for line in lines:
                    line.menu = True
            elif element.tag == "td" and (
                _is_margin(lines, index, site) or _is_column(flow, index, site)
            ):
                for line in lines:
                    line.menu = True
                    flow.own.update(evidence.phones(line.text))
    return flow


def _frame_of_table(flow: Flow, site: str) -> None:
    """Mark the first and the last row of a table that lays out a page, where they are short.

    One row in between holds nearly all, or the site's menu beside however little content.
    """
    sizes = [len(line.text) for line in flow.lines]
    table = next((n for n, element in enumerate(flow.elements) if element.tag == "table"), None)
    if table is None:
        return
    outer = flow.elements[table]
    within = [
        (one.start, one.end)
        for one in flow.elements[table + 1 :]
        if one.tag == "table" and one.end <= outer.end
    ]
    if any(
        flow.lines[n].label and not any(start <= n < end for start, end in within)
        for n in range(outer.start, outer.end)
    ):
        return  # words above its columns: it lays out data, not the page
    rows = [one for one in flow.elements if one.tag == "tr" and one.parent == table]
    held = sum(sizes[outer.start : outer.end])
    parts = [sum(sizes[row.start : row.end]) for row in rows]
    if len(rows) < 2 or held < _WHOLE * sum(sizes):
        return
    cells = (n for n, one in enumerate(flow.elements) if one.tag == "td")
    menu = next((flow.elements[n].start for n in cells if _holds_menu(flow, n, site)), None)
    if menu is None and max(parts) < _BULK * held:
        return
    for row, size in ((rows[0], parts[0]), (rows[-1], parts[-1])):
        content = row.start <= menu < row.end if menu is not None else size == max(parts)
        if size > _BAND or content:
            continue
        for line in flow.lines[row.start : row.end]:
            line.menu = True
            flow.own.update(evidence.phones(line.text))


def _holds_menu(flow: Flow, index: int, site: str) -> bool:
    """True for a cell beside others that holds the site's menu."""
    cell = flow.elements[index]
    row = flow.elements[cell.parent]
    if row.end == cell.end:
        return False
    if cell.end - cell.start <= _MARGIN and any(_within(flow, one, index) for one in flow.menus):
        return True
    if cell.end - cell.start < _MENU:
        return False
    return _is_margin(flow.lines[cell.start : cell.end], index, site)


def _within(flow: Flow, inner: int, outer: int) -> bool:
    """True for an element that is another or lies inside it."""
    while inner > outer:
        inner = flow.elements[inner].parent
    return inner == outer


def _is_margin(lines: list[Line], index: int, site: str) -> bool:
    """True for the cell of a layout table that holds the site's menu and the owner's contact.

    Half of its lines or more are bare links, one to the imprint or the start page, or all but an
    address and how it is reached. The others stand in the cell itself, or say no more than a
    counter does ("Besucher: …, seit 1.3.2009").
    """
    if len(lines) > _MARGIN or not any(_is_of_site(line.text) for line in lines):
        return False
    others = [line for line in lines if not _bare_link(line, site)]
    bare = len(lines) - len(others)
    if bare < _MENU or (bare < len(others) and not _is_card(others)):
        return False
    return all(line.element == index for line in others) or (
        sum(len(line.text) for line in others) <= _COUNTER
    )


def _is_column(flow: Flow, index: int, site: str) -> bool:
    """True for the last of three cells: the first holds the menu, the second the content.

    It says where the owner is and how to reach them, and has no headings of its own.
    """
    cell = flow.elements[index]
    lines = flow.lines[cell.start : cell.end]
    if len(lines) > _MARGIN or any(0 < line.rank < BOLD for line in lines):
        return False
    row = flow.elements[cell.parent]
    cells = [n for n in range(cell.parent + 1, index + 1) if flow.elements[n].parent == cell.parent]
    if len(cells) < _COLUMNS or cell.end != row.end or not _holds_menu(flow, cells[0], site):
        return False
    between = flow.lines[flow.elements[cells[0]].end : cell.start]
    if sum(len(line.text) for line in between) < _COUNTER:
        return False
    found = reduce(or_, (line.signs for line in lines), Sign.NONE)
    return bool(found & Sign.PLACE and found & (Sign.PHONE | Sign.MAIL))


def _is_card(lines: list[Line]) -> bool:
    """True for lines that say where somebody is and how to reach them, and no more."""
    found = reduce(or_, (line.signs for line in lines), Sign.NONE)
    way = found & Sign.PLACE and found & (Sign.PHONE | Sign.MAIL)
    return len(lines) <= _CARD and bool(way) and not found & (Sign.WEEKDAY | Sign.CLOCK | Sign.DATE)


def _is_of_site(text: str) -> bool:
    """True for a link that only a site's own menu has."""
    return text.lower() in _OF_SITE or chrome.names_legal(text)


def _boxes(flow: Flow, mains: list[int]) -> list[tuple[int, int]]:
    """The lines of <main>, else of the narrowest box called content that holds most text."""
    sizes = [len(line.text) for line in flow.lines]
    boxes: list[tuple[int, int]] = []
    for index in mains:
        element = flow.elements[index]
        span = (element.start, element.end)
        if element.tag == "main" and sum(sizes[element.start : element.end]) > 20:
            boxes.append(span)
    if boxes:
        return [] if _spilled(flow, boxes) else boxes
    need = 0.4 * sum(sizes)
    wide = [
        (element.start, element.end)
        for element in (flow.elements[index] for index in mains)
        if element.end > element.start and sum(sizes[element.start : element.end]) > need
    ]
    return [min(wide, key=lambda span: span[1] - span[0])] if wide else []


def _spilled(flow: Flow, boxes: list[tuple[int, int]]) -> bool:
    """True where more of the same stands below <main>: an end tag too many closed it early."""
    last = max(end for _, end in boxes)
    inner = [line for start, end in boxes for line in flow.lines[start:end]]
    ranks = {line.rank for line in inner if 1 < line.rank < 7}
    below = flow.lines[last:]
    heads = sum(line.rank in ranks for line in below)
    reached = [sum(bool(line.signs & evidence.CONTACT) for line in part) for part in (inner, below)]
    return heads >= 3 and reached[1] > reached[0]


def _bare_link(line: Line, site: str) -> bool:
    return (
        len(line.links) == 1
        and len(line.text) < 70
        and not line.signs & ~evidence.HINTS
        and len(line.text) - len(line.links[0][1]) <= 3
        and site_of(line.links[0][0]) == site
    )
