"""Who carries an offer: the Träger, as the page names it."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from itertools import islice

from aggregator.normalise.context import Context
from aggregator.normalise.cues import Ear, seen, watch
from aggregator.normalise.institution import LEGAL_FORM, is_institution, owner_of
from aggregator.normalise.needed import needed
from aggregator.normalise.person import names_person, strip_persons
from aggregator.normalise.statement import Reading, Statement
from aggregator.normalise.streets import find_streets
from aggregator.normalise.text import clean
from crawlers.bodies import ADULT_EDUCATION, AUTHORITIES, WELFARE
from crawlers.record import Passage, Record, Role

_READER = "provider@6"
_MOST = 1_000  # characters of one line that are looked at
_LABEL = re.compile(
    r"(?:^|[.|;•?!]\s)(?:[\w-]+ (?:und|&) )?(?:träger(?:in|schaft)?(?:\s?/\s?\w+)?"
    r"|veranstalter(?:/-?in|[:*_]in|in|innen)?|"
    r"(?:kurs|maßnahme|projekt)?anbieter(?:/-?in|[:*_]in|in)?|(?:kurs|projekt|maßnahmen?)träger|"
    r"organisation|einrichtung|durchgeführt von|veranstaltet von|angeboten von|ausrichter|verein"
    r"|dienststelle|institution|in trägerschaft)\s?:\s*(?P<name>[^|;•]{3,120})",
    re.IGNORECASE,
)
_LABEL_ALONE = re.compile(
    r"^(?:träger(?:in)?|veranstalter(?:in)?|anbieter(?:in)?|organisation|einrichtung"
    r"|dienststelle)\s?:?$|^zuständig(?: ist)?\s?:?$|^wer (?:steckt dahinter|bietet (?:das|es) an"
    r"|macht das)\s?\?$",
    re.IGNORECASE,
)
_LEADS_ON = re.compile(r"(?:alle|weitere|mehr|zurück|zur|zum)\b", re.IGNORECASE)  # a link
# Labels that also stand before persons, times and numbers: only what is a body's name counts.
_LABEL_OF_MANY = re.compile(
    r"(?:^|[.|;•]\s)(?:(?:Träger(?:in)?|Veranstalter(?:in)?|Anbieter(?:in)?)\s(?=[A-ZÄÖÜ])"
    r"|(?:Vermittlung"
    r"|Ansprechpartner(?:in)?|Leitung|Verantwortlich|Zuständig|Wer(?:\s?/\s?Telefon"
    r"|\s?(?:und|&|/|,)\s?[Ww]o)?)"
    r"\s?[:?]\s*|(?:Träger|Veranstalter|Anbieter|Ansprechpartner)(?:in)?(?:\s(?:de[rs]"
    r"|unserer)\s\w+)?"
    r"\s(?:ist|sind)\s(?:(?:der|die|das)\s)?)(?P<name>[^|;•]{3,120})"
)
# "mit dem SC Nord als Veranstalter"
_AS_WHOM = re.compile(
    r"\b(?:mit|durch)\s(?:dem|der|den)\s(?P<name>[A-ZÄÖÜ][^,.;:|·•]{2,60})\sals\s"
    r"(?:Veranstalter|Träger|Anbieter|Ausrichter)(?:in)?\b"
)
# Said of nobody but a body: "Träger ist das Bistum Nord", "Betreiber ist der Verein „Nordlicht“".
_RUN_BY = re.compile(
    r"\b(?:Träger(?:in|verein)?|Betreiber(?:in)?)\s(?:ist|sind)\s(?:(?:der|die|das)\s)?"
    r"(?:(?:Verein|Träger)\s(?=[„“\"A-ZÄÖÜ]))?(?P<name>[^|;•,.]{3,80}(?:e\.\s?V\.)?)"
)
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
_LEGAL = re.compile(
    r"(?P<name>(?:(?:Frauen|Eltern|Mütter|Väter|Familien|Menschen|Nachbarn|Bürger)\s"
    r"(?:helfen|beraten|stärken|unterstützen|begleiten|informieren)|[a-zäöü]{2,12}:[a-zäöü]{3,20}"
    r"|[A-ZÄÖÜ][\w&.’'/-]{0,40}|[„“\"][^„“\"]{2,40}[“”\"]"
    r"|und|für|in|im|der|die|"
    r"des|zur|zum|von|&|-|–)(?:\s(?:[A-ZÄÖÜ(][\w&.’'/()-]*|"
    r"[„“\"][^„“\"]{2,40}[“”\"]|(?:1[89]|20)\d\d(?=\se\.)|und|für|in|im|der|die|des|zur|zum|von|gegen"
    r"|überm|ohne|"
    r"katholischer|alleinerziehender|&|-|–)){0,9}\s(?:e\.\s?V\.?|gGmbH|gemeinnützige GmbH"
    r"|gem\.\sGmbH|gUG|eG|GmbH|KdöR|gAG))(?!\w)"
)
_KNOWN = re.compile(
    rf"(?<![\w-])(?P<name>(?:Diakonischen Werk(?:e?s)?|Deutschen Roten Kreuz(?:es)?|{WELFARE}"
    rf"|{AUTHORITIES}|{ADULT_EDUCATION}"
    r"|(?:Erzb|B)istum(?=s?\s[A-ZÄÖÜ])s?|(?:Erzd|D)iözese(?=\s[A-ZÄÖÜ])"
    r"|(?:Evangelische|Katholische) Kirche(?:ngemeinde|(?=\s(?:in\s)?[A-ZÄÖÜ])))"
    r"(?:e?s(?=\s[A-ZÄÖÜ]))?"
    r"(?:[- ](?:(?:Lkr|Krs|Kr)\.|[A-ZÄÖÜ][\w-]+(?!\w*\.\s?V)|im|in|am|für|der|die|den|des|von|(?:a"
    r"|i)\.\s?d\.\s?[A-ZÄÖÜ]\w+)){0,5}"
    r"(?:,\s(?:KV|OV|Kreisverband|Ortsverband|Ortsverein|Bezirksverband)\s[A-ZÄÖÜ][\w-]+)?)"
)
_ear = Ear()
_heard = _ear.heard
_LABEL_CUES = _ear.listen(
    "räger", "etreiber", "eranstalter", "nbieter", "Vermittlung", "Ansprechpartner", "Wer",
    "Leitung", "Verantwortlich", "Zuständig",
)  # fmt: skip
_OFFERED_CUES = _ear.listen(
    "ngebot", "rojekt", "inrichtung", "nitiative", "ooperation", "eranstalt", "ienst", "etragen",
    "rägerschaft", "NGEBOT", "rganisiert", "ngeboten", "estellt", "etrieben", "urchgeführt",
    "erantwortet",
)  # fmt: skip
_CONTACT_CUES = _ear.listen(
    "ontakt:",
    "nmeldung:",
    "uskunft:",
    "nfo:",
    "nfos:",
    "nformation:",
    "nformationen:",
    "eratung:",
)
_COMES_CUES = _ear.listen(
    "Frau ", "Herr ", "Berater", "Mitarbeiter", "Kolleg", "Sozialarb", "Sozialpäd", "Jurist",
    "nwält", "Expert",
)  # fmt: skip
_JOINED_CUES = _ear.listen("Vermittlung ", "Durchführung ", "Organisation ", "nmeldung")
_BELONGS_CUES = _ear.listen(" der ", " des ", " vom ", " von de")
_SUBJECT_CUES = _ear.listen(
    "biete", "berät", "beraten", "lädt", "laden", "vermittelt", "unterstützt", "hilft", "helfen",
    "begleitet", "organisiert", "veranstaltet", "führt", "betreibt", "informiert", "öffnet",
    "stellt", "gibt", "verleiht", "leitet", "treffen", "trifft", "Träger", "komm", "hat", "haben",
    "nimmt", "bringt", "spring", "betreut", "betreuen", "verteilt", "empfängt", "besuch", "vergibt",
    "sammelt", "schenkt", "zeigt", "übt", "macht", "beantwortet", "gewährt", "begleite",
)  # fmt: skip
_COMMA = _ear.listen(", ")
_LEGAL_CUES = _ear.listen("e.V", "e. V", "GmbH", "gUG", "eG", "KdöR", "gAG")
_KNOWN_CUES = _ear.listen(
    "Caritas", "Diakoni", "AWO", "Arbeiter", "SkF", "SKF", "SKM", "Sozialdienst", "DRK",
    "Rotes Kreuz", "VAMV", "SHIA", "amilia", "Kinderschutzbund", "amt", "Job", "Parität", "ASB",
    "Volkssolidarität", "Humanistischer", "Volkshochschule", "VHS", "vhs", "onum ", "IN VIA",
    "istum", "iözese",
    "Agentur für", "Familienkasse", "Kirche", "Johanniter", "Malteser", "VdK", "SoVD",
    "Heilsarmee", "Kolping", "Internationaler", "Verbraucher",
)  # fmt: skip
# A line that ends in its legal form and is no sentence.
_WHOLE = re.compile(r"[„“\"A-ZÄÖÜ][^.:!?;|•0-9]{3,70}(?:e\.\s?V\.?|\w{0,6}GmbH|gUG|eG|KdöR|gAG)\s*")
_ORGANISED = re.compile(
    r"^(?:(?:[Ee]v|[Kk]ath)[\w.-]*\s)?(?:\w+\.?[-\s])?\w*(?:haus|zentrum|ungsstelle|ionsstelle"
    r"|senenbildung|werk|verein|verband|[aA]mt|forum|agentur|laden|akademie"
    r"|[sS]tiftung|amilienbildung"
    r"|bücherei|bibliothek|schule|praxis|hilfswerk|dienst|stätte|gemeinde|seelsorgeeinheit|büro"
    r"|bund|bildungsnetz|betriebe|mission|zentrale|kinderdorf|dekanat|[Oo]rdinariat|pflege"
    r"|Büro|Haus|Zentrum|Werk|Verein"
    r"|Verband|Stiftung|(?:pflege|hilfe|initiative|netzwerk|bund|mission|notruf|eelsorge)(?=\s[A-ZÄÖÜ(])"
    r"|stützpunkt)\b(?!-)"
)
# A part of the administration, named by a line of its own.
# "Werra-Meißner-Kreis", but no "Eltern-Kind-Kreis".
_COUNTIES = r"(?!(?:Mutter|Vater|Eltern|Kind|Baby|Frauen)-)(?:[A-ZÄÖÜ][a-zäöüß]+-){1,3}Kreis"
_AUTHORITY = re.compile(
    rf"^(?:{_COUNTIES})\b(?!-)|"
    r"^(?:(?:Stadt|Kreis|Gemeinde|Samtgemeinde|Verbandsgemeinde)verwaltung\s[A-ZÄÖÜ]"
    r"|(?:Landeshauptstadt|Stadt|Landkreis|Kreis|Gemeinde)\s[A-ZÄÖÜ]|Amt\sfür\s|Fach(?:dienst"
    r"|bereich)\s"
    r"|Gleichstellungs\w+\s(?:der|des)\s)"
)
# "… im Frauentreff Brückenhof, Brückenhofstraße 84, 34132 Kassel": a name right before an address.
_ABBREVIATED = r"(?:(?<=St)|(?<=Kath)|(?<=kath)|(?<=Ev)|(?<=[Ll]uth))\."
_AT_ADDRESS = re.compile(
    r"(?:^|[;:?]\s|(?P<listed>,\s)|(?<!St)(?<!Kath)(?<!kath)(?<!Ev)(?<![Ll]uth)\.\s|\bUhr,\s"
    r"|\b(?P<at>im|in der|beim|bei|[Oo]rt:|[Ww]o\s?[:?])\s)"
    rf"(?P<name>[A-ZÄÖÜ](?:[^,.;:?|\d]|{_ABBREVIATED}){{3,60}}),"
    r"\s[A-ZÄÖÜ][^,;:|]{2,40}?\s\d{1,3}\s?[a-z]?(?:\s?[-–]\s?\d{1,3})?(?:,|\.(?!\d)|\s\(|$)"
)
_DIGIT = re.compile("[0-9]")
_VENUE = re.compile(r"^(?:Ort|Wo)\s?[:?]\s")
_HALL = re.compile(
    r"(?:[Ss]aal|[Hh]alle|[Kk]üche|[Kk]irche|(?<!hoch)[Ss]chule|[Pp]ark|[Bb]ad|[Cc]afé|[Hh]afen"
    r"|[Mm]useum"
    r"|[Pp]latz|[Rr]aum"
    r"|[Bb]ahnhof|[Ss]tadion|[Ee]ingang)\b"
)
_BESIDE = re.compile(r"\s(?:an der|am|im|in der|bei der|zur)\s.*$")
_SENTENCES = re.compile(
    # Beginning with what divides, so that the engine finds where to look.
    r"[.;\s](?:(?<=[\w)][\w)]\.)(?<!Kath.)(?<!Ev.)(?<![Ll]uth.)(?<!St.)(?<!ev.)(?<!kath.)"
    r"\s+(?=[A-ZÄÖÜ])|(?<=\s)[|•·]\s|(?<=;)\s)"
)
# What one goes to is not who offers it: "Begleitung zum Jugendamt".
_GONE_TO = re.compile(
    r"\b(?:zum|zur|im|beim|ans|ins|an|vom|der|des|über das|mit dem|vor dem|an das|bei dem"
    r"|partner(?:in)? (?:sind|ist) (?:das|die|der)"
    r"|(?:zahlt|übernimmt|trägt|bezahlt|fördert|bewilligt|genehmigt) (?:das|die|der))\s$",
    re.IGNORECASE,
)
_PAYS = re.compile(r"\s(?:zahlt|übernimmt|trägt|bezahlt|fördert|bewilligt|genehmigt|kommt)\b")
_OFFICE = re.compile(r"(?:Jugendamt|Jobcenter|Familienkasse|Bezirksamt|Gesundheitsamt|Agentur)")
_FOUNDED = re.compile(r"\b(?:v\.\s)?(?:1[89]|20)\d\d\b")
# "Beratungsstelle für Eltern, Kinder und Jugendliche"
_FOR_WHOM = re.compile(r"\sfür\s[A-ZÄÖÜ][\w-]+(?:(?:,\s|\sund\s|/|-,\s|\s&\s)[A-ZÄÖÜ][\w-]+){0,4}")
_SHORT = 80  # characters of a line that is only a name
_ARTICLE = re.compile(r"^(?:Der|Die|Das|Dem|Den)\s")
_CONTACT = re.compile(
    r"(?P<label>Kontakt|(?:Kontakt|Anmeldung|Auskunft|Infos?|Information(?:en)?)"
    r"(?:(?: und | & |/)(?:Anmeldung|Kontakt|Beratung|Infos?|Information(?:en)?))?):\s"
    r"(?P<name>[A-ZÄÖÜ][^:@|;,]{3,80})(?P<end>$|[,|;])"
)
_LOCATED = re.compile(
    r"^(?:(?:Anschrift|Adresse|Kontakt|So erreichen Sie uns|Sie (?:erreichen|finden) uns)\s?[:?]"
    r"|c/o)\s"
)
_NO_BODY = re.compile(
    r"[0-9:!?@|;]|(?<!\bEv)(?<!\bev)(?<!ath)(?<!\bSt)\.\s[A-ZÄÖÜ][a-zäöü]+\s[a-zäöü]|"
    r"\b(?:[Tt]el|[Ff]ax|[Mm]ail|[Uu]hr|[Oo]rt|[Tt]reffpunkt|wir|Sie|ihr|ist|sind|wird|werden"
    r"|Zugriffe|"
    r"kostenlos|kostenfrei|Geschrieben|Persönlich|Telefonisch|Montag|Dienstag|Mittwoch|Donnerstag|Freitag|Samstag|Sonntag|"
    r"Kinder|Eltern|Alleinerziehende[nr]?|Hinterhaus|Hof|Etage|Raum|Beratung|Anmeldung|Adresse|"
    r"Anschrift|Kontakt|Kurs|Gruppe|Termine?|Angebote?)\b(?!-)"
)
_SMALL = (
    "(?:und|gegen|ohne|soziale|katholischer|alleinerziehender|v\\.|für|in|im|am|an|der|die|des|zur"
    "|zum|von|vom|mit|&|-|–|/|e\\.|V\\.|e\\.V\\.|[a-zäöüß]+(?:lich|isch)en?)"
)
_BODY_NAME = re.compile(
    rf"[„“\"]?[A-ZÄÖÜ][^\s]*(?:\s(?:{_SMALL}|[„“\"(]?[A-ZÄÖÜ][^\s]*|g?GmbH|gUG)){{0,7}}"
)
_ASSOCIATION = re.compile(r"\be\.\s?V$")
_TRAILING = re.compile(r"\s(?:im|in|am|für|der|die|den|des|von|und|zur|zum)$")
_LEADING = re.compile(
    r"^(?:(?:[Dd]ir|Ihnen|[Ee]uch|[Uu]ns|und|für|in|im|der|die|des|zur|zum|von|&|-|–)\s)+"
)
# "15-17 Uhr im Nachbarschaftshaus Süd e.V.": the time before the body's name.
_TIME_BEFORE = re.compile(
    r"^(?:Uhr|Montags?|Dienstags?|Mittwochs?|Donnerstags?|Freitags?|Samstags?|Sonnabends?"
    r"|Sonntags?|"
    r"(?:Vor|Nach)mittags?|Abends?|Wochenende|Woche|Monat)\s(?=(?:im|in|der|die|des|zur|zum|von"
    r"|und)\s)"
)
_NO_NAME = re.compile(
    r"^(?:(?:siehe|auf|bitte|mehr|persönlich|telefonisch|teilnahmebeitrag|kostenlos|https?|www|tel|telefon|e-?mail)\b|s\.|\d)",
    re.IGNORECASE,
)


def read_provider(record: Record, context: Context) -> Reading:
    """State the provider.

    Order: markup, label, "Ein Angebot von …", legal form, known body, the name at an address; last,
    and least sure, the institution whose own site it is.
    """
    owner = owner_of(record, context)
    if found := _told(record):
        return _in_full(found, owner)
    weak = _hinted(record)
    if weak is not None and weak.statements[0].confidence < _SPOKEN:
        weak = _of_all(record) or weak
    weak = weak or _of_all(record)
    if owner is not None and not (weak and _ANOTHER.match(str(weak.value("provider")))):
        name = clean(owner.text)
        return Reading(
            [Statement("provider", name, owner.text, owner.locator, _READER, _OWN_SITE, 0.6)]
        )
    if weak is not None:
        return weak
    if not context.site or not is_institution(context.site):
        return Reading()
    name = clean(context.site)
    return Reading([Statement("provider", name, name, "", _READER, _OWN_SITE, 0.5)])


_SPOKEN = 0.7  # of the confidence in a body that the record itself speaks of
# "Träger aller Angebote ist, wenn nicht anders vermerkt, das Amt für Familie".
_ALL_ARE = re.compile(
    r"(?:Träger|Veranstalter|Anbieter)(?:in)?\s(?:aller|sämtlicher|unserer|der)\s[^,.;]{3,60}?"
    r"(?:,[^,.;]{3,60},)?\s?\b(?:ist|sind)\b(?:,[^,.;]{3,60},|\s\([^()]{3,60}\))?\s"
    r"(?:(?:der|die|das)\s)?(?P<name>[^|;•]{3,120})"
)


def _of_all(record: Record) -> Reading | None:
    """Who runs all that the page tells of, by its own words."""
    for passage in record.passages:
        for sentence in _SENTENCES.split(passage.text[:_MOST]) if passage.shared else ():
            said = _ALL_ARE.search(sentence)
            if said and _is_body(name := _named(said["name"])):
                return _reading(name, passage, 0.8)
    return None


# A house that its own people run, wherever an offer takes place in it.
_ANOTHER = re.compile(
    r"(?:\w+\s)?\w*(?:praxis|kanzlei|klinik|bücherei|bibliothek|[Mm]ehrgenerationenhaus"
    r"|[Bb]eratungsstelle|(?<!Fach)[Dd]ienst|[Vv]erband|[Vv]erein|[Ww]erk|[Bb]und|[Ss]tiftung"
    r"|[Ss]eelsorge|[Kk]ammer|[Nn]otruf)\s(?:[A-ZÄÖÜ„“\"]|am|an|im|der|des)"
    rf"|(?:{WELFARE}|{AUTHORITIES})\s[A-ZÄÖÜ]"
)
_OWN_SITE = "auf der eigenen Website dieser Einrichtung"


def _in_full(found: Reading, owner: Passage | None) -> Reading:
    """A name with its legal form, where it is that of the site's owner without it."""
    (said,) = found.statements
    if owner is not None:
        name = clean(owner.text)
        if LEGAL_FORM.sub("", name).casefold() == str(said.value).casefold() != name.casefold():
            return Reading([said._replace(value=name)])
    return found


