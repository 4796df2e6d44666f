"""Files for people and programs: every listing, as it is published."""

from __future__ import annotations

import csv
import json
from collections.abc import Iterable
from enum import StrEnum
from pathlib import Path

from aggregator.listing import Listing
from aggregator.spreadsheet import cell


class ExportFormat(StrEnum):
    """What `netzlotse export` writes."""

    JSONL = "jsonl"
    CSV = "csv"


def write_listings(
    listings: Iterable[Listing], form: ExportFormat, folder: Path
) -> tuple[Path, int]:
    """Write `listings.<form>` into `folder`, whole or not at all; the file and its rows."""
    folder.mkdir(parents=True, exist_ok=True)
    target = folder / f"listings.{form}"
    part = target.with_suffix(".part")
    write = _write_jsonl if form is ExportFormat.JSONL else _write_csv
    count = write(listings, part)
    part.replace(target)
    return target, count


def _write_jsonl(listings: Iterable[Listing], path: Path) -> int:
    count = 0
    with path.open("w", encoding="utf-8") as file:
        for count, listing in enumerate(listings, 1):  # noqa: B007 - it is the result
            file.write(json.dumps(listing.model_dump(mode="json"), ensure_ascii=False) + "\n")
    return count


def _write_csv(listings: Iterable[Listing], path: Path) -> int:
    """RFC 4180 with a header; list values are joined with "; "."""
    count = 0
    with path.open("w", encoding="utf-8-sig", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(Listing.model_fields)
        for count, listing in enumerate(listings, 1):  # noqa: B007 - it is the result
            writer.writerow(cell(value) for value in listing.model_dump(mode="json").values())
    return count
