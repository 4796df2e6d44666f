"""Whether two listings tell of one offer, and why: rules that a person can follow.

Never on contact or address alone: different services of one Träger share both.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from rapidfuzz import fuzz

from aggregator.listing import Listing
from aggregator.resolve.naming import joined, tokens

SAME_SCORE = 0.80
UNSURE_SCORE = 0.60


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
    against = _contradiction(left, right)
    if against:
        return Comparison(Judgement.DIFFERENT, 0.0, against)
    title = _title(left.title, right.title)
    reasons = [f"titles {title:.0%} alike"]
    score = 0.55 * title
    for weight, reason in _agreements(left, right):
        score += weight
        reasons.append(reason)
    score = round(max(0.0, min(1.0, score)), 3)
    if score >= SAME_SCORE and title >= 0.5:
        judgement = Judgement.SAME
    elif score >= UNSURE_SCORE:
        judgement = Judgement.UNSURE
    else:
        judgement = Judgement.DIFFERENT
    return Comparison(judgement, score, "; ".join(reasons))


def _contradiction(left: Listing, right: Listing) -> str:
    """What rules a pair out."""
    if left.city and right.city and left.city != right.city:
        return f"two towns: {left.city}, {right.city}"
    if left.valid_from and right.valid_from and left.valid_from != right.valid_from:
        return f"two dates: {left.valid_from}, {right.valid_from}"
    if left.formats and right.formats and not {*left.formats} & {*right.formats}:
        return f"two kinds of offer: {left.formats[0]}, {right.formats[0]}"
    return ""


def _agreements(left: Listing, right: Listing) -> list[tuple[float, str]]:
    """What speaks for a pair or against it, with its weight."""
    found: list[tuple[float, str]] = []
    if {*left.phones} & {*right.phones}:
        found.append((0.25, "a phone number in common"))
    elif left.phones and right.phones:
        found.append((-0.10, "other phone numbers"))
    if {*left.emails} & {*right.emails}:
        found.append((0.20, "a mail address in common"))
    if left.postcode and right.postcode:
        if left.postcode != right.postcode:
            found.append((-0.20, "other postcodes"))
        elif left.street and right.street:
            near = fuzz.ratio(joined(left.street), joined(right.street)) >= 90
            found.append((0.20, "one address") if near else (-0.15, "other streets"))
    if left.provider and right.provider:
        alike = fuzz.token_set_ratio(
            " ".join(tokens(left.provider)), " ".join(tokens(right.provider))
        )
        found.append((0.15, "one provider") if alike >= 85 else (-0.10, "other providers"))
    if left.topics and right.topics and left.topics[0] != right.topics[0]:
        common = {*left.topics} & {*right.topics}
        found.append((-0.03, "other main topics") if common else (-0.12, "no topic in common"))
    if left.hours_osm and right.hours_osm:
        same = left.hours_osm == right.hours_osm
        found.append((0.08, "the same hours") if same else (-0.03, "other hours"))
    return found


def _title(left: str, right: str) -> float:
    """How alike two titles are, 0 to 1, whatever the order and the gaps of their words."""
    a, b = tokens(left), tokens(right)
    if not a or not b:  # nothing but weak words: only the very same title counts
        return 1.0 if joined(left) == joined(right) and left.lower() == right.lower() else 0.4
    ordered = fuzz.token_sort_ratio(" ".join(a), " ".join(b))
    contained = fuzz.token_set_ratio(" ".join(a), " ".join(b)) * 0.9
    letters = fuzz.ratio(joined(left), joined(right))
    return max(ordered, contained, letters) / 100
