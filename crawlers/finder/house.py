"""What a page says once of a site's house: whose and where it is, the way in, the terms there."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from crawlers.finder.access import WAY, names_access
from crawlers.finder.besides import is_start
from crawlers.finder.chrome import is_contact_page
from crawlers.finder.flow import Flow
from crawlers.finder.imprint import bodies_of, is_body
from crawlers.finder.owner import Owner
from crawlers.finder.seat import find_seat
from crawlers.finder.terms import TERM, names_terms
from crawlers.record import Passage, Record, RecordKind, Role, Trust


def find_house(
    flow: Flow, offers: Sequence[Record], url: str, title: str, extractor: str
) -> Record | None:
    """What a page says of the house: whose it is, the way in, and the terms of all that it offers.

    An imprint names the body behind the site, and so may the headline of a start page; where it
    sits stands there, too, or under "Kontakt"; the way in and the terms stand in the frame or
    beside the offers.
    """
    told = {p.text for record in offers for p in record.passages}
    bodies = bodies_of(flow, url, title)
    seated = bodies or is_contact_page(url, title)
    passages = (
        *(Passage(Role.OWNER, name, where) for name, where in _named(flow, bodies, url, title)),
        *(find_seat(flow, url, title) if seated else ()),
        *(
            Passage(Role.TEXT, text, where)
            for text, where in (*_framed(flow), *_beside(flow))
            if text not in told
        ),
    )
    if not passages:
        return None
    key = f"{url.partition('#')[0]}#haus"
    return Record(key, url, passages, extractor, Trust.PAGE, RecordKind.HOUSE)


def _named(flow: Flow, bodies: Sequence[Owner], url: str, title: str) -> Iterator[tuple[str, str]]:
    for body in bodies:
        yield body.name, flow.path(body.element)
    if is_start(url) and is_body(title):
        for line in flow.lines:
            if line.rank and line.text == title:
                yield title, flow.path(line.element)
                break


def _framed(flow: Flow) -> Iterator[tuple[str, str]]:
    return ((said.name, flow.path(said.element)) for said in flow.remarks)


def _beside(flow: Flow) -> Iterator[tuple[str, str]]:
    for line in flow.lines:
        access = line.hints & WAY.bit and names_access(line.text)
        if access or (line.hints & TERM.bit and names_terms(line.text)):
            yield line.text, flow.path(line.element)
