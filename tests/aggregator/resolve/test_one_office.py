"""Different services of one office share Träger, phone and address, and stay apart."""

from __future__ import annotations

from itertools import combinations
from pathlib import Path
from typing import Any

import pytest
import yaml

from aggregator.listing import Listing
from aggregator.resolve.comparison import Judgement, compare
from aggregator.resolve.naming import title

OFFICE: dict[str, Any] = yaml.safe_load(
    Path(__file__).with_name("one_office.yml").read_text("utf-8")
)
TAKEN_FOR_ONE = {frozenset(pair) for pair in OFFICE["taken_for_one"] or ()}


@pytest.mark.parametrize(
    "known",
    [{}, {"hours_osm": "Mo-Fr 09:00-12:00"}, {"formats": ["advice"]}],
    ids=["address only", "office hours", "one kind"],
)
def test_services_of_one_office_stay_apart(known: dict[str, Any]) -> None:
    """Each title with the topics that the vocabulary reads in it, as a harvest would."""
    listings = [
        Listing.model_validate(
            {
                "id": name,
                "source": name,
                "page_url": "/",
                "title": name,
                "topics": sorted(title(name).topics),
                "provider": "Caritasverband Musterstadt e.V.",
                "street": "Marktplatz 1",
                "postcode": "53111",
                "city": "Bonn",
                "phones": ["+492214710777"],
            }
            | known
        )
        for name in OFFICE["titles"]
    ]
    merged = {
        frozenset((a.title, b.title))
        for a, b in combinations(listings, 2)
        if compare(a, b).judgement is Judgement.SAME
    }
    assert merged <= TAKEN_FOR_ONE
