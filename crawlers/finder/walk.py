"""From the DOM to the flow of lines."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache
from itertools import groupby

from selectolax.lexbor import LexborHTMLParser, LexborNode

from crawlers.finder import chrome, evidence, looks, mailmarks, marks, tables
from crawlers.finder.bullets import take_bullets
from crawlers.finder.column import main_column
from crawlers.finder.days import label_days
from crawlers.finder.evidence import Sign
from crawlers.finder.flow import Element, Flow, Place
from crawlers.finder.naming import names_of
from crawlers.finder.numbering import strip_numbers
from crawlers.finder.offices import head_offices
from crawlers.finder.prose import part_prose
from crawlers.finder.reports import is_newsy
from crawlers.finder.sections import lower_headlines, mark_heads, sections
from crawlers.finder.typesetter import Typesetter
from crawlers.finder.words import is_answer, is_label
from crawlers.keys import absolute, site_of

_DEPTH = 180  # deeper markup is no page that a person wrote; its text is taken as one line
_PLAIN = frozenset({"b", "strong", "i", "em", "u", "small", "font", "big"})
_HEADINGS = {f"h{n}": n for n in range(1, 7)}
_BLOCKS = frozenset(
    [
        "address",
        "article",
        "aside",
        "blockquote",
        "body",
        "button",
        "caption",
        "center",
        "dd",
        "details",
        "dialog",
        "dir",
        "div",
        "dl",
        "dt",
        "fieldset",
        "figcaption",
        "figure",
        "footer",
        "pre",
        "form",
        "h1",
        "h2",
        "h3",
        "h4",
        "h5",
        "h6",
        "header",
        "hgroup",
        "legend",
        "li",
        "main",
        "menu",
        "nav",
        "ol",
        "p",
        "pre",
        "section",
        "summary",
        "table",
        "tbody",
        "td",
        "tfoot",
        "th",
        "thead",
        "tr",
        "ul",
    ]
)
_TOPIC = re.compile(
    r"(?:^|[-_ ])(?:categor(?:y|ies)|cat-links|kategorien?|tags?|taxonomy|topics?|thema"
    r"|themen|rubrik"
    r"|handlungsfeld|badge|term)(?:$|[-_ ])",
    re.IGNORECASE,
)
_MENU = 4  # links of the shortest menu
_DECOY = 40  # characters
_UNSEEN = frozenset(
    [
        "sr-only",
        "visually-hidden",
        "visuallyhidden",
        "screen-reader-text",
        "screenreader",
        "invisible",
        "mw-editsection",  # MediaWiki's "[Bearbeiten]" beside each heading
    ]
)
_HEADED = "h1, h2, h3, h4, h5, h6"
_SITES_HEAD = "nav, ul, img, form, button"
_MAIN_IDS = frozenset(
    [
        "content",
        "main",
        "inhalt",
        "main-content",
        "maincontent",
        "content-main",
        "primary",
        "contentarea",
        "center",
        "hauptinhalt",
        "content-area",
        "page-content",
        "site-content",
        "maincol",
        "main_content",
        "middle",
        "mitte",
    ]
)


_TABS = "[role=tab], [data-toggle=tab], [data-bs-toggle=tab], .nav-tabs a[href^='#']"
_BADGE = 4  # letters of the shortest badge
_SET_APART = frozenset({"span", "strong", "b", "a", "em", "small"})
_CLOAKS = frozenset({"script", "img"})
_LISTS = frozenset({"ul", "ol"})


def read_flow(tree: LexborHTMLParser, url: str) -> Flow:
    """The content of a document as lines; empty where it has no body. Never raises."""
    walker = _Walker(url)
    root = tree.body
    if root is None:
        return walker.flow
    walker.walk(root, Place(walker.open("body", (), -1, 1)))
    walker.flush()
    walker.close(0)
    walker.flow.names = names_of(tree)
    walker.flow.newsy = is_newsy(walker.flow.lines)
    named = tree.css_first("head title")
    flow = main_column(walker.flow, walker.mains, site_of(url))
    for element, text in _menus(flow):  # a band of a layout table, too
        walker.claims.look_at_seat(text, element)
        walker.claims.look_at_desk(text, (), element)
    flow.owner = walker.claims.owner(named.text() if named is not None else "")
    flow.seats, flow.desk = walker.claims.seats, walker.claims.desk
    flow.remarks = walker.claims.remarks
    take_bullets(flow)
    part_prose(flow)
    strip_numbers(flow.lines)
    lower_headlines(flow.lines)
    marks.raise_titles(flow)
    mark_heads(flow.lines)
    flow.sections = sections(flow)
    label_days(flow)
    head_offices(flow)
    return flow


def _menus(flow: Flow) -> Iterator[tuple[int, str]]:
    """The text of each box that is marked as menu, with its element: an address is some lines."""
    told = (line for line in flow.lines if line.menu)
    for element, lines in groupby(told, key=lambda line: line.element):
        yield element, "\n".join(line.text for line in lines)


class _Walker(Typesetter):
    def __init__(self, url: str) -> None:
        super().__init__(url)
        self.mains: list[int] = []
        self.tabs: dict[str, str] | None = None
        """What heads a panel of tabs, by the panel's id, once one was met."""

    def open(self, tag: str, names: tuple[str, ...], parent: int, nth: int) -> int:
        """Start an element; its index."""
        self.flow.elements.append(Element(tag, names, parent, nth, len(self.flow.lines)))
        return len(self.flow.elements) - 1

    def close(self, index: int) -> None:
        """End an element."""
        element = self.flow.elements[index]
        element.end = len(self.flow.lines)
        if not self.parts and element.end > element.start:
            # A linked picture at the end of a block belongs to what stands above it.
            last = self.flow.lines[-1]
            last.links.extend(self.links)
            last.mails.extend(self.mails)
            last.tels.extend(self.tels)
            self.links, self.mails, self.tels = [], [], []

    def walk(self, node: LexborNode, place: Place) -> None:
        """Read the children of a node that stands at `place`."""
        counts: dict[str, int] = {}
        element = place.element
        inner = Place(element, place.depth + 1, *place[2:])
        child, before = node.child, ""
        while child is not None:
            if child.is_text_node:
                self.element = place.element
                self.text(child.text_content or "", place)
                before = ""
            elif tag := child.tag or "":
                nth = counts[tag] = counts.get(tag, 0) + 1
                if tag == "br":
                    self.end_line()
                elif tag in _CLOAKS:
                    self._cloaked(child, tag, place)
                elif tag == "hr":
                    self.flush()
                    self.ruled = True
                    self.paragraph += 1
                elif tag not in chrome.SILENT and not tag.startswith(("-", "!")):
                    if tag in _SET_APART and not self.rank and _is_next_badge(child):
                        self.end_line()
                    elif before == "time" or (before and tag == "time"):
                        self.parts.append(" ")  # a whole date or hour ends or begins here
                    elif self.parts and tag in _LISTS and self.flow.elements[element].tag == "li":
                        self.shape = self.shape or "li"  # an item above a list of its own
                    (self._block if tag in _BLOCKS else self._inline)(child, tag, nth, inner)
                before = tag
            child = child.next

    def _block(self, node: LexborNode, tag: str, nth: int, place: Place) -> None:
        attributes = node.attributes
        if not self._skipped(node, tag, attributes, place.inside):
            self._enter(node, tag, attributes, nth, place)
            return
        if tag != "button":
            self.flush()  # what stands behind it is another line
            if len(node.css("a")) >= _MENU:
                self.flow.menus.append(place.element)
        if not self.beside and tag != "form" and chrome.is_margin(tag, attributes):
            self._margin(node, tag, nth, place)

    def _margin(self, node: LexborNode, tag: str, nth: int, place: Place) -> None:
        """Read a sidebar apart from the content around it."""
        self.flush()
        ruled, links, mails, tels = self.ruled, self.links, self.mails, self.tels
        self.links, self.mails, self.tels = [], [], []
        self.beside = True
        self._enter(node, tag, node.attributes, nth, place)
        self.beside = False
        self.ruled, self.links, self.mails, self.tels = ruled, links, mails, tels

    def _enter(
        self,
        node: LexborNode,
        tag: str,
        attributes: dict[str, str | None],
        nth: int,
        place: Place,
    ) -> None:
        """Read an element that is a block, as a part of the content or of a sidebar."""
        names = _names(attributes.get("class"))
        self.flush()
        self.paragraph += 1
        index = self.open(tag, names, place.element, nth)
        self.element = index
        main = tag == "main" or attributes.get("role") == "main"
        if main or (attributes.get("id") or "").lower() in _MAIN_IDS:
            self.mains.append(index)
        rank = self.rank
        if tag in _HEADINGS:
            self.rank, self.headed = _HEADINGS[tag], len(self.flow.lines)
        elif rank and len(self.flow.lines) > self.headed:
            self.rank = 0  # a heading that was never closed: its name was said, this is text
        if tag in {"summary", "dt", "legend"}:
            self.shape = tag
        elif tag not in _HEADINGS and looks.toggle(tag, names, attributes):
            self.shape = "toggle"
        inside = place.inside or main or tag == "article"
        style = looks.style(tag, attributes, place.style)
        if attributes.get("role") == "tabpanel" or "tab-pane" in names:
            self._head_panel(node, attributes)
        within = Place(index, place.depth, place.bold, inside, place.link, style)
        self._content(node, tag, within)
        self.flush()
        if tag in _HEADINGS:
            self.settle()
        self.rank, self.shape = rank, ""
        if names and tag in {"div", "p", "ul", "li", "dd"} and _names_topic(names):
            self._mark_topics(index)
        self.paragraph += 1
        self.element = place.element
        self.close(index)

    def _head_panel(self, panel: LexborNode, attributes: dict[str, str | None]) -> None:
        """Say above a panel of tabs what stands on its tab, unless it is said there already."""
        if self.tabs is None:
            self.tabs = _tabs(panel)
        title = self.tabs.get(attributes.get("id") or "", "")
        lines = self.flow.lines
        said = lines[-1].text if lines else ""
        if title and said != title and not " ".join(panel.text().split()).startswith(title):
            self.shape = "toggle"
            self.parts.append(title)
            self.flush()

    def _content(self, node: LexborNode, tag: str, place: Place) -> None:
        if place.depth > _DEPTH:
            self.text(node.text(), place)
        elif tag == "pre":
            self.verbatim(node.text(), place)
        elif tag == "table":
            tables.read(self, node, place)
        else:
            self.walk(node, place)

    def _inline(self, node: LexborNode, tag: str, nth: int, place: Place) -> None:
        attributes = node.attributes
        names = _names(attributes.get("class"))
        style = attributes.get("style") or ""
        style = style.replace(" ", "").lower() if style else ""
        if self._unseen(node, names, style):
            return
        if attributes.get("dir") == "rtl" or ("direction:rtl" in style and "bidi" in style):
            self.text(node.text()[::-1], place)
            return
        if attributes and (mail := mailmarks.from_attributes(tag, attributes)):
            self.mails.append(mail)
        if tag == "span" and "spamspan" in names and (mail := _spamspan(node)):
            self.mails.append(mail)
            self.text(mail, place)
            return
        link = place.link
        if tag == "a":
            link = self._anchor(node, attributes) or link
            if looks.toggle(tag, names, attributes):
                self.shape = "toggle"
        if names and tag in {"span", "a", "em", "small"} and _names_topic(names):
            self.topic = True
        parent = index = place.element
        if tag not in _PLAIN:
            index = self.open(tag, names, parent, nth)
        bold = place.bold or looks.bold(tag, attributes, style)
        before, pending = len(self.flow.lines), bool(self.parts)
        look = looks.style(tag, attributes, place.style)
        inner = Place(index, place.depth, bold, place.inside, link, look)
        self._content(node, tag, inner)
        if len(self.flow.lines) > before + pending and tag == "a":
            self.flush()  # a card that is a link: what stands after it is no part of it
            self.flow.elements[index].start = before + pending
        if index != parent:
            self.element = index
            if self.parts:
                self.flow.elements[index].end = len(self.flow.lines)
            else:
                self.close(index)
        self.element = parent

    def _unseen(self, node: LexborNode, names: tuple[str, ...], style: str) -> bool:
        """True for decoys inside mail addresses, and for what a title says to few or to editors."""
        if "display:none" in style and len(node.text()) < _DECOY:
            return True
        return bool((self.rank or self.shape) and names and _UNSEEN.intersection(names))

    def _anchor(self, node: LexborNode, attributes: dict[str, str | None]) -> str:
        """Note where a link leads; its target where that is a page."""
        if "tag" in (attributes.get("rel") or "").split():
            self.topic = True
        href = attributes.get("href") or ""
        if href[:4].lower() == "tel:":
            self.tels.append(href[4:])
            return ""
        target = absolute(self.url, href) if href and href[0] != "#" else ""
        if target:
            self.links.append((target, node.text()[:300].strip()))
        return target

    def _mark_topics(self, index: int) -> None:
        lines = self.flow.lines[self.flow.elements[index].start :]
        if len(lines) <= 6 and not any(
            line.rank or line.signs & ~evidence.HINTS or len(line.text) > 60 for line in lines
        ):
            for line in lines:
                line.topic = True

    def _skipped(
        self, node: LexborNode, tag: str, attributes: dict[str, str | None], inside: bool
    ) -> bool:
        if tag == "button":
            return not looks.toggle(tag, tuple((attributes.get("class") or "").split()), attributes)
        if tag == "form":
            text = node.text()
            return len(text) < 900 and node.css_first("h1, h2, h3, h4, p") is None
        frame = chrome.is_chrome(tag, attributes, inside)
        if frame and self.beside and chrome.is_margin(tag, attributes):
            return False  # a box of a sidebar
        if not frame and tag == "header" and not inside:
            # A header that holds nothing but a heading is one, wherever it stands.
            frame = node.css_first(_HEADED) is None or node.css_first(_SITES_HEAD) is not None
        if not frame or node.css_first("h1, main, article" if tag != "nav" else "main") is not None:
            return False
        if not self.beside:
            self._own(node, beside=chrome.is_margin(tag, attributes))
        return True

    def _own(self, node: LexborNode, *, beside: bool) -> None:
        """Note what a part of the frame says of the site's owner."""
        contacts: set[str] = set()
        for line in (node.text())[:20_000].splitlines():
            contacts.update(evidence.phones(line))
        told = [(one.tag or "", one.attributes) for one in node.css(mailmarks.CARRIERS)[:20]]
        mails = [mailmarks.from_attributes(tag, attributes) for tag, attributes in told]
        contacts.update(mail.lower() for mail in mails)
        self.flow.own |= contacts
        text = node.text(separator="\n")[:20_000]
        self.claims.look(text, self.element)
        self.claims.look_at_desk(text, mails, self.element)
        if not beside:
            self.flow.framed |= contacts

    def _cloaked(self, node: LexborNode, tag: str, place: Place) -> None:
        """Read what of a mail address a script puts together or a picture shows."""
        if tag == "img":
            if mailmarks.is_at_sign(node.attributes):
                self.text("@", place)
            return
        code = node.text()
        if "addy" in code and (mail := mailmarks.from_script(code)):
            lines = self.flow.margin if self.beside else self.flow.lines
            if self.parts or not lines:
                self.mails.append(mail)
            else:
                lines[-1].mails.append(mail)
                lines[-1].signs |= Sign.MAIL


