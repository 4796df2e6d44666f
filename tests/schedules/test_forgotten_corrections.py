"""What is suppressed is suppressed in corrections too: published, waiting and to come."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

from sqlmodel import Session, select

from aggregator.erasure import suppress
from aggregator.index.feed import catch_up
from aggregator.log import ChangeLog
from aggregator.store.tables import CorrectionRow, CorrectionState, StatementRow
from aggregator.store.transaction import publishing
from tests.api.admin_site import visitor
from tests.loopback import serve
from tests.schedules.correction_site import make_site
from tests.schedules.test_corrections import correct_the_phone, decide, offer, send


def test_a_suppressed_number_leaves_corrections_and_comes_back_by_none(tmp_path: Path) -> None:
    with serve({}) as server:
        site = make_site(server, tmp_path)
        site.crawl()
        client = visitor(site.settings)
        correct_the_phone(client)
        offer_id = offer(client)["id"]
        waiting = send(client, offer_id, text="Oder 030 23125 222 anrufen.")
        engine = client.app.state.engine  # type: ignore[attr-defined]
        with publishing(engine) as session:
            changes = ChangeLog(session, "", datetime.now(UTC))
            suppress(changes, site.settings.suppression_key, "030 23125 222", "Wunsch", "test")
        catch_up(engine, site.settings.index_dir, "tantivy")
        assert "+493023125222" not in client.get(f"/api/v1/offers/{offer_id}").text
        with Session(engine) as session:
            kept = [row.model_dump_json() for table in (CorrectionRow, StatementRow)
                    for row in session.exec(select(table))]  # fmt: skip
            states = {row.state for row in session.exec(select(CorrectionRow))}
        assert not [text for text in kept if "23125 222" in text or "23125222" in text]
        # The proposal itself still waits; what was accepted no longer stands.
        assert states == {CorrectionState.OPEN, CorrectionState.SETTLED}
        again = send(client, offer_id, phones="030 23125 222")
        for answer in (waiting, again):
            correction_id = answer.headers["location"].removeprefix("/korrektur/")
            words = {"nimm_phones": "1", "phones": "030 23125 222"}
            assert decide(client, correction_id, "accept", **words) == 422
        told = client.get(f"/api/v1/offers/{offer_id}").json()
        assert told["phones"] == ["+493023125102"]  # what the page says stands again
