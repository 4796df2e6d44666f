"""What the process that fetches and those that read say to each other, over pipes.

A module of its own, so that fetching does not load what reading takes.
"""

from __future__ import annotations

import pickle
import struct
from dataclasses import dataclass
from typing import BinaryIO

from crawlers.adapters.base import PageRequest
from crawlers.failure import Failure
from crawlers.page import Page
from crawlers.reservation import Reservation, Rule

LENGTH = struct.Struct("!I")


@dataclass(frozen=True, slots=True)
class ToRead:
    """A page to read: how many links it is from a start page, the rules of its host's rights file.

    `imprint` asks for the address of the imprint that it links. `aside` is true for the imprint
    itself: it is read for whose site it is alone.
    """

    page: Page
    depth: int = 0
    rules: tuple[Rule, ...] = ()
    imprint: bool = True
    aside: bool = False


@dataclass(frozen=True, slots=True)
class ToJoin:
    """The crawl is over: join the records, or none where the site does not want it."""

    keep: bool


@dataclass(frozen=True, slots=True)
class WasRead:
    """What a page turned out to be. Its records are in the run folder."""

    failure: Failure | None = None
    reason: str = ""
    said: Reservation | None = None
    imprint: str | None = None
    claims: tuple[tuple[str, float, tuple[PageRequest, ...]], ...] = ()
    """Of a start page: adapters that know its site, how surely, and what they ask for."""
    links: tuple[PageRequest, ...] = ()
    """Without those that a page as near to the start has told already: menus come on every page."""
    records: int = 0
    """How many of its records are of what is published; of an imprint, how many there are."""
    matched: int = 0


def receive(pipe: BinaryIO) -> ToRead | ToJoin | None:
    """The next thing asked for; None where nobody asks any more."""
    head = pipe.read(LENGTH.size)
    if len(head) < LENGTH.size:
        return None
    asked: ToRead | ToJoin = pickle.loads(pipe.read(LENGTH.unpack(head)[0]))  # noqa: S301 - ours
    return asked


def packed(message: object) -> bytes:
    """A message as it goes over a pipe."""
    body = pickle.dumps(message, pickle.HIGHEST_PROTOCOL)
    return LENGTH.pack(len(body)) + body
