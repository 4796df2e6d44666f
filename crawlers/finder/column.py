"""The main column of a page that was read as a whole, and the menus left in it."""

from __future__ import annotations

from crawlers.finder import evidence
from crawlers.finder.flow import Flow, Line
from crawlers.keys import site_of


def main_column(flow: Flow, mains: list[int], site: str) -> Flow:
    """Mark everything outside the main column, and lists of bare links, as menu."""
    if kept := _boxes(flow, mains):
        for number, line in enumerate(flow.lines):
            if not any(start <= number < end for start, end in kept):
                line.menu = True
                if not line.rank:
                    flow.own.update(evidence.phones(line.text))
    for element in flow.elements:
        if element.tag in {"ul", "ol", "td", "table", "p"} and element.end - element.start >= 3:
            lines = flow.lines[element.start : element.end]
            if all(_bare_link(line, site) for line in lines):
                for line in lines:
                    line.menu = True
    return flow


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
        return boxes
    need = 0.4 * sum(sizes)
    wide = [
        (element.start, element.end)
        for element in (flow.elements[index] for index in mains)
        if element.end > element.start and sum(sizes[element.start : element.end]) > need
    ]
    return [min(wide, key=lambda span: span[1] - span[0])] if wide else []


def _bare_link(line: Line, site: str) -> bool:
    return (
        len(line.links) == 1
        and len(line.text) < 70
        and not line.signs
        and len(line.text) - len(line.links[0][1]) <= 3
        and site_of(line.links[0][0]) == site
    )
