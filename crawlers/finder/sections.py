"""Headings that name a section of a page, not a record: "Beratung & Hilfe" above the offices."""

from __future__ import annotations

import itertools
import re
from collections import Counter
from collections.abc import Mapping, Sequence
from functools import lru_cache

from crawlers.finder.bodies import names_body
from crawlers.finder.evidence import HINTS, reachable
from crawlers.finder.flow import BOLD, Flow, Line
from crawlers.finder.titles import names_offer
from crawlers.finder.words import is_date, is_foreign, is_generic, is_label, starts_with_label

_HEADLINES = 3
_FEW = 400  # characters of an introduction between a section's heading and its first record
_SEVERAL = 2  # headings that show what the others are
_WORDS_OF_TOWN = 2
_CUT = re.compile(r"[,:;(]|\s[–—|-]\s")  # after a name
_LONG = 70  # characters; what is longer names no section
_FILLER = re.compile(
    r"(?:und|oder|für|fuer|in|im|der|die|das|den|dem|des|rund|um|mehr|zu|zum|zur|von|vom|mit|am|an"
    r"|bei|nach"
    r"|aus|auf|unsere|alle|weitere|aktuelle|neue|lokale|regionale|örtliche|hilfe|hilfen|angebote?|häusliche[rn]?"
    r"|alleinerziehende[nr]?|ein-?eltern-?familien|familien?|eltern|mütter|väter|kinder|kind"
    r"|jugendliche|frauen|thema|themen|themenfeld|handlungsfeld|lebenslage|kapitel|bereich|rat|tat|s|a|z|bis|u|co)",
    re.IGNORECASE,
)
_TOPIC = re.compile(
    r"(?:(?:hilfs|beratungs|unterstützungs|betreuungs|freizeit|ferien|gruppen|bildungs"
    r"|kurs)?angebote"
    r"|jugend|beratung|lebensberatung|allgemeine|psychosoziale"
    r"|beratungsstellen|anlaufstellen|einrichtungen|fachstellen|ämter|behörden|institutionen"
    r"|unterstützung|begleitung|(?:kinder|ferien|randzeiten|notfall|tages)?betreuung|kita|kitas"
    r"|kindertagespflege|recht|rechtliches|finanzen|finanzielles|finanzielle|geld|leistungen|wohnen"
    r"|wohnung|wohnungssuche|arbeit|arbeiten|beruf|berufliches|ausbildung|bildung|weiterbildung"
    r"|qualifizierung|wiedereinstieg|studium|schule|lernen|lernhilfe|gesundheit|gesundes|kuren|kur"
    r"|erholung|freizeit(?:en)?|ferien|urlaub|reisen|fahrten|ausflüge|kultur|sport|bewegung|mobilität|treffs?|treffen"
    r"|treffpunkte?|begegnung|austausch|kontakte?|gemeinschaft|gruppen?|kurse|workshops?|vorträge"
    r"|seminare|selbsthilfe|selbsthilfegruppen|trennung|scheidung|unterhalt|sorgerecht|umgang"
    r"|umgangsrecht|existenz|existenzsicherung|lebensunterhalt|grundsicherung|schulden|notlagen?"
    r"|krisen?|not|notfall|notfälle|gewalt|schutz|erziehung|entwicklung|entlastung|alltag"
    r"|alltagshilfen?|haushalt|schwangerschaft|geburt|baby|babys|migration|integration|sprache"
    r"|sprachen|digitales|online|telefonisch|regelmäßige|einmalige|sonstiges?|verschiedenes"
    r"|weiteres|veranstaltungen|termine|feste|aktionen|projekte|patenschaften|ehrenamt"
    r"|montags?|dienstags?|mittwochs?|donnerstags?|freitags?|samstags?|sonnabends?|sonntags?"
    r"|januar|februar|märz|april|mai|juni|juli|august|september|oktober|november|dezember|20\d\d"
    r"|wochenende|vormittags?|nachmittags?|abends?|jobcenter|stadtteile?|bezirke?|landkreis)",
    re.IGNORECASE,
)
_KIND = re.compile(
    r"(?:(?:unsere|aktuelle|weitere) )?[\w-]*(?:freizeiten|gruppen|kurse|treffs|fahrten|reisen"
    r"|ausflüge|seminare|workshops|vorträge|veranstaltungen|projekte|feste|märkte|basare)"
    r"(?: (?:für|mit|in|im|und|&) .{3,40})?",
    re.IGNORECASE,
)
_PLACE = re.compile(
    r"(?:stadtteil|stadtbezirk|bezirk|ortsteil|region|kreis|landkreis|raum|quartier|kiez"
    r"|stadt|gemeinde|\d{5}) [A-ZÄÖÜ][\wäöüß/ -]{2,40}|[A-ZÄÖÜ](?:\s?[-–]\s?[A-ZÄÖÜ])?",
)
_BARS = frozenset({"toggle", "summary"})
_WORDS = re.compile(r"[A-Za-zÄÖÜäöüß\d-]+")


