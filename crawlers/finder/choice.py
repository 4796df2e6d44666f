"""Which of the candidate kinds are the records of a page."""

from __future__ import annotations

import re
from collections.abc import Sequence

from crawlers.finder.benefits import names_benefit
from crawlers.finder.evidence import CONTACT, HINTS, Sign, weight
from crawlers.finder.flow import Flow
from crawlers.finder.notices import holds_for_all
from crawlers.finder.reports import ends
from crawlers.finder.sections import names_topic
from crawlers.finder.titles import names_offer
from crawlers.finder.units import Kind, Unit
from crawlers.finder.words import is_generic, is_label, is_question, is_trailer
from crawlers.keys import site_of, url_key

_WHERE_TO_GO = CONTACT | Sign.WEEKDAY | Sign.CLOCK
_SHARE = 0.34  # of units that are alike: so many state evidence where they are a list
_TELLING = 2  # weight of what says when or for how much, if not how to reach it
_ANNOUNCED = 5  # weight of an event that says when, where and on what terms
_ALONE = 3  # weight of what stands for itself
_WHEN = Sign.WEEKDAY | Sign.DATE
_PAIR = 2  # units; so few are a text with a part of its own
_PASSING = 3  # words of a sentence before what it mentions
_EXPLAINED = 120  # characters that say what something with the name of an offer is
_ROUNDS = 6  # a page rarely mixes more than two shapes of records


def choose(flow: Flow, pool: Sequence[Kind], alone: bool, *, topical: bool = False) -> list[Unit]:
    """The units of a page that are records, in reading order, out of every kind of them.

    `alone` allows a single unit of its shape: the page says itself that it is a list. `topical`
    says that it is one of offers, which need not say each by itself how they are reached.
    """
    chosen: list[Unit] = []
    rows = _labelled_rows(flow)
    whole = [kind for kind in pool if not _torn(kind, rows)] if rows else pool
    for _ in range(_ROUNDS):
        found = [
            kind
            for kind in (_free(kind, chosen) for kind in whole)
            if _valid(flow, kind, alone, topical, chosen)
        ]
        if not found:
            break
        if any(len(kind.rich) > 1 for kind in found):
            found = [kind for kind in found if len(kind.rich) > 1 or _is_sure(kind.rich[0])]
        best = _best(flow, found)
        named = [one for unit in best.rich for one in _unfolded(unit, found)]
        chosen += named + _companions(flow, best, alone, topical)
    if not chosen:
        announced = [unit for kind in whole for unit in kind.rich if _announces(flow, unit)]
        chosen = sorted(announced, key=lambda unit: unit.rest)[:1]
    return sorted(chosen, key=lambda unit: unit.start)


def _unfolded(unit: Unit, found: Sequence[Kind]) -> list[Unit]:
    """The units that share a box with a unit that only goes by the name of the first of them."""
    inner = [
        within
        for kind in found
        if len(within := [one for one in kind.rich if unit.holds(one)]) > 1
        and within[0].title_line == unit.title_line
        and all(one.strength > 2 and one.signs & CONTACT for one in within)
    ]
    return max(inner, key=_text, default=[unit])


def _labelled_rows(flow: Flow) -> list[tuple[int, int]]:
    """The rows of tables with words above their columns, as ranges of lines."""
    if not any(line.label for line in flow.lines):
        return []
    return [
        (row.start, row.end)
        for row in flow.elements
        if row.tag == "tr" and any(line.label for line in flow.lines[row.start : row.end])
    ]


def _torn(kind: Kind, rows: Sequence[tuple[int, int]]) -> bool:
    """True where most units of a kind hold a part of a row and something beside it."""
    torn = sum(
        any(
            unit.start < start < unit.end < end or start < unit.start < end < unit.end
            for start, end in rows
        )
        for unit in kind.rich
    )
    return 2 * torn > len(kind.rich) > 0


def _is_sure(unit: Unit) -> bool:
    """True for a unit that may stand beside a list: its heading names no topic."""
    return unit.strength > 2 and not names_topic(unit.title)


