"""How logs are written: lines for people, or objects for a collector."""

from __future__ import annotations

import json
import logging
import sys
from datetime import UTC, datetime
from enum import StrEnum

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
