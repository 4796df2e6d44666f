"""Which links of a page are worth following: promise orders, traps and dead ends are left out."""

from __future__ import annotations

import re
from dataclasses import replace
from functools import lru_cache
from urllib.parse import parse_qsl, unquote, urlsplit

from selectolax.lexbor import LexborHTMLParser, LexborNode

from crawlers.adapters.base import PageRequest
from crawlers.keys import absolute, key_at, page_key, root_of, site_of
from crawlers.page import Page
from crawlers.source import Source

_MAX_LINKS = 600  # links read of one page
_LEADING = (
    "a[href], frame[src], iframe[src], link[rel~=next][href],"
    " link[rel~=alternate][type='text/calendar'][href]"
)
_FRAMED = 0.9
_MAX_SEGMENTS = 10
_MAX_URL = 400

_PROMISE = re.compile(
    r"angebot|beratung|hilfe|treff|betreuung|gibt[ -]es|wegweiser|termin|veranstaltung"
    r"|kalender|infothek|adress|anlaufstelle"
    r"|themen|handlungsfeld|gruppe|kurs|unterst(?:ü|ue)tzung|wohnen|arbeit|recht"
    r"|gesundheit|existenz|finanz|trennung"
    r"|freizeit|selbsthilfe|familie|alleinerziehend|eltern|kinder|einrichtung|tr(?:ä"
    r"|ae)ger|projekt",
    re.IGNORECASE,
)
_NETWORK = re.compile(
    r"netzwerk|(?:ü|ue)ber[ -]uns|wir[ -](?:ü|ue)ber|koordinierung|arbeitsstruktur|partner"
    r"|wer[ -]wir[ -]sind",
    re.IGNORECASE,
)
_NEXT = re.compile(
    r"(?:«|‹|»|›|→|>|\s)*(?:weiter|n(?:ä|ae)chste(?: seite)?|(?:ä|ae)ltere (?:beitr(?:ä"
    r"|ae)ge|eintr(?:ä|ae)ge)|mehr laden"
    r"|next(?: page)?|vor|seite \d{1,3}|\d{1,3})(?:«|‹|»|›|→|>|\s)*|»|›|→|>",
    re.IGNORECASE,
)
_NEVER = re.compile(
    r"impressum|imprint|datenschutz|privacy|(?:^|[/_-])agb(?:$|[/._-])|haftungsausschluss"
    r"|cookie|(?:^|/)(?:login|logout|anmelden|registrieren|register"
    r"|warenkorb|cart|checkout|mein-konto|wp-login|wp-admin|wp-content"
    r"|wp-includes|xmlrpc\.php|typo3|administrator|user|users|cgi-bin"
    r"|cdn-cgi|author|feed|rss|comments|trackback|embed|print|drucken|druckversion|pdf"
    r"|mail-a-friend|share|leichte-sprache)(?:$|[/.?])"
    r"|sitemap\.html?$|/wp-json/oembed",
    re.IGNORECASE,
)
_SEARCH = re.compile(r"(?:^|/)(?:suche|search)(?:\.\w{2,5})?(?:$|/)(?P<within>.*)", re.IGNORECASE)
_PAGED = re.compile(r"(?:(?:seite|page)[/-]?)?\d{0,4}/?", re.IGNORECASE)
_PAGE_NUMBER = re.compile(r"(?:^|/)(?:seite|page)[/_-]?\d{1,4}(?:\.\w{2,5})?/?$", re.IGNORECASE)
_PAGING = re.compile(
    r"(?:.*\[)?(?:page|seite|paged|p|pg|start|offset|currentpage)\]?", re.IGNORECASE
)
_NEVER_QUERY = frozenset(
    [
        "print",
        "drucken",
        "replytocom",
        "share",
        "action",
        "s",
        "q",
        "search",
        "query",
        "suche",
        "type",
        "tx_indexedsearch",
        "login",
        "logout",
        "order",
        "sort",
        "orderby",
        "dir",
        "filter_order",
        "tmpl",
        "format",
        "mailto",
        "lang_switch",
        "ical",
        "outlook-ical",
        "eventdisplay",
    ]
)
_FILE = re.compile(
    r"\.(?:jpe?g|png|gif|webp|svg|ico|bmp|tiff?|mp[34]|m4[av]|avi|mov|wmv|webm|ogg|wav|zip"
    r"|rar|7z|gz|tar|exe|dmg|docx?|xlsx?|pptx?|od[tsp]"
    r"|pdf|css|js|woff2?|ttf|eot|vcf|rtf|epub)$",
    re.IGNORECASE,
)
_DOCUMENT = re.compile(r"\.(?:pdf|csv|tsv|xlsx?|xlsm|ods)$", re.IGNORECASE)
_LISTING = re.compile(
    r"wegweiser|brosch(?:ü|ue)re|faltbl(?:a|ä|ae)tt|heft(?![a-zäöü])|ferien|verzeichnis"
    r"|(?:ü|ue)bersicht|liste\b|_liste|adress|angebote|programm"
    r"|termine|kalender|ratgeber|anlaufstelle|handbuch|infoblatt|beratungsstelle|kurse"
    r"|hilfen|netzwerkkarte|telefon",
    re.IGNORECASE,
)
_PAPERWORK = re.compile(
    r"satzung|antrag|formular|protokoll|presse|bericht|datenschutz|einladung|tagesordnung|studie"
    r"|gesetz|richtlinie|konzept|leitbild|spende|beitritt|anmeldebogen|stellen(?:angebot|ausschreibung)"
    r"|rechnung|vollmacht|leitfaden|preisliste|teilnahmebedingung|hausordnung|logo|plakat|vortrag"
    r"|pr(?:ä|ae)sentation|evaluation|statistik|checkliste|newsletter|agb\b",
    re.IGNORECASE,
)
_CALENDAR_PATH = re.compile(
    r"(?:^|/(?:\d{1,2}[-.])?|(?<!\d)-)(?:19|20)\d{2}[/-]?(?:0?[1-9]|1[0-2])?(?:[/-]\d{1,2})?(?:/|$)"
)
_CALENDAR_QUERY = re.compile(
    r"(?:^|[&_-])(?:month|monat|year|jahr|day|week|woche|date|datum|mini)(?:\[\])?=", re.IGNORECASE
)
_ARTICLE = re.compile(r"/(?:19|20)\d{2}/\d{1,2}/(?:\d{1,2}/)?[\w%-]*[a-z][\w%-]*/?$", re.IGNORECASE)
_WORDS = re.compile(r"[a-zäöü]{4}", re.IGNORECASE)
_NO_SITEMAP = re.compile(r"author|user|tag|image")
_ICAL = re.compile(r"\.ics(?:$|\?)|[?&]ical=1(?:&|$)|webcal:", re.IGNORECASE)


