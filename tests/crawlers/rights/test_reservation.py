"""What a site says of text and data mining, in the protocol's words and in its own."""

from __future__ import annotations

import json
import time
from datetime import UTC, datetime
from pathlib import Path

import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st

from crawlers.page import Page
from crawlers.reservation import (
    Rule,
    imprint_of,
    of_headers,
    of_meta,
    of_page,
    of_robots,
    of_text,
    of_words,
    read_rules,
)

AT = datetime(2026, 11, 20, 8, 0, tzinfo=UTC)
URL = "https://netz.example/angebote"
WORDS = yaml.safe_load((Path(__file__).parent / "words.yml").read_text("utf-8"))


def html(head: str = "", body: str = "", **headers: str) -> Page:
    markup = f"<html><head>{head}</head><body>{body}</body></html>"
    return Page(URL, markup.encode(), AT, headers={"content-type": "text/html", **headers})


@pytest.mark.parametrize("case", WORDS, ids=lambda case: case["text"][:40])
def test_words_reserve_or_do_not(case):
    said = of_words(case["text"], URL, AT)
    assert (said is not None and said.reserved) is case["reserved"]
    if said:
        assert said.quote in " ".join(case["text"].split())
        assert (said.where, said.checked_at) == (URL, AT)


def test_words_may_stand_in_comments_of_robots_txt_but_its_rules_are_none():
    text = (
        "# Text und Data Mining\n# ist untersagt (§ 44b UrhG).\nUser-agent: *\nDisallow: /intern\n"
    )
    assert of_robots(text, URL, AT)
    assert of_robots("User-agent: *\nDisallow: /text-und-data-mining-verboten\n", URL, AT) is None


@pytest.mark.parametrize(
    ("location", "path", "covers"),
    [
        ("/", "/angebote", True),
        ("/angebote", "/angebote/1", True),
        ("/angebote$", "/angebote/1", False),
        ("/angebote$", "/angebote", True),
        ("/*.pdf$", "/a/b.pdf", True),
        ("/*.pdf$", "/a/b.pdf?x=1", False),
        ("*", "/", True),
        ("/bilder/*", "/angebote", False),
        ("/a*b*c", "/a-c-b", False),
    ],
)
def test_a_rule_covers_paths_as_in_robots_txt(location, path, covers):
    assert Rule(location, reserved=True).covers(f"https://netz.example{path}") is covers


def test_rules_of_many_stars_cost_no_more_than_few():
    started = time.process_time()
    assert not Rule("/" + "a*" * 240 + "b$", reserved=True).covers(URL + "a" * 100_000)
    assert time.process_time() - started < 1


def test_the_rights_file_is_read_and_what_is_no_rule_is_left_out():
    body = [
        {"location": "/frei/*", "tdm-reservation": 0},
        {"location": "/", "tdm-reservation": 1, "tdm-policy": "https://netz.example/tdm.json"},
        {"location": "/x"},
        {"location": 7, "tdm-reservation": 1},
        {"location": "/y", "tdm-reservation": "maybe"},
        "nonsense",
    ]
    rules = read_rules(json.dumps(body).encode())
    assert [(rule.location, rule.reserved) for rule in rules] == [("/frei/*", False), ("/", True)]
    said = of_page(html(), rules)
    assert said is not None
    assert said.reserved
    assert said.where == "https://netz.example/.well-known/tdmrep.json"
    assert said.policy == "https://netz.example/tdm.json"


@pytest.mark.parametrize("body", [b"", b"<html>", b"{}", b"[[[[", b"\xff\xfe\x00", b"[" * 100_000])
def test_a_broken_rights_file_says_nothing(body):
    assert read_rules(body) == ()


def test_headers_say_it():
    assert of_headers({"tdm-reservation": "1"}, URL, AT)
    said = of_headers({"tdm-reservation": "0"}, URL, AT)
    assert said is not None
    assert not said.reserved
    assert of_headers({"x-robots-tag": "noarchive, noai"}, URL, AT)
    assert of_headers({"x-robots-tag": "noindex"}, URL, AT) is None


def test_meta_elements_say_it():
    assert of_meta(html('<meta name="TDM-Reservation" content="1">'))
    assert of_meta(html('<meta name="robots" content="noai, noimageai">'))
    # Pictures are never read, so that a word about them alone reserves nothing that is.
    assert of_meta(html('<meta name="robots" content="index, noimageai">')) is None
    assert of_meta(html('<meta name="robots" content="index, follow">')) is None


def test_the_page_overrules_the_header_and_the_header_the_file():
    everything = read_rules(b'[{"location": "/", "tdm-reservation": 1}]')
    free = html(**{"tdm-reservation": "0"})
    said = of_page(free, everything)
    assert said is not None
    assert not said.reserved
    reserved = html('<meta name="tdm-reservation" content="1">', **{"tdm-reservation": "0"})
    said = of_page(reserved, ())
    assert said is not None
    assert said.reserved


def test_scripts_are_no_words():
    script = "<script>var x = 'Text und Data Mining ist untersagt';</script><p>Impressum</p>"
    assert of_text(html(body=script)) is None
    assert of_text(html(body="<h2>Nutzungsvorbehalt</h2><p>nach § 44b UrhG</p>"))


def test_the_imprint_is_found_by_its_name_or_address():
    assert imprint_of(html(body='<a href="/p?id=3">Impressum</a>')) == "https://netz.example/p?id=3"
    assert imprint_of(html(body='<a href="/impressum.html#top"></a>')).endswith("/impressum.html")
    assert imprint_of(html(body='<a href="mailto:impressum@netz.example">x</a>')) is None
    assert imprint_of(html(body='<a href="http://[impressum">x</a>')) is None


@settings(max_examples=150, derandomize=True, deadline=None)
@given(st.binary(max_size=2_000))
def test_foreign_bytes_never_raise(body):
    read_rules(body)
    page = Page(URL, b"<html>" + body, AT, headers={"content-type": "text/html"})
    of_page(page)
    of_text(page)
    of_robots(page.text, URL, AT)
    imprint_of(page)


def test_a_page_that_repeats_the_subject_a_hundred_thousand_times_is_quick():
    started = time.process_time()
    of_words("§ 44b " * 100_000, URL, AT)
    of_words("TDM bedarf " * 50_000, URL, AT)
    of_words("text und data " * 50_000, URL, AT)
    assert time.process_time() - started < 2
