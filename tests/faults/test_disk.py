"""A full disk, a read-only disk, a clock that jumps, a database that goes away."""

from __future__ import annotations

import os
import resource
import shutil
import signal
import subprocess
import sys
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import Engine, event, text
from sqlalchemy.exc import DBAPIError
from sqlmodel import Session, select

from aggregator.intake import ingest
from aggregator.store.engine import connect
from aggregator.store.tables import ListingRow, Presence, RunRow, Verdict
from tests.aggregator.intake.conftest import Made, made, offer  # noqa: F401 - a fixture
from tests.faults import stages
from tests.faults.record import Installation

ALL = [offer(n) for n in range(10)]
_LEFT = 96 * 1024  # bytes: readers of SQLite need some, a run needs more


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Path]:
    """A file system of a few megabytes."""
    disk = tmp_path / "disk"
    disk.mkdir()
    command = ["mount", "-t", "tmpfs", "-o", "size=24m", "tmpfs", str(disk)]
    if os.geteuid() != 0 or subprocess.run(command, check=False, capture_output=True).returncode:
        pytest.skip("no file system can be mounted here (the limit on file sizes is tested)")
    yield disk
    subprocess.run(["mount", "-o", "remount,rw", str(disk)], check=False)
    subprocess.run(["umount", "-l", str(disk)], check=True)


def _prepared(data: Path) -> Installation:
    data.mkdir(parents=True, exist_ok=True)
    home = Installation(data)
    stages.Publish().prepare(home)
    return home


def test_a_full_disk_publishes_nothing_and_loses_nothing(small_disk: Path, tmp_path: Path) -> None:
    home = _prepared(small_disk / "data")
    filler = small_disk / "filler"
    free = shutil.disk_usage(small_disk).free
    filler.write_bytes(bytes(free - _LEFT))
    before = home.content()
    with pytest.raises((OSError, DBAPIError)):
        stages.Publish().work(home)
    assert home.content() == before
    assert home.faults(index=False) == []
    filler.unlink()
    _rerun_equals_undisturbed(home, tmp_path)


def test_a_read_only_disk_publishes_nothing_and_loses_nothing(
    small_disk: Path, tmp_path: Path
) -> None:
    home = _prepared(small_disk / "data")
    before = home.content()
    subprocess.run(["mount", "-o", "remount,ro", str(small_disk)], check=True)
    with pytest.raises((OSError, DBAPIError)):
        stages.Publish().work(home)
    subprocess.run(["mount", "-o", "remount,rw", str(small_disk)], check=True)
    assert home.content() == before
    _rerun_equals_undisturbed(home, tmp_path)


@pytest.mark.parametrize("kilobytes", [200, 400, 700])
def test_a_limit_on_file_sizes_publishes_nothing_and_loses_nothing(
    kilobytes: int, tmp_path: Path
) -> None:
    """As a full disk, where none can be mounted: writing beyond a size fails."""
    home = _prepared(tmp_path / "data")
    code = (
        "import sys; from pathlib import Path; from tests.faults import stages;"
        "from tests.faults.record import Installation;"
        "stages.Publish().work(Installation(Path(sys.argv[1])))"
    )

    def limit() -> None:
        signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
        resource.setrlimit(resource.RLIMIT_FSIZE, (kilobytes * 1024, kilobytes * 1024))

    subprocess.run(
        [sys.executable, "-c", code, str(home.data)], check=False, capture_output=True,
        preexec_fn=limit, cwd=Path(__file__).parent.parent.parent,
    )  # fmt: skip
    assert home.faults(index=False) == []
    _rerun_equals_undisturbed(home, tmp_path)


def _rerun_equals_undisturbed(home: Installation, tmp_path: Path) -> None:
    calm = _prepared(tmp_path / "calm")
    for one in (calm, home):
        stages.Publish().work(one)
    assert home.faults() == []
    got, expected = home.content(), calm.content()
    for told in (got, expected):
        told.pop("page")  # archived twice, at other offsets
    assert got == expected


def test_the_verb_says_what_is_wrong_in_a_line(small_disk: Path) -> None:
    data = small_disk / "data"
    data.mkdir()
    subprocess.run(["mount", "-o", "remount,ro", str(small_disk)], check=True)
    done = subprocess.run(
        [sys.executable, "-m", "netzlotse", "runs"],
        env={**os.environ, "NETZLOTSE_DATA_DIR": str(data / "new")},
        capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert done.returncode == 1
    assert done.stderr.startswith("netzlotse: NETZLOTSE_DATA_DIR")
    assert "Traceback" not in done.stderr


def test_a_clock_that_jumps_ends_and_withdraws_nothing_for_good(made: Made) -> None:  # noqa: F811
    dated = offer(0, ends="2026-12-24")
    made.crawl([dated, *ALL[1:]])
    made.at += timedelta(days=700)  # the clock of the machine is wrong
    made.crawl([dated, *ALL[2:]])
    assert made.listing("Schuldnerberatung").presence is Presence.EXPIRED
    made.at -= timedelta(days=700)
    made.crawl([dated, *ALL[2:]])
    assert made.listing("Schuldnerberatung").presence is Presence.PRESENT
    assert made.listing("Umgangscafé").presence is Presence.MISSING
    made.crawl([dated, *ALL[1:]])
    assert {row.presence for row in made.all(ListingRow)} == {Presence.PRESENT}
    assert {row.verdict for row in made.all(RunRow)} == {Verdict.ACCEPTED}


@pytest.mark.postgres
@pytest.mark.parametrize("statement", [3, 12, 25, 40])
def test_a_lost_connection_publishes_nothing_and_loses_nothing(
    postgres_database: str, tmp_path: Path, statement: int
) -> None:
    (tmp_path / "data").mkdir()
    home = Installation(tmp_path / "data", postgres_database)
    stages.Publish().prepare(home)
    before = home.content()
    engine, killer = connect(home.settings.database), connect(home.settings.database)
    _cut_off(engine, killer, statement)
    settings, source = home.settings, stages.sources()[0]
    folder = max((settings.spool_dir / "netz").iterdir())
    with pytest.raises(DBAPIError):
        ingest(engine, source, folder, stages.PLACES, stages.START + timedelta(days=7))
    assert home.content() == before
    stages.Publish().work(home)
    assert home.faults() == []
    with Session(engine) as session:
        assert len(session.exec(select(RunRow)).all()) == 3
    engine.dispose()
    killer.dispose()


def _cut_off(engine: Engine, killer: Engine, statement: int) -> None:
    """End the server's side of the connection before its n-th statement."""
    seen = []

    @event.listens_for(engine, "before_cursor_execute")
    def count(connection: object, *_: object) -> None:
        seen.append(1)
        if len(seen) == statement:
            pid = connection.connection.driver_connection.info.backend_pid  # type: ignore[attr-defined]
            with killer.begin() as other:
                other.execute(text(f"SELECT pg_terminate_backend({pid})"))
