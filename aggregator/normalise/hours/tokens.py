"""German text on times as a list of tokens: one regular expression, one dictionary of words."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Sequence
from enum import IntEnum, auto
from functools import lru_cache
from typing import NamedTuple

from rapidfuzz.distance import OSA

from aggregator.normalise.hours import qualifiers as signs
from aggregator.normalise.hours.numerals import write_digits
from aggregator.normalise.hours.phrase import phrase
from aggregator.normalise.hours.rule import HOLIDAY, Day, Parity


class Kind(IntEnum):
    """What a token is to the grammar."""

    DAYS = auto()
    NTH = auto()
    EACH = auto()
    MONTHLY = auto()
    TIME = auto()
    DATE = auto()
    MONTH = auto()
    DASH = auto()
    UNTIL = auto()
    FROM = auto()
    BETWEEN = auto()
    AND = auto()
    OR = auto()
    BREAK = auto()
    OPEN = auto()
    SHUT = auto()
    COLON = auto()
    EXCEPT = auto()
    CLOSED = auto()
    HOLIDAYS_CLOSED = auto()
    APPOINTMENT = auto()
    ALWAYS = auto()
    FORTNIGHT = auto()
    UNANCHORED = auto()
    PARITY = auto()
    DAYPART = auto()
    MORE = auto()
    ADMISSION = auto()
    DURATION = auto()
    LASTING = auto()
    REST = auto()
    COUNTED = auto()
    ENDS = auto()
    BEFORE_AFTER = auto()
    PAUSE = auto()
    ELSE = auto()
    WORD = auto()
    SILENT = auto()
    VAGUE = auto()
    UNKNOWN = auto()
    END = auto()


class Clock(NamedTuple):
    """A time of day in minutes; `plain` without "Uhr", `bare` without minutes too."""

    minute: int
    plain: bool
    bare: bool


Value = tuple[int, ...] | int | Clock | Day | Parity | str | None


class Token(NamedTuple):
    """A token: its kind and what it stands for."""

    kind: Kind
    value: Value = None


_MONTHS = (
    ("januar", "jänner", "jan"), ("februar", "feb"), ("märz", "maerz", "mrz", "mär"),
    ("april", "apr"), ("mai",), ("juni", "jun"), ("juli", "jul"), ("august", "aug"),
    ("september", "sept", "sep"), ("oktober", "okt"), ("november", "nov"), ("dezember", "dez"),
)  # fmt: skip
_MONTH = {name: number for number, names in enumerate(_MONTHS, 1) for name in names}
_MONTH_NAME = "|".join(sorted(_MONTH, key=len, reverse=True))

_AMOUNTS = {
    "eineinhalb": 1.5, "anderthalb": 1.5, "zweieinhalb": 2.5, "eine": 1, "zwei": 2, "drei": 3,
    "vier": 4, "fünf": 5, "sechs": 6,
}  # fmt: skip

_AMOUNT = "|".join(_AMOUNTS)

# Words that may begin more than themselves: "zwei Stunden lang", "unter 16 Jahren", "Tel. 030 …".
_OPENING = "|".join(
    (
        *dict.fromkeys(name[:3] for name in _MONTH), *_AMOUNTS, "sieben", "acht", "neun", "zehn",
        "zwölf", "klasse", "eur", "kind", "tel", "fon", "fax", "mobil", "handy", "hotline", "ruf",
        "dauer", "für", r"(?:von|ab|bis|zwischen|unter|über)\s\d",
    )
)  # fmt: skip
_TOKEN = re.compile(
    rf"""
    [ ]*(?:  # spaces with what follows them: no place of their own to try everything at
    # Most words, before everything is tried at them: the whole takes half the time.
    (?P<plain>(?!{_OPENING})[^\W\d_]+)
    # Marks with which nothing else begins.
  | (?P<sole>[-,;:.)|/&\n•·*])
  | (?P<sign>[\ue000-\ue00c])
    # A time of day that nothing else can be: "10:00", "9-12 Uhr".
  | (?!\d{{1,2}}(?::\d|(?:\s?(?:-|bis)\s?\d{{1,2}})?\s?uhr\b))(?:
    (?P<date>\b(?P<d>0?[1-9]|[12]\d|3[01])\.\s?(?P<m>0?[1-9]|1[0-2])\.
        (?!(?!20\d\d(?!\d|[ ]*uhr\b)
            |[2-4]\d\s?-\s?(?:[a-z]{{2,10}}\.?,?\s)?\d{{1,2}}\.\s?\d{{1,2}}\.)
          \d{{1,2}}[.:]?\d*[ ]*(?:uhr\b|-))
        (?:\s?(?P<y>20\d\d|[2-4]\d(?=[\s,;)]|$|-\d{{1,2}}\.\d{{1,2}}\.))(?!\d))?
      | \b(?P<d2>0?[1-9]|[12]\d|3[01])\.?\s{{0,2}}(?P<m2>{_MONTH_NAME})\b\.?
        (?:\s?(?P<y2>20\d\d)(?!\d))?
      | \b(?P<y3>20\d\d)-(?P<m3>0[1-9]|1[0-2])-(?P<d3>[0-3]\d)\b)
  | (?P<month>\b(?P<m4>januar|jänner|februar|märz|april|mai|juni|juli|august|september
        |oktober|november|dezember
        |(?:jan|feb|apr|jun|jul|aug|sept?|okt|nov|dez|mrz)(?=\.|\s?-|\s+bis\b))\b
        (?!-(?:[\ue000-\ue00c]|(?!(?:{_MONTH_NAME})\b)[^\W\d_]{{3}}))\.?
        (?:\s(?P<y4>20\d\d)(?!\d))?)
  | (?P<count>\b(?P<number>\d{{1,3}}|{_AMOUNT}|sieben|acht|neun|zehn|zwölf)
        (?:\s?(?:-\s?|bis\s)?(?P<more>\d{{1,3}}\s)?
        (?:treffen|terminen?|einheiten|abenden?|nachmittagen?|vormittagen?|sitzungen|mal
        |(?<=\b1\s)(?:termin|abend|(?:vor|nach)mittag|einheit|sitzung))\b
        |\s?[x×](?=\s(?:mo|di|mi|do|fr|sa|so)\w*|\s?(?:[,;)\n]|$)|\s\d{{1,3}}\s?min)
        |(?<=[a-zäöü])
          (?=\s(?:mon|diens|donners|frei|sams|sonn)(?:tagen?|abenden?|tag\w+(?:tag|abend)en?)\b
          |\smittwoch(?:en?|\w+(?:abend|mittag)en?)\b)))
  | (?P<noise>(?:\+\d|\(0\s?\d|\b0\d{{2}})[\d\ ()/.-]{{3,20}}\d
        (?:\s?(?:bis|und|oder|/|,)\s?-\s?\d{{1,4}}(?![\d:]|\.\d|\s?uhr))*
      # An area code in groups, which a word tells from times: "unter 04 31 / 2 40 23".
      | \b(?:unter|tel(?:efon)?|fon|mobil|ruf)\b[.:]?\s0\d\ \d{{2,3}}[\ /-]{{1,3}}
        \d[\d\ /-]{{3,14}}\d(?!\s*uhr|[\d:])
      | \b\d{{1,4}}(?:[.,](?:\d\d?|-))?(?:\s?(?:-|bis)\s?\d{{1,4}}(?:[.,](?:\d\d?|-))?)?
        \s?-?\s?(?:€|euro?\b|cent\b|%)(?:\s?(?:pro|je|die|im|/|in\sder)\s?(?:angefangene\s)?
        (?:woche|stunde|std|tag|monat|nacht|stunden|kind|person|treffen|termin)\b)?
      | \b\d{{1,2}}(?:\s?(?:-|bis)\s?\d{{1,2}})?\s(?:wochen|monaten?|tagen?|jahren?)\b
      | \bklassen?(?:stufen?)?\s\d{{1,2}}(?:\s?(?:-|bis|und|/)\s?\d{{1,2}})?\b
      | \b\d{{1,2}}\.(?:\s?(?:-|bis|und)\s?\d{{1,2}}\.)?\s?
        (?:klasse|schuljahr|lebensjahr|etage|stock)
      | (?:€|\beuro?)\s?\d{{1,4}}(?:[.,]\d\d)?
      | (?:\b(?:von|ab|bis|zwischen|unter|über)\s)?\b\d{{1,2}}(?:[,.]5)?
        (?:\s?(?:-|bis|und|/)\s?\d{{1,2}})?\s?-?\s?
        (?:jahr|jähr|lebensj|monaten?\b|j\.)\w*
      | (?:\bkindern?\s|(?<=kinder\s)|(?<=kindern\s)|(?<=babys\s))
        (?:(?:von|zwischen)\s\d\s?(?:-|bis|und)\s?1[0-7]
        |(?:von|ab|bis|zwischen)\s[0-8](?:\s?(?:-|bis|und)\s?[0-8])?)
        (?=\s?[,;)\n]|\s?\.(?!\d)|$|\s(?!uhr\b|h\b|und\b|oder\b|sowie\b)[a-zäöü]+(?<!tag)(?<!tags)\b)
      | \b\d{{1,3}}(?:\s?(?:-|bis)\s?\d{{1,3}})?\s
        (?:personen|teilnehm\w+|plätzen?|kindern?|familien|frauen
        |müttern?|vätern?|eltern|erwachsenen?|erw|km|tn|sprachen)\b
      | \b\d{{3,}}(?:[\ /-]{{1,3}}\d{{2,}}){{0,5}}\b(?!\s*uhr)
      # A local number in groups; atomic, so that no time after it is taken for its end.
      | \b(?:tel(?:efon)?|fon|fax|mobil|handy|hotline|ruf(?:nummer)?)\b[.:\ ]{{1,3}}
        (?>(?:\d{{2,4}}(?:\s?/\s?|\s)\d{{2,4}}(?:\s\d{{2,4}}){{1,4}}|\d{{2,4}}\s?/?\s?\d{{3,5}})
        (?:\s?-\s?\d{{1,4}})?)(?![\d:]|\.\d|\s?-|\s?\(?(?:\d|/|(?:uhr|h|ab|bis|von|um|zwischen|vor|nach)\b)))
  | (?P<lasting>\b(?:dauer|dauert|für)\b:?\s{{1,2}}(?:ca\.?\s|etwa\s|jeweils\s|rund\s)?
        (?P<long>\d{{1,3}}(?:[.,]5)?|{_AMOUNT})\s?-?\s?(?P<unit>min|std|h\b|stunde)\w*\.?
      | \b(?P<long2>\d{{1,3}}(?:[.,]5)?|{_AMOUNT})\s?(?P<unit2>min|std|stunde)\w*\.?\slang\b)
  | (?P<duration>\b\d{{1,3}}(?:[.,]\d)?\s?-?\s?
        (?:min\b|minuten?|minütig|std\b|stunden?|stündig|ue\b|u-?std\b|unterrichts(?:std|stunde|einheit)
          |kursstunde|zeitstunde)\w*\.?))
  | (?P<time>(?<![\d,])(?P<hour>[01]?\d|2[0-4])
        (?:(?:[:.]|\s?h\s?)(?P<min>[0-5]\d)(?![\d])|,(?P<min2>[0-5]\d)(?=\s*(?:uhr|h\b|-\s?\d{{1,2}},\d\d\s*(?:uhr|h\b))))?
        (?![\d]|[.:,]\d|\.(?:\s|[-,/&+])(?!\s*-)|\.\s?-\s?\d{{1,2}}\.\s?(?:\d{{1,2}}\.|{_MONTH_NAME}))
        (?:\s?(?P<uhr>uhr\b|h\b)(?:\s(?P<min3>[0-5]\d(?![\d:]|\.\d|\s*(?:-|bis|uhr))|(?:2[5-9]|[345]\d)(?=\s(?:-|bis)\s)))?)?)
  | (?P<nth>\b\d{{1,2}}\.)
  | (?P<other>\d+\S?)
  | (?P<word>[^\W\d_]+)
  | (?P<mark>[(+]))
    """,
    re.VERBOSE,
)

_FOLD = str.maketrans(
    {
        **dict.fromkeys("\u00ad\u200b\u200c\u200d\u2060\ufeff\u200e\u200f", None),
        **dict.fromkeys("\u00a0\u2002\u2003\u2007\u2009\u202f\t", " "),
        **dict.fromkeys("‐‑‒–—―−﹣－~", "-"),
        **{chr(0xE000 + number): " " for number in range(16)},
        "\r": "\n", "’": "'", "“": " ", "„": " ", '"': " ", "”": " ", "[": "(", "]": ")",
    }
)  # fmt: skip
_FOLDED = re.compile(f"[{re.escape(''.join(map(chr, _FOLD)))}]")
_RAISED = re.compile(r"(?<=\d)\s?(°°|ºº|⁰⁰|oo(?=\s|-)|³⁰|¹⁵|⁴⁵|°)")
_SPACES = re.compile(" {2,}")
# Cut short, or without meaning for times: "zw. 10 u. 12", "v. 9 b. 12 Uhr", "bis einschl. Mai".
_SHORTENED = phrase(
    r"s\.|zw\.|v\.|b\.|einschl|ca\.|max\.|im (?:somm|wint)|somm|wint|u\.|eines |jede[ns] mon"
    r"|durchg|ganzt|mit |abges|jede woche|letzte|f[äa]ll|mittern|ab \d|bis |in den "
    r"|tel\.\)|(?:bis )?(?:open|ende o)|kein",
    r"\b(?:s\. ?t\.|(?P<between>zw)\.|(?P<of>v)\. ?(?=\d)|(?P<to>b)\. ?(?=\d)|(?:einschl|ca|max)\."
    r"|(?:im )?(?:sommer|winter)\w{0,12} ?\((?P<season>(?:" + _MONTH_NAME + r")\b[^()\d]{1,24})\)"
    r"|(?P<and>u)\. ?(?=\d)|(?:eines )?(?P<month>jede[ns] monats)\b"
    r"|(?:durchgehend|ganztags|ganztägig) (?=(?:geöffnet )?(?:von )?\d)"
    r"|ab (?P<shut>\d{1,2}(?:[:.]\d\d)?(?: uhr)?) (?:geschlossen|zu)\b(?=\s*(?:[,;.)\n]|$))"
    r"|bis (?:zum )?(?:jahres)?ende (?P<year>20\d\d)\b"
    rf"|(?P<until>bis (?:zum )?ende) (?=(?:{_MONTH_NAME})\b)"
    r"|in den (?P<rest>anderen|übrigen|restlichen) monaten\b"
    r"|(?P<except>(?:mit (?:der )?ausnahme|abgesehen)(?: (?:von|vom|des|der))?)\b"
    r"|(?P<weekly>jede woche)\b(?! (?:zweite|2))"
    r"|(?P<last>letzte[rs]? (?:termin|treffen|mal|kurstag|kursabend|abend)(?: ist)?:?)"
    rf"(?= (?:am )?\d{{1,2}}\. ?(?:\d{{1,2}}\.|{_MONTH_NAME}))"
    r"|f[äa]ll(?:t|en) (?P<dropped>(?:am|vom|im) [^,;()\n]{3,40}?) aus\b"
    r"|(?P<skipped>kein\w{0,2} (?:[^\W\d]+ )?(?:kurs|treff|unterricht|training|sprechstunde"
    r"|sprechzeit|beratung|gruppe|café|betrieb|angebot|stunde|termin)\w* (?:statt )?)"
    r"(?=(?:am|vom) (?:\w{2,10}\.?,? )?(?:den )?\d{1,2}\. ?"
    rf"(?:\d{{1,2}}\.|bis|und|-|{_MONTH_NAME}))"
    r"|(?P<admission>letzte[rn]? (?:termine?|einla(?:ss|ß)|beratung|aufnahme|annahme|anmeldung))"
    r"(?= (?:ist |um |ab |gegen |jeweils )?\d)"
    r"|(?P<midnight>(?<=bis )mitternacht)\b)"
    r"|(?<=\()(?P<phone>tel\.)(?=\))|\b(?:bis )?(?:open[ -]end|ende offen)\b",
    r"\(durchgehend\)|[,-] ?(?:open[ -]end|ende offen)\b",
)
_RAISED_MINUTES = {"³⁰": ":30", "¹⁵": ":15", "⁴⁵": ":45"}

_PARTS = {
    "vormittag": 0, "morgen": 0, "früh": 0, "mittag": 0, "nachmittag": 1, "abend": 1, "nacht": 0,
    "vorm": 0, "nachm": 1,
}  # fmt: skip
_WEEKDAYS = (
    ("montag", "mo", "mon"), ("dienstag", "di", "dien", "diens"),
    ("mittwoch", "mi", "mitt", "mittw"), ("donnerstag", "do", "donn", "donners"), ("freitag", "fr"),
    ("samstag", "sa", "sam", "sonnabend"), ("sonntag", "so", "sonn"),
)  # fmt: skip
_DAY = {name: number for number, names in enumerate(_WEEKDAYS) for name in names}
_DAY_WORD = re.compile(
    r"(montag|dienstag|mittwoch|donnerstag|freitag|samstag|sonnabend|sonntag)(s|e|en)?"
    r"(vormittag|nachmittag|abend|morgen|mittag|nacht|früh)?(s|e|en)?"
)
_SHORT_DAY = re.compile(f"({'|'.join(_DAY)})")
_GROUPS: dict[str, Iterable[int]] = {
    "täglich": range(7), "tägl": range(7), "tgl": range(7),
    "werktags": range(5), "werktäglich": range(5), "werktag": range(5), "werktagen": range(5),
    "wochentags": range(5), "wochentagen": range(5),
    "wochenende": (5, 6), "wochenenden": (5, 6), "wochenends": (5, 6),
    "feiertags": (HOLIDAY,), "feiertag": (HOLIDAY,), "feiertage": (HOLIDAY,),
    "feiertagen": (HOLIDAY,),
}  # fmt: skip
_ORDINALS = {"erst": 1, "zweit": 2, "dritt": 3, "viert": 4, "fünft": 5, "letzt": -1, "vorletzt": -2}

_KINDS: dict[Kind, str] = {
    Kind.EACH: "jeden jede jeder jedem jedes jew",
    Kind.MONTHLY: "monat monats monatlich monate",
    Kind.UNTIL: "bis",
    Kind.FROM: "ab",
    Kind.ENDS: "ende endet enden schluss rückkehr",
    Kind.BETWEEN: "zwischen zw",
    Kind.AND: "und u sowie plus",
    Kind.OR: "oder bzw",
    Kind.EXCEPT: "außer ausser ausgenommen",
    Kind.CLOSED: "geschlossen ruhetag ruhetage schließtag geschl zu entfällt",
    Kind.MORE: "zusätzlich zudem außerdem auch zusätzl",
    Kind.PAUSE: "pause mittagspause mittagspausen pausen",
    Kind.ADMISSION: (
        "einlass einlaß türöffnung wartenummer wartenummern wartemarke wartemarken nummernvergabe "
        "wartenummernausgabe"
    ),
    Kind.BEFORE_AFTER: "vor nach",
    Kind.ELSE: "sonst ansonsten",
    Kind.SILENT: (
        "einschließlich einschl "
        "von vom am an im in um der die das den dem des jeweils je immer nur ca etwa circa gegen "
        "uhrzeit wöchentlich stets regelmäßig eines einem zu zum zur ist sind wir haben hat für"
    ),
    Kind.VAGUE: ("nicht kein keine keinen keiner nie stunde stunden tag tage tagen woche wochen"),
    Kind.UNKNOWN: (
        "uhr h kw kalenderwoche kalenderwochen "
        "halbjahr halbjahres "
        "heute gestern morgen nächste nächster nächsten nächstes kommende kommenden "
        "übrige übrigen restliche restlichen variabel variieren wechselnd "
        "wechselnde wechselnden unregelmäßig abweichend abweichende verschieden verschiedene "
        "gelegentlich manchmal teilweise evtl eventuell voraussichtlich halb dreiviertel "
        "mitternacht quartal vierteljährlich sommer winter sommers winters saison "
        "sommerpause winterpause ferien schulferien advent ostern weihnachten "
        "frühling frühjahr herbst silvester karneval fasching abwechselnd alternierend "
        "anmeldeschluss "
        "anmeldefrist bewerbungsschluss frist stichtag ganztägig ganztags tagsüber durchgehend "
        "monatsende monatsanfang jährlich quartalsweise seit bereits derzeit "
        "vorübergehend ausnahme ausnahmen ausnahmsweise entfallen ausfall fällt "
        "verlegt verschoben abgesagt"
    ),
}
_WORDS = {word: Token(kind) for kind, words in _KINDS.items() for word in words.split()}
_WORDS["zu"] = Token(Kind.SILENT)
NOT = "nicht"
_WORDS[NOT] = Token(Kind.VAGUE, NOT)
RESTS = "ruhetag"
_WORDS |= dict.fromkeys(("ruhetag", "ruhetage"), Token(Kind.CLOSED, RESTS))
_WORDS |= dict.fromkeys(
    ("sommerpause", "winterpause", "betriebsferien", "betriebsurlaub", "urlaub"),
    Token(Kind.UNKNOWN, RESTS),
)
_BEGINS = "beginn"
_WORDS |= dict.fromkeys(
    (
        "beginn",
        "anfang",
        "start",
        "startet",
        "starten",
        "beginnt",
        "beginnen",
        "neustart",
        "kursbeginn",
        "kursstart",
        "auftakt",
    ),
    Token(Kind.FROM, _BEGINS),
)
_DANGEROUS = re.compile(
    r"(?:sommer|winter|oster|herbst|pfingst|weihnachts|brücken)(?:ferien|tag|pause|monat|zeit"
    r"|halbjahr)"
    r"|ferien|pause$"
)

_MARKS = {
    "-": Token(Kind.DASH), ",": Token(Kind.BREAK, ","), ";": Token(Kind.BREAK, ";"),
    ".": Token(Kind.BREAK, "."), "\n": Token(Kind.BREAK, "\n"), "|": Token(Kind.COLON, "|"),
    "•": Token(Kind.BREAK, ";"), "·": Token(Kind.BREAK, ";"), "*": Token(Kind.BREAK, ";"),
    ":": Token(Kind.COLON), "(": Token(Kind.OPEN), ")": Token(Kind.SHUT),
    "/": Token(Kind.AND, "/"), "&": Token(Kind.AND), "+": Token(Kind.AND),
}  # fmt: skip
_LONE_DASH = Token(Kind.DASH, " ")
_SIGNS = {
    signs.APPOINTMENT: Token(Kind.APPOINTMENT), signs.ALWAYS: Token(Kind.ALWAYS),
    signs.FORTNIGHT: Token(Kind.FORTNIGHT), signs.UNANCHORED: Token(Kind.UNANCHORED),
    signs.EVEN: Token(Kind.PARITY, Parity.EVEN), signs.ODD: Token(Kind.PARITY, Parity.ODD),
    signs.DAILY: Token(Kind.DAYS, tuple(range(7))),
    signs.WEEKDAYS: Token(Kind.DAYS, tuple(range(5))), signs.REST: Token(Kind.REST),
    signs.SHUT: Token(Kind.CLOSED), signs.CLOSED: Token(Kind.HOLIDAYS_CLOSED),
    signs.NOISE: Token(Kind.SILENT), signs.ELSE: Token(Kind.ELSE),
}  # fmt: skip
_NUMBERS = {
    "noise": Token(Kind.WORD, ""), "duration": Token(Kind.DURATION),
    "other": Token(Kind.UNKNOWN),
}  # fmt: skip
# "So" is a day only where a day can stand; "Fr." before a name is "Frau".
_SO = re.compile(
    r"\.?\s*(?:[-,;:+&/|\d()]|$|\n|(?:und|u\.|bis|von|ab|jeweils|je|um|nur|geschl\w*|zu|nach|ist)\b"
    r"|im\s+Monat\b|i\.?\s?M\b|i\.\s?Monat\b|[\ue000-\ue00b])"
)
_FRAU = re.compile(r"\.\s(?!Uhr|Vormi|Nachm|Und|Von)[A-ZÄÖÜ][a-zäöüß]+")
# "Sonntags-Café" is a name; "Montag-Freitag" and "Sonntag-Nachmittag" are days.
_NAME = re.compile(
    r"-(?!(?:vor|nach)?mittag|abend|morgen)[^\W\d_]{4,}\b(?<!tag)(?<!tags)(?<!woch)(?<!wochs)",
    re.IGNORECASE,
)
# Words that are days only where they are cut short: "Die./Mi./Do.", "Don. 9-12".
_DOTTED_DAYS = {"die": 1, "mit": 2, "mittwo": 2, "don": 3, "fre": 4, "son": 6}
_DOTTED = re.compile(
    r"\.\s?(?:[-/,+&:;\d]|(?:und|u\.|bis|von|ab)\b)|\s?[/,]\s?(?:mo|di|mi|do|fr|sa|so)\b",
    re.IGNORECASE,
)
_SHUT_AFTER_DAY = frozenset({"zu", "frei"})
_NAMED_DAYS = frozenset({Kind.DAYS, Kind.DATE, Kind.MONTH})
_DAY_AHEAD = re.compile(
    r"\s(?:(?:montag|dienstag|mittwoch|donnerstag|freitag|samstag|sonnabend|sonntag)\b"
    r"|(?:mo|di|mi|do|fr|sa|so)\b\.?\s?(?:[\d:,]|von\b|$))"
)
_OFFERED, _OFFERS = frozenset({"stunde", "stunden"}), frozenset({"offene", "offenen", "freie"})
_SHUTS = frozenset({"schließt", "schliesst", "schließen", "schliessen"})
_DEPENDENT = _SHUT_AFTER_DAY | _OFFERED | _SHUTS | _DOTTED_DAYS.keys() | {"mit"}
_HOUR_AHEAD = re.compile(r"\s(?:\w+\s){0,2}?(?:um|gegen|dann|bereits)?\s?\d")
_CLAUSE_END = re.compile(r"\s*(?:[,;|.)\n]|$)")
LIMIT = 4_000
"""Characters of a text that are read; no statement of times is longer."""


# "nicht i. d. Ferien"; "Der nächste Kurs beginnt am 1. März 2027" is said of the course itself.
_IN_HOLIDAYS = re.compile(r"\bi\.\s?d\.\s(?=\w*[Ff]erien)")
# "jeden 2. Do. i. M."
_IN_MONTH = re.compile(r"\bi\.\s?M(?:onat\b|\.|\b)")
# "Mo|Mi|Fr 9-12 Uhr": a list of days, and no row of a table.
_BARRED = re.compile(
    r"\|(?:(?<=\b[mdfs][oiar]\|)|(?<=tag\|)|(?<=tags\|)|(?<=woch\|))"
    r"(?=(?:mo|di|mi|do|fr|sa|so)\b|\w+tags?\b|mittw)",
    re.IGNORECASE,
)
_NEXT = re.compile(
    r"\b[Dd](?:er|ie|as)\snächste\s[\w-]+\s(?=(?:beginnt|startet)\sam\s[^,]*$)"
    r"|\b[Dd](?:er|ie|as)\snächste\s[\w-]+\s(?=(?:läuft|geht|dauert)\s(?:vom|von)\s\d)"
    r"|\b[Dd](?:er|ie|as)\snächste\s[\w-]+\s(?=(?:findet|ist)\s[^.;\n]{0,20}?\bam\s)"
    r"|\b[Nn]ächste[rs]?\s(?=(?:Kurs)?(?:[Ss]tart|[Bb]eginn)\b)"
)


# "Tag: Dienstag | Uhrzeit: 9-11": the label of a column.
_OF_DAY = re.compile(r"\b[Tt]age?:\s?(?=[MDFS][oiar])")
# "Termine im Frühjahr 2027:", above the dates themselves.
_OF_SEASON = re.compile(
    r"\b[Tt]ermine\s(?:im|in|für\sdas)\s(?:\w*jahr|Frühling|Sommer|Herbst|Winter)(?:\s20\d\d)?(?=:)"
)


@lru_cache(maxsize=1024)
def fold(text: str) -> str:
    """One spelling for dashes, spaces, raised minutes; invisible characters removed."""
    text = text[:LIMIT]
    if _FOLDED.search(text):
        text = text.translate(_FOLD)
    text = _SPACES.sub(" ", text.replace(".oo", ".00"))
    if "|" in text:
        text = _BARRED.sub("/", text)
    text = _written_out(text)
    if "Ferien" in text or "ferien" in text:
        text = _IN_HOLIDAYS.sub("in den ", text)
    if "i. M" in text or "i.M" in text:
        text = _IN_MONTH.sub("im Monat", text)
    if "ächste" in text:
        text = _NEXT.sub("", text)
    if "ermine " in text:
        text = _OF_SEASON.sub("", text)
    if "ag: " in text:
        text = _OF_DAY.sub("", text)
    if not text.isascii():
        text = _RAISED.sub(lambda match: _RAISED_MINUTES.get(match[1], ":00"), text)
    return write_digits(text)


def _written_out(text: str) -> str:
    """A text without abbreviations, nor words that mean nothing for times."""
    lower = text.lower()
    if len(lower) != len(text):  # a few foreign capitals have two small letters
        text = lower
    parts: list[str] = []
    at = 0
    for match in _SHORTENED.finditer(lower):
        parts += (text[at : match.start()], _in_full(match, text))
        at = match.end()
    return "".join(parts) + text[at:]


_FROM_THEN = re.compile(r"\b(?:[Ss]tart|[Bb]eginn|[Bb]eginnt|[Ss]tartet)\b")
_FULL = {
    "between": "zwischen", "of": "von ", "to": "bis ", "and": "und ", "month": "im Monat",
    "except": "außer", "weekly": "wöchentlich", "admission": "Einlass", "midnight": "24:00",
    "last": "bis", "skipped": "nicht ", "phone": "telefonisch", "rest": "sonst", "until": "bis ",
}  # fmt: skip


def _in_full(match: re.Match[str], text: str) -> str:
    name = match.lastgroup
    if name == "season":
        return text[match.start(name) : match.end(name)]
    if name == "shut":
        return f"bis {text[match.start(name) : match.end(name)]}"
    if name == "year":
        return f"bis 31.12.{match['year']}"
    if name == "last" and _FROM_THEN.search(text, 0, match.start()):
        return "Ende"  # "Start 18. September 2026, letzter Abend 23. Oktober 2026"
    if name == "dropped":
        return f"nicht {text[match.start(name) : match.end(name)]}"
    return _FULL.get(name or "", "")


@lru_cache(maxsize=1024)  # a line is looked at for hours, for dates, and for where it may be cut
def tokenise(text: str) -> Sequence[Token]:
    """The tokens of a folded text; words that carry no meaning for times are left out."""
    lower = text.lower()
    if len(lower) != len(text):  # a few foreign capitals have two small letters
        text = lower
    tokens: list[Token] = []
    for match in _TOKEN.finditer(lower):
        group = match.lastgroup or ""
        word = match[group] if group in _WORDED else None
        if word is not None:
            token = _worded(word, match, tokens, text, lower)
        elif group in _MARK_GROUPS:
            token = _MARKS[match[group]]
            if token.kind is Kind.DASH and match[0][0] == " ":
                token = _LONE_DASH
        else:
            token = _numeric(match, group)
        kind = token.kind
        if kind is Kind.DAYS:
            if word and word.endswith("s") and _behind_date(tokens):
                tokens.append(_EACH)
            tokens.append(token)
            if (part := _part_of_day(word)) is not None:
                tokens.append(Token(Kind.DAYPART, part))
        elif kind is not Kind.SILENT:
            tokens.append(token)
    return tokens


def _behind_date(before: Sequence[Token]) -> bool:
    """Whether a date stands right before: "12.1.2027, dienstags" is each Tuesday from then on."""
    at = len(before) - 1
    while at >= 0 and before[at].kind is Kind.BREAK and before[at].value != "\n":
        at -= 1
    return at >= 0 and before[at].kind is Kind.DATE


_EACH = Token(Kind.EACH)
_WORDED = ("plain", "word")
_MARK_GROUPS = ("sole", "mark")
EMPTY = frozenset(
    {
        Kind.WORD, Kind.BREAK, Kind.AND, Kind.OR, Kind.COLON, Kind.OPEN, Kind.SHUT, Kind.DASH,
        Kind.VAGUE, Kind.FROM, Kind.UNTIL, Kind.BEFORE_AFTER, Kind.MORE, Kind.DURATION, Kind.ENDS,
        Kind.LASTING,
    }
)  # fmt: skip


_COUNTS = frozenset({Kind.NTH, Kind.EACH})
_CLOSES = frozenset({Kind.BREAK, Kind.SHUT})


def timeless(text: str) -> bool:
    """Whether a clause, with its phrases replaced by signs, says nothing of times.

    A lone number after a word ("Im Winkel 4") is none, "14-16" may be one; "im ersten Jahr" and
    "jeden Alters" are none, "am ersten Montag" and "am 1." are.
    """
    before = Kind.END
    tokens = tokenise(text)
    for at, (kind, value) in enumerate(tokens):
        if kind not in EMPTY:
            follower = tokens[at + 1].kind if at + 1 < len(tokens) else Kind.BREAK
            named = before is Kind.WORD and isinstance(value, Clock) and value.bare
            numbered = named and follower in _CLOSES
            counted = kind in _COUNTS and follower is Kind.WORD
            if not numbered and not counted:
                return False
        before = kind
    return True


def clocks(text: str) -> set[int]:
    """The times of day that a text names, in minutes."""
    return {value.minute for _, value in tokenise(text) if isinstance(value, Clock)}


def dated(text: str) -> bool:
    """Whether a text names days, dates, times or a rhythm, holidays left aside."""
    return any(
        token.kind in _ANCHORS - _ASIDE or token.kind is Kind.TIME for token in tokenise(text)
    )


def dayless(text: str) -> bool:
    """Whether a text names no day, no date and no rhythm."""
    return not any(token.kind in _ANCHORS for token in tokenise(text))


def untimed(text: str) -> bool:
    """Whether a text names days and says nothing of what holds on them."""
    return all(token.kind in EMPTY or token.kind in _DAYS for token in tokenise(text))


_DAYS = frozenset({Kind.DAYS, Kind.DAYPART, Kind.EACH, Kind.COUNTED})
_ANCHORS = frozenset(
    {
        Kind.REST, Kind.DAYS, Kind.NTH, Kind.MONTHLY, Kind.DATE, Kind.MONTH, Kind.ALWAYS,
        Kind.FORTNIGHT, Kind.UNANCHORED, Kind.PARITY, Kind.APPOINTMENT, Kind.CLOSED,
        Kind.HOLIDAYS_CLOSED, Kind.UNKNOWN, Kind.EXCEPT,
    }
)  # fmt: skip


_ASIDE = frozenset({Kind.APPOINTMENT, Kind.CLOSED, Kind.HOLIDAYS_CLOSED, Kind.UNKNOWN})


@lru_cache(maxsize=512)
def _part_of_day(word: str | None) -> int | None:
    """The half of the day that a compound names: "Mittwochnachmittag"."""
    compound = _DAY_WORD.fullmatch(word) if word else None
    return _PARTS[compound[3]] if compound and compound[3] else None


def _worded(
    word: str, match: re.Match[str], before: Sequence[Token], text: str, lower: str
) -> Token:
    """The token of a word, which may depend on the tokens before it and what follows."""
    token = _word(word)
    if token.kind is not Kind.DAYS and word not in _DEPENDENT:
        return token
    if token.kind is Kind.DAYS and not _is_day(match, text):
        token = Token(Kind.WORD, word)
    elif word in _SHUT_AFTER_DAY and before and _unabridged(before).kind in _NAMED_DAYS:
        token = Token(Kind.CLOSED) if _CLAUSE_END.match(text, match.end()) else token
    elif word in _OFFERED and before and before[-1].value in _OFFERS:
        token = Token(Kind.WORD, word)  # "offene Stunde"
    elif word in _SHUTS:
        # "und schließt um 18 Uhr", "im Juli schließen wir"
        token = Token(Kind.ENDS if _HOUR_AHEAD.match(lower, match.end()) else Kind.CLOSED)
    elif word == "mit" and before and _DAY_AHEAD.match(lower, match.end()):
        # "Montag mit Donnerstag", as the south says
        token = Token(Kind.DASH) if _unabridged(before).kind is Kind.DAYS else token
    elif word in _DOTTED_DAYS and _DOTTED.match(text, match.end()):
        token = Token(Kind.DAYS, (_DOTTED_DAYS[word],))
    return token


def _unabridged(before: Sequence[Token]) -> Token:
    """The last token, without the dot of "Mi."."""
    return before[-2] if len(before) > 1 and before[-1] == _MARKS["."] else before[-1]


def _is_day(match: re.Match[str], text: str) -> bool:
    end = match.end()
    word = text[match.start(match.lastgroup or 0) : end]
    if len(word) > 2:
        return text[end : end + 1] != "-" or not _NAME.match(text, end)
    small = word.lower()
    if small == "so":
        return bool(_SO.match(text, end)) and (word != "so" or text[end : end + 1] in {*"-.:"})
    return small != "fr" or not _FRAU.match(text, end)


@lru_cache(maxsize=8192)
def _word(word: str) -> Token:
    if known := _WORDS.get(word):
        return known
    days = _GROUPS.get(word)
    if days is None and (day := _DAY_WORD.fullmatch(word) or _SHORT_DAY.fullmatch(word)):
        days = (_DAY[day[1]],)
    if days is not None:
        return Token(Kind.DAYS, tuple(days))
    if word[0] in "mdfs" and 6 <= len(word) <= 11 and (slip := _misspelt(word)) is not None:
        return Token(Kind.DAYS, (slip,))
    if (part := word.removesuffix("s")) in _PARTS:
        return Token(Kind.DAYPART, _PARTS[part])
    stem = re.sub(r"(?:en|er|em|es|e)$", "", word)
    if stem != word and stem in _ORDINALS:
        return Token(Kind.NTH, _ORDINALS[stem])
    return Token(Kind.UNKNOWN if _DANGEROUS.search(word) else Kind.WORD, word)


def _misspelt(word: str) -> int | None:
    """The weekday that a word is one slip away from ("Dienstga", "Mitwochs")."""
    for number, names in enumerate(_WEEKDAYS):
        full = names[0]
        if abs(len(full) - len(word)) <= 2 and (
            OSA.distance(word, full) == 1 or OSA.distance(word, full + "s") == 1
        ):
            return number
    return None


def _numeric(match: re.Match[str], group: str) -> Token:
    read = _READ.get(group)
    return read(match) if read else _NUMBERS[group]


def _time(match: re.Match[str]) -> Token:
    minutes = match["min"] or match["min2"] or match["min3"]
    minute = int(match["hour"]) * 60 + int(minutes or 0)
    if minute > 24 * 60:
        return Token(Kind.UNKNOWN)
    plain = not match["uhr"]
    return Token(Kind.TIME, Clock(minute, plain, plain and not minutes))


def _minutes(match: re.Match[str]) -> int:
    """How long something takes: "Dauer 90 Minuten", "für zwei Stunden"."""
    long, unit = match["long"] or match["long2"], match["unit"] or match["unit2"]
    amount = _AMOUNTS[long] if long in _AMOUNTS else float(long.replace(",", "."))
    return round(amount * (1 if unit == "min" else 60))


def _meetings(match: re.Match[str]) -> int:
    """How many meetings a course has; 0 where a range or an uncommon number is named."""
    number = match["number"]
    if match["more"]:
        return 0
    return int(number) if number.isdecimal() else int(_AMOUNTS.get(number, 0))


def _day(match: re.Match[str]) -> Day:
    if match["d"]:
        year = int(match["y"] or 0)
        return Day(year + 2000 if 0 < year < 100 else year, int(match["m"]), int(match["d"]))
    if match["d2"]:
        return Day(int(match["y2"] or 0), _MONTH[match["m2"]], int(match["d2"]))
    return Day(int(match["y3"]), int(match["m3"]), int(match["d3"]))


_READ: dict[str, Callable[[re.Match[str]], Token]] = {
    "time": _time,
    "date": lambda match: Token(Kind.DATE, _day(match)),
    "month": lambda match: Token(Kind.MONTH, Day(int(match["y4"] or 0), _MONTH[match["m4"]], 0)),
    "nth": lambda match: Token(Kind.NTH, int(match["nth"][:-1])),
    "count": lambda match: Token(Kind.COUNTED, _meetings(match)),
    "lasting": lambda match: Token(Kind.LASTING, _minutes(match)),
    "sign": lambda match: _SIGNS.get(match["sign"], Token(Kind.UNKNOWN)),
}
