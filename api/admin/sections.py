"""The registry of the admin area: a section joins with its line here."""

from __future__ import annotations

from api.admin import conflicts, corrections, pairs, parts, sources
from api.admin.section import Section

SECTIONS: tuple[Section, ...] = (
    sources.SECTION,
    corrections.SECTION,
    pairs.SECTION,
    parts.SECTION,
    conflicts.SECTION,
)
