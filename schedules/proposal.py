"""From a probed site to its declaration: only what a coordinator has to decide."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Sequence
from urllib.parse import urlsplit

import yaml
from pydantic import ValidationError

from aggregator.harvest import Draft
from aggregator.places.places import BERLIN, Gazetteer
from crawlers.finder.words import is_generic
from crawlers.keys import slug
from crawlers.page import Page
from crawlers.pattern import Pattern
from crawlers.source import Expectation, Politeness, Source, SourceError, as_yaml, faults_of

GERMANY = "DE"
_SECONDS = 1_800  # that a probe may take; a person waits for it
_MAJORITY = 0.6
_LEAST, _MOST = 0.85, 2.0  # of what was found: the bounds of a healthy run
_POSTCODE = re.compile(r"(?<![\d.,/-])(\d{5})\s{1,3}[A-ZÄÖÜ][a-zäöüß]")
_SEPARATED = re.compile(r"\s+[|»«–—·•:-]\s+|:\s+")
_MAX_TEXT = 200_000

LAENDER = {
    "01": "sh", "02": "hh", "03": "ni", "04": "hb", "05": "nw", "06": "he", "07": "rp", "08": "bw",
    "09": "by", "10": "sl", "11": "be", "12": "bb", "13": "mv", "14": "sn", "15": "st", "16": "th",
}  # fmt: skip
"""The short names of the Länder (ISO 3166-2:DE, lower case) by their official keys."""


def first_source(url: str, source_id: str | None, region: str | None, *, pages: int) -> Source:
    """The source that a probe runs with. Raises SourceError where the URL is none."""
    if "://" not in url:
        url = f"https://{url}"
    host = _host(url)
    try:
        return Source(
            id=source_id or id_of(host),
            title=host or url,
            region=region or GERMANY,
            start=[url],
            politeness=Politeness(pages=pages, seconds=_SECONDS),
        )
    except ValidationError as error:
        faults = (fault.removeprefix("start.0: ") for fault in faults_of(error))
        raise SourceError("\n".join(faults)) from error


def id_of(host: str) -> str:
    """A source id from a host: its name without www. and the country's ending."""
    name = re.sub(r"^www\d?\.|\.(?:de|org|net|info|eu|com)$", "", host.lower())
    return slug(name)[:64].strip("-") or "quelle"


def proposed(source: Source, start: Page | None, found: int) -> Source:
    """The declaration for a source of which `found` offers were found."""
    changes = {"title": _title(start) or source.title, "politeness": Politeness()}
    return expecting(source.model_copy(update=changes), found)


def expecting(source: Source, found: int) -> Source:
    """A source that expects from 85 % to twice of what was found; nothing where that is nothing."""
    if not found:
        return source.model_copy(update={"expect": Expectation()})
    bounds = {"min": max(1, int(found * _LEAST)), "max": int(found * _MOST)}
    return source.model_copy(update={"expect": source.expect.model_copy(update=bounds)})


def with_pages(source: Source, pages: int) -> Source:
    """A source of which a probe fetches so many pages at most."""
    bounds = {"pages": pages, "seconds": _SECONDS}
    politeness = source.politeness.model_copy(update=bounds)
    return source.model_copy(update={"politeness": politeness})


def with_alternative(source: Source, pattern: Pattern | None) -> str:
    """A declaration, and below it, as a comment, the pattern that would find the same."""
    if pattern is None:
        return as_yaml(source)
    stated = pattern.model_dump(mode="json", exclude_defaults=True)
    lines = yaml.safe_dump({"pattern": stated}, allow_unicode=True, sort_keys=False, width=100)
    commented = "".join(f"# {line}\n" for line in lines.splitlines())
    return (
        f"{as_yaml(source)}\n"
        "# Die Website ist von keiner bekannten Machart. Dieses Muster fand beim Probelauf\n"
        "# dieselben Angebote; ohne die Zeichen # davor gilt es fest. Nötig ist das nur, wenn\n"
        "# einmal zu viel oder zu wenig gefunden wird. Danach mit netzlotse probe prüfen.\n"
        f"{commented}"
    )


def folder_of(region: str) -> str:
    """The folder of a region's declarations: the short name of its Land, "de" for the country."""
    return LAENDER.get(region[:2], "de")


def region_of(offers: Sequence[Draft], text: str, places: Gazetteer) -> str:
    """The region that most postcodes lie in: a Kreis, else a Land, else the country.

    The offers' own postcodes count; those in the text of the start page where no offer has one.
    """
    postcodes = [str(code) for draft in offers if (code := draft.values.get("postcode"))]
    keys = list(_regions(postcodes or _POSTCODE.findall(text[:_MAX_TEXT]), places))
    for digits in (5, 2):
        votes = Counter(key[:digits] for key in keys if len(key) >= digits)
        for key, count in votes.most_common(1):
            if count >= _MAJORITY * len(keys):
                return "11" if key == BERLIN else key
    return GERMANY


def _regions(postcodes: Iterable[str], places: Gazetteer) -> Iterable[str]:
    for postcode in postcodes:
        place = places.locate(postcode, None)
        if place is None:
            continue
        if place.region_key:
            yield place.region_key
        elif place.city == "Berlin":
            yield "11"


def _title(page: Page | None) -> str:
    """What a site calls itself: og:site_name, else the title of its start page."""
    if page is None or not page.is_html:
        return ""
    named = page.tree.css_first("meta[property='og:site_name']")
    text = (named.attributes.get("content") if named is not None else "") or ""
    title = page.tree.css_first("head title")
    if not text.strip() and title is not None:
        text = title.text()
    text = " ".join(text.split())[:300]
    parts = [part for part in _SEPARATED.split(text) if part and not is_generic(part)]
    return (parts[-1] if len(parts) < len(_SEPARATED.split(text)) and parts else text).strip()


def _host(url: str) -> str:
    try:
        return (urlsplit(url).hostname or "").lower()
    except ValueError:
        return ""
