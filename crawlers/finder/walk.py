"""From the DOM to the flow of lines."""

from __future__ import annotations

import re
from functools import lru_cache

from selectolax.lexbor import LexborHTMLParser, LexborNode

from crawlers.finder import chrome, evidence, looks, mailmarks, tables
from crawlers.finder.column import main_column
from crawlers.finder.evidence import Sign
from crawlers.finder.flow import Element, Flow, Line, Place
from crawlers.finder.stemmed import Stemmed, starting
from crawlers.finder.words import is_newsy, starts_with_label
from crawlers.keys import absolute, site_of

_LINE = 3000  # characters of a line in which signs are sought
_DEPTH = 180  # deeper markup is no page that a person wrote; its text is taken as one line
_SPACE = re.compile(r"[\s\u00a0\u00ad\u200b-\u200f\u2060\ufeff]+")
_SOFT = str.maketrans("", "", "\u00ad\u200b\u2060\ufeff")
_ODD = re.compile(r"[\u00ad\u200b-\u200f\u2060\ufeff]")
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
_IMPRINT = Stemmed(
    "©|(c) |copyright|alle rechte|besucher|letzte |webmaster|cookies",
    r"©|\(c\) (?:19|20)\d\d|copyright|alle rechte vorbehalten|besucher(?:zähler| nr)"
    r"|letzte (?:änderung|aktualisierung) ?:"
    rf"|(?:{starting('webmaster')})\b|verwendet cookies|nutzt cookies|nutzen (?:wir )?cookies",
)
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


def read_flow(tree: LexborHTMLParser, url: str) -> Flow:
    """The content of a document as lines; empty where it has no body. Never raises."""
    walker = _Walker(url)
    root = tree.body
    if root is None:
        return walker.flow
    walker.walk(root, Place(walker.open("body", (), -1, 1)))
    walker.flush()
    walker.close(0)
    walker.flow.newsy = is_newsy("\n".join(line.text for line in walker.flow.lines))
    return main_column(walker.flow, walker.mains, site_of(url))


