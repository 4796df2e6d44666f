"""Snapshots of the index in the store: a new node copies one instead of building its own.

    snapshots/<versions>/…   a `Mirror` of one generation, for each version of what builds an index

Old and new code side by side keep one each. A snapshot is only a start: whatever it lacks comes
from the change log, and one that is damaged or of other versions is as none.
"""

from __future__ import annotations

import logging
from dataclasses import asdict
from datetime import datetime, timedelta
from pathlib import Path

from aggregator.index.directory import EngineName, adopting, fingerprint, frozen, read_state
from aggregator.mirror import DamagedError, Mirror
from crawlers.depot import Depot

logger = logging.getLogger(__name__)

_HOME = "snapshots"
_FORGOTTEN = timedelta(days=14)
"""After so long without a new state, a snapshot of other versions is nobody's any more."""


def save(folder: Path, depot: Depot, kind: EngineName) -> int | None:
    """Write the index of this machine to the store; the change that the snapshot stands at.

    None where there is no index yet. Only one machine at a time may. Raises DepotError, OSError.
    """
    with frozen(folder, kind) as found:
        if found is None:
            return None
        copy, state = found
        _mirror(depot, kind).write(copy, asdict(state))
        return state.seq


def saved_seq(depot: Depot, kind: EngineName) -> int | None:
    """The change that the snapshot for this version stands at; None where there is none.

    Raises DepotError.
    """
    try:
        listed = _mirror(depot, kind).listed()
        return int(listed.told["seq"]) if listed else None
    except (DamagedError, KeyError, ValueError, TypeError):
        return None


def take_over(folder: Path, depot: Depot, kind: EngineName) -> int | None:
    """Where this machine has no index that can be used, make the snapshot its index.

    The change it stands at; None where there is an index already, or no snapshot that can be
    used: then the record has to be read. Raises DepotError, OSError.
    """
    with adopting(folder, kind) as generation:
        if generation is None:
            return None
        try:
            _mirror(depot, kind).copy(generation)
        except DamagedError as error:
            logger.warning("the snapshot of the index is not used: %s", error)
            return None
    state = read_state(folder)
    return state.seq if state else None


def forget(depot: Depot, kind: EngineName, now: datetime) -> None:
    """Delete snapshots of versions that nobody writes any more. Raises DepotError."""
    ours = _mirror(depot, kind).name
    names = {"/".join(entry.name.split("/")[:2]) for entry in depot.entries(_HOME)}
    for name in sorted(names - {ours}):
        mirror = Mirror(depot, name)
        written = mirror.written_at()
        if written is None or now - written > _FORGOTTEN:
            mirror.remove()


def _mirror(depot: Depot, kind: EngineName) -> Mirror:
    return Mirror(depot, f"{_HOME}/{fingerprint(kind)}")
