"""The sample federation, running, and an installation of our own that harvests it."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from aggregator.settings import Settings
from crawlers.samples.federation import Federation

NETZLOTSE = [sys.executable, "-m", "netzlotse"]


@dataclass
class Installation:
    """A data folder, and `netzlotse` as an operator runs it there."""

    home: Path
    environment: dict[str, str]

    @property
    def settings(self) -> Settings:
        """What the environment sets."""
        prefix = "NETZLOTSE_"
        told = {k: v for k, v in self.environment.items() if k.startswith(prefix)}
        return Settings(**{k.removeprefix(prefix).lower(): v for k, v in told.items()})  # type: ignore[arg-type]

    def start(self, *arguments: str) -> subprocess.Popen[str]:
        """Start a verb and leave it running."""
        return subprocess.Popen(
            [*NETZLOTSE, *arguments],
            env=self.environment,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            start_new_session=True,
        )

    def run(self, *arguments: str, expect: int = 0) -> str:
        """Run a verb to its end; its standard output."""
        with self.start(*arguments) as process:
            out, err = process.communicate(timeout=280)
        assert process.returncode == expect, f"{arguments} ended with {process.returncode}: {err}"
        return out

    def crawl(self, *arguments: str, expect: int = 0) -> dict[str, dict[str, Any]]:
        """Crawl; the runs by source."""
        lines = self.run("crawl", *arguments, "--json", expect=expect).splitlines()
        return {run["source_id"]: run for run in map(json.loads, lines)}

    def listings(self) -> list[dict[str, Any]]:
        """What is exported."""
        self.run("export", str(self.home / "export"))
        lines = (self.home / "export" / "listings.jsonl").read_text("utf-8").splitlines()
        return [json.loads(line) for line in lines]

    def search(self, query: str) -> list[str]:
        """Titles that a search finds."""
        answer = json.loads(self.run("search", query, "--json", "--limit", "100"))
        return [item["title"] for item in answer["items"]]


def install(home: Path, federation: Federation, database_url: str = "") -> Installation:
    """Make an installation that may crawl the federation without waiting."""
    federation.write_sources(home / "sources")
    return installed(home, home / "sources", database_url)


def installed(home: Path, sources: Path, database_url: str = "") -> Installation:
    """One that may crawl what `sources` declare, on loopback, without waiting."""
    settings = {
        "NETZLOTSE_DATA_DIR": str(home / "data"),
        "NETZLOTSE_SOURCES": str(sources),
        "NETZLOTSE_DOWNLOAD_DELAY": "0",
        "NETZLOTSE_ALLOWED_PRIVATE_HOSTS": "127.0.0.1",
    }
    if database_url:
        settings["NETZLOTSE_DATABASE_URL"] = database_url
    kept = {k: v for k, v in os.environ.items() if not k.startswith("NETZLOTSE_")}
    return Installation(home, {**kept, **settings})


@pytest.fixture(scope="session")
def federation() -> Iterator[Federation]:
    """The sample sites, as they are; tests that change one start their own."""
    with Federation() as running:
        yield running


@pytest.fixture(scope="session")
def harvested(
    federation: Federation, tmp_path_factory: pytest.TempPathFactory
) -> tuple[Installation, dict[str, dict[str, Any]]]:
    """An installation that has crawled everything once, and the runs."""
    installation = install(tmp_path_factory.mktemp("federation"), federation)
    return installation, installation.crawl("--all")
