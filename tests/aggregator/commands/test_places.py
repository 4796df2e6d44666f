"""`netzlotse places` as an operator runs it; the download on loopback, with a zip of our own."""

from __future__ import annotations

import io
import zipfile
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from aggregator.places.places import load_gazetteer
from netzlotse import app
from tests.loopback import Reply, serve

PLACES = Path(__file__).parent.parent / "places"
TABLE = (PLACES / "geonames_sample.tsv").read_bytes()


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("NETZLOTSE_DATA_DIR", str(tmp_path))
    return tmp_path / "places"


def run(*arguments: str) -> Result:
    return CliRunner().invoke(app, ["places", *arguments])


def zipped(name: str, body: bytes) -> bytes:
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("readme.txt", "")
        archive.writestr(name, body)
    return target.getvalue()


def test_the_table_is_fetched_and_we_say_who_we_are(folder: Path) -> None:
    with serve({"/DE.zip": Reply(zipped("DE.txt", TABLE))}) as server:
        done = run("update", "--url", f"{server.base_url}/DE.zip")
        ((_, headers),) = server.seen
    assert done.exit_code == 0, done.output
    assert "7 postcodes" in done.output
    assert headers["User-Agent"].startswith("netzlotse")
    place = load_gazetteer(folder).locate("99901", "Musterstadt")
    assert place is not None
    assert place.precision == "postcode"


@pytest.mark.parametrize(
    ("reply", "said"),
    [
        (Reply(b"gone", 404), "answers 404"),
        (Reply(b"<html>sign in</html>"), "no zip file"),
        (Reply(zipped("AT.txt", TABLE)), "holds no DE.txt"),
        (Reply(zipped("DE.txt", b"plz;ort\n")), "no German postcode"),
        (Reply(zipped("DE.txt", TABLE)[:-30]), "no zip file"),
    ],
)
def test_a_download_that_fails_says_why_and_leaves_the_old_table(
    folder: Path, reply: Reply, said: str
) -> None:
    assert run("update", "--file", str(PLACES / "geonames_sample.tsv")).exit_code == 0
    before = (folder / "postcodes.tsv").read_bytes()
    with serve({"/DE.zip": reply}) as server:
        done = run("update", "--url", f"{server.base_url}/DE.zip")
    assert done.exit_code == 1
    assert said in done.stderr
    assert len(done.stderr.splitlines()) == 1
    assert (folder / "postcodes.tsv").read_bytes() == before


@pytest.mark.parametrize("url", ["http://127.0.0.1:9/DE.zip", "file:///etc/hostname", "DE.zip"])
def test_an_address_that_cannot_be_asked_ends_with_one_line(folder: Path, url: str) -> None:
    done = run("update", "--url", url)
    assert done.exit_code == 1
    assert url in done.stderr


def test_municipalities_and_addresses_are_imported_from_files(folder: Path) -> None:
    done = run("update", "--plz-ags", str(PLACES / "municipalities_sample.csv"))
    assert (done.exit_code, done.output) == (0, "5 postcodes and municipalities\n")
    done = run("addresses", str(PLACES / "addresses_sample.csv"))
    assert (done.exit_code, done.output) == (0, "5 addresses of Berlin\n")
    place = load_gazetteer(folder).locate("10119", "Berlin", "Grenzstr. 3a")
    assert place is not None
    assert (place.district, place.region_key) == ("Pankow", "11003")


def test_an_update_may_be_an_address_book_alone(folder: Path) -> None:
    done = run("update", "--addresses", str(PLACES / "addresses_sample.csv"))
    assert (done.exit_code, done.output) == (0, "5 addresses of Berlin\n")
    done = run("update", "--addresses", str(PLACES / "geonames_sample.tsv"))
    assert (done.exit_code, "the header names no street" in done.stderr) == (1, True)


def test_districts_are_known_by_their_locality_where_no_area_is_given(
    folder: Path, tmp_path: Path
) -> None:
    book = tmp_path / "book.csv"
    book.write_text(
        "strasse,nr,plz,bezirk,ortsteil\n"
        "Testweg,1,10119,,Prenzlauer Berg\nTestweg,2,10119,Mitte,\nTestweg,3,10119,Nirgendwo,\n",
        "utf-8",
    )
    assert run("addresses", str(book)).exit_code == 0
    gazetteer = load_gazetteer(folder)
    keys = []
    for number in (1, 2, 3):
        place = gazetteer.locate("10119", "Berlin", f"Testweg {number}")
        assert place is not None
        keys.append(place.region_key)
    assert keys == ["11003", "11001", None]


def test_a_file_that_is_no_address_list_ends_with_one_line(folder: Path) -> None:
    done = run("addresses", str(PLACES / "geonames_sample.tsv"))
    assert done.exit_code == 1
    assert "the header names no street" in done.stderr
