"""Phrases of several words: holidays, appointments, rhythms.

Each is replaced by one sign, so that the grammar meets it as a single token.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from functools import lru_cache

from aggregator.listing import Qualifier
from aggregator.normalise.cues import seen, watch
from aggregator.normalise.hours.aside import ASIDES
from aggregator.normalise.hours.phrase import phrase

# Signs from the Unicode private use area; `fold` removes them from foreign text.
(
    APPOINTMENT, ALWAYS, FORTNIGHT, EVEN, ODD, NOISE, SHUT, DAILY, WEEKDAYS, UNANCHORED, CLOSED,
    REST, ELSE,
) = (chr(0xE000 + number) for number in range(13))  # fmt: skip


_HOLIDAY = (
    r"(?:(?:an|in|während|zu)\s+)?(?:(?:den|der|die|allen|gesetzlichen|\w{3,16}er"
    r"|\w{3,16}ischen)\s+){0,3}"
    r"(?:sonn-\s*(?:und|u\.|&)\s*)?"
    r"(?:\w{2,16}-)?(?:(?:schul|sommer|herbst|winter|weihnachts|oster"
    r"|pfingst)?ferien(?:zeit(?:en)?)?|schulfreien\s+(?:tagen|zeit(?:en)?)"
    r"|(?:gesetzliche[nr]?\s+)?feiertag(?:en|e|s)?)\b"
)
_HOLIDAYS = rf"{_HOLIDAY}(?:\s*(?:,|und|u\.|sowie|oder|&|/|\+)\s*(?:auch\s+)?{_HOLIDAY}){{0,2}}"
_SHUT = (
    r"(?:geschlossen|kein\w{0,3}\s+\w+(?:\s+statt)?|nicht(?:\s+(?:geöffnet|statt|besetzt"
    r"|erreichbar))?"
    r"|entfällt|entfallen|zu\b|f[äa]ll(?:t|en)\s+(?:\w+\s+){0,3}aus|frei\b|pause\b|ausgenommen\b"
    r"|pausier(?:t|en)(?:\s+(?:wir|sie|er|es|die|der|das)\b)?(?:\s+\w+(?=\s*[.,;)]|$))?"
    r"|mach(?:t|en)\s+(?:\w+\s+){0,3}(?:pause|urlaub|ferien)|ruh(?:t|en)\b(?:\s+\w+){0,2})"
)
_HOLIDAY_PHRASE = phrase(
    r"auch|eben|eins|inkl|au(?:ß|ss)er|nicht|ausg|ohne|a[nu]\s|in\s|wäh|zu\s|de[nr]\s|die\s|alle"
    r"|gese|sonn-|\w{0,16}ferien|schul|feier|\w{3,16}(?:er|ischen)\s|\w{2,16}-|gesch|kein|f[äa]ll"
    r"|entf|nur|inner|pause",
    rf"(?P<open>\b(?:auch|ebenso|einschließlich|inklusive|inkl\.)\s+{_HOLIDAYS})"
    rf"|(?P<except>\b(?:außer|ausser|nicht|ausgenommen|ohne|außerhalb|ausserhalb)\s+{_HOLIDAYS})"
    rf"|\b{_HOLIDAYS}\s*:?\s*(?:(?!nur\b|nach\b|bis\b|und\b)[^\W\d]+\s+){{0,4}}?{_SHUT}"
    rf"|\b(?:geschlossen|pause|kein\w{{0,3}}\s+\w+)\s+(?:ist\s+)?(?:in|an|während)\s+{_HOLIDAYS}"
    rf"|\b(?:fällt|fallen|entfällt)\s+{_HOLIDAYS}(?:\s+aus\b)?"
    r"|\b(?:nur\s+)?(?:während|in|zu|innerhalb)\s+(?:der\s+)?(?P<term>schulzeit(?:en)?"
    r"|unterrichtszeit)\b"
    r"|\b(?:nur\s+)?an\s+(?P<days>schultagen)\b",
    r"(?<=\()\s*(?:nur\s+)?(?P<only>schulzeit)(?=\s*\))",
)

# Whether there is room says nothing of times.
_ROOM = re.compile(
    r"\b(?:derzeit|zur\s?zeit|momentan|im moment|aktuell)\s(?:leider\s)?(?:(?:sind|ist|alle|keine?"
    r"|die|noch|wenige|einige|freie[rn]?)\s){0,4}(?:plätze|platz|gruppen?|kurse?|warteliste)\b"
    r"(?:\s(?:sind|ist|alle|leider|schon|noch)){0,2}"
    r"(?:\s(?:belegt|voll|frei|vergeben|ausgebucht|verfügbar))?",
)
# "werktags (Mo–Fr) 7–17 Uhr" says its days twice; "(bitte früh kommen)" says none.
_REMARK = re.compile(
    r"\b(?:täglich|tägl\.|werktags|werktäglich|wochentags)\s*(?=\(\s*mo[^()\d]{1,12}\))"
    r"|(?<=täglich)\s*\(\s*auch\b[^()\d]{1,50}\)"
    r"|\(\s*bitte\b[^()\d]{0,40}\)|\(\s*in\s+den\s+(?:schul)?ferien\s[^()\d]{0,30}(?:fragen"
    r"|anrufen|beachten)\s*\)"
    r"|(?P<daily>\b(?:täglich|tägl\.|tgl\.|mo\.?\s?(?:-"
    r"|bis)\s?so\.?)\s[^;\n]{0,40}?\d\suhr),?\s+\(?auch\s+(?:am|an)"
    r"\s+(?:den\s+)?wochenenden?\b(?:\s*(?:und|u\.|&"
    r"|\+)\s*(?:an\s+)?(?:den\s+)?(?:sonn-\s*und\s+)?feiertagen?\b)?\)?"
    r"|[,;]?\s*(?:(?:und|an)?sonst(?:en)?|außerhalb\s+dieser\s+zeiten)\s+(?:\w+\s+){0,2}"
    r"anrufbeantworter\b"
    # What another house does: "wenn die Kita geschlossen hat".
    r"|\b(?:wenn|falls|obwohl|sobald)\s[^.;\n\d]{0,60}\b(?:geschlossen|zu)\s+(?:hat|haben|ist"
    r"|sind)\b",
)
# "unter der Woche täglich", "von Montag bis Freitag täglich": each of the days just named.
_EVERY_ONE = re.compile(
    rf"(?:(?<={WEEKDAYS})|(?<=freitag)|(?<=samstag)|(?<=sonntag)|(?<=\bfr)|(?<=wochentags))"
    r"\s+täglich\b(?=\s+(?:von|ab|ca|\d))",
)
# "rund um die Uhr erreichbar, auch am Wochenende"
_ALWAYS_TOO = re.compile(
    rf"({ALWAYS}[^\d.;\n]{{0,30}}?),?\s+auch\s+(?:am|an|zum)\s+(?:den\s+)?wochenenden?\b",
    re.IGNORECASE,
)
# "in den Ferien nur nach Vereinbarung"; "alle 14 Tage in den ungeraden Wochen".
_BOOKED_THEN = phrase(r"\w", rf"\b{_HOLIDAYS}\s*:?\s*(?:\w+\s+)?{APPOINTMENT}")
_DAY_NAME = r"(?:(?:mon|diens|donners|frei|sams|sonn)(?:tag|abend)|mittwoch)"
# "jeden zweiten Donnerstag (gerade Wochen)": the weeks say which, if no other day stands between.
_WEEKS_AGAIN = re.compile(
    rf"{FORTNIGHT}[\s,:(]*(?:(?:immer|jeweils|nur|in|den)\s+){{0,3}}(?P<weeks>[{EVEN}{ODD}])"
    rf"|\bjede[nr]?\s+(?:zweite[nr]?|2\.)\s+(?={_DAY_NAME}\b(?!\s+(?:im|des|jeden)\s)"
    rf"(?:(?!{_DAY_NAME})[^\n;]){{1,60}}?[{EVEN}{ODD}])"
)
_BOOKING = (
    r"(?:(?:vor|termin)?anmeldung|termin(?:e|s|en)?"
    r"|(?:termin)?(?:vereinbarung|absprache)(?:en)?|voranmeldung)"
)
_OTHERWISE = (
    r"(?:\b(?:(?:an)?sonst(?:en)?|im\s+übrigen|darüber\s+hinaus|außerhalb\s+dieser\s+zeiten"
    r"|(?:zu\s+|gern(?:e)?\s+)?(?:auch\s+)?(?:an\s+)?(?:den\s+|allen\s+)?"
    r"(?:anderen?|übrigen|restlichen)\s+(?:zeiten|\w{0,6}tagen?)|weitere\s+zeiten)\s+)?"
)
_NEEDED = r"(?:erforderlich|notwendig|nötig|erbeten|verpflichtend|gebeten)"
_APPOINTMENT = phrase(
    r"mit\s|kein|ohne|vor(?:an|her|ab)|anmeld|termin|verein|abspr|nächst|(?:an)?sonst|im\s+übr|darü"
    r"|außerh|(?:(?:zu|gerne?|auch|an|den|allen)\s+)*(?:ander|übri|rest)|weitere|nur\s|nach\s|n\."
    r"|werd|wird|auf\s|bitt|unbed|per\s|gege|um\s|indiv|(?:und|oder|sowie)\s+(?:nur\s+)?auf\s"
    r"|\w++\s+terminverg|\w{0,10}zeiten\s",
    rf"(?P<free>\bmit\s+(?:und|oder)\s+ohne\s+{_BOOKING}\b|\b(?:kein\w{{0,2}}"
    rf"|ohne)\s+(?:\w+\s+){{0,2}}{_BOOKING}\b(?:\s+(?:ist\s+)?{_NEEDED})?"
    rf"|\b{_BOOKING}\s+(?:ist\s+)?nicht\s+{_NEEDED}"
    r"|\bnächste[rn]?\s+termine?\b(?=\s*:))"
    rf"|{_OTHERWISE}(?:\b(?:nur\s+"
    rf"|weitere\s+)?termine?\s+)?\bnach\s+(?:\w+\.?\s+){{0,4}}?(?:(?:termin)?(?:vereinbarung"
    rf"|absprache)(?:en)?|verabredung|rücksprache|(?:vor)?anmeldung)\b"
    r"(?:\s+auch\s+(?:abends|nachmittags|samstags|am\s+(?:abend|wochenende|samstag))\b)?"
    r"|\bn\.\s?(?:\w{1,12}\.?\s)?(?:vereinb(?:arung|\.)|absprache\b)|\bn\.\s?tel(?:ef)?\.\s?v\."
    r"|\b(?:werden|wird)\s+(?:\w+\s+){0,3}?individuell\s+(?:abgestimmt|vereinbart|abgesprochen"
    r"|festgelegt)\b"
    r"|\bnach\s+(?:\w+\s+)?(?:termin)?buchung\b"
    rf"|{_OTHERWISE}(?:\bn\.\s?v(?:\.|\b)|\b(?:nach|n\.)\s+(?:\w+\s+)?vereinb(?:\.|\b)"
    r"|\bn\.\s?absp(?:r|rache)?(?:\.|\b))"
    r"|\b(?:und|oder|sowie)\b\s*(?:nur\s+)?auf\s+(?:an|nach)frage\b"
    r"|\b(?:bitte|unbedingt)\s+(?:\w+\s+){0,3}?(?:vor)?anmelden\b|\b(?:vorher"
    r"|vorab)\s+(?:\w+\s+){0,2}?anmelden\b"
    rf"|{_OTHERWISE}\b(?:nur\s+)?(?:mit|auf|per|gegen)[^\S\n]+(?:[^\W\d]+\.?[^\S\n]+){{0,2}}?"
    rf"{_BOOKING}\b"
    r"|\b(?:nur\s+)?termine?\s+(?:nur\s+)?(?:unter|per|telefonisch)\s+(?:tel\w*\.?:?\s+|der\s"
    r"|nummer\s){0,3}(?=[\d(+]|e-?mail|mail\b)"
    rf"|\b{_BOOKING}\s+(?:\w+\.?\s+){{0,3}}?{_NEEDED}\b"
    r"|\btermine?\s+bitte\s+(?:vorab|vorher|nur|unter|per|telefonisch)\b"
    rf"|\bum\s+(?:\w+\s+){{0,2}}{_BOOKING}\s+(?:\w+\s+){{0,3}}?gebeten\b"
    r"|\btermine?\s+(?:\w+\.?\s+){0,4}?(?:vereinbar\w+|abzusprechen|absprechen|ausmachen"
    r"|auszumachen|abgesprochen)\b(?:\s+werden)?"
    r"|\btermine?\s+(?:vergeben|vergibt|vereinbart|gibt\s+es"
    r"|bekommen)\s+(?:\w+\s+){0,3}?(?:telefonisch|telefon"
    r"|mail|absprache|anfrage)\b"
    r"|\btermine?\s+(?:\w+\s+){0,2}?(?:per|über)\s+[\w-]+\s+vereinbar\w+"
    r"|\bvereinbare[nt]?\s+(?:(?:sie|bitte|gerne?|mit|uns)\s+){0,3}(?:\w+\s+){0,4}?termine?\b"
    r"|\b(?:termine?|\w{0,10}zeiten)\s+(?:nur\s+)?auf\s+(?:anfrage|nachfrage|wunsch)\b"
    r"|\b(?:\w+\s+)?terminvergabe\b"
    r"|\btermine?\s+individuell\b|\bindividuelle\s+termine?\b",
    r"(?:^|(?<=[,;:.(\n]))\s*(?:nur\s+)?auf\s+(?:an|nach)frage\b",
)
_RHYTHM = phrase(
    r"in\s|an\s|jede|alle|nur\s|de[rn]\s|(?:un)?ger|kw\b|kalend|[1-9]|vier|zwei|im\s|drei|sechs"
    r"|einm"
    r"|c\.|termin|sieb|unter\s|die\s|übri|ander|restl",
    r"(?P<parity>(?:\b(?:in|an|jede[rn]?|alle[nr]?|nur|der"
    r"|den)\s+){0,3}\b(?P<un>un)?(?:gerade[nrs]?|ger\.)\s+"
    r"(?:kalender)?(?:wochen?|kw)\b|\b(?:kw|kalenderwochen?)\s+(?P<un2>un)?gerade\b)"
    r"|(?P<fortnight>\balle\s+(?:14|vierzehn)[\s-]+tage\b|\balle\s+(?:2|zwei)\s+wochen\b"
    r"|\b(?:14|vierzehn)[\s-]?täg(?:ig|l)\w*|\b(?:zwei|2)-?wöch\w+|\bjede\s+(?:zweite"
    r"|2\.)\s+woche\b"
    r"|\b(?:im\s+)?(?:14|zwei)-?(?:tages?|wochen)-?rhythmus)"
    r"|(?P<unanchored>\balle\s+(?:\d{1,2}|drei|vier|fünf|sechs|acht|zwei)\s+(?:wochen|monate"
    r"|tage)\b"
    r"|\b(?:[1-9]|drei|vier|sechs)-?wöch\w+"
    r"|\b(?:einmal|zweimal|[1-4]\s?(?:x|mal))(?:\s+(?:im|pro|je|in\s+der|die)\s+|\s?/\s?)(?:monat|woche)\b"
    r"|\b(?:einmal|zweimal|[1-4]\s?(?:x|mal))\s+(?:monatlich|wöchentlich)\b"
    # A quarter past, for those who know; and dates that stand elsewhere.
    r"|\bc\.\s?t\."
    r"|\btermine?\s+(?:\w+\s+){0,2}?(?:erfragen|siehe\b|werden\s+\w+\s*gegeben)"
    r"|\bim\s+[^\W\d_]{3,9}\s+(?:20\d\d\s+)?(?:\w+\s+){0,2}zurück\b)"
    r"|(?P<daily>\b(?:an\s+)?(?:7|sieben)\s+tagen?(?:\s+(?:die|in\s+der|pro|je)\s+woche)?\b"
    r"|\b(?:an\s+)?365\s+tagen?(?:\s+im\s+jahr)?\b|\bjeden\s+tag\b|\balle\s+tage\b"
    r"|\ban\s+allen\s+tagen\b)"
    r"|(?P<weekdays>\bunter\s+der\s+woche\b|\ban\s+(?:allen|den)\s+wochentagen\b)"
    # As in "an den übrigen Wochentagen" or "alle anderen Werktage (Mo-Fr)".
    r"|(?P<rest>\b(?:an\s+)?(?:(?:den|allen|alle|die)\s+)*(?:übrigen?|anderen|restlichen?)\s+"
    r"(?:(?:werk|wochen|arbeits)tagen?\b(?:\s*\(\s*mo[^()\d]{1,12}\))?|tagen?\s*\(\s*mo\s?-"
    r"\s?fr\s*\)))"
    r"|(?P<else>\ban\s+(?:den|allen)\s+(?:anderen|übrigen|restlichen)\s+tagen\b(?=\s+(?:von\s"
    r"|ab\s)?\d))",
)
_ALWAYS = phrase(
    r"rund\s|tag|24|7",
    r"\brund\s+um\s+die\s+uhr\b|\btag\s*(?:und|&|u\.|\+)\s*nacht\b"
    r"|(?<![-\d.:])(?<!bis )(?<!- )\b(?:24\s*/\s*7|7\s*/\s*24)\b"
    r"|(?<![-\d.:])(?<!bis )(?<!- )\b24[\s-]?(?:h\b|std\b\.?|stunden\b)(?:\s+(?:am|pro)\s+tag\b)?",
)
_NO_HOURS = phrase(
    r"keine?\s|bleib|ist\s|sind\s|haben|hat\s",
    r"\bkeine?\s+(?:\w+\s+)?(?:sprechstunden?|sprechzeit(?:en)?|beratung|öffnungszeit(?:en)?"
    r"|publikumsverkehr|betrieb|treffen)\b(?:\s+statt\b)?"
    r"|\b(?:bleib(?:t|en)|ist|sind|haben|hat)\s+(?:[^\W\d_]+\s+){0,4}zu(?=\s*(?:[,;.)\n]|$))",
)
# Numbers in which no time is meant: streets with house numbers, floors, rooms.
_PLACE = re.compile(
    r"\b\w{0,30}(?:straße|strasse|str\.|weg|platz|allee|gasse|damm|ring|ufer|chaussee|markt)\s+"
    r"\d{1,3}\s?[a-z]?\b(?:\s?[-/]\s?\d{1,3}\s?[a-z]?\b)?(?!\s*(?:uhr|h\b|[-:.]\s?\d|bis\b))"
    r"|\b(?:raum|zimmer|haus|saal|\w{0,12}halle|gebäude|block|schalter|eingang|aufgang|etage|nr\."
    r"|nummer|linien?|bus|tram|kurs|modul|teil|gruppe)\s+"
    r"\d{1,3}\s?[a-z]?\b(?:\s?[-/]\s?\d{1,3}\s?[a-z]?\b)?(?!\s*(?:uhr|h\b|[-.]\s?\d|bis\b)|:\d)"
    r"|\b(?:raum|zimmer)\s+\d{1,2}\.\d{1,3}\b(?!\s*(?:uhr|h\b|[-:]\s?\d|bis\b))"
    r"|\b\d{1,2}\.?\s*(?:etage|stock|stockwerk|og|ug|obergeschoss)\b|\berste[\s-]hilfe\b"
    # "im Haus in der Sonnenhalde 66"
    r"|\bin\s+der\s+(?!\w*(?:woche|zeit|regel|stunde|nacht)n?\s)[^\W\d_]{6,}\s+\d{1,3}\s?[a-g]?"
    r"(?=\s*(?:[,;)\n]|\.(?!\d)|$))"
    # Levels of a language: "A1 bis B2", "Niveau A2.1".
    r"|\b[abc][12](?:\.[12])?(?:\s?(?:bis|und|oder|[-/,])\s?[abc][12](?:\.[12])?)*\b(?!\s*(?:uhr"
    r"|h\b|[:.]\d))",
)
# The same of streets that end otherwise, where nothing goes on behind the number; an extension.
_NUMBER = re.compile(
    r"\s(?=\d{1,3}\s?[a-g]?(?:\s?[,;)\n]|\.(?!\d)|$))(?:"
    + "|".join(
        rf"(?<={end}\s)"
        for end in (
            "wall", "graben", "berg", "hof", "park", "anlage", "anlagen", "wiese", "wiesen", "feld",
            "tor", "steig", "stieg", "pfad", "promenade", "zeile", "kamp", "winkel", "brücke",
            "garten", "gärten", "höhe", "siedlung",
        )
    )
    + r")\d{1,3}\s?[a-g]?"
    r"|[dw](?:(?<=durchw)ahl|(?<=\bdw))\.?:?\s?-?\d{1,4}\b",
)  # fmt: skip


@lru_cache(maxsize=1024)
def replace(text: str) -> tuple[str, tuple[Qualifier, ...]]:
    """Fold each phrase of `text` into its sign; return that and the qualifiers read."""
    found: set[Qualifier] = set()
    folding = _Folding(text)
    lower = folding.lower
    said = seen(text)
    if said & ASIDES.cue:
        folding.sub(ASIDES.pattern, lambda match: NOISE)  # noqa: ARG005
    for cues, pattern, sign in _STEPS:
        if said & cues:
            folding.sub(pattern, lambda match, sign=sign: sign(match, found))  # type: ignore[misc]
    if APPOINTMENT in folding.lower and ("ferien" in lower or "feiertag" in lower):
        folding.sub(_BOOKED_THEN, lambda match: APPOINTMENT)  # noqa: ARG005 - signs share one form
    if EVEN in folding.lower or ODD in folding.lower:
        folding.sub(_WEEKS_AGAIN, lambda match: match["weeks"] or "jeden ")
    if ("tag" in lower or WEEKDAYS in folding.lower) and "täglich" in lower:
        folding.sub(_EVERY_ONE, lambda match: "")  # noqa: ARG005
    if "auch" in lower and ALWAYS in folding.lower:
        folding.sub(_ALWAYS_TOO, lambda match: match[1])
    if said & _REMARK_CUES or (said & _WHILE and said & _SHUT_CUES):
        folding.sub(_REMARK, lambda match: match["daily"] or " ")
    if said & _NOW and said & _ROOM_CUES:
        folding.sub(_ROOM, lambda match: NOISE)  # noqa: ARG005
    if (_DIGIT.search(lower) or "hilfe" in lower) and (said & _PLACE_CUES or _FLOOR.search(lower)):
        folding.sub(_PLACE, lambda match: NOISE)  # noqa: ARG005
    if _NUMBERED.search(lower):
        folding.sub(_NUMBER, lambda match: NOISE)  # noqa: ARG005
    return folding.text, tuple(name for name in ORDER if name in found)


class _Folding:
    """A text as it stands and in lower case, in which phrases become signs."""

    __slots__ = ("lower", "text")

    def __init__(self, text: str) -> None:
        self.lower = text.lower()
        # A few foreign capitals have two small letters.
        self.text = text if len(self.lower) == len(text) else self.lower

    def sub(self, pattern: re.Pattern[str], sign: Callable[[re.Match[str]], str]) -> None:
        """Put a sign in place of every match of a pattern for lower case."""
        at = 0
        text: list[str] = []
        lower: list[str] = []
        for match in pattern.finditer(self.lower):
            start, instead = match.start(), sign(match)
            text += (self.text[at:start], instead)
            lower += (self.lower[at:start], instead)
            at = match.end()
        if at:
            self.text = "".join(text) + self.text[at:]
            self.lower = "".join(lower) + self.lower[at:]


def _holiday(match: re.Match[str], found: set[Qualifier]) -> str:
    if match["open"]:
        return NOISE
    phrase = match[0].lower()
    in_term = match["term"] or match["days"] or match["only"]
    if in_term or "ferien" in phrase or "schulfrei" in phrase:
        found.add("not_in_school_holidays")
    if "feiertag" in phrase:
        found.add("not_on_public_holidays")
    return NOISE if in_term or match["except"] else CLOSED


def _appointment(match: re.Match[str], found: set[Qualifier]) -> str:
    if match["free"]:
        return NOISE
    found.add("by_appointment")
    return APPOINTMENT


def _rhythm(match: re.Match[str], found: set[Qualifier]) -> str:  # noqa: ARG001 - signs share one form
    if match["parity"]:
        return ODD if match["un"] or match["un2"] else EVEN
    name = next(name for name in _RHYTHMS if match[name])
    return _RHYTHMS[name]


_RHYTHMS = {
    "fortnight": FORTNIGHT, "unanchored": UNANCHORED, "rest": REST, "daily": DAILY,
    "weekdays": WEEKDAYS, "else": ELSE,
}  # fmt: skip
_STEPS: tuple[
    tuple[int, re.Pattern[str], Callable[[re.Match[str], set[Qualifier]], str]], ...
] = (
    (
        watch("ferien", "feiertag", "schulzeit", "schultag", "unterricht", "schulfrei"),
        _HOLIDAY_PHRASE,
        _holiday,
    ),
    (watch("kein", " zu"), _NO_HOURS, lambda match, found: SHUT),  # noqa: ARG005
    (watch("termin", "anmeld", "verein", "absp", "v.", "verabr", "frage", "buchung", "sprache",
      "individuell"), _APPOINTMENT, _appointment),
    (watch("woche", "wöch", "werktag", " tag", "tage", "tägig", "tägl", "mal", "kw", "x ", "termin",
      "zurück", "t."), _RHYTHM, _rhythm),
    (watch("24", "nacht", "rund um"), _ALWAYS, lambda match, found: ALWAYS),  # noqa: ARG005
)  # fmt: skip
"""What a text must hold for a phrase to stand in it, the phrase, and the sign it becomes."""
_REMARK_CUES = watch("(", "ochenende", "anrufb")
_WHILE, _SHUT_CUES = watch("wenn", "falls", "obwohl", "sobald"), watch(" zu ", "geschl")
_NOW = watch("derzeit", "zur zeit", "zurzeit", "momentan", "im moment", "aktuell")
_ROOM_CUES = watch("platz", "plätze", "gruppe", "kurs", "warteliste")
_NUMBERED = re.compile(r"\s(?<=[a-zäöü]\s)\d{1,3}\s?[a-g]?(?:\s?[,;)\n]|\.(?!\d)|$)|-\d{1,4}\)")
_DIGIT = re.compile(r"\d")
_PLACE_CUES = watch(
    "str", "weg", "platz", "allee", "gasse", "damm", "ring", "ufer", "markt", "raum", "zimmer",
    "haus", "saal", "etage", "nr.", "numm", "lini", "halle", "gebäude", "block", "schalter", "gang",
    "bus", "tram", "kurs", "modul", "teil", "gruppe", "stock", "hilfe", "chauss", "gescho",
    "in der ",
)  # fmt: skip
# "OG", "UG", and levels of a language: "B1".
_FLOOR = re.compile(r"[abcou](?:(?<=[ou])g\b|(?<=\b[abc])[12]\b)")
ORDER: tuple[Qualifier, ...] = (
    "by_appointment",
    "not_in_school_holidays",
    "not_on_public_holidays",
)
