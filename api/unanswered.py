"""Counting searches without a hit, so that no person can be recognised by what they searched."""

from __future__ import annotations

import hashlib
import logging
import secrets
import threading
import unicodedata
from collections import OrderedDict
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta

from fastapi import Request
from sqlalchemy.exc import SQLAlchemyError

from aggregator.harvest import BERLIN
from aggregator.index.base import Hits
from aggregator.logs import wordless

_LOG = logging.getLogger(__name__)

_PEOPLE = 3
"""Addresses that must have asked before words are kept."""
_DAYS = timedelta(days=14)
"""Within so many days."""
_MOST = 5_000
"""Searches that are counted at the same time; the ones not asked longest are forgotten first."""
_LONGEST, _WORDS = 60, 6
_ONLY_WORDS = frozenset({"q", "limit", "facets", "understand", "sort"})
"""Parameters of searches that nothing narrows but words."""


@dataclass
class _Count:
    first: date
    people: set[bytes] = field(default_factory=set)
    times: int = 0


class Unanswered:
    """What is searched for in vain, in the memory of one process until enough people ask it.

    People are told apart by a hash of their address under a key that is made at the start, never
    stored and gone with the process. `write` gets words, day and how often, in a thread of its own.
    """

    def __init__(self, write: Callable[[str, date, int], None]) -> None:
        self._write = write
        self._key = secrets.token_bytes(32)
        self._counts: OrderedDict[str, _Count] = OrderedDict()
        self._lock = threading.Lock()
        self._writer = ThreadPoolExecutor(1, "unanswered")

    def look(self, request: Request, words: str, found: Hits) -> bool:
        """Count a search by words alone that found none of them; whether it was one."""
        if (found.total or found.unstated) and found.matched != "similar":
            return False
        vain = request.query_params.keys() <= _ONLY_WORDS
        if vain:
            address = request.client.host if request.client else ""
            self.count(address, words, datetime.now(BERLIN).date())
        return vain

    def close(self) -> None:
        """Write what is to be written, and end."""
        self._writer.shutdown()

    def count(self, address: str, words: str, today: date) -> None:
        """Count that an address searched for words in vain."""
        said = _plain(words)
        if not said:
            return
        person = hashlib.blake2b(address.encode(), key=self._key, digest_size=16).digest()
        with self._lock:
            seen = self._counts.pop(said, None)
            if seen is None or today - seen.first > _DAYS:
                seen = _Count(today)
            self._counts[said] = seen
            known = len(seen.people)
            seen.people.add(person)
            seen.times += 1
            if len(self._counts) > _MOST:
                self._counts.popitem(last=False)
            if len(seen.people) < _PEOPLE or len(seen.people) == known:
                return
            times, seen.times = seen.times, 0
        self._writer.submit(self._written, said, today, times)

    def _written(self, words: str, day: date, times: int) -> None:
        try:
            self._write(words, day, times)
        except SQLAlchemyError as error:
            _LOG.error("a search without a hit could not be noted: %s", wordless(error))


def _plain(words: str) -> str:
    """A search as it is counted: small letters, single spaces.

    "" for one that is not counted: long ones tell a story, numbers and signs an address.
    """
    said = " ".join(unicodedata.normalize("NFC", words).lower().split())
    letters = all(c.isalpha() or c in " -'" for c in said)
    short = len(said) <= _LONGEST and len(said.split()) <= _WORDS
    return said if letters and short else ""
