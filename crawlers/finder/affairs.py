"""The affairs of whoever runs a site: vacancies, donations, members, committees, people."""

from __future__ import annotations

import re
from functools import lru_cache

from crawlers.finder.bodies import names_house
from crawlers.finder.parish import names_rite
from crawlers.finder.stemmed import Stemmed

# What those become who help families, for pay or without.
_HELPER = (
    r"(?:tages(?:mutter|mütter|vater|väter|eltern)|(?:kinder)?tagespflegeperson(?:en)?"
    r"|pflege(?:eltern|familien?|mutter)|[\w-]*pat(?:e|in|en|innen)|babysitter(?:in)?|gastfamilien?"
    r"|(?:wunsch|leih)(?:oma|opa|großeltern))"
)
_NAMED = re.compile(
    rf"{_HELPER}(?: ?(?:oder|und|&|/|,) ?[\w:*-]+){{0,2}} werden\b.{{0,40}}"
    rf"|(?:so |wie )?(?:werden sie|werde ich|wirst du) (?:eine? )?{_HELPER}\b.*"
    r"|(?:pflege)?erlaubnis (?:zur|für(?: die)?) (?:kinder)?tagespflege\b.{0,30}"
    r"|(?:unsere |aktuelle |offene )?(?:stellen(?:angebote?|ausschreibung(?:en)?|markt)?|jobs?"
    r"|karriere"
    r"|praktik(?:um|a)(?: .*)?|bundesfreiwilligendienst|freiwilligendienste?|fsj.*|bfd.*)"
    r"|.*\((?:[mwdfx][/|*]){2}[mwdfx]\).*|wir suchen\b.*|.*\b(?:mitarbeiter(?:in)?|fachkraft|kraft"
    r"|ehrenamtliche|freiwillige|helfer(?:innen)?|patinnen und paten"
    r"|verstärkung)\b.{0,40}\bgesucht\W*"
    r"|(?!.*gruppen? such).{2,40} such(?:t|en) "
    r"(?:(?:neue|weitere|noch|dringend|ehrenamtliche) )*(?:mitstreiter"
    r"|mitglieder|mitarbeiter|ehrenamtliche|freiwillige|helfer|helfende|spender|verstärkung"
    r"|unterstützung"
    r"|unterstützer|räume|sponsoren)\w*\b.{0,60}"
    r"|.{2,60} (?:spende(?:t|ten|te|n)|(?:er)?brachten?|sammel(?:t|ten|te|n)) "
    r".{0,30}(?:euro|€).{0,60}"
    r"|ehrenamt(?:lich(?:e[sr]?)? (?:mitarbeit|engag|helf|tätig|mitmach|gesucht).*"
    r"|liches engagement)?"
    r"|mit(?:machen|arbeiten|helfen)|engagieren sie sich|werden sie (?:mitglied|aktiv).*"
    r"|(?:ihre |jetzt |so )?spenden?(?: (?:und|&|hilft|sie|helfen|statt).*)?|spendenaktion.*"
    r"|(?:jetzt |hier )?online[- ]?spende.*|unterstützen sie uns.*"
    r"|so können sie (?:uns )?helfen|förder(?:verein|mitglied).*"
    r"|mitglied(?:er|schaft)?(?: werden)?|beitrittserklärung|satzung|vereinssatzung"
    r"|jahresberichte?.*"
    r"|(?:vielen|herzlichen) dank\W*(?:für ihre .*)?|danke\W*|ihre nachricht.*|nachricht gesendet.*"
    r"|(?:team|dienst|vorstands)(?:sitzung|besprechung|tag)\b.*|netzwerktreffen.*|mitgliederversammlung.*|jahreshauptversammlung.*|fachtag(?:ung)?\b.*"
    r"|gremien|(?:unsere )?räume (?:mieten|zu vermieten|vermieten)|raum(?:vermietung|nutzung|miete)"
    r"|\w*beirat(?: .*)?|blutspende\w*(?: .*)?|.{3,50} (?:schließt|schließen|geschlossen)\b.{0,60}"
    r"|(?:quartiers|stadtteil|bezirks|orts|kinder- und jugend)"
    r"(?:rat|beirat|konferenz|ausschuss)\b.*"
    r"|jugend(?:gemeinde)?(?:rat|beirat|parlament)|.{3,40}, öffentliche sitzung"
    r"|(?:nächste |öffentliche )*sitzung(?:en|stermine?)?(?: (?:des|der|vom) .{3,60})?"
    r"|steuerungs(?:gruppe|runde|gremium|kreis).*"
    r"|fortbildung(?:en)? für (?:fachkräfte|multiplik).*"
    r"|(?:der |unser )?vorstand|(?:1\.|2\.|erste|zweite|stellvertretende)? ?vorsitzende[r]?"
    r"|kassen(?:wart|führ|prüf)\w*|schatzmeister(?:in)?|schriftführer(?:in)?|beisitzer(?:in|innen)?"
    r"|geschäftsführung|verwaltung|sekretariat|öffentlichkeitsarbeit|projektleitung"
    r"|unsere (?:broschüre|flyer|materialien)|(?:broschüre|flyer|material)(?:en|n)?(?: bestellen)?"
    r"|publikationen|veröffentlichungen|infomaterial(?:ien)?|umfrage\b.*|befragung\b.*"
    r"|petition\b.*"
    r"|(?:neue|geänderte|andere) (?:öffnungs|sprech|büro|telefon)zeiten?\b.*|büro(?:zeiten)?\b.*"
    r"\bgeschlossen|betriebsferien.*|(?:sommer|winter|weihnachts)pause\b.*"
    r"|(?:sommer|winter|weihnachts|ferien|betriebs)?schlie(?:ß|ss)(?:zeit|tag)(?:e|en)?"
    r"(?: (?:des|der|vom|von|zum|zur|im|in|über|zwischen|am|ab|\d)\b.*)?"
    r"|(?:öffnungs|sprech|büro)zeiten (?:(?:des|der|vom|im|unseres|unserer) )?"
    r"(?:bürger(?:büro|service|amt|center)\w{0,2}|rathaus(?:es)?|(?:stadt|kreis|gemeinde)?verwaltung"
    r"|(?:gemeinde)?büros?|geschäftsstelle|sekretariats?)"
    r"|(?:bündnis|netzwerk|mitglieder)-?plenum\b.*"
    r"|(?:wir (?:ziehen um|sind umgezogen)|unser umzug)\b.*"
    r"|umzug(?: (?:am|im|ab|in|nach|zum|des|der|unser\w*|geschafft|abgeschlossen|steht)\b.*)?"
    r"|neue (?:telefonnummer|adresse|anschrift|mitarbeiter(?:in)?|kolleg(?:in|e)|homepage"
    r"|internetseite|web(?:site|seite))\b.*"
    r"|(?:.{0,24}: )?(?:scheck|spenden)übergabe.*|(?:.{0,24}: )?(?:\w+e )?(?:geld|groß)?spende[n]?"
    r" (?:der|des|von|vom|über|aus|an|in höhe)\b.*",
    re.IGNORECASE,
)
_PEOPLE = re.compile(
    r"menschen(?: in (?:unserer|der) (?:kirchen|pfarr)?gemeinde)?"
    r"|(?:unser |das |die |unsere |ihre |der )*(?:hauptamtliche|team|vorstand"
    r"|ansprechpartner(?:innen)?|ansprechpersonen"
    r"|mitarbeiter(?:innen)?|mitarbeitende[n]?|kolleg(?:innen|en)|geschäftsstelle|personen)"
    r"(?:[ *:/_-](?:innen|und|&|des|der|im|in|für|von|bei)\b.*)?",
    re.IGNORECASE,
)
VACANCY = Stemmed(
    "bewerbung|tv-l|tvöd|vergütung|entgeltgruppe|stellenumfang|/w/d|/m/d|werkstudent|aushilf",
    r"bewerbung(?:en|sunterlagen)?,? (?:mit|bitte|bis|an|richten|senden|schicken)"
    r"|\btv-l\b|\btvöd\b|vergütung (?:nach|in|erfolgt)|entgeltgruppe|stellenumfang|[mw]/[wm]/d"
    r"|\b(?:werkstudent|aushilf)\S*.{0,60} gesucht\b",
)
_PRINTED = re.compile(
    r"\b(?:broschüre|flyer|faltblatt|jahresbericht|newsletter|ratgeber|wegweiser)\b", re.IGNORECASE
)
_ISSUED = re.compile(
    r"erschienen|bestell|herunterladen|download|liegt .{0,60}\baus\b|neu aufgelegt|abonnieren",
    re.IGNORECASE,
)
_FUNCTION = re.compile(
    r"(?:leitung|leiter|koordinat|geschäftsf|verwaltung|sekretariat|finanzen|öffentlichkeits"
    r"|vorsitz"
    r"|vorstand|sozial(?:arbeiter|pädagog)|diplom|dipl\.|berater(?:in)?\b|mitarbeiter|assisten"
    r"|pastor(?!al)|pfarrer|diakon(?!i[es])|kantor(?!ei)|küster|vikar"
    r"|(?:gemeinde|kirchen)(?:pädagog|referent|sekret|musik|büro)"
    r"|jugendreferent|hausmeister"
    r"|projekt(?:leit|koord)|ansprechp|referent|psycholog|erzieher|buchhalt|kassen)",
    re.IGNORECASE,
)
_PROFESSION = re.compile(
    r"(?:dipl(?:om|\.)?[- ]*)?(?:sozial(?:arbeiter|pädagoge?)|psychologe?|pastor|pfarrer|diakon"
    r"|kantor|küster|(?:\w+)?leiter|geschäftsführer|koordinator|berater|referent|erzieher|hausmeister"
    r"|mitarbeiter|ansprechpartner)(?:in)?(?=\s?(?:[,;·|–(/:]|$))|sekretariat(?=\s?(?:[,·|]|$))",
    re.IGNORECASE,
)
_PERSON = re.compile(
    r"(?:(?i:frau|herr|dr\.|prof\.|dipl\.-?\s?\w+\.?)\s+)*[A-ZÄÖÜ][\w'äöüß-]+(?:\s[A-Z]\.)?"
    r"(?:\s(?:von|van|de|zu|el|al))?\s[A-ZÄÖÜ][\w'äöüß-]+",
)


