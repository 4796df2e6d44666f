"""Leases on a real PostgreSQL, by two that know nothing of each other."""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta

import pytest
import time_machine
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import Engine, text
from sqlmodel import Session

from aggregator.store.engine import connect
from aggregator.store.lease import (
    Lease,
    LeaseLostError,
    LeaseTakenError,
    OvertakenError,
    is_taken,
    last_token,
    note_taken_in,
    release,
    renew,
    require,
    take,
    taken_in,
)
from aggregator.store.schema import migrate

pytestmark = pytest.mark.postgres
NETZ = "source netz"
_OTHERS = st.sampled_from(["anna", "bernd", "carla"])
_DEEDS = st.tuples(_OTHERS, st.sampled_from(["take", "renew", "release", "publish", "time passes"]))


@pytest.fixture
def pair(postgres_database: str) -> Iterator[tuple[Engine, Engine]]:
    one, two = connect(postgres_database), connect(postgres_database)
    migrate(one)
    yield one, two
    one.dispose()
    two.dispose()


def pass_time(engine: Engine, name: str = NETZ) -> None:
    """Let the life of a lease be over, by the clock that counts."""
    query = text("UPDATE lease SET until = clock_timestamp() - interval '1 ms' WHERE name = :name")
    with engine.begin() as connection:
        connection.execute(query, {"name": name})


def publish(engine: Engine, lease: Lease, begun: int | None = None) -> None:
    with Session(engine) as session, session.begin():
        note_taken_in(session, lease, lease.token if begun is None else begun)


def test_one_holds_and_the_other_is_told_who(pair: tuple[Engine, Engine]) -> None:
    one, two = pair
    leases = take(one, [NETZ, "host b", "host a"], "eins, process 1", 60)
    assert [lease.name for lease in leases] == ["host a", "host b", NETZ]
    with pytest.raises(LeaseTakenError, match="eins, process 1"):
        take(two, ["host c", "host b"], "zwei", 60)
    assert not is_taken(two, "host c"), "all of them, or none"
    release(one, leases)
    assert {lease.token for lease in take(two, ["host a", NETZ], "zwei", 60)} == {2}


def test_of_many_at_once_one_takes_it(pair: tuple[Engine, Engine]) -> None:
    def attempt(number: int) -> bool:
        try:
            take(pair[number % 2], [NETZ, "host a"], str(number), 60)
        except LeaseTakenError:
            return False
        return True

    with ThreadPoolExecutor(8) as pool:
        assert sum(pool.map(attempt, range(24))) == 1


@pytest.mark.parametrize("skew", [timedelta(days=-400), timedelta(hours=3)])
def test_the_clock_of_who_asks_does_not_matter(
    pair: tuple[Engine, Engine], skew: timedelta
) -> None:
    one, two = pair
    (lease,) = take(one, [NETZ], "eins", 60)
    with time_machine.travel(datetime.now(UTC) + skew):
        with pytest.raises(LeaseTakenError):
            take(two, [NETZ], "zwei", 60)
        assert renew(one, [lease], 60)
        assert is_taken(two, NETZ)


def test_who_comes_back_too_late_writes_nothing(pair: tuple[Engine, Engine]) -> None:
    one, two = pair
    (old,) = take(one, [NETZ], "eins", 60)
    pass_time(two)
    publish(one, old)  # its time was over, but nobody was harmed: the row was locked meanwhile
    (new,) = take(two, [NETZ], "zwei", 60)
    with pytest.raises(LeaseLostError, match="zwei"):
        publish(one, old)
    assert not renew(one, [old], 60)
    release(one, [old])
    assert is_taken(one, NETZ), "what is somebody else's is left alone"
    publish(two, new)
    assert (taken_in(one, NETZ), last_token(one, NETZ)) == (2, 2)


def test_nobody_takes_what_is_being_published(pair: tuple[Engine, Engine]) -> None:
    one, two = pair
    (lease,) = take(one, [NETZ], "eins", 60)
    with Session(one) as session, session.begin():
        require(session, lease)
        pass_time_blocked = ThreadPoolExecutor(1).submit(take, two, [NETZ], "zwei", 60)
        with pytest.raises(LeaseTakenError):
            pass_time_blocked.result(10)
    pass_time(one)
    assert take(two, [NETZ], "zwei", 60)[0].token == 2


def test_an_older_run_does_not_follow_a_newer_one(pair: tuple[Engine, Engine]) -> None:
    one, two = pair
    (first,) = take(one, [NETZ], "eins", 60)
    pass_time(one)
    (second,) = take(two, [NETZ], "zwei", 60)
    release(two, [second])
    (third,) = take(one, [NETZ], "eins", 60)
    publish(one, third, begun=first.token)  # nothing newer is there: the run is not lost
    publish(one, third, begun=second.token)
    with pytest.raises(OvertakenError):
        publish(one, third, begun=first.token)
    assert taken_in(two, NETZ) == second.token


@settings(
    max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(deeds=st.lists(_DEEDS, max_size=25))
def test_whatever_happens_one_holds_and_tokens_grow(
    pair: tuple[Engine, Engine], deeds: list[tuple[str, str]]
) -> None:
    """Compared with a model of one holder, a token, and whether its time is over."""
    engine = pair[0]
    with engine.begin() as connection:
        connection.execute(text("DELETE FROM lease"))
    held: dict[str, Lease] = {}
    current, over = 0, True
    for who, deed in deeds:
        own = held.get(who)
        ours = own is not None and own.token == current
        if deed == "time passes":
            pass_time(engine)
            over = True
        elif deed == "take":
            try:
                (held[who],) = take(engine, [NETZ], who, 60)
            except LeaseTakenError:
                assert not over
            else:
                assert over
                current, over = current + 1, False
                assert held[who].token == current
        elif own is None:
            continue
        elif deed == "renew":
            assert renew(engine, [own], 60) is ours
            over = over and not ours
        elif deed == "release":
            release(engine, [own])
            over = over or ours
        elif ours:
            publish(engine, own)
        else:
            with pytest.raises(LeaseLostError):
                publish(engine, own)
