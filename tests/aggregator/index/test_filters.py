"""Filters: who says yes, who does not say, where, when, and what a question was understood as."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest

from aggregator.harvest import BERLIN
from aggregator.index.around import distance
from aggregator.index.base import Origin, Query, Sort
from aggregator.index.directory import open_searcher, open_writer
from aggregator.index.opening import entry, open_at, parts
from aggregator.index.question import parse
from aggregator.index.understanding import Places, read
from aggregator.offer import Offer
from aggregator.places.places import load_gazetteer

PANKOW = {"region_key": "11003", "district": "Pankow", "city": "Berlin"}
OFFERS = [
    Offer(id="yes", title="Treff am Markt", cost="free", childcare=True, postcode="13187",
          lat=52.5700, lon=13.4100, hours_osm="Sa 10:00-13:00", last_seen=date(2026, 11, 20),
          **PANKOW),
    Offer(id="no", title="Treff im Turm", cost="paid", childcare=False, lat=52.5710, lon=13.4100,
          hours_osm="Mo-Fr 09:00-12:00", last_seen=date(2026, 11, 25), **PANKOW),
    Offer(id="silent", title="Treff im Hof", last_seen=date(2026, 10, 1), **PANKOW),
    Offer(id="evening", title="Treff mit Spätrunde", cost="free", lat=52.4000, lon=13.0600,
          hours_osm="We 19:00-21:00", city="Potsdam", region_key="12054",
          last_seen=date(2026, 11, 28)),
    Offer(id="city", title="Treff für ganz Berlin", city="Berlin", region_key="11",
          hours_osm="Mo-Su 08:00-20:00; PH off", last_seen=date(2026, 11, 1)),
    Offer(id="doubt", title="Treff nach Absprache", hours_osm="Mo-Su 08:00-20:00",
          hours_qualifiers=["by_appointment"], region_key="05124", city="Wuppertal"),
    Offer(id="fathers", title="Runde", audience=["fathers"], region_key="02", city="Hamburg"),
]  # fmt: skip
HERE = Origin(52.5700, 13.4100, "hier", approximate=False)
WEDNESDAY = datetime(2026, 11, 25, 18, 30, tzinfo=UTC)  # 19:30 in Berlin


@pytest.fixture(scope="module", params=["tantivy", "fts5"])
def searcher(request, tmp_path_factory):
    folder = tmp_path_factory.mktemp("index")
    with open_writer(folder, request.param) as writer:
        writer.apply((offer.model_dump(mode="json") for offer in OFFERS), (), 1)
    return open_searcher(folder)


def groups(hits):
    agreed = {hit.id for hit in hits.items if not hit.unstated}
    silent = {hit.id: set(hit.unstated) for hit in hits.items if hit.unstated}
    assert (len(agreed), len(silent)) == (hits.total, hits.unstated)
    return agreed, silent


def test_who_does_not_say_comes_after_who_says_yes(searcher):
    hits = searcher.search(Query("Treff", {"childcare": ("true",)}))
    agreed, silent = groups(hits)
    assert agreed == {"yes"}
    assert set(silent) == {"silent", "evening", "city", "doubt"}
    assert all(left == {"childcare"} for left in silent.values())
    assert hits.items[0].id == "yes"
    assert "no" not in {hit.id for hit in hits.items}
    without = searcher.search(Query("Treff", {"childcare": ("true",)}, unstated=False))
    assert [hit.id for hit in without.items] == ["yes"]


def test_each_filter_that_is_left_open_is_named(searcher):
    hits = searcher.search(Query("Treff", {"childcare": ("true",), "cost": ("free",)}))
    agreed, silent = groups(hits)
    assert agreed == {"yes"}
    assert silent["evening"] == {"childcare"}
    assert silent["silent"] == {"childcare", "cost"}


def test_pages_go_on_from_one_group_into_the_other(searcher):
    wanted = {"cost": ("free",)}
    whole = [hit.id for hit in searcher.search(Query("Treff", wanted, limit=50)).items]
    pages = [
        hit.id
        for offset in range(0, len(whole), 2)
        for hit in searcher.search(Query("Treff", wanted, offset=offset, limit=2)).items
    ]
    assert pages == whole
    assert len(set(whole)) == len(whole) == 5


def test_a_wider_region_may_hold_the_place_asked_for(searcher):
    agreed, silent = groups(searcher.search(Query("Treff", {"region": ("11003",)})))
    assert agreed == {"yes", "no", "silent"}
    assert set(silent) == {"city"}


def test_a_circle_is_exact_and_tells_how_far(searcher):
    hits = searcher.search(Query("Treff", near=HERE, radius=0.2, sort=Sort.DISTANCE))
    assert [hit.id for hit in hits.items if not hit.unstated] == ["yes", "no"]
    assert [round(hit.distance, 3) for hit in hits.items[:2]] == [0.0, 0.111]
    assert {hit.id for hit in hits.items if hit.unstated} == {"silent", "city", "doubt"}
    assert searcher.search(Query("Treff", near=HERE, radius=0.1)).total == 1
    assert searcher.search(Query("Treff", near=HERE, radius=50)).total == 3
    assert distance(52.57, 13.41, 52.40, 13.06) == pytest.approx(30.2, abs=0.3)


def test_a_distance_from_or_to_a_centre_is_approximate(searcher):
    exact = searcher.search(Query("Treff Markt", near=HERE, radius=5)).items[0]
    centre = Origin(52.57, 13.41, "13187")
    about = searcher.search(Query("Treff Markt", near=centre, radius=5)).items[0]
    assert (exact.approximate, about.approximate) == (False, True)
    assert searcher.place("13187").approximate
    assert not searcher.place("52.5, 13.4").approximate
    assert searcher.place("99,999") is None
    assert searcher.place("Nirgendwo") is None


def test_where_nothing_is_the_nearest_is_told(searcher):
    hits = searcher.search(Query("Spätrunde", near=HERE, radius=2))
    assert (hits.total, [hit.id for hit in hits.nearest]) == (0, ["evening"])
    assert hits.nearest[0].distance == pytest.approx(30.2, abs=0.3)
    assert searcher.search(Query("Markt Potsdam")).nearest


@pytest.mark.parametrize(
    ("wanted", "found"),
    [
        (("sa",), {"yes", "city", "doubt"}),
        (("evening",), {"evening", "city", "doubt"}),
        (("mo", "morning"), {"no", "city", "doubt"}),
        (("sa", "evening"), {"city", "doubt"}),
        (("weekday",), {"no", "evening", "city", "doubt"}),
        (("now",), {"evening", "city"}),
    ],
)
def test_open(searcher, wanted, found):
    hits = searcher.search(Query("Treff", {"open": wanted}, now=WEDNESDAY))
    agreed, silent = groups(hits)
    assert agreed == found
    assert "silent" in silent


def test_seen_since_and_freshness(searcher):
    hits = searcher.search(Query("Treff", seen_since=date(2026, 11, 20), sort=Sort.FRESHNESS))
    assert [hit.id for hit in hits.items] == ["evening", "no", "yes"]


@pytest.mark.parametrize(
    ("text", "told", "rest"),
    [
        ("Treff 13187", [("near", "13187")], ["Treff"]),
        ("Treff Samstag Pankow", [("open", "sa"), ("region", "11003")],
         ["Treff Pankow", "Treff Samstag"]),
        ("kostenlos Treff Väter", [("cost", "free"), ("audience", "fathers")],
         ["Treff Väter", "kostenlos Treff"]),
        ("Treff in Prenzlauer Berg ohne Anmeldung", [("region", "11003"), ("registration", "none")],
         ["Treff in ohne Anmeldung", "Treff in Prenzlauer Berg"]),
        ("Essen für Familien", [], []),
        ("Treff in Essen", [("region", "05113")], ["Treff in"]),
        ("Berlin Pankow", [("region", "11003")], ["Berlin"]),
        ("Deutsch lernen", [], []),
        ("Türkisch", [("languages", "tr")], [""]),
    ],
)  # fmt: skip
def test_a_question_is_understood(text, told, rest):
    reading = read(parse(text), Places(load_gazetteer()), WEDNESDAY, ())
    assert [(one.parameter, one.value) for one in reading.understood] == told
    assert [one.rest for one in reading.understood] == rest


def test_understanding_can_be_switched_off_and_gives_way_to_what_is_chosen(searcher):
    assert searcher.search(Query("Treff Samstag")).understood
    assert not searcher.search(Query("Treff Samstag", understand=False)).understood
    hits = searcher.search(Query("Treff Samstag", {"open": ("evening",)}))
    assert not hits.understood


def test_what_was_read_gives_way_where_it_contradicts_everything(searcher):
    hits = searcher.search(Query("Turm kostenlos"))
    assert [hit.id for hit in hits.items] == ["no"]
    assert not hits.understood


def at(*moment):
    return datetime(*moment, tzinfo=BERLIN)


BERLIN_HOURS = {"hours_osm": "Mo-Fr 10:00-12:00", "region_key": "11003"}


@pytest.mark.parametrize(
    ("offer", "moment", "state"),
    [
        (BERLIN_HOURS, at(2026, 11, 25, 11), True),
        (BERLIN_HOURS, at(2026, 11, 25, 12), False),
        (BERLIN_HOURS, at(2027, 3, 8, 11), None),  # Frauentag, a holiday in Berlin
        ({**BERLIN_HOURS, "region_key": "05124"}, at(2027, 3, 8, 11), True),
        ({**BERLIN_HOURS, "region_key": None}, at(2027, 3, 8, 11), None),
        ({**BERLIN_HOURS, "hours_osm": "Mo-Fr 10:00-12:00; PH off"},
         at(2027, 3, 8, 11), False),
        ({**BERLIN_HOURS, "hours_osm": "Mo-Fr 10:00-12:00; SH off"},
         at(2026, 11, 25, 11), None),
        ({**BERLIN_HOURS, "hours_osm": 'We 10:00-12:00 "nach Vereinbarung"'},
         at(2026, 11, 25, 11), None),
        ({**BERLIN_HOURS, "hours_osm": "We 10:00+"}, at(2026, 11, 25, 11), None),
        ({**BERLIN_HOURS, "hours_qualifiers": ["not_in_school_holidays"]},
         at(2026, 11, 25, 11), None),
        ({**BERLIN_HOURS, "hours_osm": "nonsense"}, at(2026, 11, 25, 11), None),
        # What began before midnight is of the day before: December 26 is a holiday.
        ({**BERLIN_HOURS, "hours_osm": "Mo-Su 20:00-02:00"}, at(2026, 11, 28, 1), True),
        ({**BERLIN_HOURS, "hours_osm": "Mo-Su 20:00-02:00"}, at(2026, 12, 27, 1), None),
        ({**BERLIN_HOURS, "hours_osm": "Mo-Su 20:00-02:00; PH off"}, at(2026, 12, 27, 1), None),
        ({**BERLIN_HOURS, "hours_osm": "Mo-Su 00:00-04:00"}, at(2026, 12, 27, 1), True),
    ],
)  # fmt: skip
def test_open_now_is_only_claimed_where_it_is_sure(offer, moment, state):
    assert open_at(entry(offer), moment) is state


def test_hours_that_were_not_understood_have_no_parts():
    assert entry({"hours_osm": None}) is None
    assert parts("nonsense", date(2026, 11, 28)) == frozenset()
    assert parts("2027 Jan 23 14:00-16:00", date(2026, 11, 28)) == {"sa", "weekend", "afternoon"}
    assert parts("2025 Jan 25 14:00-16:00", date(2026, 11, 28)) == frozenset()
    assert parts("Fr 22:00-02:00", date(2026, 11, 28)) >= {"fr", "sa", "evening", "weekend"}


def test_a_gemeinde_is_found_by_its_key_and_by_its_name(tmp_path):
    offers = [
        Offer(id="here", title="Treff an der Isar", region_key="09184130", city="Ismaning"),
        Offer(id="kreis", title="Treff im Landkreis", region_key="09184"),
        Offer(id="beside", title="Treff nebenan", region_key="09184119", city="Garching"),
        Offer(id="far", title="Treff am Meer", region_key="01002", city="Kiel"),
    ]
    with open_writer(tmp_path) as writer:
        writer.apply((offer.model_dump(mode="json") for offer in offers), (), 1)
    searcher = open_searcher(tmp_path)
    agreed, silent = groups(searcher.search(Query("Treff", {"region": ("09184130",)})))
    assert (agreed, set(silent)) == ({"here"}, {"kreis"})
    agreed, _ = groups(searcher.search(Query("Treff", {"region": ("09184",)})))
    assert agreed == {"here", "kreis", "beside"}
    agreed, silent = groups(searcher.search(Query("Treff", {"city": ("Ismaning",)})))
    assert (agreed, set(silent)) == ({"here"}, {"kreis"})
    assert searcher.search(Query("Treff Ismaning", limit=1)).items[0].id == "here"
