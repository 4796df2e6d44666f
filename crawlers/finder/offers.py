"""The offers of a page: a list of units, or the page itself as one."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, replace
from functools import reduce
from operator import or_

from crawlers.finder import chrome
from crawlers.finder.addressees import is_for_others, names_families
from crawlers.finder.affairs import (
    is_affair,
    names_affair,
    names_people,
    names_print,
)
from crawlers.finder.agenda import by_day
from crawlers.finder.benefits import gives_aid, names_fund
from crawlers.finder.besides import (
    is_address,
    is_beside,
    is_item,
    is_network,
    is_others,
    is_over,
    is_owners,
    is_start,
    is_story,
    of_others,
)  # fmt: skip
from crawlers.finder.bodies import names_house
from crawlers.finder.choice import beats, choose, detail_of, lone, teasers
from crawlers.finder.content import signs_of, told_in, without_card
from crawlers.finder.evidence import CONTACT, HINTS, Sign, reachable, weight
from crawlers.finder.flow import BOLD, Flow, Line
from crawlers.finder.kicker import with_kickers
from crawlers.finder.margin import margin_of
from crawlers.finder.municipal import describes_service, is_municipal, means_families
from crawlers.finder.notices import Notice, introduces, lacks, notices_of
from crawlers.finder.parish import names_rite
from crawlers.finder.passages import passages_beside, passages_of, sections_of
from crawlers.finder.profile import fields_for, is_profile, offers_below
from crawlers.finder.reports import is_news, is_press, is_review, names_news
from crawlers.finder.sections import names_kind, names_topic
from crawlers.finder.titles import names_offer
from crawlers.finder.units import Kind, Unit, kinds
from crawlers.finder.words import (
    is_foreign,
    is_generic,
    is_label,
    names_questions,
    names_related,
    opens_others,
)
from crawlers.keys import slug
from crawlers.record import Passage, Record, Role, Trust

_PART = re.compile(
    r"(?:haupt|außen|neben|zweig)(?:geschäfts)?stelle\b|(?:standort|büro|praxis)\s+[A-ZÄÖÜ]"
    r"|(?:\d+\. ?)?(?:abend|vormittag|nachmittag|termin|treffen|modul|einheit|block|teil|tag|woche"
    r"|sitzung|baustein)\b(?: \d+| [IVX]+)?\s*(?:$|[:–—|-])",
    re.IGNORECASE,
)
_PLACES = re.compile(
    r"(?:unsere |alle )?(?:standorte|geschäftsstellen|dienststellen|außenstellen|anfahrt)"
    r"(?: .{3,40})?",
    re.IGNORECASE,
)
_CLUBS = re.compile(
    r"(?:unsere |örtliche )?vereine?(?: (?:und|&) \w+)?"
    r"(?: (?:von )?a\s?(?:-|–|bis)\s?z| in .{3,40})?"
    r"|vereins(?:liste|verzeichnis|leben|register)(?: .{0,40})?",
    re.IGNORECASE,
)
_AT = re.compile(
    r"(?:offene |telefonische |persönliche |allgemeine )*(?:außen)?(?:beratung|sprechstunden?"
    r"|sprechzeiten?|termine?)\b(?! (?:für|bei|zu|zum|zur|rund|nach (?!tel|abspr|verein|anmeld)))",
    re.IGNORECASE,
)
"""What says where and when an offer is, and names none: "Außensprechstunde in Nordheim"."""
_OFFERED = re.compile(r"angebot|kurse|gruppen|treff|beratung|hilfe", re.IGNORECASE)
_OF_IT = re.compile(r"kinderbetreuung|betreuung der kinder|sprechstunde|anmeldung", re.IGNORECASE)
_ONLINE = re.compile(r"(?:unsere )?(?:online|chat|e?-?mail)-?beratung\b.{0,40}", re.IGNORECASE)
_SEE = re.compile(
    r"(?:[\w /]{2,30}: )?\(?(?:s\.|siehe)(?: auch| oben)?(?: \w+)?\)?\.?", re.IGNORECASE
)
_IN_HOUSE = re.compile(r"\s(?:im|in (?:der|unserem|unserer)|beim|bei(?: der| uns im)?|des|der)\s")
_BRACKETS = re.compile(r"\([^()]*\)")
_TOLD_ONLINE = 80  # characters that say more of advice online than where it is given
_LED = 150  # characters that an offer says of itself above others
_SEVERAL = 2  # records; fewer need no introduction
_RHYTHM = Sign.WEEKDAY | Sign.CLOCK
_AGAIN = 50  # characters that say no more than when something takes place, too
_FEW = 400  # characters of an introduction between a page's headline and its only offer


@dataclass(frozen=True, slots=True)
class Reader:
    """Who reads what: the extractor's name for its records, the headline of the page.

    `entry` is true where a platform's API gave the headline, so that the page is an entry of its
    own and no start page.
    """

    extractor: str
    title: str
    entry: bool = False


def find_offers(flow: Flow, url: str, reader: Reader) -> list[Record]:
    """The offers of a page that nobody described, in reading order.

    Keys are provisional: the page's URL, with the folded title as fragment for one of several
    (`crawlers.reading` makes them the source's).
    """
    title = reader.title
    if not flow.lines or _is_of_none(url, title):
        return []
    news = names_news(title)
    listed_as = _without_house(flow, title)
    generic = not title or is_generic(title) or news
    network = is_network(flow, title, flow.lines)
    pool = kinds(flow)
    gathers = _gathers(title)
    alone = not is_start(url) and (
        generic or gathers is not None or names_topic(listed_as) or _heads_one(flow, title)
    )
    units = [
        unit
        for unit in choose(flow, pool, alone, topical=alone and _names_offers(listed_as))
        if not (gathers and not gathers(unit.title))
        and not (
            is_owners(flow, unit, title)
            or is_story(flow, unit)
            or is_beside(flow, unit)
            or (not generic and of_others(flow, unit, url))
            or (news and is_item(flow, unit))
        )
    ]
    if listed := offers_below(flow, title):
        return [
            _with_fields(flow, listed, unit, url, reader)
            for unit in listed
            if not is_others(flow, unit)
        ]
    if any(unit.rich for unit in units):  # what the headline says above a list introduces it
        units = [unit for unit in units if unit.rich or unit.title != title]
    if network and sum(bool(u.signs & CONTACT) for u in units) < 3:
        units = []
    unlike = gathers is not None or is_profile(flow, title)
    page = None if unlike else _page_unit(flow, reader, url, pool)
    if page is not None and not units and (led := _led_on(flow, page, teasers(flow, pool, url))):
        units, page = led, None
    if page is not None and not units and (named := _named_below(flow, page, pool)):
        units, page = named, None
    several = generic or (listed_as != title and len(units) >= _SEVERAL)
    if page is not None and not (units and _list_wins(flow, units, page, several)):
        own = _below(flow, pool, page)
        if own:
            page = page._replace(end=own[0].start)
        whole = _with_margin(flow, page, _record(flow, page, url, reader, frozenset()))
        below = {number for unit in own for number in range(unit.start, unit.end)}
        told = [(unit, _record(flow, unit, url, reader, below)) for unit in own]
        return [
            whole,
            *(_with_margin(flow, u, r) if _is_aid(flow, u) else r for u, r in told),
        ]
    if page is not None:
        units = [*_lead(flow, units, page), *units]
    if not units and not (network or news):
        led = teasers(flow, pool, url)
        units = sorted([*led, *_beside_led(flow, pool, led)], key=lambda unit: unit.start)
    if len(units) > _SEVERAL:
        units = [unit for unit in units if not introduces(flow, unit, units)]
    units = by_day(flow, with_kickers(flow, units))
    inside = {number for unit in units for number in range(unit.start, unit.end)}
    notices = notices_of(flow, units, inside)
    told = [
        (unit, _with_notices(flow, unit, _record(flow, unit, url, reader, inside), notices))
        for unit in units
        if not is_others(flow, unit)
    ]
    return _once_a_week(told)


def _without_house(flow: Flow, title: str) -> str:
    """The headline of a list without the house that it is of: "Beratung" of "Beratung im Turm".

    <title> names the page by the same word alone; "Beratung in der Schwangerschaft" it would not.
    """
    sort = _IN_HOUSE.split(title, 1)[0]
    return sort if is_generic(sort) and slug(sort) in flow.names else title


def _names_offers(title: str) -> bool:
    """True for the headline of a page of offers: a topic, or what all that help call theirs."""
    return names_topic(title) and (not is_generic(title) or _OFFERED.search(title) is not None)


def _gathers(title: str) -> Callable[[str], bool] | None:
    """What of a page that is no offer may be one, by its title; None for a page of another kind.

    On a page of places, what is offered there; on one of worship or of all clubs of a town, what is
    made for families.
    """
    if _PLACES.fullmatch(title.strip(" .:!")):
        return lambda named: names_offer(_BRACKETS.sub("", named))
    return names_families if names_rite(title) or _CLUBS.fullmatch(title) else None


def _is_of_none(url: str, title: str) -> bool:
    """True for a page of the site's own affairs, by its address or its headline."""
    if chrome.is_legal(url, title) or chrome.is_contact_page(url, title) or is_over(title):
        return True
    affair = names_affair(title) and not names_rite(title)
    return affair or names_questions(title) or names_people(title)


def read_whole(flow: Flow, url: str, reader: Reader, key: str) -> Record | None:
    """A document that is known to be one offer, such as an entry of a post type made for offers."""
    lines = told_in(flow.lines)
    if not lines:
        return None
    unit = Unit(0, len(flow.lines), reader.title, 0, 3, signs_of(lines, set()), 1)
    passages = passages_of(flow, unit, url, [])
    return Record(key, url, passages, reader.extractor, Trust.FEED)


def _record(flow: Flow, unit: Unit, url: str, reader: Reader, inside: AbstractSet[int]) -> Record:
    """The record of one of the units whose lines are `inside`; of the whole page without any."""
    trust = Trust.FOUND if inside else Trust.PAGE
    sections = sections_of(flow, unit, inside) if trust is not Trust.PAGE else []
    passages = (*passages_of(flow, unit, url, sections), *_owner(flow))
    if not sections and reader.entry and trust is not Trust.PAGE and not is_generic(reader.title):
        passages = (passages[0], Passage(Role.SECTION, reader.title), *passages[1:])
    key = url if trust is Trust.PAGE else f"{url.partition('#')[0]}#{slug(unit.title)}"
    detail = detail_of(flow, unit, url) if trust is not Trust.PAGE else ""
    return Record(key, url, passages, reader.extractor, trust, detail_url=detail or None)


def _once_a_week(told: Sequence[tuple[Unit, Record]]) -> list[Record]:
    """The records of units; what a plan of the week names again, with its hour alone, is one offer.

    So is what a plan names and a heading beside the plan tells of. A group of the same name
    elsewhere or for others says so, and stays one of its own.
    """
    found: dict[str, Record] = {}
    entries: set[str] = set()
    texts: dict[str, list[tuple[Unit, Record]]] = defaultdict(list)
    records: list[Record] = []
    for unit, record in told:
        weekly = unit.signs & Sign.CLOCK and not (unit.signs & Sign.DATE or record.detail_url)
        again = weekly and unit.rest <= _AGAIN and not unit.signs & CONTACT
        first = found.get(record.key) if again else None
        if first is None:
            records.append(record)
            if weekly:
                found.setdefault(record.key, record)
            if again:
                entries.add(record.key)
            else:
                texts[record.key].append((unit, record))
            continue
        records[records.index(first)] = found[record.key] = _with_lines(first, record)
    for key in entries & texts.keys():
        if len(texts[key]) == 1:
            ((unit, text),) = texts[key]
            entry = found[key]
            records.remove(entry)
            if not (unit.signs & _RHYTHM == _RHYTHM or unit.signs & Sign.DATE):
                records[records.index(text)] = _with_lines(text, entry)
    return records


def _with_lines(record: Record, entry: Record) -> Record:
    """A record with what an entry of a plan says beside it."""
    said = {passage.text for passage in record.passages}
    more = (p for p in entry.passages if p.text not in said and p.role is Role.TEXT)
    return replace(record, passages=(*record.passages, *(p for p in more if not _refers(p.text))))


def _refers(text: str) -> bool:
    """True for a line that only says where more is told: "Angebot: (s. Montag)"."""
    return _SEE.fullmatch(text) is not None


def _owner(flow: Flow) -> list[Passage]:
    """Whose site it is, where its owner sits and is reached, where the page's frame says so."""
    owner = [(Role.OWNER, flow.owner)] if flow.owner else []
    told = [*owner, *((Role.SEAT, seat) for seat in flow.seats)]
    told += [(Role.DESK, line) for line in flow.desk]
    return [Passage(role, said.name, flow.path(said.element)) for role, said in told]


def _with_margin(flow: Flow, page: Unit, record: Record) -> Record:
    """The record of a whole page with what stands beside its text."""
    if not flow.margin:
        return record
    beside = passages_beside(flow, margin_of(flow, page.title, page.signs), record.page_url)
    return replace(record, passages=(*record.passages, *beside))


def _with_fields(flow: Flow, units: Sequence[Unit], unit: Unit, url: str, reader: Reader) -> Record:
    """The record of an offer of an institution, with what its fields say for all of them."""
    inside = {number for one in units for number in range(one.start, one.end)}
    record = _record(flow, unit, url, reader, inside)
    return replace(record, passages=(*record.passages, *fields_for(flow, units, unit)))


def _with_notices(flow: Flow, unit: Unit, record: Record, notices: Sequence[Notice]) -> Record:
    """A record with what its page says once for all and it does not say itself."""
    told = tuple(
        Passage(notice.role, text, flow.path(flow.lines[notice.line].element), shared=True)
        for notice in notices
        if (text := lacks(flow, unit, notice)) and not (record.detail_url and not notice.plain)
    )
    told = tuple(p for p in told if not any(p != q and q.text.startswith(p.text) for q in told))
    return replace(record, passages=(*record.passages, *told)) if told else record


def _page_unit(flow: Flow, reader: Reader, url: str, pool: Sequence[Kind]) -> Unit | None:
    """The page as one record; None for a start page, a list, a report, or too little said."""
    title = reader.title
    if not title or is_generic(title) or is_foreign(title) or is_label(title) or names_news(title):
        return None
    if not reader.entry and is_start(url):
        return None
    lines = flow.lines
    start = next((n for n, line in enumerate(lines) if line.text == title and line.rank), 0)
    end = len(lines)
    for number in range(start + 1, end):
        text = lines[number].text
        if (lines[number].rank and (opens_others(text) or chrome.names_legal(text))) or (
            names_related(text) and reachable(signs_of(told_in(lines[start:number]), flow.own))
        ):
            end = number
            break
    while end > start and lines[end - 1].menu:
        end -= 1
    content = told_in(lines[start:end])
    if not content:
        return None
    text = " ".join(line.text for line in content)
    signs = signs_of(content, flow.own)
    own = without_card(flow, content, title)
    told = signs_of(own, flow.own)
    heads = [line.text for line in (*lines[start:end], *flow.margin) if 0 < line.rank < 7]
    service = describes_service(heads)
    if service and not (means_families(title, text) or names_offer(title)):
        return None
    hinted = weight(told & ~Sign.DATE) or names_offer(title) or service  # news has a day, too
    if told & Sign.REGISTER:  # whoever runs the site takes those who join
        signs |= signs_of(own, set()) & (Sign.PHONE | Sign.MAIL)
    whole = signs | _beside(flow, title, signs) if hinted else signs
    if (
        weight(whole) < 2
        or not (weight(told) or whole != signs)
        or not reachable(whole)
        or (not (reachable(signs) or service) and (names_topic(title) or teasers(flow, pool, url)))
        or ((flow.newsy or names_print(title)) and _tells_otherwise(title, text, signs))
        or is_network(flow, title, content)
        or is_address(title, content)
        or is_municipal(title, text)
        or is_for_others(title, "\n".join(line.text for line in content))
    ):
        return None
    at = (
        start
        if lines[start].text == title
        else next(n for n in range(start, end) if not lines[n].menu)
    )
    return Unit(start, end, title, at, 3, signs, len(text))


def _beside(flow: Flow, title: str, found: int) -> int:
    """The signs beside the text of a page that lacks them."""
    lacked = margin_of(flow, title, found).lacked if flow.margin else ()
    return reduce(or_, (line.signs for line in lacked), Sign.NONE)


def _tells_otherwise(title: str, text: str, signs: int) -> bool:
    """True for a page that reports, or offers work or something printed."""
    if is_news(text) or is_press(title, text) or is_affair(title, text):
        return True
    return not signs & CONTACT and is_review(text)


def _list_wins(flow: Flow, units: list[Unit], page: Unit, generic: bool) -> bool:
    if not generic and _tells_of_one(flow, units, page):
        return False
    if names_offer(page.title) and 2 * sum(map(_is_part, units)) > len(units):
        return False
    if generic or len(units) >= 4 or _heads_topic(flow, units, page.title):
        return True
    if beats(flow, units, [page]) or _heads_one(flow, flow.lines[page.title_line].text):
        return True
    if names_topic(page.title):
        return sum(unit.strength > 2 for unit in units) >= _SEVERAL
    one = names_offer(page.title) and not names_house(page.title)
    told = CONTACT if one else CONTACT | Sign.CLOCK
    return sum(unit.strength >= 2 and bool(unit.signs & told) for unit in units) > _SEVERAL


def _lead(flow: Flow, units: Sequence[Unit], page: Unit) -> list[Unit]:
    """What a page tells of the offer that its headline names, above others that belong to it.

    It says when that is and how it is reached by itself; an introduction does not.
    """
    end = min((unit.start for unit in units), default=page.end)
    if not names_offer(page.title) or names_topic(page.title) or page.title_line >= end:
        return []
    lines = told_in(flow.lines[page.title_line + 1 : end])
    signs = signs_of(lines, flow.own)
    told = sum(len(line.text) for line in lines)
    if not (signs & (Sign.PHONE | Sign.MAIL) and signs & Sign.WEEKDAY and signs & Sign.CLOCK):
        return []
    if told < _LED or any(line.head and is_generic(line.text) for line in lines):
        return []
    return [Unit(page.title_line, end, page.title, page.title_line, 3, signs, told)]


def _below(flow: Flow, pool: Sequence[Kind], page: Unit) -> list[Unit]:
    """Offers of their own below what a page is about: a group, say, that an advice centre holds.

    Each has a heading that names an offer, its day and hour, and how one joins or what it costs,
    or is given apart from the house (`_is_apart`), and nothing but such offers follows.
    """
    if not (names_offer(page.title) or names_house(page.title)):
        return []
    alike = names_fund(page.title) or _ONLINE.fullmatch(page.title)
    held = [
        unit
        for kind in pool
        if kind.name[0] == "heading" and not alike
        for unit in (*kind.rich, *kind.thin)
        if unit.heads == 1 and unit.start > page.title_line and _is_apart(flow, unit)
    ]
    held += [
        unit
        for unit in lone(flow, pool)
        if page.title_line < unit.start
        and unit.title_line == unit.start
        and 1 < flow.lines[unit.title_line].rank < BOLD
        and names_offer(unit.title)
        and not (_is_part(unit) or _OF_IT.search(unit.title))
        and unit.signs & Sign.CLOCK
        and unit.signs & (Sign.REGISTER | Sign.COST | CONTACT)
    ]
    found: list[Unit] = []
    end = _before_affairs(flow, page)
    for unit in sorted(held, key=lambda unit: (-unit.end, unit.start)):
        if unit.end == end:
            found.insert(0, unit)
            end = unit.start
    lead = told_in(flow.lines[page.title_line + 1 : end])
    told = sum(len(line.text) for line in lead)
    return found if found and told >= _LED else []


def _is_apart(flow: Flow, unit: Unit) -> bool:
    """True for aid from a fund that one applies for here, and for advice by chat or mail.

    Who looks for it does not look for the advice centre, and it is given in another way.
    """
    if unit.title_line != unit.start or not 1 < flow.lines[unit.start].rank < BOLD:
        return False
    online = _ONLINE.fullmatch(unit.title) is not None and unit.rest >= _TOLD_ONLINE
    return online or _is_aid(flow, unit)


def _is_aid(flow: Flow, unit: Unit) -> bool:
    """True for aid from a fund, for which one applies to whoever is reached beside it."""
    lines = flow.lines[unit.title_line + 1 : unit.end]
    return gives_aid(unit.title, " ".join(line.text for line in lines))


def _before_affairs(flow: Flow, page: Unit) -> int:
    """Where a page ends but for what whoever runs it asks at last: "Wir suchen dich!"."""
    end = page.end
    for n in range(page.end - 1, page.title_line, -1):
        line = flow.lines[n]
        if line.head and line.rank < BOLD:
            if not (names_affair(line.text) or is_foreign(line.text)):
                break
            end = n
    return end


def _beside_led(flow: Flow, pool: Sequence[Kind], led: Sequence[Unit]) -> list[Unit]:
    """Offers with headings of their own, beside a list of those that have pages of their own."""
    taken = [(unit.start, unit.end) for unit in led]
    found: list[Unit] = []
    for unit in lone(flow, pool):
        free = all(unit.end <= start or end <= unit.start for start, end in taken)
        if free and not (is_beside(flow, unit) or is_story(flow, unit)):
            taken.append((unit.start, unit.end))
            found.append(unit)
    return found if len(led) >= _SEVERAL else []


def _is_part(unit: Unit) -> bool:
    """True for one evening or module of a course."""
    return _PART.match(unit.title) is not None


def _led_on(flow: Flow, page: Unit, led: list[Unit]) -> list[Unit]:
    """The units that lead to pages of their own, where nothing but them tells of an offer."""
    inside = {number for unit in led for number in range(unit.start, unit.end)}
    beside = [flow.lines[n] for n in range(page.start, page.end) if n not in inside]
    return [] if weight(signs_of(told_in(beside), flow.own)) else led


def _named_below(flow: Flow, page: Unit, pool: Sequence[Kind]) -> list[Unit]:
    """The only offer of a page whose headline names none: a chapter of a guide, a page of tips.

    A heading below names it, and nothing else on the page says how to reach somebody, or when.
    Below a headline that names a kind of them ("Familienfreizeiten") there may be several, whose
    days and terms are enough: all are joined at one place.
    """
    several = names_kind(page.title)
    if (names_offer(page.title) or names_house(page.title)) and not several:
        return []
    named = {
        unit.start: unit
        for kind in pool
        for unit in (*kind.rich, *(filter(_is_dated, kind.thin) if several else ()))
        if kind.name[0] == "heading"
        and unit.title_line == unit.start
        and page.title_line < unit.start
        and 1 < flow.lines[unit.start].rank < BOLD
        and unit.heads == 1
        and names_offer(unit.title)
        and not (names_topic(unit.title) or is_label(unit.title) or _is_part(unit))
        and not (is_beside(flow, unit) or is_story(flow, unit))
    }
    if not named or (len(named) > 1 and not several):
        return []
    units = [unit for unit in named.values() if not _holds_any(unit, named.values())]
    inside = {n for unit in units for n in range(unit.start, unit.end)}
    beside = [flow.lines[n] for n in range(page.start, page.end) if n not in inside]
    told = signs_of(told_in(beside), flow.own) & (CONTACT | Sign.WEEKDAY | Sign.CLOCK)
    return [] if told else sorted(units)


def _holds_any(unit: Unit, units: Iterable[Unit]) -> bool:
    """True for a unit in which another of them lies."""
    return any(unit.holds(other) for other in units if other is not unit)


def _is_dated(unit: Unit) -> bool:
    """True for a unit that says on which day and on what terms it is."""
    return bool(unit.signs & Sign.DATE and unit.signs & (Sign.COST | Sign.REGISTER))


def _tells_of_one(flow: Flow, units: Sequence[Unit], page: Unit) -> bool:
    """True where sentences begin nothing but parts of one text below a headline that names it."""
    headed = 0 < flow.lines[page.title_line].rank < 7 and not names_topic(page.title)
    plain = all(unit.strength == 1 for unit in units)
    offers = sum(names_offer(unit.title) and not _AT.match(unit.title) for unit in units)
    named = offers * 2 > len(units)
    reached = sum(bool(unit.signs & CONTACT) for unit in units) >= 3
    return headed and plain and not (named or reached)


def _heads_one(flow: Flow, title: str) -> bool:
    """True where a short headline stands right above the only other heading of the page.

    Then the headline names the section and the heading below it the one record in it.
    """
    heads = [
        n
        for n, line in enumerate(flow.lines)
        if 0 < line.rank < 7 and not line.menu and not is_label(line.text)
    ]
    if len(heads) != 2 or heads[1] != heads[0] + 1:
        return False
    head = flow.lines[heads[0]].text
    if head != title and not is_generic(head):
        return False
    named = " " in head and names_offer(head) and not names_topic(head)
    if named and not names_offer(flow.lines[heads[1]].text):
        return False  # "Kleiderladen „Stups“", and below it "Gut und günstig"
    return len(head.split()) <= 3 and flow.lines[heads[0]].rank < flow.lines[heads[1]].rank


def _heads_topic(flow: Flow, units: Sequence[Unit], title: str) -> bool:
    """True where a page's headline is the name of a topic and its only offer has its own heading.

    Nothing above that heading tells of an offer, and nothing below it how to reach another.
    """
    if len(units) != 1 or units[0].strength < 2:
        return False
    unit = units[0]
    above = range(unit.start - 1, -1, -1)
    top = next((n for n in above if _is_headline(flow.lines[n], title)), -1)
    if top < 0 or flow.lines[top].menu or not names_topic(flow.lines[top].text):
        return False
    offered = names_offer(unit.title)
    if names_offer(flow.lines[top].text) and not offered:
        return False
    named = flow.lines[unit.title_line]
    alike = (
        line
        for line in flow.lines[top + 1 :]
        if line.head and (line.rank, line.shape) == (named.rank, named.shape)
    )
    if not offered and sum(not is_foreign(line.text) for line in alike) > 1:
        return False  # parts of what the headline names
    between = told_in(flow.lines[top + 1 : unit.start])
    after = signs_of(without_card(flow, told_in(flow.lines[unit.end :]), title), flow.own)
    told = signs_of(between, flow.own) & ~HINTS
    return not told and not after & CONTACT and sum(len(line.text) for line in between) <= _FEW


def _is_headline(line: Line, title: str) -> bool:
    """True for the headline of a page, which old ones have as a heading of a lower rank."""
    return line.rank == 1 or (0 < line.rank < BOLD and line.text == title)
