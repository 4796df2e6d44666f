from __future__ import annotations

import itertools
from dataclasses import replace
from pathlib import Path

from crawlers.assembly import arranged, assemble, joined, place
from crawlers.record import Passage, Record, RecordKind, Role, Trust
from crawlers.source import Source
from crawlers.spool import FoundShelf, FoundWriter, read_records, write_sorted

SITE = "https://netz.example"
SOURCE = Source(id="netz", title="Netz", region="11", start=[SITE + "/"])


def record(page, title, *lines, key=None, trust=Trust.FOUND, detail=None, kind=RecordKind.OFFER):
    passages = (Passage(Role.TITLE, title), *(Passage(Role.TEXT, line) for line in lines))
    name = key or (page if trust is Trust.PAGE else f"{page}#{title.lower().replace(' ', '-')}")
    return Record(name, SITE + page, passages, "t@1", trust, kind, detail and SITE + detail)


def titles(records):
    return [one.title for one in records]


def test_a_list_entry_and_its_detail_page_are_one_record_under_the_detail_key():
    listed = record("/angebote", "Treff", "Kurz gesagt", "Nur mit Kind", detail="/angebote/treff/")
    detail = record(
        "/angebote/treff", "Treff", "Mo 9–12 Uhr", "Tel. 030 23125 101", trust=Trust.PAGE
    )
    (one,) = assemble([listed, detail], SOURCE)
    assert one.key == "/angebote/treff"
    assert one.texts(Role.TEXT) == [
        "Mo 9–12 Uhr",
        "Tel. 030 23125 101",
        "Kurz gesagt",
        "Nur mit Kind",
    ]


def test_what_a_list_says_for_all_gives_way_to_what_a_page_says_itself():
    shared = (
        Passage(Role.TEXT, "Tel. 030 23125 100", "p", shared=True),
        Passage(Role.TEXT, "Markt 3, 10115 Berlin", "p", shared=True),
    )
    listed = record("/angebote", "Treff", "Kurz gesagt", detail="/angebote/treff/")
    listed = replace(listed, passages=(*listed.passages, *shared))
    detail = record(
        "/angebote/treff", "Treff", "Mo 9–12 Uhr", "Tel. 030 23125 101", trust=Trust.PAGE
    )
    (one,) = assemble([listed, detail], SOURCE)
    assert one.texts(Role.TEXT) == [
        "Mo 9–12 Uhr",
        "Tel. 030 23125 101",
        "Kurz gesagt",
        "Markt 3, 10115 Berlin",
    ]


def test_records_that_wait_on_the_disk_are_joined_alike(tmp_path: Path):
    found = [
        record("/angebote", "Treff", "Kurz gesagt", detail="/angebote/treff/"),
        record("/angebote/treff", "Treff", "Mo 9–12 Uhr", "Tel. 030 23125 101", trust=Trust.PAGE),
        *(record(f"/s{n}", "Kurs", f"Tel. 030 23125 20{n}", key="/kurs") for n in range(4)),
        record("/netz", "Über uns", "Das Netzwerk", kind=RecordKind.NETWORK),
    ]
    writer = FoundWriter(tmp_path)
    writer.write(found)
    writer.close()
    for held in (0, 700, 1_000_000):
        shelf = FoundShelf(tmp_path, held)
        assert write_sorted(tmp_path, joined(shelf, SOURCE), place, arranged, shelf.line) == 6
        assert list(read_records(tmp_path)) == assemble(found, SOURCE)


def test_a_teaser_whose_page_is_no_offer_vanishes():
    assert (
        assemble([record("/", "Besuch der Ministerin", "Ein Rückblick", detail="/news/1")], SOURCE)
        == []
    )


def test_a_plan_that_leads_to_the_list_of_an_offer_tells_of_that_offer():
    planned = record("/plan", "Yogakurs", "Do 17 Uhr", "siehe Kurse", detail="/kurse")
    listed = record("/kurse", "Yogakurs", "Donnerstags", detail="/kurse/yoga")
    page = record("/kurse/yoga", "Yogakurs", "Tel. 030 23125 101, 54 €", trust=Trust.PAGE)
    (one,) = assemble([planned, listed, page], SOURCE)
    assert one.key == "/kurse/yoga"
    assert {"Do 17 Uhr", "Donnerstags"} <= set(one.texts(Role.TEXT))
    elsewhere = record("/ort", "Yogakurs", "Tel. 030 23125 102, Fr 9 Uhr")
    assert len(assemble([planned, listed, page, elsewhere], SOURCE)) == 3


def test_the_first_meeting_of_a_course_in_a_calendar_is_no_offer_of_its_own():
    course = record("/kurs", "Stark durch den Tag", "60 €", "030 23125 102", trust=Trust.PAGE)
    first = record("/termine", "Beginn Elternkurs Stark durch den Tag", "12.1.2027", "19.30 Uhr")
    other = record("/termine", "Beginn Chorprobe", "14.1.2027", "19.30 Uhr")
    assert titles(assemble([course, first, other], SOURCE)) == [
        "Stark durch den Tag",
        "Beginn Chorprobe",
    ]
    fuller = record("/termine", first.title, "12.1.2027", "19.30 Uhr", "Anmeldung: 030 23125 102")
    assert len(assemble([course, fuller], SOURCE)) == 2