def _told(record: Record) -> Reading | None:
    """Who offers, where the record says so in so many words."""
    for passage in record.passages:
        if passage.role is Role.PROVIDER and (name := _named(passage.text)):
            return _reading(name, passage, 1.0)
    texts = [p for p in record.passages if p.role is Role.TEXT]
    label_before = False
    for passage in texts:
        match = _LABEL.search(passage.text[:_MOST]) if ":" in passage.text else None
        name = _named(_first_sentence(match["name"])) if match else ""
        if label_before and not name:
            leads_on = len(passage.text) >= 120 or _LEADS_ON.match(passage.text)
            name = "" if leads_on else _named(passage.text)
        if name:
            return _reading(name, passage, 0.97)
        label_before = bool(_LABEL_ALONE.match(passage.text))
    for passage in _mentioning(texts, _LABEL_CUES):
        if passage.shared and _ALL_ARE.search(passage.text):
            continue  # what the record says itself comes first
        if name := _labelled(passage.text[:_MOST]):
            return _reading(name, passage, 0.9)
    for pattern, cues, confidence in (
        (_OFFERED, _OFFERED_CUES, 0.9),
        (_BELONGS, _BELONGS_CUES, 0.85),
        (_LEGAL, _LEGAL_CUES, 0.8),
        (_COMES_FROM, _COMES_CUES, 0.8),
    ):
        if found := _patterned(record, pattern, cues, confidence):
            return found
    return _in_title(record)


