"""What every test may use: a data folder of its own, databases, frozen settings."""

from __future__ import annotations

import os
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from pathlib import Path
from uuid import uuid4

import pytest
from sqlalchemy import Engine, create_engine, make_url, text

from aggregator.store.engine import connect
from aggregator.store.schema import migrate

CI = os.environ.get("CI") == "true"
DATABASES = ("sqlite", pytest.param("postgresql", marks=pytest.mark.postgres))


def unavailable(what: str) -> None:
    """Skip a test whose server is not here; in CI that is a failure."""
    if CI:
        pytest.fail(f"{what}; under CI=true nothing may be skipped for it")
    pytest.skip(what)


@pytest.fixture(scope="session")
def postgres_url() -> Iterator[str]:
    """A PostgreSQL server: NETZLOTSE_TEST_POSTGRES, or one started for this session."""
    given = os.environ.get("NETZLOTSE_TEST_POSTGRES")
    if given:
        yield given
        return
    binaries = _postgres_binaries()
    if binaries is None:
        unavailable("PostgreSQL is not installed (Debian: apt install postgresql)")
    assert binaries is not None
    home = Path(tempfile.mkdtemp(prefix="netzlotse-pg-"))
    server = _Server(binaries, home)
    try:
        server.start()
        yield server.url
    finally:
        server.stop()
        shutil.rmtree(home, ignore_errors=True)


@pytest.fixture(params=DATABASES)
def database_url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """The URL of an empty database, once for SQLite and once for PostgreSQL."""
    if request.param == "sqlite":
        return f"sqlite:///{tmp_path / 'record.db'}"
    url: str = request.getfixturevalue("postgres_database")
    return url


@pytest.fixture
def postgres_database(postgres_url: str) -> Iterator[str]:
    """The URL of an empty PostgreSQL database."""
    name = f"netzlotse_{uuid4().hex}"
    admin = create_engine(postgres_url, isolation_level="AUTOCOMMIT")
    with admin.connect() as connection:
        connection.execute(text(f'CREATE DATABASE "{name}"'))
    try:
        yield make_url(postgres_url).set(database=name).render_as_string(hide_password=False)
    finally:
        with admin.connect() as connection:
            connection.execute(text(f'DROP DATABASE "{name}" WITH (FORCE)'))
        admin.dispose()


@pytest.fixture
def engine(database_url: str) -> Iterator[Engine]:
    """A migrated record."""
    engine = connect(database_url)
    migrate(engine)
    yield engine
    engine.dispose()


def _postgres_binaries() -> Path | None:
    found = shutil.which("initdb")
    if found:
        return Path(found).resolve().parent
    homes = sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"))
    return homes[-1].parent if homes else None


class _Server:
    """A PostgreSQL server on a Unix socket of its own; it refuses to run as root."""

    def __init__(self, binaries: Path, home: Path) -> None:
        self.binaries, self.home = binaries, home
        self.user = "postgres" if os.geteuid() == 0 else None
        self.url = f"postgresql+psycopg://postgres@/postgres?host={home}"

    def start(self) -> None:
        if self.user:
            shutil.chown(self.home, self.user)
        data = self.home / "data"
        self._run("initdb", "-D", str(data), "-U", "postgres", "-A", "trust", "-E", "UTF8", "-N")
        options = f"-c listen_addresses='' -c unix_socket_directories='{self.home}' -c fsync=off"
        self._run(
            "pg_ctl", "-D", str(data), "-w", "-l", str(self.home / "log"), "-o", options, "start"
        )

    def stop(self) -> None:
        subprocess.run(
            self._command("pg_ctl", "-D", str(self.home / "data"), "-m", "immediate", "stop"),
            check=False,
            capture_output=True,
            cwd="/",
        )

    def _run(self, *command: str) -> None:
        done = subprocess.run(
            self._command(*command),
            check=False,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.PIPE,
            cwd="/",
        )
        if done.returncode:
            unavailable(f"PostgreSQL does not start: {done.stderr.decode()[-500:]}")

    def _command(self, program: str, *arguments: str) -> list[str]:
        command = [str(self.binaries / program), *arguments]
        return ["runuser", "-u", self.user, "--", *command] if self.user else command
