"""What is new and what has dates, asked of either database."""

from __future__ import annotations

from sqlmodel import Session

from aggregator.catalogue.news import news, with_dates
from tests.aggregator.intake.conftest import Made, made, offer  # noqa: F401 - a fixture


def test_what_changed_last_comes_first(made: Made) -> None:  # noqa: F811
    others = [offer(n) for n in range(2, 7)]
    made.crawl([offer(0), offer(1), *others])
    made.crawl([offer(0, phone="030 23125 555"), offer(1), *others])
    made.crawl([offer(0, phone="030 23125 555"), offer(1), offer(8, ends="2026-12-24"), *others])
    with Session(made.engine) as session:
        found = news(session, [], [], 50)
        assert [one.offer.title for one in found[:2]] == ["Wohnungsberatung", "Schuldnerberatung"]
        assert [bool(one.fields) for one in found] == [False, True, *[False] * 6]
        assert "phones" in found[1].fields
        assert len(news(session, [], [], 3)) == 3
        debts = news(session, [], ["schulden"], 50)
        assert [one.offer.title for one in debts] == ["Schuldnerberatung"]
        assert news(session, ["14"], [], 50) == []
        dated = list(with_dates(session, [], []))
        assert "Wohnungsberatung" in {one.title for one in dated}
        assert all(one.valid_from or one.hours_osm for one in dated)
