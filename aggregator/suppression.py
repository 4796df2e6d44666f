"""The suppression list: what people asked us never to publish, known by its hash only.

It is applied to what a run found before anything is stored, so that it survives every re-crawl.
Entries are HMACs (RFC 2104) under a key of the installation: who gets hold of the list alone cannot
try out telephone numbers. Whoever loses the key loses the list: it belongs into every backup.
"""

from __future__ import annotations

import hashlib
import hmac
import os
import re
import secrets
from collections.abc import Collection, Iterator
from dataclasses import dataclass, replace
from enum import StrEnum
from pathlib import Path
from typing import Any
from uuid import UUID

from sqlmodel import Session, select

from aggregator.harvest import Draft, Harvest, draft_of
from aggregator.normalise.mailtext import addresses
from aggregator.normalise.statement import Reading, Statement
from aggregator.store.tables import SuppressionRow

MARK = "[entfernt]"
"""Stands where something suppressed stood."""

_MAIL = re.compile(r"[\w.+'-]{1,64}@[\w-]{1,63}(?:\.[\w-]{1,63}){1,4}")
_HIDDEN_MAIL = re.compile(r"[@＠ⓐ\[({<«_*|#]|\s(?:at|ät)\s|klammeraffe", re.IGNORECASE)
_NUMBER = re.compile(r"(?<![\w+])(?:\+\s?|\(\s?)?\d[\d\s()/.\u2010-\u2015-]{3,38}\d(?!\w)")
_GROUP = re.compile(r"(?:\+\s?)?\d+")
_LOCAL = 6  # digits; five could be a postcode


class SuppressionError(Exception):
    """The list cannot be used, or what is to be suppressed is not understood; says what to do."""


class Kind(StrEnum):
    """What an entry suppresses."""

    PHONE = "phone"
    EMAIL = "email"
    LISTING = "listing"


_KIND_OF = {"phones": Kind.PHONE, "emails": Kind.EMAIL}
FIELDS = tuple(_KIND_OF)
"""Fields whose values an entry may name."""


def canonical(text: str) -> tuple[Kind, str]:
    """What a person typed, as the list knows it: E.164, a mail address, or a listing's id.

    Raises SuppressionError for anything else.
    """
    text = text.strip()
    try:
        return Kind.LISTING, str(UUID(text))
    except ValueError:
        pass
    if _MAIL.fullmatch(text):
        return Kind.EMAIL, text.lower()
    number = _e164(text) if _NUMBER.fullmatch(text) else ""
    if not 8 <= len(number) <= 16:
        raise SuppressionError(
            f"{text!r} is no telephone number with area code, mail address or listing id"
        )
    return Kind.PHONE, number


@dataclass(frozen=True, slots=True)
class Suppressions:
    """The list, ready to be asked."""

    key: bytes = b""
    phones: Collection[str] = frozenset()
    emails: Collection[str] = frozenset()
    listings: Collection[str] = frozenset()

    def __bool__(self) -> bool:
        return bool(self.phones or self.emails or self.listings)

    def holds(self, kind: Kind, value: str) -> bool:
        """True where this value is suppressed."""
        entries = {Kind.PHONE: self.phones, Kind.EMAIL: self.emails, Kind.LISTING: self.listings}
        return bool(entries[kind]) and digest(self.key, kind, value) in entries[kind]

    def redacted(self, text: str, known: Collection[str] = ()) -> str:
        """A text without what is suppressed.

        `known` are suppressed numbers (E.164) that the same record states: the text may give them
        without area code.
        """
        if self.phones:
            text = _NUMBER.sub(lambda found: self._without_numbers(found[0], known), text)
        if self.emails:
            text = _MAIL.sub(
                lambda found: MARK if self.holds(Kind.EMAIL, found[0].lower()) else found[0], text
            )
            if _HIDDEN_MAIL.search(text) and any(
                self.holds(Kind.EMAIL, address.lower()) for address in addresses(text)
            ):
                return MARK
        return text

    def redacted_value(self, value: Any, known: Collection[str] = ()) -> Any:  # noqa: ANN401 - any JSON
        """Any JSON value, with every text in it redacted."""
        if isinstance(value, str):
            return self.redacted(value, known)
        if isinstance(value, list):
            return [self.redacted_value(one, known) for one in value]
        if isinstance(value, dict):
            return {name: self.redacted_value(one, known) for name, one in value.items()}
        return value

    def states(self, field: str, value: object) -> bool:
        """True for a statement that states a suppressed number or address."""
        kind = _KIND_OF.get(field)
        return kind is not None and self.holds(kind, str(value).lower())

    def _without_numbers(self, run: str, known: Collection[str]) -> str:
        groups = list(_GROUP.finditer(run))
        for first, start in enumerate(groups):
            for end in reversed(groups[first:]):
                said = run[start.start() : end.end()]
                if self._is_number(said, known):
                    before = run[: start.start()]
                    if ")" in said and "(" not in said:
                        before = before.rstrip().removesuffix("(")
                    return f"{before}{MARK}{self._without_numbers(run[end.end() :], known)}"
        return run

    def _is_number(self, said: str, known: Collection[str]) -> bool:
        digits = re.sub(r"\D", "", said)
        if not _LOCAL <= len(digits) <= 18:
            return False
        if not digits.startswith("0") and any(number.endswith(digits) for number in known):
            return True
        return self.holds(Kind.PHONE, _e164(said))


