"""Resolving: listings to offers, touching only the neighbourhood of what changed.

Listings of different sources that share a blocking key are compared; judgements are edges of a
graph, and `clustering` makes offers of its components. An offer has the id of its oldest listing,
so that a merge keeps the older id and a split gives the other one back. What comes out depends on
the listings and on what persons judged, not on the order of runs: `rebuild` finds the same.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field

from sqlalchemy import delete, insert
from sqlmodel import Session, col, func, or_, select

from aggregator import flat
from aggregator.directory import enter_all
from aggregator.identity import EDITORIAL, offer_id
from aggregator.listing import StoredListing
from aggregator.log import ChangeLog
from aggregator.resolve import judgements, parts
from aggregator.resolve.blocking import TOWN, is_addressed, keys, largest
from aggregator.resolve.bulk import exclusions, judged, without_collecting
from aggregator.resolve.candidates import Blocks
from aggregator.resolve.clustering import Edge, clusters
from aggregator.resolve.comparison import Comparison, Judgement, judge
from aggregator.resolve.judgements import RULES, Decision, Pair
from aggregator.resolve.merging import merge
from aggregator.resolve.profile import Profile, profile
from aggregator.resolve.voice import Voice, voice_of
from aggregator.store.binding import bindable
from aggregator.store.tables import (
    BlockRow,
    JudgementRow,
    ListingRow,
    OfferRow,
    ResolutionRow,
    SourceRow,
    StatementRow,
    Subject,
)


def resolve(session: Session, touched: Iterable[str], changes: ChangeLog) -> None:
    """Bring the offers of these listings, and of those they concern, up to date.

    Must run inside a publishing transaction. Where the record was resolved by other rules than
    today's, all of it is resolved anew. Judgements of persons are never touched.
    """
    session.flush()
    if session.get(ResolutionRow, RULES) is None:
        rebuild(session, changes)
        return
    _Resolver(session, changes).resolve(sorted(set(touched)))


def rebuild(session: Session, changes: ChangeLog) -> None:
    """Resolve all listings anew, as if they had all just come."""
    session.flush()
    _Resolver(session, changes).rebuild()
    session.execute(delete(ResolutionRow))
    session.add(ResolutionRow(rules=RULES, resolved_at=changes.at))
    session.flush()


def decide(session: Session, decision: Decision, changes: ChangeLog) -> JudgementRow:
    """Take a person's judgement, and publish what follows from it.

    Raises JudgementError for what cannot be judged.
    """
    row = judgements.record(session, decision, changes.at)
    follow(session, {row.left_id, row.right_id}, changes)
    return row


def take_back(session: Session, left: str, right: str, by: str, changes: ChangeLog) -> JudgementRow:
    """Undo the latest judgement of a person on a pair, and publish what follows.

    Raises JudgementError where there is none.
    """
    row = judgements.undo(session, left, right, by, changes.at)
    follow(session, {left, right}, changes)
    return row


def follow(session: Session, ids: Iterable[str], changes: ChangeLog) -> None:
    """Publish what follows from judgements about these listings, providers and places."""
    ids = set(ids)
    listings = {one for one in ids if session.get(ListingRow, one) is not None}
    moved = parts.decided(session, ids - listings)
    resolve(session, listings | set(_naming(session, moved)), changes)


def _naming(session: Session, part_ids: Iterable[str]) -> Iterator[str]:
    """The listings that name one of these providers or places."""
    for chunk in bindable(sorted(part_ids), times=2):
        yield from session.exec(
            select(ListingRow.id).where(
                or_(
                    col(ListingRow.organization_part).in_(chunk),
                    col(ListingRow.location_part).in_(chunk),
                )
            )
        )


@dataclass(slots=True)
class _Resolver:
    session: Session
    changes: ChangeLog
    profiles: dict[str, Profile] = field(default_factory=dict)
    edges: dict[str, dict[str, JudgementRow]] = field(default_factory=dict)
    """What counts of each pair, by either id; filled as components are walked."""
    editorial: dict[str, list[str]] = field(default_factory=dict)
    """What editors state of a listing, by its id; filled likewise."""
    written: dict[str, dict[str, object]] = field(default_factory=dict)
    """Documents of offers that the directory does not follow yet."""

    def resolve(self, touched: list[str]) -> None:
        affected = set(touched)
        for pair, row in judgements.standing(self.session, touched).items():
            if row.verdict == Judgement.SAME:
                affected.update(pair)
        anew = sorted({*touched, *self._keep_keys(touched)})
        judgements.note(self.session, self._judged(self._pairs(anew)), anew, self.changes.at)
        moved = self._keep_parts(touched)
        affected |= {*anew, *_naming(self.session, moved)}
        self._settle_all(affected)

    def rebuild(self) -> None:
        rows = [row for row in self.session.exec(select(ListingRow)) if row.flat]
        order = [row.id for row in rows]
        profiles = [self._profile(row) for row in rows]
        blocks = Blocks()
        blocks.add(profiles)
        with without_collecting():
            found = {
                judgements.pair_of(left.id, right.id): comparison
                for left, right, comparison in judged(profiles, blocks)
            }
        every = list(self.session.exec(select(ListingRow.id)))
        judgements.note(self.session, found, every, self.changes.at)
        self.session.execute(delete(BlockRow))
        told = [
            {"key": key, "listing_id": one} for one in order for key in keys(self.profiles[one])
        ]
        if told:
            self.session.execute(insert(BlockRow), told)
        self._keep_parts(order)
        self._settle_all(order)

    # Comparing ----------------------------------------------------------------------------------

    def _keep_keys(self, touched: list[str]) -> set[str]:
        """Write the blocking keys of listings.

        Returns the members of blocks that became too large or stopped to be: their pairs are
        others now.
        """
        session = self.session
        before: defaultdict[str, set[str]] = defaultdict(set)
        for chunk in bindable(touched):
            query = select(BlockRow).where(col(BlockRow.listing_id).in_(chunk))
            for block in session.exec(query):
                before[block.listing_id].add(block.key)
        change: defaultdict[str, int] = defaultdict(int)
        for one in touched:
            row = self._row(one)
            after = keys(self._profile(row)) if row.flat else set()
            for key in before[one] - after:
                session.execute(
                    delete(BlockRow).where(
                        col(BlockRow.key) == key, col(BlockRow.listing_id) == one
                    )
                )
                change[key] -= 1
            for key in sorted(after - before[one]):
                session.add(BlockRow(key=key, listing_id=one))
                change[key] += 1
        session.flush()
        turned = [
            key
            for key, size in self._sizes(change).items()
            if (size <= largest(key)) != (size - change[key] <= largest(key))
        ]
        return {one for members in self._members(turned).values() for one in members}

    def _pairs(self, ids: Sequence[str]) -> set[Pair]:
        """Pairs of one of these with a listing of another source that shares a key."""
        held: defaultdict[str, list[str]] = defaultdict(list)
        for chunk in bindable(ids):
            for row in self.session.exec(
                select(BlockRow).where(col(BlockRow.listing_id).in_(chunk))
            ):
                held[row.key].append(row.listing_id)
        small = [key for key, size in self._sizes(held).items() if 1 < size <= largest(key)]
        members = self._members(small)
        sources = self._sources_of({one for group in members.values() for one in group})
        return {
            judgements.pair_of(one, other)
            for key in small
            for one in held[key]
            for other in members[key]
            if sources[one] != sources[other]
            and not (
                key.startswith(TOWN)
                and is_addressed(self._known(one))
                and is_addressed(self._known(other))
            )
        }

    def _sizes(self, wanted: Iterable[str]) -> dict[str, int]:
        found: dict[str, int] = dict.fromkeys(wanted, 0)
        for chunk in bindable(sorted(found)):
            query = (
                select(BlockRow.key, func.count())
                .where(col(BlockRow.key).in_(chunk))
                .group_by(col(BlockRow.key))
            )
            found |= dict(self.session.exec(query).all())
        return found

    def _members(self, wanted: Sequence[str]) -> dict[str, list[str]]:
        found: dict[str, list[str]] = {key: [] for key in wanted}
        for chunk in bindable(wanted):
            for row in self.session.exec(select(BlockRow).where(col(BlockRow.key).in_(chunk))):
                found[row.key].append(row.listing_id)
        return found

    def _sources_of(self, ids: Iterable[str]) -> dict[str, str]:
        found: dict[str, str] = {}
        for chunk in bindable(sorted(ids)):
            query = select(ListingRow.id, ListingRow.source_id).where(col(ListingRow.id).in_(chunk))
            found |= dict(self.session.exec(query).all())
        return found

    def _judged(self, pairs: Iterable[Pair]) -> dict[Pair, Comparison]:
        found: dict[Pair, Comparison] = {}
        for left, right in pairs:
            comparison = judge(self._known(left), self._known(right))
            if comparison.judgement is not Judgement.DIFFERENT:
                found[left, right] = comparison
        return found

    def _known(self, listing_id: str) -> Profile:
        return self.profiles.get(listing_id) or self._profile(self._row(listing_id))

    def _profile(self, row: ListingRow) -> Profile:
        found = self.profiles[row.id] = profile(StoredListing.model_validate(row.flat))
        return found

    # Settling -----------------------------------------------------------------------------------

    def _keep_parts(self, ids: Sequence[str]) -> set[str]:
        rows = [self._row(one) for one in ids]
        listings = {row.id: StoredListing.model_validate(row.flat) for row in rows if row.flat}
        return parts.keep_parts(self.session, rows, listings)

    def _settle_all(self, affected: Iterable[str]) -> None:
        done: set[str] = set()
        for chunk in bindable(sorted(affected)):
            held = self._held(chunk)  # what the session holds is not asked for once more
            self._learn(chunk)
            for listing_id in chunk:
                if listing_id in done or not self._is_told(listing_id):
                    continue
                component = self._component(listing_id)
                done |= component
                for cluster in self._clusters(component):
                    self._settle(cluster)
            enter_all(self.session, self.written)
            self.written.clear()
            del held

    def _held(self, ids: Sequence[str]) -> tuple[Sequence[ListingRow], Sequence[OfferRow]]:
        own = [offer_id(one) for one in ids]
        listings = self.session.exec(select(ListingRow).where(col(ListingRow.id).in_(ids)))
        offers = self.session.exec(select(OfferRow).where(col(OfferRow.id).in_(own)))
        return listings.all(), offers.all()

    def _learn(self, ids: Iterable[str]) -> None:
        """Ask what counts of the pairs of these listings, and what editors state of them."""
        unknown = {*ids} - self.edges.keys()
        for one in unknown:
            self.edges[one], self.editorial[one] = {}, []
        for pair, row in judgements.standing(self.session, unknown).items():
            for one, other in (pair, pair[::-1]):
                if one in unknown:
                    self.edges[one][other] = row
        for chunk in bindable(sorted(unknown)):
            query = (
                select(StatementRow.subject_id, StatementRow.field)
                .where(
                    col(StatementRow.subject_id).in_(chunk),
                    StatementRow.source_id == EDITORIAL,
                    col(StatementRow.last_seen).is_(None),
                )
                .distinct()
            )
            for one, name in self.session.exec(query):
                self.editorial[one].append(name)

    def _clusters(self, component: set[str]) -> list[frozenset[str]]:
        if len(component) == 1:
            return [frozenset(component)]
        told = [
            row
            for left in sorted(component)
            for right, row in sorted(self.edges[left].items())
            if left < right and right in component and row.verdict != Judgement.UNSURE
        ]
        edges = [
            Edge(
                row.left_id,
                row.right_id,
                row.score,
                row.verdict == Judgement.SAME,
                judgements.is_persons(row),
            )
            for row in told
        ]
        edges += exclusions(component, lambda a, b: b in self.edges[a], self._known)
        return clusters(component, edges, {one: self._row(one).source_id for one in component})

    def _settle(self, members: frozenset[str]) -> None:
        """Make one offer of these listings; redirect the ids that it takes in."""
        rows = [self._row(one) for one in sorted(members)]
        oldest = min(rows, key=lambda row: (row.first_seen, row.id))
        kept = offer_id(oldest.id)
        for row in rows:
            row.offer_id = kept
            self._redirect(self.session.get_one(OfferRow, offer_id(row.id)), kept)
        offer = merge(kept, [self._voice(row) for row in rows])
        offer.organization_id, offer.location_id = parts.published_ids(self.session, offer)
        self._write(self.session.get_one(OfferRow, kept), offer.model_dump(mode="json"))

    def _voice(self, row: ListingRow) -> Voice:
        source = self.session.get_one(SourceRow, row.source_id)
        return voice_of(row, source, self.editorial[row.id])

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
        self.written[offer.id] = document

    def _component(self, start: str) -> set[str]:
        """All listings that "same" edges connect with `start`."""
        members, waiting = {start}, {start}
        while waiting:
            self._learn(waiting)
            linked = {
                other
                for one in waiting
                for other, row in self.edges[one].items()
                if row.verdict == Judgement.SAME
            }
            waiting = {one for one in linked - members if self._is_told(one)}
            members |= waiting
        return members

    def _is_told(self, listing_id: str) -> bool:
        """Say whether there is such a listing: a judgement may be older than what it is about."""
        row = self.session.get(ListingRow, listing_id)
        return row is not None and bool(row.flat)

    def _row(self, listing_id: str) -> ListingRow:
        return self.session.get_one(ListingRow, listing_id)
