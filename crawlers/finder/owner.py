"""Whose site it is, and where its owner sits, as a page's frame and its <title> say.

A body is known by its legal form; where a part of <title> is a name, by its kind as well
("Gruppen | Ev. Kirchengemeinde Nord", "Mütterzentrum Nord » Gruppen").
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import NamedTuple

from crawlers.bodies import GATHERERS, WELFARE
from crawlers.finder.access import names_access, remarks_access
from crawlers.finder.evidence import Sign, signs
from crawlers.finder.terms import names_terms

_FORM = r"(?:e\.\s?V\.|gGmbH|gUG|gAG|eG|KdöR)(?!\w)"
_NAME = rf"(?P<name>[^\W\d_][^©|·•:;!?,\d\n]{{1,70}}?\s{_FORM})"
_CLAIMED = re.compile(
    rf"(?:©|\(c\)|copyright)\s*(?:by\s)?(?:\d{{4}}(?:\s?[-–/]\s?\d{{4}})?)?\s*(?:by\s)?{_NAME}",
    re.IGNORECASE,
)
_ALONE = re.compile(rf"\W*{_NAME}\s*(?:$|[|·•,*–-])")
# What bodies without a legal form are called, with the name that tells them from others.
_CHURCH = (
    r"(?:(?:Ev|Kath|Evang|Ev\.-luth|Ev\.-ref)\.-?\s?(?:[Ll]uth\.\s)?"
    r"|(?:Evangelisch|Katholisch)(?:-[A-Za-z]{4,13})?e[rs]?\s)"
)
_KIND = re.compile(
    rf"(?:{_CHURCH}(?:[\w-]*[Gg]emeinde|Dekanat|Kirchenbezirk|Pfarrverband|Pfarreiengemeinschaft"
    r"|Familien-?[Bb]ildung(?:sstätte)?)|[\w-]*[Pp]farrgemeinde"
    rf"|{_CHURCH}?(?:[\w-]*[Kk]irchengemeinde|Pfarrei|Kirchenkreis|Dekanat|Kirchenbezirk)"
    r"|Mehrgenerationenhaus|(?:Familien|Mütter|Väter|Frauen|Stadtteil"
    rf"|Nachbarschafts)(?:zentrum|haus)|{WELFARE})(?:\s[A-ZÄÖÜ(„][\w.)“-]*|\s(?:in|im|am|an der"
    rf"|der|für"
    r"|und)(?=\s)){1,6}"
)
_POSTCODE = re.compile(
    r"(?<!\d)\d{5}\s+[A-ZÄÖÜ][a-zäöüß][^|·•*,;:()–\d\n]{0,36}?(?:\s\([A-ZÄÖÜ][\w. ]{2,20}\))?"
    r"(?=\s*(?:$|[\n|·•*,;:()–]|\s-\s|Tel|Fon\b|Fax|Mobil|E-?Mail|\d|https?|www))"
)
# Each part of an address in an element of its own, as in a vCard.
_PARTED = re.compile(
    r"^[ \t]*(?P<postcode>\d{5})\s*\n\s*"
    r"(?!(?:Tel(?:efon)?|Fon|Fax|Mobil|E-?Mail|Mail|Öffnungszeiten)\b)(?=[A-ZÄÖÜ][a-zäöüß]{2})",
    re.MULTILINE,
)
_STREET_NUMBER = re.compile(
    r"(?:^|[,·|•*:;–(]\s?)(?P<street>[A-ZÄÖÜ][^,·|•*:;–(\d]{2,50}\s\d{1,3}\s?[a-z]?)(?![\w/]|\s?\d)"
)
_SEATS = 3
_WAYS = 6
_ABOVE = 3  # lines above a town in which a name, a part of the house and a street stand
_LINE = 200  # characters of a line of the frame that may say how its owner is reached
_LABEL = re.compile(r"(?:tele)?fon|tel\.?|(?:tele)?fax|mobil|[\w -]{3,24}:", re.IGNORECASE)
_REACH = Sign.PHONE | Sign.MAIL
_PART = re.compile(r"\s+(?:[|»«–—·•-]|::)\s+")
# Those who pay, help or built the site stand in frames, too.
_OTHERS = re.compile(
    r"\b(?:geförder|förder|unterstütz|mitglied|partner|koop|umsetzung|webdesign|gestalt|spende"
    r"|erstellt|sponsor|impressum)",
    re.IGNORECASE,
)
# "Geschäftsstelle beim Hafenlicht e.V.", "ein Projekt der Hafenlicht gGmbH": a guest, and no house.
_HOSTED = re.compile(r"\bbeim?\s|^(?:ein\s)?(?:projekt|angebot|initiative)\b", re.IGNORECASE)
# Whose house it is: "Ein Haus des Hafenlicht e.V."
_HOUSE_OF = re.compile(r"ein haus (?:von|vom|der|des)\s", re.IGNORECASE)
_GATHERS = re.compile(GATHERERS, re.IGNORECASE)
# "Träger: Hafenlicht e.V.", "Eine Einrichtung des Caritasverbandes Nord", on one line or two.
_CARRIER = re.compile(
    r"(?:träger(?:in|verein)?(?:\s(?:ist|des hauses))?\s?:?"
    r"|in (?:der )?trägerschaft (?:von|der|des|vom)|(?:eine\s)?einrichtung (?:von|der|des|vom|im))",
    re.IGNORECASE,
)
_CARRIED = re.compile(
    rf"(?:^|[·|•.–]\s)\s?(?i:{_CARRIER.pattern})\s(?:de[rs]\s)?(?P<name>[A-ZÄÖÜ„][^|·•;:\d\n]{{4,80}}?)"
    r"(?=\s?(?:$|[|·•;]|,\s|\s[–-]\s))"
)
_CUES = ("räger", "inrichtung", "e.V", "e. V", "gGmbH", "gUG", "gAG", "eG", "KdöR")
TITLE = -1
"""The place of what <title> says, which is no element of the flow."""


class Owner(NamedTuple):
    """The name of a body, and the element in whose text it stands."""

    name: str
    element: int


class Claims:
    """What the lines of a page's frame say of its owner."""

    def __init__(self) -> None:
        self._carried: list[Owner] = []
        self._claimed: list[Owner] = []
        self._alone: list[Owner] = []
        self._housed: list[Owner] = []
        self.seats: list[Owner] = []
        """Lines of the frame with a street, a postcode and a town, and where they stand."""
        self.desk: list[Owner] = []
        """Lines of the frame with a telephone number or a mail, and where they stand."""
        self.remarks: list[Owner] = []
        """Lines of the frame that say how one gets into the house, or on which terms."""

    def look(self, text: str, element: int) -> None:
        """Note the bodies that the lines of a part of the frame name."""
        text = _PARTED.sub(r"\g<postcode> ", text)
        if len(self.seats) < _SEATS and _POSTCODE.search(text):
            self.seats += seats_of(text, element)
            self._housed += [Owner(name, element) for name in _above_addresses(text)]
        if not any(cue in text for cue in _CUES):
            return
        label = ""
        for whole in text.splitlines():
            line = " ".join(whole.split())
            if not line:
                continue
            carried = _CARRIED.search(f"{label} {line}")
            label = line if _CARRIER.fullmatch(line) else ""
            if carried:
                self._carried.append(Owner(carried["name"].rstrip(" ,"), element))
            elif claimed := _CLAIMED.search(line):
                self._claimed.append(Owner(claimed["name"], element))
            elif (
                (alone := _ALONE.match(_HOUSE_OF.sub("", line, count=1)))
                and not _OTHERS.search(alone["name"])
                and not _HOSTED.search(alone["name"])
            ):
                self._alone.append(Owner(alone["name"], element))

    def look_at_desk(self, text: str, mails: Sequence[str], element: int) -> None:
        """Note how a part of the frame, whose links have these mails, says its owner is reached.

        What stands with an address comes first.
        """
        found: list[str] = []
        placed = _POSTCODE.search(text) is not None
        above = ""
        for whole in text.splitlines():
            line = " ".join(whole.split())[:_LINE]
            if names_access(line) or names_terms(line) or (placed and remarks_access(line)):
                self.remarks.append(Owner(line, element))
            if signs(line) & _REACH:
                found.append(f"{above} {line}" if _LABEL.fullmatch(above) else line)
            above = line or above
        found += [mail for mail in mails if mail and mail not in "\n".join(found).lower()]
        told = [Owner(line, element) for line in found[:_WAYS]]
        self.desk = [*told, *self.desk] if placed else [*self.desk, *told]
        self.desk = list({line.name: line for line in reversed(self.desk)}.values())[::-1][:_WAYS]

    def look_at_seat(self, text: str, element: int) -> None:
        """Note what a line says that may be of a menu: only an address tells of the owner."""
        if _POSTCODE.search(text):
            self.look(text, element)

    def owner(self, title: str) -> Owner | None:
        """The only body that carries the house, else that claims the page, else that is named.

        The title comes before the frame. A house that both name is what a visitor knows, and comes
        before who claims its pages; who is called its carrier comes before the house. None where
        several do: nothing tells them apart; and none on a site that its title calls a network or a
        guide, whose owner only gathers what others offer.
        """
        parts = [" ".join(part.split()) for part in _PART.split(title[:300])]
        if _GATHERS.search(parts[-1]):
            return None
        titled = [
            Owner(self._whole(part, title), TITLE)
            for part in parts
            if (found := _ALONE.match(part)) and found["name"] == part
        ]
        # Last, for a page may be called like one of its owner's houses.
        kinds = [Owner(part, TITLE) for part in parts if parts[1:] and names_kind(part)]
        bodies = (*self._claimed, *titled, *self._alone)
        houses = [
            house
            for house in self._housed
            if house.name in parts and not any(house.name in body.name for body in bodies)
        ]
        for claims in (
            self._carried, houses, self._claimed, titled, self._alone, kinds, self._housed,
        ):  # fmt: skip
            if claims:
                return _only(claims)
        return None

    def _whole(self, part: str, title: str) -> str:
        """A part of a title, with what the frame says before it: "Wir – Eltern am Ort e. V."."""
        named = (claim.name for claim in (*self._claimed, *self._alone))
        return next((name for name in named if name.endswith(f" {part}") and name in title), part)


