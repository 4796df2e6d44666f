"""All that a record holds, as bytes: to be sure that something stands nowhere in it."""

from __future__ import annotations

import json
import re

from sqlalchemy import MetaData

from aggregator.settings import Settings
from aggregator.store.engine import connect


def stored(settings: Settings) -> bytes:
    """Every row of every table, a JSON list a line; of SQLite every byte of its files, too.

    What was deleted from SQLite may still stand in a free page, and what was written last in its
    log.
    """
    told = rows(settings).encode()
    if settings.database.startswith("sqlite"):
        files = sorted(settings.data_dir.glob("netzlotse.db*"))
        told = b"\n".join([told, *(file.read_bytes() for file in files)])
    return told


def rows(settings: Settings) -> str:
    """Every row of every table, a JSON list a line."""
    engine = connect(settings.database)
    tables = MetaData()
    tables.reflect(engine)
    with engine.connect() as connection:
        lines = [
            json.dumps(list(row), default=str, ensure_ascii=False)
            for table in tables.sorted_tables
            for row in connection.execute(table.select())
        ]
    engine.dispose()
    return "\n".join(lines)


def stands(text: str, told: bytes) -> bool:
    """Whether a text stands in a record as a word of its own.

    A postcode's five digits stand by chance within a hash or the fractions of a second.
    """
    word = rb"(?<![0-9A-Za-z])" + re.escape(text.encode()) + rb"(?![0-9A-Za-z])"
    return re.search(word if text.isdecimal() else re.escape(text.encode()), told) is not None
