"""A pattern for what was found on a site nobody knows: the repeated element, and its parts."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from urllib.parse import urlsplit

from pydantic import ValidationError
from selectolax.lexbor import LexborNode

from crawlers.assembly import assemble
from crawlers.page import Page
from crawlers.pattern import Pattern
from crawlers.reading import read
from crawlers.record import Record, RecordKind, Role
from crawlers.source import Source

_FINDER = "html@"
_LEAST = 3  # records that show that something repeats
_HELD = 0.8  # share of a record's lines that stand in its element
_MOST_OF = 0.5  # share of the units that have a part, so that it is named
_PARTS = {
    Role.PHONE: "a[href^='tel:']@href",
    Role.EMAIL: "a[href^='mailto:']@href",
}


def pattern_of(source: Source, pages: Sequence[Page]) -> Pattern | None:
    """A pattern with which the same records are found as without; None where none is.

    It is made from the page that tells most, and tried on all of them: what it picks must be,
    title by title, what was found. Records that no element of their own holds (headings with what
    follows) cannot be told by a selector.
    """
    found = {page.url: _offers(page, source) for page in pages if page.is_html}
    best = max(pages, key=lambda page: len(found.get(page.url, ())), default=None)
    if best is None or len(told := found.get(best.url, [])) < _LEAST:
        return None
    if not all(record.extractor.startswith(_FINDER) for record in told):
        return None
    titles = [node for record in told if (node := _title(best, record)) is not None]
    if len(titles) < len(told):
        return None
    units = _units(titles)
    if not all(map(_holds, units, told)):
        return None
    usual = _titles(source, pages)
    path = urlsplit(best.url).path or "/"
    for selector in _selectors(best, units):
        fields = (
            {Role.TITLE: title}
            if (title := _part(units, [record.title for record in told]))
            else {}
        )
        fields |= {role: part for role, part in _PARTS.items() if _is_usual(units, part)}
        for where in (None, path):
            try:
                pattern = Pattern(records=selector, fields=fields, pages=where)
            except ValidationError:
                continue
            if _titles(source.model_copy(update={"pattern": pattern}), pages) == usual:
                return pattern
    return None


def _offers(page: Page, source: Source) -> list[Record]:
    return [one for one in read(page, source).records if one.kind is RecordKind.OFFER]


def _titles(source: Source, pages: Iterable[Page]) -> Counter[str]:
    """What a crawl of the pages would find."""
    records = [record for page in pages for record in read(page, source).records]
    return Counter(one.title for one in assemble(records, source) if one.kind is RecordKind.OFFER)


def _title(page: Page, record: Record) -> LexborNode | None:
    """The element that holds the title of a record."""
    at = next((p.locator for p in record.passages if p.role is Role.TITLE), "")
    return page.tree.css_first(at) if at else None


def _units(titles: Sequence[LexborNode]) -> list[LexborNode]:
    """For each title the largest element that holds no other."""
    above = [[*_up(node)] for node in titles]
    held = Counter(one.mem_id for line in above for one in line)
    return [
        [one for one in line if held[one.mem_id] == 1][-1] if held[line[0].mem_id] == 1 else line[0]
        for line in above
    ]


def _holds(unit: LexborNode, record: Record) -> bool:
    """Whether an element says what was read of a record, and not its title alone."""
    said = " ".join(unit.text(separator=" ").split())
    texts = [p.text for p in record.passages if p.role is Role.TEXT]
    return sum(text[:60] in said for text in texts) >= _HELD * max(1, len(texts))


def _up(node: LexborNode | None) -> Iterator[LexborNode]:
    while node is not None and node.tag not in {"html", "-undef"}:
        yield node
        node = node.parent


def _selectors(page: Page, units: Sequence[LexborNode]) -> Iterator[str]:
    """Selectors that pick these elements and no other, the shortest first."""
    wanted = {unit.mem_id for unit in units}
    (tags, parents) = ({unit.tag for unit in units}, [unit.parent for unit in units])
    if len(wanted) < len(units) or len(tags) > 1:
        return
    tag = next(iter(tags)) or ""
    own = [f"{tag}.{name}" for name in _common(units)]
    around = [
        f"{parent} > {tag}"
        for parent in dict.fromkeys(_names([one for one in parents if one is not None]))
    ]
    for selector in sorted({*own, *around}, key=lambda one: (" > " in one, len(one), one)):
        if {node.mem_id for node in page.tree.css(selector)} == wanted:
            yield selector


def _names(nodes: Sequence[LexborNode]) -> Iterator[str]:
    """How elements that are all of a kind can be called: by id, class, or tag."""
    tags, ids = {node.tag for node in nodes}, {node.attributes.get("id") for node in nodes}
    if len(ids) == 1 and (name := next(iter(ids))) and _is_word(name):
        yield f"#{name}"
    if len(tags) == 1 and (tag := next(iter(tags))):
        yield from (f"{tag}.{name}" for name in _common(nodes))
        yield tag


def _common(nodes: Sequence[LexborNode]) -> list[str]:
    """Classes that all of some elements have, and that no system counted on."""
    classes = [set((node.attributes.get("class") or "").split()) for node in nodes]
    return sorted(filter(_is_word, set.intersection(*classes))) if classes else []


def _is_word(name: str) -> bool:
    return name.replace("-", "").replace("_", "").isalpha() and name.isascii()


def _part(units: Sequence[LexborNode], names: Sequence[str]) -> str | None:
    """The selector of the title below its unit: a class, else a tag, that comes first in each."""
    holders = [node for node in units[0].css("*") if _text(node) == names[0]]
    holders.reverse()  # the innermost says it best
    found = [f".{name}" for node in holders for name in _common([node])]
    found += [node.tag for node in holders if node.tag and node.mem_id != units[0].mem_id]
    for selector in dict.fromkeys(found):
        firsts = [unit.css_first(selector) for unit in units]
        if all(
            first is not None and first.mem_id != unit.mem_id and _text(first) == name
            for first, unit, name in zip(firsts, units, names, strict=True)
        ):
            return selector
    return None


def _text(node: LexborNode) -> str:
    return " ".join(node.text().split())


def _is_usual(units: Sequence[LexborNode], part: str) -> bool:
    selector = part.rpartition("@")[0]
    return sum(unit.css_first(selector) is not None for unit in units) >= _MOST_OF * len(units)
