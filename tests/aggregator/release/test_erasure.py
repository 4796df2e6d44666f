"""What has to be erased is erased from past releases: new hashes, an erratum, no old bytes."""

from __future__ import annotations

import gzip
import json
import shutil
import subprocess
from datetime import UTC, date, datetime
from itertools import pairwise
from pathlib import Path
from typing import Any

import frictionless
import pytest
from sqlalchemy import Engine
from sqlmodel import Session, select

from aggregator.release import edition
from aggregator.release.delta import apply
from aggregator.release.edition import Release, correct_releases, make_release, releases
from aggregator.release.files import read_lines
from aggregator.release.metadata import Maker
from aggregator.settings import Settings
from aggregator.store.tables import ListingRow
from aggregator.takedown import correct_past, take_down
from crawlers.source import Source
from tests.aggregator.intake.conftest import Made, made, offer  # noqa: F401 - a fixture
from tests.aggregator.release.test_release import crawl
from tests.api.admin_site import TOKENS, sign_in, visitor

MAKER = Maker("https://portal.example", "post@portal.example", "0.1.0")
NUMBER, SHOWN = "+493023125102", b"23125 102"
NOW = datetime(2026, 4, 1, 9, tzinfo=UTC)
LICENCE = {"name": "CC BY 4.0", "url": "https://creativecommons.org/licenses/by/4.0/"}


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    return Settings(data_dir=tmp_path, public_url="https://portal.example")


@pytest.fixture
def history(made: Made, settings: Settings) -> Made:  # noqa: F811
    """Three releases; the number stands in the first two, in a text that may be passed on."""
    licensed = made.source.model_copy(update={"licence": None})
    made.source = Source.model_validate({**licensed.model_dump(mode="json"), "licence": LICENCE})
    _declare(made)
    asked = offer(2, text="Krabbelgruppe: Fragen beantwortet Frau Fuchs unter 030 23125 102.")
    made.crawl([offer(1), asked, *(offer(n) for n in range(3, 8))])
    release(made.engine, settings, "2026-03-10")
    made.crawl([offer(1, phone="030 23125 500"), asked, *(offer(n) for n in range(3, 8))])
    release(made.engine, settings, "2026-03-17")
    made.crawl([offer(1), offer(2, phone="030 23125 777"), *(offer(n) for n in range(3, 8))])
    release(made.engine, settings, "2026-03-24")
    return made


def _declare(made: Made) -> None:  # noqa: F811
    from aggregator.log import ChangeLog  # noqa: PLC0415
    from aggregator.register import declare  # noqa: PLC0415
    from aggregator.store.transaction import publishing  # noqa: PLC0415

    with publishing(made.engine) as session:
        declare([made.source], [], ChangeLog(session, "", made.at), date(2026, 3, 2))


def release(engine: Engine, settings: Settings, day: str) -> Release:
    return make_release(engine, settings.release_dir, date.fromisoformat(day), MAKER)


def content(home: Path) -> dict[str, bytes]:
    """All bytes below a folder, unpacked, by path."""
    found = {}
    for path in sorted(home.rglob("*")):
        if path.is_file():
            raw = path.read_bytes()
            found[str(path.relative_to(home))] = unpacked(path, raw)
    return found


def unpacked(path: Path, raw: bytes) -> bytes:
    return gzip.decompress(raw) if path.suffix == ".gz" else raw


def holding(home: Path, *said: bytes) -> set[str]:
    return {path for path, raw in content(home).items() if any(one in raw for one in said)}


def rows(one: Release, table: str = "offers") -> list[dict[str, Any]]:
    return list(read_lines(one.folder / f"{table}.jsonl.gz"))


def chain_holds(home: Path) -> bool:
    """Whether every delta makes its release of the one before, and every hash is right."""
    found = list(reversed(releases(home)))
    for one in found:
        subprocess.run(
            ["sha256sum", "--check", "--strict", "SHA256SUMS"], cwd=one.folder, check=True,
            capture_output=True,
        )  # fmt: skip
        assert frictionless.validate(str(one.folder / "datapackage.json")).valid
    return all(
        list(apply(rows(old), read_lines(new.folder / "delta.jsonl.gz"))) == rows(new)
        for old, new in pairwise(found)
    )


def test_a_number_is_gone_from_every_byte_of_every_release(
    history: Made, settings: Settings
) -> None:
    home = settings.release_dir
    said = (NUMBER.encode(), SHOWN)
    assert len(holding(home, *said)) > 10
    last = content(home / "2026-03-24")
    sums = {one.id: (one.folder / "SHA256SUMS").read_text("utf-8") for one in releases(home)}
    done = take_down(history.engine, settings, "030 23125 102", "Wunsch", "anna", NOW)
    assert sorted(done.releases) == ["2026-03-10", "2026-03-17", "2026-03-24"]
    assert holding(home, *said) == set()
    assert [path for path in home.iterdir() if path.name.startswith(".")] == []
    assert chain_holds(home)
    for one in releases(home):
        assert (one.folder / "SHA256SUMS").read_text("utf-8") != sums[one.id]
        assert one.about["version"] == f"{one.id}-r1"
        (erratum,) = one.about["errata"]
        assert erratum["on"] == "2026-04-01"
        assert "gelöscht" in erratum["de"]
        assert "erased" in erratum["en"]
    first, second, third = reversed(releases(home))
    (row,) = (row for row in rows(first) if row["title"] == "Krabbelgruppe")
    assert row["phones"] == []
    assert "phones:SUPPRESSED" in row["missing"]
    assert first.about["errata"][0]["rows"]["offers"] == 1
    package = json.loads((second.folder / "datapackage.json").read_text("utf-8"))
    assert (package["version"], len(package["errata"])) == ("2026-03-17-r1", 1)
    # The number never stood in the rows of the last one, only in its delta.
    assert third.about["errata"][0]["rows"] == {}
    after = content(third.folder)
    assert {n for n in after if after[n] != last[n]} == {
        "delta.jsonl.gz", "release.json", "datapackage.json", "dcat-ap-de.jsonld",
        "schema-org.jsonld", "CITATION.cff", "SHA256SUMS",
    }  # fmt: skip


