"""Enumerations in German prose: "das Jobcenter, die Caritas und der Verein A, B und C"."""

from __future__ import annotations

import re

_ARTICLE = r"(?:der|die|das|dem|den|des|ein|eine|einem|einer|unser|unsere|weitere|viele|mehrere)"
_STARTS_ARTICLE = re.compile(rf"{_ARTICLE}\s", re.IGNORECASE)
_LEADING = re.compile(
    rf"^(?:(?:{_ARTICLE}|seit\s(?:\w+\s){{0,2}}(?:19|20)\d\d|sowie|und|auch|etwa|wie|z\.\s?B\.|u\.\s?a\.)\s+)+",
    re.IGNORECASE,
)
ORGANISATION = re.compile(
    r"(?i:\b\w*(?:job-?center|agentur|verband|verein|zentrum|zentren|werk|stiftung|kammer|"
    r"ministerium|"
    r"verwaltung|beauftragt|volkshochschule|bibliothek|bücherei|gesellschaft|klinik|krankenkasse|"
    r"initiative|gemeinde|kirche|diakonie|caritas|dienst|polizei|sparkasse|hochschule|universität|"
    r"bildungsträger|beratungsstelle|gleichstellungsstelle|kinderschutzbund|frauenhaus|"
    r"familienkasse|"
    r"anlaufstelle|fachstelle|netzwerk|bündnis|genossenschaft|institut|akademie|treff|büro)\w*)"
    r"|\b\w*[Aa]mt\b|\bHaus\b|\w+haus\b|\b[Ss]tadt\b|\b[Ll]andkreis\b|\bKreis\b|\bKitas?\b|"
    r"\bTafel\b|"
    r"\bTräger\b|\bSchulen\b|\be\.?\s?[Vv]\b|\bg?GmbH\b|\b(?:SkF|skf|pro familia|donum vitae)\b"
)
"""Words that tell an organisation or an office."""
_ABBREVIATION = re.compile(r"[A-ZÄÖÜ][A-Za-zÄÖÜ]?[A-ZÄÖÜ]+\b")
# A head that is followed by an enumeration of its own: "Amt für Jugend, Familie und Soziales".
_OPENER = re.compile(
    r"\b\w*(?:[Bb]ereiche?|[Aa]mt für|[Dd]ezernat|[Mm]inisterium für|[Vv]erwaltung für|[Rr]eferat|"
    r"[Aa]usschuss für|[Vv]erband \w+|[Vv]erein für|(?<!\w)Zentrum|[Zz]entrum für|"
    r"[Aa]bteilung|[Ff]achdienst|"
    r"[Bb]eauftragte für|[Ss]telle für|[Bb]üro für|[Ii]nstitut für|zwischen|Vereinbarkeit von|"
    r"[Hh]ilfe für)\s"
)
_AND = re.compile(r"\s+(?:und|sowie|&|als auch|oder)\s+")
_REGISTERED = re.compile(r"^[^,]{0,60}\be\.\s?V\b")
_LEGAL_FORM = re.compile(r"(?:\be\.\s?V\.?|\bg?(?:GmbH|AG|UG)|\beG|\bStiftung)\)?$")
_CLUB = re.compile(r"(?:(?:der|die|das|dem)\s)?(?:Verein|Verband|Initiative)\b(?!.*e\.\s?V)")
_QUOTED = re.compile(r"^[„\"»]([^„“”\"»«]+)[“”\"«]\.?$")
_HEAD = re.compile(r"\s+(?:und|sowie|&|als auch|oder|des|der|im|in|für|vom|von)\s+")
_STRONG = re.compile(r"\s+(?:sowie|als auch)\s+")
_TAIL = re.compile(
    r"\s+(?:(?:sind|ist|waren|haben|wurden|werden|soll(?:en|te|ten)?|können|arbeiten|wirken|"
    r"gehören|beteiligen|"
    r"engagieren|bilden|finden|stehen|mit\s?einzubeziehen|einzubeziehen|in das Netzwerk|"
    r"im Netzwerk|am Netzwerk|an dem Aufbau|am Aufbau|zusammen(?:geschlossen)?|beteiligt|vertreten|"
    r"eng zusammen|bearbeite[nt]|an(?=\.?$)|dabei|geschaffen)\b.*)$"
)


