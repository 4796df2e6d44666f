"""A city's address book and the municipalities of postcodes, imported and looked up."""

from __future__ import annotations

import gzip
import pickle
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from aggregator.places.addressbook import IMPORTED as BOOK
from aggregator.places.addressbook import AddressBook, import_addresses, split_street
from aggregator.places.addressfile import Address, read_addresses
from aggregator.places.geonames import import_geonames
from aggregator.places.municipalities import IMPORTED, import_municipalities
from aggregator.places.places import Gazetteer, load_gazetteer

HERE = Path(__file__).parent
NAMES = {"01": ("Mitte", "11001"), "03": ("Pankow", "11003")}


def area_of(address: Address) -> tuple[str | None, str | None]:
    return NAMES[address.area.zfill(8)[:2]] if address.area else (address.district, None)


@pytest.fixture(scope="module")
def gazetteer(tmp_path_factory: pytest.TempPathFactory) -> Gazetteer:
    folder = tmp_path_factory.mktemp("places")
    import_geonames(HERE / "geonames_sample.tsv", folder)
    assert import_municipalities(HERE / "municipalities_sample.csv", folder) == 5
    rows = read_addresses(HERE / "addresses_sample.csv")
    assert import_addresses(rows, "Berlin", area_of, folder) == 5
    return load_gazetteer(folder)


def test_another_process_can_be_given_it(gazetteer: Gazetteer) -> None:
    given = pickle.loads(pickle.dumps(gazetteer))  # noqa: S301 - our own
    place = given.locate("10119", "Berlin", "Grenzstr. 1")
    assert place is not None
    assert place.decided_by == "address"
    assert place == gazetteer.locate("10119", "Berlin", "Grenzstr. 1")


@pytest.mark.parametrize(
    ("street", "region", "decided_by"),
    [
        ("Grenzstr. 1", "11001", "address"),
        ("Grenzstraße 2-4", "11003", "address"),
        ("GRENZSTRASSE 3 a", "11003", "address"),
        ("Probe Allee 4b", "11001", "address"),
        ("Probe-Allee 5", "11001", "street"),
        ("Probeallee", "11001", "street"),
        ("Grenzstraße 99", None, "street"),  # the street lies in two districts
        ("Unbekannte Straße 1", None, "postcode"),  # the postcode too
    ],
)
def test_the_address_decides_before_the_street_before_the_postcode(
    gazetteer: Gazetteer, street: str, region: str | None, decided_by: str
) -> None:
    place = gazetteer.locate("10119", "Berlin", street)
    assert place is not None
    assert (place.region_key, place.decided_by) == (region, decided_by)
    assert (place.certainty >= 0.9) == (region is not None)
    assert (place.district is None) == (region is None)


def test_the_book_of_one_city_says_nothing_of_another(gazetteer: Gazetteer) -> None:
    assert gazetteer.locate("10119", "Wuppertal", "Grenzstr. 1") is None


def test_coordinates_come_with_the_precision_they_have(tmp_path: Path) -> None:
    file = tmp_path / "book.tsv"
    file.write_text(
        "Straße\tHausnummer\tPLZ\tStadtteil\tlat\tlon\n"
        "Am Fluss\t1\t42103\tElberfeld\t51,25\t7,15\n"
        "Am Fluss\t3\t42103\tElberfeld\t51.27\t7.17\n"
        "Am Berg\t1\t42103\tElberfeld\t5681000\t372000\n",
        "utf-8",
    )
    areas = {"Elberfeld": ("Elberfeld", "05124")}
    import_addresses(read_addresses(file), "Wuppertal", lambda a: areas[a.locality or ""], tmp_path)
    gazetteer = load_gazetteer(tmp_path)
    house = gazetteer.locate("42103", "Wuppertal", "Am Fluss 3")
    street = gazetteer.locate("42103", None, "Am Fluss 99")
    metres = gazetteer.locate("42103", "Wuppertal", "Am Berg 1")
    assert house is not None
    assert street is not None
    assert metres is not None
    assert (house.lat, house.lon, house.precision) == (51.27, 7.17, "address")
    assert (street.lat, street.lon, street.precision) == (51.26, 7.16, "street")
    assert (metres.precision, metres.decided_by, metres.region_key) == ("town", "address", "05124")


