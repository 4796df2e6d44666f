"""Whose site it is: one institution's own, or that of many."""

from __future__ import annotations

import re
from functools import lru_cache

from aggregator.normalise.context import Context
from aggregator.normalise.text import clean
from aggregator.normalise.wording import word_list
from crawlers.bodies import ADULT_EDUCATION, AUTHORITIES, GATHERERS, WELFARE
from crawlers.record import Passage, Record, Role

LEGAL_FORM = re.compile(r"\s*\b(?:e\.\s?V\.|g?GmbH|gUG|gAG|eG|KdöR)")
"""The legal form behind a body's name."""
# Who runs such a site only gathers what others offer.
_GATHERS = re.compile(GATHERERS, re.IGNORECASE)
# "Ev." in the name is "Evangelischen" in the title.
_CREED = re.compile(r"\b(?:Evang?|Kath|Evangelische[nrs]?|Katholische[nrs]?)\b\.?")
JOINING = frozenset(
    {"und", "für", "der", "die", "das", "den", "dem", "des", "in", "im", "am", "an", "von", "vom"}
)
"""Words of a name that tell it from no other."""
# A site of many: a network, a portal, a town's guide …
_OF_MANY = re.compile(
    r"netz|bündnis|portal|wegweiser|verbund|arbeitskreis|lotse|info|adressen|plattform|verzeichnis"
    r"|atlas|angebote|plan\b|programm|kalender|termine|willkommen|start",
    re.IGNORECASE,
)
# … or of those for whom it is, unless a house or a body is called so.
_OF_SOMEBODY = re.compile(
    r"alleinerziehend|\bin\s|\bfür\s|treff\b|eltern|solo|mütter|väter", re.IGNORECASE
)
_HOUSE = re.compile(
    r"(?:\b|[a-zäöü])(?:zentrum|haus|beratung|beratungsstelle|verein|werk|bildungsstätte"
    r"|stätte|gemeinde|verband|schule)\b|\be\.\s?V|gGmbH",
    re.IGNORECASE,
)
_CALLED = re.compile(
    r"(?:[\w.-]+\s)?[\w-]*(?:zentrum|haus|hof|bildungsstätte|beratungsstelle|verein|verband|werk)\b"
    r"|.*(?:\be\.\s?V\.|gGmbH)",
    re.IGNORECASE,
)
_KNOWN = re.compile(rf"{WELFARE}|{AUTHORITIES}|{ADULT_EDUCATION}")


@lru_cache(maxsize=256)
def is_institution(site: str) -> bool:
    """Say whether a site's name is that of one institution, not of a network or a guide."""
    if _OF_MANY.search(site):
        return False
    if _OF_SOMEBODY.search(site):
        return _CALLED.match(site) is not None
    return bool(_HOUSE.search(site) or _KNOWN.match(site))


def owner_of(record: Record, context: Context) -> Passage | None:
    """The body whose own site it is, by its frame; None on a site of many."""
    owner = next((p for p in record.passages if p.role is Role.OWNER), None)
    if is_institution(context.site):
        return owner
    if owner is None or _GATHERS.search(owner.text) or _GATHERS.search(context.site):
        return None
    if not (_OF_MANY.search(context.site) or _OF_SOMEBODY.search(context.site)):
        return owner
    called = set(word_list(context.site))
    named = set(word_list(_CREED.sub("", LEGAL_FORM.sub("", clean(owner.text))))) - JOINING
    return owner if named and named <= called else None


# "Caritas Schuldnerberatung" of the Caritasverband Nord; "Lebensberatungsstelle" of whoever.
_BRAND = re.compile(
    r"caritas|diakon|\bawo\b|arbeiterwohlfahrt|kinderschutzbund|\bdrk\b|rotes kreuz|\bsk[fm]\b"
    r"|malteser|johanniter|pro ?familia|donum vitae|kolping|\bvamv\b|\bshia\b|volkshochschule"
    r"|\bvhs\b",
    re.IGNORECASE,
)
_ONE_OF_MANY = re.compile(
    r"(?:die |unsere |unser )?[\w-]*(?:stelle|zentrum|büro|dienst|haus|sekretariat)", re.IGNORECASE
)


def is_part(name: str, owner: str) -> bool:
    """Whether a name without legal form is that of a part of the body whose own site it is."""
    if LEGAL_FORM.search(name):
        return False
    brand, own = _BRAND.search(name), _BRAND.search(owner)
    if brand and own:
        return brand[0].casefold() == own[0].casefold() and name.casefold() != owner.casefold()
    return _ONE_OF_MANY.fullmatch(name) is not None


def owner_name(owner: Passage, context: Context) -> str:
    """What the owner of a site is called: in full where the site itself goes by that name."""
    name, site = clean(owner.text), clean(context.site)
    if LEGAL_FORM.search(site) and site.endswith(f" {name}"):
        return site
    if LEGAL_FORM.search(name) or not (_BRAND.match(name) and is_institution(site)):
        return name
    # An association's house, that the frame calls for short: "pro familia Nord".
    whole = site_name(site)
    return whole if set(word_list(name)) < set(word_list(whole)) else name


def site_name(site: str) -> str:
    """What an institution is called whose site's name goes on: "Volkshochschule Nord – Kurse"."""
    head, _, rest = clean(site).partition(" – ")
    whole = rest and not LEGAL_FORM.search(rest) and (_HOUSE.search(head) or _KNOWN.search(head))
    return head if whole else clean(site)
