"""Statements name as many values as SQLite takes at least, and lose none."""

import sqlite3
from contextlib import closing

import pytest

from aggregator.store.binding import bindable


@pytest.mark.parametrize(("count", "times"), [(0, 1), (1, 1), (2_500, 1), (2_500, 2), (900, 1)])
def test_the_smallest_sqlite_takes_each_part_and_every_key_is_asked_for(
    count: int, times: int
) -> None:
    keys, found = list(range(count)), []
    with closing(sqlite3.connect(":memory:")) as base:
        base.setlimit(sqlite3.SQLITE_LIMIT_VARIABLE_NUMBER, 999)
        for part in bindable(keys, times):
            marks = ", ".join("?" * len(part))
            named = " OR ".join([f"1 IN ({marks})"] * times)
            base.execute(f"SELECT 1 WHERE {named}", [*part] * times)
            found += part
    assert found == keys
