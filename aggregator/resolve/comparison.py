"""Whether two listings tell of one offer, and why: rules that a person can follow.

Two questions are asked. Is it the same place to turn to (phone, mail, address, provider)? And is
it the same service there (title, topic, kind, hours)? Both must be answered: different services of
one Träger share phone and address, and equal names are found in every town.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum
from itertools import chain

from aggregator.listing import Listing
from aggregator.resolve import contact, service, wording
from aggregator.resolve.evidence import Evidence

SAME_SCORE = 0.80
UNSURE_SCORE = 0.30

_EVEN = 6.0
"""Points at which a pair is as likely one offer as two."""
_LEAST = 3.0
"""Points that each of the two questions needs for a judgement without a person."""
_LITTLE_PLACE, _LITTLE_SERVICE = 0.5, 0.0
"""Points below which a question is answered with no."""


class Judgement(StrEnum):
    """What is thought of a pair."""

    SAME = "same"
    DIFFERENT = "different"
    UNSURE = "unsure"


@dataclass(frozen=True, slots=True)
class Comparison:
    """A judgement with its score (0 to 1) and the reasons, strongest first."""

    judgement: Judgement
    score: float
    reason: str


def compare(left: Listing, right: Listing) -> Comparison:
    """Judge a pair. Symmetric; a missing value is neither for nor against."""
    if left.source == right.source:
        return Comparison(Judgement.DIFFERENT, 0.0, "one source lists an offer once")
    against = contact.contradiction(left, right) or service.contradiction(left, right)
    if against:
        return Comparison(Judgement.DIFFERENT, 0.0, against)
    here = contact.evidence(left, right)
    one_address = any(one.reason == contact.ONE_ADDRESS for one in here)
    titles = [*wording.titles(left, right, one_address=one_address)]
    what = [*titles, *service.evidence(left, right)]
    unlike = max((one.points for one in titles), default=0.0) <= wording.UNLIKE
    place, matter = _points(here), _points(what)
    score = round(1 / (1 + 2 ** (_EVEN - place - matter)), 3)
    if place < _LITTLE_PLACE or matter < _LITTLE_SERVICE:
        judgement, score = Judgement.DIFFERENT, min(score, UNSURE_SCORE - 0.01)
    elif unlike or place < _LEAST or matter < _LEAST:
        score = min(score, SAME_SCORE - 0.01)
        judgement = Judgement.UNSURE if score >= UNSURE_SCORE else Judgement.DIFFERENT
    elif score >= SAME_SCORE:
        judgement = Judgement.SAME
    else:
        judgement = Judgement.UNSURE if score >= UNSURE_SCORE else Judgement.DIFFERENT
    return Comparison(judgement, score, _reason(chain(here, what)))


def _points(evidence: Iterable[Evidence]) -> float:
    return sum(one.points for one in evidence)


def _reason(evidence: Iterable[Evidence]) -> str:
    ordered = sorted(evidence, key=lambda one: (-abs(one.points), one.reason))
    return "; ".join(f"{one.reason} ({one.points:+g})" for one in ordered) or "nothing in common"
