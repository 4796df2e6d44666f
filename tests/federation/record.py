"""The record of an installation, read as it stands in its database."""

from __future__ import annotations

from typing import Any

from sqlmodel import Session, SQLModel, select

from aggregator.store.engine import connect
from aggregator.store.tables import NetworkRow, StatementRow
from tests.federation.conftest import Installation


def networks(installation: Installation) -> dict[str, dict[str, Any]]:
    """The documents of all networks, by id."""
    return {row["id"]: row["flat"] for row in _rows(installation, NetworkRow)}


def statements(installation: Installation, subject_id: str) -> list[dict[str, Any]]:
    """All statements about one subject, evidence included."""
    rows = _rows(installation, StatementRow)
    return [row for row in rows if row["subject_id"] == subject_id]


def _rows(installation: Installation, table: type[SQLModel]) -> list[dict[str, Any]]:
    engine = connect(installation.settings.database)
    with Session(engine) as session:
        rows = [row.model_dump() for row in session.exec(select(table))]
    engine.dispose()
    return rows
