"""Evidence for or against two listings being one offer."""

from __future__ import annotations

from typing import NamedTuple


class Evidence(NamedTuple):
    """What two listings agree or differ in.

    `points` is how many times the odds double (above 0) or halve (below), the unit of the
    Fellegi-Sunter model of record linkage; estimated by judgement, not trained.
    """

    points: float
    reason: str
