"""Where telephone numbers stand in German text: labels, lists, extensions, and what is none."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from functools import lru_cache
from typing import NamedTuple

from aggregator.normalise.cues import seen, watch
from aggregator.normalise.needed import needed

# One character for one, so that offsets stay those of the page's text.
_LOOKALIKES = str.maketrans(
    dict.fromkeys("\u200b\u200c\u200d\u200e\u200f\u202a\u202b\u202c\u202d\u202e\ufeff", " ")
    | dict.fromkeys("\u2060\u2066\u2067\u2068\u2069\u00a0\u2002\u2003\u2007\u2008", " ")
    | dict.fromkeys("\u2009\u200a\u202f\u00ad\t\n\r·・", " ")
    | dict.fromkeys("\u2010\u2011\u2012\u2013\u2014\u2212", "-")
    | {"⁄": "/", "∕": "/", "＋": "+"}
)

_LOOKALIKE = re.compile("[" + "".join(map(chr, _LOOKALIKES)) + "]")

_FAX = r"(?:tele-?\s?)?fax(?:nummer|nr)?(?![a-zäöüß])|📠"
_PHONE = (
    r"telefon\w{0,12}|handy(?:nummer)?(?![a-zäöüß])|[☎☏✆📞📱]|"
    r"(?<!\w)(?:tel|fon|phone|ruf(?:nummer|en)?|anruf\w{0,3}|hotline|funk|zentrale|durchwahl|"
    r"mobil(?:e|nummer|funk)?|whats?app|sms|signal|büro|sekretariat)(?![a-zäöüß])"
)
_OTHER = (
    r"(?<!\w)(?:iban|bic|blz|konto\w{0,8}|kto|steuer\w{0,8}|ust\w{0,8}|hr[ab]|az|isbn|"
    r"register\w{0,10}|amtsgericht|aktenzeichen|kurs\w{0,10}|plz|postfach|pf|kunden\w{0,8}|nr|no|"
    r"linien?|bus|tram|stand|seit|jahr|gläubiger\w{0,6}|mandats\w{0,10}|vr|preis|(?<![\d-]\s)(?<![\d-])euro)"
    r"(?![a-zäöüß])|(?:spenden|bank)konto"
)
# Single letters ("T", "F") are labels only right before the number, where the gap ends.
_LETTER = re.compile(r"(?<!\w)[FTM][.:]?\s?$", re.IGNORECASE)
# For lower case, in which the engine finds it in half the time.
_LABEL = re.compile(
    rf"(?P<fax>{_FAX}|(?<!\w)f[.:]?\s?$)|(?P<phone>{_PHONE}|(?<!\w)[tm][.:]?\s?$)"
    rf"|(?P<other>{_OTHER})"
)
_LABELLED = watch(*sorted(needed(f"{_FAX}|{_PHONE}|{_OTHER}", re.IGNORECASE)))
# "Turnverein Trave v. 1892"
_YEAR = re.compile(r"(?:18|19|20)\d\d")
_FOUNDED = re.compile(r"\b(?:v\.|von|vom|gegr\.|gegründet|anno|seit|im|jahr)\s?$", re.IGNORECASE)
_NEAR = 60  # characters before a number in which its label stands
_RUN = re.compile(
    r"(?<![\w@=&#+/-])"
    r"(?:\(?(?:\+|00)\s?[1-9]\d{0,2}\s?\)?[\s./-]{0,3})?"
    r"(?:\(\s?[\d ./-]{1,9}\)[\s./-]{0,3}){0,2}"
    r"\d(?:[\d ./-]{0,38}\d)?(?!\d)"
)
_DATE = re.compile(
    r"\s*(?:\d{1,2}\.\s?-\s?)?\d{1,2}\.\s?\d{1,2}\.(?:\s?\d{4}|\s?\d{2}(?!\d))?[\s/-]*"
    r"|\s*\d{4}-\d\d-\d\d\s*"
)
_CLOCK = re.compile(
    r"\s*(?:[01]?\d|2[0-4])[.:]\d\d\s?(?:-|/)\s?|\s*(?:[01]?\d|"
    r"2[0-4])\s?-\s?(?:[01]?\d|2[0-4])(?:\.\d\d)?$"
)
_HOURS_TAIL = re.compile(r"[\s-]{1,4}\d{1,2}(?:\.\d\d)?(?:\s?-\s?\d{1,2}(?:\.\d\d)?)?$")
_HOUR_WORD = re.compile(r"\s?(?:Uhr|h\b|:\d\d)")
# "im Büro, Rathausallee 1, 13597 Berlin": five digits before a town are its postcode.
_POSTCODE = re.compile("[0-9]{5}")
_TOWN_AFTER = re.compile(r"\s[A-ZÄÖÜ][a-zäöüß]{2}")
_FULL = r"(?:\+|00[1-9]|\(\s?0|\(\+|0\s?[1-9])"
_CUT = re.compile(rf"\s*[/]\s*(?={_FULL})|\s+(?={_FULL})|\s/\s(?=\d)")
# A full stop between a number and the next sentence.
_STOP = re.compile(r"(?:(?<=\d{3})|(?<=\s\d\d))\.\s(?=\d{1,3}$)")
# A second line of the same office inside one run of digits: "23125-100/101", "-100 / -101".
_SECOND = re.compile(r"(?P<sep>\s?/\s?)(?P<dash>-\s?)?(?P<ext>\d{1,5})(?:\s?/\s?-?\d{1,5})*$")
_OWN_TAIL = re.compile(r"\d(?: |-| - )(\d{1,4})$")
_EXTENSION = re.compile(
    r"\s{0,2}(?:\([^()]{1,30}\)\s{0,2})?(?:(?P<sep>/|,|;|\+|&|oder|und|u\.|o\.|bzw\.?|"
    r"sowie)\s{0,2})(?P<dash>-\s?)?(?P<ext>\d{1,5})"
    r"(?![\d.:]|\s?(?:Uhr|h\b|€|Euro|%|[-/.]\s?\d|\d))",
    re.IGNORECASE,
)
_TWIN = re.compile(
    r"\s{0,2}(?:oder|und|bzw\.?|sowie|/|,)\s{1,2}(?P<twin>[1-9]\d{1,3}(?: ?\d{1,4}){1,3})"
    r"(?![\d.:/-]|\s?(?:Uhr|h\b|€|Euro|%)|\s\d)",
    re.IGNORECASE,
)
# "535-3311, Herr Riemer (I-R) -3312": of others in the same house.
_OTHERS_EXTENSION = re.compile(
    r"\s{0,2}(?:\([^()\d]{1,30}\))?,\s[^\d\n,;@]{2,40}?\s(?P<dash>-)(?P<ext>\d{2,5})(?![\d.:]"
    r"|\s?(?:Uhr|h\b))"
)
# "Anmeldung: 207-3991": a line that is nothing but a number to ring up.
_RUNG_UP = re.compile(
    r"(?:Anmeldung|Kontakt|Infos?|Auskunft|Rückfragen|Terminvereinbarung)(?:\sunter)?:?\s"
    r"\d{2,6}(?:\s?[-/]\s?\d{1,6}){1,3}\.?"
)
# "Angehörige -261" on the line below "Zentrale 040 66969-260".
_EXTENSION_LINE = re.compile(r"(?P<of>[^\d\n]{0,40}?)(?<!\w)-(?P<ext>\d{1,5})\s*")
_EXTENDED = re.compile(r"\d\s?-\s?(?P<own>\d{1,5})\s*")
_TAIL = re.compile(r"(?P<gap>[\s/-]{0,3})(?P<last>\d+)$")
_FAX_AFTER = re.compile(r"\s{0,2}\(?\s?(?:tele)?fax\b(?!\s?[:.]?\s?[\d+(])", re.IGNORECASE)
# "85-2518 (Buchstabe A-K), 85-2519": what is in brackets tells whose number it is.
_LIST_GAP = re.compile(
    r"[\s,;/|&+-]*(?:\([^()\d]{1,30}\)[\s,;/|&+-]*)?(?:oder|und|bzw\.?|sowie|o\.|u\.)?[\s,;/|-]*",
    re.IGNORECASE,
)


class Candidate(NamedTuple):
    """A number as dialled: digits, with a leading "+" where stated; and where it stands."""

    number: str
    start: int
    end: int
    fax: bool = False


def readable(text: str) -> str:
    """The text with plain spaces and hyphens, of unchanged length."""
    return text.translate(_LOOKALIKES) if _LOOKALIKE.search(text) else text


def closing_label(text: str) -> str:
    """The label a line consists of or ends with ("Telefon:"), which then is the next line's."""
    kind = ""
    if len(text) > 16 and not text.endswith((":", "☎", "☏")):
        return kind
    text = readable(text).lower()
    if not seen(text) & _LABELLED and not _LETTER.search(text, max(0, len(text) - 4)):
        return kind
    for match in _LABEL.finditer(text, max(0, len(text) - 30)):
        if len(text) - match.end() <= 3:
            kind = match.lastgroup or ""
    return kind


