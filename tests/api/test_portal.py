"""Pages that say something of a place, a date or the portal itself."""

from __future__ import annotations

import html
import re
from datetime import date, datetime
from pathlib import Path

import pytest
from fastapi.testclient import TestClient
from icalendar import Calendar

from aggregator.harvest import BERLIN
from aggregator.offer import Offer
from aggregator.settings import Settings
from api import dates
from api.app import create_app
from api.emergency import emergency, sensitive
from api.outline import plan
from api.today import today
from api.wording import wording
from tests.api.conftest import Record, uid


def text(body: str) -> str:
    return " ".join(html.unescape(re.sub(r"<[^>]+>", " ", body)).split())


def offer(**values: object) -> Offer:
    return Offer.model_validate({"id": "x", "title": "Treff", **values})


TUESDAY = datetime(2026, 11, 24, 10, 30, tzinfo=BERLIN)


@pytest.mark.parametrize(
    ("hours", "said"),
    [
        ("Tu 10:00-18:00", "heute offen bis 18 Uhr"),
        ("Tu 10:00-12:30", "heute offen bis 12:30 Uhr"),
        ("Tu 14:00-18:00", "heute von 14 Uhr bis 18 Uhr"),
        ("Tu 08:00-10:00,15:00-17:00", "heute von 15 Uhr bis 17 Uhr"),
        ("24/7", "jetzt offen"),
        ("Tu 08:00-10:00", ""),
        ("We 10:00-18:00", ""),
        (None, ""),
        ("kein Wert", ""),
    ],
)
def test_open_today_only_where_it_is_certain(hours: str | None, said: str) -> None:
    assert today(offer(hours_osm=hours), TUESDAY, wording("de")) == said


@pytest.mark.parametrize(
    "doubt",
    [
        {"hours_qualifiers": ["by_appointment"]},
        {"hours_qualifiers": ["not_in_school_holidays"]},
        {"status": "temporarily closed"},
        {"valid_from": "2027-01-01"},
        {"valid_until": "2026-11-23"},
    ],
)
def test_open_today_is_not_claimed_in_doubt(doubt: dict[str, object]) -> None:
    assert today(offer(hours_osm="Tu 10:00-18:00", **doubt), TUESDAY, wording("de")) == ""
    christmas = datetime(2026, 12, 25, 11, tzinfo=BERLIN)
    assert today(offer(hours_osm="Mo-Su 10:00-18:00"), christmas, wording("de")) == ""


def test_dates_of_an_event_are_a_calendar() -> None:
    event = offer(
        hours_osm="Tu 16:00-18:00", valid_from="2026-12-01", valid_until="2026-12-15",
        street="Lindenallee 12", city="Berlin", hours_text="dienstags, im Dezember",
    )  # fmt: skip
    raw = dates.calendar(event, "https://x.example/angebot/x", date(2026, 12, 2))
    assert raw is not None
    found = Calendar.from_ical(raw).walk("VEVENT")
    assert [one.decoded("dtstart") for one in found] == [
        datetime(2026, 12, day, 16, tzinfo=BERLIN) for day in (8, 15)
    ]
    assert found[0]["location"] == "Lindenallee 12, Berlin"
    assert len({str(one["uid"]) for one in found}) == 2
    whole = dates.calendar(offer(valid_from="2026-12-24"), "u", date(2026, 12, 2))
    (day,) = Calendar.from_ical(whole or b"").walk("VEVENT")
    assert day.decoded("dtstart") == date(2026, 12, 24)
    assert day.decoded("dtend") == date(2026, 12, 25)


def test_what_has_no_dates_has_no_calendar(client: TestClient) -> None:
    assert dates.calendar(offer(hours_osm="Tu 16:00-18:00"), "u", date(2026, 12, 2)) is None
    assert dates.calendar(offer(valid_from="2026-01-01"), "u", date(2026, 12, 2)) is None
    assert client.get(f"/angebot/{uid('offer-1')}/termine.ics").status_code == 404
    assert "termine.ics" not in client.get(f"/angebot/{uid('offer-1')}").text
    assert client.get(f"/angebot/{uid('nothing')}/termine.ics").status_code == 404


