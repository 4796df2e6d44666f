"""A town that is named without a postcode: behind a street, as a place by its label, as a heading.

Only a town that somebody knows is believed, since any noun may stand in such a place. The gazetteer
knows those that were imported; the telephone numbers of Germany know most others by name.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import lru_cache
from typing import NamedTuple

from aggregator.normalise.context import Context
from aggregator.normalise.phonetext import candidates
from aggregator.normalise.streets import parse_city
from aggregator.normalise.wording import word_list
from aggregator.places.areacode import area_code_of, names_town
from aggregator.places.places import load_gazetteer
from aggregator.vocabulary.facets import FORMAT_RULES
from aggregator.vocabulary.topics import NEUTRAL, TEXT_RULES
from crawlers.record import FRAME, Passage, Role, of_roles

_COMMA = re.compile(r"\s?[,|–-]\s?(?:in\s)?")
_LABEL = re.compile(
    r"(?:(?:stand|wohn|veranstaltungs)?ort|stadt|(?:samt|verbands)?gemeinde|kommune|"
    r"stadt\s?/\s?gemeinde)\s?:\s",
    re.IGNORECASE,
)
_RANK = re.compile(
    r"(?:in|(?:hanse|kreis|große kreis)?stadt|(?:samt|verbands)?gemeinde|markt)\s", re.IGNORECASE
)
_AROUND = re.compile(r"\s(?:und|&|u\.)\s(?:umgebung|umland)$", re.IGNORECASE)
# Towns whose name is more often a part of the house.
_PARTS = frozenset({"Hof", "Haus", "Stock", "Garten", "Saal"})
_HEADING = 0.8  # what stands above a record is said of its neighbours, too


class Locality(NamedTuple):
    """A town, the quarter named with it, the words that say so and how sure that is."""

    name: str
    quarter: str | None
    quote: str
    passage: Passage
    confidence: float = 1.0


def behind(passage: Passage, text: str, end: int) -> Locality | None:
    """The town named in the cleaned `text` of a passage behind a street that ends at `end`."""
    comma = _COMMA.match(text, end)
    parsed = parse_city(text[comma.end() :]) if comma else None
    if parsed is None or parsed[0] in _PARTS:
        return None
    if not load_gazetteer().knows_town(parsed[0]) and not names_town(parsed[0]):
        return None
    return Locality(parsed[0], parsed[1], parsed[0], passage)


def labelled(lines: Sequence[Passage], texts: Sequence[str]) -> Locality | None:
    """The town that a line labels as the place ("Ort: Zeven") and that is all it says."""
    for passage, text in zip(lines, texts, strict=True):
        label = _LABEL.match(text)
        if label is None:
            continue
        town = _whole(text[label.end() :])
        if town and (load_gazetteer().knows_town(town[0]) or names_town(town[0])):
            return Locality(*town, passage.text, passage)
    return None


def heading(passages: Sequence[Passage], context: Context) -> Locality | None:
    """The town that stands above a record, with its neighbours: "Zeven", "Samtgemeinde Sottrum".

    A name may be a word as well ("Essen"), so the town has to lie in the source's region, or a
    number of the record has to begin with its area code.
    """
    for passage in reversed(of_roles(passages, Role.SECTION)):
        text = _AROUND.sub("", passage.text.strip())
        rank = _RANK.match(text)
        town = _whole(text[rank.end() :] if rank else text)
        if town is None:
            continue
        if _lies_in(town[0], context.region) or (
            not _is_subject(text) and _called(town[0], passages)
        ):
            return Locality(*town, passage.text, passage, _HEADING)
    return None


def _whole(text: str) -> tuple[str, str | None] | None:
    """Town and quarter where a text says nothing else."""
    parsed = parse_city(text)
    return parsed[:2] if parsed and not text[parsed[2] :].strip(" .,;") else None


@lru_cache(maxsize=4_096)  # the same few headings stand above all records of a site
def _is_subject(text: str) -> bool:
    """Whether a heading tells of what is offered, as most do: "Beratung", "Essen", "Angebote"."""
    said = word_list(text)
    return any(rules.hits(said) for rules in (TEXT_RULES, FORMAT_RULES, NEUTRAL))


def _lies_in(town: str, region: str | None) -> bool:
    gazetteer = load_gazetteer()
    if not region or not region.isdigit() or not gazetteer.knows_town(town):
        return False
    place = gazetteer.locate(None, town, None, region)
    return place is not None and (place.region_key or "").startswith(region)


def _called(town: str, passages: Sequence[Passage]) -> bool:
    """Whether a telephone number of the record begins with the town's area code."""
    numbers = [one.number for p in passages if p.role not in FRAME for one in candidates(p.text)]
    code = area_code_of(town) if numbers else None
    return code is not None and any(
        number.startswith((f"0{code}", f"+49{code}")) for number in numbers
    )
