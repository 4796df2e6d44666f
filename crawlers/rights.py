"""What one site says of the use of its texts, gathered while it is read."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from crawlers import reservation
from crawlers.keys import site_of
from crawlers.page import Page
from crawlers.reservation import Reservation, Rule
from crawlers.source import Source


def said_by(page: Page, rules: Sequence[Rule], *, start: bool) -> Reservation | None:
    """What a page says of text and data mining; of a start page its words count as well."""
    said = reservation.of_page(page, rules)
    return said or (reservation.of_text(page) if start else None)


def reserves(said: Reservation | None, source: Source) -> bool:
    """Whether what was said keeps us from reading: it reserves, and nobody permitted it."""
    return said is not None and said.reserved and source.permission is None


class Rights:
    """The rights that a source's site reserves; without a permission they close it.

    A start page, the rights file, robots.txt and the imprint speak for the site as a whole, any
    other page for itself.
    """

    def __init__(self, source: Source) -> None:
        self.source = source
        self._rules: dict[str, tuple[Rule, ...]] = {}
        self._said: Reservation | None = None
        self._imprints: set[str] = set()

    @property
    def closed(self) -> bool:
        """True once the site reserves mining and no permission is declared."""
        said = self._said
        return said is not None and said.reserved and self.source.permission is None

    def said(self, at: datetime) -> Reservation:
        """The gravest that was said; that nothing was, where nothing was read until `at`."""
        return self._said or Reservation(False, self.source.start[0], "", at)

    def hear(self, said: Reservation | None) -> None:
        """Keep what is said of the site as a whole, if it is graver than what was."""
        if said and (self._said is None or (said.reserved and not self._said.reserved)):
            self._said = said

    def read_file(self, body: bytes, url: str, at: datetime) -> None:
        """Take in a host's tdmrep.json."""
        rules = reservation.read_rules(body)
        self._rules[site_of(url)] = rules
        for start in self.source.start:
            if site_of(start) == site_of(url):
                self.hear(reservation.of_rules(rules, start, at))

    def read_imprint(self, page: Page) -> None:
        """Take in the words of an imprint."""
        self.hear(reservation.of_text(page))

    def imprint_to_read(self, url: str | None) -> str | None:
        """The address of the imprint that a page links, where none of its site was read yet."""
        site = site_of(url) if url else ""
        if site in self._imprints or site not in {site_of(start) for start in self.source.start}:
            return None
        self._imprints.add(site)
        return url

    def has_imprint(self, url: str) -> bool:
        """Whether the imprint of the site of a URL is known."""
        return site_of(url) in self._imprints

    def rules(self, url: str) -> tuple[Rule, ...]:
        """The rules that the host of a URL keeps in its rights file."""
        return self._rules.get(site_of(url), ())

    def refused(self, said: Reservation | None, *, start: bool) -> Reservation | None:
        """Why a page that says this may not be read; None where it may."""
        if start:
            self.hear(said)
        return said if reserves(said, self.source) else None
