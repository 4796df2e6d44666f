"""Telephone numbers, mail and web addresses in the ways German sites write them."""

from __future__ import annotations

import time
from datetime import date
from pathlib import Path

import phonenumbers
import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st

from aggregator.normalise.context import Context
from aggregator.normalise.email import read_emails
from aggregator.normalise.phone import _is_ordinary, read_phones
from aggregator.normalise.url import canonical, read_urls
from aggregator.places.places import locate
from crawlers.record import Passage, Role

CASES = Path(__file__).parent / "cases"
CONTEXT = Context("probe", "11", date(2026, 11, 23), page_url="https://www.netz.example/liste")
NOWHERE = Context("probe", "DE", date(2026, 11, 23))


def cases(name):
    return yaml.safe_load((CASES / f"{name}.yml").read_text("utf-8"))


def passages(case):
    lines = [
        Passage(Role.TEXT, text, f"p:nth({n})") for n, text in enumerate(case.get("lines", []))
    ]
    return lines + [Passage(Role.PHONE, link, "a") for link in case.get("links", [])]


@pytest.mark.parametrize("case", cases("phones"), ids=lambda c: str(c.get("lines") or c["links"]))
def test_phones(case):
    town = case.get("town", ["13187", "Berlin"])
    place = locate(*town) if town else None
    read = read_phones(passages(case), NOWHERE, place)
    assert read.values("phones") == case["phones"]
    assert [d.code for d in read.doubts] == case.get("doubts", [])


@given(st.from_regex(r"[1-9][0-9]{1,14}", fullmatch=True))
def test_an_ordinary_number_is_one_of_the_plan(national):
    number = phonenumbers.PhoneNumber(country_code=49, national_number=int(national))
    if _is_ordinary(national):
        assert phonenumbers.is_valid_number_for_region(number, "DE")


def test_a_phone_is_quoted_as_it_stands_with_its_locator():
    text = "Sie erreichen uns unter Tel. 030\u202f/\u202f23125–100 (AB)"
    (said,) = read_phones([Passage(Role.TEXT, text, "main>p")], CONTEXT, None).statements
    assert (said.value, said.quote, said.locator) == (
        "+493023125100", "030\u202f/\u202f23125–100", "main>p",
    )  # fmt: skip


def test_area_code_falls_back_to_the_region_of_the_source():
    wuppertal = Context("probe", "05124", date(2026, 11, 23))
    read = read_phones([Passage(Role.TEXT, "Tel. 563 4037")], wuppertal, None)
    assert read.values("phones") == ["+492025634037"]
    assert "0202" in read.statements[0].reason
    kreis = Context("probe", "06431", date(2026, 11, 23))  # a Kreis has many area codes
    assert not read_phones([Passage(Role.TEXT, "Tel. 563 4037")], kreis, None).statements


def test_dropped_numbers_leave_no_trace_of_the_person():
    read = read_phones([Passage(Role.TEXT, "Anna Beispiel, mobil 0171 3920012")], CONTEXT, None)
    assert [d.quote for d in read.doubts] == [""]


def mail_passage(case):
    role = Role.EMAIL if "link" in case else Role.TEXT
    return Passage(role, case.get("link") or case["text"], "p")


@pytest.mark.parametrize("case", cases("mails"), ids=lambda c: c.get("link") or c["text"])
def test_mails(case):
    read = read_emails([mail_passage(case)], CONTEXT)
    assert read.values("emails") == case["mails"]
    dropped = [(d.code, d.quote) for d in read.doubts]
    assert dropped == ([("personal_data_dropped", "")] if case.get("dropped") else [])


def test_a_mail_stands_once_and_is_quoted_from_the_text():
    link = Passage(
        Role.EMAIL, "javascript:linkTo_UnCryptMailto('pdlowr-lqirCwudhjhu1hadpsoh')", "a"
    )
    text = Passage(Role.TEXT, "Mail: info@traeger.example", "p")
    (said,) = read_emails([link, text], CONTEXT).statements
    assert (said.quote, said.locator) == ("info@traeger.example", "p")


