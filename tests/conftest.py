"""What every test may use: a data folder of its own, databases, frozen settings."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Iterator
from pathlib import Path
from uuid import uuid4

import pytest
from hypothesis import HealthCheck, settings
from sqlalchemy import Engine, create_engine, make_url, text

from aggregator.store.engine import connect
from aggregator.store.schema import migrate
from tests import default_record
from tests.postgres import Server, ServerError, binaries
from tests.s3 import bucket, s3_server

CI = os.environ.get("CI") == "true"
# How long a drawn example takes says how busy the machine is, and nothing of what is tested.
settings.register_profile("netzlotse", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("netzlotse")
DATABASES = ("sqlite", pytest.param("postgresql", marks=pytest.mark.postgres))


def unavailable(what: str) -> None:
    """Skip a test whose server is not here; in CI that is a failure."""
    if CI:
        pytest.fail(f"{what}; under CI=true nothing may be skipped for it")
    pytest.skip(what)


def postgres_programs() -> Path:
    """The folder of PostgreSQL's programs."""
    programs = binaries()
    if programs is None:
        unavailable("PostgreSQL is not installed (Debian: apt install postgresql)")
    assert programs is not None
    return programs


@pytest.fixture(scope="session")
def postgres_url() -> Iterator[str]:
    """A PostgreSQL server: NETZLOTSE_TEST_POSTGRES, or one started for this session."""
    given = os.environ.get("NETZLOTSE_TEST_POSTGRES")
    if given:
        yield given
        return
    programs = postgres_programs()
    server = Server(programs, Path(tempfile.mkdtemp(prefix="netzlotse-pg-")))
    try:
        server.create()
        server.start()
    except ServerError as error:
        server.remove()
        unavailable(f"PostgreSQL does not start: {error}")
    yield server.url
    server.remove()


@pytest.fixture(scope="session", autouse=True)
def _default_record(request: pytest.FixtureRequest) -> None:
    """With NETZLOTSE_TEST_RECORD=postgresql, what names no database has its record there."""
    if os.environ.get("NETZLOTSE_TEST_RECORD") == "postgresql":
        default_record.prepare(request.getfixturevalue("postgres_url"))


@pytest.fixture(scope="session")
def _s3() -> Iterator[str]:
    with s3_server() as endpoint:
        yield endpoint


@pytest.fixture(params=("folder", "s3"))
def store(request: pytest.FixtureRequest, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> str:
    """The URL of an empty store, once a folder and once a bucket of a real S3 server."""
    if request.param == "folder":
        return str(tmp_path / "store")
    endpoint: str = request.getfixturevalue("_s3")
    for name, value in (
        ("AWS_ENDPOINT_URL_S3", endpoint), ("AWS_REGION", "us-east-1"),
        ("AWS_ACCESS_KEY_ID", "anna"), ("AWS_SECRET_ACCESS_KEY", "geheim"),
    ):  # fmt: skip
        monkeypatch.setenv(name, value)
    return bucket(endpoint)


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
