"""What the name of a body looks like, and how it is called: without article, in the nominative."""

from __future__ import annotations

import re
from functools import lru_cache

from aggregator.normalise.person import names_person, strip_persons
from aggregator.normalise.text import clean
from aggregator.vocabulary.compounds import atoms, fold_letters, parts
from crawlers.bodies import ADULT_EDUCATION, AUTHORITIES, WELFARE

STAFF = (
    r"(?:[Bb]erater|[Mm]itarbeiter|[Tt]rainer|[Ss]ozialarbeiter|[Kk]oordinator|[Vv]ertreter|[Hh]elfer"
    r"|[Bb]etreuer|[Ee]rzieher)(?:[:*_]?in(?:nen)?|n)?"
    r"|(?:[Ll]ots|[Pp]at|[Ee]xpert|[Rr]eferent|[Dd]ozent|[Pp]ädagog|[Pp]sycholog|[Tt]herapeut|[Jj]urist"
    r"|[Aa]nwält|[Kk]olleg)(?:[:*_]?in(?:nen)?|en?)"
    r"|[Ee]hrenamtlichen?|[Ff]achkraft|[Ff]achkräften?|[Ff]achfrau|[Hh]ebammen?|[Nn]otfallmamas|[Ff]achleute"
)
"""Who works for a body: "ein Berater des …", "die Job-Lotsen der …"."""
LEGAL = re.compile(
    r"(?P<name>(?:(?:Frauen|Eltern|Mütter|Väter|Familien|Menschen|Nachbarn|Bürger)\s"
    r"(?:helfen|beraten|stärken|unterstützen|begleiten|informieren)|[a-zäöü]{2,12}:[a-zäöü]{3,20}"
    r"|[Dd]onum [Vv]itae|[Pp]ro ?[Ff]amilia|wellcome"
    r"|[A-ZÄÖÜ][\w&.’'/-]{0,40}|[„“\"][^„“\"]{2,40}[“”\"]"
    r"|und|für|in|im|der|die|"
    r"des|zur|zum|von|&|-|–)(?:\s(?:[A-ZÄÖÜ(][\w&.’'/()-]*|"
    r"[„“\"][^„“\"]{2,40}[“”\"]|(?:1[89]|20)\d\d(?=\se\.)|und|für|in|im|der|die|des|zur|zum|von|gegen"
    r"|überm|ohne|"
    r"alleinerziehender|[a-zäöüß]{2,}(?:lich|isch)e[rns]?|&|-|–)){0,9} (?:e\.(?: V|V)\.?|gGmbH"
    r"|gemeinnützige GmbH|gem\. GmbH|gUG|eG|GmbH|KdöR|gAG))(?!\w)"
)
_THE = "(?:der|die|das|den|dem|des)"
PEOPLE = (
    r"(?:[Aa]lle\w*|[Jj]unge|[Ww]erdende|Frauen|Männer|Kinder|Jugendliche|Mädchen|Jungen|Eltern"
    r"|Mütter|Väter|Familien|Schwangere|Menschen|Alleinerziehende|Migrant\w+|Geflüchtete|Paare)"
)
_DECLINED = (
    r"Diakonischen Werk(?:e?s)?|Deutschen Roten Kreuz(?:es)?|Deutschen? Kinderschutzbund(?:es)?"
    r"|(?:Humanistischen|Paritätischen) Verband(?:es)?|Internationalen Bund(?:es)?"
)
"""For whom something is, which belongs to no name: "Hilfe der Caritas für Schwangere"."""
LEGAL_ENDING = re.compile(r"\s(?:e\.\s?V\.?|g?GmbH|gUG|eG|KdöR|gAG)$")
"""The legal form that a name ends in."""
KNOWN = re.compile(
    rf"(?<![\w-])(?P<name>(?:{_DECLINED}|{WELFARE}"
    rf"|{AUTHORITIES}|{ADULT_EDUCATION}"
    r"|(?:Erzb|B)istum(?=s?\s[A-ZÄÖÜ])s?|(?:Erzd|D)iözese(?=\s[A-ZÄÖÜ])"
    r"|(?:Evangelische|Katholische) Kirche(?:ngemeinde|(?=\s(?:in\s)?[A-ZÄÖÜ])))"
    r"(?:e?s(?=\s[A-ZÄÖÜ]))?"
    # "Familienkasse Baden – Nord", "Diakonisches Werk an Ems und Hase"
    r"(?:(?<=Familienkasse)\s[A-ZÄÖÜ][\w-]+\s[–-](?=\s[A-ZÄÖÜ])"
    rf"|\s(?:[Aa]n|[Ii]n|[Ii]m|für|[Zz]wischen)\s(?:{_THE}\s)?(?!{PEOPLE}\b)[A-ZÄÖÜ][\w-]+\sund\s"
    rf"(?:{_THE}\s)?[A-ZÄÖÜ][\w-]+)?"
    r"(?:[- ](?:(?:Lkr|Krs|Kr)\.|[A-ZÄÖÜ][\w-]+(?!\w*\.\s?V)|im|in|am|an"
    rf"|für(?!\s{PEOPLE}\b)|der|die|den|des|von|(?:a"
    r"|i)\.\s?d\.\s?[A-ZÄÖÜ]\w+)){0,5}"
    r"(?:,\s(?:KV|OV|Kreisverband|Ortsverband|Ortsverein|Bezirksverband)\s[A-ZÄÖÜ][\w-]+)?)"
)
ORGANISED = re.compile(
    r"^(?:(?:[Ee]v|[Kk]ath)[\w.-]*\s)?(?:\w+\.?[-\s])?\w*(?:haus|zentrum|ungsstelle|ionsstelle"
    r"|(?<!alte)(?<!tank)(?<!bau)(?<!prüf)stelle(?=\s(?:(?:der|des|im|am)\s)?[A-ZÄÖÜ„])|fürsorge|wohlfahrt|jugendförderung"
    r"|senenbildung|werk|verein|verband|[aA]mt|forum|agentur|(?<!unter)(?<!ein)(?<!hoch)(?<!aus)(?<!auf)(?<!be)laden|akademie"
    r"|[sS]tiftung|amilienbildung"
    r"|bücherei|bibliothek|schule|praxis|hilfswerk|dienst|stätte|gemeinde|seelsorgeeinheit|büro"
    r"|bund|bildungsnetz|betriebe|mission|zentrale|kinderdorf|dekanat|[Oo]rdinariat|pflege"
    r"|Büro|Haus|Zentrum|Werk|Verein|Dienst|(?:Bibliothek|Bücherei)(?=\s[A-ZÄÖÜ])|Akademie|Mission"
    r"|[Bb]ündnis(?=\s(?:für\s)?[A-ZÄÖÜ])"
    r"|Verband|Stiftung|(?:pflege|hilfe|initiative|netzwerk|bund|mission|notruf|eelsorge)(?=\s[A-ZÄÖÜ(])"
    r"|stützpunkt|(?:[Ff]amilien|[Aa]mts|[Ss]ozial)gericht|(?<=er\s)Tafel|Tafel(?=\s[A-ZÄÖÜ])"
    r"|(?:TSV|TuS|TV|SV|SC|SG|VfL|VfB|MTV|TSG|DJK|FBS|KEB|DLRG|IHK|HWK|MGH)(?=\s[A-ZÄÖÜ]))\b(?!-)"
)
# A part of the administration, named by a line of its own.
# "Werra-Meißner-Kreis", but no "Eltern-Kind-Kreis".
_COUNTIES = r"(?!(?:Mutter|Vater|Eltern|Kind|Baby|Frauen)-)(?:[A-ZÄÖÜ][a-zäöüß]+-){1,3}Kreis"
AUTHORITY = re.compile(
    rf"^(?:{_COUNTIES})\b(?!-)|"
    r"^(?:(?:Stadt|Kreis|Gemeinde|Samtgemeinde|Verbandsgemeinde)verwaltung\s[A-ZÄÖÜ]"
    r"|(?:Landeshauptstadt|Stadt|Landkreis|Kreis|Gemeinde)\s[A-ZÄÖÜ]|Amt\sfür\s|Fach(?:dienst"
    r"|bereich)\s"
    r"|Gleichstellungs\w+\s(?:der|des)\s)"
)
OFFICE = re.compile(AUTHORITIES)
# "Stadt Nord, Abteilung Kinder, Jugend und Familie"
DEPARTMENT = re.compile(
    r",\s(?:Abteilung|Amt|Fach(?:bereich|dienst|gebiet)|Sachgebiet|Referat|Dezernat|[A-ZÄÖÜ]\w*(?:amt|büro|dienst))"
    r"\b(?!\s\d)[^;|·•:.()\d–]*?(?=$|\s[–·|•(]|\.|,\s(?:Tel|Fon|[A-ZÄÖÜ][\w.-]*(?:\s[A-ZÄÖÜ][\w.-]*)?\s\d))"
)
# A building, which is called so in every town.
GENERIC = re.compile(
    r"(?:(?:\w+es )?Rathaus|(?:Gemeinde|Pfarr|Kirchen|Vereins)büro|Pfarramt|Sekretariat"
    r"|(?:Evangelisches|Katholisches|Ev\.|Kath\.)\s(?:Gemeinde|Pfarr)(?:zentrum|haus|heim)|(?:\w+[Aa]dresse|\w*[Aa]nschrift|\w+zeiten)|(?:Familien|Stadtteil"
    r"|Gemeinde|Bürger|Jugend|Nachbarschafts"
    r"|Eltern|Mehrgenerationen|Stadt|Kinder|Vereins|Frauen|Pfarr)(?:zentrum|haus|heim)"
    r"|Beratungsstelle|Haus\sder\s(?:Vereine|Begegnung|Jugend)"
    r"|Geschäftsstelle|Büro|(?:Familien|Stadtteil|Bürger|Jugend)büro|(?:\w*halle|Aula|\w+bad"
    r"|\w*[Ss]aal|(?:Pfarr|Gemeinde|Vereins|Jugend)heim"
    r"|(?:Kultur|Park|Kur|Dorfgemeinschafts|Vereins|Feuerwehr|Schützen)haus|Kulturzentrum"
    rf"|[\w-]*(?:{STAFF})|Gast(?:stätte|haus|hof)|Restaurant|Wirtshaus|Kneipe|Bistro|Hotel)(?:\s.*)?)"
)
# What a label makes a body of: "Wer: Elterntelefon Sachsen".
_LABELLED_BODY = re.compile(
    r"(?:\w+\.?[-\s]){0,2}\w*(?:telefon|hilfe|netz|kreis|initiative|[Gg]emeinschaft"
    r"|[Jj]ugend)\b(?!-)"
)
_FOUNDED = re.compile(r"\b(?:v\.\s)?(?:1[89]|20)\d\d\b")
# "Beratungsstelle für Eltern, Kinder und Jugendliche"
_FOR_WHOM = re.compile(r"\sfür\s[A-ZÄÖÜ][\w-]+(?:(?:,\s|\sund\s|/|-,\s|\s&\s)[A-ZÄÖÜ][\w-]+){0,4}")
SHORT = 80  # characters of a line that is only a name
NO_BODY = re.compile(
    r"[0-9:!?@|;]|(?<!\bEv)(?<!\bev)(?<!ath)(?<!\bSt)\.\s[A-ZÄÖÜ][a-zäöü]+\s[a-zäöü]|"
    r"\b(?:[Tt]el|[Ff]ax|[Mm]ail|[Uu]hr|[Oo]rt|[Tt]reffpunkt|wir|Sie|ihr|ist|sind|wird|werden"
    r"|finden|findet|trifft|kann|können|gibt|läuft|haben|hat|bieten|bietet|berät|kommt|vermittelt"
    r"|unterstützt|begleitet|organisiert|lädt|erhalten|bekommen|Zugriffe|"
    r"kostenlos|kostenfrei|Geschrieben|Persönlich|Telefonisch|Montag|Dienstag|Mittwoch|Donnerstag|Freitag|Samstag|Sonntag|"
    r"Kinder|Eltern|Alleinerziehende[nr]?|Hinterhaus|Hof|Etage|Raum|Beratung|Anmeldung|Adresse|"
    r"Anschrift|Kontakt|Kurs|Gruppe|Termine?|Angebote?)\b(?!-)"
)
_SMALL = (
    "(?:und|gegen|ohne|soziale|katholischer|alleinerziehender|v\\.|für|in|im|am|an|der|die|des|zur"
    "|zum|von|vom|mit|&|-|–|/|e\\.|V\\.|e\\.V\\.|[a-zäöüß]+(?:lich|isch)en?)"
)
_BODY_NAME = re.compile(
    r"[„“\"]?(?:[A-ZÄÖÜ][^\s]*|donum vitae|pro ?familia)"
    rf"(?:\s(?:{_SMALL}|[„“\"(]?[A-ZÄÖÜ][^\s]*|g?GmbH|gUG)){{0,7}}"
)


