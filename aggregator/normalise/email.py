"""Mail addresses, also where a site hides them from harvesters."""

from __future__ import annotations

import re
from collections.abc import Sequence

from aggregator.normalise.context import Context
from aggregator.normalise.cues import seen, watch
from aggregator.normalise.mailcipher import decipher
from aggregator.normalise.mailperson import is_personal
from aggregator.normalise.mailtext import addresses, validated
from aggregator.normalise.person import strip_persons
from aggregator.normalise.statement import Doubt, Reading, Statement
from crawlers.record import Passage, Role

_READER = "email@2"
_READ = frozenset(
    {Role.TEXT, Role.EMAIL, Role.ADDRESS, Role.VENUE, Role.PROVIDER, Role.URL, Role.HOURS}
)
_SIGNS = watch("@", "＠", "ⓐ", "%40", "&#", "klammeraffe", "mailto")
_WORD = r"(?:at|ätt?|a|ad|et|bei|affe|at-zeichen)"
_AT = re.compile(rf"[\[({{<*|_]\s?{_WORD}\s?[\])}}>*|_]|\s(?:at|ät)\s")
# Without a bracket or a word that begins so, nothing stands for "@".
_BLANKS = "".join(filter(str.isspace, map(chr, range(0x3001))))
_MAY_BE_AT = watch(*"[({<*|_", *(blank + at for blank in _BLANKS for at in ("at", "ät")))


def read_emails(passages: Sequence[Passage], context: Context) -> Reading:  # noqa: ARG001 - readers share one form
    """Read the mail addresses of a record, decoded, the host in lower case.

    An address that is a person's own (vorname.nachname@…) is dropped and doubted as
    "personal_data_dropped", without a quote; role addresses stay.
    """
    reading = Reading()
    seen: dict[str, int] = {}
    dropped: set[str] = set()
    for passage in passages:
        for address in _read(passage) if passage.role in _READ else ():
            key = address.casefold()
            if key in dropped:
                continue
            if key in seen:
                _prefer_text(reading, seen[key], passage)
                continue
            if is_personal(address, passages):
                dropped.add(key)
                reading.doubts.append(Doubt("personal_data_dropped", "", passage.locator, "emails"))
                continue
            seen[key] = len(reading.statements)
            reading.statements.append(_statement(address, passage))
    return reading


def _prefer_text(reading: Reading, at: int, passage: Passage) -> None:
    """Quote what a reader sees rather than the target of the link."""
    stated = reading.statements[at]
    if stated.reason and str(stated.value).casefold() in passage.text.casefold():
        reading.statements[at] = _statement(str(stated.value), passage)


def _statement(address: str, passage: Passage) -> Statement:
    """Quote the address alone where it stands so on the page, else the words that hide it."""
    at = passage.text.casefold().find(address.casefold())
    if at >= 0:
        quote, reason = passage.text[at : at + len(address)], ""
    elif passage.role is Role.EMAIL:
        quote, reason = passage.text[:300], "entschlüsselt"
    else:
        quote, reason = strip_persons(passage.text[:300]), "entschlüsselt"
    return Statement("emails", address, quote, passage.locator, _READER, reason)


def _hints(text: str, role: Role) -> bool:
    """Whether a passage may hold an address at all."""
    if role is Role.URL:
        return "mailto" in text.lower()
    said = seen(text)
    if said & _SIGNS:
        return True
    return bool(said & _MAY_BE_AT) and _AT.search(text.lower()) is not None


def _read(passage: Passage) -> list[str]:
    text, stated = passage.text, passage.role is Role.EMAIL
    if stated:
        text = decipher(text)
    elif not _hints(text, passage.role):
        return []
    found = map(validated, addresses(text, stated=stated))
    return [address for address in found if address is not None]
