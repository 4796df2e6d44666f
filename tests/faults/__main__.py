"""`python -m tests.faults --kills 200 --database sqlite`: kill, make good, compare.

For each stage (crawl, gate, publish, migrate) the work is done once undisturbed, then killed at
random moments, each time on a fresh copy. After each kill the record must be whole; after doing the
work again, `verify` must find nothing and everything must be as if nothing had happened. Prints a
JSON line a stage; exit code 1 where anything was not so.
"""

from __future__ import annotations

import argparse
import json
import random
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from sqlalchemy import create_engine, make_url, text

from tests.faults import stages
from tests.faults.process import kill, run, seconds
from tests.faults.record import Installation

_SHARES = {"publish": 0.35, "gate": 0.2, "migrate": 0.25, "crawl": 0.2}


def main() -> int:
    """Run all stages on one database."""
    parser = argparse.ArgumentParser(prog="python -m tests.faults", description=__doc__)
    parser.add_argument("--kills", type=int, default=200)
    parser.add_argument("--database", default="sqlite", help="sqlite, or a PostgreSQL URL")
    parser.add_argument("--stage", choices=sorted(_SHARES), action="append")
    parser.add_argument("--seed", type=int, default=1)
    asked = parser.parse_args()
    chance = random.Random(asked.seed)
    home = Path(tempfile.mkdtemp(prefix="netzlotse-faults-"))
    broken = 0
    try:
        with _site(home) as declared:
            known = {
                "publish": stages.Publish(), "gate": stages.Gate(), "migrate": stages.Migrate(),
                "crawl": stages.Crawl(declared),
            }  # fmt: skip
            for name in asked.stage or _SHARES:
                times = max(1, round(asked.kills * _SHARES[name]))
                if asked.stage:
                    times = asked.kills
                broken += _disturb(known[name], home / name, asked.database, times, chance)
    finally:
        shutil.rmtree(home, ignore_errors=True)
    return 1 if broken else 0


def _disturb(
    stage: stages.Stage, home: Path, database: str, times: int, chance: random.Random
) -> int:
    """Kill a stage so many times; how often it was not as if nothing had happened."""
    start = time.monotonic()
    home.mkdir()
    template = _installation(home / "template", database, stage.name)
    run(lambda: stage.prepare(template))
    calm = run(lambda: _copied(template, home / "calm"))
    undisturbed = Installation(Path(calm[0]), calm[1], template.sources)
    longest = seconds(lambda: stage.work(undisturbed))
    expected = run(lambda: stage.state(undisturbed))
    told = stages.check(stage, undisturbed, expected, again=False)
    killed, faults = 0, [f"undisturbed: {line}" for line in told]
    for number in range(times):
        data, url = run(lambda number=number: _copied(template, home / f"{stage.name}-{number}"))
        one = Installation(Path(data), url, template.sources)
        after = chance.uniform(0, longest)
        killed += kill(
            lambda one=one: stage.work(one), after, lambda child, n=number: stage.aim(child, n)
        )
        found = stages.check(stage, one, expected, again=True)
        faults += [f"kill {number} after {after * 1000:.0f} ms: {line}" for line in found]
        run(one.drop)
    for one in (undisturbed, template):
        run(one.drop)
    kind = "sqlite" if database == "sqlite" else "postgresql"
    line = {
        "database": kind, "stage": stage.name, "kills": times, "before_the_end": killed,
        "undisturbed_ms": round(longest * 1000), "seconds": round(time.monotonic() - start),
        "broken": len(faults), "faults": faults[:5],
    }  # fmt: skip
    sys.stdout.write(json.dumps(line, ensure_ascii=False) + "\n")
    sys.stdout.flush()
    return len(faults)


def _installation(data: Path, database: str, name: str) -> Installation:
    data.mkdir()
    if database == "sqlite":
        return Installation(data)
    url = make_url(database).set(database=f"faults_{name}")

    def create() -> None:
        admin = create_engine(database, isolation_level="AUTOCOMMIT")
        with admin.connect() as connection:
            connection.execute(text(f'DROP DATABASE IF EXISTS "{url.database}" WITH (FORCE)'))
            connection.execute(text(f'CREATE DATABASE "{url.database}"'))
        admin.dispose()

    run(create)
    return Installation(data, url.render_as_string(hide_password=False))


def _copied(template: Installation, data: Path) -> tuple[str, str | None]:
    copied = template.copy(data)
    return str(copied.data), copied.database_url


@contextmanager
def _site(home: Path) -> Iterator[Path]:
    """A small site, served by a process of its own; the folder that declares it."""
    with subprocess.Popen(
        [sys.executable, "-m", "tests.faults.site"], stdout=subprocess.PIPE, text=True
    ) as server:
        assert server.stdout is not None
        try:
            address = server.stdout.readline().strip()
            folder = home / "sources"
            folder.mkdir()
            (folder / "netz.yml").write_text(
                f'id: netz\ntitle: Netz\nregion: "11003"\nstart: [{address}/]\n', "utf-8"
            )
            yield folder
        finally:
            server.kill()


if __name__ == "__main__":
    sys.exit(main())
