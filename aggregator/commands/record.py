"""Opening the record for a verb."""

from __future__ import annotations

from collections.abc import Callable

from sqlalchemy import Engine
from sqlalchemy.exc import OperationalError, ProgrammingError

from aggregator.concealing import concealed
from aggregator.settings import Settings, SettingsError
from aggregator.store.engine import connect
from aggregator.store.reading import Reading
from aggregator.store.schema import check, make_ready


def open_record(settings: Settings) -> Engine:
    """Connect to the record, with its tables in place.

    Raises SettingsError where the data folder cannot be written or the database not be reached,
    SchemaError where the record is of another version.
    """
    try:
        settings.data_dir.mkdir(parents=True, exist_ok=True)
        engine = connect(settings.database)
        make_ready(engine)
    except OSError as error:
        raise SettingsError(
            f"NETZLOTSE_DATA_DIR: {settings.data_dir}: {error.strerror}; name a folder that can be "
            "written"
        ) from error
    except (OperationalError, ProgrammingError) as error:
        where = concealed(settings.database)
        raise SettingsError(f"NETZLOTSE_DATABASE_URL: {where}: {error.orig}") from error
    return engine


def open_reading(settings: Settings, reached: Callable[[], int]) -> Reading:
    """The record for who reads it (see `Reading`); nothing is connected to before it is asked."""
    replica = connect(settings.read_database) if settings.read_database else None
    return Reading(connect(settings.database), replica, reached)


def make_readable(settings: Settings) -> None:
    """Make sure that there is a record of our version to read.

    Raises as `open_record` does, but where a replica can be read the primary may be away.
    """
    try:
        open_record(settings).dispose()
    except SettingsError:
        if settings.read_database is None:
            raise
        replica = connect(settings.read_database)
        try:
            check(replica)
        except OperationalError:
            pass
        else:
            return
        finally:
            replica.dispose()
        raise
