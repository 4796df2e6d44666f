"""How logs are written: lines for people, or objects for a collector."""

from __future__ import annotations

import json
import logging
import sys
import traceback
from collections.abc import Iterator
from datetime import UTC, datetime
from enum import StrEnum

_DEEPEST = 30
"""Calls that are told of an exception, the innermost ones."""
_TEXT = "%(asctime)s %(levelname)s %(message)s"


class LogFormat(StrEnum):
    """What a line of the log is."""

    TEXT = "text"
    JSON = "json"
    """One JSON object: at (RFC 3339, UTC), level, logger, message, and error with its traceback."""


class JsonLines(logging.Formatter):
    """Formats a record as one JSON object without a line break."""

    def format(self, record: logging.LogRecord) -> str:
        """The line."""
        said = {
            "at": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname,
            "logger": record.name,
            "message": record.getMessage(),
        }
        if record.exc_info:
            said["error"] = self.formatException(record.exc_info)
        return json.dumps(said, ensure_ascii=False)


def begin(level: str, form: str) -> None:
    """Write logs to standard error from now on; what a library says goes the same way.

    Both come from the environment as they are: what is no level or form is taken for the default,
    and refused where the settings are read.
    """
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(JsonLines() if form == LogFormat.JSON else logging.Formatter(_TEXT))
    known = logging.getLevelNamesMapping().get(level.upper(), logging.INFO)
    logging.basicConfig(level=known, handlers=[handler])
    logging.getLogger("alembic").setLevel(logging.WARNING)
    logging.getLogger("botocore").setLevel(logging.INFO)  # below, it tells tokens and signatures


def kind(error: BaseException) -> str:
    """What kind of error it is, with the database's code for it; never its message."""
    named = f"{type(error).__module__}.{type(error).__qualname__}"
    cause = getattr(error, "orig", None)
    if cause is None:
        return named
    code = getattr(cause, "sqlstate", None) or getattr(cause, "sqlite_errorname", None)
    return f"{named} ({type(cause).__qualname__}{f' {code}' if code else ''})"


def wordless(error: BaseException) -> str:
    """An error and what led to it, each with where it arose, a line a call; never a message.

    A message may quote what somebody asked for: the word that could not be read, the value that a
    database refused.
    """
    return "\n".join(part.rstrip() for part in _parts(error))


def _parts(error: BaseException) -> Iterator[str]:
    before = error.__cause__ or (None if error.__suppress_context__ else error.__context__)
    if before is not None:
        yield from _parts(before)
        yield "which led to"
    yield kind(error)
    yield from traceback.format_tb(error.__traceback__, -_DEEPEST)
    if isinstance(error, BaseExceptionGroup):
        for one in error.exceptions:
            yield from _parts(one)