def teasers(flow: Flow, pool: Sequence[Kind], url: str) -> list[Unit]:
    """Units without evidence that each lead to a page of their own, where no list was found."""
    best: list[Unit] = []
    for kind in pool:
        led: dict[str, Unit] = {}
        for unit in sorted(kind.rich + kind.thin, key=lambda u: u.start):
            if unit.strength >= 2 and unit.rest >= 15 and (target := detail_of(flow, unit, url)):
                led.setdefault(url_key(target), unit)
        units = list(led.values())
        if len(units) >= 2 and (len(units), _text(units)) > (len(best), _text(best)):
            best = units
    return best


def lone(flow: Flow, pool: Sequence[Kind]) -> list[Unit]:
    """Units whose own heading and evidence are sure, whatever stands beside them; longest last."""
    sure = [
        unit
        for kind in pool
        for unit in kind.rich
        if unit.strength > 2
        and unit.heads == 1
        and weight(unit.signs) >= _ALONE
        and unit.signs & _WHEN
        and not (is_generic(unit.title) or is_label(unit.title) or names_topic(unit.title))
        and not _is_list(flow, unit)
    ]
    return sorted(sure, key=lambda unit: (unit.start, unit.rest))


def detail_of(flow: Flow, unit: Unit, url: str) -> str:
    """The page of its own that a unit leads to; "" where it has none.

    The link in its title, else the one that says "mehr", else the only link within the site.
    """
    site, here = site_of(url), url_key(url)
    title: list[str] = []
    others: dict[str, str] = {}
    for number in range(unit.start, unit.end):
        line = flow.lines[number]
        for target, text in line.links:
            if site_of(target) != site or url_key(target) == here or is_file(target):
                continue
            if (number == unit.title_line and not line.topic) or unit.title in text:
                title.append(target)  # also a card that is one link, its topic first
            elif not (line.topic or _in_passing(line.text, text)):
                others.setdefault(url_key(target), target)
    # A trailing "Weiterlesen" was cut from the unit: it still is its link.
    after = flow.lines[unit.end] if unit.end < len(flow.lines) else None
    if not title and not others and after and after.links and is_trailer(after.text):
        target = after.links[0][0]
        if site_of(target) == site and url_key(target) != here and not is_file(target):
            return target
    if title:
        return title[0]
    return next(iter(others.values())) if len(others) == 1 else ""


_LEADS_ON = re.compile(
    r"mehr|info|detail|hier|weiter|seite|anmeld|buch|programm|lesen|ansehen|flyer|beschreib|»|›|→|>",
    re.IGNORECASE,
)


def _in_passing(line: str, linked: str) -> bool:
    """True for a link at the end or amid a sentence that speaks of something else."""
    before = line.partition(linked)[0] if linked else ""
    return len(before.split()) >= _PASSING and _LEADS_ON.search(line) is None


def is_file(url: str) -> bool:
    """True for links to documents and pictures."""
    name = url.partition("?")[0].partition("#")[0].lower()
    return name.endswith(
        (".pdf", ".jpg", ".jpeg", ".png", ".gif", ".doc", ".docx", ".ics", ".zip", ".webp", ".svg")
    )


def _text(units: list[Unit]) -> int:
    return sum(unit.rest for unit in units)


def _free(kind: Kind, chosen: list[Unit]) -> Kind:
    if not chosen:
        return kind

    def free(unit: Unit) -> bool:
        return not any(unit.start < other.end and other.start < unit.end for other in chosen)

    return Kind(
        kind.name,
        [unit for unit in kind.rich if free(unit)],
        [unit for unit in kind.thin if free(unit)],
    )


