"""What taking in corrections needs: guards against floods, and how values are spelt in a form."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from fastapi import Request

from aggregator.correction.aspect import ASPECTS, shown
from api import facts, german, labels
from api.problems import Problem, ProblemType
from api.spamguard import SpamGuard
from api.throttle import Throttle


@dataclass(frozen=True)
class Reception:
    """The guards of one application."""

    guard: SpamGuard = field(default_factory=SpamGuard)
    hourly: Throttle = field(default_factory=lambda: Throttle(10, 3_600))
    daily: Throttle = field(default_factory=lambda: Throttle(40, 86_400))
    in_total: Throttle = field(default_factory=lambda: Throttle(300, 3_600))

    def admit(self, request: Request) -> None:
        """Count a proposal. Raises Problem (429) where one address, or all of them, sent many."""
        address = request.client.host if request.client else ""
        wait = max(self.hourly.wait(address), self.daily.wait(address), self.in_total.wait(""))
        if wait:
            minutes = german.counted(-(-wait // 60), "Minute", "Minuten")
            raise Problem(
                ProblemType.TOO_MANY_REQUESTS,
                f"Von hier kamen gerade sehr viele Hinweise. Bitte in {minutes} noch einmal "
                "versuchen.",
                f"Too many corrections from here. Try again in {wait} seconds.",
                headers={"Retry-After": str(wait)},
            )
        self.hourly.count(address)
        self.daily.count(address)
        self.in_total.count("")


def reception(request: Request) -> Reception:
    """The guards of the application that is asked."""
    found: Reception = request.app.state.reception
    return found


def in_words(values: Mapping[str, Any]) -> dict[str, str]:
    """What a listing or an offer says of each aspect, as a form shows it."""
    return {aspect.key: shown(aspect, values, spell) for aspect in ASPECTS}


def spell(name: str, value: Any) -> str:  # noqa: ANN401 - any field's
    """One value of a field as a person would type it."""
    if name == "phones":
        return german.phone(str(value))
    if name == "cost_amount":
        return f"{german.number(value)} Euro"
    if name in {"cost", "hours_qualifiers"}:
        return labels.value(name, value)
    return str(value)


def stated(values: Mapping[str, list[Any]]) -> str:
    """What a page says, from {field: [values]}, in words."""
    lines = [
        facts.spelt(name, value) for name, many in values.items() for value in many
        if name not in {"lat", "lon", "region_key", "hours_osm"}
    ]  # fmt: skip
    return ", ".join(dict.fromkeys(lines)) or "keine Angabe"
