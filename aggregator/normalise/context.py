"""What a reader may know beside the passages themselves."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from types import MappingProxyType
from typing import NamedTuple, Self


class Context(NamedTuple):
    """Where and when a record was read.

    `region` is the region key of its source, `seen_on` the day it was fetched (Berlin time),
    from which years are inferred; `lookups` holds the declaration's own word lists per field;
    `site` is what the site is called. `towns` are postcode and town of houses (see
    `aggregator.places.addressbook.split_street`) of which other records of the site tell them.
    """

    source_id: str
    region: str
    seen_on: date
    network: str | None = None
    page_url: str = ""
    site: str = ""
    lookups: Mapping[str, Mapping[str, str | None]] = MappingProxyType({})
    towns: Mapping[tuple[str, str], tuple[str, str]] = MappingProxyType({})

    def sendable(self) -> Self:
        """The same without read-only views of mappings, which no other process can be sent."""
        return self._replace(lookups=dict(self.lookups), towns=dict(self.towns))
