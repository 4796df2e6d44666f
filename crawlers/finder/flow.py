"""A page as a flow of visual lines: the one pass over the DOM."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import NamedTuple

from crawlers.finder.evidence import Sign
from crawlers.finder.owner import Owner

BOLD = 7
"""The rank of a line that only looks like a heading."""
_HEADINGS = frozenset({"h1", "h2", "h3", "h4", "h5", "h6"})


class Line:
    """One visual line with what its markup says of it."""

    __slots__ = (
        "column", "day", "element", "head", "hints", "item", "label", "lead", "lead_link", "links",
        "mails", "menu", "paragraph", "rank", "ruled", "shape", "signs", "stressed", "style",
        "tels", "text", "topic",
    )  # fmt: skip

    def __init__(self, text: str, element: int, paragraph: int) -> None:
        self.text = text
        self.element = element
        """Index of the innermost recorded element around it."""
        self.paragraph = paragraph
        self.rank = 0
        """1-6 for h1-h6, 7 for a line that only looks like a heading, 0 for text."""
        self.head = False
        """It may be the title of a record or of a section: a heading, but no label, day or menu."""
        self.shape = ""
        """How a line of rank 7 is made to look like one ("b", "summary", "dt", …)."""
        self.lead = ""
        """The bold or linked beginning of a longer line, or the bold name in running text."""
        self.lead_link = ""
        self.stressed: tuple[str, ...] = ()
        """What stands bold in a line that is not bold as a whole."""
        self.links: list[tuple[str, str]] = []
        self.mails: list[str] = []
        self.tels: list[str] = []
        self.label = ""
        """The head of the table column it stands in."""
        self.column = -1
        """The cell of a table row it stands in, from 0; -1 outside tables."""
        self.day = ""
        """The day of the week in a heading above it."""
        self.style = ""
        """What its markup says of its letters, as `crawlers.finder.looks.style` has it."""
        self.item = False
        """A typed dot or dash stood before it."""
        self.ruled = False
        """A horizontal rule stands above it."""
        self.topic = False
        """Its markup calls it a category, tag or topic."""
        self.menu = False
        """One of a list of bare links."""
        self.signs = Sign.NONE
        self.hints = 0
        """The patterns that may occur in it, as `crawlers.finder.stemmed.hints` has it."""


class Element:
    """A block element with the range of lines it holds."""

    __slots__ = ("end", "names", "nth", "parent", "start", "tag")

    def __init__(self, tag: str, names: tuple[str, ...], parent: int, nth: int, start: int) -> None:
        self.tag = tag
        self.names = names
        self.parent = parent
        self.nth = nth
        self.start = start
        self.end = start


class Place(NamedTuple):
    """Where in the markup the walk is: what surrounds a node."""

    element: int
    """Index of the innermost recorded element."""
    depth: int = 0
    bold: bool = False
    inside: bool = False
    """Within <main> or <article>."""
    link: str = ""
    """The target of the link around it."""
    style: str = ""
    """What its letters look like, as `crawlers.finder.looks.style` has it."""


class Office(NamedTuple):
    """A heading that names who offers, and the lines below it that hold for each of the offers."""

    head: int
    facts: tuple[int, ...]
    offers: frozenset[int]
    """The lines below it that surely name an offer; others may."""


@dataclass
class Flow:
    """The content of a page in reading order."""

    lines: list[Line] = field(default_factory=list)
    elements: list[Element] = field(default_factory=list)
    margin: list[Line] = field(default_factory=list)
    """What stands beside the content, in sidebars and outside the main column; no part of `lines`.
    """
    framed: set[str] = field(default_factory=set)
    """Telephone digits and mails above and below the content, but for those beside it."""
    own: set[str] = field(default_factory=set)
    """Telephone digits and mails of the frame around the content: the site owner's own."""
    names: frozenset[str] = frozenset()
    """What <title> and og:site_name call the page and the site, as slugs."""
    owner: Owner | None = None
    """Whose site it is, as the frame or <title> says."""
    seats: list[Owner] = field(default_factory=list)
    """Addresses that the frame names."""
    desk: list[Owner] = field(default_factory=list)
    """Telephone numbers and mails that the frame names."""
    remarks: list[Owner] = field(default_factory=list)
    """Lines of the frame that say how one gets into the house, or on which terms."""
    paths: dict[int, str] = field(default_factory=dict)
    """The CSS paths asked for so far, by element."""
    sections: dict[int, int] = field(default_factory=dict)
    """Lines that head sections of records, each with the line at which the first one begins."""
    offices: dict[int, Office] = field(default_factory=dict)
    """Lines that name what an office offers, each with that office."""
    hints: int = 0
    """The patterns that may occur in any of its lines."""
    menus: list[int] = field(default_factory=list)
    """The elements in which a menu stood."""
    stresses: bool = False
    """Something stands bold within a line."""
    newsy: bool = False
    """It may report, or offer work, anywhere: units must be checked for that."""

    def path(self, index: int) -> str:
        """The CSS path of an element from the root."""
        if index < 0:
            return ""
        return "body" if self.elements[index].tag == "body" else self._path(index)

    def scope(self, number: int, since: int | None = None) -> int:
        """Where the box ends that holds a line with something after it (and the line `since`)."""
        index = self.lines[number].element
        while index >= 0:
            element = self.elements[index]
            headed = element.tag in _HEADINGS and element.start == number  # a heading of two lines
            if (
                element.end > number + 1
                and (since is None or element.start <= since)
                and not headed
            ):
                return element.end
            index = element.parent
        return len(self.lines)

    def _path(self, index: int) -> str:
        known = self.paths.get(index)
        if known is None:
            element = self.elements[index]
            above = f"{self._path(element.parent)} > " if element.parent >= 0 else ""
            known = self.paths[index] = f"{above}{element.tag}:nth-of-type({element.nth})"
        return known
