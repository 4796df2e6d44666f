"""Whether two listings tell of one offer, and why: rules that a person can follow.

Two questions are asked. Is it the same place to turn to (phone, mail, address, provider)? And is
it the same service there (title, topic, kind, hours)? Both must be answered: different services of
one Träger share phone and address, and equal names are found in every town.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum

from aggregator.listing import Listing
from aggregator.resolve import contact, service, wording
from aggregator.resolve.evidence import Evidence
from aggregator.resolve.profile import Profile, profile

SAME_SCORE = 0.80
UNSURE_SCORE = 0.30

_EVEN = 6.0
"""Points at which a pair is as likely one offer as two."""
_LEAST = 3.0
"""Points that each of the two questions needs for a judgement without a person."""
_LITTLE_PLACE, _LITTLE_SERVICE = 0.5, 0.0
"""Points below which a question is answered with no."""


_TWO_SERVICES = -5.0
"""Points of evidence that says by itself that these are two services of one place."""


class Judgement(StrEnum):
    """What is thought of a pair."""

    SAME = "same"
    DIFFERENT = "different"
    UNSURE = "unsure"


@dataclass(frozen=True, slots=True)
class Comparison:
    """A judgement with its score (0 to 1) and what speaks for and against it."""

    judgement: Judgement
    score: float
    evidence: tuple[Evidence, ...]
    excluded: bool = False
    """Something rules it out that these are one, and that a third makes them one: two dates, two
    towns, one source, two subjects."""

    @property
    def reason(self) -> str:
        """The evidence in words, strongest first, each with its points."""
        if self.excluded and len(self.evidence) == 1:
            return self.evidence[0].reason
        ordered = sorted(self.evidence, key=lambda one: (-abs(one.points), one.reason))
        told = "; ".join(f"{one.reason} ({one.points:+g})" for one in ordered)
        return told or "nothing in common"


def compare(left: Listing, right: Listing) -> Comparison:
    """Judge a pair. Symmetric; a missing value is neither for nor against."""
    return judge(profile(left), profile(right))


def judge(left: Profile, right: Profile) -> Comparison:
    """Judge a pair of listings that were read before."""
    if left.source == right.source:
        return _excluded("one source lists an offer once")
    against = contact.contradiction(left, right) or service.contradiction(left, right)
    if against:
        return _excluded(against)
    here = contact.evidence(left, right)
    place = _points(here)
    if place < _LITTLE_PLACE and not contact.may_have_moved(here):  # whatever the titles say
        return Comparison(Judgement.DIFFERENT, min(_score(place), _NO), tuple(here))
    one_address = any(one.reason == contact.ONE_ADDRESS for one in here)
    titles = [*wording.titles(left, right, one_address=one_address)]
    what = [*titles, *service.evidence(left, right)]
    matter = _points(what)
    likeness = max((one.points for one in titles), default=0.0)
    named = (
        contact.by_name(left, right, here, one_title=likeness >= wording.ONE)
        if matter >= _LEAST
        else None
    )
    if named:
        here.append(named)
        place += named.points
    unlike = likeness <= wording.UNLIKE
    score = _score(place + matter)
    away = place < _LITTLE_PLACE and not (matter > _LEAST and contact.may_have_moved(here))
    ruled_out = min((one.points for one in what), default=0.0) <= _TWO_SERVICES
    if away or ruled_out or matter < _LITTLE_SERVICE:
        judgement, score = Judgement.DIFFERENT, min(score, _NO)
    elif unlike or place < _LEAST or matter < _LEAST:
        score = min(score, SAME_SCORE - 0.01)
        judgement = Judgement.UNSURE if score >= UNSURE_SCORE else Judgement.DIFFERENT
    elif score >= SAME_SCORE:
        judgement = Judgement.SAME
    else:
        judgement = Judgement.UNSURE if score >= UNSURE_SCORE else Judgement.DIFFERENT
    return Comparison(judgement, score, (*here, *what), excluded=ruled_out)


_NO = UNSURE_SCORE - 0.01


def _excluded(reason: str) -> Comparison:
    return Comparison(Judgement.DIFFERENT, 0.0, (Evidence(0.0, reason),), excluded=True)


def _score(points: float) -> float:
    return float(round(1 / (1 + 2 ** (_EVEN - points)), 3))


def _points(evidence: Iterable[Evidence]) -> float:
    return sum(one.points for one in evidence)
