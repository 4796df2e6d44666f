"""Which municipalities a postcode lies in, from a table kept apart for its licence (ODbL 1.0).

About every sixth postcode lies in more than one municipality, so that a postcode alone names one
only where the table has no other.
"""

from __future__ import annotations

import csv
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

IMPORTED = "municipalities.tsv"
_ATTRIBUTION = "# © OpenStreetMap contributors, ODbL 1.0, https://www.openstreetmap.org/copyright\n"
_NEEDED = frozenset({"plz", "ags", "ort"})
_AGS = 8  # digits of the Amtlicher Gemeindeschlüssel


@dataclass(frozen=True, slots=True)
class Municipality:
    """A Gemeinde: name and Amtlicher Gemeindeschlüssel; its first five digits are the Kreis."""

    name: str
    ags: str


def import_municipalities(file: Path, target: Path) -> int:
    """Write a PLZ-to-AGS table to the folder `target`; return how many pairs it has.

    `file` is a CSV with a header that names the columns plz, ort and ags, in any order; broken rows
    are left out. Raises ValueError where no row can be used.
    """
    try:
        rows = sorted(set(_rows(file)))
    except csv.Error as error:
        raise ValueError(f"{file}: damaged ({error})") from error
    if not rows:
        raise ValueError(f"{file}: holds no row with plz, ort and ags")
    target.mkdir(parents=True, exist_ok=True)
    fresh = target / f"{IMPORTED}.new"
    with fresh.open("w", encoding="utf-8", newline="") as out:
        out.write(_ATTRIBUTION)
        csv.writer(out, delimiter="\t", lineterminator="\n").writerows(rows)
    fresh.replace(target / IMPORTED)
    return len(rows)


def read_municipalities(file: Path) -> dict[str, tuple[Municipality, ...]]:
    """Read what was imported, by postcode; nothing where no table was."""
    found: dict[str, list[Municipality]] = {}
    if file.is_file():
        with file.open(encoding="utf-8", newline="") as lines:
            for cells in csv.reader(lines, delimiter="\t"):
                if len(cells) == 3:
                    found.setdefault(cells[0], []).append(Municipality(cells[1], cells[2]))
    return {postcode: tuple(some) for postcode, some in found.items()}


def _rows(file: Path) -> Iterator[tuple[str, str, str]]:
    with file.open(encoding="utf-8-sig", errors="replace", newline="") as lines:
        reader = csv.DictReader(lines)
        reader.fieldnames = [name.strip().lower() for name in reader.fieldnames or ()]
        if not _NEEDED.issubset(reader.fieldnames):
            return
        for row in reader:
            postcode, name, ags = (row[column] or "" for column in ("plz", "ort", "ags"))
            digits = postcode.isascii() and postcode.isdigit() and ags.isascii() and ags.isdigit()
            if digits and len(postcode) == 5 and len(ags) == _AGS and name.strip():
                yield postcode, name.strip(), ags
