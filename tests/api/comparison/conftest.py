"""The portal over the made record of the comparison, with a release of it."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from fastapi.testclient import TestClient

from api.app import create_app
from tests.aggregator.comparison.conftest import Comparison, compared
from tests.api.conftest import running

__all__ = ["compared"]


@pytest.fixture(scope="session")
def comparing(compared: Comparison) -> Iterator[TestClient]:
    with TestClient(create_app(compared.settings), raise_server_exceptions=False) as client:
        yield client


@pytest.fixture(scope="session")
def compared_portal(compared: Comparison) -> Iterator[str]:
    with running(compared.settings) as address:
        yield address