def is_body(text: str) -> bool:
    """Whether a name is that of a body, by its legal form, its kind, or because all know it."""
    known = ORGANISED.match(text) or LEGAL.search(text) or KNOWN.match(text)
    known = known or _LABELLED_BODY.match(text) or AUTHORITY.match(text)
    return known is not None and is_name(text)


def is_name(text: str) -> bool:
    """Whether a line can be the name of a body: capitalised words, no sentence, no contact."""
    text = text.strip()
    told = _FOUNDED.sub("", text)
    if AUTHORITY.match(told):
        told = DEPARTMENT.sub("", told, count=1)  # may be for children and parents
    if not 4 <= len(told) <= SHORT:
        return False
    if ORGANISED.match(told) or AUTHORITY.match(told):
        told = _FOR_WHOM.sub("", told)
    if NO_BODY.search(told) or names_person(text):
        return False
    return _BODY_NAME.fullmatch(told.strip()) is not None


_NOUN = re.compile(r"\b[A-ZÄÖÜ][a-zäöüß]+")


def is_common(name: str) -> bool:
    """Whether all its nouns are words of every page: "Schwangerschaft und Geburt", "Ferien"."""
    nouns = [fold_letters(noun.lower()) for noun in _NOUN.findall(name)]
    return bool(nouns) and all(noun in atoms().known or _is_chain(noun) for noun in nouns)