@lru_cache(maxsize=4096)
def names_topic(text: str) -> bool:
    """True for a heading made of nothing but words for topics: "Trennung und Scheidung"."""
    text = text.strip(" .:!–-")
    if not text or len(text) > _LONG:
        return False
    if _PLACE.fullmatch(text) or is_generic(text):
        return True
    words = [word.strip("-") for word in _WORDS.findall(text)]
    rest = [word for word in words if not _FILLER.fullmatch(word)]
    if not rest:  # "Für Väter", "Hilfe für Kinder"
        return len(words) > 1
    return all(
        _TOPIC.fullmatch(word) or all(_TOPIC.fullmatch(p) for p in word.split("-")) for word in rest
    )


@lru_cache(maxsize=4096)
def names_kind(title: str) -> bool:
    """True for a headline that names offers of a kind: "Familienfreizeiten", "Kurse für Eltern"."""
    return _KIND.fullmatch(title.strip(" .:!")) is not None


def lower_headlines(lines: Sequence[Line]) -> None:
    """Make headings of the second rank of those that a page has too many of to be its headline.

    Builders of sites offer the largest heading for every block; what heads a section stays.
    """
    tops = [n for n, line in enumerate(lines) if line.rank == 1 and not line.menu]
    lowered = [n for n in tops if n + 1 < len(lines) and not lines[n + 1].rank]
    if len(tops) < _HEADLINES or len(lowered) < _HEADLINES - 1:
        return
    for line in lines:
        if 1 < line.rank < 6:
            line.rank += 1
    for n in lowered:
        lines[n].rank = 2


_OPEN_HOUR = re.compile(r"(?:offene|allgemeine) sprechstunde", re.IGNORECASE)
_LIST = 3  # headings of records


def mark_heads(lines: Sequence[Line]) -> None:
    """Note which headings may be the title of a record or of a section."""
    open_hours: list[Line] = []
    others: Counter[tuple[int, bool]] = Counter()
    for line in lines:
        label = is_label(line.text)
        line.head = line.rank > 0 and not (line.menu or label or is_date(line.text))
        if label and 0 < line.rank < BOLD and _OPEN_HOUR.fullmatch(line.text):
            open_hours.append(line)
        else:
            others[line.rank, label] += line.head or label
    for line in open_hours:  # one of a list, no part of the record above it
        line.head = others[line.rank, False] >= _LIST and not others[line.rank, True]


