"""What all machines of an installation have, beside record and archive: through the store.

    suppression.key        the key of the suppression list
    releases/<id>/…        a `Mirror` of each release
    places/…               a `Mirror` of the imported place tables

Each machine works on its own copies, as a single one does. Without a store nothing happens here.
"""

from __future__ import annotations

import fcntl
import logging
import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from sqlmodel import Session, func, select

from aggregator.mirror import DamagedError, Mirror
from aggregator.release.edition import Release, exchange, is_id, releases
from aggregator.release.files import SUMS, file_hash
from aggregator.settings import Settings
from aggregator.store.tables import SuppressionRow
from aggregator.suppression import SuppressionError, make_key
from crawlers.depot import Depot, DepotError, MissingError, depot

logger = logging.getLogger(__name__)

_KEY, _PLACES, _RELEASES = "suppression.key", "places", "releases"


def key_of(settings: Settings) -> Path:
    """The file with the key of the suppression list, brought here where only others have it.

    It need not be there: then nobody has made one. Raises DepotError where the store does not
    answer, SuppressionError where this machine has another key than the others.
    """
    file = settings.suppression_key
    if not settings.store or file.exists():
        return file
    if (key := _shared_key(depot(settings.store))) is not None:
        _write_key(file, key)
    return file


def made_key(settings: Settings, session: Session) -> Path:
    """The same for who is about to add to the list: it is there, here and for all others.

    `session` is of the one publishing transaction, so that two machines do not make a key each.
    """
    file = key_of(settings)
    if not settings.store:
        return file
    store = depot(settings.store)
    shared = _shared_key(store)
    if file.exists():
        if shared is None:
            store.write(_KEY, file.read_bytes())
        elif shared.strip() != file.read_bytes().strip():
            raise SuppressionError(
                f"{file}: this machine has another key of the suppression list than {_KEY} in "
                f"{settings.store}: keep the one that the list was made with, on all machines"
            )
        return file
    if session.exec(select(func.count()).select_from(SuppressionRow)).one():
        raise SuppressionError(
            f"something is suppressed, and its key is neither at {file} nor in {settings.store}: "
            "put it back from a backup, or from the machine that has it"
        )
    make_key(file)
    try:
        store.write(_KEY, file.read_bytes())
    except BaseException:
        file.unlink()  # nobody else has it: nothing may be put on the list under it
        raise
    return file


def share_releases(settings: Settings) -> None:
    """Bring releases that others made, or rebuilt, here, and those of this machine to the store.

    Of two states of one release the one with more errata goes on. Raises DepotError, OSError.
    """
    if not settings.store:
        return
    store, home = depot(settings.store), settings.release_dir
    here = {one.id: one for one in releases(home)}
    for identity in sorted({*here, *_shared_releases(store)}):
        _share(Mirror(store, f"{_RELEASES}/{identity}"), here.get(identity), home, identity)


def share_places(settings: Settings) -> None:
    """Give the place tables that were imported on this machine to all others. Raises DepotError."""
    if settings.store and settings.places_dir.is_dir():
        Mirror(depot(settings.store), _PLACES).write(settings.places_dir, {})


def receive_places(settings: Settings) -> None:
    """Take the place tables that were last imported on any machine.

    Where the store does not answer those of this machine are used, which the log tells.
    """
    if not settings.store:
        return
    mirror, folder = Mirror(depot(settings.store), _PLACES), settings.places_dir
    try:
        with _alone(settings.data_dir) as part:
            if mirror.listed() is not None and not mirror.is_like(folder):
                mirror.copy(part, like=folder)
                shutil.rmtree(folder, ignore_errors=True)
                part.rename(folder)
    except DepotError as error:
        logger.warning("the place tables of this machine are used: %s", error)


def _share(mirror: Mirror, here: Release | None, home: Path, identity: str) -> None:
    listed = mirror.listed()
    errata = len(here.about["errata"]) if here else -1
    there = int(listed.told["errata"]) if listed else -1
    if here is not None and errata > there:
        mirror.write(here.folder, {"errata": errata})
        return
    if listed is None or (here and listed.files.get(SUMS) == file_hash(here.folder / SUMS)):
        return
    with exchange(home, identity) as part:
        if mirror.copy(part, like=here.folder if here else None) is None:
            raise DamagedError(f"{mirror.name} is not there any more")


def _shared_releases(store: Depot) -> set[str]:
    names = {entry.name.split("/")[1] for entry in store.entries(_RELEASES)}
    return {name for name in names if is_id(name)}


def _shared_key(store: Depot) -> bytes | None:
    try:
        return store.read(_KEY)
    except MissingError:
        return None


def _write_key(file: Path, key: bytes) -> None:
    file.parent.mkdir(parents=True, exist_ok=True)
    beside = file.with_name(f".{file.name}.{os.getpid()}")
    descriptor = os.open(beside, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(descriptor, "wb") as written:
        written.write(key)
        written.flush()
        os.fsync(written.fileno())
    beside.replace(file)


@contextmanager
def _alone(home: Path) -> Iterator[Path]:
    """An empty folder that one process of this machine at a time has; gone if it was not moved."""
    home.mkdir(parents=True, exist_ok=True)
    part = home / f".{_PLACES}.part"
    folder = os.open(home, os.O_RDONLY | os.O_DIRECTORY)
    try:
        fcntl.flock(folder, fcntl.LOCK_EX)
        shutil.rmtree(part, ignore_errors=True)
        part.mkdir()
        yield part
    finally:
        shutil.rmtree(part, ignore_errors=True)
        os.close(folder)
