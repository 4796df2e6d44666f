"""What a page says once of the house in which a site's offers are: the way in."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from crawlers.finder.access import WAY, names_access
from crawlers.finder.flow import Flow
from crawlers.record import Passage, Record, RecordKind, Role, Trust


def find_house(flow: Flow, offers: Sequence[Record], url: str, extractor: str) -> Record | None:
    """What a page says of the way into the house, in its frame or beside its offers."""
    told = {p.text for record in offers for p in record.passages}
    passages = tuple(
        Passage(Role.TEXT, text, where)
        for text, where in (*_framed(flow), *_beside(flow))
        if text not in told
    )
    if not passages:
        return None
    key = f"{url.partition('#')[0]}#haus"
    return Record(key, url, passages, extractor, Trust.PAGE, RecordKind.HOUSE)


def _framed(flow: Flow) -> Iterator[tuple[str, str]]:
    return ((said.name, flow.path(said.element)) for said in flow.access)


def _beside(flow: Flow) -> Iterator[tuple[str, str]]:
    for line in flow.lines:
        if line.hints & WAY.bit and names_access(line.text):
            yield line.text, flow.path(line.element)
