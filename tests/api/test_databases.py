"""The same answers from SQLite and from PostgreSQL."""

from __future__ import annotations

from pathlib import Path

from fastapi.testclient import TestClient

from aggregator.settings import Settings
from aggregator.store.engine import connect
from api.app import create_app
from tests.api.conftest import Record, fill, uid

URLS = [
    "/api/v1/offers?q=Beratung&topic=schulden&facets=topics", f"/api/v1/offers/{uid('offer-1')}",
    "/api/v1/networks", "/api/v1/networks/wuppertal", "/api/v1/sources", "/api/v1/runs",
    "/api/v1/runs/pankow-2", "/healthz", "/", f"/angebot/{uid('evil')}", "/quellen",
    "/sitemap.xml", "/vergleich", "/vergleich/kennzahlen?sicht=served", "/vergleich/profile",
    "/vergleich/ketten",
]  # fmt: skip


def test_every_database_gives_the_same_answers(
    client: TestClient, database_url: str, tmp_path: Path
) -> None:
    settings = Settings(data_dir=tmp_path, database_url=database_url)
    engine = connect(settings.database)
    record = Record(engine, settings.index_dir)
    fill(record)
    record.publish()
    with TestClient(create_app(settings)) as other:
        for url in URLS:
            answers = [one.get(url) for one in (other, client)]
            if "json" in answers[0].headers["content-type"]:  # JSONB keeps no order of keys
                assert answers[0].json() == answers[1].json(), url
            else:
                assert answers[0].text == answers[1].text, url
    engine.dispose()
