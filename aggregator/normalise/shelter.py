"""Shelters: places whose address protects those who live there, and is never stored.

Who is one is told by names ("Frauenhaus", "Zufluchtswohnung"), by a paraphrase ("Unterkunft für
Frauen, die vor Gewalt fliehen") or by an address that the page itself keeps secret. In doubt a
record is one: an address too few costs a telephone call, one too many can cost a life.
"""

from __future__ import annotations

import re
from functools import reduce
from operator import or_

from aggregator.normalise.cues import LINES, Cued, seen, watch
from aggregator.normalise.needed import needed
from aggregator.normalise.statement import Doubt, Reading, Statement
from crawlers.record import Record, Role

SHELTER = re.compile(
    r"frauen-?(?:\s?(?:und|u\.|&|/|\+)\s?(?:mädchen|kinder|mütter))?-?\s?(?:schutz)?-?h(?:aus|äuser)"
    r"|(?:zuflucht|schutz)s?-?(?:wohnung|h(?:aus|äuser)|stätte|einrichtung|raum|räume"
    r"|unterk[uü]nft|platz|plätze|wohnen|ort\b|orte\b)"
    r"|frauen-?\s?(?:schutz|zuflucht|not(?:wohnung|unterk|aufnahme)|zimmerwohnung|obdach)"
    r"|not(?:unterkunft|wohnung|aufnahme)\w*\sfür\s(?:[\w-]+\s){0,3}(?:frauen|mütter|mädchen)"
    r"|intervention[^.]{0,40}notaufnahme|mädchen-?(?:h(?:aus|äuser)|zuflucht|schutz)"
    r"|(?:mutter|mütter|frau|eltern)[- ](?:und[- ])?kind(?:er)?[- ]?schutz|\bzuflucht\b"
    r"|anonyme[nrsm]?\s(?:wohn|unterk|adresse|haus|schutz)|schutzhaus|gewaltschutzhaus"
    r"|\b(?:haus|wohnung|unterkunft|bleibe)\sfür\s(?:[\w-]+\s)?(?:frauen|mütter|mädchen)"
    r"[^.]{0,40}(?:in\snot|gewalt|bedroh|schutz)|safe\shouse|women[’']?s\s(?:shelter|refuge)",
    re.IGNORECASE,
)
# The page itself says that it keeps the place secret. Not mail addresses, not those of readers.
_SECRET = Cued(
    r"(?<!ihre )(?<!deine )(?<!eure )(?<!ihrer )(?<!mail-)(?<!ip-)"
    r"\b(?:adressen?|anschrift|standort|aufenthaltsort|lage|ort des hauses)\b[^.!?]{0,40}?"
    r"\b(?:geheim\w*|anonym\w*|vertraulich|"
    r"(?:nicht|nie|niemals)\s(?:öffentlich\s)?(?:bekannt|veröffentlicht|öffentlich|genannt"
    r"|preis|heraus|weiter|mitgeteilt)\w*|nennen\swir\snicht|unbekannt)"
    r"|anonyme[rnm]?\s(?:adresse|anschrift|ort)|geheime[rnm]?\s(?:adresse|anschrift|ort)",
    re.IGNORECASE,
    ear=LINES,
)
# An office of its own: what is told there about shelters is advice, not the door of one.
OFFICE = re.compile(
    r"berat(?:ung|ende|erin)|vermittlung|fachstelle|koordinierung|interventions|geschäftsstelle"
    r"|kontaktstelle|anlaufstelle|infopoint|büro|café|treff|verein\b|vereins|netzwerk|hotline"
    r"|hilfetelefon|notruf|vortrag|spende|flohmarkt|laden\b|nachsorge|jugendamt|sprechstunde"
    r"|gruppe|kurs\b|workshop|polizei|gericht|anwält|familienzentrum|opferhilfe",
    re.IGNORECASE,
)
# The shelter's name is part of the office's: Frauenhausberatung, Beratungsstelle des Frauenhauses.
OF_OFFICE = re.compile(
    r"h(?:aus|äuser)[- ]?(?:berat|koordin|vermittl|nachsorg|fach|café|treff|verein|büro|kontakt"
    r"|geschäfts|gruppe|laden|netz|spende|flohmarkt|tag)"
    r"|(?:berat\w+|vermittlung|fachstelle|koordinierung\w*|geschäftsstelle|kontaktstelle|spenden?"
    r"|anlaufstelle|büro|café|nachsorge|vortrag|sprechstunde|gruppe|netzwerk|treff|hotline)\s"
    r"(?:(?:[\wäöüß.-]+\s){0,2}(?:des|der|dem|den|das|die|vom|von|im|ins|in|für|fürs|zum|über|nach"
    r"|aus|rund\sum|gegen)\s(?:[\wäöüß.-]+\s){0,2})?[„\"]?(?:autonome[ns]?\s)?"
    r"(?=frauen|zuflucht|schutz|mädchen)",
    re.IGNORECASE,
)
# Others are sent there, or were there.
REFERRED = re.compile(
    r"vermitt|begleit\w*\s(?:[\w-]+\s){0,3}(?:in|ins|zu)\b|such(?:en|t|e)\b[^.]{0,40}\bplatz"
    r"|freie[nr]?\s(?:[\w-]+\s){0,2}(?:platz|plätze)|nach\s(?:dem|einem|ihrem)\s|ehemalige"
    r"|plätze?n?\s(?:im|in|des)\b|weiterverm|kooperier|arbeiten\s[^.]{0,30}zusammen|weg\sin[s ]"
    r"|informier|hinweise",
    re.IGNORECASE,
)
_LIVES = re.compile(
    r"\b(?:aufnahme\b|aufgenommen|aufzunehmen|nehmen\s(?:wir\s)?[^.]{0,60}\bauf\b|wohnen|wohnt"
    r"|leben\s(?:hier|bei|im|in)|einzug|einziehen|einziehst|unterk[uü]nft\w*|zimmer\w*|schlafplätze"
    r"|bewohner\w*|wohnplätze|plätze|bieten\s(?:wir\s)?[^.]{0,60}schutz|schutz\sfinden"
    r"|find(?:en|et|est)\s[^.]{0,60}schutz|bleibe|zuflucht\w*|rund\sum\sdie\suhr"
    r"|tag\s(?:und|\+|&)\snacht|obdach|übernacht\w+|geschützte\w*\s(?:haus|ort|raum|wohn\w+))\b",
    re.IGNORECASE,
)
_HOUSED = re.compile(
    r"\b(?:aufnahme\b|aufgenommen|nehmen\s(?:wir\s)?[^.]{0,60}\bauf\b|wohnen\b|wohnung\w*|einzieh\w+"
    r"|einzug|unterk[uü]nft\w*|zimmer\w*|bewohner\w*|zuflucht\w*|obdach|bleibe\b|schlafplätze"
    r"|übernacht\w+|leben\s(?:hier|bei|im\shaus)|(?:hier|bei\suns)\s(?:leben|wohnen|wohnt)"
    r"|geschützt\s(?:leben|wohnen)"
    r"|geschützte\w*\s(?:haus|ort|rahmen\szu\swohnen|wohn\w+))\b",
    re.IGNORECASE,
)
_VIOLENCE = Cued(
    r"gewalt(?!frei|ig(?:e[nr]?)?\b)|bedroht|misshandel|geschlagen|schlägt|stalk|zwangsverheirat"
    r"|zwangsheirat",
    re.IGNORECASE,
    ear=LINES,
)
_FROM_VIOLENCE = Cued(
    r"schutz\s(?:vor|bei)\s(?:[\w-]+\s){0,3}(?:gewalt|bedroh|misshand|übergriff)",
    re.IGNORECASE,
    ear=LINES,
)
# Whatever the office beside it is called, its address is the shelter's.
_ONE_ROOF = Cued(
    r"unter\seinem\sdach|im\s(?:selben|gleichen)\shaus|in\sdenselben\sräumen",
    re.IGNORECASE,
    ear=LINES,
)
_BETWEEN = re.compile(r"\s(?:und|&|/|mit|\+|sowie|u\.)\s|[/,|]", re.IGNORECASE)
_SENTENCE = re.compile(r"(?<!str)(?<!\bnr)(?<!\d)[.!?]\s+|\n")

