"""Both APIs against their own descriptions over real HTTP, with every check of Schemathesis.

`NETZLOTSE_TEST_EXAMPLES` sets how many requests are made up for each operation, half of them wrong.
"""

from __future__ import annotations

import os
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import pytest
import schemathesis
from fastapi import FastAPI
from hypothesis import HealthCheck, Phase, given, settings
from schemathesis import GenerationMode

from aggregator.settings import Settings
from api.app import create_app
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


def pages() -> list[Any]:
    """Pages with what each takes, described for this test alone: they are no part of the API."""
    described = FastAPI()
    with TemporaryDirectory() as home:
        for route in create_app(Settings(data_dir=Path(home))).routes:
            context = getattr(route, "include_context", None)
            if context is not None and not context.include_in_schema:
                described.include_router(context.included_router)
    found = schemathesis.openapi.from_dict({**described.openapi(), "servers": [{"url": "/"}]})
    asked = [one.ok() for one in found.get_all_operations()]
    return [pytest.param(one, id=one.label) for one in asked if one.method.upper() == "GET"]


@pytest.mark.parametrize("mode", list(GenerationMode))
@pytest.mark.parametrize("operation", pages())
def test_a_page_is_shown_or_says_why_not(operation: Any, mode: GenerationMode, portal: str) -> None:
    if mode is GenerationMode.NEGATIVE and not _can_be_asked_wrongly(operation):
        return

    @_BOUNDED
    @given(case=operation.as_strategy(generation_mode=mode))
    def asked(case: schemathesis.Case) -> None:
        answer = case.call(base_url=portal)
        assert answer.status_code in {200, 303, 307, 308, 400, 404, 410, 414, 422, 501}, (
            case.as_curl_command()
        )
        assert answer.headers["x-content-type-options"] == ["nosniff"]

    asked()
