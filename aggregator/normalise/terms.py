"""On which terms an institution offers all that it does, or all of one kind, as it says once.

"Unsere Beratung ist kostenlos und vertraulich" at the edge of every page holds for each advice that
says nothing else; "Zu unseren offenen Treffs kann man ohne Anmeldung kommen. Sie sind kostenlos."
for each group.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace

from aggregator.normalise.context import Context
from aggregator.normalise.cost import read_cost
from aggregator.normalise.house import because, is_of_another
from aggregator.normalise.registration import read_registration
from aggregator.normalise.statement import Reading, Statement
from aggregator.normalise.wording import RecordText, divide
from crawlers.record import Passage, Record, RecordKind, Role, located

Terms = Mapping[str, tuple[Statement, ...]]
"""Format, or "all" -> what is said of its offers."""

_FIELDS = frozenset({"cost", "registration"})
_USUAL = "so wird dort alles angeboten"
_OURS = r"(?:alle[nrs]?|saemtliche[nrs]?|unsere[nrs]?|alle[ns]? unsere[nr]?)"
_ALL = "all"  # kind of what is said of whatever is offered
# What is spoken of, by its format; without a word more: "unsere Beratung", not "unsere rechtliche".
_SUBJECTS = {
    "group": (
        rf"\b{_OURS} (?:offenen? )?(?:treffs?|treffen|gruppen|cafes?|spielgruppen)\b"
        rf"|\b{_OURS} offenen? angebote\w*"
    ),
    "course": rf"\b{_OURS} kurse\w*",
    "event": rf"\b{_OURS} veranstaltungen\b",
    "advice": (
        rf"\b{_OURS} (?:beratung(?:en|sgespraeche\w*|sangebote?\w*)?|gespraeche\w*)\b"
        r"(?! (?:im|in|am|zu[rm]?|bei|nach|ueber|de[rs]) )"
        r"|\b(?:wir|kolleg\w+|mitarbeit\w+|berater\w+|fachkraefte) beraten (?:sie|euch|dich)\b"
        r"|\bberaten wir (?:sie|euch|dich)\b"
    ),
    _ALL: (
        rf"\b{_OURS} (?:angebote\w*|leistungen|hilfen|hilfsangebote\w*|dienste\w*)\b"
        r"(?! (?:im|in|am|zu[rm]?|bei|nach|ueber|de[rs]|fuer) )|\balles bei uns\b"
    ),
}
_SUBJECT = re.compile("|".join(f"(?P<{kind}>{words})" for kind, words in _SUBJECTS.items()))
# The sentence before says of what: "Sie sind kostenlos."
_THEY = re.compile(r"(?:sie|diese|alle) (?:sind|finden)\b|(?:die )?teilnahme\b|eine anmeldung\b")
# Of some, or for some.
_SOME = re.compile(
    r"\b(?:ausser|ausgenommen|bis auf|meist\w*|teil\w*weise|zum teil|in der regel|viele|manche"
    r"|einige|fast|mitglieder\w*|schulen|fachkraefte\w*|ehrenamt\w*|unternehmen|betriebe\w*"
    r"|kindertageseinrichtungen|kitas|erst\w+|einmalig)\b"
)


def terms_of(records: Iterable[Record], context: Context) -> Terms:
    """What the pages of a site say once of all that it offers, where they agree."""
    told: dict[tuple[str, str], list[Statement]] = defaultdict(list)
    for record in records:
        if record.kind is RecordKind.HOUSE:
            for passage in record.passages:
                if passage.role is Role.TEXT:
                    place = located(passage.locator, record.page_url)
                    for kind, statement in _read(replace(passage, locator=place), record, context):
                        told[kind, statement.field].append(statement)
    found: dict[str, tuple[Statement, ...]] = {}
    for (kind, _), statements in told.items():
        if len({one.value for one in statements}) == 1:
            found[kind] = (*found.get(kind, ()), statements[0])
    return found


def of_one_hand(read: Sequence[tuple[Record, Reading]], context: Context) -> bool:
    """Whether none of a site's offers is said to be another body's than the site's own."""
    return not any(
        is_of_another(record, reading, context)
        for record, reading in read
        if record.kind is RecordKind.OFFER
    )


def as_usual(record: Record, reading: Reading, terms: Terms, context: Context) -> Reading:
    """What an offer costs, and whether one registers, because that holds for all its like there.

    The offer says nothing of that, and is no other body's.
    """
    if not terms or is_of_another(record, reading, context):
        return Reading()
    return because(Reading([*_holding(reading, terms)]), _USUAL, record)


def _holding(reading: Reading, terms: Terms) -> Iterator[Statement]:
    main = str(reading.value("formats") or "")
    kinds = [main, _ALL] if main else []
    if main == "group" and (reading.value("valid_from") or reading.value("valid_until")):
        kinds = [_ALL]  # who begins and ends together meets like a course
    known = {name for name in _FIELDS if reading.value(name) is not None}
    for statement in (one for kind in kinds for one in terms.get(kind, ())):
        if statement.field not in known:
            known.add(statement.field)
            yield statement


def _read(passage: Passage, record: Record, context: Context) -> Iterator[tuple[str, Statement]]:
    kind: str | None = None
    for quote, folded in divide(passage.text):
        if subject := _SUBJECT.search(folded):
            kind = subject.lastgroup
        elif not _THEY.match(folded):
            kind = None
        if kind is None or _SOME.search(folded):
            continue
        said = RecordText(replace(record, passages=(replace(passage, text=quote),)))
        for reading in (read_cost(said, context), read_registration(said, context)):
            yield from ((kind, one) for one in reading.statements if one.field in _FIELDS)
