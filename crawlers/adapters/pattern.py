"""Records where a declared pattern says they stand."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from fnmatch import fnmatchcase
from typing import Any
from urllib.parse import urlsplit

from selectolax.lexbor import LexborHTMLParser, LexborNode

from crawlers.adapters import jsontext
from crawlers.adapters.base import Detection, PageRequest
from crawlers.finder.lines import clean_lines
from crawlers.finder.offers import Reader, read_whole
from crawlers.finder.walk import read_flow
from crawlers.keys import absolute, slug
from crawlers.page import Page
from crawlers.pattern import Pattern, split
from crawlers.record import Passage, Record, Role, Trust
from crawlers.source import Source

_MAX_RECORDS = 2_000  # of one page
_MAX_TEXT = 4_000  # characters of one passage
_MAX_NODES = 200  # that one field's path may select in a record
_MAX_STEPS = 180  # of a CSS path; deeper markup is no page that a person wrote
_HEADINGS = "h1, h2, h3, h4"
_SCHEMES = {Role.PHONE: "tel:", Role.EMAIL: "mailto:"}


@dataclass(frozen=True, slots=True)
class Declared:
    """The reader of one source's pattern. What it picks is all there is on its page."""

    pattern: Pattern
    name: str = "pattern"
    version: int = 1

    def detect(self, page: Page) -> Detection | None:
        """Claim a page that the pattern is for."""
        return Detection(1.0, "a pattern is declared") if self._applies(page) else None

    def requests(self, source: Source) -> Iterable[PageRequest]:
        """Nothing beyond the start URLs."""
        return ()

    def links(self, page: Page, source: Source) -> Iterable[PageRequest]:
        """The next page of the list, and the pages of the records."""
        if not self._applies(page):
            return []
        found = [
            PageRequest(url, promise=0.95, reason="next page", following=True)
            for url in self._nexts(page)
            if url != page.url
        ]
        return found + [
            PageRequest(record.detail_url, promise=0.9, reason=record.title[:80])
            for record in self.extract(page)
            if record.detail_url
        ]

    def extract(self, page: Page) -> Sequence[Record]:
        """One record a match that has a title, in the order of the page."""
        if not self._applies(page):
            return []
        read = self._elements if self.pattern.format == "html" else self._objects
        return list(read(page))

    def _applies(self, page: Page) -> bool:
        if page.is_html is not (self.pattern.format == "html"):
            return False
        if self.pattern.pages is None:
            return True
        parts = urlsplit(page.url)
        path = parts.path or "/"
        paths = {path, f"{path}?{parts.query}"}
        return any(fnmatchcase(one, self.pattern.pages) for one in paths)

    def _nexts(self, page: Page) -> list[str]:
        path = self.pattern.next
        if path is None:
            return []
        if self.pattern.format == "json":
            values = [jsontext.text(value) for _, value in _select(jsontext.load(page), path)]
        else:
            selector, attribute = split(path)
            values = [
                node.attributes.get(attribute or "href") or ""
                for node in page.tree.css(selector or "html")[:5]
            ]
        return [url for value in values if value and (url := absolute(page.base, value))]

    def _elements(self, page: Page) -> Iterator[Record]:
        paths = _Paths()
        marked = page.tree.css(f"{self.pattern.records}, {_HEADINGS}")
        chosen = {node.mem_id for node in page.tree.css(self.pattern.records)[:_MAX_RECORDS]}
        section: LexborNode | None = None
        for node in marked:
            # A match within a match, and a heading in one, are parts of it.
            if any(above.mem_id in chosen for above in _ancestors(node)):
                continue
            if node.mem_id not in chosen:
                section = node
            elif record := self._element(page, node, section, paths):
                yield record

    def _element(
        self, page: Page, node: LexborNode, section: LexborNode | None, paths: _Paths
    ) -> Record | None:
        stated: dict[Role, list[Passage]] = {
            role: list(_passages(page, node, (role, path), paths))
            for role, path in self.pattern.fields.items()
        }
        lines = _lines(page, node, paths.of(node))
        title = next(iter(stated.pop(Role.TITLE, [])), None)
        if title is None and Role.TITLE not in self.pattern.fields:
            title = next((p for p in lines if p.role is Role.TITLE), None)
        if title is None:
            return None
        passages = [title]
        if section is not None and Role.SECTION not in stated:
            text = _folded(section.text(separator=" "))
            passages += [Passage(Role.SECTION, text, paths.of(section))] if text else []
        told = {title.text} | {p.text for found in stated.values() for p in found}
        passages += [passage for found in stated.values() for passage in found]
        passages += [
            line
            for line in lines
            if line.role not in {Role.TITLE, *stated} and line.text not in told
        ]
        named, detail = (
            next((p.text for p in _passages(page, node, (role, path), paths)), "") if path else ""
            for role, path in ((Role.TEXT, self.pattern.key), (Role.URL, self.pattern.detail))
        )
        headline = page.tree.css_first("h1")
        whole = headline is not None and any(
            above.mem_id == node.mem_id for above in _ancestors(headline)
        )
        return self._record(page, passages, named, detail, whole=whole)

    def _objects(self, page: Page) -> Iterator[Record]:
        found = list(_select(jsontext.load(page), self.pattern.records))
        for where, value in found[:_MAX_RECORDS]:
            passages = [
                passage
                for role, path in self.pattern.fields.items()
                for pointer, one in list(_select(value, path, where))[:_MAX_NODES]
                for passage in _said(page, role, jsontext.text(one), pointer)
            ]
            passages.sort(key=lambda passage: passage.role is not Role.TITLE)
            if not passages or passages[0].role is not Role.TITLE:
                continue
            named, detail = (
                next((text for _, one in _select(value, path) if (text := jsontext.text(one))), "")
                if path
                else ""
                for path in (self.pattern.key, self.pattern.detail)
            )
            yield self._record(page, passages, named, absolute(page.base, detail) if detail else "")

    def _record(
        self,
        page: Page,
        passages: Sequence[Passage],
        named: str,
        detail: str,
        *,
        whole: bool = False,
    ) -> Record:
        address = page.url.partition("#")[0]
        if named:
            key = f"pattern:{named[:200]}"
        elif detail:
            key = detail.partition("#")[0]
        else:
            # What holds the page's headline is the page; anything else is one of several there.
            key = address if whole else f"{address}#{slug(passages[0].text)}"
        return Record(
            key,
            page.url,
            tuple(dict.fromkeys(passages)),
            f"{self.name}@{self.version}",
            Trust.PATTERN,
            detail_url=detail or None,
        )