def sections(flow: Flow) -> dict[int, int]:
    """Which headings head sections that hold the records, each with the line that begins the first.

    Such a heading has nothing of its own above the next deeper one, at most an introduction without
    any sign of an offer. Where each of several has exactly one below it, words decide: names of
    topics head sections, others are records with a subtitle.
    """
    lines = flow.lines
    heads = [n for n, line in enumerate(lines) if line.head and line.rank != 1]
    every = Counter(lines[n].rank for n in heads)
    named = Counter(lines[n].rank for n in heads if names_topic(lines[n].text))
    found: dict[int, int] = {}
    unsure: dict[int, int] = {}
    items: dict[int, int] = {}
    subtitled: set[int] = set()
    counts: list[int] = []
    for at, n in enumerate(heads):
        rank = lines[n].rank
        below = _first_below(flow, n)
        if below is None:
            continue
        other = lines[below]
        if below == n + 1 and other.rank:
            deeper = itertools.takewhile(lambda k: lines[k].rank > rank, heads[at + 1 :])  # noqa: B023
            counts.append(
                sum(lines[k].rank == other.rank and not is_foreign(lines[k].text) for k in deeper)
            )
            unsure[n] = below
            if counts[-1] == 1 and offered_by(lines[n], other):
                subtitled.add(n)
        topical = named[rank] * 2 >= every[rank] and names_topic(lines[n].text)
        if below == n + 1 and not other.rank and other.signs & ~HINTS:
            items[n] = below
        if topical or (below == n + 1 and other.shape in _BARS):
            found[n] = below
    found |= _towns_above_items(lines, heads, items)
    single = max(counts, default=0) <= 1 < len(counts)
    if not single or _name_offers_below(lines, unsure):
        found |= {n: below for n, below in unsure.items() if lines[below].rank < BOLD or single}
        found = {n: below for n, below in found.items() if n not in subtitled}
    return found | _alike_above(lines, heads)


def _towns_above_items(
    lines: Sequence[Line], heads: Sequence[int], items: Mapping[int, int]
) -> dict[int, int]:
    """Headings of a word or two, each above lines that begin with the name of an offer.

    "Altstadt" above "Café Zeitlos, Domplatz 2, …": where none of them names an offer itself.
    """
    ranks = {lines[n].rank for n in items}
    alike = [n for n in heads if lines[n].rank in ranks]
    if len(items) < _SEVERAL or len(alike) > len(items):
        return {}
    short = all(len(lines[n].text.split()) <= _WORDS_OF_TOWN for n in items)
    named = all(names_offer(_CUT.split(lines[below].text, 1)[0]) for below in items.values())
    offered = any(names_offer(lines[n].text) for n in items)
    return dict(items) if short and named and not offered else {}


def _alike_above(lines: Sequence[Line], heads: Sequence[int]) -> dict[int, int]:
    """Headings that look like the names right below: "Husum" above "Elterntreff", both bold."""
    looks = {n: (lines[n].rank, lines[n].shape) for n in heads}
    above = {n: n + 1 for n in heads if looks.get(n + 1) == looks[n]}
    pairs = {n: below for n, below in above.items() if below not in above}
    return pairs if len(pairs) > 1 and _name_offers_below(lines, pairs) else {}


def offered_by(line: Line, other: Line) -> bool:
    """True for a heading of an offer above a subtitle that names who offers it."""
    if names_topic(line.text) or names_body(line.text):
        return False
    return names_offer(line.text) and names_body(other.text)


def _name_offers_below(lines: Sequence[Line], opening: Mapping[int, int]) -> bool:
    """True where the lower of two headings is what names offers: "Coerde", "Café Kinderwagen"."""
    upper = sum(names_offer(lines[n].text) for n in opening)
    lower = sum(names_offer(lines[n].text) for n in opening.values())
    return lower * 2 >= len(opening) and lower > 2 * upper


def _first_below(flow: Flow, number: int) -> int | None:
    """The line below a heading that begins a record, with an introduction at most in between."""
    lines, said = flow.lines, 0
    for n in range(number + 1, len(lines)):
        line = lines[n]
        if line.menu:
            continue
        if line.rank:
            return n if line.rank > lines[number].rank and not is_label(line.text) else None
        if _names_itself(flow, n) and (line.lead or n == number + 1):
            return n
        said += len(line.text)
        if line.signs & ~HINTS or said > _FEW or is_label(line.text):
            return None
    return None


def _names_itself(flow: Flow, n: int) -> bool:
    """True for a line without the looks of a heading that begins with a name of its own."""
    lines, line = flow.lines, flow.lines[n]
    if line.lead:
        return not is_label(line.lead.strip(" :"))
    if flow.elements[line.element].tag == "li" and reachable(line.signs):
        return not starts_with_label(line.text)
    if n + 1 == len(lines) or lines[n + 1].paragraph != line.paragraph or line.signs & ~HINTS:
        return False
    return len(line.text) <= _LONG and line.text[-1] not in ".:!,;"
