"""Foreign bytes never raise and never hang, whatever became of them on the way."""

from __future__ import annotations

import json
import os
import time
from contextlib import suppress
from datetime import UTC, datetime
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from crawlers.adapters.registry import ADAPTERS
from crawlers.isolation import UnreadableError
from crawlers.page import Page
from crawlers.reading import read
from crawlers.source import Source

SOURCE = Source(id="netz", title="Netz", region="11", start=["https://netz.example/"])
CASES = Path(__file__).parents[2] / "cases"
TYPES = {
    ".html": "text/html",
    ".json": "application/json",
    ".ics": "text/calendar",
    ".xml": "application/xml",
}
SEEDS = {suffix: sorted(CASES.rglob(f"page{suffix}")) for suffix in TYPES}
SECONDS = 20  # of processor time; whatever takes longer hangs
URLS = {
    ".html": "https://netz.example/angebote",
    ".json": "https://netz.example/wp-json/wp/v2/angebot",
    ".ics": "https://netz.example/x.ics",
    ".xml": "https://netz.example/feed",
}


def examples(usual: int) -> settings:
    """The number of examples of a test; NETZLOTSE_EXAMPLES asks for another, drawn anew."""
    asked = int(os.environ.get("NETZLOTSE_EXAMPLES", "0"))
    return settings(max_examples=asked or usual, derandomize=not asked, deadline=None)


def page(body: bytes, suffix: str, url: str = "") -> Page:
    return Page(
        url or URLS[suffix],
        body,
        datetime(2026, 11, 1, tzinfo=UTC),
        headers={"content-type": TYPES[suffix]},
    )


@st.composite
def mutated(draw: st.DrawFn, suffix: str) -> bytes:
    body = bytearray(draw(st.sampled_from(SEEDS[suffix])).read_bytes())
    for _ in range(draw(st.integers(1, 6))):
        at = draw(st.integers(0, max(0, len(body) - 1)))
        size = draw(st.integers(0, 40))
        piece = draw(
            st.one_of(
                st.binary(max_size=12),
                st.sampled_from(
                    [b"<", b">", b'"', b"</div>", b"{", b"]", b"\r\n", b"&#x0;", b"\xff"]
                ),
            )
        )
        body[at : at + size] = piece
    return bytes(body)


@pytest.mark.parametrize("suffix", TYPES)
@examples(80)
@given(data=st.data())
def test_broken_bytes_cost_at_most_their_page(suffix: str, data: st.DataObject):
    body, begun = data.draw(mutated(suffix)), time.process_time()
    with suppress(UnreadableError):  # the name for a document that cannot be read as a whole
        read(page(body, suffix), SOURCE)
    assert time.process_time() - begun < SECONDS


@examples(60)
@given(st.binary(max_size=400), st.sampled_from(sorted(TYPES)))
def test_noise_is_read_by_no_one(body: bytes, suffix: str):
    url = "https://netz.example/wp-json/tribe/events/v1/events"
    for adapter in ADAPTERS:
        adapter.detect(page(body, suffix))
        with suppress(UnreadableError):
            assert list(adapter.extract(page(body, suffix, url))) == []


@examples(100)
@given(
    st.recursive(
        st.none() | st.booleans() | st.integers() | st.text(max_size=8),
        lambda inner: (
            st.lists(inner, max_size=3)
            | st.dictionaries(
                st.sampled_from(
                    [
                        "id",
                        "type",
                        "link",
                        "title",
                        "content",
                        "rendered",
                        "events",
                        "acf",
                        "venue",
                        "_embedded",
                        "wp:term",
                        "status",
                    ]
                ),
                inner,
                max_size=6,
            )
        ),
        max_leaves=20,
    )
)
def test_json_of_any_shape_is_survived(value: object):
    body = json.dumps(value).encode()
    for path in (
        "/wp-json/wp/v2/angebot",
        "/wp-json/wp/v2/types",
        "/wp-json/tribe/events/v1/events",
    ):
        read(page(body, ".json", "https://netz.example" + path), SOURCE)


@pytest.mark.parametrize(
    "body",
    [
        b"<div>" * 20_000 + b"x",
        b"<p><b>A</b> " * 8_000,
        b"<main>" + b"<p>" + b"0" * 100_000 + b"</p></main>",
        b"<main><p>" + b"030 / - (" * 11_000 + b"</p></main>",
        b"<main><p>" + b"a.a@" * 25_000 + b"</p></main>",
        b"<table>" + b"<tr><td>Treff<td>Mo 9 Uhr" * 3_000 + b"</table>",
        b"<main>" + b"<h3>Treff</h3><p>Mo 9-12 Uhr, 030 23125 101</p>" * 2_000 + b"</main>",
        b"<script>var addy = " + b"'a' + " * 15_000 + b"</script>",
    ],
    ids=["deep", "unclosed", "digits", "numbers", "mails", "rows", "headings", "cloak"],
)
def test_a_hundred_kilobytes_of_malice_take_no_more_than_seconds(body: bytes):
    begun = time.process_time()
    read(page(body, ".html"), SOURCE)
    assert time.process_time() - begun < 4
