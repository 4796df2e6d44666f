from collections.abc import Iterator

import pytest

from crawlers.samples.federation import Federation


@pytest.fixture(scope="module")
def federation() -> Iterator[Federation]:
    with Federation() as running:
        yield running
