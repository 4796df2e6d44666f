"""CSV injection: no spreadsheet runs what a site says, whichever separator it believes in."""

from __future__ import annotations

import csv
import json
import re

import pytest

from aggregator.spreadsheet import cell
from tests.api.attacks.conftest import payloads
from tests.federation.conftest import Installation

_NUMBER = re.compile(r"\s*[+-]\d[\d. ]*")
SEPARATORS = [",", ";", "\t"]


def runs(value: str) -> bool:
    """Whether a spreadsheet would take a cell for a formula."""
    return value.lstrip(" \"'").startswith(("=", "@", "+", "-")) and not (
        value.lstrip(' "').startswith("'") or _NUMBER.fullmatch(value)
    )


@pytest.mark.parametrize("separator", SEPARATORS)
def test_a_harvest_of_formulas_is_words(harvested: Installation, separator: str) -> None:
    harvested.run("export", "--format", "csv", str(harvested.home / "sheet"))
    text = (harvested.home / "sheet" / "listings.csv").read_text("utf-8-sig")
    assert text.count("HYPERLINK(") > 3  # they were harvested
    cells = [one for row in csv.reader(text.splitlines(), delimiter=separator) for one in row]
    assert [one for one in cells if runs(one)] == []


@pytest.mark.parametrize("attack", payloads("formulas"))
@pytest.mark.parametrize("separator", SEPARATORS)
def test_each_alone(attack: str, separator: str) -> None:
    for value in (attack, [attack, attack], f"Text\n{attack}"):
        (*rows,) = csv.reader(cell(value).splitlines(), delimiter=separator)
        assert not [one for row in rows for one in row if runs(one)]


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (["+4930123", "+4930124"], "+4930123; +4930124"),
        (-13.5, "-13.5"),
        ("Mo–Fr; nur nach Anmeldung", "Mo–Fr; nur nach Anmeldung"),
        ("Tel.; +49 30 1", "Tel.; +49 30 1"),
        (None, ""),
        (True, "true"),
    ],
)
def test_what_is_no_formula_stays_as_it_is(value: object, text: str) -> None:
    assert cell(value) == text


def test_lines_of_json_are_left_alone(harvested: Installation) -> None:
    assert any("=HYPERLINK(" in json.dumps(row, ensure_ascii=False).replace('\\"', '"')
               for row in harvested.listings())  # fmt: skip
