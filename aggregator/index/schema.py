"""The fields of the tantivy index, and how an offer becomes one of its documents."""

from __future__ import annotations

import hashlib
import json
import zlib
from functools import lru_cache
from importlib.metadata import version
from typing import Any

import tantivy

from aggregator.index.analysis import VERSION as ANALYSER
from aggregator.index.analysis import Form, arranged, clean, grams, words
from aggregator.index.base import FILTERS
from aggregator.index.document import filters, searchable
from aggregator.vocabulary import compounds
from aggregator.vocabulary.regions import REGIONS
from aggregator.vocabulary.stemming import stem
from aggregator.vocabulary.topics import TOPICS

TEXT_FIELDS = ("title", "keys", "body")
SEPARATOR = "\x1f"
"""Between the folded and the written form in the field `words`."""


def build() -> tantivy.Schema:
    """The schema: analysed text, raw filters, the stored offer, and what breaks ties."""
    builder = tantivy.SchemaBuilder()
    builder.add_text_field("id", tokenizer_name="raw", index_option="basic", stored=True)
    for name in TEXT_FIELDS:
        builder.add_text_field(name, tokenizer_name="whitespace", index_option="position")
    builder.add_text_field("grams", tokenizer_name="whitespace", index_option="basic")
    builder.add_text_field("words", tokenizer_name="raw", index_option="basic")
    for name in FILTERS:
        builder.add_text_field(name, tokenizer_name="raw", index_option="basic", fast=True)
    builder.add_text_field("sort", tokenizer_name="raw", index_option="basic", fast=True)
    builder.add_float_field("tie", fast=True)
    builder.add_bytes_field("offer", stored=True)
    return builder.build()


def versions() -> dict[str, str]:
    """What an index was built with; any difference means that it has to be built anew."""
    vocabulary = hashlib.sha256(compounds.PATH.read_bytes())
    labels = {code: topic.label.get("de") for code, topic in TOPICS.items()}
    regions = {key: region.name for key, region in REGIONS.items()}
    vocabulary.update(json.dumps([labels, regions], sort_keys=True).encode())
    return {
        "schema": f"1/tantivy-{version('tantivy')}",
        "analyser": ANALYSER,
        "vocabulary": vocabulary.hexdigest(),
    }


def document(offer: dict[str, Any]) -> tantivy.Document:
    """The document of one offer."""
    found = tantivy.Document()
    identity = str(offer["id"])
    found.add_text("id", identity)
    text = searchable(offer)
    written: set[str] = set()
    for name in TEXT_FIELDS:
        value = clean(getattr(text, name))
        occurring = list(words(value))
        analysed = [tantivy.Token(*token) for token in arranged(value, occurring)]
        # The text itself is kept in `offer`; the engine needs the tokens only.
        found.add_pre_tokenized_text(name, tantivy.PreTokenizedString("", analysed))
        for form in {word.form for word in occurring}:
            written.update(_written(form))
    for entry in sorted(written):
        found.add_text("words", entry)
    found.add_text("grams", " ".join(grams(text.similar)))
    for name, value in filters(offer):
        found.add_text(name, clean(value))
    found.add_text("sort", clean(text.sort))
    # Equal scores are put in an order that is the same in every build of the index; the factor
    # is too small to change any other order.
    found.add_float("tie", zlib.crc32(identity.encode("utf-8", "replace")) / 2**32 / 1000)
    found.add_bytes("offer", json.dumps(offer, ensure_ascii=False).encode("utf-8", "replace"))
    return found


@lru_cache(maxsize=200_000)
def _written(form: Form) -> tuple[str, ...]:
    """What the field `words` says of a word: its spelling, and its parts for beginnings."""
    own = f"{form.folded}{SEPARATOR}{form.surface}"
    return (own, *(f"{part}{SEPARATOR}{part}" for part in compounds.parts(form.folded)))


def known_forms(searcher: tantivy.Searcher, prefix: str, limit: int) -> list[str]:
    """The words of the index that begin with a folded prefix, as stems, the commonest first."""
    entries = searcher.terms_with_prefix("words", prefix, limit=limit * 4)
    entries.sort(key=lambda entry: (-entry[1], entry[0]))
    stems = (stem(entry.partition(SEPARATOR)[0]) for entry, _ in entries)
    return list(dict.fromkeys(stems))[:limit]
