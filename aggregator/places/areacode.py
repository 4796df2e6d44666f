"""Telephone area codes of German towns."""

from __future__ import annotations

import re
from functools import cache

_GERMANY = "49"
_ADDITION = re.compile(r"\s*(?:\(.*|,.*|/.*)$")


def area_code_of(town: str) -> str | None:
    """The area code of a town, without its leading zero; None where the name is not unique.

    From libphonenumber's own geocoding table, inverted at the first call (a third of a second):
    needed only for towns outside the seed.
    """
    return _codes().get(_plain(town))


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
