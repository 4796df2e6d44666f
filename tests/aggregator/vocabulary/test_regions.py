"""Regions by official key."""

import re

import pytest

from aggregator.vocabulary.regions import (
    REGIONS,
    RegionKind,
    ancestors,
    region_key,
    region_name,
)


@pytest.mark.parametrize(
    ("key", "name"),
    [
        ("05", "Nordrhein-Westfalen"), ("05124", "Wuppertal"), ("11003", "Pankow"),
        ("11011", "Lichtenberg"), ("DE", "Deutschland"), ("99999", "99999"), ("", ""),
    ],
)  # fmt: skip
def test_names(key, name):
    assert region_name(key) == name


@pytest.mark.parametrize(
    ("key", "expected"),
    [
        ("11003", ("11", "DE")),
        ("05124000", ("05124", "05", "DE")),
        ("09999", ("09", "DE")),
        ("05", ("DE",)),
        ("DE", ()),
        ("99", ()),
        ("", ()),
        ("11-3", ()),
        ("١١", ()),
    ],
)
def test_ancestors_nearest_first(key, expected):
    assert ancestors(key) == expected


def test_sixteen_laender_and_twelve_districts():
    laender = [r for r in REGIONS.values() if r.kind is RegionKind.LAND]
    assert len(laender) == len({r.short for r in laender}) == 16
    assert sum(r.parent == "11" for r in REGIONS.values()) == 12


def test_every_region_lies_in_its_parent():
    for key, region in REGIONS.items():
        assert key == region.key
        assert region.name
        if region.kind in {RegionKind.TOWN, RegionKind.DISTRICT}:
            assert re.fullmatch(r"\d{5}", key)
            assert REGIONS[region.parent].kind is RegionKind.LAND
            assert key.startswith(region.parent)


@pytest.mark.parametrize(
    ("said", "key"),
    [
        ("11003", "11003"),
        ("Pankow", "11003"),
        ("Berlin-Pankow", "11003"),
        ("Berlin / Pankow", "11003"),
        ("Hamburg-Mitte", "Hamburg-Mitte"),
        ("Berlin-Köln", "Berlin-Köln"),
        ("Bezirk Pankow", "11003"),
        ("Kreis Mettmann", "05158"),
        ("Stadt Köln", "05315"),
        ("Landkreis Köln", "Landkreis Köln"),
        ("Land Berlin", "11"),
        ("berlin", "11"),
        ("Wuppertal", "05124"),
        ("Baden-Württemberg", "08"),
        ("Entenhausen", "Entenhausen"),
    ],
)
def test_a_region_may_be_named_instead_of_numbered(said, key):
    assert region_key(said) == key


def test_a_region_that_is_not_listed_is_named_by_its_land():
    assert region_name("06999") == "Hessen (06999)"
    assert region_name("02000") == "Hamburg"
    assert region_name("99999") == "99999"
