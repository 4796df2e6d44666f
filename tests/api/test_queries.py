"""What is read costs a fixed number of queries, however much there is."""

from __future__ import annotations

import pytest
from fastapi.testclient import TestClient
from sqlalchemy import event

from tests.api.conftest import uid


@pytest.mark.parametrize(
    ("url", "most"),
    [
        ("/api/v1/offers?limit=100", 2),
        (f"/api/v1/offers/{uid('offer-1')}", 4),
        ("/api/v1/networks", 1),
        ("/api/v1/networks/pankow", 2),
        ("/api/v1/sources", 4),
        ("/api/v1/runs", 1),
        ("/?q=Beratung&cost=free", 4),
        ("/quellen", 4),
    ],
)
def test_no_query_a_row(client: TestClient, url: str, most: int) -> None:
    asked: list[str] = []
    engine = client.app.state.engine

    def note(_c: object, _k: object, statement: str, *_: object) -> None:
        asked.append(statement)

    event.listen(engine, "before_cursor_execute", note)
    try:
        assert client.get(url).status_code == 200
    finally:
        event.remove(engine, "before_cursor_execute", note)
    assert len([s for s in asked if s.startswith("SELECT")]) <= most, asked