# As in "Treff am Sonntag (Kath. Familienbildung)" or "Wohnen: Mieterverein Nord".
_IN_TITLE = re.compile(r"\((?P<name>[^()]{4,60})\)\W*$|:\s(?P<name2>[^:]{4,60})$")


def _in_title(record: Record) -> Reading | None:
    """The body that a title names behind what is offered."""
    for passage in _titles(record):
        said = _IN_TITLE.search(passage.text)
        name = (said["name"] or said["name2"]).strip() if said else ""
        if name and " " in name and _is_body(name):
            return _reading(name, passage, 0.8)
    return None


def _first_sentence(text: str) -> str:
    """What a label names, without the sentences behind: "Veranstalter: FBS Nord. Beitrag 3 €"."""
    end = _SENTENCE_BEHIND.search(text)
    return text[: end.start()] if end else text


_SENTENCE_BEHIND = re.compile(
    r"\.\s(?:(?<=[^\W\d_]{3}\.\s)(?<![Kk]ath\.\s)(?<![Ll]uth\.\s)(?<!gem\.\s))(?=[A-ZÄÖÜ])"
)
_QUOTED = re.compile(r"^[„“\"]([^„“”\"]+)[“”\"]$")


def _labelled(text: str) -> str:
    """The body that a label or a verb names whose word alone may stand before others, too."""
    for pattern, fits in ((_AS_WHOM, _is_name), (_RUN_BY, _is_name), (_LABEL_OF_MANY, _is_body)):
        said = pattern.search(text)
        if said and (name := _QUOTED.sub(r"\1", _named(said["name"]))) and fits(name):
            if said[0].removesuffix(said["name"]).endswith(" der "):
                return _strong(name, "der")
            return name
    return ""