class _Walker:
    def __init__(self, url: str) -> None:
        self.url = url
        self.flow = Flow()
        self.mains: list[int] = []
        self._parts: list[str] = []
        self._lead: list[str] = []
        self._lead_link = ""
        self._leading = True
        self._bold = self._total = 0
        self._shape = ""
        self._links: list[tuple[str, str]] = []
        self._mails: list[str] = []
        self._tels: list[str] = []
        self._element = 0
        self._paragraph = 0
        self._rank = 0
        self._ruled = False
        self._topic = False
        self.label = ""
        self.column = -1

    # -- lines -------------------------------------------------------------------------------

    def text(self, raw: str, bold: bool, link: str) -> None:
        text = _folded(raw)
        if not text or (text == " " and not self._parts):
            return
        self._parts.append(text)
        size = len(text.strip(" .,:;|–-"))
        if not size:
            if self._leading and self._lead:
                self._lead.append(text)
            return
        self._total += size
        if bold:
            self._bold += size
        if self._leading and (bold or link):
            self._lead.append(text)
            self._lead_link = self._lead_link or link
        else:
            self._leading = False

    def flush(self) -> None:
        if not self._parts:
            return
        if text := " ".join("".join(self._parts).split()):
            self._line(text)
            self._links, self._mails, self._tels = [], [], []
            self._ruled = self._topic = False
        self._parts, self._lead = [], []
        self._lead_link, self._leading = "", True
        self._bold = self._total = 0
        self._shape = ""

    def _line(self, text: str) -> None:
        line = Line(text, self._element, self._paragraph)
        line.links, line.mails, line.tels = self._links, self._mails, self._tels
        line.ruled = self._ruled
        line.label, line.column = self.label, self.column
        line.signs = evidence.signs(text[:_LINE])
        if self._tels:
            line.signs |= Sign.PHONE
        if self._mails:
            line.signs |= Sign.MAIL
        line.rank = self._rank
        line.topic = self._topic and not line.rank and not line.signs and len(text) <= 60
        if not line.rank and _is_imprint(text[:_LINE]):
            line.menu = True
            self.flow.own.update(evidence.phones(text))
        if self._lead and not self._leading:
            line.lead = "".join(self._lead).strip()
        if self._lead:
            line.lead_link = self._lead_link
        whole = self._bold and self._bold >= self._total - 1
        if not line.rank and len(text) <= 140:
            if self._shape:
                line.rank, line.shape = 7, self._shape
            elif whole and not line.signs & evidence.CONTACT and not starts_with_label(text):
                line.rank, line.shape = 7, "b"
        self.flow.lines.append(line)

    # -- elements ----------------------------------------------------------------------------

    def open(self, tag: str, names: tuple[str, ...], parent: int, nth: int) -> int:
        """Start an element; its index."""
        self.flow.elements.append(Element(tag, names, parent, nth, len(self.flow.lines)))
        return len(self.flow.elements) - 1

    def close(self, index: int) -> None:
        """End an element."""
        element = self.flow.elements[index]
        element.end = len(self.flow.lines)
        if not self._parts and element.end > element.start:
            # A linked picture at the end of a block belongs to what stands above it.
            last = self.flow.lines[-1]
            last.links.extend(self._links)
            last.mails.extend(self._mails)
            last.tels.extend(self._tels)
            self._links, self._mails, self._tels = [], [], []

    def walk(self, node: LexborNode, place: Place) -> None:
        """Read the children of a node that stands at `place`."""
        counts: dict[str, int] = {}
        inner = Place(place.element, place.depth + 1, place.bold, place.inside, place.link)
        child = node.child
        while child is not None:
            if child.is_text_node:
                self._element = place.element
                self.text(child.text_content or "", place.bold, place.link)
            elif tag := child.tag or "":
                nth = counts[tag] = counts.get(tag, 0) + 1
                if tag == "br":
                    self._break()
                elif tag == "script":
                    self._script(child)
                elif tag == "hr":
                    self.flush()
                    self._ruled = True
                    self._paragraph += 1
                elif tag not in chrome.SILENT and not tag.startswith(("-", "!")):
                    (self._block if tag in _BLOCKS else self._inline)(child, tag, nth, inner)
            child = child.next

    def _block(self, node: LexborNode, tag: str, nth: int, place: Place) -> None:
        attributes = node.attributes
        if self._skipped(node, tag, attributes, place.inside):
            return
        names = tuple((attributes.get("class") or "").split())
        self.flush()
        self._paragraph += 1
        index = self.open(tag, names, place.element, nth)
        self._element = index
        main = tag == "main" or attributes.get("role") == "main"
        if main or (attributes.get("id") or "").lower() in _MAIN_IDS:
            self.mains.append(index)
        rank = self._rank
        self._rank = _HEADINGS.get(tag, rank)
        if tag in {"summary", "dt"}:
            self._shape = tag
        elif tag not in _HEADINGS and looks.toggle(tag, names, attributes):
            self._shape = "toggle"
        inside = place.inside or main or tag == "article"
        self._content(node, tag, Place(index, place.depth, place.bold, inside, place.link))
        self.flush()
        self._rank, self._shape = rank, ""
        if names and tag in {"div", "p", "ul", "li", "dd"} and _names_topic(names):
            self._mark_topics(index)
        self._paragraph += 1
        self._element = place.element
        self.close(index)

    def _content(self, node: LexborNode, tag: str, place: Place) -> None:
        if place.depth > _DEPTH:
            self.text(node.text(), place.bold, place.link)
        elif tag == "pre":
            self._verbatim(node.text())
        elif tag == "table":
            tables.read(self, node, place)
        else:
            self.walk(node, place)

    def _inline(self, node: LexborNode, tag: str, nth: int, place: Place) -> None:
        attributes = node.attributes
        names = tuple((attributes.get("class") or "").split())
        style = (attributes.get("style") or "").replace(" ", "").lower()
        if "display:none" in style and len(node.text()) < 40:
            return  # decoys inside mail addresses
        if attributes.get("dir") == "rtl" or ("direction:rtl" in style and "bidi" in style):
            self.text(node.text()[::-1], place.bold, place.link)
            return
        if mail := mailmarks.from_attributes(tag, attributes):
            self._mails.append(mail)
        if tag == "span" and "spamspan" in names and (mail := _spamspan(node)):
            self._mails.append(mail)
            self.text(mail, place.bold, place.link)
            return
        link = place.link
        if tag == "a":
            link = self._anchor(node, attributes) or link
            if looks.toggle(tag, names, attributes):
                self._shape = "toggle"
        if names and tag in {"span", "a", "em", "small"} and _names_topic(names):
            self._topic = True
        parent = index = place.element
        if tag not in _PLAIN:
            index = self.open(tag, names, parent, nth)
        bold = place.bold or looks.bold(tag, attributes, style)
        self._content(node, tag, Place(index, place.depth, bold, place.inside, link))
        if index != parent:
            self._element = index
            if self._parts:
                self.flow.elements[index].end = len(self.flow.lines)
            else:
                self.close(index)
        self._element = parent

    def _anchor(self, node: LexborNode, attributes: dict[str, str | None]) -> str:
        """Note where a link leads; its target where that is a page."""
        if "tag" in (attributes.get("rel") or "").split():
            self._topic = True
        href = attributes.get("href") or ""
        if href[:4].lower() == "tel:":
            self._tels.append(href[4:])
            return ""
        target = absolute(self.url, href) if href and href[0] != "#" else ""
        if target:
            self._links.append((target, node.text()[:300].strip()))
        return target

    def _mark_topics(self, index: int) -> None:
        lines = self.flow.lines[self.flow.elements[index].start :]
        if len(lines) <= 6 and not any(
            line.rank or line.signs or len(line.text) > 60 for line in lines
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
        frame = chrome.is_chrome(tag, attributes, inside) or (tag == "header" and not inside)
        if not frame or node.css_first("h1, main, article" if tag != "nav" else "main") is not None:
            return False
        text = (node.text())[:20_000]
        for line in text.splitlines():
            self.flow.own.update(evidence.phones(line))
        for anchor in node.css("a[href^='mailto:']")[:20]:
            self.flow.own.add(mailmarks.from_attributes("a", anchor.attributes).lower())
        return True

    def _break(self) -> None:
        if self._parts and "".join(self._parts).strip():
            shape = self._shape
            self.flush()
            self._shape = shape
        else:
            self._paragraph += 1

    def _verbatim(self, text: str) -> None:
        for part in text.split("\n"):
            if part.strip():
                self.text(part, False, "")
                self.flush()
            else:
                self._paragraph += 1

    def _script(self, node: LexborNode) -> None:
        code = node.text()
        if "addy" in code and (mail := mailmarks.from_script(code)):
            if self._parts or not self.flow.lines:
                self._mails.append(mail)
            else:
                self.flow.lines[-1].mails.append(mail)
                self.flow.lines[-1].signs |= Sign.MAIL


def _folded(raw: str) -> str:
    """The text with its white space folded, that at its ends kept as one space each."""
    if not raw.isascii() and _ODD.search(raw):
        return _SPACE.sub(" ", raw.translate(_SOFT))
    text = " ".join(raw.split())
    if not text:
        return " " if raw else ""
    return f"{' ' if raw[0].isspace() else ''}{text}{' ' if raw[-1].isspace() else ''}"


@lru_cache(maxsize=2048)  # frames come again on every page of a site
def _is_imprint(text: str) -> bool:
    return _IMPRINT.found(text.lower())


@lru_cache(maxsize=2048)
def _names_topic(names: tuple[str, ...]) -> bool:
    return _TOPIC.search(" ".join(names)) is not None


def _spamspan(node: LexborNode) -> str:
    user, domain = node.css_first(".u"), node.css_first(".d")
    if user is None or domain is None:
        return ""
    name, host = (_SPACE.sub("", part.text()) for part in (user, domain))
    return f"{name}@{host.replace('[dot]', '.').replace('(dot)', '.')}"
