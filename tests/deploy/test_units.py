"""What is delivered names what there is (verbs, settings, metrics), and holds what it promises."""

from __future__ import annotations

import re
import shlex
import shutil
import subprocess
import sys
from datetime import UTC, datetime
from pathlib import Path

import pytest
import yaml
from fastapi.testclient import TestClient
from typer.main import get_command

import netzlotse
from aggregator.settings import PREFIX, Settings
from aggregator.store.engine import connect
from aggregator.store.schema import migrate
from aggregator.store.tables import SourceRow
from aggregator.store.transaction import publishing
from api.app import create_app

ROOT = Path(__file__).parent.parent.parent
DEPLOY = ROOT / "deploy"
UNITS = sorted(path.name for path in (DEPLOY / "systemd").glob("*.service"))
TEXTS = sorted(path for path in DEPLOY.rglob("*") if path.is_file())
_WORST = 20  # tenths of systemd's exposure level: its "OK" ends at 49, "unsafe" is 90


@pytest.mark.parametrize("path", TEXTS, ids=lambda path: path.name)
def test_every_setting_that_is_named_exists(path: Path) -> None:
    named = set(re.findall(rf"\b{PREFIX}([A-Z_]+)\b", path.read_text("utf-8")))
    assert {name.lower() for name in named} - set(Settings.model_fields) == set()


def test_the_settings_that_are_delivered_can_be_read() -> None:
    """Those that are commented out, too."""
    lines = (DEPLOY / "netzlotse.env").read_text("utf-8").splitlines()
    told = dict(
        line.removeprefix("#").split("=", 1) for line in lines if re.match(rf"#?{PREFIX}", line)
    )
    told[f"{PREFIX}ADMIN_TOKEN"] = "anna:0123456789abcdef"  # nothing can stand there that is one
    read = Settings(**{name.removeprefix(PREFIX).lower(): value for name, value in told.items()})
    assert read.hosts == ("portal.example",)


def parse(command: str) -> None:
    """Look whether there is such a verb, with such arguments."""
    name, *rest = shlex.split(re.sub(r"\$\(.*?\)", "today", command))
    verb = get_command(netzlotse.app).commands[name]  # type: ignore[attr-defined]
    verb.make_context(name, rest)


@pytest.mark.parametrize("unit", UNITS)
def test_every_unit_starts_a_verb_that_exists(unit: str) -> None:
    text = (DEPLOY / "systemd" / unit).read_text("utf-8").replace("%i", "8000")
    started = re.findall(r"(?m)^ExecStart=.*?/\.venv/bin/netzlotse (.+?)'?$", text)
    assert started
    for command in started:
        parse(command)


@pytest.mark.skipif(not shutil.which("systemd-analyze"), reason="systemd is not installed")
@pytest.mark.parametrize("unit", UNITS)
def test_systemd_takes_the_units_and_shuts_them_in(unit: str, tmp_path: Path) -> None:
    there = tmp_path / "etc/systemd/system"
    shutil.copytree(DEPLOY / "systemd", there)
    shutil.copytree("/usr/lib/systemd/system", tmp_path / "usr/lib/systemd/system", symlinks=True)
    for program in ("opt/netzlotse/current/.venv/bin/netzlotse", "bin/sh"):
        (tmp_path / program).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / program).write_text("#!/bin/sh\n")
        (tmp_path / program).chmod(0o755)
    name = unit.replace("@", "@8000")
    timer = there / unit.replace(".service", ".timer")
    for one in [name, *([timer.name] if timer.exists() else [])]:
        done = _analyze(tmp_path, "verify", "--man=no", one)
        assert (done.returncode, done.stdout + done.stderr) == (0, "")
    done = _analyze(tmp_path, "security", "--offline=true", f"--threshold={_WORST}", name)
    assert done.returncode == 0, done.stdout[-300:]


def _analyze(root: Path, what: str, *more: str) -> subprocess.CompletedProcess[str]:
    command = ["systemd-analyze", what, f"--root={root}", *more]
    return subprocess.run(command, check=False, capture_output=True, text=True)


