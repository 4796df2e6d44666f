"""The made site, and that a harvest of it reaches all of it."""

from __future__ import annotations

from aggregator.bench import harvest
from aggregator.bench.pages import address, make_page, number_of


def test_pages_are_of_the_size_of_real_ones_and_always_the_same():
    for number in (0, 7, 21, 22, 30, 39):
        page = make_page(number, 500)
        assert 49_000 <= len(page) <= 80_000
        assert page == make_page(number, 500)
        assert number_of(address(number)) == number
    assert number_of("/impressum/") is None


def test_every_page_is_reached_and_weighed():
    pace = harvest.memory(40)
    assert pace.pages == 40
    assert pace.seconds > 0
    assert 50 < pace.peak_mib < 400