def test_a_quote_names_no_person():
    text = "Anna Beispiel, beratung(at)traeger.example"
    (said,) = read_emails([Passage(Role.TEXT, text, "p")], CONTEXT).statements
    assert said.value == "beratung@traeger.example"
    assert "Beispiel" not in said.quote


@pytest.mark.parametrize(
    ("raw", "url"),
    [
        ("www.traeger.example", "https://www.traeger.example/"),
        ("http://traeger.example/index.php?id=12", "http://traeger.example/index.php?id=12"),
        ("https://t.example/a?id=12&utm_source=x&cHash=f", "https://t.example/a?id=12"),
        ("https://T.Example:443/Pfad/#anker", "https://t.example/Pfad/"),
        ("https://traeger.example/angebot.", "https://traeger.example/angebot"),
        ("https://www.facebook.com/sharer/sharer.php?u=x", None),
        ("https://www.facebook.com/familienzentrum", "https://www.facebook.com/familienzentrum"),
        ("https://maps.google.com/?q=x", None),
        ("https://www.google.de/maps/place/x", None),
        ("https://wa.me/4930", None),
        ("mailto:info@traeger.example", None),
        ("javascript:void(0)", None),
        ("http://[::1", None),
        ("https://name:wort@traeger.example/", None),
    ],
)
def test_canonical_urls(raw, url):
    assert canonical(raw) == url


def test_urls_leave_the_own_site_unless_the_text_states_them():
    read = read_urls(
        [
            Passage(Role.URL, "https://netz.example/kontakt"),
            Passage(Role.URL, "https://traeger.example/kurs?id=7"),
            Passage(Role.TEXT, "Mehr unter www.traeger.example/kurs?id=7 oder fz-nord.de."),
            Passage(Role.TEXT, "E-Mail: info@traeger.example"),
        ],
        CONTEXT,
    )
    assert read.values("urls") == ["https://traeger.example/kurs?id=7", "https://fz-nord.de/"]


def test_the_words_of_a_link_and_the_host_of_a_mail_are_no_second_address():
    read = read_urls(
        [
            Passage(Role.TEXT, "Formular unter www.ferien.example, Fragen an kurs{at}haus.example"),
            Passage(Role.TEXT, "rat (at) amt.example, hilfe [at] verein.de, tat (ät) rathaus.de"),
            Passage(Role.URL, "https://www.ferien.example/anmeldung?ort=12"),
        ],
        CONTEXT,
    )
    assert read.values("urls") == ["https://www.ferien.example/anmeldung?ort=12"]


texts = st.text(
    alphabet=st.sampled_from("0123456789 ()/+-–.@aAtTfFelxü[]{}&#;%:\u00ad\n"), max_size=120
)


@given(texts, st.sampled_from([Role.TEXT, Role.PHONE, Role.EMAIL, Role.URL]))
@settings(max_examples=250, derandomize=True, deadline=None)
def test_any_text_is_read_without_an_error(text, role):
    line = [Passage(role, text)]
    for said in read_phones(line, CONTEXT, None).statements:
        assert str(said.value).startswith("+")
        assert str(said.value)[1:].isdigit()
    for said in read_emails(line, CONTEXT).statements:
        assert str(said.value).count("@") == 1
    read_urls(line, CONTEXT)


@pytest.mark.parametrize(
    "piece", ["0", "030 ", "1-", "a@", "a.", "(at)", "+49 (", "http://a.", "T: F: "]
)
def test_long_lines_are_read_in_time(piece):
    line = [Passage(Role.TEXT, piece * (100_000 // len(piece)))]
    began = time.process_time()
    read_phones(line, CONTEXT, None)
    read_emails(line, CONTEXT)
    read_urls(line, CONTEXT)
    assert time.process_time() - began < 4


def test_last_a_number_is_of_the_town_in_which_the_owner_of_the_site_sits():
    told = [Passage(Role.TEXT, "Tel. 563 4037")]
    seat = locate("42103", "Wuppertal")
    assert read_phones(told, NOWHERE, None, lambda: seat).values("phones") == ["+492025634037"]
    assert not read_phones(told, NOWHERE, None).values("phones")
    near = [*told, Passage(Role.TEXT, "Büro: Tel. 0381 5550-0")]
    assert "+493815634037" in read_phones(near, NOWHERE, None, lambda: seat).values("phones")