def _is_chain(noun: str) -> bool:
    found = parts(noun)
    return bool(found) and all(part in atoms().known for part in found)


# Without one of these nothing follows a name: a question found fast.
_MAY_END = re.compile(r"[,.|·•]\s|\s[-–]\s|Tel|Mail|www\.|https?:|in (?:Koop|Zusa)|richtet|gGmbH\s")
_END = re.compile(
    r"\s*(?:,\s(?=Postfach\b|Inh\b|[A-ZÄÖÜ][\w.-]*(?:\s[\w.-]+){0,2}\s\d{1,3}\s?[a-z]?(?:,|\.?$))|(?:(?<=GmbH)|(?<=gUG))\.\s(?=[A-ZÄÖÜ])|,\s(?=(?:Mo|Di|Mi|Do|Fr|Sa)\b)"
    r"|,\s(?=(?:[A-ZÄÖÜ][\wäöüß.-]*\s){0,2}[A-ZÄÖÜ]?[\wäöüß.-]*(?:[Ss]traße|[Ss]tr\.|[Ww]eg|[Pp]latz"
    r"|[Aa]llee)(?:\s\d|\b)|\d|Tel|E-Mail)|"
    r"\s[-–|·•]\s(?=\+?\d|\(0|Tel|Fon|Mobil|www|http|E-?Mail|\S+(?:@|\(at\)|\[at\]))|"
    r"(?:(?<=V\.)|(?<=mbH))\s[|·•]\s|"
    # "… e.V. im MGH Nord": where it is
    r"(?:(?<=V\.)|(?<=mbH))\s(?=im\s(?:MGH|[A-ZÄÖÜ][\w-]*(?:haus|zentrum|heim))\b)|"
    r"\.\s(?=[A-ZÄÖÜ][a-zäöü]+(?::\w+)?\s(?!gem\.\sGmbH)[a-zäöü])"
    # How it is reached: behind a label, or a number that costs nothing.
    r"|,\s(?=(?:Kontakt|Anmeldung|Infos?|Ansprechpartner\w*)\s?:|(?:T|F|☎|✆)\.?:?\s?\(?[+\d])"
    r"|,\s(?=(?:gebührenfrei|kosten(?:los|frei))e[rsn]?\s\w*(?:[Hh]otline|nummer|[Tt]elefon))"
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
AFTER_SENTENCE = re.compile(
    r"^.*\w[a-zäöüß]{3}(?<![Ll]uth)(?<!vang)(?<!verb)(?<!anct)(?<![Kk]ath)\.\s(?=[A-ZÄÖÜ].{4})"
)
# "06526 Gerbstedt (Turnverein Gerbstedt e.V.": the bracket holds the name.
_BRACKETED = re.compile(r"^[^()]*\((?=[A-ZÄÖÜ][^()]*$)")
# The number of a section: "1.2 Sozialverein Hunte e.V."
_NUMBERED = re.compile(r"^\d{1,2}\.\d{1,2}\s(?=[A-ZÄÖÜ])")
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


_SENTENCE_BEHIND = re.compile(
    r"\.\s(?:(?<=[^\W\d_]{3}\.\s)(?<![Kk]ath\.\s)(?<![Ll]uth\.\s)(?<!gem\.\s))(?=[A-ZÄÖÜ])"
)


def first_sentence(text: str) -> str:
    """A name without the sentences behind: "Veranstalter: FBS Nord. Beitrag 3 €"."""
    end = _SENTENCE_BEHIND.search(text)
    return text[: end.start()] if end else text


@lru_cache(maxsize=4_096)  # the same few offer most of what a site tells of
def named(text: str) -> str:
    """A provider's name without what follows it; "" where the text names none."""
    name = _NUMBERED.sub("", clean(text), count=1)
    if _MAY_END.search(name):
        name = AFTER_SENTENCE.sub("", _END.sub("", name))
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


_WEAK_NEUTER = re.compile(
    r"^([A-ZÄÖÜ]\w+)e\s(?=[A-ZÄÖÜ]\w*(?:werk|kreuz|zentrum|haus|amt|büro|forum)\b|(?:Werk|Kreuz|Bündnis|Netzwerk)\b)"
)
# "Träger ist der Evangelische Kirchenkreis": called "Evangelischer Kirchenkreis".
_WEAK = re.compile(
    r"^([A-ZÄÖÜ]\w+)e\s(?=[A-ZÄÖÜ]\w+(?:kreis|verein|verband|bund|dienst)\b|(?:Ring|Bund|Verein|Dienst)\b)"
)


def strong(name: str, article: str) -> str:
    """A name without its article: "das Diakonische Werk" is the Diakonisches Werk."""
    if article.lower() == "das":
        return _WEAK_NEUTER.sub(r"\1es ", name)
    return _WEAK.sub(r"\1er ", name) if article.lower() == "der" else name


# "Die Beratungsstelle Nord, Markt 3", "Im Familientreff Nord, Markt 3"
_ARTICLED = re.compile(
    r"^(?P<by>Die|Der|Das|[Ii]m|[Ii]n der|[Bb]eim|[Bb]ei der|[Bb]ei dem)\s(?=[A-ZÄÖÜ„])"
)


def bare(name: str) -> str:
    """A name without the article that stands before it, in the nominative."""
    articled = _ARTICLED.match(name)
    if articled is None:
        return name
    rest = name[articled.end() :]
    if articled["by"] in {"Die", "Der", "Das"}:
        named_so = ORGANISED.match(rest) or KNOWN.match(rest) or AUTHORITY.match(rest)
        return strong(rest, articled["by"]) if named_so else name  # "Die Brücke" is called so
    return nominative(rest, "der" if articled["by"].endswith("der") else "dem")


_GENITIVE = re.compile(
    r"(verband|verein|bistum|bund|werk|zentrum|kreuz|dienst|haus|amt|büro|kreis|center|ring|klub|club"
    r"|treff|forum|institut|telefon|notruf|gericht|heim|netz|dekanat|referat|kolleg)(?:es|s)\b",
    re.IGNORECASE,
)
_HEAD = re.compile(r"^(?:[^\sa-zäöü]\S*(?:\s|$))+")
# "des Diakonischen Werks", but "des Hafen Ost" and "von Frauen helfen Frauen".
_ADJECTIVE = re.compile(
    r"^((?:(?:[A-ZÄÖÜ]\w*(?:isch|lich|ig|al|ell|iv|är|eien|llen)|Deutsch|Frei|Rot|Weiß|Blau|Grün|Bunt|Gelb"
    r"|Schwarz|Gut|Neu|Alt|Groß|Klein|Lang|Hoh|Jung|Offen|Vereint)en\s)+)(?=(\S+))"
)
_NEUTER = re.compile(r"(?:werk|kreuz|zentrum|haus|amt|büro|forum)$", re.IGNORECASE)


def nominative(name: str, article: str) -> str:
    """A body's name as it is called: "des Caritasverbandes" is the Caritasverband."""
    # "Jugendamt des Landkreises" is in the nominative, but for what follows it.
    name = _HEAD.sub(lambda head: _GENITIVE.sub(r"\1", head[0], count=1), name, count=1)
    declined = _ADJECTIVE.match(name)
    if declined is None:
        return name
    ending = "es" if _NEUTER.search(declined[2]) else "er"
    if article in {"der", "von der"}:
        ending = "e"
    straight = " ".join(f"{word[:-2]}{ending}" for word in declined[1].split())
    return f"{straight} {name[declined.end() :]}"
