"""Whether a site reserves its texts against text and data mining (§ 44b Abs. 3 UrhG).

Read are the TDM Reservation Protocol (W3C Community Group Final Report, 2024: the file
/.well-known/tdmrep.json, the header fields, the meta elements, each overruling those before it),
the words "noai" for robots, and plain words in robots.txt and in the imprint. Whether words alone
bind is disputed (LG Hamburg, 310 O 227/23); here they do.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from urllib.parse import urljoin, urlsplit

from selectolax.lexbor import LexborHTMLParser

from crawlers.page import Page

WELL_KNOWN = "/.well-known/tdmrep.json"
_MAX_RULES = 1_000
_MAX_LOCATION = 500
_MAX_TEXT = 200_000  # characters in which words are sought
_QUOTE = 300
_NEAR = 240  # characters around the subject in which its reservation stands


@dataclass(frozen=True, slots=True)
class Reservation:
    """What a site says of text and data mining.

    `where` is the URL of what says it (of what was read, where nothing was said), `quote` its
    words ("" for nothing), `checked_at` when it was read (UTC), `policy` the URL under which a
    licence can be had.
    """

    reserved: bool
    where: str
    quote: str
    checked_at: datetime
    policy: str | None = None


@dataclass(frozen=True, slots=True)
class Rule:
    """One entry of a tdmrep.json: a pattern of paths, and whether they are reserved."""

    location: str
    reserved: bool
    policy: str | None = None

    def covers(self, url: str) -> bool:
        """Say whether the rule is for a URL (patterns as in RFC 9309, 2.2.3: "*" and "$")."""
        parts = urlsplit(url)
        path = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
        return _covers(self.location, path)


_SUBJECT = re.compile(
    r"text[-\s]{0,3}(?:und|and|&|u\.)[-\s]{0,3}data[-\s]{0,3}mining|\bTDM\b"
    r"|\b44\s?b\b(?:(?!SGB|Sozialgesetz).){0,40}?(?:UrhG|Urheberrecht)|2019/790",
    re.IGNORECASE,
)
_RESERVES = re.compile(
    r"vorbehalt|vorbehält|vorbehielt|behalten\b.{0,60}?\bvor\b|untersag|verboten|verbieten|widersprochen"
    r"|\bwir\s.{0,40}?widersprechen|widersprechen\s{1,3}wir|unzulässig|ausgeschlossen|schließen\b.{0,60}\baus\b"
    r"|nicht\s{1,3}(?:gestattet|erlaubt|zulässig|genehmigt|freigegeben|zugestimmt)"
    r"|(?:bedarf|bedürfen|nur mit|nur nach|ohne)\s.{0,60}?(?:zustimmung|genehmigung|erlaubnis"
    r"|einwilligung)"
    r"|\breserv(?:e|es|ed|ation)\b|prohibited|not\s{1,3}(?:permitted|allowed)|forbidden|opt[-\s]out",
    re.IGNORECASE,
)
_DENIES = re.compile(
    r"\bkein(?:e|en|er|es)?\s{1,3}(?:\w{1,30}\s{1,3}){0,2}(?:nutzungs)?vorbehalt"
    r"|nicht\s{1,3}(?:vorbehalten|untersagt|verboten|ausgeschlossen|widersprochen)"
    r"|\bno\s{1,3}(?:\w{1,20}\s{1,3}){0,2}reservation|not\s{1,3}(?:reserved|prohibited|forbidden)"
    r"|ohne\s{1,3}vorbehalt",
    re.IGNORECASE,
)
_ALL_RIGHTS = re.compile(r"alle rechte vorbehalten|all rights reserved", re.IGNORECASE)
_SENTENCE = re.compile(r"(?<=[a-zäöüß)\"“]{2})[.!?]\s+(?=[A-ZÄÖÜ])")
_THIS = re.compile(r"dies|das ist\b|sie ist\b|solche|hiervon|hierfür|this\b|it is\b", re.IGNORECASE)
_NO_AI = re.compile(r"(?:^|[\s,:;])noai(?:$|[\s,;])", re.IGNORECASE)
_IMPRINT = re.compile(
    r"impressum|imprint|rechtliche[rs]? hinweis|rechtshinweis|nutzungsbedingung|legal notice",
    re.IGNORECASE,
)


def read_rules(body: bytes) -> tuple[Rule, ...]:
    """The rules of a tdmrep.json in their order; none where it is no such file."""
    try:
        data = json.loads(body.decode("utf-8-sig", "replace"))
    except (ValueError, RecursionError):
        return ()
    found = []
    for entry in data[:_MAX_RULES] if isinstance(data, list) else ():
        if not isinstance(entry, dict):
            continue
        location, state = entry.get("location"), _flag(entry.get("tdm-reservation"))
        if isinstance(location, str) and location and state is not None:
            policy = entry.get("tdm-policy")
            found.append(
                Rule(location[:_MAX_LOCATION], state, policy if isinstance(policy, str) else None)
            )
    return tuple(found)


def of_rules(rules: Iterable[Rule], url: str, at: datetime) -> Reservation | None:
    """What the file of its host says of a URL: the first rule that covers it counts."""
    for rule in rules:
        if rule.covers(url):
            quote = f"{rule.location}: tdm-reservation {int(rule.reserved)}"
            return Reservation(rule.reserved, urljoin(url, WELL_KNOWN), quote, at, rule.policy)
    return None


def of_headers(headers: Mapping[str, str], url: str, at: datetime) -> Reservation | None:
    """What response headers say; names are lower case."""
    state = _flag(headers.get("tdm-reservation"))
    if state is not None:
        policy = headers.get("tdm-policy")
        return Reservation(state, url, f"tdm-reservation: {int(state)}", at, policy)
    robots = headers.get("x-robots-tag", "")
    if _NO_AI.search(robots):
        return Reservation(True, url, f"x-robots-tag: {robots[:_QUOTE]}", at)
    return None


def of_meta(page: Page) -> Reservation | None:
    """What the meta elements of an HTML page say."""
    if not page.is_html:
        return None
    stated: dict[str, str] = {}
    for node in page.tree.css("meta[name][content]")[:200]:
        name = (node.attributes.get("name") or "").strip().lower()
        stated.setdefault(name, (node.attributes.get("content") or "").strip())
    state = _flag(stated.get("tdm-reservation"))
    if state is not None:
        quote = f"meta tdm-reservation: {int(state)}"
        return Reservation(state, page.url, quote, page.fetched_at, stated.get("tdm-policy"))
    for name in ("robots", "netzlotse"):
        # "noimageai" is for pictures, and none is ever read here.
        if _NO_AI.search(stated.get(name, "")):
            quote = f"meta {name}: {stated[name][:_QUOTE]}"
            return Reservation(True, page.url, quote, page.fetched_at)
    return None


def of_words(text: str, url: str, at: datetime) -> Reservation | None:
    """What a text says in plain German or English; None where it does not speak of mining.

    The subject (text and data mining, § 44b UrhG) and the reservation must stand in one sentence,
    or the next one says "dies"; "Alle Rechte vorbehalten" alone reserves nothing here.
    """
    text = " ".join(text[:_MAX_TEXT].split())
    for number, subject in enumerate(_SUBJECT.finditer(text)):
        if number == 50:
            break
        sentence = _around(text, subject.start(), subject.end())
        if _DENIES.search(sentence):
            continue
        if _RESERVES.search(_ALL_RIGHTS.sub("", sentence)):
            return Reservation(True, url, sentence.strip()[:_QUOTE], at)
    return None


def of_robots(text: str, url: str, at: datetime) -> Reservation | None:
    """What the comments of a robots.txt say in words; its rules are another matter (RFC 9309)."""
    comments = (line.partition("#")[2].strip() for line in text[:_MAX_TEXT].splitlines())
    return of_words(" ".join(comment for comment in comments if comment), url, at)


def of_page(page: Page, rules: Sequence[Rule] = ()) -> Reservation | None:
    """What the protocol says of a page: its meta elements, else its headers, else the file."""
    return (
        of_meta(page)
        or of_headers(page.headers, page.url, page.fetched_at)
        or of_rules(rules, page.url, page.fetched_at)
    )


def of_text(page: Page) -> Reservation | None:
    """What the words of an HTML page say, such as those of an imprint."""
    if not page.is_html:
        return None
    tree = LexborHTMLParser(page.text)  # its own: scripts are taken out of it
    tree.strip_tags(["script", "style", "noscript", "template"])
    return of_words(tree.body.text(separator=" ") if tree.body else "", page.url, page.fetched_at)


def imprint_of(page: Page) -> str | None:
    """The address of the imprint that a page links; None where it links none."""
    if not page.is_html:
        return None
    for anchor in page.tree.css("a[href]")[:1_000]:
        href = (anchor.attributes.get("href") or "").strip()
        if href and _IMPRINT.search(f"{anchor.text()[:100]} {href[:300]}"):
            try:
                url = urljoin(page.url, href).partition("#")[0]
            except ValueError:
                continue
            if url.lower().startswith(("http://", "https://")):
                return url
    return None


def _around(text: str, start: int, end: int) -> str:
    """The sentence that holds a subject, and the next one where it says "this"."""
    left, right = max(0, start - _NEAR), min(len(text), end + _NEAR)
    for stop in _SENTENCE.finditer(text, left, start):
        left = stop.end()
    for stop in _SENTENCE.finditer(text, end, right):
        if not _THIS.match(text, stop.end()):
            right = stop.start() + 1
            break
    return text[left:right]


def _flag(value: object) -> bool | None:
    text = str(value).strip() if isinstance(value, str | int) else ""
    return {"1": True, "0": False, "True": True, "False": False}.get(text)


def _covers(pattern: str, path: str) -> bool:
    """Match a robots.txt pattern: a prefix with "*" for anything and "$" for the end.

    Greedy from piece to piece, so that many stars cost no more than few.
    """
    anchored = pattern.endswith("$")
    first, *rest = pattern.removesuffix("$").split("*")
    if not path.startswith(first):
        return False
    at = len(first)
    for number, piece in enumerate(rest):
        if anchored and number == len(rest) - 1:
            return len(path) - len(piece) >= at and path.endswith(piece)
        at = path.find(piece, at)
        if at < 0:
            return False
        at += len(piece)
    return not anchored or at == len(path)
