"""In what form an offer comes: advice, group, course, event, care, benefit, information."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import get_args

from aggregator.listing import Format
from aggregator.normalise.cadence import Cadence, read_cadence
from aggregator.normalise.context import Context
from aggregator.normalise.statement import Reading, Statement
from aggregator.normalise.tally import Tally, matcher, own_words
from aggregator.normalise.wording import RecordText, fold_passage
from aggregator.vocabulary.facets import FORMAT_RULES, FORMAT_VERBS, TIMELY
from aggregator.vocabulary.rules import Rule
from crawlers.record import Role, of_roles

READER = "format@6"

_FACTOR = {Role.TITLE: 3, Role.SECTION: 1, Role.TOPIC: 1, Role.TEXT: 1}
_OWN_WORDS = frozenset({Role.SECTION, Role.TOPIC})
_THRESHOLD = 3
_SHARE = 0.75  # of the main format's points that a further one needs
_MOST = 2  # formats stated: an offer with three is a page about offers
_CODES: tuple[str, ...] = get_args(Format)

_SUBJECTS = frozenset({"benefit", "care"})
_NAMES_ADVICE = 3  # points of a word of the title that tells of advice, not only of help
_TELLS_OF_ADVICE = 3  # points of the text alone
_MEETINGS = frozenset({"advice", "group", "course", "event"})

_matching = matcher(FORMAT_RULES)
_doing = matcher(FORMAT_VERBS)

# How often something takes place speaks for a form, as a word would; alone it just suffices.
_CADENCE = {
    Cadence.ONCE: Rule("a single date", {"event": 3}, ()),
    Cadence.SERIES: Rule("a number of meetings", {"course": 3}, ()),
    Cadence.RECURRING: Rule("comes again", {"group": 3}, ()),
}


def read_formats(offer: RecordText, context: Context) -> Reading:
    """State "formats", the main one first; a declared look-up of the site's word decides.

    Weighted rules over title, the site's own words and text; how often it takes place decides
    where words leave it open ("Gesprächsabend" each month is a group, on 5 May an event).
    """
    reading = Reading()
    lookup = own_words(context.lookups.get("format", {}))
    tally = Tally()
    for passage in offer.passages:
        if passage.shared:  # said of all that its page tells of, it tells none from another
            continue
        if factor := _FACTOR.get(passage.role):
            own = passage.role in _OWN_WORDS
            if own and (word := fold_passage(passage.text).strip()) in lookup:
                if (code := lookup[word]) is not None and code in _CODES:
                    tally.map(passage, code)
                continue
            tally.count_best(passage, factor, _matching)
    _without_list(tally)
    worded = set(tally.hits)
    cadence = read_cadence(offer)
    if cadence is not None:
        tally.add(cadence[1], 1, [_CADENCE[cadence[0]]])
        if cadence[0] is Cadence.RECURRING:
            _move(tally, "event", "group")
        elif cadence[0] is Cadence.ONCE:
            _move(tally, "group", "event")
    if not any(tally.points(code) >= _THRESHOLD for code in tally.hits):
        return Reading(list(_done(offer)))
    codes = _advice_first(tally.ranked(_CODES, _THRESHOLD, _SHARE), offer.title, tally)
    codes = [code for code in codes if code in worded or code == codes[0]]
    codes = _without_money(codes, offer.title)
    reading.statements.extend(tally.statements("formats", codes[:_MOST], READER))
    return reading


def _without_list(tally: Tally) -> None:
    """Leave out "Wegweiser" as the heading of a list: it tells of no offer in it."""
    told = {
        pattern: hit
        for pattern, hit in tally.hits.pop("information", {}).items()
        if hit.passage.role is not Role.SECTION
    }
    if told:
        tally.hits["information"] = told


def _done(offer: RecordText) -> Iterator[Statement]:
    """The form that what is done there speaks for, where no word names one."""
    tally = Tally()
    for passage in of_roles(offer.passages, Role.TITLE, Role.TEXT):
        tally.count(passage, 1, _doing)
    codes = sorted(tally.ranked(_CODES, 1, 1.0), key=lambda code: -len(tally.hits[code]))
    yield from tally.statements("formats", codes[:1], READER)


def _advice_first(codes: Sequence[str], title: str, tally: Tally) -> list[str]:
    """Advice before what it is about, as in "Beratung zu Kinderzuschlag" or "Kita-Beratung".

    So, too, where only the title names the benefit and the text tells of advice: "Wohngeld. Wir
    prüfen Ihren Anspruch." Whoever gives it says so: "Ausgabe", "Antrag".
    """
    said = {
        code
        for rule in _matching(title)
        for code, points in rule.weights.items()
        if points >= _NAMES_ADVICE
    }
    given = {hit.passage.role for hit in tally.hits.get("benefit", {}).values()}
    if codes and codes[0] == "benefit" and Role.TEXT not in given:
        told = _told_of_advice(tally) >= _TELLS_OF_ADVICE
        codes = ["advice", *codes] if told and "advice" not in codes else codes
        said |= {"advice"} if told else set()
    if codes and codes[0] in _SUBJECTS and "advice" in said & tally.hits.keys():
        return ["advice", *(code for code in codes if code != "advice")][: len(codes)]
    return list(codes)


def _told_of_advice(tally: Tally) -> int:
    """Points of the text; a heading over several offers ("Rat und Hilfe") tells of none."""
    hits = tally.hits.get("advice", {}).values()
    return sum(hit.points for hit in hits if hit.passage.role is Role.TEXT)


def _move(tally: Tally, source: str, target: str) -> None:
    """What is called by its time of day or a pastime: a group if it comes again, else an event."""
    hits = tally.hits.get(source, {})
    for pattern in [pattern for pattern in hits if pattern in TIMELY]:
        tally.hits.setdefault(target, {})[pattern] = hits.pop(pattern)
    if source in tally.hits and not hits:
        del tally.hits[source]


def _without_money(codes: Sequence[str], title: str) -> list[str]:
    """No benefit beside a meeting because its text speaks of money; the title may name one."""
    if not codes or codes[0] not in _MEETINGS:
        return list(codes)
    named = any("benefit" in rule.weights for rule in _matching(title))
    return [code for code in codes if code != "benefit" or named]