def test_the_same_record_on_several_pages_is_told_once():
    same = [
        record(page, "Treff", "Di 9 Uhr", "Tel. 030 23125 102")
        for page in ("/", "/treffs", "/thema/x")
    ]
    (one,) = assemble(same, SOURCE)
    assert one.key in {"/thema/x#treff", "/treffs#treff"}


def test_an_entry_that_leads_to_several_other_things_is_their_list():
    entry = record("/orte", "Haus Nord", "Tel. 030 23125 100", detail="/orte/nord")
    held = [
        record("/orte/nord", "Elterncafé", "Mo 9–12 Uhr"),
        record("/orte/nord", "Spielkreis", "Di 9–12 Uhr"),
    ]
    assert titles(assemble([entry, *held], SOURCE)) == ["Elterncafé", "Spielkreis"]
    assert "Haus Nord" in titles(assemble([entry, held[0]], SOURCE))


def test_a_box_beside_several_lists_is_one_record():
    boxes = [record(f"/{name}", "Onlineberatung", "Anonym und kostenlos") for name in "abc"]
    others = [record(f"/{n}", f"Kurs {n}", f"Mo {n}–12 Uhr") for n in range(9)]
    assert titles(assemble([*boxes, *others], SOURCE)).count("Onlineberatung") == 1


def test_equal_names_of_different_places_stay_apart():
    a = record("/a", "Schuldnerberatung", "Weg 1, 10115 Berlin", "Tel. 030 23125 103")
    b = record("/b", "Schuldnerberatung", "Weg 2, 12043 Berlin", "Tel. 030 23125 103")
    assert len(assemble([a, b], SOURCE)) == 2


def test_what_stands_on_every_page_is_no_record():
    frame = [record(f"/{n}", "Geschäftsstelle", "Tel. 030 23125 104") for n in range(6)]
    offer = record("/1", "Treff", "Di 9 Uhr", "Tel. 030 23125 105")
    assert titles(assemble([*frame, offer], SOURCE)) == ["Treff"]


def test_the_api_of_wordpress_beats_the_html_of_the_same_page():
    api = record("/wohnen", "Mieterhilfe", "Tel. 030 23125 106", key="wp:page:3#mieterhilfe")
    html = record("/wohnen", "Wohnen und Mieterhilfe", "Tel. 030 23125 106")
    assert [one.key for one in assemble([html, api], SOURCE)] == ["wp:page:3#mieterhilfe"]


def test_equal_keys_are_numbered_by_what_they_say_not_by_when_they_came():
    a = record("/a", "Treff", "Mo 9 Uhr, 10115 Berlin", "Tel. 030 23125 107")
    b = record("/a", "Treff", "Di 9 Uhr, 12043 Berlin", "Tel. 030 23125 108")
    assert [r.key for r in assemble([a, b], SOURCE)] == ["/a#treff", "/a#treff#2"]
    assert assemble([a, b], SOURCE) == assemble([b, a], SOURCE)


def test_the_order_of_fetching_changes_nothing():
    records = [
        record("/", "Treff", "Kurz", detail="/treff"),
        record("/treff", "Treff", "Mo 9–12 Uhr", "Tel. 030 23125 109", trust=Trust.PAGE),
        record("/liste", "Treff", "Mo 9–12 Uhr", detail="/treff"),
        record("/liste", "Gruppe", "Di 10 Uhr", "Tel. 030 23125 110"),
        record("/netz", "Das Netz", "gegründet 2019", kind=RecordKind.NETWORK),
    ]
    results = {tuple(assemble(order, SOURCE)) for order in itertools.permutations(records)}
    assert len(results) == 1
    assert titles(results.pop()) == ["Gruppe", "Das Netz", "Treff"]


def placed(page, title, *lines):
    """A page of its own, each line with the place where it stands."""
    passages = (Passage(Role.TITLE, title, "body > main > h1"),)
    passages += tuple(Passage(Role.TEXT, text, where) for where, text in lines)
    return Record(page, SITE + page, passages, "t@1", Trust.PAGE)


def test_the_box_of_the_house_goes_and_the_number_among_the_own_lines_stays():
    box = ("body > aside > p", "Haus der Familie, Tel. 030 23125 120, Mo–Fr 8–12 Uhr")
    shared = ("body > main > p:nth-of-type(2)", "Weg 4, 10115 Berlin, Tel. 030 23125 121")
    pages = [
        placed(f"/{n}", f"Gruppe {n}", ("body > main > p", f"Di {n} Uhr, kostenlos"), shared, box)
        for n in range(9, 14)
    ]
    for one in assemble(pages, SOURCE):
        assert one.texts(Role.TEXT)[1:] == [shared[1]]
    # Two pages are too few to tell what is the site's.
    assert all(len(one.texts(Role.TEXT)) == 3 for one in assemble(pages[:2], SOURCE))
