"""Networks as the record knows them."""

from __future__ import annotations

from pydantic import BaseModel
from sqlmodel import Session, col, select

from aggregator.catalogue.evidence import Evidence, network_evidence
from aggregator.network import Network
from aggregator.store.tables import NetworkRow


class NetworkRecord(BaseModel):
    """A network, and the words of its pages that each fact rests on."""

    network: Network
    evidence: list[Evidence] = []


def list_networks(session: Session) -> list[Network]:
    """All networks by region, then name."""
    rows = session.exec(select(NetworkRow).order_by(NetworkRow.region, col(NetworkRow.name)))
    return [Network.model_validate(row.flat) for row in rows]


def find_network(session: Session, network_id: str) -> NetworkRecord | None:
    """The network of this id with its evidence, in two queries; None where there is none."""
    row = session.get(NetworkRow, network_id)
    if row is None:
        return None
    return NetworkRecord(
        network=Network.model_validate(row.flat), evidence=network_evidence(session, network_id)
    )