def further_line(text: str, above: str, number: str) -> Candidate | None:
    """The number of a line that gives only an extension, as long as the one ending the line above.

    `above` is that line, `number` the last number read there.
    """
    match = _EXTENSION_LINE.fullmatch(text)
    own = _EXTENDED.search(above, max(0, len(above) - 12)) if match else None
    if not match or not own or own.end() != len(above) or not number.endswith(own["own"]):
        return None
    if len(match["ext"]) != len(own["own"]):
        return None
    dialled = number[: len(number) - len(own["own"])] + match["ext"]
    return Candidate(dialled, match.start("ext"), match.end("ext"), _says_fax(match["of"]))


def continues(text: str, number: str) -> bool:
    """Whether a line begins with a number like the one above it: as long, and beginning so."""
    run = _RUN.match(text)
    digits = _dialled(run[0]) if run else ""
    return len(digits) == len(number) >= _WHOLE and digits[:_ALIKE] == number[:_ALIKE]


def _labels(words: str) -> list[str]:
    """The kinds of the labels in a text."""
    return [label.lastgroup or "" for label in _LABEL.finditer(words.lower())]


def _says_fax(words: str) -> bool:
    return "fax" in _labels(words)


def direct_lines(text: str, found: Sequence[Candidate]) -> Iterator[Candidate]:
    """Extensions said by their word, before or behind their switchboard.

    "Durchwahl -14 (Zentrale 0561 92008-0)", "05231 440-0, Durchwahl der Beratung: 17",
    "05231 440 - 210, Durchwahl Kasse 215": in place of the zero, or of as many digits.
    """
    board = next((c for c in found if _BOARD.search(text[c.start : c.end])), None)
    for match in _DIRECT.finditer(text):
        start, end = match.span("ext")
        if board is not None and end <= board.start:
            yield Candidate(board.number[:-1] + match["ext"], start, end)
            continue
        before = next((c for c in reversed(found) if c.end <= match.start()), None)
        own = _EXTENDED.search(text, before.start, before.end) if before else None
        if before and own and (own["own"] == "0" or len(own["own"]) == len(match["ext"])):
            dialled = before.number[: len(before.number) - len(own["own"])] + match["ext"]
            yield Candidate(dialled, start, end)


