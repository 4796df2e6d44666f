"""No echo: what another aggregator has from us is not taken back from it.

Two aggregators that read each other would keep alive what neither's own sites list any more. A
service that came through us carries the id of an offer of ours (ids are UUIDs and never reused), so
that nobody needs to know under which address others read us.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import replace

from sqlmodel import Session, col, select

from aggregator.harvest import Draft, Harvest
from aggregator.store.binding import bindable
from aggregator.store.tables import OfferRow


def without_echo(session: Session, harvest: Harvest) -> Harvest:
    """A harvest without the services whose every listing came through an offer of ours."""
    named = {ident for draft in harvest.offers for ident in _services(draft)}
    own = set(_own(session, sorted(named)))
    if not own:
        return harvest
    kept = tuple(draft for draft in harvest.offers if not _is_echo(draft, own))
    return replace(harvest, offers=kept)


def _is_echo(draft: Draft, own: Collection[str]) -> bool:
    chains = draft.record.via
    return bool(chains) and all(any(_id(url) in own for url in chain) for chain in chains)


def _services(draft: Draft) -> Iterator[str]:
    return (_id(url) for chain in draft.record.via for url in chain)


def _id(url: str) -> str:
    return url.rstrip("/").rpartition("/")[2].lower()


def _own(session: Session, ids: list[str]) -> Iterator[str]:
    for part in bindable(ids):
        yield from session.exec(select(OfferRow.id).where(col(OfferRow.id).in_(part)))