def _hinted(record: Record) -> Reading | None:
    """Who may offer: a contact, a subject, a body that is spoken of, a name at the address."""
    for pattern, cues, confidence in (
        (_CONTACT, _CONTACT_CUES, 0.7),
        (_SUBJECT, _SUBJECT_CUES, 0.7),
        (_INVERTED, _SUBJECT_CUES, 0.7),
        (_KNOWN, _KNOWN_CUES, 0.7),
    ):
        if found := _patterned(record, pattern, cues, confidence):
            texts = [p for p in record.passages if p.role is Role.TEXT]
            # "Jugendamt" over the address of the "Stadtverwaltung Nord": the office, and whose.
            titled = found.value("provider") == record.title
            return (_of_address(texts, record.title) if titled else None) or found
    texts = [p for p in record.passages if p.role is Role.TEXT]
    return _joined_at(texts) or _of_address(texts, record.title) or _called(record)


# What a house or a service of its own is called, with the name that tells it from others.
_CALLED = re.compile(
    r"(?:[\w-]+e[rs]?\s)?[\w-]*(?:[Zz]entrum|[Hh]aus|[Nn]otruf|[Tt]elefonseelsorge|[Ss]telle|[Vv]erein|[Dd]ienst"
    r"|[Bb]ibliothek|[Bb]ücherei|[Mm]ission|[Aa]gentur|[Tt]afel)\s(?!für\b|im\b|am\b|in\b|vor\b|mit\b|zu[rm]?\b)"
    r"(?:d(?:er|es)\s)?[„“\"]?[A-ZÄÖÜ][\w.-]+[“”\"]?(?:\s[A-ZÄÖÜ][\w.-]+){0,2}"
)


