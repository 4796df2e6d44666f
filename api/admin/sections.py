"""The registry of the admin area: a section joins with its line here."""

from __future__ import annotations

from api.admin import (
    conflicts,
    corrections,
    pairs,
    parts,
    runs,
    searches,
    sources,
    suppressions,
    words,
)
from api.admin.section import Section

SECTIONS: tuple[Section, ...] = (
    corrections.SECTION,
    runs.SECTION,
    pairs.SECTION,
    parts.SECTION,
    conflicts.SECTION,
    words.SECTION,
    searches.SECTION,
    sources.SECTION,
    suppressions.SECTION,
)
