"""The review queue: pairs that a person should judge, the most useful answer first."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable
from typing import Any

from pydantic import BaseModel
from sqlalchemy.orm import aliased
from sqlmodel import Session, and_, case, col, func, or_, select

from aggregator.listing import Listing, Status
from aggregator.published import listing_of
from aggregator.resolve.comparison import SAME_SCORE, Judgement
from aggregator.resolve.judgements import BY_RULES
from aggregator.store.binding import bindable
from aggregator.store.tables import JudgementRow, Level, ListingRow, Presence

_HARM = 2.0
"""How much worse two offers in one are than one offer told twice: the second is not found."""
_SURE = 0.9
"""Automatic merges below this score are asked about as well."""
_SETTLED = 0.1  # for each further open pair of the same two offers, that the answer settles too
_UNUSABLE = 0.3  # of the worth, where an offer cannot be used now

_LEFT, _RIGHT = aliased(ListingRow), aliased(ListingRow)


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
    edges = session.exec(_open(JudgementRow)).all()
    rows = _rows(session, {one for row in edges for one in (row.left_id, row.right_id)})
    sizes = Counter(row.offer_id for row in rows.values())
    asked: defaultdict[tuple[str, str], list[JudgementRow]] = defaultdict(list)
    for edge in edges:
        first, second = sorted((rows[edge.left_id].offer_id, rows[edge.right_id].offer_id))
        asked[first, second if first != second else edge.left_id].append(edge)
    questions = []
    for group in asked.values():
        best = max(group, key=lambda edge: (edge.score, edge.left_id, edge.right_id))
        left, right = rows[best.left_id], rows[best.right_id]
        questions.append(_question(best, left, right, sizes, len(group) - 1))
    return sorted(questions, key=lambda one: (-one.gain, one.left.id, one.right.id))


def waiting(session: Session) -> int:
    """How many questions are open; counted in the database, no listing is read."""
    one_offer = _LEFT.offer_id == _RIGHT.offer_id
    first = case(
        (col(_LEFT.offer_id) < col(_RIGHT.offer_id), _LEFT.offer_id), else_=_RIGHT.offer_id
    )
    second = case(
        (one_offer, JudgementRow.left_id),
        (col(_LEFT.offer_id) < col(_RIGHT.offer_id), _RIGHT.offer_id),
        else_=_LEFT.offer_id,
    )
    pairs = _open(first.label("first"), second.label("second")).distinct().subquery()
    return session.exec(select(func.count()).select_from(pairs)).one()


def _open(*what: Any) -> Any:  # noqa: ANN401 - a select of anything
    """What of the standing edges of the rules that nobody judged, and that ask something.

    Barely merged; unsure and still two; or held to be the same by the rules, and yet two, because
    one of them is as much another offer (and not because a source lists both).
    """
    persons = aliased(JudgementRow)
    mine, theirs = aliased(ListingRow), aliased(ListingRow)
    apart = col(_LEFT.offer_id) != col(_RIGHT.offer_id)
    same = col(JudgementRow.verdict) == Judgement.SAME
    both = (col(JudgementRow.left_id), col(JudgementRow.right_id))
    of_a_person = select(persons.id).where(
        persons.level == Level.SERVICE,
        col(persons.undone_at).is_(None),
        col(persons.judge).not_like(f"{BY_RULES}%"),
    )
    judged = of_a_person.where(persons.left_id == both[0], persons.right_id == both[1]).exists()
    # Whoever said which of two a listing is has answered for the other as well.
    settled = of_a_person.where(
        persons.verdict == Judgement.SAME,
        or_(col(persons.left_id).in_(both), col(persons.right_id).in_(both)),
    ).exists()
    one_source = (
        select(mine.id)
        .join(theirs, col(mine.source_id) == col(theirs.source_id))
        .where(mine.offer_id == _LEFT.offer_id, theirs.offer_id == _RIGHT.offer_id)
        .exists()
    )
    return (
        select(*what)
        .select_from(JudgementRow)
        .join(_LEFT, col(_LEFT.id) == col(JudgementRow.left_id))
        .join(_RIGHT, col(_RIGHT.id) == col(JudgementRow.right_id))
        .where(
            JudgementRow.level == Level.SERVICE,
            col(JudgementRow.undone_at).is_(None),
            col(JudgementRow.judge).startswith(BY_RULES),
            _LEFT.presence == Presence.PRESENT,
            _RIGHT.presence == Presence.PRESENT,
            or_(
                and_(same, ~apart, col(JudgementRow.score).between(SAME_SCORE, _SURE - 0.0005)),
                and_(col(JudgementRow.verdict) == Judgement.UNSURE, apart),
                and_(same, apart, ~one_source, ~settled),
            ),
            ~judged,
        )
    )


def _question(
    edge: JudgementRow, left: ListingRow, right: ListingRow, sizes: Counter[str], also: int
) -> Question:
    merged = left.offer_id == right.offer_id
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


def _rows(session: Session, ids: Iterable[str]) -> dict[str, ListingRow]:
    """The listings of these ids."""
    wanted = sorted(ids)
    found: dict[str, ListingRow] = {}
    for part in bindable(wanted):
        query = select(ListingRow).where(col(ListingRow.id).in_(part))
        found |= {row.id: row for row in session.exec(query)}
    return found