def _called(record: Record) -> Reading | None:
    """The body that a title is the name of: "Frauennotruf Nord"."""
    for passage in _titles(record):
        if _CALLED.fullmatch(passage.text) and _is_name(passage.text):
            return _reading(passage.text, passage, 0.6)
    return None


# With whom one registers: "Anmeldung bis 1. März bei der Katholischen Erwachsenenbildung, Tel. …".
_JOINED_AT = re.compile(
    r"\b(?:Vermittlung|Durchführung|Organisation|Anmeldung(?:en)?)\b(?:[^.;|]|(?<=\d)\.){0,40}?"
    r"\s(?:durch|über|bei|beim)\s(?:(?P<by>der|dem|den|das|die)\s)?(?P<name>[A-ZÄÖÜ][^,;:"
    r"|(]{3,80}?)"
    r"(?P<part>,\s(?:Amt\s)?(?:Fachbereich\s|Fachdienst\s)?[A-ZÄÖÜ][\w-]*(?:pflege|amt|hilfe|dienst|büro"
    r"|referat|stelle))?(?=[,;:|(]|\.?$|\.\s|\s(?:unter|bis|per)\b)"
)


def _joined_at(texts: Sequence[Passage]) -> Reading | None:
    for passage in _mentioning(texts, _JOINED_CUES):
        said = _JOINED_AT.search(passage.text[:_MOST])
        name = _named(_nominative(said["name"], said["by"] or "")) if said else ""
        name += (said["part"] or "") if said and name else ""
        if name and _is_body(name) and not _OFFICE.match(name):
            return _reading(name, passage, 0.7)
    return None


def _patterned(
    record: Record, pattern: re.Pattern[str], cues: int, confidence: float
) -> Reading | None:
    texts = [p for p in record.passages if p.role is Role.TEXT]
    read = texts if pattern is _OFFERED or pattern is _SUBJECT else [*_titles(record), *texts]
    for passage in _mentioning(read, cues):
        if pattern is _BELONGS and not seen(passage.text) & _OWNED:
            continue
        if _CREDIT.match(passage.text):
            continue
        matches = pattern.finditer(passage.text[:_MOST])
        for nth, match in enumerate(matches if pattern is _KNOWN else islice(matches, 1)):
            if nth and not _is_apart(match):
                continue
            if name := _matched(pattern, match, passage):
                found = _reading(name, passage, confidence)
                spoken = pattern is _KNOWN or pattern is _BELONGS or pattern is _SUBJECT
                return _by_full_name(found, read) if spoken else found
    return None


# Who took a picture offers nothing: "Foto: Deutscher Caritasverband".
_CREDIT = re.compile(
    r"\W*(?:Foto|Bild|Grafik|Bildnachweis|Quelle|Illustration|Copyright)\w*\s?[:©]|\W*©"
)


def _is_apart(match: re.Match[str]) -> bool:
    """Whether a name stands alone in its sentence, but for how its bearer is reached."""
    text = match.string
    before = match.start() == 0 or _APART_BEFORE.search(text, 0, match.start())
    return bool(before and _APART_BEHIND.match(text, match.end()))


def _by_full_name(found: Reading, read: Sequence[Passage]) -> Reading:
    """A body known to all; where it is only called for short, as the record names it elsewhere.

    "Schuldnerberatung der AWO" and, above the address, "AWO Kreisverband Nord".
    """
    (said,) = found.statements
    name = str(said.value)
    if _KNOWN.fullmatch(name) and (" " not in name or _FOR_SHORT.fullmatch(name)):
        long = _LONG.get(name.casefold(), name)
        for other in _mentioning(read, _KNOWN_CUES):
            line = clean(other.text[:_MOST])
            for piece in (line, *_PIECE_OF_LINE.split(line)):
                called = next((one for one in (name, long) if piece.startswith(one)), None)
                longer = called and piece[len(called) : len(called) + 1] not in {"", "-"}
                if longer and _is_name(piece):
                    return _reading(piece, other, said.confidence)
    return found


_FOR_SHORT = re.compile(WELFARE)
# What those are called in full whom all know by a short name that they do not begin with.
_LONG = {
    "diakonie": "Diakonisches Werk", "awo": "Arbeiterwohlfahrt", "drk": "Deutsches Rotes Kreuz",
    "skf": "Sozialdienst katholischer Frauen", "asb": "Arbeiter-Samariter-Bund",
    "kinderschutzbund": "Deutscher Kinderschutzbund", "vhs": "Volkshochschule",
    "vamv": "Verband alleinerziehender Mütter und Väter",
}  # fmt: skip
_PIECE_OF_LINE = re.compile(r"[,;|]\s|(?<=[a-zäöüß]{4}\.)\s(?=[A-ZÄÖÜ])")


def _strong(name: str, article: str) -> str:
    """A name without its article: "das Diakonische Werk" is the Diakonisches Werk."""
    if article.lower() == "das":
        return _WEAK_NEUTER.sub(r"\1es ", name)
    return _WEAK.sub(r"\1er ", name) if article.lower() == "der" else name