def _tabs(node: LexborNode) -> dict[str, str]:
    """The words on the tabs of a page, by the id of the panel that each opens."""
    root = node
    while root.parent is not None:
        root = root.parent
    found: dict[str, str] = {}
    for tab in root.css(_TABS):
        target = tab.attributes.get("aria-controls") or tab.attributes.get("data-bs-target")
        target = target or tab.attributes.get("href") or ""
        if target and (title := " ".join(tab.text().split())):
            found.setdefault(target.lstrip("#"), title)
    return found


def _is_next_badge(node: LexborNode) -> bool:
    """Whether nothing stands between an element with a class and the one before: style parts them.

    Of one class they are badges, of two a kicker and a name, which begins with a capital, or a
    label and what it labels. Single letters and syllables in spans are a word.
    """
    before = node.prev
    if before is None or before.tag not in _SET_APART:
        return False
    said, other = node.attributes.get("class"), before.attributes.get("class")
    return bool(said and other) and _is_parted(before.text(), node.text(), alike=said == other)


def _is_parted(first: str, second: str, *, alike: bool) -> bool:
    """Whether the words of neighbours, `alike` where of one class, are no word together."""
    words = first.strip(), second.strip()
    if not alike and all(words) and (is_label(words[0]) or is_answer(words[1])):
        return True  # "Kosten" before "keine"
    if min(map(len, words)) < _BADGE or not words[1][0].isalnum():
        return False
    end = words[0][-1]
    if alike:
        return end.isalnum()
    if not first[-1:].strip():
        return False
    # "14.01." before "Erste Hilfe", which stands before "18–21 Uhr"; "14.01." and "2027" are one.
    named = second[:1].isupper() and (end.isalnum() or end in ".!?)")
    return named or (second[:1].isdigit() and end.isalpha())


@lru_cache(maxsize=4096)  # the same few classes come again on every page of a site
def _names(said: str | None) -> tuple[str, ...]:
    """The class names of an element."""
    return tuple(said.split()) if said else ()


@lru_cache(maxsize=2048)
def _names_topic(names: tuple[str, ...]) -> bool:
    return _TOPIC.search(" ".join(names)) is not None


def _spamspan(node: LexborNode) -> str:
    user, domain = node.css_first(".u"), node.css_first(".d")
    if user is None or domain is None:
        return ""
    name, host = ("".join(part.text().split()) for part in (user, domain))
    return f"{name}@{host.replace('[dot]', '.').replace('(dot)', '.')}"
