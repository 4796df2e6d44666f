"""Labelled pairs of listings: `truth`, and what a careful reader would leave to the queue."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
import yaml

from aggregator.listing import Listing
from aggregator.resolve.blocking import keys
from aggregator.resolve.comparison import Judgement, compare

FOLDER = Path(__file__).with_name("pairs")


@dataclass(frozen=True, slots=True)
class Pair:
    """Two listings. `queue`: the review queue is a right answer too; `missed`: a known limit."""

    truth: Judgement
    why: str
    left: Listing
    right: Listing
    queue: bool = False
    missed: bool = False


def _listing(side: str, *stated: dict[str, Any] | str) -> Listing:
    values: dict[str, Any] = {"id": side, "source": side, "page_url": "/"}
    for one in stated:
        values |= {"title": one} if isinstance(one, str) else one
    return Listing.model_validate({k: [] if v == "none" else v for k, v in values.items()})


def _full(data: list[dict[str, Any]]) -> Iterator[Pair]:
    for one in data:
        yield Pair(
            Judgement(one["truth"]),
            one["why"],
            _listing("left", one.get("both", {}), one["left"]),
            _listing("right", one.get("both", {}), one["right"]),
            bool(one.get("queue")),
            bool(one.get("missed")),
        )


def _short(data: dict[str, Any]) -> Iterator[Pair]:
    for truth, why, contact, left, right, *both in data["pairs"]:
        shared = data["contacts"][contact], *both
        yield Pair(
            Judgement(truth.rstrip("?!")),
            why,
            _listing("left", *shared, left),
            _listing("right", *shared, right),
            "?" in truth,
            "!" in truth,
        )


def _shortest(data: list[list[Any]]) -> Iterator[Pair]:
    for truth, both, left, right in data:
        titles = [{**both, **side}["title"] for side in (left, right)]
        yield Pair(
            Judgement(truth.rstrip("?!")),
            " | ".join(titles),
            _listing("left", both, left),
            _listing("right", both, right),
            "?" in truth,
            "!" in truth,
        )


def load(path: Path) -> list[Pair]:
    """The pairs of a file, in the form that its own comment tells."""
    data = yaml.safe_load(path.read_text("utf-8"))
    if isinstance(data, dict):
        return [*_short(data)]
    return [*(_full(data) if isinstance(data[0], dict) else _shortest(data))]


PAIRS = [pair for path in sorted(FOLDER.glob("*.yml")) for pair in load(path)]
IDS = [f"{pair.truth}: {pair.why}" for pair in PAIRS]


@pytest.mark.parametrize("pair", PAIRS, ids=IDS)
def test_labelled_pair(pair: Pair) -> None:
    found = compare(pair.left, pair.right)
    if pair.missed:
        assert found.judgement is not Judgement.SAME, "no longer missed: update the pair"
        return
    allowed = {pair.truth} | ({Judgement.UNSURE} if pair.queue else set())
    assert found.judgement in allowed, f"{found.score} {found.reason}"
    if pair.truth is Judgement.SAME:
        assert keys(pair.left) & keys(pair.right), "would never be compared"


@pytest.mark.parametrize("pair", PAIRS, ids=IDS)
def test_order_of_a_pair_changes_nothing(pair: Pair) -> None:
    assert compare(pair.left, pair.right) == compare(pair.right, pair.left)