def _valid(flow: Flow, kind: Kind, alone: bool, topical: bool, chosen: list[Unit]) -> bool:
    if not kind.rich:
        return False
    enough = (alone and _are_sure(kind)) or (topical and _are_told(kind))
    if kind.share < _SHARE and not enough:
        return False
    every = kind.rich + kind.thin
    if 2 * sum(is_question(unit.title) for unit in every) > len(every) > 1:
        return False  # questions and answers
    if len(kind.rich) == 1 and not _tells_elsewhere(kind, alone):
        unit = kind.rich[0]
        # What is left beside a list is mostly its owner's contact, unless a heading names it.
        least = 2 if alone and names_offer(unit.title) else 3
        sure = unit.strength == 3 and weight(unit.signs) >= least
        bold = 3 if unit.signs & Sign.DATE and unit.signs & Sign.CLOCK else 4
        return (
            (sure or (alone and unit.strength == 2 and weight(unit.signs) >= bold))
            and unit.heads == 1
            and (alone or len(chosen) > 1)
            and not is_generic(unit.title)
            and not _is_list(flow, unit)
        )
    return (
        max(unit.strength for unit in kind.rich) > 1
        or len(kind.rich) >= 3
        or sum(bool(unit.signs & CONTACT) for unit in kind.rich) == len(kind.rich)
    )


def _are_sure(kind: Kind) -> bool:
    """True for units with headings of their own that say when, where and on what terms."""
    return all(unit.strength > 2 and weight(unit.signs) >= _ANNOUNCED for unit in kind.rich)


def _are_told(kind: Kind) -> bool:
    """True for several units that all have headings of their own, most of which tell of an offer.

    Whoever offers them is reached at one place, which the page says once. Of two, both tell of what
    their headings name: else the second is a part of the page's text.
    """
    every = kind.rich + kind.thin
    told = len(kind.rich) + sum(map(_is_told, kind.thin))
    if not all(unit.strength > 2 for unit in every):
        return False
    if len(every) > _PAIR:
        return told * 2 > len(every)
    return told == len(every) == _PAIR and all(_is_named(unit) for unit in every)


def _is_named(unit: Unit) -> bool:
    """True for a unit whose heading names an offer, and that says when or on what terms it is."""
    return names_offer(unit.title) and weight(unit.signs & ~HINTS) > 0


def _is_told(unit: Unit) -> bool:
    """True for a unit without a contact that says on what terms it is, or what its name means."""
    return weight(unit.signs & ~HINTS) >= _TELLING or (
        unit.rest >= _EXPLAINED and names_offer(unit.title)
    )


def _is_list(flow: Flow, unit: Unit) -> bool:
    """True for a whole list that goes by the name of its first item."""
    items = {line.element for line in flow.lines[unit.start : unit.end]}
    first = flow.lines[unit.title_line].element
    return flow.elements[first].tag == "li" and any(
        flow.elements[n].tag == "li" and flow.elements[n].parent == flow.elements[first].parent
        for n in items - {first}
    )


def _announces(flow: Flow, unit: Unit) -> bool:
    """True for a date with its hour, place and terms below its name, as start pages announce it."""
    if unit.strength < 2 or unit.title_line != unit.start or not names_offer(unit.title):
        return False
    dated = unit.signs & Sign.DATE and unit.signs & Sign.CLOCK
    terms = unit.signs & (Sign.COST | Sign.REGISTER)
    if not (dated and terms) or weight(unit.signs) < _ANNOUNCED:
        return False
    return not any(line.head for line in flow.lines[unit.start + 1 : unit.end])


def _tells_elsewhere(kind: Kind, alone: bool) -> bool:
    """True where another heading of the same shape stands above when something is or its price.

    On a page that says itself that it is a list a bold line is one, too.
    """
    least = 2 if alone else 3
    return kind.rich[0].strength >= least and any(
        unit.strength >= least and weight(unit.signs & ~HINTS) >= _TELLING and unit.signs & ~CONTACT
        for unit in kind.thin
    )


def _best(flow: Flow, found: list[Kind]) -> Kind:
    best = max(found, key=_rank)
    for _ in range(12):
        finer = [kind for kind in found if kind is not best and beats(flow, kind.rich, best.rich)]
        if not finer:
            break
        best = max(finer, key=_rank)
    return best


def _rank(kind: Kind) -> tuple[float, int, int, int]:
    evidence, text = kind.covered
    strong = sum(unit.strength for unit in kind.rich) / len(kind.rich)
    return (1.0 if strong >= 2 else 0.0, text, int(evidence), len(kind.rich))


