"""Opening the record for a verb."""

from __future__ import annotations

from sqlalchemy import Engine
from sqlalchemy.exc import OperationalError, ProgrammingError

from aggregator.concealing import concealed
from aggregator.settings import Settings, SettingsError
from aggregator.store.engine import connect
from aggregator.store.schema import make_ready


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
