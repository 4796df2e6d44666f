"""Clean text: what a reader sees, without what the page's history left in it."""

from __future__ import annotations

import html
import re
import unicodedata
from functools import lru_cache

import nh3

# Soft hyphen, zero-width characters, bidi controls, word joiner, byte order mark, variation
# selectors: Unicode's default-ignorable characters that small sites really send.
_INVISIBLE = re.compile(
    r"[\u00ad\u034f\u061c\u180e\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff\ufe0e\ufe0f]"
    r"+"
)
_CONTROL = re.compile(r"[\x00-\x08\x0e-\x1f\x7f-\x9f\ufffe\uffff]+")
_SPACE = re.compile(r"[ \t\n\r\f\v\u00a0\u1680\u2000-\u200a\u2028\u2029\u202f\u205f\u3000]+")
# UTF-8 read as windows-1252: a lead byte's letter and the letters of its continuation bytes.
_DOUBLE = re.compile(
    "[\u00c2\u00c3\u00c4\u00c5]"
    "[\u0080-\u00bf\u20ac\u201a-\u201e\u0192\u2020-\u2022\u2026\u2030\u2039\u203a\u0152\u0153\u017d\u017e\u0160\u0161\u0178\u02c6\u02dc\u2018-\u201d\u2013\u2014\u2122]"
    ""
    "|"
    "\u00e2[\u0080\u0082\u20ac\u201a][\u0080-\u00bf\u0152\u0153\u017e\u2122\u0161\u02dc\u201c\u201d\u2018\u2019\u2020-\u2022\u00a6]"
)
_RUN = re.compile("[\u0080-\u024f\u02c6\u02dc\u2010-\u203a\u20ac\u2122]+")
_ONE_LETTER_FORMS = str.maketrans({"ſ": "s", "ﬁ": "fi", "ﬂ": "fl", "ﬀ": "ff"})
# What most German lines consist of: nothing in it needs cleaning.
_PLAIN = re.compile(r"[ -~äöüÄÖÜß–„“”’…€•éè§½»«]*")

# Readable names for tags that end a line, so that words do not run together.
_BREAKS = re.compile(r"<(?:br|/p|/div|/li|/h[1-6]|/tr|/td|/dt|/dd)\b[^<>]{0,200}>", re.IGNORECASE)


def words(listed: str) -> frozenset[str]:
    """A set of words that is written down as a line of text."""
    return frozenset(listed.split())


@lru_cache(maxsize=4_096)
def clean(text: str) -> str:
    """NFC, one space for any white space, no invisible characters, double encodings undone."""
    if _PLAIN.fullmatch(text) and "  " not in text:
        return text.strip()
    if _DOUBLE.search(text):
        text = _undouble(text)
    text = _INVISIBLE.sub("", text)
    text = unicodedata.normalize("NFC", text).translate(_ONE_LETTER_FORMS)
    return _SPACE.sub(" ", _CONTROL.sub(" ", text)).strip()


def plain(markup: str) -> str:
    """The text of an HTML fragment; scripts and styles are dropped with their content."""
    if "<" in markup:
        markup = nh3.clean(_BREAKS.sub(" ", markup), tags=set(), clean_content_tags=_SILENT)
    return clean(_unescaped(markup))


def _unescaped(text: str) -> str:
    """Entities as characters, also those that a page escaped twice ("&amp;uuml;")."""
    if "&" not in text:
        return text
    text = html.unescape(text)
    return html.unescape(text) if _ENTITY.search(text) else text


_ENTITY = re.compile(r"&(?:[a-zA-Z]{2,8}|#\d{2,5});")


_SILENT = {"script", "style", "noscript", "template", "iframe", "svg"}