def test_a_new_import_replaces_its_city_only_and_a_wrong_file_replaces_nothing(
    tmp_path: Path,
) -> None:
    def rows(*streets: str) -> list[Address]:
        return [Address(s, "1", "10119", None, None, None, None, None, None) for s in streets]

    def nowhere(_: Address) -> tuple[None, None]:
        return None, None

    import_addresses(rows("Eins", "Zwei"), "Berlin", nowhere, tmp_path)
    import_addresses(rows("Drei"), "Potsdam", nowhere, tmp_path)
    assert import_addresses(rows("Eins"), "Berlin", nowhere, tmp_path) == 1
    with pytest.raises(ValueError, match="no address of Berlin"):
        import_addresses([], "Berlin", nowhere, tmp_path)
    book = AddressBook(tmp_path / BOOK)
    found = {s: book.find(f"{s} 1", "10119") for s in ("Eins", "Zwei", "Drei")}
    assert [name for name, one in found.items() if one] == ["Eins", "Drei"]


def test_files_are_read_zipped_and_refused_where_they_are_no_address_list(tmp_path: Path) -> None:
    zipped = tmp_path / "book.csv.gz"
    zipped.write_bytes(gzip.compress((HERE / "addresses_sample.csv").read_bytes()))
    assert [a.number for a in read_addresses(zipped)] == ["1", "2", "3a", "4", "6"]
    wrong = tmp_path / "wrong.csv"
    wrong.write_text("name,phone\nx,1\n", "utf-8")
    with pytest.raises(ValueError, match="no street, number and postcode"):
        list(read_addresses(wrong))
    cut = tmp_path / "cut.csv.gz"
    cut.write_bytes(zipped.read_bytes()[:-40])
    with pytest.raises(ValueError, match="damaged"):
        list(read_addresses(cut))


@pytest.mark.parametrize(
    ("text", "parts"),
    [
        ("Karl-Marx-Str. 12 A-14", ("karlmarxstrasse", "12a")),
        ("Straße des 17. Juni 135", ("strassedes17juni", "135")),
        ("Musterstr 5/6, Hinterhaus", ("musterstrasse", "5")),
        ("Am Platz 3 im Hof", ("amplatz", "3")),
        ("Große Straße", ("grossestrasse", "")),
    ],
)
def test_streets_are_told_from_their_numbers(text: str, parts: tuple[str, str]) -> None:
    assert split_street(text) == parts


@given(st.text(max_size=300))
@settings(max_examples=100, derandomize=True)
def test_no_street_is_too_odd(text: str) -> None:
    name, number = split_street(text)
    assert name.isalnum() or not name
    assert len(number) <= 5


def test_a_municipality_is_named_where_only_one_is_left(gazetteer: Gazetteer) -> None:
    def ags(postcode: str, city: str | None) -> str | None:
        place = gazetteer.locate(postcode, city)
        return place.municipality if place else None

    assert ags("99901", "Musterdorf") == "16999002"
    assert ags("99901", None) is None
    assert ags("99903", None) == "16999003"


def test_a_postcode_that_only_the_municipalities_know_has_a_kreis_and_no_coordinates(
    gazetteer: Gazetteer,
) -> None:
    place = gazetteer.locate("99907", None)
    assert place is not None
    assert (place.city, place.region_key, place.lat) == ("Nur hier", "16999", None)
    assert gazetteer.locate("99907", "Ganz woanders") is None


def test_a_region_is_left_open_where_the_two_tables_contradict(gazetteer: Gazetteer) -> None:
    place = gazetteer.locate("99904", "Doppelort")
    assert place is not None
    assert (place.region_key, place.municipality, place.certainty) == (None, None, 0.5)


def test_the_municipalities_keep_their_own_licence(tmp_path: Path) -> None:
    import_municipalities(HERE / "municipalities_sample.csv", tmp_path)
    assert "ODbL 1.0" in (tmp_path / IMPORTED).read_text("utf-8").splitlines()[0]
    with pytest.raises(ValueError, match="no row with plz, ort and ags"):
        import_municipalities(HERE / "geonames_sample.tsv", tmp_path)