_ADDRESS = frozenset({"street", "postcode", "lat", "lon"})
_HINTS = watch(
    "frauenh", "schutz", "zuflucht", "mädchenh", "unterkunft", "notwohn", "notaufn", "frauen",
    "gewalt", "anonym", "geheim", "bedroh", "misshand", "shelter", "refuge", "safe house", "adress",
    "anschrift", "obdach",
)  # fmt: skip
_NAMED = watch(*sorted(needed(SHELTER.pattern, SHELTER.flags)))
_OFFICE = watch(*sorted(needed(OFFICE.pattern, OFFICE.flags)))
_TELLING = _NAMED | _SECRET.cue | _FROM_VIOLENCE.cue | _VIOLENCE.cue | _ONE_ROOF.cue
_TOLD = (Role.TEXT, Role.VENUE, Role.HOURS, Role.AUDIENCE, Role.ADDRESS, Role.IMAGE_TEXT)


def heard_in(record: Record) -> int:
    """What is heard in all lines of a record together."""
    return reduce(or_, [seen(passage.text) for passage in record.passages], 0)


def hinted(record: Record) -> bool:
    """Say whether a record has a word without which nothing of a shelter is told: cheap."""
    return bool(heard_in(record) & _HINTS)


def names_shelter(text: str) -> bool:
    """Say whether a line names a shelter."""
    return bool(seen(text) & _NAMED) and SHELTER.search(text) is not None


