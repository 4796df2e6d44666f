"""What holds for any listings and any judgements."""

from __future__ import annotations

import random
from datetime import date
from itertools import combinations
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from aggregator.listing import Listing
from aggregator.resolve.blocking import TOWN, is_addressed, keys
from aggregator.resolve.bulk import judged
from aggregator.resolve.candidates import Blocks
from aggregator.resolve.clustering import Edge, clusters
from aggregator.resolve.comparison import Judgement, are_apart, compare, judge
from aggregator.resolve.naming import provider, title
from aggregator.resolve.profile import profile
from aggregator.resolve.schedule import schedule
from aggregator.resolve.whereabouts import street, town

WORDS = st.sampled_from(
    [
        *("Schuldner-", "und", "Insolvenzberatung", "Alleinerziehende", "„Solo“", "Pankow"),
        *("Beratungsstelle", "gGmbH", "Müttertreff", "Vätertreff", "A1", "2", "–", ":", "(", ")"),
        *("Jugendamt", "Str.", "&", "Mo", "Café", "Familien", "Treff", "e.V."),
    ]
)
NAMES = st.one_of(st.lists(WORDS, max_size=6).map(" ".join), st.text(max_size=30))
LISTINGS = st.builds(
    Listing,
    id=st.sampled_from(["a", "b", "c"]),
    source=st.sampled_from(["x", "y"]),
    page_url=st.just("/"),
    title=NAMES,
    provider=st.none() | NAMES,
    street=st.none() | NAMES,
    postcode=st.sampled_from([None, "13187", "50667"]),
    city=st.sampled_from([None, "Berlin", "Köln", "Frankfurt am Main", ""]),
    phones=st.lists(st.sampled_from(["+493023125001", "+493023125002"]), max_size=2, unique=True),
    emails=st.lists(
        st.sampled_from(["info@a.example", "lotse@a.example", "lotse@b.example", "x@web.de"]),
        max_size=2,
        unique=True,
    ),
    valid_from=st.sampled_from([None, None, date(2027, 1, 4), date(2027, 1, 11)]),
    urls=st.lists(st.sampled_from(["https://a.example/x", "kein Link", ""]), max_size=1),
    topics=st.lists(st.sampled_from(["schulden", "recht"]), max_size=2, unique=True),
    formats=st.lists(st.sampled_from(["advice", "group", "event"]), max_size=2, unique=True),
    hours_osm=st.sampled_from([None, "Mo 09:00-10:00", "Mo-Fr 09:00-10:00", "; ;", "24/7"]),
)


@settings(max_examples=200, derandomize=True, deadline=None)
@given(LISTINGS, LISTINGS)
def test_comparison_is_symmetric_bounded_and_explained(left: Listing, right: Listing) -> None:
    found = compare(left, right)
    assert found == compare(right, left)
    assert 0.0 <= found.score <= 1.0
    assert found.reason
    assert keys(left) is not None


@settings(max_examples=200, derandomize=True, deadline=None)
@given(st.lists(LISTINGS, max_size=8))
def test_in_bulk_the_same_pairs_are_found_as_one_by_one(listings: list[Listing]) -> None:
    """Whatever is left out by numbers alone is different by the rules."""
    numbered = [one.model_copy(update={"id": f"{at}"}) for at, one in enumerate(listings)]
    profiles = [profile(one) for one in numbered]
    blocks = Blocks()
    blocks.add(profiles)
    found = {(a.id, b.id): (one.judgement, one.score) for a, b, one in judged(profiles, blocks)}
    expected = {}
    for left, right in combinations(profiles, 2):
        known = is_addressed(left) and is_addressed(right)
        shared = {key for key in keys(left) & keys(right) if not (known and key.startswith(TOWN))}
        one = judge(left, right)
        if shared and one.judgement is not Judgement.DIFFERENT:
            expected[left.id, right.id] = one.judgement, one.score
    assert found == expected