_DIRECT = re.compile(
    r"\b(?:Durchwahl(?:en)?|DW|App(?:arat)?\.?|Nebenstelle)(?![^\W\d_])(?:[^\d\n;|,.()-]{0,30}?)"
    r"\s?-?\s?(?P<ext>\d{1,4})(?![\d.:]|[\s/-]{1,3}\d)"
)
_DIRECT_TO = re.compile(
    r"\b(?:Durchwahl(?:en)?|DW|App(?:arat)?\.?|Nebenstelle)(?![^\W\d_])[^\d\n;"
    r"|,.()-]{0,30}\s?-?\s?$"
)
_SHORTEST = 3  # characters of a number
_WHOLE, _ALIKE = 6, 3  # digits of a whole number, and of its beginning
_EXTENDS = 4  # digits of the longest extension
_BOARD = re.compile(r"\d[\s/-]{0,3}-\s?0$")


# "am Vortag unter 77 06 56 anmelden", not "unter 10 000 Euro".
_UNDER = re.compile(r"\bunter(?:\s(?:der\s)?(?:Ruf)?[Nn]ummer)?\s$", re.IGNORECASE)
_CALLING = re.compile(r"melde|anruf|rufen|reservier|termin|erreich|vereinbar", re.IGNORECASE)
_GROUPED = re.compile(r"[1-9]\d{1,5}(?:[ /-]{1,3}(?!000)\d{1,6}){1,4}")
_COUNTED = re.compile(r"\s?(?:€|%|[A-Z]\w)")


