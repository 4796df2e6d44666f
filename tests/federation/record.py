"""The record of an installation, read as it stands in its database."""

from __future__ import annotations

from typing import Any

from sqlmodel import SQLModel

from aggregator.store.engine import connect
from tests.federation.conftest import Installation


def networks(installation: Installation) -> dict[str, dict[str, Any]]:
    """The documents of all networks, by id."""
    return {row["id"]: row["flat"] for row in _rows(installation, "network")}


def statements(installation: Installation, subject_id: str) -> list[dict[str, Any]]:
    """All statements about one subject, evidence included."""
    rows = _rows(installation, "statement")
    return [row for row in rows if row["subject_id"] == subject_id]


def _rows(installation: Installation, table: str) -> list[dict[str, Any]]:
    engine = connect(installation.settings.database)
    with engine.connect() as connection:
        rows = connection.execute(SQLModel.metadata.tables[table].select()).mappings()
        return [dict(row) for row in rows]
