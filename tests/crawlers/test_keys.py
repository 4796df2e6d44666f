from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from crawlers.keys import page_key, slug, url_key
from crawlers.source import Source

SOURCE = Source(id="netz", title="Netz", region="11", start=["https://www.netz.example/start"])


@pytest.mark.parametrize(
    ("url", "key"),
    [
        ("https://netz.example/", "/"),
        ("http://www.netz.example", "/"),
        ("https://netz.example/index.html", "/"),
        ("https://netz.example/angebote/", "/angebote"),
        ("https://netz.example/angebote/index.php", "/angebote"),
        ("https://netz.example/index.php?id=12&cHash=ab12&no_cache=1", "/index.php?id=12"),
        ("https://netz.example/x?b=2&a=1&utm_source=mail&fbclid=q#oben", "/x?a=1&b=2"),
        ("https://netz.example/x;jsessionid=AB12?PHPSESSID=9", "/x"),
        ("https://netz.example./a//b/../c", "/a/c"),
        ("https://netz.example/%C3%BCber-uns", "/%C3%BCber-uns"),
        ("https://netz.example/über-uns", "/%C3%BCber-uns"),
        ("https://anders.example/a/?sid=1", "anders.example/a"),
        ("http://netz.example:8080/a", "netz.example:8080/a"),
        ("mailto:a@netz.example", ""),
        ("https://[kaputt/", ""),
    ],
)
def test_page_keys_fold_what_does_not_tell_pages_apart(url: str, key: str):
    assert page_key(url, SOURCE) == key


def test_url_keys_compare_across_sites():
    assert url_key("https://www.traeger.example/a/") == url_key("http://traeger.example/a?utm_id=3")
    assert url_key("https://traeger.example/?p=3") != url_key("https://traeger.example/?p=4")


def test_slugs_are_folded_german():
    assert slug("Große Väter-Gruppe & Café „Süd“") == "grosse-vaeter-gruppe-cafe-sued"


@settings(max_examples=300, derandomize=True)
@given(st.text(max_size=60).map(lambda tail: "https://netz.example/" + tail))
def test_a_key_is_the_key_of_itself(url: str):
    key = page_key(url, SOURCE)
    if key.startswith("/"):
        assert page_key("https://netz.example" + key, SOURCE) == key
