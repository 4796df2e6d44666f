"""The guide to backup and restore, followed word by word on a server of its own."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

import pytest
from sqlalchemy import Engine, text

from aggregator.index.base import Query
from aggregator.index.directory import open_searcher
from aggregator.store.engine import connect
from tests.conftest import postgres_programs
from tests.deploy.guide import blocks
from tests.faults import stages
from tests.faults.record import Installation
from tests.postgres import Server
from tests.stored import rows

GUIDE = blocks("backup.md")
NUMBER = "030 23125 112"
_NEXT = "SELECT min(seq) FROM change WHERE seq > :known"


@dataclass
class Place:
    """An installation with a server, and where its backups go."""

    home: Installation
    server: Server
    backups: Path
    environment: Mapping[str, str]

    def follow(self, title: str, **filled: str) -> None:
        """Do what a block of the guide says, as the user it says; `filled` is what one fills in."""
        commands = GUIDE[title]
        for name, value in filled.items():
            commands, count = re.subn(rf"(?m)^{name}=.*$", f"{name}='{value}'", commands)
            assert count == 1
        user = title.partition(":")[0]
        other = ["runuser", "-u", user, "--"] if user == "postgres" and os.geteuid() == 0 else []
        with tempfile.TemporaryFile("w+") as said:  # a server that is started keeps it open
            done = subprocess.run(
                [*other, "bash", "-euo", "pipefail", "-c", commands], env=dict(self.environment),
                stdout=said, stderr=said, timeout=300, cwd="/", check=False,
            )  # fmt: skip
            said.seek(0)
            assert done.returncode == 0, f"{title}: {said.read()}"


@pytest.fixture
def place() -> Iterator[Place]:
    programs = postgres_programs()
    folder = Path(tempfile.mkdtemp(prefix="netzlotse-guide-"))
    folder.chmod(0o755)
    server = Server(programs, folder / "pg", options=())
    server.create()
    with (server.data / "postgresql.conf").open("a") as conf:  # `pg_ctl start` is told nothing else
        conf.write(f"listen_addresses = ''\nunix_socket_directories = '{server.home}'\n")
        conf.write("max_connections = 40\nshared_buffers = 16MB\n")
    server.start()
    subprocess.run(
        [programs / "createdb", "-h", server.home, "-U", "postgres", "netzlotse"], check=True
    )
    backups = folder / "backups"
    backups.mkdir()
    if os.geteuid() == 0:
        shutil.chown(backups, "postgres")
    url = server.url.replace("@/postgres?", "@/netzlotse?")
    told = {
        "BACKUP": str(backups),
        "PGDATA": str(server.data),
        "PATH": f"{Path(sys.executable).parent}:{programs}:{os.environ['PATH']}",
        "PGDATABASE": "netzlotse",
        "NETZLOTSE_DATA_DIR": str(folder / "data"),
    }
    named = re.findall(r"(?m)^export (\w+)=", GUIDE["postgres and netzlotse: names"])
    assert sorted(named) == sorted(told)
    more = {"PGHOST": str(server.home), "PGUSER": "postgres", "NETZLOTSE_DATABASE_URL": url}
    home = Installation(folder / "data", url)
    home.data.mkdir()
    yield Place(home, server, backups, {**told, **more, "LANG": "C.UTF-8"})
    server.remove()
    shutil.rmtree(folder, ignore_errors=True)


@pytest.mark.postgres
def test_who_follows_the_guide_is_back_at_the_moment_before(place: Place) -> None:
    place.follow("postgres: archive")
    stages.Publish().prepare(place.home)
    for title in ("postgres: base", "netzlotse: files"):
        place.follow(title)
    with stages.publishing(engine := connect(place.home.settings.database)) as session:
        session.execute(text("UPDATE source SET title = 'named later' WHERE id = 'portal'"))
    good = place.home.content()  # of the log only: the base backup knows nothing of it
    known = _scalar(engine, "SELECT max(seq) FROM change")
    moment = _scalar(engine, "SELECT clock_timestamp()")
    engine.dispose()
    assert isinstance(moment, datetime)

    # A run is published that should not have been; then somebody asks to be forgotten.
    stages.Publish().work(place.home)
    assert place.home.content() != good
    netzlotse = [sys.executable, "-m", "netzlotse"]
    subprocess.run(
        [*netzlotse, "suppress", NUMBER, "--reason", "asked for"], env=dict(place.environment),
        check=True, cwd="/",
    )  # fmt: skip
    for title in ("netzlotse: suppressed", "netzlotse: files"):
        place.follow(title)
    last = _scalar(engine, "SELECT max(seq) FROM change")
    engine.dispose()
    shutil.rmtree(place.home.data / "archive" / "netz")

    place.follow("postgres: last")
    day = next((place.backups / "base").iterdir()).name
    place.follow("postgres: restore", moment=moment.isoformat(" "), day=day)
    assert place.home.content() == good
    place.follow("postgres: numbers")
    place.follow("netzlotse: again")  # ends with `netzlotse verify`
    everything = rows(place.home.settings)
    assert "+493023125112" not in everything
    assert NUMBER not in everything
    assert open_searcher(place.home.settings.index_dir).search(Query("Schulden")).total > 0
    assert _scalar(engine, _NEXT, known) > last  # type: ignore[operator]

    # It may be saved and tidied up as before.
    (place.backups / "base" / day).rename(place.backups / "base" / "2026-01-01")
    for title in ("postgres: base", "postgres: expire"):
        place.follow(title)
    failed = _scalar(engine, "SELECT failed_count FROM pg_stat_archiver")
    engine.dispose()
    assert failed == 0


def _scalar(engine: Engine, query: str, known: object = None) -> object:
    with engine.connect() as connection:
        return connection.scalar(text(query), {"known": known})
