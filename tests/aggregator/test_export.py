"""Downloads: complete, readable, and harmless in a spreadsheet."""

from __future__ import annotations

import csv
import json
from pathlib import Path

import pytest

from aggregator.export import ExportFormat, write_listings
from aggregator.listing import Listing

KEYS = [
    *("id", "source", "network", "page_url", "title", "provider", "description", "street"),
    *("postcode", "city", "district", "region_key", "lat", "lon", "phones", "emails", "urls"),
    *("topics", "formats", "hours_text", "hours_osm", "hours_qualifiers", "cost", "cost_amount"),
    *("registration", "childcare", "exclusivity", "modes", "languages", "wheelchair", "audience"),
    *("valid_from", "valid_until", "status", "first_seen", "last_seen", "last_confirmed"),
    "service_id",
]


def listing(title: str, **values: object) -> Listing:
    return Listing.model_validate(
        {"id": "1", "source": "netz", "page_url": "https://netz.example/", "title": title, **values}
    )


def test_jsonl_has_exactly_the_keys_of_the_flat_form(tmp_path: Path) -> None:
    path, count = write_listings([listing("Frühstück")], ExportFormat.JSONL, tmp_path / "new")
    (line,) = path.read_text("utf-8").splitlines()
    assert count == 1
    assert list(json.loads(line)) == KEYS


def test_csv_can_be_read_back(tmp_path: Path) -> None:
    one = listing('Treff; "offen"', phones=["+493023125001", "+493023125002"], childcare=True)
    path, _ = write_listings([one], ExportFormat.CSV, tmp_path)
    with path.open(encoding="utf-8-sig", newline="") as file:
        (row,) = csv.DictReader(file)
    assert list(row) == KEYS
    assert row["title"] == one.title
    assert row["phones"] == "+493023125001; +493023125002"
    assert row["childcare"] == "true"
    assert row["provider"] == ""


@pytest.mark.parametrize(
    "title", ['=HYPERLINK("http://x")', "+cmd|' /C calc'!A0", "@SUM(A1)", "-2+3"]
)
def test_a_harvested_formula_stays_text(tmp_path: Path, title: str) -> None:
    path, _ = write_listings([listing(title)], ExportFormat.CSV, tmp_path)
    with path.open(encoding="utf-8-sig", newline="") as file:
        (row,) = csv.DictReader(file)
    assert row["title"] == f"'{title}"
