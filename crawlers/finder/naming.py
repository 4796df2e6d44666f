"""What a page is called, and the site that it is part of."""

from __future__ import annotations

import re

from selectolax.lexbor import LexborHTMLParser

from crawlers.finder.bodies import names_body
from crawlers.finder.flow import BOLD, Flow
from crawlers.finder.words import is_label
from crawlers.keys import slug

_PARTS = re.compile(r"\s+(?:[|»«–—·•]|::|-)\s+")


def names_of(tree: LexborHTMLParser) -> frozenset[str]:
    """What <title>, in its parts, and og:site_name call page and site, as slugs."""
    told = [*_PARTS.split(_title(tree)), _stated(tree, "og:site_name")]
    return frozenset(name for text in told if (name := slug(text)))


def headline(tree: LexborHTMLParser, flow: Flow) -> str:
    """What the page is called: its h1, else og:title or <title> without the site's name.

    Where <title> repeats a lower heading and not the h1, that is the site's name, told on every
    page, and the heading is the page's.
    """
    top = next((line.text for line in flow.lines if line.rank == 1 and not line.menu), "")
    if not top and (node := tree.css_first("h1")) is not None:
        top = " ".join(node.text().split())[:200]
    raw = _stated(tree, "og:title") or _title(tree)
    if top and (not raw or slug(top) in slug(raw)):
        return _below_site(flow, top, raw) or top
    return _repeated(flow, raw) or top or _page_of(flow, _PARTS.split(raw))[:200]


def _page_of(flow: Flow, parts: list[str]) -> str:
    """The part of <title> that names the page: not the one that the page's frame says, too.

    Links of a menu name pages; what else stands in a frame names the site. So does a body where the
    first heading begins with another part: that says in full what the page is ("Hafenlicht e.V. -
    Notruf" above "Notruf - Hilfe bei Gewalt").
    """
    said = [f"-{slug(line.text)}-" for line in flow.lines if line.menu and not line.links]
    sites = (part for part in parts if any(f"-{slug(part)}-" in text for text in said))
    site = next(sites, None)
    page = next((part for part in parts if part != site), parts[0])
    heads = (line.text for line in flow.lines if 0 < line.rank < BOLD and not line.menu)
    first = next(heads, "")
    named = [part for part in parts if part != page] if names_body(page) else [page]
    begun = tuple(f"{slug(part)}-" for part in named if slug(part))
    return first if begun and f"{slug(first)}-".startswith(begun) else page


def _below_site(flow: Flow, top: str, raw: str) -> str:
    """The heading below a headline that is the site's name, where <title> tells both apart."""
    parts = {slug(part) for part in _PARTS.split(raw)}
    if slug(top) not in parts:
        return ""
    heads = (line.text for line in flow.lines if line.rank and not line.menu)
    return next((head for head in heads if slug(head) in parts - {slug(top)}), "")


def _repeated(flow: Flow, raw: str) -> str:
    """The longest heading of a page that its <title> repeats; no label ("Kontakt")."""
    told = f"-{slug(raw)}-"
    heads = [
        line.text for line in flow.lines if line.rank and not line.menu and not is_label(line.text)
    ]
    return max((head for head in heads if f"-{slug(head)}-" in told), key=len, default="")


def _title(tree: LexborHTMLParser) -> str:
    node = tree.css_first("head title")
    return " ".join(node.text().split()) if node is not None else ""


def _stated(tree: LexborHTMLParser, name: str) -> str:
    node = tree.css_first(f"meta[property='{name}']")
    return (node.attributes.get("content") if node is not None else "") or ""