def _is_rung(text: str, start: int, end: int) -> bool:
    """Whether a number without area code is one that its sentence asks to ring up."""
    if not _UNDER.search(text, max(0, start - 24), start) or not _CALLING.search(text):
        return False
    return bool(_GROUPED.fullmatch(text, start, end)) and not _COUNTED.match(text, end)


# Of the numbers that are one all over Europe, those that answer in Germany.
_NATIONAL = frozenset({"116000", "116006", "116016", "116111", "116117", "116123"})
_LABELS = frozenset({"phone", "fax", "both"})


@lru_cache(maxsize=4_096)  # one number serves many offers of a house
def candidates(text: str, label: str = "", *, stated: bool = False) -> tuple[Candidate, ...]:
    """Numbers in a line. `label` is what the line before said; `stated`: markup says phone."""
    return tuple(_candidates(text, label, stated=stated))


def _candidates(text: str, label: str, *, stated: bool) -> Iterator[Candidate]:
    kind = "phone" if stated or _RUNG_UP.fullmatch(text) else label
    at = 0
    for run in _RUN.finditer(text):
        span = _numeric(text, run.start(), run.end())
        if span is None or (_YEAR.fullmatch(run[0]) and _FOUNDED.search(text, 0, run.start())):
            continue
        near = max(at, run.start() - _NEAR)
        kind = _kind(text[near : run.start()], kind, fresh=near == 0)
        if kind == "other" or text[run.start() - 1 : run.start()].isupper():  # IBAN: "DE12 …"
            at = run.end()
            continue
        labelled = kind in _LABELS or _is_rung(text, run.start(), run.end())
        if not labelled and "0" not in run[0] and "+" not in run[0]:
            at = max(at, span[1])  # without a label only a whole number is one
            continue
        for first, last in _cut(text, *span, labelled=labelled):
            number = _dialled(text[first:last])
            if len(number) <= _EXTENDS and _DIRECT_TO.search(text, near, first):
                continue  # told by `direct_lines`
            if _TOWN_AFTER.match(text, last) and _POSTCODE.fullmatch(text, first, last):
                continue
            if not _acceptable(number, labelled=labelled):
                continue
            fax = kind == "fax" or bool(_FAX_AFTER.match(text, last))
            yield Candidate(number, first, last, fax)
            at = last
            for extension in _extensions(text, first, last, number) if last < len(text) else ():
                # "Tel./Fax: …-100 / -101": the first is the telephone, the second the fax.
                yield Candidate(
                    extension.number, extension.start, extension.end, fax or kind == ("both")
                )
                at = extension.end
        at = max(at, span[1])


@lru_cache(maxsize=512)  # "Tel. ", ", " and the like stand before most numbers
def _kind(gap: str, before: str, *, fresh: bool) -> str:
    labels = _labels(gap)
    if labels and labels[-1] == "other" and _SENTENCE.search(gap):
        gap = _SENTENCE.split(gap)[-1]  # "Kursgebühr 30 Euro. Anmeldung: …"
        labels = _labels(gap)
        before = ""
    if not labels:
        return before if fresh or _LIST_GAP.fullmatch(gap) else ""
    if labels[-1] == "fax" and len(labels) > 1 and labels[-2] == "phone" and _joined(gap):
        return "both"
    if labels[-1] == "phone" and len(labels) > 1 and labels[-2] == "fax" and _joined(gap):
        return "both"
    if labels[-1] == "other" and "phone" in labels:
        return "phone"  # "Telefon-Nr."
    return labels[-1]


_SENTENCE = re.compile(r"(?<=[a-zäöüß]{3}[.!?;])\s(?=[A-ZÄÖÜ])")
_JOINED = re.compile(
    r"(?:fon|tel|telefon)\.?\s?(?:/|u\.|und|&|\+|-)\s?(?:tele)?fax|fax\.?\s?(?:/|u\.|"
    r"und|&|\+)\s?(?:tel|fon|phone)",
    re.IGNORECASE,
)


def _joined(gap: str) -> bool:
    return bool(_JOINED.search(gap))


