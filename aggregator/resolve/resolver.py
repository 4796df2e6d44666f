"""Resolving: listings to offers, touching only the neighbourhood of what changed.

Listings of different sources that share a blocking key are compared; judgements are edges of a
graph, and `clustering` makes offers of its components. An offer has the id of its oldest listing,
so that a merge keeps the older id and a split gives the other one back.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import combinations

from sqlalchemy import ColumnElement, delete
from sqlmodel import Session, col, or_, select

from aggregator import flat
from aggregator.identity import EDITORIAL, offer_id
from aggregator.listing import Listing
from aggregator.log import ChangeLog
from aggregator.resolve.blocking import keys
from aggregator.resolve.clustering import Edge, clusters
from aggregator.resolve.comparison import Judgement, compare
from aggregator.resolve.merging import merge
from aggregator.resolve.voice import Voice, voice_of
from aggregator.store.tables import (
    BlockRow,
    JudgementRow,
    ListingRow,
    OfferRow,
    SourceRow,
    StatementRow,
    Subject,
)

RULES = "rules@2"
"""Who judges when no person did."""


def resolve(session: Session, touched: Iterable[str], changes: ChangeLog) -> None:
    """Bring the offers of these listings, and of those they concern, up to date.

    Must run inside a publishing transaction. Judgements of persons are never touched.
    """
    session.flush()
    _Resolver(session, changes).resolve(sorted(set(touched)))


@dataclass(slots=True)
class _Resolver:
    session: Session
    changes: ChangeLog

    def resolve(self, touched: list[str]) -> None:
        affected = set(touched)
        for listing_id in touched:
            affected |= self._linked(listing_id)
            self._judge(self._listing(listing_id))
        for listing_id in touched:
            affected |= self._linked(listing_id)
        done: set[str] = set()
        for listing_id in sorted(affected):
            if listing_id in done:
                continue
            component = self._component(listing_id)
            done |= component
            for cluster in self._clusters(component):
                self._settle(cluster)

    def _judge(self, row: ListingRow) -> None:
        """Forget what the rules thought of a listing, and compare it anew."""
        session, listing = self.session, Listing.model_validate(row.flat)
        session.execute(delete(BlockRow).where(col(BlockRow.listing_id) == row.id))
        session.execute(
            delete(JudgementRow).where(_touches(row.id), col(JudgementRow.judge) == RULES)
        )
        own = sorted(keys(listing))
        session.add_all(BlockRow(key=key, listing_id=row.id) for key in own)
        decided = {edge.left_id for edge in self._edges(row.id)}
        decided |= {edge.right_id for edge in self._edges(row.id)}
        for other in self._candidates(row, own):
            if other.id in decided:
                continue
            comparison = compare(listing, Listing.model_validate(other.flat))
            if comparison.judgement is Judgement.DIFFERENT:
                continue
            left, right = sorted((row.id, other.id))
            session.add(
                JudgementRow(
                    left_id=left,
                    right_id=right,
                    verdict=comparison.judgement,
                    score=comparison.score,
                    reason=comparison.reason,
                    judge=RULES,
                    judged_at=self.changes.at,
                )
            )
        session.flush()

    def _candidates(self, row: ListingRow, own: list[str]) -> list[ListingRow]:
        """Listings of other sources that share a key with this one."""
        self.session.flush()
        query = (
            select(ListingRow)
            .join(BlockRow, col(BlockRow.listing_id) == col(ListingRow.id))
            .where(col(BlockRow.key).in_(own), ListingRow.source_id != row.source_id)
            .distinct()
        )
        return sorted(self.session.exec(query), key=lambda other: other.id)

    def _clusters(self, component: set[str]) -> list[frozenset[str]]:
        edges = [
            Edge(edge.left_id, edge.right_id, edge.score, edge.verdict == Judgement.SAME)
            for edge in self._edges(*sorted(component))
            if edge.verdict != Judgement.UNSURE and {edge.left_id, edge.right_id} <= component
        ]
        edges += self._contradictions(component, edges)
        return clusters(component, edges, {one: self._listing(one).source_id for one in component})

    def _contradictions(self, component: set[str], judged: list[Edge]) -> Iterator[Edge]:
        """Pairs that only a third listing brought together, and that cannot be the same."""
        known = {frozenset((edge.left, edge.right)) for edge in judged}
        for left, right in combinations(sorted(component), 2):
            if frozenset((left, right)) in known:
                continue
            comparison = compare(self._document(left), self._document(right))
            if comparison.excluded:
                yield Edge(left, right, 0.0, same=False)

    def _settle(self, members: frozenset[str]) -> None:
        """Make one offer of these listings; redirect the ids that it takes in."""
        rows = [self._listing(one) for one in sorted(members)]
        oldest = min(rows, key=lambda row: (row.first_seen, row.id))
        kept = offer_id(oldest.id)
        for row in rows:
            row.offer_id = kept
            self._redirect(self.session.get_one(OfferRow, offer_id(row.id)), kept)
        document = merge(kept, [self._voice(row) for row in rows]).model_dump(mode="json")
        self._write(self.session.get_one(OfferRow, kept), document)

    def _voice(self, row: ListingRow) -> Voice:
        query = (
            select(StatementRow.field)
            .where(
                StatementRow.subject_id == row.id,
                StatementRow.source_id == EDITORIAL,
                col(StatementRow.last_seen).is_(None),
            )
            .distinct()
        )
        source = self.session.get_one(SourceRow, row.source_id)
        return voice_of(row, source, self.session.exec(query))

    def _redirect(self, own: OfferRow, kept: str) -> None:
        into = None if own.id == kept else kept
        if own.merged_into == into:
            return
        if into:
            self.changes.merged(own.id, into)
        else:
            self.changes.added(Subject.OFFER, own.id)
        own.merged_into, own.changed_at = into, self.changes.at

    def _write(self, offer: OfferRow, document: dict[str, object]) -> None:
        digest = flat.digest(document)
        if digest == offer.digest:
            return
        self.changes.written(Subject.OFFER, offer.id, offer.flat, document)
        offer.flat, offer.digest, offer.changed_at = document, digest, self.changes.at

    def _component(self, start: str) -> set[str]:
        """All listings that "same" edges connect with `start`."""
        members, waiting = {start}, [start]
        while waiting:
            for other in self._linked(waiting.pop()) - members:
                members.add(other)
                waiting.append(other)
        return members

    def _linked(self, listing_id: str) -> set[str]:
        edges = [e for e in self._edges(listing_id) if e.verdict == Judgement.SAME]
        return {e.left_id if e.right_id == listing_id else e.right_id for e in edges}

    def _edges(self, *listing_ids: str) -> list[JudgementRow]:
        return list(self.session.exec(select(JudgementRow).where(_touches(*listing_ids))))

    def _document(self, listing_id: str) -> Listing:
        return Listing.model_validate(self._listing(listing_id).flat)

    def _listing(self, listing_id: str) -> ListingRow:
        return self.session.get_one(ListingRow, listing_id)


def _touches(*listing_ids: str) -> ColumnElement[bool]:
    return or_(
        col(JudgementRow.left_id).in_(listing_ids), col(JudgementRow.right_id).in_(listing_ids)
    )
