"""A few made sites over some months; `netzlotse bench year` is the whole proof."""

from __future__ import annotations

from aggregator.bench.year import run
from aggregator.places.places import load_gazetteer


def test_nothing_valid_is_withdrawn_and_every_break_is_reported_once() -> None:
    year = run(4, 90, load_gazetteer(), seed=3)
    assert year.good, year
    assert year.removed > 0
    assert year.breaks > 0
    assert year.recoveries > 0