_EDGE = " \t:;,|·•–—-»«>*#_/\\►▸▶➤→✔✓"
_SMALL = words(
    "a ab als am an auf aus bei bis das dem den der des die durch ein eine einem einen einer eines "
    "es für gegen im in ins ist mit nach nicht oder ohne per pro seit sich sie sind sowie statt "
    "trotz über um und unter von vom vor während wegen wie wir zu zum zur zwischen"
)
_VERBS = words(
    "bleiben bleibt finden findet geht haben hat helfen hilft kann können leben lernen machen "
    "macht muss spielen stärken suchen sucht treffen werden wird wohnen wissen"
)
_WORD = re.compile(r"[^\W\d_]+")
_VOWEL = re.compile("[AEIOUÄÖÜY]")
_INITIALISM = words(
    "ADHS AG AGB AGH ALG ASB ASD AWO BAMS BAFÖG BBZ BIZ BMAS DGB DRK DSGVO EFB EJF EKT ESF EU "
    "FAW FBS FBZ FZ GBR GGMBH GMBH HSDS IB IHK KITA KIZ KUB KVHS LGBTI LSBTI PC PEKIP SGB SHIA SKF "
    "SKM SOS SPD USA UVG VAMV VAV VHS ZIB"
)


def clean_title(text: str) -> str:
    """A title as a person would write it: no shouting, no bullets, no trailing punctuation.

    Words in capitals become words again only where the whole title shouts; abbreviations stay.
    """
    title = clean(_unescaped(text)).strip(_EDGE)
    if "|" in title or "»" in title:
        title = _SITE_NAME.sub("", title).strip(_EDGE)
    if title.endswith(("...", "…")):
        title = title.rstrip(".… ")
    elif title.endswith(".") and not re.search(r"\b\w{1,3}\.$|\.\w+\.$", title):
        title = title[:-1]
    return _unshout(title) if _shouts(title) else title


# The pipe and the guillemet stand in page titles only before the site's own name.
_SITE_NAME = re.compile(r"(?<=.{8})\s[|»]\s[^|»]{1,80}$")


# Whoever shouts writes no word so: the cheap question first.
_QUIET = re.compile("[a-zäöüß]{2}")


def _shouts(title: str) -> bool:
    if _QUIET.search(title):
        return False
    words = [w for w in _WORD.findall(title) if len(w) > 1]
    loud = sum(w.isupper() for w in words)
    return len(words) > 0 and loud == len(words) and sum(map(len, words)) >= 8 and _has_word(words)


def _has_word(words: list[str]) -> bool:
    return any(w not in _INITIALISM and len(w) > 4 and _VOWEL.search(w) for w in words)


_OWN_SPELLING = {
    "GGMBH": "gGmbH", "GMBH": "GmbH", "KITA": "Kita", "BAFÖG": "BAföG", "PEKIP": "PEKiP",
    "SKF": "SkF", "VAV": "VaV",
}  # fmt: skip


def _unshout(title: str) -> str:
    first = True

    def word(match: re.Match[str]) -> str:
        nonlocal first
        shout = match[0]
        small = shout.lower()
        begins, first = first, False
        if shout in _INITIALISM or (len(shout) > 1 and not _VOWEL.search(shout)):
            return _OWN_SPELLING.get(shout, shout)
        if shout == "E" and title[match.end() : match.end() + 3] in {".V.", ". V"}:
            return "e"
        if not begins and (small in _SMALL or small in _VERBS):
            return small
        return small[:1].upper() + small[1:]

    return _WORD.sub(word, title)


def _undouble(text: str) -> str:
    return _RUN.sub(lambda run: _recoded(run[0]), text)


def _recoded(run: str) -> str:
    raw = bytearray()
    for char in run:
        try:
            raw += char.encode("windows-1252")
        except UnicodeEncodeError:
            if ord(char) > 0xFF:
                return run
            raw.append(ord(char))  # the five bytes windows-1252 leaves undefined
    try:
        return raw.decode("utf-8")
    except UnicodeDecodeError:
        return run


_GERMAN = words("der die das und ist für mit nicht auf ein eine wir sie im den zu von")
_ENGLISH = words("the and is for with not on a we you in of to are your our")
# Words of languages with Latin letters, in lower case: found twice as fast as those of any other.
_LATIN = re.compile("[a-zªµºß-öø-\u024f\u1e00-\u1eff]+")


def language(text: str) -> str | None:
    """Say "de" or "en" where function words leave no doubt, else None."""
    words = _LATIN.findall(text.lower())
    german = sum(map(_GERMAN.__contains__, words))
    english = sum(map(_ENGLISH.__contains__, words))
    if german >= 3 and german > 3 * english:
        return "de"
    return "en" if english >= 4 and english > 3 * german else None