@pytest.mark.postgres
def test_alarms_watch_metrics_that_exist(postgres_database: str, tmp_path: Path) -> None:
    rules = yaml.safe_load((DEPLOY / "prometheus" / "alerts.yml").read_text("utf-8"))
    rules = rules["groups"][0]["rules"]
    watched = {name for rule in rules for name in re.findall(r"\bnetzlotse_\w+", rule["expr"])}
    assert len(watched) > 8
    settings = Settings(data_dir=tmp_path, database_url=postgres_database)
    engine = connect(settings.database)
    migrate(engine)
    with publishing(engine) as session:
        session.add(SourceRow(id="a", title="A", region="11", last_accepted_at=datetime.now(UTC)))
    engine.dispose()
    client = TestClient(create_app(settings), client=("127.0.0.1", 50_000))
    client.get("/")
    told = re.findall(r"(?m)^(\w+)[ {]", client.get("/metrics").text)
    assert watched - set(told) == {"netzlotse_replica_lag_seconds"}  # where a replica is read
    assert all(rule["annotations"]["summary"] for rule in rules)


def test_what_the_image_holds_is_all_of_the_program(tmp_path: Path) -> None:
    """What the Dockerfile copies is installed as it does that, and run away from here."""
    text = (DEPLOY / "Dockerfile").read_text("utf-8")
    copied = re.findall(r"(?m)^COPY (?!--from)(.+) (/build/\S*)$", text)
    assert len(copied) > 4
    wanted = (DEPLOY / "Dockerfile.dockerignore").read_text("utf-8").splitlines()
    for sources, target in copied:
        for source in sources.split():
            assert f"!{source}" in wanted
            to = tmp_path / target.strip("/") / ("" if (ROOT / source).is_dir() else source)
            if (ROOT / source).is_dir():
                shutil.copytree(
                    ROOT / source, to, ignore=shutil.ignore_patterns("__pycache__"),
                    dirs_exist_ok=True,
                )  # fmt: skip
            else:
                to.parent.mkdir(parents=True, exist_ok=True)
                shutil.copy(ROOT / source, to)
    (install,) = re.findall(
        r"pip install (--no-cache-dir --no-deps .+) /build$", text, re.MULTILINE
    )
    subprocess.run(
        [sys.executable, "-m", "pip", "install", "--quiet", *install.split(),
         "--target", tmp_path / "installed", tmp_path / "build"],
        check=True,
    )  # fmt: skip
    told = {
        "PYTHONPATH": str(tmp_path / "installed"), "NETZLOTSE_DATA_DIR": str(tmp_path / "data"),
        "PATH": "/usr/bin:/bin",
    }  # fmt: skip
    run = [sys.executable, "-P", "-m", "netzlotse"]
    for verb in ("sources", "migrate", "search Schulden"):
        subprocess.run([*run, *verb.split()], env=told, cwd=tmp_path, check=True)
    asked = (
        "import netzlotse; from pathlib import Path; "
        "assert Path(netzlotse.__file__).parent.name == 'installed', netzlotse.__file__; "
        "from aggregator.settings import Settings; from api.app import create_app; "
        "from fastapi.testclient import TestClient; "
        "assert TestClient(create_app(Settings())).get('/').status_code == 200"
    )
    subprocess.run([sys.executable, "-P", "-c", asked], env=told, cwd=tmp_path, check=True)


@pytest.mark.parametrize("page", ["installation.md", "backup.md", "operators.md"])
def test_the_guides_name_files_that_are_delivered(page: str) -> None:
    text = (ROOT / "docs" / page).read_text("utf-8")
    named = set(re.findall(r"(?<!tests/)\bdeploy/[\w./-]+\w", text))
    assert [name for name in named if not (ROOT / name).exists()] == []
    units = set(re.findall(r"\bnetzlotse-\w+(?:@8000)?(?:\.timer)?\b", text))
    there = {path.name for path in (DEPLOY / "systemd").iterdir()} | {
        path.name for path in DEPLOY.rglob("*.conf")
    }
    for unit in units - {"netzlotse-alerts"}:
        name = unit.replace("@8000", "@")
        assert any(known.startswith(name) for known in there), unit
