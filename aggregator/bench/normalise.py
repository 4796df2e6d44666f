"""`bench normalise`: what is read of each record, how rightly, and how fast."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from dataclasses import dataclass
from functools import _lru_cache_wrapper

import phonenumbers

from aggregator.bench.extract import Benchmark, timed
from aggregator.normalise.context import Context
from aggregator.normalise.cues import Ear
from aggregator.normalise.offer import read_offer
from aggregator.places.places import Gazetteer
from crawlers.record import Record

LISTINGS = 2_000  # that a measurement reads at least
_ROOM = "aggregator.normalise"


@dataclass(frozen=True, slots=True)
class Speed:
    """Listings a second on one core, in processor time.

    `cold`: before each pass over the records all that is remembered of texts is forgotten, so that
    only what repeats within the records helps. `warm`: every text was read before. The fastest pass
    counts: what else the machine does can only slow one down.
    """

    listings: int
    cold: float
    warm: float


def speed(benchmark: Benchmark, gazetteer: Gazetteer) -> Speed | None:
    """Measure normalising of all records of a benchmark; None where there are none."""
    work = [one for site in benchmark.sites for one in site.work]
    if not work:
        return None
    passes = -(-LISTINGS // len(work))
    cold = []
    for _ in range(passes):
        _forget()
        cold.append(timed(work, gazetteer))
    warm = [timed(work, gazetteer) for _ in range(passes)]
    return Speed(passes * len(work), len(work) / min(cold), len(work) / min(warm))


def valid_phones(work: Sequence[tuple[Record, Context]], gazetteer: Gazetteer) -> tuple[int, int]:
    """How many of the telephone numbers read exist in their numbering plan, and how many were."""
    numbers = [
        phonenumbers.parse(str(number))
        for record, context in work
        for number in read_offer(record, context, gazetteer).values("phones")
    ]
    return sum(phonenumbers.is_valid_number(number) for number in numbers), len(numbers)


def _forget() -> None:
    """Empty the bounded caches of the readers: those hold texts, unbounded ones hold data files."""
    for name, module in list(sys.modules.items()):
        if name.startswith(_ROOM):
            for value in vars(module).values():
                if isinstance(value, _lru_cache_wrapper) and value.cache_parameters()["maxsize"]:
                    value.cache_clear()
                elif isinstance(value, Ear):
                    value.forget()