def split_organisations(text: str) -> list[str]:
    """The members of an enumeration of organisations, without articles.

    "und" stands in names too ("Verband alleinerziehender Mütter und Väter"): it parts two members
    only where what follows has an article or is an organisation, and where no head before it
    opened an enumeration of its own.
    """
    members: list[str] = []
    for strong in _STRONG.split(_clean(text)):
        inside = False  # an enumeration that belongs to the last member's name
        for part in _commas(strong):
            if inside and not _STARTS_ARTICLE.match(part) and not _names_organisation(part):
                first, *others = _split_and(part)
                members[-1] = f"{members[-1]}, {first}"
                members.extend(others)
                inside = " und " not in part
                continue
            pieces = _split_and(part)
            members.extend(pieces)
            inside = bool(_OPENER.search(pieces[-1])) and " und " not in pieces[-1]
    return _strip(members)


def split_topics(text: str) -> list[str]:
    """The members of an enumeration of subjects: "Wohnung, Kinderbetreuung sowie Recht".

    Suspended words ("Sozial- und Jugendarbeit") and "Vereinbarkeit von A und B" stay whole.
    """
    members: list[str] = []
    parts = [part for strong in _STRONG.split(_clean(text)) for part in _commas(strong)]
    last = len(parts) - 1
    for number, part in enumerate(parts):
        closes = number == last or (number < last and len(parts) > 2 and number >= last - 1)
        members.extend(_split_topic(part) if closes or len(parts) == 1 else [part])
    return _strip(members)


def _split_topic(part: str) -> list[str]:
    if _QUOTED.match(part) or (_OPENER.search(part) and "," not in part):
        return [part]
    match = _AND.search(part)
    if match is None or part[: match.start()].endswith("-"):
        return [part]
    return [part[: match.start()], part[match.end() :]]


def _split_and(part: str) -> list[str]:
    pieces: list[str] = []
    rest = part
    position = 0
    while match := _AND.search(rest, position):
        left, right = rest[: match.start()], rest[match.end() :]
        position = match.end()
        if left.endswith("-"):
            continue
        article = _STARTS_ARTICLE.match(right) is not None
        if not article and _REGISTERED.search(right) and _CLUB.match(left):
            continue  # "Verein A und B e.V."
        if (
            article
            or _LEGAL_FORM.search(left)
            or (not _OPENER.search(left) and _may_be_organisation(right))
        ):
            pieces.append(left)
            rest, position = right, 0
    pieces.append(rest)
    return pieces


def _names_organisation(text: str) -> bool:
    """The next words, up to the next "und" or attribute, tell an organisation."""
    return ORGANISATION.search(_HEAD.split(text, maxsplit=1)[0]) is not None


def _may_be_organisation(text: str) -> bool:
    """The same, where a bare abbreviation ("VAMV") will do."""
    return _names_organisation(text) or _ABBREVIATION.match(text) is not None


def _commas(text: str) -> list[str]:
    """Parts between commas and semicolons that are not inside brackets or quotation marks."""
    parts: list[str] = []
    depth = 0
    start = 0
    for index, char in enumerate(text):
        if char in "(„»[":
            depth += 1
        elif char in ")“«]":
            depth = max(0, depth - 1)
        elif char in ",;" and depth == 0:
            parts.append(text[start:index])
            start = index + 1
    parts.append(text[start:])
    whole: list[str] = []
    for part in (p.strip() for p in parts):
        if whole and whole[-1].endswith("-"):  # "Sozial-, Frauen- und Jugendarbeit"
            whole[-1] = f"{whole[-1]}, {part}"
        elif part:
            whole.append(part)
    return whole


def _clean(text: str) -> str:
    return _TAIL.sub("", text.strip().strip(":").strip())


def _strip(members: list[str]) -> list[str]:
    found: list[str] = []
    for member in members:
        text = _QUOTED.sub(r"\1", member.strip(" ,;:–"))
        text = _LEADING.sub("", _TAIL.sub("", text))
        text = text if text.endswith(("e.V.", "e. V.")) else text.rstrip(" .,;:")
        if 1 < len(text) <= 160 and text not in found and any(c.isalpha() for c in text):
            found.append(text)
    return found
