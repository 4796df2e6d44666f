"""PostgreSQL servers that tests start: one alone, or a primary with a streaming replica."""

from __future__ import annotations

import os
import shutil
import subprocess
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path


class ServerError(Exception):
    """A server does not do what it was told; the message ends with what it said."""


def binaries() -> Path | None:
    """The folder of PostgreSQL's programs; None where it is not installed."""
    found = shutil.which("initdb")
    if found:
        return Path(found).resolve().parent
    homes = sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"))
    return homes[-1].parent if homes else None


@dataclass
class Server:
    """A server in a folder of its own; it refuses to run as root, so then `postgres` runs it.

    It listens on a Unix socket in the folder, with `address` on TCP as well. `inside` is what
    stands before each command that starts it (a network namespace).
    """

    programs: Path
    home: Path
    address: str = ""
    port: int = 5432
    inside: Sequence[str] = ()
    options: Sequence[str] = field(default=("fsync=off", "max_connections=500"))

    @property
    def url(self) -> str:
        """SQLAlchemy's URL of the database `postgres` on it."""
        if self.address:
            return f"postgresql+psycopg://postgres@{self.address}:{self.port}/postgres"
        return f"postgresql+psycopg://postgres@/postgres?host={self.home}&port={self.port}"

    @property
    def data(self) -> Path:
        return self.home / "data"

    def create(self) -> None:
        """Make an empty cluster. Anyone may connect from anywhere it listens."""
        self._own()
        self._run(
            "initdb", "-D", str(self.data), "-U", "postgres", "-A", "trust", "-E", "UTF8", "-N"
        )
        if self.address:
            with (self.data / "pg_hba.conf").open("a") as allowed:
                allowed.write("host all all all trust\nhost replication all all trust\n")

    def copy(self, primary: Server) -> None:
        """Become a streaming replica of a primary: its base backup, then its WAL."""
        self._own()
        self._run(
            "pg_basebackup", "-D", str(self.data), "-h", primary.address, "-p", str(primary.port),
            "-U", "postgres", "-R", "-X", "stream", "-c", "fast", "-N",
        )  # fmt: skip

    def start(self) -> None:
        """Start, and wait until it answers."""
        told = [
            f"listen_addresses={self.address}", f"unix_socket_directories={self.home}",
            f"port={self.port}", *self.options,
        ]  # fmt: skip
        options = " ".join(f"-c {one.partition('=')[0]}='{one.partition('=')[2]}'" for one in told)
        log = str(self.home / "log")
        self._run("pg_ctl", "-D", str(self.data), "-w", "-l", log, "-o", options, "start")

    def stop(self, mode: str = "immediate") -> None:
        """Stop; immediate is as a crash, fast says goodbye. No error where it does not run."""
        command = self._command("pg_ctl", "-D", str(self.data), "-m", mode, "stop")
        subprocess.run(command, check=False, capture_output=True, cwd="/")

    def promote(self) -> None:
        """End being a replica: from when this returns, it takes writes."""
        self._run("pg_ctl", "-D", str(self.data), "-w", "promote")

    @property
    def pid(self) -> int:
        """The process that all others of the server are children of."""
        return int((self.data / "postmaster.pid").read_text("ascii").split()[0])

    def remove(self) -> None:
        """Stop, and take its folder away."""
        self.stop()
        shutil.rmtree(self.home, ignore_errors=True)

    def _own(self) -> None:
        self.home.mkdir(parents=True, exist_ok=True)
        if os.geteuid() == 0:
            shutil.chown(self.home, "postgres")

    def _run(self, *command: str) -> None:
        done = subprocess.run(
            self._command(*command),
            check=False,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.PIPE,
            cwd="/",
        )
        if done.returncode:
            raise ServerError(done.stderr.decode()[-500:])

    def _command(self, program: str, *arguments: str) -> list[str]:
        command = [str(self.programs / program), *arguments]
        user = ["runuser", "-u", "postgres", "--"] if os.geteuid() == 0 else []
        return [*self.inside, *user, *command]