def names_kind(text: str) -> bool:
    """True for the name of a body that its kind makes known: "Ev. Kirchengemeinde Nord"."""
    return _KIND.fullmatch(text) is not None


def _only(claims: Sequence[Owner]) -> Owner | None:
    """The one body that all claims name; "S.H.I.A." is "SHIA", which is taken.

    A name may stand in two lines, as in a logo: what another claim ends in is none of its own.
    """
    spelt = {claim: claim.name.replace(".", "").replace(" ", "") for claim in claims}
    whole = {
        claim: name
        for claim, name in spelt.items()
        if not any(other != name and other.endswith(name) for other in spelt.values())
    }
    if len(set(whole.values())) != 1:
        return None
    return min(whole, key=lambda claim: claim.name.count("."))


def _above_addresses(text: str) -> Iterator[str]:
    """The names of bodies that stand right above the addresses of a part of the frame."""
    lines = [line for whole in text.splitlines() if (line := " ".join(whole.split()))]
    for number, line in enumerate(lines):
        if _POSTCODE.search(line):
            yield from (one for one in lines[max(0, number - _ABOVE) : number] if names_kind(one))


def seats_of(text: str, element: int) -> Iterator[Owner]:
    """The addresses that lines of an element state, street and town of each on one line."""
    above = ""
    for whole in text.splitlines():
        line = " ".join(whole.split())
        if not line:
            continue
        if place := _POSTCODE.search(line):
            street = _STREET_NUMBER.search(line, 0, place.start()) or _STREET_NUMBER.search(above)
            if street:
                yield Owner(f"{street['street'].strip()}, {place[0].strip()}", element)
        above = line