def test_region_page_by_topic_with_its_networks(client: TestClient) -> None:
    said = text(client.get("/region/pankow").text)
    for words in ("Alleinerziehend in Pankow", "26 Angebote von Netzwerken und Trägern vor Ort.",
                  "Austausch, Treffs, Selbsthilfe (11)", "Schulden- und Budgetberatung (11)",
                  "alle 11 ansehen"):  # fmt: skip
        assert words in said or words.startswith("26")
    assert 'href="/netzwerk/pankow"' in client.get("/region/pankow").text
    assert 'href="/?region=11003&amp;topic=schulden"' in client.get("/region/pankow").text


def test_regions_are_found_by_key_and_name(client: TestClient) -> None:
    for name in ("11003", "Pankow"):
        answer = client.get(f"/region/{name}", follow_redirects=False)
        assert answer.status_code == 308
        assert answer.headers["location"].endswith("/region/pankow")
    assert client.get("/region/berlin").status_code == 200
    assert client.get("/region/nirgendwo").status_code == 404
    listed = text(client.get("/regionen").text)
    assert listed.index("Berlin") < listed.index("Pankow")


def test_region_without_offers_tells_the_nearest(client: TestClient) -> None:
    body = client.get("/region/spandau").text
    said = text(body)
    assert "In Spandau ist noch kein Angebot bekannt. Am nächsten:" in said
    assert body.count('class="card hit"') > 0


def test_emergency_list() -> None:
    found = {line.tel for line in emergency().numbers}
    assert found >= {"110", "112", "116016", "116123", "116111", "+498001110550"}
    assert sensitive(["wohnen", "recht"])
    assert not sensitive(["wohnen"])


@pytest.mark.parametrize(
    ("url", "hidden"),
    [
        ("/?topic=krise", True), ("/?topic=recht", True), ("/?q=Sorgerecht", True),
        ("/?topic=schulden", False), ("/", False), (f"/angebot/{uid('offer-3')}", True),
        (f"/angebot/{uid('offer-1')}", False),
    ],
)  # fmt: skip
def test_titles_tell_nothing_where_somebody_may_look(
    client: TestClient, url: str, hidden: bool
) -> None:
    body = client.get(url).text
    assert ("<title>Informationen – netzlotse</title>" in body) is hidden
    assert ("data-leave" in body) is hidden
    assert ("116 016" in body) is hidden


def test_operators_texts(tmp_path: Path, record: Record, settings: Settings) -> None:
    imprint = tmp_path / "impressum.txt"
    imprint.write_text("# Anbieter\n\nVerein <b>Lotse</b> e. V.\nHafen 1\n", "utf-8")
    ours = settings.model_copy(
        update={"imprint_file": imprint, "privacy_file": tmp_path / "missing.txt"}
    )
    with TestClient(create_app(ours)) as client:
        body = client.get("/impressum").text
        assert "<h2>Anbieter</h2>" in body
        assert "Verein &lt;b&gt;Lotse&lt;/b&gt; e. V." in body
        assert client.get("/datenschutz").status_code == 200  # a lost file breaks no page
    with TestClient(create_app(settings)) as client:
        assert "NETZLOTSE_IMPRINT_FILE" in client.get("/impressum").text


def test_map_puts_towns_where_they_are_and_joins_neighbours() -> None:
    def at(lat: float | None, lon: float | None) -> tuple[Offer, None]:
        return offer(lat=lat, lon=lon), None

    assert plan([at(None, None)], 1) is None
    drawn = plan([at(53.55, 10.0), at(53.551, 10.001), at(48.14, 11.58), at(None, None)], 21)
    assert drawn is not None
    north, south = drawn.markers
    assert (north.label, south.label) == ("21+", "23")
    assert north.y < south.y
    assert north.x < south.x
    for marker in drawn.markers:
        assert drawn.x < marker.x < drawn.x + drawn.width
        assert drawn.y < marker.y < drawn.y + drawn.height
    near = plan([at(52.52, 13.4)], 1)
    assert near is not None
    assert near.width >= 24
