"""Public sets of records whose true pairs are known, as the files they come in.

The data is not part of this project: what is read are the layouts of the Fodors-Zagat restaurants
(`id,name,addr,city,phone,type,class`, one class an entity) and of Febrl 4 (two files of persons;
`rec-N-org` and `rec-N-dup-0` are one).
"""

from __future__ import annotations

import csv
import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any

import yaml

from aggregator.listing import Listing

_FODORS_FROM = 534
"""Ids of the common file: Zagat's guide below, Fodor's from here on."""
_REC_ID = re.compile(r"rec-(\d+)-(org|dup)")
_DIGITS = re.compile(r"\D+")


class LayoutError(Exception):
    """A file is in none of the layouts that are known: the message says what was missing."""


def load_labelled(path: Path) -> list[tuple[str, Listing]]:
    """Records with the name of what each is of. `path` is a file, or a folder of files.

    Raises LayoutError where a file has no header that is known.
    """
    files = sorted(path.glob("*.csv")) if path.is_dir() else [path]
    found = [one for file in files for one in _read(file)]
    if not found:
        raise LayoutError(f"{path}: no record in any .csv file")
    return found


def _read(file: Path) -> Iterator[tuple[str, Listing]]:
    try:
        text = file.read_text("utf-8")
    except UnicodeDecodeError:
        text = file.read_text("latin-1")
    quote = "'" if re.search(r",'[^']*',", text[:2000]) else '"'
    rows = csv.reader(text.splitlines(), quotechar=quote, escapechar="\\", skipinitialspace=True)
    header = [name.strip() for name in next(rows, [])]
    if {"l_id", "r_id"} <= set(header):
        return  # the true pairs of a file beside, which has them as classes too
    if {"name", "addr", "city", "phone", "class"} <= set(header):
        make = _restaurant
    elif {"rec_id", "given_name", "surname"} <= set(header):
        make = _person
    else:
        raise LayoutError(
            f"{file}: the header {header} is neither that of Fodors-Zagat (id, name, addr, city, "
            "phone, class) nor that of Febrl (rec_id, given_name, surname, …)"
        )
    for at, row in enumerate(rows, 2):
        if row:
            told = dict(zip(header, (cell.strip() for cell in row), strict=False))
            try:
                yield make(told)
            except (KeyError, ValueError, AttributeError) as error:
                raise LayoutError(f"{file}, line {at}: {error}") from None


def _restaurant(row: dict[str, str]) -> tuple[str, Listing]:
    number = int(row["id"])
    phone = _DIGITS.sub("", row["phone"])[:10]
    return row["class"], Listing(
        id=f"{number:05}",
        source="fodors" if number >= _FODORS_FROM else "zagat",
        page_url="/",
        title=_without_article(row["name"]),
        street=_us_street(row["addr"]) or None,
        city=_us_words(row["city"], "directions") or None,
        phones=[f"+1{phone}"] if len(phone) == 10 else [],
    )


@cache
def _us() -> dict[str, Any]:
    data: dict[str, Any] = yaml.safe_load(
        Path(__file__).with_name("restaurants.yml").read_text("utf-8")
    )
    return data


def _us_street(text: str) -> str:
    """Number and name of a street in one spelling; a German reader knows none of these words."""
    words = _us_words(text.split("  ", maxsplit=1)[0], "streets", "directions", "ordinals").split()
    tail = next((at for at, word in enumerate(words) if at > 1 and word in _us()["tails"]), None)
    house, name = (words[:1], words[1:tail]) if words[:1] and words[0].isdigit() else ([], words)
    if len(name) > 1 and name[0] in _us()["directions"].values():
        name = [*name[1:], name[0]]  # written before or behind a name, or nowhere
    return " ".join((*name, *house))


def _us_words(text: str, *lists: str) -> str:
    spelt = {word: one for name in lists for word, one in _us()[name].items()}
    found = (word.strip(".,") for word in text.split())
    return " ".join(spelt.get(word, word) for word in found)


def _without_article(name: str) -> str:
    """The name without an article before or behind it, where anything else is left."""
    rest = " ".join(word for word in name.split() if word not in _us()["articles"])
    return rest or name


def _person(row: dict[str, str]) -> tuple[str, Listing]:
    match = _REC_ID.match(row["rec_id"])
    if match is None:
        raise ValueError(f"{row['rec_id']!r} is no rec_id of Febrl")
    street = " ".join(filter(None, (row["address_1"], row["street_number"])))
    return match[1], Listing(
        id=row["rec_id"],
        source=match[2],
        page_url="/",
        title=" ".join(filter(None, (row["given_name"], row["surname"]))) or "-",
        street=street or None,
        postcode=row["postcode"] or None,
        city=row["suburb"] or None,
        phones=[f"+61{row['soc_sec_id']}"] if row["soc_sec_id"] else [],
        hours_text=row["date_of_birth"] or None,
    )
