"""The versions of an index, and the tokens of an offer that every engine stores."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator
from datetime import date
from typing import Any, NamedTuple

from aggregator.index.analysis import VERSION as ANALYSER
from aggregator.index.analysis import Analysed, Known, analysed, clean, form_of, grams
from aggregator.index.document import RAW, rank, raw_values, searchable, seen
from aggregator.index.stored import packed
from aggregator.index.suggest import beginnings, entries
from aggregator.index.tree import FIELD_WEIGHT
from aggregator.vocabulary import compounds, facets
from aggregator.vocabulary.regions import REGIONS
from aggregator.vocabulary.topics import TOPICS

LAYOUT = 6
"""Raise it whenever the same offer makes another document than before."""

TEXT_FIELDS = tuple(FIELD_WEIGHT)
RAW_FIELDS = (*RAW, "suggest", "begins")
SEPARATOR = "\x1f"
"""Between the folded and the written form in the field `words`."""


class Entry(NamedTuple):
    """One offer as every engine stores it. A tuple: many are handed from process to process."""

    id: str
    texts: dict[str, list[str]]
    """Text field -> runs of terms with a space between; no phrase reaches from one to the next."""
    pieces: list[str]
    words: set[str]
    """The different words, each folded and as written, and their parts for beginnings."""
    raw: list[tuple[str, str]]
    """(field of RAW_FIELDS, value), none twice."""
    sort: str
    rank: int
    seen: int
    fresh: int
    """Orders by last sight, then rank."""
    stored: bytes
    """See `aggregator.index.stored.packed`."""


def build_entry(offer: dict[str, Any], today: date) -> Entry:
    """The entry of one offer."""
    text = searchable(offer)
    title, keys, body = (
        analysed(clean(told)) for told in (text.title, text.keys, text.body)
    )  # fmt: skip
    written = title.written | keys.written | body.written
    raw = [
        (name, value if value.isascii() else clean(value))
        for name, value in raw_values(offer, today)
    ]
    proposed = dict.fromkeys(entries(offer))
    raw += [("suggest", value) for value in proposed]
    begun = {begins for value in proposed for begins in beginnings(value)}
    raw += [("begins", begins) for begins in begun]
    standing, day = rank(offer), seen(offer)
    return Entry(
        id=str(offer["id"]),
        texts={
            "title": _runs(title),
            "about": _runs(title, keys),
            "whole": _runs(title, keys, body),
        },
        pieces=grams(text.similar),
        words=set().union(*map(_WRITTEN.__getitem__, written)),
        raw=raw,
        sort=clean(text.sort),
        rank=standing,
        seen=day,
        fresh=day << 32 | standing,
        stored=packed(offer),
    )


def _runs(*texts: Analysed) -> list[str]:
    runs = [" ".join(text.terms) for text in texts if text.terms]
    return [*runs, *sorted(set().union(*(text.apart for text in texts)))]


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


def _written(word: str) -> Iterator[str]:
    """What the field `words` says of a word: its spelling, and its parts for beginnings."""
    form = form_of(word)
    if form.folded:
        yield f"{form.folded}{SEPARATOR}{form.surface}"
        for part in compounds.parts(form.folded):
            yield f"{part}{SEPARATOR}{part}"


_WRITTEN: Known[tuple[str, ...]] = Known(lambda word: tuple(_written(word)))
