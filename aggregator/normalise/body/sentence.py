"""Who offers by what a sentence tells: whose it is, who does something, with whom one registers."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from itertools import islice
from typing import NamedTuple

from aggregator.normalise.body.found import MOST, Found, listen, mentioning, texts, titles
from aggregator.normalise.body.mention import (
    BRACKET,
    KNOWN_CUES,
    LEGAL_CUES,
    by_full_name,
    is_apart,
    lawful,
    wellknown,
)
from aggregator.normalise.body.name import (
    AUTHORITY,
    GENERIC,
    KNOWN,
    LEGAL,
    OFFICE,
    is_body,
    is_name,
    named,
    nominative,
    strong,
)
from aggregator.normalise.cues import seen, watch
from aggregator.normalise.needed import needed
from crawlers.record import Passage, Record

_OFFERED = re.compile(
    r"\b(?:ein(?:e)?\s(?:\w+\s)?(?:angebot|projekt|einrichtung|initiative|kooperation|"
    r"veranstaltung|dienst)|(?:angeboten|veranstaltet|getragen|organisiert|gestellt"
    r"|betrieben|durchgeführt|verantwortet)"
    r"(?:\s(?:wird|werden)\s(?:\w+\s){0,3}?\w+)?|in trägerschaft)\s"
    r"(?P<by>von|vom|der|des|von der|von dem):?\s(?:(?:der|dem|"
    r"des)\s)?(?P<name>[A-ZÄÖÜ][^|;•!?:()]{2,100})",
    re.IGNORECASE,
)
# Whose room, course or service it is: "Gemeindehaus der Kirchengemeinde St. Petri".
_BELONGS = re.compile(
    r"(?:^|[.;|•:,]\s)(?:[\w-]+[- ])?\w*(?:[Gg]emeindehaus|[Gg]emeindezentrum|[Pp]farrheim"
    r"|[Pp]farrhaus|[Ss]aal|[Rr]äume[n]?|[Rr]äumlichkeiten|[Kk]urs|[Gg]ruppe|[Ss]eminar"
    r"|[Bb]eratung|[Ss]prechstunde"
    r"|[Cc]afé|[Vv]ortrag|[Gg]eschäftsstelle|[Kk]ammer|[Mm]itarbeiterin(?:nen)?|[Ff]achkräfte"
    r"|[Ee]hrenamtliche"
    r"|[Tt]eam)\s"
    r"(?P<by>der|des|vom|von der|von dem)\s(?P<name>[A-ZÄÖÜ][^|;•!?:(]{2,100})"
)
_OWNED = watch(*sorted(needed(_BELONGS.pattern)))
# Who does what a sentence tells: "Das Freiwilligenzentrum Nord vermittelt …".
_SUBJECT = re.compile(
    r"(?:^|[.!?:]\s)(?:(?P<by>Der|Die|Das|Beim?|Bei der|Bei dem)\s)?"
    r"(?P<name>[A-ZÄÖÜ][\w&.’'/-]*"
    r"(?:\s(?:[A-ZÄÖÜ][\w&.’'/-]*|[„“\"][^„“\"]{2,40}[“”\"]|und|für|gegen|in|im|am|an|der|die|des"
    r"|den"
    r"|zur|zum|von|vom|&|-|–)){0,9}?)\s"
    r"(?:bietet|bieten|berät|beraten|lädt|laden|vermittelt|unterstützt|hilft|helfen|begleitet"
    r"|organisiert|veranstaltet|führt|betreibt|informiert|öffnet|stellt|gibt|verleiht|leitet"
    r"|kommt|kommen|hat|haben|nimmt|bringt|springen|springt|betreut|betreuen|verteilt|empfängt"
    r"|besucht|besuchen|vergibt|sammelt|schenkt|zeigt|übt|macht|beantwortet|gewährt|begleiten"
    r"|treffen|trifft|ist Träger(?:in)?|sind Träger)\b"
)
# "Am Dienstag lädt die Gleichstellungsbeauftragte der Stadt Nord alle ein."
_INVERTED = re.compile(
    r"\b(?:lädt|laden|bietet|bieten|berät|veranstaltet|organisiert|vermittelt|gibt|hilft|kommt)\s"
    r"(?:(?:Ihnen|Sie|euch|wieder|auch|gemeinsam)\s)?(?P<by>[Dd]ie|[Dd]er|[Dd]as)\s"
    r"(?P<name>[A-ZÄÖÜ][\w&.’'/-]*(?:\s(?:[A-ZÄÖÜ][\w&.’'/-]*|und|für|gegen|der|die|des|im|in|am|von"
    r"|vom)){0,7})"
)
# Who comes from a body: "Frau Weber von der Koordinierungsstelle Frauen und Wirtschaft".
_COMES_FROM = re.compile(
    r"\b(?:(?:Frau|Herr)\s(?:Dr\.\s)?[A-ZÄÖÜ][\w-]+|(?:Berater|Mitarbeiter|Kolleg|Sozialarbeiter"
    r"|Sozialpädagog|Jurist|Anwält|Rechtsanwält|Expert)(?:in(?:nen)?|en?)?)\s"
    r"(?P<by>vom|von der|von|der|des)\s(?P<name>[A-ZÄÖÜ][\w&.’'/-]*(?:\s(?:[A-ZÄÖÜ][\w&.’'/-]*"
    r"|und|für"
    r"|gegen|der|die|des|im|in|am)){0,6})"
)
_CONTACT = re.compile(
    r"(?P<label>Kontakt|(?:Kontakt|Anmeldung|Auskunft|Infos?|Information(?:en)?)"
    r"(?:(?: und | & |/)(?:Anmeldung|Kontakt|Beratung|Infos?|Information(?:en)?))?):\s"
    r"(?P<name>[A-ZÄÖÜ][^:@|;,]{3,80})(?P<end>$|[,|;])"
)
# With whom one registers: "Anmeldung bis 1. März bei der Katholischen Erwachsenenbildung, Tel. …".
_JOINED_AT = re.compile(
    r"\b(?:Vermittlung|Durchführung|Organisation|Anmeldung(?:en)?)\b(?:[^.;|]|(?<=\d)\.){0,40}?"
    r"\s(?:durch|über|bei|beim)\s(?:(?P<by>der|dem|den|das|die)\s)?(?P<name>[A-ZÄÖÜ][^,;:"
    r"|(]{3,80}?)"
    r"(?P<part>,\s(?:Amt\s)?(?:Fachbereich\s|Fachdienst\s)?[A-ZÄÖÜ][\w-]*(?:pflege|amt|hilfe|dienst|büro"
    r"|referat|stelle))?(?=[,;:|(]|\.?$|\.\s|\s(?:unter|bis|per)\b)"
)
_OFFERED_CUES = listen(
    "ngebot", "rojekt", "inrichtung", "nitiative", "ooperation", "eranstalt", "ienst", "etragen",
    "rägerschaft", "NGEBOT", "rganisiert", "ngeboten", "estellt", "etrieben", "urchgeführt",
    "erantwortet",
)  # fmt: skip
_CONTACT_CUES = listen(
    "ontakt:",
    "nmeldung:",
    "uskunft:",
    "nfo:",
    "nfos:",
    "nformation:",
    "nformationen:",
    "eratung:",
)
_COMES_CUES = listen(
    "Frau ", "Herr ", "Berater", "Mitarbeiter", "Kolleg", "Sozialarb", "Sozialpäd", "Jurist",
    "nwält", "Expert",
)  # fmt: skip
_JOINED_CUES = listen("Vermittlung ", "Durchführung ", "Organisation ", "nmeldung")
_BELONGS_CUES = listen(" der ", " des ", " vom ", " von de")
_SUBJECT_CUES = listen(
    "biete", "berät", "beraten", "lädt", "laden", "vermittelt", "unterstützt", "hilft", "helfen",
    "begleitet", "organisiert", "veranstaltet", "führt", "betreibt", "informiert", "öffnet",
    "stellt", "gibt", "verleiht", "leitet", "treffen", "trifft", "Träger", "komm", "hat", "haben",
    "nimmt", "bringt", "spring", "betreut", "betreuen", "verteilt", "empfängt", "besuch", "vergibt",
    "sammelt", "schenkt", "zeigt", "übt", "macht", "beantwortet", "gewährt", "begleite",
)  # fmt: skip
# Who took a picture offers nothing: "Foto: Deutscher Caritasverband".
_CREDIT = re.compile(
    r"\W*(?:Foto|Bild|Grafik|Bildnachweis|Quelle|Illustration|Copyright)\w*\s?[:©]|\W*©"
)


class _Wording(NamedTuple):
    """A way to speak of a body: where it is heard, and the name it gives, "" if none."""

    pattern: re.Pattern[str]
    cues: int
    confidence: float
    name: Callable[[re.Match[str], Passage], str]
    titled: bool = True
    """Whether titles are worded so."""
    needs: int = 0
    """Strings of which one stands in such a line besides, in lower case."""
    often: bool = False
    """Whether a line may name others before the one that stands alone in its sentence."""
    short: bool = False
    """Whether it may call a body for short, which the record names in full elsewhere."""


def by_statement(record: Record) -> Found | None:
    """Whoever a sentence says offers, or names with a legal form."""
    return _first(record, _STATEMENTS)


def by_hint(record: Record) -> Found | None:
    """Whoever may offer: a contact, who does something, a body that is spoken of."""
    return _first(record, _HINTS)


def _first(record: Record, wordings: Sequence[_Wording]) -> Found | None:
    lines = texts(record)
    for wording in wordings:
        read = [*titles(record), *lines] if wording.titled else lines
        if found := _worded(wording, read):
            return by_full_name(found, read) if wording.short else found
    return None


def _worded(wording: _Wording, read: Sequence[Passage]) -> Found | None:
    for passage in mentioning(read, wording.cues):
        if wording.needs and not seen(passage.text) & wording.needs:
            continue
        if _CREDIT.match(passage.text):
            continue
        matches = wording.pattern.finditer(passage.text[:MOST])
        for nth, match in enumerate(matches if wording.often else islice(matches, 1)):
            if nth and not is_apart(match):
                continue
            if name := wording.name(match, passage):
                return Found(name, passage, wording.confidence)
    return None


def _offering(match: re.Match[str], _: Passage) -> str:
    bracket = BRACKET.match(match.string, match.end("name") - match["name"].endswith(" "))
    name = nominative(match["name"].rstrip(), match["by"].lower())
    return named(name + (bracket[0] if bracket else ""))


def _owning(match: re.Match[str], _: Passage) -> str:
    name = named(nominative(match["name"].rstrip(), match["by"]))
    return name if is_body(name) else ""


def _sending(match: re.Match[str], _: Passage) -> str:
    name = nominative(match["name"], match["by"])
    return named(name) if AUTHORITY.match(name) and is_name(name) else _acting(name)


def _reached(match: re.Match[str], _: Passage) -> str:
    alone = match["label"] == "Kontakt" and not match["end"]
    told = (is_name if alone else is_body)(match["name"])
    return match["name"] if told and not GENERIC.fullmatch(match["name"]) else ""


def _doing(match: re.Match[str], _: Passage) -> str:
    return _acting(strong(match["name"], match["by"] or ""))


# "Die Beratungsstelle im Rathaus" is one of many.
_NAMELESS = re.compile(r"\S+(?:\s(?:im|in|am|an|vor)\b.*)?")
_OFFICER = re.compile(r"\b(?:der|des|vom)\s$")


def _acting(name: str) -> str:
    """The body that a sentence has as its subject, or whose officer: "… der Agentur für Arbeit"."""
    known = KNOWN.search(name)
    if known and _OFFICER.search(name[: known.start()]):
        return named(known["name"])
    if LEGAL.search(name) or OFFICE.fullmatch(name) or (_NAMELESS.fullmatch(name) and not known):
        return ""
    return named(name) if is_body(name) else ""


_STATEMENTS = (
    _Wording(_OFFERED, _OFFERED_CUES, 0.9, _offering, titled=False),
    _Wording(_BELONGS, _BELONGS_CUES, 0.85, _owning, needs=_OWNED, short=True),
    _Wording(LEGAL, LEGAL_CUES, 0.8, lawful),
    _Wording(_COMES_FROM, _COMES_CUES, 0.8, _sending),
)
_HINTS = (
    _Wording(_CONTACT, _CONTACT_CUES, 0.7, _reached),
    _Wording(_SUBJECT, _SUBJECT_CUES, 0.7, _doing, titled=False, short=True),
    _Wording(_INVERTED, _SUBJECT_CUES, 0.7, _doing),
    _Wording(KNOWN, KNOWN_CUES, 0.7, wellknown, often=True, short=True),
)
"""From the surest to the least sure."""


def joined_at(record: Record) -> Found | None:
    """With whom one registers, or who arranges it."""
    for passage in mentioning(texts(record), _JOINED_CUES):
        said = _JOINED_AT.search(passage.text[:MOST])
        name = named(nominative(said["name"], said["by"] or "")) if said else ""
        name += (said["part"] or "") if said and name else ""
        if name and is_body(name) and not OFFICE.match(name):
            return Found(name, passage, 0.7)
    return None
