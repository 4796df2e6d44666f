"""What was harvested from the sample sites, as HSDS: with its evidence and its history."""

from __future__ import annotations

from typing import Any

import pytest
from sqlmodel import Session, col, select

from aggregator.catalogue.offers import find_offer
from aggregator.hsds.service import Background, full_service, service_at_location
from aggregator.network import Network
from aggregator.store.engine import connect
from aggregator.store.tables import ChangeRow, NetworkRow, OfferRow
from tests.hsds import faults, hollow, profile_faults, undeclared


@pytest.fixture(scope="session")
def documents(harvested: Any) -> list[tuple[dict[str, Any], dict[str, Any] | None]]:
    """Every published offer: as a full service, and at its location."""
    installation, _ = harvested
    engine = connect(installation.settings.database)
    made = []
    with Session(engine) as session:
        networks = {
            row.id: Network.model_validate(row.flat)
            for row in session.exec(select(NetworkRow))
            if row.flat
        }
        for row in session.exec(select(OfferRow).where(col(OfferRow.merged_into).is_(None))):
            found = find_offer(session, row.id)
            assert found is not None
            changes = session.exec(select(ChangeRow).where(ChangeRow.subject_id == row.id)).all()
            known = Background(networks, found.evidence, changes, row.changed_at)
            made.append((full_service(found.offer, known), service_at_location(found.offer, known)))
    engine.dispose()
    return made


def test_every_harvested_offer_is_valid_hsds(documents: Any) -> None:
    assert len(documents) > 100
    wrong = [fault for full, _ in documents for fault in faults("service", full)]
    wrong += [fault for _, at in documents if at for fault in faults("service_at_location", at)]
    assert wrong == []


def test_no_document_holds_more_than_hsds_and_our_profile_know(documents: Any) -> None:
    assert set().union(*(undeclared("service", full) for full, _ in documents)) == set()


def test_every_offer_tells_where_its_values_come_from(documents: Any) -> None:
    for full, _ in documents:
        assert profile_faults(full) == []
        assert list(hollow(full)) == []
        assert {"title"} <= {entry["field"] for entry in full["provenance"]}
        assert all(entry["page_url"] and entry["quote"] for entry in full["provenance"])
        assert full["mentions"]
        assert full["metadata"]
