"""Mail addresses in text, written out or hidden from machines by hand."""

from __future__ import annotations

import html
import re
from collections.abc import Iterator
from functools import lru_cache
from urllib.parse import unquote

from email_validator import EmailNotValidError, validate_email

from aggregator.normalise.cues import LINES, Cued, seen
from aggregator.normalise.text import clean

_PLAIN = re.compile(
    r"(?<![\w.+-])(?P<local>[\w][\w.+&'-]{0,63})@(?P<host>\w[\w-]{0,62}(?:\.\w[\w-]{0,62}){1,4})"
)
_SCHEME = re.compile(r"^\s*mailto:\s*", re.IGNORECASE)
_STRICT = re.compile(
    r"[a-z0-9_+-]+(?:[.&'][a-z0-9_+-]+)*@(?:[a-z0-9](?:[a-z0-9-]*[a-z0-9])?\.)+[a-z]{2,24}",
    re.IGNORECASE,
)

# What stands for "@": in brackets of any kind, or set off by signs.
_AT = re.compile(
    r"\s{0,2}[\[({<«]{1,2}\s?(?:at|ät|a|@|ad|et|affe|klammeraffe|ätt|bei|@-?zeichen|at-zeichen)\s?[\])}>»]{1,2}\s{0,2}"
    r"|\s?(?<=[\w\s])[_*|#]\s?(?:at|ät)\s?[_*|#]\s?|\s+klammeraffe\s+|\s?[＠ⓐ]\s?|\s+@\s*|\s*@\s+",
    re.IGNORECASE,
)
_DOT = re.compile(
    r"\s{0,2}[\[({<«]{1,2}\s?(?:dot|punkt|pkt|\.)\s?[\])}>»]{1,2}\s{0,2}|\s?[_*|"
    r"#](?:dot|punkt)[_*|#]\s?",
    re.IGNORECASE,
)
_BARE_DOT = re.compile(r"(?<=[\w])\s+(?:dot|DOT|Dot|punkt|PUNKT|Punkt)\s+(?=\w)")
_BARE_AT = re.compile(
    r"(?:(?<=[:;,|(–])\s*|^\s*|mail\w{0,8}:?\s+|\ban\s+|\bunter\s+|\bkontakt\s+)"
    r"(?P<local>[\w.-]{0,40}[a-zA-Z][\w.-]{0,40})\s+(?:at|AT|ät|Ät|ÄT)\s+"
    r"(?P<host>[\w-]{2,63}(?:(?:\.|\s+(?:dot|DOT|punkt|Punkt|PUNKT)\s+)[\w-]{2,63}){1,3})",
    re.IGNORECASE,
)
_SPACED_DOT = re.compile(r"(?<=@)([\w-]{1,63}(?:\.[\w-]{1,63}){0,3})\s\.\s?([a-z]{2,12})\b")
_BARE_HINT = re.compile(r"\s(?:at|ät)\s", re.IGNORECASE)
_HIDDEN_HINT = re.compile(
    r"[\[({<«_*|#]\s?(?:at|ät|a|@|ad|et|affe|klammeraffe|ätt|bei|@-?zeichen|at-zeichen)\s?[\])}>»_*|"
    r"#]|\sklammeraffe\s|[＠ⓐ]|\s@|@\s",
    re.IGNORECASE,
)
# Without a mark, or white space beside a sign, nothing is hidden: a question found fast.
_HIDDEN_BY = re.compile(r"[\[({<«_*|#＠ⓐ]|\s@|@\s|\sk", re.IGNORECASE)
_SPAM = Cued(
    r"(?P<before>[@.])?[-_]?(?:no[-_]?spam|ohne[-_]?spam|anti[-_]?spam|"
    r"spam[-_]?schutz|kein[-_]?spam|"
    r"remove[-_]?(?:this|me)|delete[-_]?(?:this|me)|bitte[-_]?(?:entfernen|l(?:ö|"
    r"oe)schen)|entfernen)"
    r"[-_]?(?P<after>[@.])?",
    re.IGNORECASE,
    ear=LINES,
)
# Backwards ("ed.elpmaxe@ofni", shown right by CSS): the reversed top-level domain comes first.
_REVERSED = re.compile(
    r"(?<![\w.-])(?:ed|gro|ten|moc|ofni|ue|ta|hc|nilreb|elpmaxe|grubmah|nleok|wrn|"
    r"nreyab)(?:\.[\w-]{1,63}){1,3}@[\w.-]{1,64}(?![\w.-])",
    re.IGNORECASE,
)


def addresses(text: str, *, stated: bool = False) -> Iterator[str]:
    """Addresses in a text as they are meant, not yet validated.

    `stated`: the text is known to be a mail link's target, with "mailto:" and parameters.
    """
    text = clean(text[:20_000])
    if "&" in text:
        text = html.unescape(text)
    if "%" in text:
        text = unquote(text)
    if stated or "mailto:" in text[:12].lower():
        text = _SCHEME.sub("", text).partition("?")[0]
    if _BARE_HINT.search(text):
        text = _BARE_AT.sub(_spelt, text)
    if _HIDDEN_BY.search(text):
        if _HIDDEN_HINT.search(text):
            text = _BARE_DOT.sub(".", _DOT.sub(".", _AT.sub("@", text)))
        elif "@" in text:
            text = _DOT.sub(".", text)
    if "@" not in text:
        return
    if " ." in text:
        text = _SPACED_DOT.sub(r"\1.\2", text)
    for match in _REVERSED.finditer(text):
        text = text.replace(match[0], match[0][::-1])
    for match in _PLAIN.finditer(_SPAM.sub(_without, text, seen(text))):
        yield match[0]


def _spelt(match: re.Match[str]) -> str:
    host = re.sub(r"\s+(?:dot|punkt)\s+", ".", match["host"], flags=re.IGNORECASE)
    if not re.search(r"\.[a-z]{2,12}$", host, re.IGNORECASE) or not re.search(
        "[a-z]{2}", host, re.IGNORECASE
    ):
        return match[0]
    lead = match[0][: match.start("local") - match.start()]
    return f"{lead}{match['local']}@{host}"


def _without(match: re.Match[str]) -> str:
    """What is left where a word against robots is taken out: one sign of two, "@" before "."."""
    before, after = match["before"] or "", match["after"] or ""
    if "@" in (before, after):
        return "@"
    return before or after


@lru_cache(maxsize=4096)
def validated(address: str) -> str | None:
    """The address with its host in lower case; None where no mail can go there.

    ASCII dot-atoms at letter-digit-hyphen hosts are valid by their form (RFC 5321, 4.1.2); all
    others (umlaut hosts, punycode) are judged by email-validator.
    """
    address = address.strip(".-'")
    local, _, host = address.rpartition("@")
    local = local.lower() if local.isupper() or local.istitle() else local
    host = host.lower().rstrip(".-_")
    if _STRICT.fullmatch(f"{local}@{host}") and "xn--" not in host:
        return f"{local}@{host}" if len(local) <= 64 and len(host) <= 253 else None
    try:
        found = validate_email(
            f"{local}@{host}", check_deliverability=False, globally_deliverable=False
        )
    except (EmailNotValidError, ValueError):
        return None
    return found.normalized if "." in host else None
