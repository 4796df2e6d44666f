"""What stands on pages beside offers and looks like one: staff, questions, stories."""

from __future__ import annotations

import re
from collections.abc import Sequence
from urllib.parse import urlsplit

from crawlers.finder import chrome, sentences
from crawlers.finder.access import names_access
from crawlers.finder.addressees import is_for_others, names_colleagues, names_families, names_others
from crawlers.finder.affairs import (
    is_colleague,
    is_person,
    may_name_person,
    names_affair,
    names_function,
    names_people,
)
from crawlers.finder.bodies import names_house
from crawlers.finder.choice import detail_of
from crawlers.finder.content import signs_of
from crawlers.finder.evidence import CONTACT, Sign, signs
from crawlers.finder.flow import Flow, Line
from crawlers.finder.owner import Owner
from crawlers.finder.parish import names_rite
from crawlers.finder.story import mentions_network, names_owner, tells_of_network
from crawlers.finder.titles import names_offer
from crawlers.finder.units import Unit
from crawlers.finder.words import is_foreign, is_generic, is_question, names_questions, opens_others
from crawlers.keys import slug

_STARTS = frozenset(
    {
        "",
        "index.php",
        "index.html",
        "index.htm",
        "home",
        "home.html",
        "start",
        "startseite",
        "startseite.html",
    }
)
_PAST = re.compile(
    r"(?:archiv\b.*|.{0,40}[ -]archiv|rückblicke?\b.*|(?:.{3,60}\W )?(?:das|so) war .*"
    r"|(?:vergangene|frühere|zurückliegende) (?:veranstaltungen|termine|aktionen|projekte))",
    re.IGNORECASE,
)
# "Schwangerschaftsberatung machen wir nicht", and who does; "Zurzeit haben wir nichts im Lager".
_NOT_OURS = re.compile(
    r"\b(?:bieten|machen|leisten|führen) wir (?:hier |leider |selbst )*nicht\b"
    r"|\b(?:zur ?zeit|derzeit|momentan|im moment) (?:haben|bieten) wir (?:leider )?nichts\b",
    re.IGNORECASE,
)
_READERS = re.compile(r"\bich\b", re.IGNORECASE)  # "Wo melde ich mich an?"
_STAFF = re.compile(r"(?:unser |das |unsere )?(?:team|vorstand|mitarbeit\w+)\W*", re.IGNORECASE)
_HOURS = re.compile(r"(?:unsere |die )?(?:öffnungs|büro)zeiten", re.IGNORECASE)
_WAY = re.compile(
    r"anfahrt|parkpl[aä]tze?|parkhaus|haltestelle|\b[su]-bahn|\btram\b|\bbus(?:linien?)?\b|\blageplan",
    re.IGNORECASE,
)
_DOES = re.compile(
    r"\bwir (?!sind\b|liegen\b|befinden\b)\w+en\b|\b(?:berät|hilft|bietet|unterstützt|begleitet)\b",
    re.IGNORECASE,
)
_WHERE = CONTACT | Sign.WEEKDAY | Sign.CLOCK
_SAID = 40  # characters; who says less of a house says where it is, and no more
_ROLE = 60  # characters in which a line says what somebody does
_CARD = 160  # characters of a contact beside its owner's name


def is_over(title: str) -> bool:
    """True for the headline of an archive."""
    return bool(_PAST.fullmatch(title.strip(" .:!")))


def is_others(flow: Flow, unit: Unit) -> bool:
    """True for what is surely for no parent."""
    text = "\n".join(line.text for line in flow.lines[unit.start : unit.end])
    return is_for_others(unit.title, text)


def is_address(title: str, lines: Sequence[Line]) -> bool:
    """True for the page of a house that says where it is, how it is reached and who works there.

    What is done in it other pages tell.
    """
    if not names_house(title):
        return False
    said, skipped = 0, 0
    for line in lines:
        if line.rank:
            other = is_foreign(line.text) or names_people(line.text) or names_affair(line.text)
            skipped = line.rank if other else 0 if line.rank <= skipped else skipped
        elif not skipped and _DOES.search(line.text):
            return False
        elif not skipped:
            said += sum(map(len, filter(_tells_more, sentences.END.split(line.text))))
    return said < _SAID


def _tells_more(text: str) -> bool:
    """True for a sentence that says neither where a house is and when, nor the way in."""
    return not (signs(text) & _WHERE or _WAY.search(text) or names_access(text))


def is_start(url: str) -> bool:
    """True for the address of a site's start page."""
    try:
        parts = urlsplit(url)
    except ValueError:
        return False
    return not parts.query and parts.path.strip("/").lower() in _STARTS