_WEAK_NEUTER = re.compile(
    r"^([A-ZÄÖÜ]\w+)e\s(?=[A-ZÄÖÜ]\w*(?:werk|kreuz|zentrum|haus|amt|büro|forum)\b|Werk\b|Kreuz\b)"
)
# "Träger ist der Evangelische Kirchenkreis": called "Evangelischer Kirchenkreis".
_WEAK = re.compile(r"^([A-ZÄÖÜ]\w+)e\s(?=[A-ZÄÖÜ]\w+(?:kreis|verein|verband|bund|dienst)\b)")
_PLACED = re.compile(r"\s[A-ZÄÖÜ][\w-]+\s*")
_GENITIVE = re.compile(
    r"(verband|verein|bistum|bund|werk|zentrum|kreuz|dienst|haus|amt|büro|kreis)(?:es|s)\b",
    re.IGNORECASE,
)
_ADJECTIVE = re.compile(r"^((?:[A-ZÄÖÜ]\w+en\s)+)(?=(\S+))")
_NEUTER = re.compile(r"(?:werk|kreuz|zentrum|haus|amt|büro|forum)$", re.IGNORECASE)


def _nominative(name: str, article: str) -> str:
    """A body's name as it is called: "des Caritasverbandes" is the Caritasverband."""
    name = _GENITIVE.sub(r"\1", name, count=1)
    declined = _ADJECTIVE.match(name)
    if declined is None:
        return name
    ending = "es" if _NEUTER.search(declined[2]) else "er"
    if article in {"der", "von der"}:
        ending = "e"
    straight = " ".join(f"{word[:-2]}{ending}" for word in declined[1].split())
    return f"{straight} {name[declined.end() :]}"


_ASIDE = re.compile(r"\s\((?![A-ZÄÖÜ]\w+\)$).*$")


def _matched(pattern: re.Pattern[str], match: re.Match[str], passage: Passage) -> str:
    """The name that a pattern found; "" where the words only speak of a body."""
    if pattern is _OFFERED:
        bracket = _BRACKET.match(match.string, match.end("name") - match["name"].endswith(" "))
        name = _nominative(match["name"].rstrip(), match["by"].lower())
        return _named(name + (bracket[0] if bracket else ""))
    if pattern is _CONTACT:
        alone = match["label"] == "Kontakt" and not match["end"]
        named = (_is_name if alone else _is_body)(match["name"])
        named = named and not _GENERIC.fullmatch(match["name"])
        return match["name"] if named else ""
    if pattern is _BELONGS:
        name = _named(_nominative(match["name"].rstrip(), match["by"]))
        return name if _is_body(name) else ""
    if pattern is _SUBJECT or pattern is _INVERTED:
        return _acting(_strong(match["name"], match["by"] or ""))
    if pattern is _COMES_FROM:
        name = _nominative(match["name"], match["by"])
        return _named(name) if _AUTHORITY.match(name) and _is_name(name) else _acting(name)
    return (_lawful if pattern is _LEGAL else _wellknown)(match, passage)


# "Solo Kiel e. V. (Fördeverband)": what stands in brackets right behind is part of the name.
_BRACKET = re.compile(r"\s\([A-ZÄÖÜ][a-zäöüß]+(?:[\s-][A-ZÄÖÜ][a-zäöüß]+)?\)")


def _whole_name(match: re.Match[str]) -> str:
    bracket = _BRACKET.match(match.string, match.end("name"))
    return match["name"] + (bracket[0] if bracket else "")


# "Die Beratungsstelle im Rathaus" is one of many.
_NAMELESS = re.compile(r"\S+(?:\s(?:im|in|am|an|vor)\b.*)?")


def _acting(name: str) -> str:
    """The body that a sentence has as its subject, or whose officer: "… der Agentur für Arbeit"."""
    known = _KNOWN.search(name)
    if known and _OFFICER.search(name[: known.start()]):
        return _named(known["name"])
    if _LEGAL.search(name) or _OFFICE.fullmatch(name) or (_NAMELESS.fullmatch(name) and not known):
        return ""
    return _named(name) if _is_body(name) else ""


_OFFICER = re.compile(r"\b(?:der|des|vom)\s$")
# "Der Verein Sonnenblume e.V." is called Sonnenblume.
_ITS_KIND = re.compile(
    r"\b(?:[Dd]er|[Dd]em|[Dd]es|[Vv]om|[Bb]eim|[Uu]nser|[Uu]nserem)\s(?:Vereine?s?|Trägers?"
    r"|Trägervereine?s?)\s(?=[A-ZÄÖÜ„“\"])"
)
# "am Projekt „Kompass“ der Bildung Nord gGmbH": what it is, and whose.
_ITS_OFFER = re.compile(
    r"(?:[\w-]*(?:[Pp]rojekt|[Kk]urs|[Aa]ngebot|[Gg]ruppe|[Tt]reff|[Bb]eratung|[Pp]rogramm|[Mm]aßnahme"
    r"|[Ss]tandort|[Ss]tandorte|[Tt]eam|[Ff]rauenhaus))(?:\s[„“\"][^„“\"]{2,40}[“”\"])?\s(?:der|des|vom|von)\s"
    r"(?=[A-ZÄÖÜ„“\"])"
)


_SHORT_NAME = re.compile(
    r"(?!(?:der|die|das|im|am|in|an|bei|vom|von|zum|zur|ein|mit|und)\s)[a-z]{2,4}\s"
)


def _lawful(match: re.Match[str], passage: Passage) -> str:
    text = passage.text
    if _SHORT_NAME.fullmatch(text, 0, match.start()):
        return _named(text[: match.end()])  # "keb Kreis Nord e.V."
    whole = match.end() >= len(text.rstrip())
    head = text[: match.end()].rpartition(": ")[2]  # "Wer / wo: Hilfe für …"
    if _ADDRESSED.match(text, match.end()) and _WHOLE.fullmatch(head) and not _NO_BODY.search(head):
        return _named(head)  # "Hilfe für wohnungslose Familien e.V., Am Wall 3"
    if kind := _ITS_KIND.search(text, max(0, match.start() - len("unserem ")), match.end()):
        return _named(text[kind.end() : match.end()])
    if (whole and _WHOLE.fullmatch(text) and not _NO_BODY.search(text)) or _PLACED.fullmatch(
        text, match.end()
    ):
        # "Zu Hause gesund werden Isartal gGmbH", "Sozialdienst katholischer Frauen e.V. Köln"
        return _named(text)
    if whole:
        return _named(_ITS_OFFER.sub("", match["name"], count=1))
    seat = _SEAT.match(text, match.end())
    name = _ITS_OFFER.sub("", _whole_name(match), count=1) + (seat[1] if seat else "")
    return _ARTICLE.sub("", _named(name))