def test_again_it_changes_nothing_and_what_broke_off_is_taken_up(
    history: Made, settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    home = settings.release_dir
    with monkeypatch.context() as patch:
        patch.setattr(shutil, "rmtree", _fails_on_old(shutil.rmtree))
        with pytest.raises(OSError, match="died"):
            take_down(history.engine, settings, NUMBER, "Wunsch", "anna", NOW)
    assert correct_past(history.engine, settings, NOW)
    assert holding(home, NUMBER.encode(), SHOWN) == set()
    assert {len(one.about["errata"]) for one in releases(home)} == {1}
    before = content(home)
    assert correct_past(history.engine, settings, NOW) == ()
    assert content(home) == before


def _fails_on_old(rmtree: Any) -> Any:
    def fails(path: Path, **options: Any) -> None:
        if str(path).endswith(edition._OLD):
            raise OSError("died")
        rmtree(path, **options)

    return fails


def test_a_listing_goes_with_all_it_said(history: Made, settings: Settings) -> None:
    wanted = history.listing("Umgangscafé").id
    done = take_down(history.engine, settings, wanted, "Wunsch", "anna", NOW)
    assert len(done.releases) == 3
    assert holding(settings.release_dir, b"Umgangscaf") == set()
    assert chain_holds(settings.release_dir)
    assert all(len(rows(one)) == 6 for one in releases(settings.release_dir))


def test_of_an_offer_of_two_sites_stays_what_the_other_says(
    made: Made,  # noqa: F811
    settings: Settings,
) -> None:
    text = "Offen für alle Alleinerziehenden im Bezirk, ohne Wartezeit und ohne Anmeldung."
    made.crawl([offer(1, text=text), *(offer(n) for n in range(2, 7))])
    other = Source.model_validate(
        {"id": "zwei", "title": "Zwei", "region": "11003", "start": ["https://zwei.example/"]}
    )
    from aggregator.log import ChangeLog  # noqa: PLC0415
    from aggregator.register import declare  # noqa: PLC0415
    from aggregator.store.transaction import publishing  # noqa: PLC0415

    with publishing(made.engine) as session:
        declare([other], [], ChangeLog(session, "", made.at), date(2026, 3, 2))
    crawl(made, other, offer(1, path="/hier", text=f"{text} Kostet 3 Euro."))
    one = release(made.engine, settings, "2026-03-10")
    (row,) = (row for row in rows(one) if row["title"] == "Umgangscafé")
    assert len(row["listings"]) == 2
    with Session(made.engine) as session:
        query = select(ListingRow.id).where(ListingRow.source_id == "zwei")
        (gone,) = session.exec(query)
    take_down(made.engine, settings, gone, "Wunsch", "anna", NOW)
    (row,) = (row for row in rows(releases(settings.release_dir)[0]) if row["id"] == row["id"] and
              row["title"] == "Umgangscafé")  # fmt: skip
    assert row["sources"] == ["netz"]
    assert row["pages"] == ["https://netz.example/angebote/1"]
    assert row["phones"] == ["+493023125101"]
    assert row["cost_amount"] is None
    assert "cost_amount:SUPPRESSED" in row["missing"]
    assert holding(settings.release_dir, b"zwei.example/hier", gone.encode()) == set()


def test_nothing_suppressed_rebuilds_nothing(history: Made, settings: Settings) -> None:
    before = content(settings.release_dir)
    assert correct_past(history.engine, settings, NOW) == ()
    assert content(settings.release_dir) == before
    assert correct_releases(settings.data_dir / "none", None, NOW.date(), MAKER) == []  # type: ignore[arg-type]


def test_a_takedown_at_the_desk_reaches_past_releases(history: Made, settings: Settings) -> None:
    url = history.engine.url.render_as_string(hide_password=False)
    desk = {"admin_token": TOKENS, "database_url": url}
    client = visitor(settings.model_validate({**settings.model_dump(), **desk}))
    form = {"form_token": sign_in(client), "was": "030 23125 102", "grund": "Wunsch"}
    assert client.post("/admin/sperren", data={**form, "act": "suppress"}).status_code == 303
    assert holding(settings.release_dir, NUMBER.encode(), SHOWN) == set()
    assert chain_holds(settings.release_dir)