def links(page: Page, source: Source) -> list[PageRequest]:
    """What an HTML page leads to within the source's own site, each address once."""
    base = page.base
    root = root_of(base)
    starts = tuple(source.start)
    found: dict[str, PageRequest] = {}
    here = page_key(page.url, source)
    for anchor in _leading(page):
        attributes = anchor.attributes
        framed = anchor.tag in {"frame", "iframe"}
        href = attributes.get("src" if framed else "href") or ""
        if not href or href[0] == "#":
            continue
        text = " ".join(anchor.text().split())[:200] or (attributes.get("title") or "")
        above = root if href[0] == "/" else base
        key, wanted = _led_to(above, href, text, attributes.get("rel") or "", starts)
        if wanted is None or key == here:
            continue
        if framed:  # part of this very page
            wanted = replace(wanted, promise=_FRAMED, reason="framed page")
        known = found.get(key)
        if known is None or known.promise < wanted.promise:
            found[key] = wanted
    if here in {"/", ""} and page.url.lower().startswith("http"):
        parts = urlsplit(page.url)
        site_map = f"{parts.scheme}://{parts.netloc}/sitemap.xml"
        found.setdefault("/sitemap.xml", PageRequest(site_map, 0, 0.2, "sitemap", optional=True))
    return sorted(found.values(), key=lambda wanted: (-wanted.promise, wanted.url))


@lru_cache(maxsize=8192)  # the menu of a site comes again on every page
def _led_to(
    base: str, href: str, text: str, rel: str, starts: tuple[str, ...]
) -> tuple[str, PageRequest | None]:
    """The key of the page that a link leads to, and the request for it where it is worth one."""
    scheme = base.partition(":")[0]
    url = absolute(base, href.replace("webcal:", f"{scheme}:", 1)).partition("#")[0]
    if not url or ("nofollow" in rel and "next" not in rel):
        return "", None
    wanted = _worth(url, text, starts, "next" in rel.split(), sitemap=False)
    return (key_at(url, starts), wanted) if wanted is not None else ("", None)


