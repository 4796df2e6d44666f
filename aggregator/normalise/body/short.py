"""When one name of a body is short for another: "VAMV Nord" for "VAMV Ortsverband Nord e.V."."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache
from itertools import pairwise
from typing import NamedTuple

from aggregator.normalise.body.mention import LONG_NAMES
from aggregator.normalise.body.name import AUTHORITY, OFFICE
from aggregator.normalise.institution import JOINING, LEGAL_FORM
from aggregator.normalise.text import clean
from crawlers.bodies import WELFARE

_WORD = re.compile(r"(?P<and>[&+/]|\b(?:und|u\.)(?=\s))|[^\W_][^\s,;:()„“”\"|&+/]*")
_CREED = re.compile(r"(?P<creed>ev|kath)(?:ang\w*)?(?:\w*isch\w*)?\.?(?:-?(?:luth|ref)\w*\.?)?")
_LEVELS = {
    "lv": "landesverband", "bv": "bezirksverband", "kv": "kreisverband", "ov": "ortsverband",
}  # fmt: skip
_LEVEL = re.compile(
    r"(?:bundes|landes|bezirks|regional|diözesan|kreis|stadt|orts)(?:verband|verein)"
)
# What may stand before a name that leaves it out: "Deutscher Kinderschutzbund", "Verein Nord".
_BEFORE = re.compile(r"deutsche[rs]?|ev|kath|verein|gemeinnützige[rs]?")
# Who helps, keeps or serves a body is another one, and so is what a body runs.
_ANOTHER = re.compile(
    r"\w*(?:förder|träger|freunde|stiftung|jugendwerk|service|dienste|klinik|pflege|kita)\w*"
)
# Where an association works: "Caritasverband für den Landkreis Nord". Behind a name, who has it.
_DISTRICT = re.compile(r"(?:stadt|(?:land)?kreis|kirchenkreis|dekanat|bistum|diözese)(?:e?s)?")
_WELFARE = re.compile(rf"(?:{WELFARE})", re.IGNORECASE)


class _Word(NamedTuple):
    """A word of a name, folded, and whether "und" stands before it."""

    text: str
    joined: bool


class _Left(NamedTuple):
    """Words of a name that a shorter one leaves out: before, between and behind the common ones."""

    before: list[str]
    between: list[str]
    behind: list[str]


@lru_cache(maxsize=4_096)  # a site has few bodies and many offers
def is_short_of(short: str, full: str, *, own: bool) -> bool:
    """Whether a name leaves out what another one says of the same body.

    Every word of the short one is in the full one, in order, and it names no legal form. What it
    leaves out is the legal form, the creed or the level of an association ("Ortsverband"); with
    `own`, where both are names of the body whose site it is, the town or what it is as well
    ("– Ev. Familienbildungsstätte"). Who carries or helps a body is another one, and so is a
    chapter of an association, or an office, beside the whole.
    """
    if LEGAL_FORM.search(short) or AUTHORITY.match(short) or OFFICE.match(short):
        return False
    said, whole = _words(short), _words(full)
    left = _left_out(said, whole) if said else None
    if left is None or not (len(whole) > len(said) or LEGAL_FORM.search(full)):
        return False
    before, between, behind = left
    if not all(_BEFORE.fullmatch(word) for word in before) or _names_another(short, left):
        return False
    more = [*between, *behind]
    levels = sum(_LEVEL.fullmatch(word) is not None for word in more)
    if levels and any(_LEVEL.fullmatch(word.text) for word in said):
        return False
    if levels == len(more):
        return True
    # "Ortsverband Nord" is that of a "Kinderschutzbund", and not of the "AWO Hessen".
    return own and (not levels or _WELFARE.fullmatch(short) is not None)


def _names_another(short: str, left: _Left) -> bool:
    """Whether the words that a name leaves out are of who carries or helps its bearer."""
    others = left.between + left.behind
    districts = left.behind if _WELFARE.match(short) else others
    return any(map(_DISTRICT.fullmatch, districts)) or any(
        _ANOTHER.fullmatch(word) or _WELFARE.fullmatch(word) for word in others
    )


def _left_out(said: tuple[_Word, ...], whole: tuple[_Word, ...]) -> _Left | None:
    """The words that only the whole has.

    None where it lacks one, or where "und" parts the common ones from the others.
    """
    left = _Left([], [], [])
    at, last = 0, False
    for word in whole:
        common = at < len(said) and word.text == said[at].text
        if word.joined and common is not last:
            return None
        if common:
            at += 1
        else:
            left[(at > 0) + (at == len(said))].append(word.text)
        last = common
    return left if at == len(said) else None


@lru_cache(maxsize=4_096)
def _words(name: str) -> tuple[_Word, ...]:
    """The words of a name that tell it from others, each once in a row; short ones in full."""
    found: list[_Word] = []
    joined = False
    for word in _WORD.finditer(LEGAL_FORM.sub("", clean(name)).casefold()):
        if word["and"]:
            joined = True
            continue
        full = list(_in_full(word[0].strip(".-–'’")))
        if full and [one.text for one in found[-len(full) :]] != full:
            found += [_Word(one, joined and not n) for n, one in enumerate(full)]
            joined = False
    doubled = {n for n, (one, other) in enumerate(pairwise(found)) if one.text == other.text}
    return tuple(one for n, one in enumerate(found) if n not in doubled)


def _in_full(word: str) -> Iterator[str]:
    """A word as it is compared: what an abbreviation stands for, nothing of what only joins."""
    head, _, rest = word.partition("-")
    if rest and head in LONG_NAMES:  # "DRK-Kreisverband"
        yield from _in_full(head)
        word = rest
    for one in LONG_NAMES.get(word, word).casefold().split():
        if creed := _CREED.fullmatch(one):
            yield creed["creed"]
        elif one not in JOINING:
            yield _LEVELS.get(one, one)
