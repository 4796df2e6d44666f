"""WordPress: the REST API (pages, posts, public types), and HTML where it is closed."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import replace
from html import unescape
from urllib.parse import parse_qs, urlencode, urlsplit, urlunsplit

from selectolax.lexbor import LexborHTMLParser

from crawlers.adapters import jsontext
from crawlers.adapters.base import PageRequest
from crawlers.adapters.html import MarkedHtml
from crawlers.adapters.jsontext import Object
from crawlers.finder.lines import clean_lines
from crawlers.finder.offers import Reader, find_offers, read_whole
from crawlers.finder.story import find_network
from crawlers.finder.walk import read_flow
from crawlers.keys import absolute, site_of, slug, url_key
from crawlers.page import Page
from crawlers.record import Passage, Record, Role, Trust
from crawlers.source import Source

_API = "/wp-json/wp/v2/"
_PER_PAGE = 100  # the API's maximum
_EDITORIAL = frozenset({"page", "post"})
_NOT_CONTENT = re.compile(
    r"attachment|nav_menu|wp_|elementor|e-|popup|template|jet-|custom_css|oembed|user_request|revision"
    r"|customize|block|acf|feedback|form|slide|team|testimonial|person|mitarbeiter|faq|logo|partner"
    r"|tribe_|product|sponsor|landing",
    re.IGNORECASE,
)
_ADVERTISED = "link[rel='https://api.w.org/'][href]"
"""Where a page says that its API is (WordPress REST API handbook, "Discovery")."""
_FIELDS = {
    "phone": Role.PHONE, "telefon": Role.PHONE, "tel": Role.PHONE, "email": Role.EMAIL,
    "e_mail": Role.EMAIL, "mail": Role.EMAIL, "website": Role.URL, "webseite": Role.URL,
    "url": Role.URL,
    "traeger": Role.PROVIDER, "anbieter": Role.PROVIDER, "veranstalter": Role.PROVIDER,
    "adresse": Role.ADDRESS, "strasse": Role.STREET, "plz": Role.POSTCODE, "ort": Role.CITY,
    "kosten": Role.COST, "oeffnungszeiten": Role.HOURS, "zeiten": Role.HOURS,
    "sprechzeiten": Role.HOURS, "zielgruppe": Role.AUDIENCE, "sprachen": Role.LANGUAGE,
}  # fmt: skip


class WordPress(MarkedHtml):
    """Sites made with WordPress.

    An entry of a post type of the site's own making is one offer ("wp:<type>:<id>"); pages and
    posts are read by the finder like any page, from `content.rendered` instead of the theme.
    """

    name = "wordpress"
    generator = "wordpress"
    marks = (
        (("https://api.w.org/",), 0.98, "the page links its REST API"),
        (("/wp-content/", "/wp-includes/"), 0.8, "paths of WordPress"),
    )

    def requests(self, source: Source) -> Iterable[PageRequest]:
        """The list of public types, then pages and posts; robots.txt may forbid all of it."""
        for root in dict.fromkeys(_root(start) for start in source.start):
            yield from _entrances(root)

    def links(self, page: Page, source: Source) -> Iterable[PageRequest]:
        """From HTML to the API that it names, from the types to collections, and to next pages."""
        if page.is_html:
            return [*super().links(page, source), *_advertised(page, source)]
        if not jsontext.is_json(page) or _API not in page.url:
            return ()
        if page.url.partition("?")[0].rstrip("/").endswith("/types"):
            return self._types(page)
        return _next(page)

    def _types(self, page: Page) -> list[PageRequest]:
        data = jsontext.load(page)
        found = []
        for kind in data.values() if isinstance(data, dict) else ():
            if not isinstance(kind, dict):
                continue
            name, base = jsontext.text(kind.get("slug")), jsontext.text(kind.get("rest_base"))
            if (
                name in _EDITORIAL
                or _NOT_CONTENT.search(name)
                or not re.fullmatch(r"[\w-]{1,60}", base)
            ):
                continue
            root = page.url.partition(_API)[0]
            found.append(
                PageRequest(_collection(root, base), promise=1.0, reason=f"WordPress type {name}")
            )
        return found

    def extract(self, page: Page) -> Sequence[Record]:
        """Read a page of a REST collection, or HTML."""
        if page.is_html:
            return super().extract(page)
        if _API not in page.url or not jsontext.is_json(page):
            return []
        records: list[Record] = []
        for entry in jsontext.objects(jsontext.load(page)):
            records += self._entry(entry)
        return records

    def _entry(self, entry: Object) -> list[Record]:
        title = " ".join(clean_lines(jsontext.text(entry.get("title"))))
        link, name, number = (jsontext.text(entry.get(key)) for key in ("link", "type", "id"))
        content = entry.get("content")
        if (
            not link
            or not number
            or not name
            or not isinstance(content, dict)
            or entry.get("status", "publish") != "publish"
        ):
            return []
        if not url_key(link):
            return []
        body = jsontext.text(content.get("rendered"))
        flow = read_flow(LexborHTMLParser(f"<body>{body}</body>"), link)
        reader = Reader(self.extractor, title, entry=True)
        key = f"wp:{name}:{number}"
        extra = tuple(_fields(entry))
        if name not in _EDITORIAL:
            record = read_whole(flow, link, reader, key) or Record(
                key, link, (Passage(Role.TITLE, title),), self.extractor, Trust.FEED
            )
            passages = (*record.passages, *_terms(entry), *extra)
            return [replace(record, passages=passages)] if title else []
        found = []
        for record in find_offers(flow, link, reader):
            own = record.trust is Trust.PAGE
            found.append(
                replace(
                    record,
                    key=key if own else f"{key}#{slug(record.title)}",
                    trust=Trust.FEED if own else Trust.FOUND,
                )
            )
        if network := find_network(flow, link, reader.title, self.extractor):
            found.append(replace(network, key=f"{key}#netzwerk"))
        return found


def _fields(entry: Object) -> Iterable[Passage]:
    """The custom fields (ACF, meta) of an entry: a role where the name leaves no doubt."""
    for group in ("acf", "meta"):
        values = entry.get(group)
        for name, value in values.items() if isinstance(values, dict) else ():
            said = jsontext.text(value)
            if not said or str(name).startswith("_") or len(said) > 4000:
                continue
            where = f"/{group}/{name}"
            if role := _FIELDS.get(str(name).lower().replace("-", "_")):
                yield Passage(role, " ".join(clean_lines(said)), where)
            elif (
                isinstance(value, str)
                and not said.startswith(("field_", "a:", "{"))
                and " " in said
            ):
                label = str(name).replace("_", " ").strip().capitalize()
                for number, line in enumerate(clean_lines(said)):
                    yield Passage(Role.TEXT, f"{label}: {line}" if not number else line, where)


def _terms(entry: Object) -> Iterable[Passage]:
    """The taxonomy terms that `_embed` sends along."""
    embedded = entry.get("_embedded")
    groups = embedded.get("wp:term") if isinstance(embedded, dict) else None
    for group in groups if isinstance(groups, list) else ():
        for term in jsontext.objects(group):
            if name := jsontext.text(term.get("name")):
                yield Passage(Role.TOPIC, unescape(name), "/_embedded/wp:term")


def _root(url: str) -> str:
    parts = urlsplit(url)
    return f"{parts.scheme}://{parts.netloc}"


def _entrances(root: str) -> Iterable[PageRequest]:
    """The list of public types, pages and posts of the API below `root`."""
    types = root + _API + "types"
    yield PageRequest(types, promise=0.9, reason="WordPress types", optional=True)
    for name in ("pages", "posts"):
        url = _collection(root, name)
        yield PageRequest(url, promise=0.9, reason=f"WordPress {name}", optional=True)


def _advertised(page: Page, source: Source) -> Iterable[PageRequest]:
    """What an HTML page names as its API, where that stands below another root than the host."""
    node = page.tree.css_first(_ADVERTISED) if b"https://api.w.org/" in page.opening else None
    url = absolute(page.base, node.attributes.get("href") or "") if node is not None else ""
    root, found, _ = url.partition("/wp-json/")
    if found and root != _root(url) and site_of(url) in map(site_of, source.start):
        yield from _entrances(root)


def _collection(root: str, base: str) -> str:
    return f"{root}{_API}{base}?{urlencode({'per_page': _PER_PAGE, '_embed': 'wp:term'})}"


def _next(page: Page) -> list[PageRequest]:
    total = page.headers.get("x-wp-totalpages", "")
    parts = urlsplit(page.url)
    query = parse_qs(parts.query)
    number = query.get("page", ["1"])[0]
    if not total.isdigit() or not number.isdigit() or int(number) >= int(total):
        return []
    query["page"] = [str(int(number) + 1)]
    following = urlunsplit(parts._replace(query=urlencode(query, doseq=True)))
    reason = f"page {int(number) + 1} of {total}"
    return [PageRequest(following, promise=1.0, reason=reason, following=True)]
