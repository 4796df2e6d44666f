"""Dates, numbers and addresses on the pages."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from api import german, links, paging
from api.problems import Problem


@pytest.mark.parametrize(
    ("value", "said"),
    [
        ("2019", "2019"),
        ("2017-08", "August 2017"),
        ("2011-04-01", "1. April 2011"),
        (date(2026, 3, 9), "9. März 2026"),
        (datetime(2026, 12, 31, 23, 30, tzinfo=UTC), "1. Januar 2027"),
        ("2011-13-01", "2011-13-01"),
        ("irgendwann", "irgendwann"),
        (None, ""),
    ],
)
def test_day(value: object, said: str) -> None:
    assert german.day(value) == said  # type: ignore[arg-type]


def test_day_with_its_preposition() -> None:
    said = [german.on(when) for when in ("2013", "2013-03", "2013-03-31")]
    assert said == ["2013", "im März 2013", "am 31. März 2013"]


def test_numbers() -> None:
    assert [german.number(n) for n in (0, 1234, 12.5)] == ["0", "1.234", "12,50"]
    assert german.counted(1, "Angebot", "Angebote") == "1 Angebot"
    assert german.phone("+493023125000") == "030 23125000"
    assert german.phone("anrufen!") == "anrufen!"


@pytest.mark.parametrize(
    "url",
    [
        "javascript:alert(1)",
        "JaVaScRiPt:alert(1)",
        " javascript:1",
        "java\nscript:1",
        "data:text/html,x",
        "//evil.example/",
        "http:/x",
        "http://",
        "https://[",
        "file:///etc/passwd",
        "http://a b/",
        "",
        None,
    ],
)
def test_what_is_no_web_address_is_no_link(url: str | None) -> None:
    assert links.web(url) is None


def test_addresses() -> None:
    assert links.web("https://a.example/?b=1") == "https://a.example/?b=1"
    assert links.host("https://www.a.example/x") == "a.example"
    assert links.tel("+493023125000") == "tel:+493023125000"
    assert links.tel("030 23125000") is None
    assert links.mail("a+b@c.example") == "mailto:a%2Bb@c.example"
    assert links.mail("a@b.example?bcc=all@c.example") is None


@given(st.text(max_size=60), st.integers(0, 10**9))
def test_cursor_leads_back_to_its_own_question(text: str, position: int) -> None:
    cursor = paging.encode(text, position)
    assert paging.decode(cursor, text, int) == [position]
    with pytest.raises(Problem):
        paging.decode(cursor, text + "x", int)


@given(st.text(max_size=500))
def test_no_text_breaks_the_cursor(text: str) -> None:
    with pytest.raises(Problem):
        paging.decode(text, "a question", int)