def beats(flow: Flow, inner: list[Unit], outer: list[Unit]) -> bool:
    """True where the outer units are sections that hold the records, not the records.

    They are where most of them hold several inner ones and either these can be reached each by
    itself, or nothing but a short introduction stands beside them.
    """
    several = some = equal = 0
    spans = {(one.start, one.end) for one in inner}
    outside_contact = outside_text = 0
    held: list[Unit] = []
    for unit in outer:
        within = [
            one
            for one in inner
            if unit.holds(one) and (one.start, one.end) != (unit.start, unit.end)
        ]
        if not within:
            equal += (unit.start, unit.end) in spans
            continue
        some += 1
        held += within
        several += len(within) > 1
        taken = {number for one in within for number in range(one.start, one.end)}
        beside = [
            line
            for number, line in enumerate(flow.lines[unit.start : unit.end], unit.start)
            if number not in taken and number != unit.title_line and not line.menu
        ]
        signs = Sign.NONE
        for line in beside:
            if not holds_for_all(line.text):
                signs |= line.signs
        outside_contact += bool(signs & CONTACT)
        outside_text += sum(len(line.text) for line in beside)
    if some * 3 < len(outer) - equal:
        return False
    if _are_topics(outer) and _have_names(held):
        return outside_contact * 4 <= some
    if not several or several * 2 < some or len(held) < 2 * some - (some - several):
        return False
    weak = sum(unit.strength == 1 for unit in held) * 2 >= len(held)
    named = len(outer) > 1 or _is_event(flow, outer[0])
    if weak and named and sum(unit.strength > 1 for unit in outer) * 2 > len(outer):
        return False  # paragraphs of records that have names of their own
    reachable = sum(bool(unit.signs & CONTACT) for unit in held) / len(held)
    strong = sum(unit.strength for unit in held) / len(held)
    if reachable >= 0.6:
        return strong >= 1.5 or outside_contact * 3 <= some
    return strong >= 1.0 and outside_contact * 4 <= some and outside_text <= 260 * some


def _are_topics(units: Sequence[Unit]) -> bool:
    """True where every heading names a topic: "Geld & Schulden", and the one offer below it."""
    return len(units) > 1 and all(names_topic(unit.title) for unit in units)


def _have_names(units: Sequence[Unit]) -> bool:
    """True where headings or bold lines name what most of the units offer."""
    named = sum(
        unit.strength > 1 and names_offer(unit.title) and not names_topic(unit.title)
        for unit in units
    )
    return named * 2 >= len(units) > 1


def _is_event(flow: Flow, unit: Unit) -> bool:
    """True for a heading right above the day and hour of what it names."""
    below = flow.lines[unit.title_line + 1] if unit.title_line + 1 < unit.end else None
    dated = below is not None and below.signs & Sign.DATE and below.signs & Sign.CLOCK
    return bool(dated) and unit.strength > 2 and unit.heads == 1


def _companions(flow: Flow, best: Kind, alone: bool, topical: bool) -> list[Unit]:
    """Units of the same shape that state no contact: records, where most of their like are."""
    telling = len(best.rich) + sum(
        _is_told(unit) or ends(flow.lines[unit.start + 1 : unit.end]) for unit in best.thin
    )
    share = telling / (len(best.rich) + len(best.thin))
    single = not (_tells_elsewhere(best, alone) or (topical and _are_told(best)))
    if (len(best.rich) < 2 and single) or share < (0.5 if best.name[0] == "element" else 0.65):
        return []
    return [
        unit
        for unit in best.thin
        if (unit.rest >= 40 or unit.signs & CONTACT)
        and unit.strength >= min(other.strength for other in best.rich)
        and not is_generic(unit.title)
        and not is_label(unit.title)
        and not (names_benefit(unit.title) and not unit.signs & _WHERE_TO_GO)
        and (
            best.name[0] == "element"
            or weight(unit.signs) >= 1
            or unit.rest >= 80
            or names_offer(unit.title)
        )
        and not any(unit.start < other.end and other.start < unit.end for other in best.rich)
    ]