def _passages(
    page: Page, node: LexborNode, field: tuple[Role, str], paths: _Paths
) -> Iterator[Passage]:
    """What a field's path selects below a record; a mail, phone or web link gives its target."""
    role, path = field
    selector, attribute = split(path)
    for one in (node.css(selector) if selector else [node])[:_MAX_NODES]:
        where = paths.of(one)
        target = (one.attributes.get("href") or "").strip()
        if attribute:
            value = one.attributes.get(attribute) or ""
        elif (role is Role.URL and target) or (
            role in _SCHEMES and target.lower().startswith(_SCHEMES[role])
        ):
            value = target
        else:
            value = one.html or ""
        scheme = _SCHEMES.get(role, "")
        if scheme and value.lower().startswith(scheme):
            value = value[len(scheme) :]
        yield from _said(page, role, value, where)
        if role is Role.TITLE:
            return


def _said(page: Page, role: Role, value: str, where: str) -> Iterator[Passage]:
    """A value as passages: TEXT a line each, a link absolute, anything else folded."""
    if role is Role.URL:
        lines = [absolute(page.base, _folded(value))]
    elif role is Role.TEXT:
        lines = clean_lines(value)
    else:
        lines = [" ".join(clean_lines(value))]
    for line in lines:
        if line:
            yield Passage(role, line[:_MAX_TEXT], where)


def _lines(page: Page, node: LexborNode, where: str) -> list[Passage]:
    """All lines of a record as the finder reads them, with locators from the page's root."""
    inner = node.inner_html or ""
    row = node.tag == "tr"
    markup = f"<table><tbody><tr>{inner}</tr></tbody></table>" if row else inner
    flow = read_flow(LexborHTMLParser(f"<body>{markup}</body>"), page.base)
    heading = next((line for line in flow.lines if line.rank), None)
    title = (heading or flow.lines[0]).text if flow.lines else ""
    record = read_whole(flow, page.url, Reader("", title), "")
    found = []
    for passage in record.passages if record else ():
        if passage.role is not Role.TITLE and passage.text == title:
            continue
        steps = passage.locator.split(" > ")[4 if row else 1 :]
        found.append(Passage(passage.role, passage.text, " > ".join([where, *steps])))
    return found


def _select(value: object, path: str, where: str = "") -> Iterator[tuple[str, Any]]:
    """What a pointer leads to, with the pointer of each; a list stands for its elements."""
    found: list[tuple[str, Any]] = [(where, value)]
    for token in path.strip("/").split("/") if path.strip("/") else ():
        name = token.replace("~1", "/").replace("~0", "~")
        reached: list[tuple[str, Any]] = []
        for pointer, one in found:
            if isinstance(one, list) and name.isascii() and name.isdigit():
                if int(name[:9]) < len(one):
                    reached.append((f"{pointer}/{name}", one[int(name[:9])]))
                continue
            for at, element in _spread(pointer, one):
                if isinstance(element, dict) and name in element:
                    reached.append((f"{at}/{token}", element[name]))
        found = reached
    for pointer, one in found:
        yield from _spread(pointer, one)


def _spread(pointer: str, value: object) -> Iterator[tuple[str, Any]]:
    if isinstance(value, list):
        yield from ((f"{pointer}/{n}", one) for n, one in enumerate(value))
    else:
        yield pointer, value


def _ancestors(node: LexborNode) -> Iterator[LexborNode]:
    above = node.parent
    for _ in range(_MAX_STEPS):
        if above is None:
            return
        yield above
        above = above.parent


class _Paths:
    """The CSS paths of one document's elements from the body, as `crawlers.finder.flow` has them.

    Every parent's children are counted once, so that a page of very many siblings stays cheap.
    """

    def __init__(self) -> None:
        self._known: dict[int, str] = {}

    def of(self, node: LexborNode) -> str:
        """The path of an element; that of the body for one deeper than a person writes."""
        above: list[LexborNode] = []
        for one in (node, *_ancestors(node)):
            if one.tag == "body":
                break
            above.append(one)
        else:
            return "body"
        path = "body"
        for one in reversed(above):
            if one.mem_id not in self._known:
                self._count(one, path)
            path = self._known[one.mem_id]
        return path

    def _count(self, node: LexborNode, parent_path: str) -> None:
        counts: Counter[str] = Counter()
        first = node.parent.child if node.parent is not None else node
        while first is not None:
            tag = first.tag or ""
            if not tag.startswith("-"):
                counts[tag] += 1
                self._known[first.mem_id] = f"{parent_path} > {tag}:nth-of-type({counts[tag]})"
            first = first.next


def _folded(text: str) -> str:
    return " ".join(text.split())
