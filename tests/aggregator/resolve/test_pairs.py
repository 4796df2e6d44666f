"""Labelled pairs of listings: `truth`, and what a careful reader would leave to the queue."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
import yaml

from aggregator.listing import Listing
from aggregator.resolve.blocking import keys
from aggregator.resolve.comparison import Judgement, compare

PAIRS: list[dict[str, Any]] = yaml.safe_load(
    Path(__file__).with_name("pairs.yml").read_text("utf-8")
)


def _listing(pair: dict[str, Any], side: str) -> Listing:
    stated = pair.get("both", {}) | pair[side]
    return Listing.model_validate({"id": side, "source": side, "page_url": "/", **stated})


@pytest.mark.parametrize("pair", PAIRS, ids=[f"{p['truth']}: {p['why']}" for p in PAIRS])
def test_labelled_pair(pair: dict[str, Any]) -> None:
    left, right = _listing(pair, "left"), _listing(pair, "right")
    found = compare(left, right)
    if pair.get("missed"):
        assert found.judgement is not Judgement.SAME, "no longer missed: update pairs.yml"
        return
    allowed = {Judgement(pair["truth"])} | ({Judgement.UNSURE} if pair.get("queue") else set())
    assert found.judgement in allowed, f"{found.score} {found.reason}"
    if pair["truth"] == "same":
        assert keys(left) & keys(right), "would never be compared"


@pytest.mark.parametrize("pair", PAIRS, ids=[f"{p['truth']}: {p['why']}" for p in PAIRS])
def test_order_of_a_pair_changes_nothing(pair: dict[str, Any]) -> None:
    left, right = _listing(pair, "left"), _listing(pair, "right")
    assert compare(left, right) == compare(right, left)
