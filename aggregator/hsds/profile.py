"""The extension profile: what our documents hold beyond HSDS."""

from __future__ import annotations

import json
from functools import cache
from pathlib import Path

from aggregator.hsds.document import Document


@cache
def profile_schema() -> Document:
    """The JSON Schema of a full service's extensions, to be published beside the documents."""
    schema: Document = json.loads(Path(__file__).with_name("profile.json").read_text("utf-8"))
    return schema