# "Der Sozialdienst katholischer Frauen e.V. Nordstadt bietet …": the town belongs to the name.
_SEAT = re.compile(r"(\s[A-ZÄÖÜ][a-zäöüß]+(?:-[A-ZÄÖÜ][a-zäöüß]+)?)\s(?=[a-zäöü]{3,}t\b)")


def _wellknown(match: re.Match[str], passage: Passage) -> str:
    text = passage.text
    if _OFFICE.match(match["name"]) and (
        _GONE_TO.search(text[: match.start()]) or _PAYS.match(text, match.end())
    ):
        return ""
    if match.start() == 0 and _is_name(text) and len(text) < _SHORT:
        return _named(_ASIDE.sub("", text))  # "Bezirksamt Musterstadt, Jugendamt"
    if (part := _PART_OF.search(text[: match.start()])) is not None:
        return _named(text[part.start() : match.end()])
    if (kind := _QUALIFIED.search(text, 0, match.start())) is not None:
        return _named(text[kind.start("kind") : match.end()])
    if passage.role is Role.TEXT and len(text) > _SHORT and match.start() and not _is_apart(match):
        return ""  # "… und Zuschüsse vom Jobcenter."
    return _named(_nominative(_whole_name(match), "des"))


# "Regionale Diakonie Nord", at the beginning of a line or a sentence.
_QUALIFIED = re.compile(
    r"(?:^|[.;:]\s)(?P<kind>(?!(?:Eine|Keine|Ihre|Unsere|Diese|Jede|Alle|Liebe)\b)"
    r"[A-ZÄÖÜ][a-zäöüß]{4,}(?:e|er|es)\s)$"
)
# What a known name is a part of: "Landkreis Nord, Gesundheitsamt", "Haus der Diakonie".
_PART_OF = re.compile(
    r"(?:(?:Landeshauptstadt|Stadt|Landkreis|Kreis|Gemeinde|Bezirksamt)\s[A-ZÄÖÜ][\w-]+"
    r"(?:\s(?:am|an|der|im|[A-ZÄÖÜ][\w-]+)){0,3}(?:,|\s[–-])\s(?:Fach(?:bereich|dienst)\s)?"
    r"|\bHaus\sder\s)$"
)
_APART_BEFORE = re.compile(r"[.!?,]\s$|\($")
_APART_BEHIND = re.compile(
    r"\)?\.?\s*$|,\s(?=Tel|Fon\b|Ruf\b|E-Mail|\S+@|0\d|\+49"
    r"|[A-ZÄÖÜ][\w.-]*(?:\s[A-ZÄÖÜ][\w.-]*)?\s\d)"
)


# A building, which is called so in every town.
_GENERIC = re.compile(
    r"(?:(?:\w+es )?Rathaus|(?:Gemeinde|Pfarr|Kirchen|Vereins)büro|Pfarramt|Sekretariat"
    r"|(?:Evangelisches|Katholisches|Ev\.|Kath\.)\s(?:Gemeinde|Pfarr)(?:zentrum|haus|heim)|(?:\w+[Aa]dresse|\w*[Aa]nschrift|\w+zeiten)|(?:Familien|Stadtteil"
    r"|Gemeinde|Bürger|Jugend|Nachbarschafts"
    r"|Eltern|Mehrgenerationen|Stadt|Kinder|Vereins|Frauen|Pfarr)(?:zentrum|haus|heim)"
    r"|Beratungsstelle|Haus\sder\s(?:Vereine|Begegnung|Jugend)"
    r"|Geschäftsstelle|Büro|(?:Familien|Stadtteil|Bürger|Jugend)büro|(?:\w*halle|Aula|\w+bad"
    r"|\w*[Ss]aal|(?:Pfarr|Gemeinde|Vereins|Jugend)heim"
    r"|Gast(?:stätte|haus|hof)|Restaurant|Wirtshaus|Kneipe|Bistro|Hotel)(?:\s.*)?)"
)
# "Familienzentrum tam": houses write their names as they like.
_OWN_WORD = re.compile(r"(?:(?<=zentrum)|(?<=treff)|(?<=haus)|(?<=stelle))\s[a-zäöü]{2,12}$")


def _of_address(texts: Sequence[Passage], title: str) -> Reading | None:
    """The name before the street, on its line or above; else a line that names an institution."""
    for at, passage in enumerate(texts):
        text = clean(passage.text[:_MOST])
        streets = find_streets(text)
        if not streets:
            continue
        before = _LOCATED.sub("", text[: streets[0].start]).rpartition("; ")[2]
        before = before.rstrip(" ,;|·•*–-")
        above = _LOCATED.sub("", clean(texts[at - 1].text)) if at else ""
        for name, source in ((before, passage), (above, texts[at - 1])):
            if _GENERIC.fullmatch(name):
                continue
            if name and name != title and (_is_name(name) or _is_name(_OWN_WORD.sub("", name))):
                return _reading(name, source, 0.7)
            if name and source is passage:
                break
        break
    return _at_address(texts, title) or _institution(texts, title)


def _at_address(texts: Sequence[Passage], title: str) -> Reading | None:
    """The name right before an address inside a line."""
    for passage in _mentioning(texts, _COMMA):
        if not _DIGIT.search(passage.text):
            continue
        for place in _AT_ADDRESS.finditer(passage.text[:_MOST]):
            name = place["name"].strip()
            apart = place["at"] is None and place["listed"] is None and " " in name
            told = apart or _is_body(name) or "treff" in name.lower()
            told = told and not _GENERIC.fullmatch(name)
            if told and name != title and not _is_hall(name) and _is_name(name):
                return _reading(name, passage, 0.7)
    return None


def _is_hall(name: str) -> bool:
    """Whether a name is that of a place to meet in, not of a house "an der Kirche"."""
    return (
        _HALL.search(_BESIDE.sub("", name)) is not None
        or _HOUSE_OF_STAY.fullmatch(name) is not None
    )


_HOUSE_OF_STAY = re.compile(r"Haus\s(?!der\b|des\b|für\b)[A-ZÄÖÜ][\w-]+")  # "Haus Wartburg"


_OWNED = watch(*sorted(needed(_BELONGS.pattern)))
_INSTITUTIONS = watch(*sorted(needed(_ORGANISED.pattern) | needed(_AUTHORITY.pattern)))


