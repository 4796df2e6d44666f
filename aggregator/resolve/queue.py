"""The review queue: pairs that a person should judge, the most useful answer first."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable

from pydantic import BaseModel
from sqlmodel import Session, col, select

from aggregator.listing import Listing, Status
from aggregator.published import listing_of
from aggregator.resolve.comparison import SAME_SCORE, Judgement
from aggregator.resolve.judgements import is_persons
from aggregator.store.tables import JudgementRow, Level, ListingRow, Presence

_CHUNK = 400
_HARM = 2.0
"""How much worse two offers in one are than one offer told twice: the second is not found."""
_SURE = 0.9
"""Automatic merges below this score are asked about as well."""
_SETTLED = 0.1  # for each further open pair of the same two offers, that the answer settles too
_UNUSABLE = 0.3  # of the worth, where an offer cannot be used now


class Question(BaseModel):
    """A pair of listings to judge."""

    left: Listing
    right: Listing
    score: float
    reason: str
    merged: bool
    """The rules made them one already, but barely; otherwise they are two until someone judges."""
    gain: float
    """What an answer is expected to improve: its probability to change the index, times how many
    listings it moves."""
    also: int = 0
    """Further open pairs of the same two offers."""


def review_queue(session: Session) -> list[Question]:
    """All open questions, the best first.

    Of several pairs between the same two offers only the likeliest is asked. Pairs that a person
    has judged, "unsure" included, are not asked again, nor those of which one is no longer listed.
    """
    edges = _open_edges(session)
    rows = _rows(session, {one for row in edges for one in (row.left_id, row.right_id)})
    sizes = Counter(row.offer_id for row in rows.values() if row.presence is Presence.PRESENT)
    asked: defaultdict[tuple[str, str], list[JudgementRow]] = defaultdict(list)
    for edge in edges:
        left, right = rows.get(edge.left_id), rows.get(edge.right_id)
        if left is None or right is None:
            continue
        first, second = sorted((left.offer_id, right.offer_id))
        if (first == second) == (edge.verdict == Judgement.SAME):
            asked[first, second if first != second else edge.left_id].append(edge)
    questions = []
    for group in asked.values():
        best = max(group, key=lambda edge: (edge.score, edge.left_id, edge.right_id))
        left, right = rows[best.left_id], rows[best.right_id]
        questions.append(_question(best, left, right, sizes, len(group) - 1))
    return sorted(questions, key=lambda one: (-one.gain, one.left.id, one.right.id))


def waiting(session: Session) -> int:
    """How many questions are open."""
    return len(review_queue(session))


def _question(
    edge: JudgementRow, left: ListingRow, right: ListingRow, sizes: Counter[str], also: int
) -> Question:
    merged = edge.verdict == Judgement.SAME
    moved = max(1, min(sizes[left.offer_id], sizes[right.offer_id]))
    worth = (1 - edge.score) * _HARM if merged else edge.score * moved
    shown = listing_of(left), listing_of(right)
    if any(one.status not in {Status.ACTIVE, Status.TEMPORARILY_CLOSED} for one in shown):
        worth *= _UNUSABLE
    return Question(
        left=shown[0],
        right=shown[1],
        score=edge.score,
        reason=edge.reason,
        merged=merged,
        gain=round(worth + _SETTLED * also, 3),
        also=also,
    )


def _open_edges(session: Session) -> list[JudgementRow]:
    standing = session.exec(
        select(JudgementRow).where(
            JudgementRow.level == Level.SERVICE, col(JudgementRow.undone_at).is_(None)
        )
    ).all()
    decided = {(row.left_id, row.right_id) for row in standing if is_persons(row)}
    return [
        row
        for row in standing
        if (row.left_id, row.right_id) not in decided
        and (row.verdict == Judgement.UNSURE or SAME_SCORE <= row.score < _SURE)
    ]


def _rows(session: Session, ids: Iterable[str]) -> dict[str, ListingRow]:
    """The listings of these ids that are still listed."""
    wanted = sorted(ids)
    found: dict[str, ListingRow] = {}
    for start in range(0, len(wanted), _CHUNK):
        query = select(ListingRow).where(
            col(ListingRow.id).in_(wanted[start : start + _CHUNK]),
            ListingRow.presence == Presence.PRESENT,
        )
        found |= {row.id: row for row in session.exec(query) if row.flat}
    return found