def digest(key: bytes, kind: Kind, value: str) -> str:
    """The entry for a canonical value."""
    return hmac.new(key, f"{kind}:{value}".encode(), hashlib.sha256).hexdigest()


def fingerprint(key_file: Path) -> str:
    """What tells a key from others and does not tell it. Raises SuppressionError without one."""
    return hmac.new(_read_key(key_file), b"fingerprint", hashlib.sha256).hexdigest()[:16]


def load_suppressions(session: Session, key_file: Path | None) -> Suppressions:
    """The list as the record holds it. Raises SuppressionError where its key is missing."""
    rows = session.exec(select(SuppressionRow)).all()
    if not rows:
        return Suppressions()

    def of(kind: Kind) -> frozenset[str]:
        return frozenset(row.digest for row in rows if row.kind == kind)

    return Suppressions(_read_key(key_file), of(Kind.PHONE), of(Kind.EMAIL), of(Kind.LISTING))


def make_key(key_file: Path) -> bytes:
    """The key of this installation, made on first use and readable by its owner only."""
    try:
        descriptor = os.open(key_file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError:
        return _read_key(key_file)
    with os.fdopen(descriptor, "w", encoding="ascii") as file:
        file.write(secrets.token_hex(32))
        file.flush()
        os.fsync(file.fileno())
    return _read_key(key_file)


def without_suppressed(harvest: Harvest, source_id: str, listed: Suppressions) -> Harvest:
    """A harvest from which everything suppressed is gone, as if the site had never said it."""
    if not listed:
        return harvest

    def kept(drafts: Collection[Draft]) -> Iterator[Draft]:
        for draft in drafts:
            if not listed.holds(Kind.LISTING, draft.id):
                yield _without(draft, source_id, listed)

    return replace(
        harvest, offers=tuple(kept(harvest.offers)), networks=tuple(kept(harvest.networks))
    )


def _without(draft: Draft, source_id: str, listed: Suppressions) -> Draft:
    reading = draft.reading
    known = {str(s.value) for s in reading.statements if listed.states(s.field, s.value)}

    def clean(statement: Statement) -> Statement:
        return statement._replace(
            value=listed.redacted_value(statement.value, known),
            quote=listed.redacted(statement.quote, known),
        )

    cleaned = Reading(
        [clean(s) for s in reading.statements if not listed.states(s.field, s.value)],
        [d._replace(quote=listed.redacted(d.quote, known)) for d in reading.doubts],
    )
    if cleaned == reading:
        return draft
    return replace(draft_of(source_id, draft.record, cleaned), id=draft.id)


def _read_key(key_file: Path | None) -> bytes:
    try:
        key = bytes.fromhex(key_file.read_text("ascii").strip()) if key_file else b""
    except (OSError, ValueError) as error:
        raise SuppressionError(
            f"{key_file}: the key of the suppression list cannot be read ({error}); nothing is "
            "published without it: put it back from a backup"
        ) from error
    if len(key) < 16:
        raise SuppressionError(
            "something is suppressed, and the key that tells what is not at hand; nothing is "
            "published without it"
        )
    return key


def _e164(said: str) -> str:
    """A number with country or area code in E.164; German where it names no country."""
    said = re.sub(r"\(\s?0\s?\)", "", said) if re.match(r"\D{0,2}(?:\+|00)", said) else said
    digits = re.sub(r"\D", "", said)
    if "+" not in said[:2]:
        if not digits.startswith("0"):
            return ""
        digits = digits[2:] if digits.startswith("00") else f"49{digits[1:]}"
    return f"+49{digits[2:].lstrip('0')}" if digits.startswith("49") else f"+{digits}"