def _numeric(text: str, start: int, end: int) -> tuple[int, int] | None:
    """The part of a run that is no date and no time of day."""
    if end - start < _SHORTEST:
        return None
    while match := _DATE.match(text, start, end):
        if match.end() == start:
            break
        start = match.end()
    if end - start < _SHORTEST:
        return None
    hours = _HOUR_WORD.match(text, end)
    if _CLOCK.match(text, start, end):
        return None
    if hours and (tail := _HOURS_TAIL.search(text, start, end)):
        end = tail.start()
    elif hours:
        return None
    return (start, end) if end - start >= _SHORTEST else None


def _cut(text: str, start: int, end: int, *, labelled: bool) -> Iterator[tuple[int, int]]:
    """Split a run that holds several full numbers, or something else before one."""
    first = start
    if stop := _STOP.search(text, start, end):
        end = stop.start()  # "0461 40682. 3 € je Familie"
    for mark in _CUT.finditer(text, start, end):
        left = text[first : mark.start()]
        digits = sum(c.isdigit() for c in left)
        right = sum(c.isdigit() for c in text[mark.end() : end])
        full = left.lstrip().startswith(("+", "0", "("))
        if right >= 7 and (digits >= (9 if full else 7) or (not full and not labelled)):
            yield _trimmed(text, first, mark.start())
            first = mark.end()
    if second := _SECOND.search(text, first, end):
        left = text[first : second.start("sep")]
        own = _OWN_TAIL.search(left)
        if sum(c.isdigit() for c in left) >= 8 and (
            second["dash"] or (own and len(own[1]) == len(second["ext"]))
        ):
            end = second.start("sep")
    yield _trimmed(text, first, end)


def _trimmed(text: str, start: int, end: int) -> tuple[int, int]:
    while start < end and text[start] in " ./-":
        start += 1
    while end > start and not text[end - 1].isdigit():
        end -= 1
    return start, end


_DIGITS = re.compile(r"\d+")
_TRUNK = re.compile(r"[^(]*\(\s?0\s?\)")


def _dialled(text: str) -> str:
    """Digits as dialled from Germany: "(0)" after a country code is not dialled."""
    digits = "".join(_DIGITS.findall(text))
    head = text.lstrip(" (")
    if not head.startswith(("+", "00")):
        return digits
    if head.startswith("00"):
        digits = digits[2:]
    if "(0" in text and digits.startswith("490"):
        digits = "49" + digits[3:]
    elif "(" in head and _TRUNK.match(head):
        country, _, rest = head.lstrip("+0").partition("(")
        digits = "".join(_DIGITS.findall(country + rest.partition(")")[2]))
    return "+" + digits


def _acceptable(number: str, *, labelled: bool) -> bool:
    if number.startswith("+"):
        return 8 <= len(number) <= 16
    if number.startswith("0"):
        return 7 <= len(number) <= 15
    if number in _NATIONAL:
        return True
    return labelled and 3 <= len(number) <= 9 and number not in {"110", "112"}


def _extensions(text: str, start: int, end: int, number: str) -> Iterator[Candidate]:
    """Further lines of one office: "-25 oder -27", "23125-100/101", "231250 oder 231251"."""
    if twin := _TWIN.match(text, end):
        digits = _dialled(twin["twin"])
        if (
            _EXTENDS < len(digits) < len(number)
            and number[-len(digits) :][:_ALIKE] == digits[:_ALIKE]
        ):
            yield Candidate(number[: -len(digits)] + digits, twin.start("twin"), twin.end())
            return
    tail = _TAIL.search(text, start, end)
    at = end
    while tail and (match := _EXTENSION.match(text, at) or _others(text, at, tail)):
        own, extension = tail["last"], match["ext"]
        subscriber = len(number) - len(own)
        same_length = len(own) == len(extension) and len(own) <= 4
        if not match["dash"] and not (same_length and subscriber >= 7):
            return
        if match["dash"] and (len(own) > 5 or tail.start() == start):
            return
        yield Candidate(
            number[: len(number) - len(own)] + extension, match.start("ext"), match.end()
        )
        at = match.end()


def _others(text: str, at: int, tail: re.Match[str]) -> re.Match[str] | None:
    """The extension of somebody else, as long as the one that ends the number before."""
    match = _OTHERS_EXTENSION.match(text, at)
    return match if match and len(match["ext"]) == len(tail["last"]) else None
