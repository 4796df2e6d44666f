"""What the benchmarks count: matching one to one, and every way in which a field can be wrong."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from aggregator.bench.scoring import Count, leaks, match, same_hours, score

TODAY = date(2026, 11, 23)


def row(title: str = "Treff", page: str = "/a", **fields: Any) -> dict[str, Any]:
    return {"title": title, "page_url": page, **fields}


def counted(name: str, true: Any, got: Any) -> Count:
    listing, published = row(**{name: true}), row(**{name: got})
    other = row("Anderes", "/b", **{name: "x" if isinstance(true, str | None) else ["x"]})
    return score("s", [listing, other], [published, other], TODAY).fields[name]


@pytest.mark.parametrize(
    ("name", "true", "got", "verdict"),
    [
        ("street", "Musterstr. 3 a", "Musterstraße 3a", "right"),
        ("street", "Musterstraße 3", "Musterstraße 8", "wrong"),
        ("phones", ["+493023125001", "+493023125002"], ["+493023125002", "+493023125001"], "right"),
        ("phones", ["+493023125001"], ["+493023125001", "+493023125002"], "wrong"),
        ("provider", "Nachbarhaus e. V.", "Nachbarhaus e.V.", "right"),
        ("cost", "free", None, "missing"),
        ("cost", None, "free", "invented"),
        ("urls", ["https://www.treff.example/"], ["http://treff.example"], "right"),
        ("hours_osm", "Mo-Fr 09:00-12:00", "Mo-We,Th,Fr 09:00-12:00", "right"),
        ("hours_osm", "Mo-Fr 09:00-12:00", "Mo-Fr 09:00-13:00", "wrong"),
    ],
)
def test_verdicts(name: str, true: Any, got: Any, verdict: str) -> None:
    count = counted(name, true, got)
    assert getattr(count, verdict) == 1 + (verdict == "right")
    assert count.right + count.wrong + count.missing + count.invented == 2


def test_the_main_topic_is_judged_beside_the_set() -> None:
    found = score(
        "s", [row(topics=["recht", "krise"])], [row(topics=["krise", "recht"])], TODAY
    ).fields
    assert (found["topics"].right, found["main topic"].wrong) == (1, 1)


def test_fields_that_no_truth_states_are_not_judged() -> None:
    assert "district" not in score("s", [row()], [row(district="Pankow")], TODAY).fields


def test_each_listing_is_matched_once_and_by_its_own_page() -> None:
    true = [row("Treff", "/a"), row("Treff", "/b")]
    got = [row("Treff", "/b/index.html"), row("Treff", "/c"), row("Beratung", "/a")]
    pairs = [(t["page_url"], g["page_url"]) for t, g in match(true, got)]
    assert sorted(pairs) == [("/a", "/c"), ("/b", "/b/index.html")]
    records = score("s", true, got, TODAY).records
    assert (records.right, records.missing, records.invented) == (2, 0, 1)


def test_dates_tell_events_of_one_name_apart() -> None:
    true = [row(valid_from="2027-01-05"), row(valid_from="2027-02-02")]
    got = [row(valid_from="2027-02-02"), row(valid_from="2027-01-05")]
    assert score("s", true, got, TODAY).fields["valid_from"].right == 2


def test_shares_are_unknown_where_nothing_was_counted() -> None:
    assert (Count().precision, Count().recall) == (None, None)
    assert (Count(right=1, wrong=1).precision, Count(right=1, missing=3).recall) == (0.5, 0.25)


def test_withheld_words_are_found() -> None:
    truth = [row(withheld=["Geheimweg 7", "Ungesagt"])]
    assert leaks(truth, "… im Geheimweg 7 …") == ["Geheimweg 7"]


def test_values_that_are_no_hours_are_never_the_same() -> None:
    assert not same_hours("Mo 09:00-12:00", "irgendwann", TODAY)


ROWS = st.lists(
    st.builds(row, st.sampled_from(["Treff", "Offener Treff", "Kurs"]), st.sampled_from("ab")),
    max_size=6,
)


@settings(max_examples=40, derandomize=True)
@given(ROWS, ROWS)
def test_nothing_is_matched_twice(true: list[dict[str, Any]], got: list[dict[str, Any]]) -> None:
    pairs = match(true, got)
    assert len({id(t) for t, _ in pairs}) == len({id(g) for _, g in pairs}) == len(pairs)
    records = score("s", true, got, TODAY).records
    assert records.right + records.missing == len(true)
    assert records.right + records.invented == len(got)
