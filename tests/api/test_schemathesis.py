"""Both APIs against their own descriptions over real HTTP, with every check of Schemathesis.

`NETZLOTSE_TEST_EXAMPLES` sets how many requests are made up for each operation, half of them wrong.
"""

from __future__ import annotations

import os
from typing import Any

import pytest
import schemathesis
from hypothesis import HealthCheck, Phase, given, settings
from schemathesis import GenerationMode

from api.commands.openapi import descriptions

_BOUNDED = settings(
    max_examples=int(os.environ.get("NETZLOTSE_TEST_EXAMPLES", "10")) // 2,
    deadline=None,
    derandomize=True,
    database=None,
    phases=(Phase.explicit, Phase.generate),
    suppress_health_check=list(HealthCheck),
)
_BASE = {"openapi.json": "", "hsds.openapi.json": "/hsds"}


def operations() -> list[Any]:
    return [
        pytest.param(_BASE[name], found.ok(), id=f"{_BASE[name] or '/api'} {found.ok().label}")
        for name, description in descriptions().items()
        for found in schemathesis.openapi.from_dict(
            {**description, "servers": [{"url": "/"}]}
        ).get_all_operations()
    ]


def _can_be_asked_wrongly(operation: Any) -> bool:
    """Any text is a parameter of a path; a route without others takes everything."""
    return bool([*operation.query] or [*operation.body])


@pytest.mark.parametrize("mode", list(GenerationMode))
@pytest.mark.parametrize(("base", "operation"), operations())
def test_operation(base: str, operation: Any, mode: GenerationMode, portal: str) -> None:
    if mode is GenerationMode.NEGATIVE and not _can_be_asked_wrongly(operation):
        return
    cases = operation.as_strategy(generation_mode=mode)

    @_BOUNDED
    @given(case=cases)
    def asked(case: schemathesis.Case) -> None:
        case.call_and_validate(base_url=f"{portal}{base}")

    asked()
