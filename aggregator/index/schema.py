"""The versions of an index, and the tokens of an offer that every engine stores."""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from typing import Any

from aggregator.index.analysis import VERSION as ANALYSER
from aggregator.index.analysis import Analysed, Form, analysed, clean, grams
from aggregator.index.document import RAW, rank, raw_values, searchable, seen
from aggregator.index.suggest import entries
from aggregator.index.tree import FIELD_WEIGHT
from aggregator.vocabulary import compounds, facets
from aggregator.vocabulary.regions import REGIONS
from aggregator.vocabulary.topics import TOPICS

LAYOUT = 2
"""Raise it whenever the same offer makes another document than before."""

TEXT_FIELDS = tuple(FIELD_WEIGHT)
RAW_FIELDS = (*RAW, "words", "suggest")
SEPARATOR = "\x1f"
"""Between the folded and the written form in the field `words`."""


@dataclass(frozen=True, slots=True)
class Entry:
    """One offer as every engine stores it."""

    id: str
    texts: dict[str, Analysed]
    """Text field -> its terms."""
    pieces: list[str]
    raw: list[tuple[str, str]]
    """(field of RAW_FIELDS, value), none twice."""
    sort: str
    rank: int
    seen: int
    fresh: int
    """Orders by last sight, then rank."""
    stored: bytes
    """The flat form as JSON."""


def build_entry(offer: dict[str, Any], today: date) -> Entry:
    """The entry of one offer."""
    text = searchable(offer)
    texts = {name: analysed(clean(getattr(text, name))) for name in TEXT_FIELDS}
    forms: set[Form] = set().union(*(found.forms for found in texts.values()))
    raw = [
        (name, value if value.isascii() else clean(value))
        for name, value in raw_values(offer, today)
    ]
    written = sorted({entry for form in forms for entry in _written(form)})
    raw += [("words", entry) for entry in written]
    raw += [("suggest", value) for value in dict.fromkeys(entries(offer))]
    standing, day = rank(offer), seen(offer)
    return Entry(
        id=str(offer["id"]),
        texts=texts,
        pieces=grams(text.similar),
        raw=raw,
        sort=clean(text.sort),
        rank=standing,
        seen=day,
        fresh=day << 32 | standing,
        stored=json.dumps(offer, ensure_ascii=False).encode("utf-8", "replace"),
    )


def versions(engine: str) -> dict[str, str]:
    """What an index was built with; any difference means that it has to be built anew.

    `engine` is the name and version of the engine.
    """
    vocabulary = hashlib.sha256(compounds.PATH.read_bytes())
    labels = {code: topic.label.get("de") for code, topic in TOPICS.items()}
    regions = {key: region.name for key, region in REGIONS.items()}
    audience = {code: dict(of) for code, of in facets.LABELS["audience"].items()}
    vocabulary.update(json.dumps([labels, regions, audience], sort_keys=True).encode())
    return {
        "schema": f"{LAYOUT}/{engine}",
        "analyser": ANALYSER,
        "vocabulary": vocabulary.hexdigest(),
    }


@lru_cache(maxsize=200_000)
def _written(form: Form) -> tuple[str, ...]:
    """What the field `words` says of a word: its spelling, and its parts for beginnings."""
    own = f"{form.folded}{SEPARATOR}{form.surface}"
    return (own, *(f"{part}{SEPARATOR}{part}" for part in compounds.parts(form.folded)))
