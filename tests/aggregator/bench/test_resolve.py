"""The benchmark of resolving: its made set, the layouts it reads, and that it counts rightly."""

from __future__ import annotations

import json
from collections import Counter
from pathlib import Path

import pytest
from typer.testing import CliRunner

from aggregator.bench.institutions import institutions
from aggregator.bench.labelled import LayoutError, load_labelled
from aggregator.bench.resolve import measure
from aggregator.listing import Listing
from netzlotse import app

FODORS = """id,name,addr,city,phone,type,class
534,'arnie morton\\'s','435 s. la cienega blvd.','los angeles',310/246-1501,american,0
219,'arnie morton\\'s of chicago','435 la cienega blvd.','los angeles',310-246-1501,'steak, fish',0
535,'cafe bizou','14016 ventura blvd.','sherman oaks',818/788-3536,french,1
"""
FEBRL = """rec_id, given_name, surname, street_number, address_1, address_2, suburb, postcode, state, date_of_birth, soc_sec_id
rec-7-{kind}, anna, {name}, 8, stanley street, miami, winston hills, 4223, nsw, 19151111, 5304218
"""  # noqa: E501 - as the file is


def test_restaurants(tmp_path: Path) -> None:
    file = tmp_path / "fz.csv"
    file.write_text(FODORS, "utf-8")
    (tmp_path / "matches.csv").write_text("l_id,r_id\n534,219\n", "utf-8")
    for path in (file, tmp_path):
        told = load_labelled(path)
        assert [(name, one.source, one.phones) for name, one in told] == [
            ("0", "fodors", ["+13102461501"]),
            ("0", "zagat", ["+13102461501"]),
            ("1", "fodors", ["+18187883536"]),
        ]
        assert told[0][1].title == "arnie morton's"
    done = measure(load_labelled(file))
    assert (done.true, done.right, done.wrong) == (1, 1, 0)


@pytest.mark.parametrize(
    ("written", "street"),
    [
        ("854 seventh ave.", "7th ave 854"),
        ("854 7th ave.  between 54th and 55th sts.", "7th ave 854"),
        ("95 ave. a at 6th st.", "ave a 95"),
        ("3130 piedmont road ne", "piedmont rd northeast 3130"),
        ("102 w. paradise rd.", "paradise rd west 102"),
        ("in central park", "in central park"),
        ("at", "at"),
    ],
)
def test_streets_of_the_guides_have_one_spelling(tmp_path: Path, written: str, street: str) -> None:
    file = tmp_path / "fz.csv"
    file.write_text(f"id,name,addr,city,phone,type,class\n1,a,{written},b,c,d,0\n", "utf-8")
    assert load_labelled(file)[0][1].street == street


def test_persons(tmp_path: Path) -> None:
    for kind, name in (("org", "neumann"), ("dup-0", "neuman")):
        (tmp_path / f"{kind}.csv").write_text(FEBRL.format(kind=kind, name=name), "utf-8")
    assert [(name, one.source) for name, one in load_labelled(tmp_path)] == [
        ("7", "dup"),
        ("7", "org"),
    ]


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("a,b\n1,2\n", "is neither that of Fodors-Zagat"),
        ("", "is neither"),
        ("id,name,addr,city,phone,type,class\nx,a,b,c,d,e,0\n", "line 2: invalid literal"),
        ("rec_id,given_name,surname\nperson-1,a,b\n", "line 2: 'person-1' is no rec_id"),
    ],
)
def test_other_files_are_refused(tmp_path: Path, text: str, said: str) -> None:
    file = tmp_path / "data.csv"
    file.write_text(text, "utf-8")
    with pytest.raises(LayoutError, match=said):
        load_labelled(file)
    done = CliRunner().invoke(app, ["bench", "resolve", "--data", str(file)])
    assert (done.exit_code, str(file) in done.stderr) == (1, True)


def test_the_made_set_is_the_same_each_time_and_holds_what_it_promises() -> None:
    told = list(institutions(3_000))
    again = list(institutions(3_000))
    assert told == again
    assert len({one.id for _, one in told}) == len(told)
    sizes = Counter(name for name, _ in told)
    spread = Counter(sizes.values())
    assert spread[1] / len(sizes) == pytest.approx(0.62, abs=0.05)
    assert max(spread) == 4
    sources = Counter((name, one.source) for name, one in told)
    assert set(sources.values()) == {1}, "a source lists an offer once"
    assert list(institutions(100, seed=2)) != told[:100]


def test_counts_are_those_of_pairs() -> None:
    def listing(source: str, title: str) -> Listing:
        return Listing(
            id=f"{source}{title}", source=source, page_url="/", title=title, city="Berlin",
            postcode="10115", street="Weg 1", phones=["+4930123456"], provider="Verein",
        )  # fmt: skip

    one = [("debts", listing(source, "Schuldnerberatung")) for source in "abc"]
    other = [("legal", listing("a", "Mietrechtsberatung")), ("more", listing("b", "Krabbelgruppe"))]
    done = measure([*one, *other], examples=5)
    assert (done.records, done.true, done.right, done.wrong) == (5, 3, 3, 0)
    assert (done.precision, done.recall, done.f1) == (1.0, 1.0, 1.0)
    wrong = measure([("x", one[0][1]), ("y", one[1][1])], examples=5)
    assert (wrong.true, wrong.right, wrong.wrong, len(wrong.merged)) == (0, 0, 1, 1)


def test_the_verb() -> None:
    done = CliRunner().invoke(app, ["bench", "resolve", "--records", "2000", "--json"])
    told = json.loads(done.stdout)
    assert told["records"] == 2000
    assert told["precision"] > 0.97
    assert told["recall"] > 0.9
