"""Normalising on several cores: what is read is what one process reads, whatever ends meanwhile."""

from __future__ import annotations

import time
from collections.abc import Sequence
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from aggregator import normaliser_pool
from aggregator.normalise.context import Context
from aggregator.normalise.site import Told, read_each
from aggregator.normalise.statement import Reading
from aggregator.normalise.withholding import withhold_all
from aggregator.normaliser_pool import read_together
from aggregator.places.places import load_gazetteer
from crawlers.record import Passage, Record, Role, Trust

CONTEXT = Context("netz", "05124", date(2026, 11, 20))
COUNT = 40


def record(number: int) -> Record:
    lines = (
        f"Lindenweg {number}, 42109 Wuppertal",
        f"Telefon: 0202 5550{number:02}",
        "Di 9-11 Uhr",
    )
    told = (Passage(Role.TITLE, f"Treff {number}", "h3"), *(Passage(Role.TEXT, t) for t in lines))
    return Record(f"/{number}", f"https://netz.example/{number}", told, "html@1", Trust.PAGE)


@pytest.fixture
def work() -> list[Told]:
    records = [record(number) for number in range(COUNT)]
    return list(zip(records, withhold_all(records), strict=True))


@pytest.fixture
def read_here(monkeypatch: pytest.MonkeyPatch) -> list[Told]:
    """What this process reads by itself; it is slow, has two cores, and few records are many."""
    told: list[Told] = []

    def slowly(work: Sequence[Told], *arguments: Any) -> list[Reading]:
        time.sleep(0.3)
        told.extend(work)
        return read_each(work, *arguments)

    monkeypatch.setattr(normaliser_pool, "_MANY", COUNT)
    monkeypatch.setattr(normaliser_pool, "_CHUNK", 2)
    monkeypatch.setattr(normaliser_pool, "_cores", lambda: 2)
    monkeypatch.setattr(normaliser_pool, "read_each", slowly)
    return told


def test_a_helper_reads_of_many_records_what_this_process_would(
    work: list[Told], read_here: list[Told]
) -> None:
    gazetteer = load_gazetteer()
    assert read_together(work, CONTEXT, gazetteer) == read_each(work, CONTEXT, gazetteer)
    assert 0 < len(read_here) < COUNT


@pytest.mark.parametrize("function", ["main", "read_each"])
def test_what_a_helper_that_ends_has_left_is_read_here(
    work: list[Told],
    read_here: list[Told],
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    function: str,
) -> None:
    """The fault is put into the helper by a module that Python loads at its start."""
    (tmp_path / "sitecustomize.py").write_text(
        "import os, sys\n"
        "def trace(frame, event, arg):\n"
        "    code = frame.f_code\n"
        f"    if code.co_name == {function!r} and 'normalise' in code.co_filename:\n"
        "        os._exit(9)\n"
        "sys.setprofile(trace)\n",
        "utf-8",
    )
    monkeypatch.setenv("PYTHONPATH", f"{tmp_path}")
    gazetteer = load_gazetteer()
    assert read_together(work, CONTEXT, gazetteer) == read_each(work, CONTEXT, gazetteer)
    assert len(read_here) == COUNT


def test_few_records_are_worth_no_process(
    work: list[Told], read_here: list[Told], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(normaliser_pool, "_Bench", None)
    few = work[:-1]
    gazetteer = load_gazetteer()
    assert read_together(few, CONTEXT, gazetteer) == read_each(few, CONTEXT, gazetteer)