def _leading(page: Page) -> list[LexborNode]:
    """The elements of a page that lead somewhere.

    What <noframes> holds is plain text to a parser (HTML standard, 13.2.6.4.4), so that its links
    take a parse of their own.
    """
    found = page.tree.css(_LEADING)[:_MAX_LINKS]
    if b"<noframes" in page.opening:
        for node in page.tree.css("noframes"):
            found += LexborHTMLParser(node.text()).css("a[href]")[:_MAX_LINKS]
    return found


def worth_following(
    url: str, text: str, source: Source, *, following: bool = False, sitemap: bool = False
) -> PageRequest | None:
    """The request for a link of the source's own site; None for traps and what is no content.

    `text` is what the link says, `following` true where it is marked as the next page of a list,
    `sitemap` where a sitemap names it.
    """
    return _worth(url, text, tuple(source.start), following, sitemap)


def _worth(
    url: str, text: str, starts: tuple[str, ...], following: bool, sitemap: bool
) -> PageRequest | None:
    if len(url) > _MAX_URL or not any(site_of(start) == site_of(url) for start in starts):
        return None
    return _judge(url, text, following, sitemap)


def _judge(url: str, text: str, following: bool, sitemap: bool) -> PageRequest | None:
    try:
        parts = urlsplit(url)
    except ValueError:
        return None
    path = unquote(parts.path)
    if sitemap and path.endswith(".xml"):
        return None if _NO_SITEMAP.search(path) else PageRequest(url, 0, 0.3, "sitemap")
    if _ICAL.search(url):
        return PageRequest(url, 0, 0.7, "calendar file")
    if _DOCUMENT.search(path):
        return _document(url, f"{text} {path.rpartition('/')[2]}", text)
    if _dead_end(path, parts.query) or _trap(path, parts.query):
        return None
    promise, reason = _promise(f"{text} {path}", text, following)
    return PageRequest(
        url, 0, promise, reason, following=following or _pages(text, path, parts.query)
    )


def _pages(text: str, path: str, query: str) -> bool:
    """Whether a link turns the page of a list: "weiter" alone also leads to what is no list."""
    if not _NEXT.fullmatch(text):
        return False
    return bool(_PAGE_NUMBER.search(path)) or any(
        _PAGING.fullmatch(name) for name, _ in parse_qsl(query)
    )


def is_document(url: str) -> bool:
    """Whether an address is that of a PDF or a list, by its ending."""
    return bool(_DOCUMENT.search(url.partition("?")[0]))


def _document(url: str, words: str, text: str) -> PageRequest | None:
    """The request for a PDF or a list that promises offers; pages are read before it."""
    if _PAPERWORK.search(words) or not (_LISTING.search(words) or _PROMISE.search(words)):
        return None
    return PageRequest(url, 0, 0.35, text[:80] or "promising document")


def _promise(words: str, text: str, following: bool) -> tuple[float, str]:
    """How much a link promises, and why."""
    if following or (text and _NEXT.fullmatch(text)):
        return 0.95, "next page"
    if _PROMISE.search(words):
        return 0.8, text[:80] or "promising address"
    if _NETWORK.search(words):
        return 0.7, text[:80] or "the network itself"
    return 0.4, text[:80] or "page of the site"


def _dead_end(path: str, query: str) -> bool:
    """True for files, legal pages, searches and other views of what is read anyway."""
    if _FILE.search(path) or _NEVER.search(path):
        return True
    names = [name.lower() for name, _ in parse_qsl(query, keep_blank_values=True)]
    if any(name in _NEVER_QUERY for name in names):
        return True
    # A list of results that a page links is content, and so are its next pages; what else its
    # form can be asked for has no end.
    if not (search := _SEARCH.search(path)):
        return False
    return not (_PAGED.fullmatch(search["within"]) and all(map(_PAGING.fullmatch, names)))


def _trap(path: str, query: str) -> bool:
    """True for addresses that a site can make without end."""
    segments = [segment for segment in path.split("/") if segment]
    if len(segments) > _MAX_SEGMENTS or any(segments.count(s) > 2 for s in set(segments)):
        return True
    if len(segments) >= 4 and segments[-2:] == segments[-4:-2]:
        return True
    if len(parse_qsl(query, keep_blank_values=True)) > 6:
        return True
    if _CALENDAR_QUERY.search(query):
        return True
    # A dated article has words after its date; a month of a calendar has none.
    if _CALENDAR_PATH.search(path) and not _ARTICLE.search(path):
        return not _WORDS.search(segments[-1] if segments else "")
    return False
