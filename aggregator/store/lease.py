"""Leases: what one process of a cluster may work on alone, for so long (PostgreSQL).

A lease is a row, so it outlives a lost connection, a pooler between and the promotion of a replica.
Whoever holds one has to renew it; when its time is over, anybody may take it. All times are those
of the database: the clock of a worker may be wrong. Each taking has a token higher than all before,
and a run is published only in a transaction that has seen the token of whoever publishes to be the
current one, so that somebody who was cut off and comes back can do no harm (Kleppmann, "How
to do distributed locking", 2016: fencing tokens).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, Engine, text
from sqlalchemy.exc import OperationalError
from sqlmodel import Session

_PATIENCE = 500  # milliseconds
_LOCK_NOT_AVAILABLE = "55P03"
_TAKE = text(
    """
INSERT INTO lease AS held (name, holder, token, until, taken_in)
VALUES (:name, :holder, 1, clock_timestamp() + make_interval(secs => :seconds), 0)
ON CONFLICT (name) DO UPDATE
SET holder = excluded.holder, token = held.token + 1, until = excluded.until
WHERE held.until <= clock_timestamp()
RETURNING token
"""
)
_RENEW = text(
    """
UPDATE lease SET until = clock_timestamp() + make_interval(secs => :seconds)
WHERE name = :name AND token = :token
"""
)
_HOST = "host "


class LeaseTakenError(Exception):
    """Somebody else holds a lease right now."""

    def __init__(self, name: str, holder: str) -> None:
        super().__init__(f"{name} is held by {holder}")
        self.name, self.holder = name, holder


class LeaseLostError(Exception):
    """Somebody else took a lease over; nothing of what was to be written was."""


class OvertakenError(Exception):
    """A later run of the source is in the record already, so that this one may not go in."""


@dataclass(frozen=True, slots=True)
class Lease:
    """A lease that was taken. `token` tells this taking from all others of its name."""

    name: str
    token: int


def source_lease(source_id: str) -> str:
    """The name of the lease of a source: one run of it at a time."""
    return f"source {source_id}"


def host_lease(host: str) -> str:
    """The name of the lease of a host: one crawl of it at a time, of whatever sources."""
    return f"{_HOST}{host}"


def take(engine: Engine, names: Sequence[str], holder: str, seconds: float) -> tuple[Lease, ...]:
    """Take leases for so many seconds: all of them, or none.

    Raises LeaseTakenError, which names one that somebody holds.
    """
    with engine.begin() as connection:
        # Whoever publishes keeps the row of its lease locked, for as long as that takes.
        connection.execute(text(f"SET LOCAL lock_timeout = {_PATIENCE}"))
        return tuple(
            # In one order for all, so that nobody waits in a circle.
            Lease(name, _taken(connection, name, holder, seconds))
            for name in sorted(names)
        )


def _taken(connection: Connection, name: str, holder: str, seconds: float) -> int:
    values = {"name": name, "holder": holder, "seconds": seconds}
    try:
        token: int | None = connection.scalar(_TAKE, values)
    except OperationalError as error:
        if getattr(error.orig, "sqlstate", None) != _LOCK_NOT_AVAILABLE:
            raise
        raise LeaseTakenError(name, "somebody who is publishing") from error
    if token is None:
        query = text("SELECT holder FROM lease WHERE name = :name")
        raise LeaseTakenError(name, connection.scalar(query, {"name": name}) or "?")
    return token


def renew(engine: Engine, leases: Sequence[Lease], seconds: float, rest: float = 0.0) -> bool:
    """Make leases last for so many seconds from now; False where one is somebody else's by now.

    One whose time was over is renewed too, as long as nobody took it meanwhile. Those of hosts last
    for `rest` seconds more, the time between two requests: whoever comes next cannot know when the
    last one was.
    """
    with engine.begin() as connection:
        return all(
            connection.execute(
                _RENEW,
                {
                    "name": lease.name,
                    "token": lease.token,
                    "seconds": seconds + rest_of(lease.name, rest),
                },
            ).rowcount
            for lease in sorted(leases, key=lambda one: one.name)
        )


def release(engine: Engine, leases: Sequence[Lease], rest: float = 0.0) -> None:
    """Let others take leases at once, those of hosts after `rest` seconds.

    Those that are somebody else's by now are left alone.
    """
    renew(engine, leases, 0.0, rest)


def rest_of(name: str, seconds: float) -> float:
    """For how long what was held is left alone afterwards: `seconds` for a host, 0 for others."""
    return seconds if name.startswith(_HOST) else 0.0


def is_taken(engine: Engine, name: str) -> bool:
    """Whether somebody holds a lease right now."""
    query = text("SELECT 1 FROM lease WHERE name = :name AND until > clock_timestamp()")
    with engine.connect() as connection:
        return connection.scalar(query, {"name": name}) is not None


def held(engine: Engine) -> frozenset[str]:
    """The names of all leases that somebody holds right now."""
    query = text("SELECT name FROM lease WHERE until > clock_timestamp()")
    with engine.connect() as connection:
        return frozenset(connection.scalars(query))


def require(session: Session, lease: Lease) -> None:
    """Make sure that a lease is still ours until the transaction of `session` ends.

    Nobody can take it before that. Raises LeaseLostError where somebody did.
    """
    query = text("SELECT token, holder FROM lease WHERE name = :name FOR UPDATE")
    row = session.execute(query, {"name": lease.name}).one_or_none()
    if row is None or row.token != lease.token:
        by = row.holder if row else "nobody"
        raise LeaseLostError(f"{lease.name} was taken over by {by}")


def note_taken_in(session: Session, lease: Lease, begun_under: int) -> None:
    """Note that a run goes into the record that was begun under a token of this lease's name.

    Raises OvertakenError where one goes before it that was begun later, and LeaseLostError.
    """
    require(session, lease)
    noted = session.execute(
        text("UPDATE lease SET taken_in = :begun WHERE name = :name AND taken_in <= :begun"),
        {"name": lease.name, "begun": begun_under},
    )
    if not noted.rowcount:  # type: ignore[attr-defined]
        raise OvertakenError(f"{lease.name}: a later run was taken in before this one")


def require_latest(session: Session, lease: Lease, begun_under: int) -> None:
    """Make sure that no run is in the record that was begun later.

    Raises OvertakenError where one is, and LeaseLostError as `require` does.
    """
    require(session, lease)
    query = text("SELECT taken_in FROM lease WHERE name = :name")
    if session.execute(query, {"name": lease.name}).scalar_one() > begun_under:
        raise OvertakenError(f"{lease.name}: a later run was taken in before this one")


def taken_in(engine: Engine, name: str) -> int:
    """The highest token under which a run was begun that is in the record; 0 where none was."""
    return _number(engine, "taken_in", name)


def all_taken_in(connection: Connection) -> dict[str, int]:
    """As `taken_in`, of every source by its id."""
    query = text("SELECT name, taken_in FROM lease WHERE starts_with(name, :kind)")
    kind = source_lease("")
    rows = connection.execute(query, {"kind": kind})
    return {row.name.removeprefix(kind): row.taken_in for row in rows}


def clock(connection: Connection) -> datetime:
    """What time it is, by the clock of the database."""
    now: datetime = connection.execute(text("SELECT clock_timestamp()")).scalar_one()
    return now


def last_token(engine: Engine, name: str) -> int:
    """The token of the last taking of a lease; 0 where it was never taken."""
    return _number(engine, "token", name)


def _number(engine: Engine, column: str, name: str) -> int:
    query = text(f"SELECT {column} FROM lease WHERE name = :name")  # noqa: S608 - one of ours
    with engine.connect() as connection:
        return connection.scalar(query, {"name": name}) or 0
