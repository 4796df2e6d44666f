"""The summary in plain words that a page itself gives: its own words, never ours."""

from __future__ import annotations

import re

from aggregator.normalise.context import Context
from aggregator.normalise.description import LONGEST, split, told
from aggregator.normalise.person import strip_persons
from aggregator.normalise.plainpart import plain_part
from aggregator.normalise.statement import Reading, Statement
from crawlers.record import Record

_READER = "plain_words@1"
_MOST_WORDS = 15
"""Words a sentence, on average. Einfache Sprache has up to 15, Leichte Sprache fewer (DIN SPEC
33429); what a heading calls plain and is far longer was grabbed wrongly."""


def read_plain_words(record: Record, context: Context) -> Reading:  # noqa: ARG001 - readers share one form
    """State what the page says in plain words, whole sentences of at most 600 characters.

    Contacts, hours and names of persons are left out, as of the description.
    """
    part = plain_part(record)
    if part is None:
        return Reading()
    sentences: list[str] = []
    length = 0
    for passage in part.lines:
        for sentence in split(strip_persons(told(passage.text, ""))):
            if length + len(sentence) + 1 > LONGEST:
                break
            if sentence not in sentences:
                sentences.append(sentence)
                length += len(sentence) + 1
    words = sum(len(re.findall(r"\w+", sentence)) for sentence in sentences)
    if not sentences or words > _MOST_WORDS * len(sentences):
        return Reading()
    text = " ".join(sentences)
    reason = part.heading.text.partition(":")[0] if part.heading else ""
    statement = Statement("plain_words", text, text, part.lines[0].locator, _READER, reason)
    return Reading([statement])