@settings(max_examples=100, derandomize=True, deadline=None)
@given(LISTINGS)
def test_a_listing_told_twice_is_never_two(listing: Listing) -> None:
    """The same words on another site: what is unlike is at most too little to be sure."""
    twin = listing.model_copy(update={"source": "elsewhere"})
    assert "two" not in compare(listing, twin).reason
    assert keys(listing) == keys(twin)


@pytest.mark.parametrize("read", [title, provider, street, town, schedule])
@pytest.mark.parametrize(
    "text", ["", " ", "-", "„", "a-" * 50_000, "(" * 100_000, "Mo," * 30_000, "str" * 30_000, "\0"]
)
def test_hostile_names_are_read_in_no_time(read: object, text: str) -> None:
    assert callable(read)
    read(text)


def test_missing_values_never_make_a_pair_surer_than_equal_ones() -> None:
    """What is taken away from a pair that agrees in everything can only take away certainty."""
    stated = {
        "phones": ["+493023125001"],
        "emails": ["lotsen@example.org"],
        "street": "Florastraße 94",
        "postcode": "13187",
        "provider": "Elternhilfe e.V.",
        "topics": ["lotse"],
        "formats": ["advice"],
        "hours_osm": "Tu 10:00-12:00",
    }
    must = {"page_url": "/", "title": "Lotsenberatung", "city": "Berlin"}
    left = Listing.model_validate({"id": "a", "source": "x", **must, **stated})
    whole = compare(left, left.model_copy(update={"source": "y"}))
    assert whole.judgement is Judgement.SAME
    for field in stated:
        rest = {name: value for name, value in stated.items() if name != field}
        poorer = Listing.model_validate({"id": "b", "source": "y", **must, **rest})
        assert compare(left, poorer).score <= whole.score
    bare = Listing.model_validate({"id": "b", "source": "y", **must})
    assert compare(left, bare).judgement is not Judgement.SAME


IDS = st.sampled_from([f"{source}{at}" for source in "abc" for at in range(4)])
EDGES = st.lists(
    st.builds(
        Edge, IDS, IDS, st.sampled_from([0.8, 0.9, 0.99, 1.0]), st.booleans() | st.just(value=True)
    ).filter(lambda edge: edge.left[0] != edge.right[0]),
    max_size=20,
)


@settings(max_examples=150, derandomize=True, deadline=None)
@given(EDGES, st.integers(0, 1000))
def test_clusters_keep_apart_what_is_apart_in_any_order(edges: list[Edge], seed: int) -> None:
    members = [f"{source}{at}" for source in "abc" for at in range(4)]
    source_of = {one: one[0] for one in members}
    found = clusters(members, edges, source_of)
    assert sorted(one for cluster in found for one in cluster) == sorted(members)
    for cluster in found:
        assert len({source_of[one] for one in cluster}) == len(cluster)
        assert not any({e.left, e.right} <= cluster for e in edges if not e.same)
    shuffled, turned = random.Random(seed), [*edges]
    shuffled.shuffle(turned)
    shuffled.shuffle(members)
    assert clusters(members, turned, source_of) == found


def test_a_decision_that_two_are_different_stops_the_chain() -> None:
    members = ["a1", "b1", "c1"]
    source_of = {one: one[0] for one in members}
    chain = [Edge("a1", "b1", 0.95), Edge("b1", "c1", 0.9)]
    assert clusters(members, chain, source_of) == [frozenset(members)]
    decided = [*chain, Edge("a1", "c1", 1.0, same=False)]
    assert clusters(members, decided, source_of) == [frozenset(("a1", "b1")), frozenset(("c1",))]