def names_office(text: str) -> bool:
    """Say whether a line names an office."""
    return bool(seen(text) & _OFFICE) and OFFICE.search(text) is not None


def is_shelter(record: Record) -> bool:
    """Say whether a record tells of a place of refuge itself (Frauenhaus, Zufluchtswohnung).

    Where the title or the site's own section names a shelter, it is one, unless the title is an
    office's (a counselling office that also finds places in shelters is an office). Where only the
    text does, it must also say that people live there, or that the address is kept secret.
    """
    said = heard_in(record)
    if not said & _HINTS or not said & _TELLING:
        return False
    title = record.title
    if names_shelter(title):
        return not _office_of_shelter(title)
    body = "\n".join(record.texts(*_TOLD))
    if names_office(title):
        kept_secret = bool(_SECRET.search(body, said)) and not _LABELLED_OFFICE.search(body)
        return kept_secret or _shares_a_roof(body, said)
    secret = _SECRET.search(body, said) or _FROM_VIOLENCE.search(title, said)
    if secret or _shares_a_roof(body, said):
        return True
    if any(
        names_shelter(text) and not names_office(text)
        for text in record.texts(Role.SECTION, Role.TOPIC)
    ):
        return not _LABELLED_OFFICE.search(body)
    providers = " ".join(record.texts(Role.PROVIDER, Role.TOPIC, Role.SECTION))
    provided = bool(said & _NAMED) and SHELTER.search(providers) is not None
    return _houses(title, body, said, named=provided)


def _shares_a_roof(body: str, said: int) -> bool:
    return _ONE_ROOF.search(body, said) is not None and any(
        _ONE_ROOF.pattern.search(sentence) and SHELTER.search(sentence)
        for sentence in _SENTENCE.split(body)
    )


# Words that open a way to an office: "Beratungsstelle, Musterstr. 3", "Sprechstunde: …".
_LABELLED_OFFICE = re.compile(
    r"\b\w*(?:beratungsstelle|fachstelle|geschäftsstelle|kontaktstelle|anlaufstelle|sprechstunde"
    r"|büro)\b",
    re.IGNORECASE,
)


def _office_of_shelter(title: str) -> bool:
    """A title whose shelter is only what an office is for; "Frauenhaus und Beratung" is both."""
    if not OFFICE.search(title):
        return False
    if OF_OFFICE.search(title):
        return True
    for part in _BETWEEN.split(title):
        if SHELTER.search(part) and not OFFICE.search(part):
            return False
    return not SHELTER.search(title) or OFFICE.search(title).start() < SHELTER.search(title).start()  # type: ignore[union-attr]


def _houses(title: str, body: str, said: int, *, named: bool) -> bool:
    """Say whether a text houses people who flee, in its own words or a shelter's."""
    told = f"{title}\n{body}"
    spoken = bool(said & _NAMED) and SHELTER.search(body) is not None
    if not (named or spoken or _VIOLENCE.search(told, said)):
        return False
    opening = body.lstrip().partition("\n")[0]
    if SHELTER.match(opening) and not _office_of_shelter(opening[:_OPENING]):
        return True
    sentences = [s for s in _SENTENCE.split(body) if s]
    lives = any(_LIVES.search(s) and not REFERRED.search(s) for s in sentences)
    shelter = any(SHELTER.search(s) and not REFERRED.search(s) for s in sentences)
    if lives and (named or shelter) and not _LABELLED_OFFICE.search(body):
        return True
    flees = _FROM_VIOLENCE.search(told, said) or (
        _VIOLENCE.search(told, said) and _WOMEN.search(told)
    )
    return bool(flees) and any(_HOUSED.search(s) and not REFERRED.search(s) for s in sentences)


_OPENING = 120  # characters
_WOMEN = re.compile(r"frauen|mütter|mädchen|schwanger|kinder", re.IGNORECASE)


def without_shelter_address(address: Reading) -> Reading:
    """The reading of a shelter's address that may be stored: town and district, nothing nearer."""
    kept = [s for s in address.statements if s.field not in _ADDRESS]
    hidden = any(s.field in _ADDRESS for s in address.statements)
    # A quote may hold the street beside the town.
    bare = [Statement(s.field, s.value, str(s.value), s.locator, s.reader, s.reason) for s in kept]
    doubts = [Doubt("shelter_address_suppressed", "", "", "street")] if hidden else []
    return Reading(bare, doubts)
