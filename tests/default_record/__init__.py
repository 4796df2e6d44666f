"""The suite on PostgreSQL: where a test names no database, one there holds its record.

`NETZLOTSE_TEST_RECORD=postgresql pytest …` gives every data folder a database of its own instead of
a SQLite file, in this process and, through `sitecustomize`, in those that tests start.
"""

from __future__ import annotations

import hashlib
import os
import sys
from functools import cache
from importlib.abc import Loader, MetaPathFinder
from importlib.machinery import ModuleSpec, PathFinder
from pathlib import Path
from types import ModuleType
from typing import Any

SERVER = "TEST_RECORD_SERVER"
"""Environment variable with the URL of the server; not NETZLOTSE_…, which tests take away."""
_HERE = Path(__file__).parent


def prepare(server: str) -> None:
    """From now on records stand on this server, in processes that are started from here, too."""
    os.environ[SERVER] = server
    paths = (str(_HERE.parent.parent), str(_HERE), os.environ.get("PYTHONPATH", ""))
    os.environ["PYTHONPATH"] = os.pathsep.join(path for path in paths if path)
    install()


def install() -> None:
    """Let settings that name no database name one on the server, as soon as they are loaded."""
    if SERVER not in os.environ:
        return
    loaded = sys.modules.get("aggregator.settings")
    if loaded is not None:
        _patch(loaded)
    else:
        sys.meta_path.insert(0, _Finder())


def copy_record(origin: Path, copy: Path) -> None:
    """After a data folder was copied: copy its database, too. SQLite's is in the folder."""
    if SERVER in os.environ:
        _ask(f'DROP DATABASE IF EXISTS "{_name(copy)}" WITH (FORCE)')
        _ask(f'CREATE DATABASE "{_name(copy)}" TEMPLATE "{_name(origin)}"')


@cache
def database_of(folder: Path) -> str:
    """The URL of the database of a data folder, which is made where there is none."""
    # Every Python that starts loads this module: SQLAlchemy only where it is needed.
    from sqlalchemy import make_url  # noqa: PLC0415
    from sqlalchemy.exc import ProgrammingError  # noqa: PLC0415

    name = _name(folder)
    try:
        _ask(f'CREATE DATABASE "{name}"')
    except ProgrammingError as error:
        if "already exists" not in str(error):
            raise
    return make_url(os.environ[SERVER]).set(database=name).render_as_string(hide_password=False)


def _name(folder: Path) -> str:
    return f"data_{hashlib.sha256(str(folder.absolute()).encode()).hexdigest()[:24]}"


def _ask(statement: str) -> None:
    from sqlalchemy import create_engine, text  # noqa: PLC0415

    engine = create_engine(os.environ[SERVER], isolation_level="AUTOCOMMIT")
    try:
        with engine.connect() as connection:
            connection.execute(text(statement))
    finally:
        engine.dispose()


def _patch(module: ModuleType) -> None:
    named = module.Settings.database.func

    def database(settings: Any) -> str:
        url: str = named(settings)
        return url if settings.database_url else database_of(settings.data_dir)

    module.Settings.database = property(database)


class _Finder(MetaPathFinder):
    """Finds the settings as ever, and patches them once they are loaded."""

    def find_spec(self, name: str, path: Any, target: Any = None) -> ModuleSpec | None:
        if name != "aggregator.settings":
            return None
        spec = PathFinder.find_spec(name, path)
        if spec and spec.loader:
            spec.loader = _Patching(spec.loader)
        return spec


class _Patching(Loader):
    def __init__(self, loader: Loader) -> None:
        self._loader = loader

    def create_module(self, spec: ModuleSpec) -> ModuleType | None:
        return self._loader.create_module(spec)

    def exec_module(self, module: ModuleType) -> None:
        self._loader.exec_module(module)
        _patch(module)