_REACHED = re.compile(r"[,:]\s(?=(?:Tel\b|Fon\b|Telefon|Mobil|\(?0\d|\+49|\S+@))")


def _institution(texts: Sequence[Passage], title: str) -> Reading | None:
    """A line or sentence that only names an institution."""
    for passage in texts:
        text = clean(passage.text[:_MOST])
        if not seen(text) & _INSTITUTIONS:
            continue
        for said in _SENTENCES.split(text):
            piece = _REACHED.split(_VENUE.sub("", said))[0]
            if len(piece) > _SHORT:
                continue
            named = _ORGANISED.search(piece) or _AUTHORITY.match(piece)
            placed = _HALL.search(piece) and not _AUTHORITY.match(piece)
            if piece != title and named and not placed and _is_name(piece):
                return _reading(_named(piece) or piece, passage, 0.6)
    return None


def _is_body(text: str) -> bool:
    """Whether a name is that of a body, by its legal form, its kind, or because all know it."""
    known = _ORGANISED.search(text) or _LEGAL.search(text) or _KNOWN.match(text)
    known = known or _LABELLED_BODY.match(text) or _AUTHORITY.match(text)
    return known is not None and _is_name(text)


# What a label makes a body of: "Wer: Elterntelefon Sachsen".
_LABELLED_BODY = re.compile(
    r"(?:\w+\.?[-\s]){0,2}\w*(?:telefon|hilfe|netz|kreis|initiative|[Gg]emeinschaft"
    r"|[Jj]ugend)\b(?!-)"
)


def _is_name(text: str) -> bool:
    """Whether a line can be the name of a body: capitalised words, no sentence, no contact."""
    text = text.strip()
    told = _FOUNDED.sub("", text)
    if _ORGANISED.search(told) or _AUTHORITY.match(told):
        told = _FOR_WHOM.sub("", told)
    if not 4 <= len(text) <= _SHORT or _NO_BODY.search(told) or names_person(text):
        return False
    return _BODY_NAME.fullmatch(told.strip()) is not None


def _mentioning(passages: Iterable[Passage], cues: int) -> Iterator[Passage]:
    """The passages in which one of these strings stands: the cheap question before a regex."""
    return (passage for passage in passages if _heard(passage.text) & cues)


def _titles(record: Record) -> list[Passage]:
    return [p for p in record.passages if p.role in {Role.TITLE, Role.VENUE}]


def _reading(name: str, passage: Passage, confidence: float) -> Reading:
    quote = strip_persons(passage.text)[:300]
    return Reading([Statement("provider", name, quote, passage.locator, _READER, "", confidence)])


_END = re.compile(
    r"\s*(?:,\s(?=Postfach\b)|(?:(?<=GmbH)|(?<=gUG))\.\s(?=[A-ZÄÖÜ])|,\s(?=(?:Mo|Di|Mi|Do|Fr|Sa)\b)"
    r"|,\s(?=(?:[A-ZÄÖÜ][\wäöüß.-]*\s){0,2}[A-ZÄÖÜ]?[\wäöüß.-]*(?:[Ss]traße|[Ss]tr\.|[Ww]eg|[Pp]latz"
    r"|[Aa]llee)(?:\s\d|\b)|\d|Tel|E-Mail)|"
    r"\s[-–|]\s(?=\d|Tel|www)|"
    r"\.\s(?=[A-ZÄÖÜ][a-zäöü]+(?::\w+)?\s(?!gem\.\sGmbH)[a-zäöü])"
    r"|,\s(?:kosten(?:los|frei)|gratis|(?:ohne|mit)\s(?:Vora|A)nmeldung)\b|\bTel(?:efon)?\b"
    r"|\bE-?Mail\b|\bwww\.|"
    r"https?:|\bin (?:Kooperation|Zusammenarbeit)\b|(?<=\sV\.)\s(?=[A-ZÄÖÜ][a-zäöüß-]+:)"
    r"|\bund richtet\b"
    r"|(?<=e\.\sV\.|gGmbH)\s(?!in\b|im\b|am\b|an\b|für\b"
    r"|der\b|des\b|von\b|vom\b|und\s(?:der|die|das|[A-ZÄÖÜ]))(?=[a-zäöü])"
    r"|\.\s(?=(?:Im|In|Am|An|Mit|Für|Bei|Zum|Zur|Ab|Bis|Auf|Nach|Ohne|Bitte|Info|Infos|Anmeldung"
    r"|Kosten|Eine?"
    r"|Keine?|Jede[nrs]?|Die\sTeilnahme|Der\sEintritt)\b)).*$"
)


# "… inkl. Essen. Jugendring Saar-Mitte e.V.": the end of a sentence before the name.
_AFTER_SENTENCE = re.compile(
    r"^.*\w[a-zäöüß]{3}(?<![Ll]uth)(?<!vang)(?<!verb)(?<!anct)(?<![Kk]ath)\.\s(?=[A-ZÄÖÜ].{4})"
)


_ADDRESSED = re.compile(r",\s[A-ZÄÖÜ][^,;:|.]{2,40}?\.?\s\d{1,3}\s?[a-z]?\b")
# "06526 Gerbstedt (Turnverein Gerbstedt e.V.": the bracket holds the name.
_BRACKETED = re.compile(r"^[^()]*\((?=[A-ZÄÖÜ][^()]*$)")
# The number of a section: "1.2 Sozialverein Hunte e.V."
_NUMBERED = re.compile(r"^\d{1,2}\.\d{1,2}\s(?=[A-ZÄÖÜ])")


def _named(text: str) -> str:
    """A provider's name without what follows it; "" where the text names none."""
    name = _AFTER_SENTENCE.sub("", _END.sub("", _NUMBERED.sub("", clean(text), count=1)))
    if "(" in name:
        name = _BRACKETED.sub("", name)
    name = _LEADING.sub("", _TIME_BEFORE.sub("", name)).strip(" ,;:|–-")
    while shorter := _TRAILING.sub("", name):
        if shorter == name:
            break
        name = shorter
    if not name.endswith((".V.", "e. V.")):
        name = name.removesuffix(".") if not _ASSOCIATION.search(name) else name
    if _ASSOCIATION.search(name):
        name += "."
    if len(name) < 3 or len(name) > 120 or _NO_NAME.match(name):
        return ""
    return strip_persons(name) if names_person(name) else name