@lru_cache(maxsize=4096)
def names_affair(title: str) -> bool:
    """True for a heading of something that whoever runs the site asks, says or needs."""
    return names_rite(title) or bool(_NAMED.fullmatch(title.strip(" .:!")))


@lru_cache(maxsize=4096)
def names_people(title: str) -> bool:
    """True for the headline of a page that shows who works somewhere: "Team", "Unser Vorstand"."""
    return len(title) <= 80 and bool(_PEOPLE.fullmatch(title.strip(" .:!")))


def names_print(title: str) -> bool:
    """True for a heading that names something printed."""
    return bool(_PRINTED.search(title))


def is_affair(title: str, text: str) -> bool:
    """True for a vacancy, or for news of something printed."""
    vacant = set(VACANCY.all(text.lower()))
    if len(vacant) > 1 or (vacant and not names_house(title)):  # a house may seek somebody, too
        return True
    return names_print(title) and bool(_ISSUED.search(f"{title}\n{text}"))


def is_colleague(title: str, heading: str) -> bool:
    """True for the name of somebody below a heading like "Team"."""
    return names_people(heading) and may_name_person(title)


def may_name_person(title: str) -> bool:
    """True for what can be the name of somebody: so can "Café Solo"."""
    return _PERSON.fullmatch(title) is not None


def names_function(title: str) -> bool:
    """True for what somebody is, not for what is offered: "Dipl. Sozialpädagogin, Beratung".

    "Psychologische Beratung" and "Diakonie Nord" are names of offers and of who offers.
    """
    return _PROFESSION.match(title) is not None


def is_person(title: str, below: str) -> bool:
    """True for the name of somebody with what he or she does there: "Petra Sommer", "Leitung"."""
    return len(below) <= 100 and bool(_PERSON.fullmatch(title)) and bool(_FUNCTION.match(below))
