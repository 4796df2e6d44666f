"""Telephone area codes of German towns."""

from __future__ import annotations

import re
from functools import cache

_GERMANY = "49"
_ADDITION = re.compile(r"\s*(?:\(.*|,.*|/.*)$")


# "Freiburg i. Br.", "Frankfurt a. M.": how pages shorten what lies behind a town's name.
_SHORTENED = (
    (re.compile(r"\bi\.\s?br(?:sg)?\b\.?", re.IGNORECASE), "im Breisgau"),
    (re.compile(r"\ba\.\s?m\b\.?", re.IGNORECASE), "am Main"),
    (re.compile(r"\ba\.\s?d\.", re.IGNORECASE), "an der"),
    (re.compile(r"\bi\.\s?w(?:estf)?\b\.?", re.IGNORECASE), "in Westfalen"),
)
_LOCATED = re.compile(r" (?:im|am|an|in|ob|bei|unter)\b")
# First digits of area codes in each of the ten postcode zones.
_ZONES = ("3", "3", "45", "356", "25", "26", "69", "67", "78", "379")


def area_code_of(town: str, postcode: str | None = None) -> str | None:
    """The area code of a town, without its leading zero; None where the name is not unique.

    A short name ("Freiburg") stands for the one town it begins ("Freiburg im Breisgau") whose code
    can belong to the postcode.

    From libphonenumber's own geocoding table, inverted at the first call (a third of a second):
    needed only for towns outside the seed.
    """
    for pattern, words in _SHORTENED:
        town = pattern.sub(words, town)
    name = _plain(town)
    if name in _codes():
        return _codes()[name]
    longer = {
        code for known, code in _codes().items()
        if code and known.startswith(name) and _LOCATED.match(known, len(name))
        and in_zone(code, postcode)
    }  # fmt: skip
    return longer.pop() if len(longer) == 1 else None


def names_town(name: str) -> bool:
    """Say whether telephones know a town of this name, alone or with what tells it from others.

    "Rotenburg" is told as "Rotenburg Wümme" and "Rotenburg an der Fulda".
    """
    plain = _plain(name)
    return plain in _codes() or any(known.startswith(f"{plain} ") for known in _codes())


def in_zone(code: str, postcode: str | None) -> bool:
    """Whether an area code can belong to a postcode, by the first digits of both."""
    return postcode is not None and code[0] in _ZONES[int(postcode[0])]


@cache
def _codes() -> dict[str, str | None]:
    # Imported here: the table covers the whole world and costs 100 MB of memory.
    from phonenumbers.geodata import GEOCODE_DATA  # noqa: PLC0415 - see above

    codes: dict[str, str | None] = {}
    for prefix, names in GEOCODE_DATA.items():
        if prefix.startswith(_GERMANY) and (name := names.get("de") or names.get("en")):
            code = prefix[len(_GERMANY) :]
            key = _plain(name)
            codes[key] = code if codes.get(key, code) == code else None
    return codes


def _plain(name: str) -> str:
    return _ADDITION.sub("", name).replace("-", " ").casefold().strip()