def is_story(flow: Flow, unit: Unit) -> bool:
    """True for a unit that tells of the network itself."""
    return is_network(flow, unit.title, flow.lines[unit.start : unit.end], menus=True)


def is_beside(flow: Flow, unit: Unit) -> bool:
    """True for one of those who work there, a question of those often asked, the site's story."""
    rank = flow.lines[unit.title_line].rank or 7
    before = flow.lines[unit.start - 1] if unit.start else None
    if before and before.rank and is_person(before.text, flow.lines[unit.start].text[:_ROLE]):
        return True  # what somebody does there, below the name
    if not flow.lines[unit.title_line].rank and names_function(unit.title):
        return True
    above = (flow.lines[n] for n in range(unit.start - 1, -1, -1))
    heading = next((line.text for line in above if 0 < line.rank < rank), "")
    if _HOURS.fullmatch(heading) and not unit.signs & (CONTACT | Sign.COST | Sign.REGISTER):
        return True  # when a part of the house is open
    if is_over(unit.title) and not unit.signs & (CONTACT | Sign.REGISTER):
        return True
    asked = unit.title.endswith("?") and names_questions(heading)
    if is_question(unit.title):
        asked |= not unit.signs & (CONTACT | Sign.CLOCK) or bool(_READERS.search(unit.title))
    told = names_owner(heading) and (
        not unit.signs & (CONTACT | Sign.WEEKDAY) or _is_spokesperson(unit)
    )
    told |= _STAFF.fullmatch(heading) is not None and not unit.signs & (Sign.WEEKDAY | Sign.DATE)
    foreign = is_foreign(heading) and not is_generic(heading)
    foreign |= names_affair(heading) and not names_rite(heading)
    foreign |= names_colleagues(heading)
    foreign |= names_others(heading) and not names_families(unit.title)
    return asked or told or foreign or _is_denied(flow, unit) or is_colleague(unit.title, heading)


def _is_spokesperson(unit: Unit) -> bool:
    """True for somebody's name with how he or she is reached, and nothing else."""
    named = may_name_person(unit.title) and not (names_offer(unit.title) or names_house(unit.title))
    return named and not unit.signs & ~CONTACT and unit.rest < _CARD


def _is_denied(flow: Flow, unit: Unit) -> bool:
    """True for what the house says that it does not do or have, and says nothing else of."""
    lines = flow.lines[unit.title_line + 1 : unit.end]
    said = next((line.text for line in lines if not line.menu), "")
    denied = _NOT_OURS.search(said.partition(". ")[0]) is not None
    return denied and not unit.signs & _WHERE


def is_item(flow: Flow, unit: Unit) -> bool:
    """True for an item of a page of news that invites nobody: it has its day, but no way there."""
    invites = CONTACT | Sign.COST | Sign.REGISTER | Sign.WEEKDAY
    lines = flow.lines[unit.start : unit.end]
    return not (signs_of(lines, flow.own) & invites or names_offer(unit.title))


def of_others(flow: Flow, unit: Unit, url: str) -> bool:
    """True for what a page that is about one offer shows of others, which have their own pages."""
    rank = flow.lines[unit.title_line].rank or 7
    above = (flow.lines[n] for n in range(unit.start - 1, -1, -1))
    heading = next((line.text for line in above if 0 < line.rank < rank), "")
    return opens_others(heading) and bool(detail_of(flow, unit, url))


def is_network(flow: Flow, title: str, lines: Sequence[Line], *, menus: bool = False) -> bool:
    """True where lines under a title tell of the network itself; those of menus say nothing."""
    if not mentions_network(flow, title):
        return False
    return tells_of_network(title, " ".join(line.text for line in lines if menus or not line.menu))


def _is_called(unit: Unit, owner: Owner | None) -> bool:
    """True for a unit that goes by the name of whoever runs the site."""
    return owner is not None and slug(unit.title) == slug(owner.name)


def is_owners(flow: Flow, unit: Unit, title: str) -> bool:
    """True for the site owner's own contact block, told again beside the content."""
    if unit.title_line in flow.offices:
        return False
    if slug(unit.title) in flow.names - {slug(title)} and unit.rest < _CARD:
        return True
    above = flow.lines[unit.title_line - 1] if unit.title_line else None
    if above and above.rank and chrome.names_contact(above.text) and _is_called(unit, flow.owner):
        return True
    lines = flow.lines[unit.start : unit.end]
    signs = signs_of(lines, flow.own)
    lost = unit.signs & (Sign.PHONE | Sign.MAIL) and not signs & (Sign.PHONE | Sign.MAIL)
    return (
        bool(lost)
        and unit.rest < _CARD
        and not signs & (Sign.WEEKDAY | Sign.DATE | Sign.COST | Sign.REGISTER)
    )
