"""Whether two listings tell of one offer, and why: rules that a person can follow.

Two questions are asked. Is it the same place to turn to (phone, mail, address, provider)? And is
it the same service there (title, topic, kind, hours)? Both must be answered: different services of
one Träger share phone and address, and equal names are found in every town.
"""

from __future__ import annotations

from collections.abc import Sequence
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
_LITTLE_SERVICE = 0.0
"""Points below which two listings name two services."""

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
    if against := _contradiction(left, right):
        return _excluded(against)
    here = contact.evidence(left, right)
    if _elsewhere(here):
        return Comparison(Judgement.DIFFERENT, min(_score(_points(here)), _NO), tuple(here))
    return _weighed(left, right, here, *_service(left, right))


def judge_unless_different(left: Profile, right: Profile) -> Comparison | None:
    """The same; None where they are different, without looking for all that speaks against it."""
    if _contradiction(left, right):
        return None
    titles, beside = _service(left, right)
    if _ruled_out(titles) or _ruled_out(beside) or _points((*titles, *beside)) < _LITTLE_SERVICE:
        return None
    here = contact.evidence(left, right)
    if _elsewhere(here):
        return None
    found = _weighed(left, right, here, titles, beside)
    return None if found.judgement is Judgement.DIFFERENT else found


def are_apart(left: Profile, right: Profile) -> bool:
    """Say whether something rules it out that a third listing makes these one."""
    return contact.two_places(left, right) or judge(left, right).excluded


_Told = Sequence[Evidence]


def _contradiction(left: Profile, right: Profile) -> str:
    if left.source == right.source:
        return "one source lists an offer once"
    return contact.contradiction(left, right) or service.contradiction(left, right)


def _service(left: Profile, right: Profile) -> tuple[_Told, _Told]:
    """What the titles say of the service, and what all else does."""
    titles = wording.titles(left, right, one_address=contact.at_one_address(left, right))
    return titles, service.evidence(left, right)


def _elsewhere(here: _Told) -> bool:
    """Say whether these are two places to turn to, whatever the titles say."""
    return _points(here) < contact.LITTLE and not contact.is_doubtful(here)


def _ruled_out(what: _Told) -> bool:
    return min([one.points for one in what], default=0.0) <= _TWO_SERVICES


def _weighed(
    left: Profile, right: Profile, here: list[Evidence], titles: _Told, beside: _Told
) -> Comparison:
    """Judge by the evidence for one place and for one service."""
    place, what = _points(here), (*titles, *beside)
    matter = _points(what)
    likeness = max([one.points for one in titles], default=0.0)
    named = (
        contact.by_name(left, right, here, one_title=likeness >= wording.ONE)
        if matter >= _LEAST
        else None
    )
    if named:
        here.append(named)
        place += named.points
    score = _score(place + matter)
    away = place < contact.LITTLE and not (matter > _LEAST and contact.is_doubtful(here))
    ruled_out = _ruled_out(what)
    if away or ruled_out or matter < _LITTLE_SERVICE:
        judgement, score = Judgement.DIFFERENT, min(score, _NO)
    elif likeness <= wording.UNLIKE or place < _LEAST or matter < _LEAST:
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


def _points(told: _Told) -> float:
    points = 0.0
    for one in told:
        points += one.points
    return points
