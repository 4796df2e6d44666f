"""The cluster of compose.yaml: a valid file whose parts fit, and a replica that follows."""

from __future__ import annotations

import os
import re
import shlex
import shutil
import socket
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import pytest
import yaml
from sqlalchemy import create_engine, text

from aggregator.settings import Settings
from tests.cluster.machine import wait_for
from tests.conftest import postgres_programs
from tests.deploy.test_units import DEPLOY, parse
from tests.postgres import Server

FILE = DEPLOY / "compose.yaml"
SERVICES: Mapping[str, Any] = yaml.safe_load(FILE.read_text("utf-8"))["services"]
OURS = {name: told for name, told in SERVICES.items() if told["image"] == "netzlotse"}


def test_it_is_what_the_compose_specification_allows() -> None:
    """Its JSON schema as check-jsonschema ships it."""
    done = subprocess.run(
        [sys.executable, "-m", "check_jsonschema", "--builtin-schema", "vendor.compose-spec", FILE],
        check=False, capture_output=True, text=True,
    )  # fmt: skip
    assert done.returncode == 0, done.stdout


def test_there_is_two_of_each() -> None:
    started = [told["command"][0] for told in OURS.values()]
    assert {verb: started.count(verb) for verb in started} == {
        "serve": 2, "follow": 2, "worker": 2, "schedule": 2, "migrate": 1,
    }  # fmt: skip


@pytest.mark.parametrize("name", sorted(OURS))
def test_every_service_is_told_what_it_understands(name: str) -> None:
    told = OURS[name]
    parse(shlex.join(told["command"]))
    filled = {
        key.removeprefix("NETZLOTSE_").lower(): re.sub(
            r"\$\{\w+:[?-]\}", "0123456789abcdef", str(value)
        )
        for key, value in told["environment"].items()
    }
    assert Settings(**filled).database.startswith("postgresql+psycopg://")


def test_nodes_are_where_the_front_door_looks_for_them() -> None:
    def address(name: str) -> str:
        found: str = SERVICES[name]["networks"]["default"]["ipv4_address"]
        return found

    nodes = (DEPLOY / "nginx" / "compose-nodes.conf").read_text("utf-8")
    assert re.findall(r"server ([\d.]+):8000 ", nodes) == [address("node-a"), address("node-b")]
    trusted = {told["environment"].get("NETZLOTSE_TRUSTED_PROXIES") for told in OURS.values()}
    assert trusted == {address("front")}
    for letter in "ab":  # a node answers from the index that its follower keeps
        assert SERVICES[f"node-{letter}"]["volumes"] == SERVICES[f"follow-{letter}"]["volumes"]


def test_every_file_and_secret_that_is_named_is_delivered() -> None:
    mounted = {
        volume.split(":")[0] for told in SERVICES.values() for volume in told.get("volumes", ())
    }
    brought = {"./tls", "./sources"}  # by whoever starts it
    for one in {path for path in mounted if path.startswith("./")} - brought:
        assert (DEPLOY / one).is_file()
    given = set(re.findall(r"(?m)^(\w+)=", (DEPLOY / "compose.env.example").read_text("utf-8")))
    assert set(re.findall(r"\$\{(\w+):", FILE.read_text("utf-8"))) == given


@pytest.fixture
def servers() -> Iterator[tuple[Server, Server]]:
    programs = postgres_programs()
    home = Path(tempfile.mkdtemp(prefix="netzlotse-compose-"))
    home.chmod(0o755)
    both = tuple(
        Server(programs, home / name, "127.0.0.1", _free(), options=("max_connections=40",))
        for name in ("db-1", "db-2")
    )
    yield both[0], both[1]
    for server in both:
        server.remove()
    shutil.rmtree(home, ignore_errors=True)


@pytest.mark.postgres
def test_the_replica_has_what_was_committed(servers: tuple[Server, Server]) -> None:
    primary, replica = servers
    primary.create()
    primary.start()
    _script(primary, "primary.sh", POSTGRES_USER="postgres", POSTGRES_DB="postgres")
    primary.stop("fast")
    primary.start()  # as the image does once its scripts are done
    replica._own()
    _script(replica, "replica.sh", "true", PRIMARY="127.0.0.1", PGPORT=str(primary.port))
    replica.start()
    _script(replica, "replica.sh", "true", PRIMARY="nowhere")  # the second time it only starts
    writer, reader = create_engine(primary.url), create_engine(replica.url)
    with writer.begin() as connection:  # ends when the replica has it
        connection.execute(text("CREATE TABLE told (word text)"))
    with writer.connect() as connection:
        states = connection.execute(text("SELECT usename, sync_state FROM pg_stat_replication"))
        assert [tuple(row) for row in states] == [("replica", "sync")]
    there = text("SELECT count(*) FROM pg_tables WHERE tablename = 'told'")
    with reader.execution_options(isolation_level="AUTOCOMMIT").connect() as connection:
        wait_for("the table is there", lambda: connection.scalar(there) == 1, 30)
    for engine in (writer, reader):
        engine.dispose()


def _script(server: Server, name: str, *arguments: str, **told: str) -> None:
    """Run a script of the image's as its user does."""
    known = {
        "PATH": f"{server.programs}:{os.environ['PATH']}", "PGDATA": str(server.data),
        "PGHOST": "127.0.0.1", "PGPORT": str(server.port), "REPLICATION_PASSWORD": "it's secret",
    }  # fmt: skip
    user = ["runuser", "-u", "postgres", "--"] if os.geteuid() == 0 else []
    with tempfile.NamedTemporaryFile("w", suffix=".sh") as copy:  # where that user may read it
        copy.write((DEPLOY / "postgres" / name).read_text("utf-8"))
        copy.flush()
        Path(copy.name).chmod(0o755)
        done = subprocess.run(
            [*user, "bash", copy.name, *arguments], env={**known, **told}, check=False,
            capture_output=True, text=True, cwd="/", timeout=120,
        )  # fmt: skip
    assert done.returncode == 0, done.stdout + done.stderr


def _free() -> int:
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        port: int = one.getsockname()[1]
        return port
