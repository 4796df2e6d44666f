"""The gazetteer: the seed alone, and with an imported table."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from aggregator.places.areacode import area_code_of
from aggregator.places.geonames import IMPORTED, import_geonames
from aggregator.places.places import load_gazetteer, locate
from aggregator.places.seed import laender

SAMPLE = Path(__file__).parent / "geonames_sample.tsv"
ROOT = Path(__file__).parents[3]
SHARED = Path(os.environ.get("NETZLOTSE_SHARED", ROOT.parent / "shared")) / "geo" / "DE.txt"


@pytest.fixture(scope="module")
def imported(tmp_path_factory):
    folder = tmp_path_factory.mktemp("places")
    assert import_geonames(SAMPLE, folder) == 7
    return load_gazetteer(folder)


def test_the_seed_holds_what_the_first_run_needs():
    gazetteer = load_gazetteer()
    assert sorted(laender()) == [f"{n:02}" for n in range(1, 17)]
    keys = {district.key for district in gazetteer.districts.values()}
    assert keys == {f"110{n:02}" for n in range(1, 13)}
    assert all(len(p) == 5 and p.isdigit() for p in gazetteer.berlin)


@pytest.mark.parametrize(
    ("postcode", "city", "region", "code"),
    [
        ("13187", "Berlin", "11003", "30"),
        ("13187", None, "11003", "30"),
        ("42103", "Wuppertal", "05124", "202"),
        (None, "Wuppertal", "05124", "202"),
        ("45468", "Mülheim", "05117", "208"),
        ("10119", "Berlin", None, "30"),
        (None, "Berlin", None, "30"),
    ],
)
def test_seeded_places(postcode, city, region, code):
    place = locate(postcode, city)
    assert place is not None
    assert (place.region_key, place.area_code, place.precision) == (region, code, "town")


@pytest.mark.parametrize(
    ("postcode", "city"),
    [("99901", None), (None, "Musterstadt"), ("42103", "Berlin"), (None, None)],
)
def test_unknown_or_contradictory_places_are_none(postcode, city):
    assert locate(postcode, city) is None


def test_imported_places_are_exact_to_the_postcode(imported):
    place = imported.locate("99901", "Musterstadt")
    assert (place.region_key, place.lat, place.precision) == ("16999", 50.5, "postcode")
    both = imported.locate("99901", None)
    assert (both.city, both.lat, both.region_key) == (None, 50.6, "16999")


def test_a_postcode_of_two_kreise_needs_its_town(imported):
    assert imported.locate("99902", "Drüben").region_key == "09999"
    assert imported.locate("99902", None).region_key is None


def test_a_name_of_two_towns_needs_a_postcode_or_the_region(imported):
    assert imported.locate(None, "Doppelort") is None
    assert imported.locate(None, "Doppelort", None, "09").region_key == "09999"
    assert imported.locate("99903", "Doppelort").region_key == "16999"


def test_an_imported_table_keeps_the_districts_of_berlin(imported):
    place = imported.locate("13187", "Berlin")
    assert (place.district, place.region_key, place.lat) == ("Pankow", "11003", 52.57)


def test_an_import_names_its_licence_and_a_wrong_file_replaces_nothing(tmp_path):
    import_geonames(SAMPLE, tmp_path)
    table = (tmp_path / IMPORTED).read_text("utf-8")
    assert "CC BY 4.0" in table.splitlines()[0]
    wrong = tmp_path / "wrong.txt"
    wrong.write_text("plz;ort\n10115;Berlin\n", "utf-8")
    with pytest.raises(ValueError, match="no German postcode"):
        import_geonames(wrong, tmp_path)
    assert (tmp_path / IMPORTED).read_text("utf-8") == table


def test_area_codes_of_towns_and_regions():
    gazetteer = load_gazetteer()
    assert (gazetteer.area_code("11003"), gazetteer.area_code("05124")) == ("30", "202")
    assert gazetteer.area_code("06431") is None  # a Kreis of many area codes
    assert gazetteer.area_code("DE") is None
    assert area_code_of("Erkner") == "3362"
    assert area_code_of("Nirgendstadt") is None


@pytest.mark.skipif(not SHARED.is_file(), reason=f"GeoNames' table is not at {SHARED}")
def test_the_seed_agrees_with_geonames():
    gazetteer = load_gazetteer()
    wrong = []
    known = 0
    for line in SHARED.read_text("utf-8").splitlines():
        cells = line.split("\t")
        place = gazetteer.locate(cells[1], cells[2])
        if place is not None:
            known += 1
            key = place.region_key or cells[8]
            wrong += [(cells[1], cells[2], key)] if key[:2] != cells[8][:2] else []
    assert known > 800
    assert not wrong
