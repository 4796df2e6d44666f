"""The record of an installation, read as it stands in its database file."""

from __future__ import annotations

import json
import sqlite3
from contextlib import closing
from typing import Any

from tests.federation.conftest import Installation


def networks(installation: Installation) -> dict[str, dict[str, Any]]:
    """The documents of all networks, by id."""
    return {row["id"]: json.loads(row["flat"]) for row in _rows(installation, "network")}


def statements(installation: Installation, subject_id: str) -> list[dict[str, Any]]:
    """All statements about one subject, evidence included."""
    rows = _rows(installation, "statement")
    return [
        {**row, "value": json.loads(row["value"])}
        for row in rows
        if row["subject_id"] == subject_id
    ]


def _rows(installation: Installation, table: str) -> list[dict[str, Any]]:
    file = installation.home / "data" / "netzlotse.db"
    with closing(sqlite3.connect(f"file:{file}?mode=ro", uri=True)) as database:
        database.row_factory = sqlite3.Row
        return [dict(row) for row in database.execute(f'select * from "{table}"')]  # noqa: S608 - a name of ours
