"""A small site that was crawled once; every test gets a copy of the installation of its own."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import TypeVar

import pytest
from sqlalchemy import inspect
from sqlmodel import Session, SQLModel, select

from aggregator.settings import Settings
from crawlers.source import Source, load_sources
from schedules.runner import Runner, open_runner
from tests.crawlers.test_crawl import OFFERS, page
from tests.default_record import copy_record
from tests.loopback import serve

_Row = TypeVar("_Row", bound=SQLModel)
_DECLARATION = """
id: netz
title: Netz
region: "11003"
start: [{start}]
"""


@dataclass
class Site:
    """An installation that harvested one site of three offers. The site is gone by now."""

    settings: Settings
    runner: Runner
    source: Source

    def rows(self, table: type[_Row]) -> list[_Row]:
        with Session(self.runner.engine) as session:
            return list(session.exec(select(table).order_by(*inspect(table).primary_key)))


def _settings(home: Path) -> Settings:
    return Settings(
        data_dir=home / "data",
        sources=home / "sources",
        download_delay=0,
        allowed_private_hosts=("127.0.0.1",),
    )


@pytest.fixture(scope="session")
def _harvested(tmp_path_factory: pytest.TempPathFactory) -> Path:
    home = tmp_path_factory.mktemp("harvested")
    (home / "sources").mkdir()
    with serve({"/": page(OFFERS, ETag='"1"')}) as server:
        text = _DECLARATION.format(start=f"{server.base_url}/")
        (home / "sources" / "netz.yml").write_text(text, "utf-8")
        runner = open_runner(_settings(home))
        (source,) = load_sources(home / "sources")
        assert runner.run(source).counts["added"] == 3
        runner.engine.dispose()
    return home


@pytest.fixture
def site(_harvested: Path, tmp_path: Path) -> Iterator[Site]:
    shutil.copytree(_harvested, tmp_path / "home")
    copy_record(_harvested / "data", tmp_path / "home" / "data")
    settings = _settings(tmp_path / "home")
    runner = open_runner(settings)
    (source,) = load_sources(settings.sources)
    yield Site(settings, runner, source)
    runner.engine.dispose()
