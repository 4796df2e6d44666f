"""Which pairs can be no one offer, found for very many at once by numbers instead of words.

What is asked here is asked of a pair in the comparison again, more exactly; nothing is left out
here that the comparison would not call different (a property test says so).
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

import numpy as np
from numpy.typing import NDArray

from aggregator.resolve import contact
from aggregator.resolve.blocking import is_addressed
from aggregator.resolve.profile import Profile

Ints = NDArray[np.int32]
Bools = NDArray[np.bool_]
Floats = NDArray[np.float32]

_NONE = 0
"""The number of what is not stated."""

_BITS = 0x7FFFFFFF
(
    _SOURCE,
    _ADDRESSED,
    _SEVERAL,
    _PHONE,
    _EXCHANGE,
    _MAIL,
    _DOMAIN,
    _PAGE,
    _POSTCODE,
    _DATE,
    _TOWN,
    _STREET,
    _OFFICE,
) = range(13)


class Columns:
    """What is stated of very many listings, a number each, 52 bytes a listing.

    Equal values have equal numbers. Of phones, mail addresses, pages and postcodes two may by
    chance share one, which would only leave a pair to the comparison.
    """

    def __init__(self) -> None:
        self._sources: dict[str, int] = {}
        self._towns: dict[frozenset[str], int] = {frozenset(): _NONE}
        self._streets: dict[tuple[str, str], int] = {}
        self._offices: dict[tuple[frozenset[str], frozenset[str]], int] = {}
        self._parts: list[Ints] = []
        self._told: Ints = np.empty((0, 0), dtype=np.int32)
        self._street_of: list[tuple[str, str]] = []
        self._office_of: list[tuple[frozenset[str], frozenset[str]]] = []

    def add(self, profiles: Sequence[Profile]) -> None:
        """Take in more listings; they are numbered in the order in which they come."""
        if profiles:
            told = [self._numbered(one) for one in profiles]
            self._parts.append(np.array(told, dtype=np.int32).T)

    def close(self) -> None:
        """Say that all listings are there."""
        self._told, self._parts = np.concatenate(self._parts, axis=1), []
        self._told[_TOWN] = self._regions()[self._told[_TOWN]]
        self._street_of, self._office_of = [("", ""), *self._streets], [*self._offices]

    def _numbered(self, one: Profile) -> tuple[int, ...]:
        phone = one.phones[0] if one.phones else ""
        mail = one.emails[0] if one.emails else ""
        street, office = one.street, (one.provider, one.town)
        return (
            self._sources.setdefault(one.source, len(self._sources)),
            is_addressed(one),
            max(len(one.phones), len(one.emails), len(one.pages)) > 1,
            hash(phone) & _BITS,  # of "": 0
            hash(phone[: contact.SHORTEST_EXCHANGE]) & _BITS,
            hash(mail) & _BITS,
            hash(mail[mail.find("@") :]) & _BITS if mail else _NONE,
            hash(one.pages[0]) & _BITS if one.pages else _NONE,
            hash(one.postcode or "") & _BITS,
            one.valid_from.toordinal() if one.valid_from else _NONE,
            self._towns.setdefault(one.town, len(self._towns)),
            self._streets.setdefault(street, len(self._streets) + 1) if street else _NONE,
            self._offices.setdefault(office, len(self._offices)),
        )

    def _regions(self) -> Ints:
        """Number of a town's name to that of all names that share words with it."""
        found = list(range(len(self._towns)))
        first: dict[str, int] = {}

        def top(one: int) -> int:
            while found[one] != one:
                one = found[one]
            return one

        for name, number in self._towns.items():
            for word in name:
                low, high = sorted((top(number), top(first.setdefault(word, number))))
                found[high] = low
        return np.array([top(one) for one in found], dtype=np.int32)

    def _provider(self, left: int, right: int) -> float:
        (one, town), (other, other_town) = self._office_of[left], self._office_of[right]
        told = contact.one_provider(one, other, town | other_town) if one and other else None
        return told.points if told else 0.0

    def _address(self, left: int, right: int) -> float:
        return contact.one_street(self._street_of[left], self._street_of[right]).points

    def may_meet(self, a: Ints, b: Ints, *, by_town: Bools) -> Bools:
        """Say of pairs whether there is a reason to look at them, by the cheapest questions.

        `by_town`: whether they were brought together by a word and the name of a town.
        """
        of = self._told
        twice_known = by_town & (of[_ADDRESSED][a] != 0) & (of[_ADDRESSED][b] != 0)
        found: Bools = (of[_SOURCE][a] != of[_SOURCE][b]) & ~twice_known
        return found & ~self._differ(_DATE, a, b)

    def may_be_one(self, a: Ints, b: Ints) -> Bools:
        """Say of pairs whether they may name one place to turn to."""
        of = self._told
        two_towns = self._differ(_TOWN, a, b)
        two_codes = self._differ(_POSTCODE, a, b)
        one_code = (of[_POSTCODE][a] != _NONE) & (of[_POSTCODE][a] == of[_POSTCODE][b])
        both_codes = one_code | two_codes
        # Towns without a word in common, unless a phone may say that one is a part of the other.
        tied = self._tied(a, b)
        found: Bools = ~(two_towns & two_codes)
        found &= ~((two_towns | both_codes) & ~one_code & ~self._tied_by_any(a, b))
        found &= tied | ~two_towns | one_code
        asked = np.flatnonzero(found & ~tied)
        found[asked] = self._place(a[asked], b[asked]) >= contact.LITTLE
        return found

    def _place(self, a: Ints, b: Ints) -> Floats:
        """The most points that the comparison can give to the place of pairs that nothing ties."""
        of = self._told
        provider = self._of_pairs(_OFFICE, a, b, self._provider)
        two_codes = self._differ(_POSTCODE, a, b)
        one_code = (of[_POSTCODE][a] != _NONE) & (of[_POSTCODE][a] == of[_POSTCODE][b])
        both_streets = (of[_STREET][a] != _NONE) & (of[_STREET][b] != _NONE) & ~two_codes
        address = np.where(one_code, contact.ONE_POSTCODE.points, 0.0).astype(np.float32)
        address[two_codes] = contact.OTHER_POSTCODES_HERE.points
        address[both_streets] = contact.AT_ONE_ADDRESS.points
        # Streets are compared letter by letter: only where the most that they can say decides.
        found = self._contacts(a, b, address, provider)
        no_two_phones = ~self._differ(_PHONE, a, b)
        asked = np.flatnonzero(both_streets & ((found >= contact.LITTLE) | no_two_phones))
        address[asked] = self._of_pairs(_STREET, a[asked], b[asked], self._address)
        found[asked] = self._contacts(a[asked], b[asked], address[asked], provider[asked])
        one_house = (address >= contact.AT_ONE_ADDRESS.points) & no_two_phones
        found[one_house] = contact.LITTLE  # see `contact.is_doubtful`
        return found

    def _contacts(self, a: Ints, b: Ints, address: Floats, provider: Floats) -> Floats:
        of = self._told
        at_one = (address >= contact.AT_ONE_ADDRESS.points) & (provider >= 0)
        phone = np.where(at_one, contact.OTHER_LINE.points, contact.OTHER_PHONES.points)
        phone = np.where(of[_EXCHANGE][a] == of[_EXCHANGE][b], contact.ONE_EXCHANGE.points, phone)
        phone = np.where(self._differ(_PHONE, a, b), phone, 0.0)
        one_domain = of[_DOMAIN][a] == of[_DOMAIN][b]
        mail = np.where(one_domain, contact.ONE_DOMAIN.points, contact.OTHER_MAILS.points)
        mail = np.where(self._differ(_MAIL, a, b), mail, 0.0)
        found: Floats = (phone + mail + address + provider).astype(np.float32)
        return found

    def _differ(self, column: int, a: Ints, b: Ints) -> Bools:
        left, right = self._told[column][a], self._told[column][b]
        found: Bools = (left != right) & (left != _NONE) & (right != _NONE)
        return found

    def _tied(self, a: Ints, b: Ints) -> Bools:
        """Whether phone, mail or page agree, or one states several of a kind."""
        of = self._told
        found: Bools = (of[_SEVERAL][a] != 0) | (of[_SEVERAL][b] != 0)
        for column in (_PHONE, _MAIL, _PAGE):
            found |= (of[column][a] == of[column][b]) & (of[column][a] != _NONE)
        return found

    def _tied_by_any(self, a: Ints, b: Ints) -> Bools:
        """The same, or two lines of one exchange, or two mail addresses of one domain.

        Without any of them no provider outweighs another postcode.
        """
        of, found = self._told, self._tied(a, b)
        for column in (_EXCHANGE, _DOMAIN):
            found |= (of[column][a] == of[column][b]) & (of[column][a] != _NONE)
        return found

    def _of_pairs(
        self, column: int, a: Ints, b: Ints, points: Callable[[int, int], float]
    ) -> Floats:
        """What `points` says of each pair of values, asked once."""
        left, right = self._told[column][a].astype(np.int64), self._told[column][b]
        size = int(max(left.max(initial=0), right.max(initial=0))) + 1
        coded, back = np.unique(
            np.minimum(left, right) * size + np.maximum(left, right), return_inverse=True
        )
        told = [points(one // size, one % size) for one in coded.tolist()]
        found: Floats = np.array(told, dtype=np.float32)[back]
        return found