def test_a_listing_that_says_less_makes_no_one_office_of_two() -> None:
    """Two offices of one name in a town, and a site that says no more than that name."""
    told = {"page_url": "/", "title": "Wellcome", "provider": "Caritas", "city": "Erfurt"}
    here = {"street": "Domplatz 1", "postcode": "99084", "phones": ["+493611000001"]}
    there = {"street": "Am Anger 7", "postcode": "99099", "phones": ["+493612000002"]}
    mail = {"emails": ["wellcome@caritas.example"]}
    stated: list[tuple[str, dict[str, Any]]] = [("x", here), ("y", there), ("z", {})]
    a, b, vague = (
        profile(Listing.model_validate({"id": one, "source": one, **told, **more}))
        for one, more in stated
    )
    assert judge(a, vague).judgement is Judgement.SAME
    assert judge(b, vague).judgement is Judgement.SAME
    assert are_apart(a, b)
    left, right = (
        profile(Listing.model_validate({"id": one, "source": one, **told, **more, **mail}))
        for one, more in stated[:2]
    )
    assert not are_apart(left, right), "a mail address in common: one of them may have moved"


@pytest.mark.parametrize(
    ("left", "right"),
    [
        ("Mo,Th 09:00-12:00; Tu 15:00-18:00", "Mo 09:00-12:00; Tu 15:00-18:00; Th 09:00-12:00"),
        ("Mo-We 09:00-10:00", "Mo,Tu,We 09:00-10:00"),
        ("We[1,3] 17:00-19:00", "We[1,3]  17:00-19:00"),
        ("Tu 09:00-12:00,14:00-18:00", "Tu 09:00-12:00; Tu 14:00-18:00"),
    ],
)
def test_hours_written_in_two_ways(left: str, right: str) -> None:
    assert schedule(left).slots == schedule(right).slots


def test_street_spellings() -> None:
    forms = ["Große-Leege-Straße 12", "Grosse Leege Str. 12", "Große-Leege-Str.12"]
    assert len({street(form) for form in forms}) == 1
    assert street("Straße des 17. Juni 135")[1] == "135"
    assert street("C 3, 12") == street("C3, 12") != street("C 4, 12")


def test_provider_spellings() -> None:
    assert provider("Arbeiterwohlfahrt Kreisverband Köln e. V.") == provider("AWO Köln")
    assert provider("Bezirksamt Pankow, Jugendamt") == provider("Jugendamt Pankow")
    assert provider("Ev. Kirchenkreis Nord") == provider("Evangelischer Kirchenkreis Nord")
    assert provider("Jugendamt Pankow") != provider("Jugendamt Mitte")


def _different(left: str, right: str) -> Edge:
    return Edge(left, right, 0.0, same=False)


def test_a_listing_between_two_that_are_different_joins_neither() -> None:
    """A group without its day, and its Monday and Thursday twins on another site."""
    edges = [Edge("a", "x", 0.99), Edge("b", "x", 0.992), _different("a", "b")]
    sources = {"a": "netz", "b": "portal", "x": "amt"}
    assert clusters(sources, edges, sources) == [frozenset(one) for one in "abx"]
    better = [Edge("a", "x", 0.99), Edge("b", "x", 0.85), _different("a", "b")]
    assert clusters(sources, better, sources) == [frozenset("ax"), frozenset("b")]
    said = [*edges, Edge("b", "x", 1.0, decided=True)]
    assert clusters(sources, said, sources) == [frozenset("a"), frozenset("bx")]
    one_source = sources | {"b": "netz"}
    assert clusters(sources, edges, one_source) == [frozenset("a"), frozenset("bx")]


@pytest.mark.parametrize(
    ("written", "terms"),
    [
        ("Alleinerziehednenberatung", "Alleinerziehendenberatung"),
        ("Eltenrgeldstelle", "Elterngeldstelle"),
        ("SoloMamas", "Solo-Mamas"),
    ],
)
def test_a_slip_of_the_pen_reads_as_what_was_meant(written: str, terms: str) -> None:
    assert title(written).weights == title(terms).weights


@pytest.mark.parametrize("name", ["Wellcome", "Wirbelwind", "Lavendel", "PEKiP", "Rasselbande"])
def test_names_are_no_slips(name: str) -> None:
    assert len(title(name).words) == 1


def test_a_missing_letter_is_mended_by_the_other_title() -> None:
    a, b = title("Unterhaltsvorschus"), title("Unterhaltsvorschuss")
    assert a.spelt_as(b).weights == b.weights
    assert b.spelt_as(a) is b
