"""What a house says once: which of its offers are in it and are reached at its desk."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from aggregator.normalise.context import Context
from aggregator.normalise.site import read_site
from aggregator.normalise.statement import Reading
from aggregator.places.places import load_gazetteer
from crawlers.record import Passage, Record, RecordKind, Role, Trust

CONTEXT = Context("haus", "05124", date(2026, 11, 20), site="Familienzentrum Rotdorn")
SEAT = Passage(Role.SEAT, "Lindenweg 3, 42109 Wuppertal", "footer")
DESK = (
    Passage(Role.DESK, "Fax: 0202 555016", "footer"),
    Passage(Role.DESK, "Telefon: 0202 555015", "footer"),
    Passage(Role.DESK, "post@rotdorn.example", "footer"),
)


def record(title: str, *lines: str, frame: tuple[Passage, ...] = (SEAT, *DESK)) -> Record:
    told = (Passage(Role.TITLE, title, "h1"), *(Passage(Role.TEXT, line, "p") for line in lines))
    url = f"https://haus.example/{title}"
    return Record(url, url, (*told, *frame), "html@1", Trust.PAGE)


def read(*records: Record, context: Context = CONTEXT) -> Reading:
    """What is read of the first of some records of one site."""
    return read_site(records, context, load_gazetteer())[0].reading


def where(reading: Reading) -> tuple[object, object]:
    return reading.value("street"), reading.value("postcode")


def reached(reading: Reading) -> tuple[list[object], list[object]]:
    return list(reading.values("phones")), list(reading.values("emails"))


HERE = ("Lindenweg 3", "42109")
CALLED = (["+49202555015"], ["post@rotdorn.example"])


def test_an_offer_of_a_house_is_in_it_and_reached_at_its_desk() -> None:
    reading = read(record("Krabbelgruppe", "Jeden Dienstag von 10 bis 11.30 Uhr im Gruppenraum."))
    assert where(reading) == HERE
    assert reached(reading) == CALLED
    assert reading.value("city") == "Wuppertal"
    for statement in reading.statements:
        if statement.field in {"street", "postcode", "phones", "emails"}:
            assert statement.confidence < 0.7
            assert "am Rand jeder Seite" in statement.reason
            assert statement.locator == "footer"


@pytest.mark.parametrize(
    "line",
    [
        "Wo? Spielzimmer, Erdgeschoss",
        "Ort: Bewegungsraum im 1. OG",
        "Ort: Rotdorn, großer Saal",
        "Wo: Vereins-Büro",
        "Wir kochen und planen Ausflüge für den Sommer.",
    ],
)
def test_a_room_of_the_house_is_in_it(line: str) -> None:
    assert where(read(record("Gruppe", line, "montags 9-11 Uhr"))) == HERE


@pytest.mark.parametrize(
    "line",
    [
        "Treffpunkt: Nordbahnhof, Haupteingang",
        "Wir turnen donnerstags um 16 Uhr in der Turnhalle der Grundschule Nord.",
        "Zwei Nächte mit Vollpension, Abfahrt nach der Schule.",
        "Ein Ausflug mit dem Bus, Abfahrt um 9 Uhr.",
        "Die Gruppe trifft sich im Gemeindehaus St. Anna.",
        "Familienpatinnen besuchen Sie zu Hause.",
        "Wo: Stadtbücherei Barmen",
        "Wo: Stadtbüro Barmen",
    ],
)
def test_what_takes_place_elsewhere_is_not_in_the_house(line: str) -> None:
    reading = read(record("Gruppe", line))
    assert where(reading) == (None, None)
    assert reached(reading) == CALLED


def test_what_is_given_online_alone_is_neither_in_the_house_nor_reached_there() -> None:
    reading = read(record("Stammtisch", "Dienstags um 20 Uhr online über Zoom."))
    assert (where(reading), reached(reading)) == ((None, None), ([], []))


def test_a_number_that_is_answered_at_all_hours_is_no_place() -> None:
    reading = read(record("Schutz vor Gewalt", "Rufnummer 0202 777123, rund um die Uhr."))
    assert where(reading) == (None, None)


def test_a_further_way_leads_from_the_house() -> None:
    line = "Sprechzeit: montags 9-12 Uhr. Bei Bedarf kommen wir auch zu Ihnen nach Hause."
    assert where(read(record("Lotsin", line))) == HERE


def test_meeting_in_the_house_by_its_name_is_in_it() -> None:
    line = "Beim ersten Treffen lernen sich alle im Familienzentrum kennen."
    assert where(read(record("Paten", line))) == HERE


def test_what_an_offer_says_itself_comes_first() -> None:
    reading = read(record("Gruppe", "Am Wall 5, 42103 Wuppertal", "Anmeldung: 0202 777123"))
    assert where(reading) == ("Am Wall 5", "42103")
    assert reached(reading) == (["+49202777123"], [])


def test_who_repeats_the_number_of_the_house_is_reached_at_its_mail_too() -> None:
    assert reached(read(record("Treff", "montags 9-11 Uhr", "Tel. 0202 555015"))) == CALLED


@pytest.mark.parametrize(
    ("way", "phones", "mails"),
    [
        ("treff@rotdorn.example", ["+49202555015"], ["treff@rotdorn.example"]),
        ("Tel. 0202 777123", ["+49202777123"], []),
        ("Tel. 0202 555018", ["+49202555018"], ["post@rotdorn.example"]),
        ("treff@anderswo.example", [], ["treff@anderswo.example"]),
    ],
)
def test_a_line_of_the_same_house_leads_there(
    way: str, phones: list[str], mails: list[str]
) -> None:
    assert reached(read(record("Treff", "montags 9-11 Uhr", way))) == (phones, mails)


def test_a_trip_with_a_mail_of_its_own_is_not_reached_at_the_desk() -> None:
    trip = record("Ausflug", "Ein Ausflug an den See, Anmeldung: fahrten@rotdorn.example")
    assert reached(read(trip)) == ([], ["fahrten@rotdorn.example"])


def test_another_body_in_the_house_is_not_reached_at_its_desk() -> None:
    reading = read(record("Schuldnerberatung", "Ein Angebot der Diakonie Wuppertal, montags 9 Uhr"))
    assert where(reading) == HERE
    assert reached(reading) == ([], [])


def test_the_name_of_the_house_as_provider_is_no_other_body() -> None:
    reading = read(record("Treff", "Veranstalter: Familienzentrum Rotdorn", "montags 9-11 Uhr"))
    assert reached(reading) == CALLED


def test_a_body_with_two_houses_does_not_say_in_which_an_offer_is() -> None:
    frame = (SEAT, Passage(Role.SEAT, "Am Wall 5, 42103 Wuppertal", "footer"), *DESK)
    reading = read(record("Krabbelgruppe", "Jeden Dienstag von 10 bis 11 Uhr", frame=frame))
    assert where(reading) == (None, None)
    assert reached(reading) == CALLED


def test_an_address_that_few_pages_frame_is_not_the_house() -> None:
    told = [record(f"Treff {n}", "montags 9-11 Uhr", frame=()) for n in range(3)]
    assert where(read(told[0], *told[1:], record("Café", "freitags 15 Uhr"))) == (None, None)


@pytest.mark.parametrize("site", ["Netzwerk Alleinerziehende Wuppertal", "Familienportal", ""])
def test_a_network_has_no_house(site: str) -> None:
    context = CONTEXT._replace(site=site)
    reading = read(record("Krabbelgruppe", "Jeden Dienstag von 10 bis 11 Uhr"), context=context)
    assert where(reading) == (None, None)
    assert reached(reading) == ([], [])


def test_the_owner_that_the_frame_names_makes_it_a_house() -> None:
    owner = Passage(Role.OWNER, "Rotdorn e. V.", "footer")
    told = record("Krabbelgruppe", "Jeden Dienstag von 10 bis 11 Uhr", frame=(owner, SEAT, *DESK))
    assert where(read(told, context=CONTEXT._replace(site="Rotdorn"))) == HERE


def test_no_shelter_is_in_the_house() -> None:
    shelter = record("Frauenhaus", "Zuflucht für Frauen und Kinder, rund um die Uhr.")
    reading = read(shelter, record("Krabbelgruppe", "dienstags 10 Uhr"))
    assert where(reading) == (None, None)


def test_the_site_of_a_shelter_says_of_no_offer_where_it_is() -> None:
    context = CONTEXT._replace(site="Frauenhaus Rotdorn e. V.")
    reading = read(record("Krabbelgruppe", "dienstags 10-11 Uhr"), context=context)
    assert where(reading) == (None, None)
    assert reached(reading) == CALLED


def test_where_a_shelter_says_it_is_nothing_else_is_said_to_be() -> None:
    shelter = record(
        "Frauenhaus", "Zuflucht für Frauen und Kinder.", "Lindenweg 3, 42109 Wuppertal"
    )
    told = [
        record("Krabbelgruppe", "dienstags 10-11 Uhr"),
        shelter,
        record("Treff", "montags 9 Uhr"),
    ]
    said = repr([one.reading.statements for one in read_site(told, CONTEXT, load_gazetteer())])
    assert "Lindenweg" not in said
    assert "+49202555015" in said


def test_a_trip_of_a_body_with_two_houses_is_not_reached_at_its_desk() -> None:
    frame = (SEAT, Passage(Role.SEAT, "Am Wall 5, 42103 Wuppertal", "footer"), *DESK)
    trip = record("Ausflug", "Ein Ausflug an den See: fahrten@rotdorn.example", frame=frame)
    assert reached(read(trip)) == ([], ["fahrten@rotdorn.example"])


def test_what_another_page_says_is_quoted_from_that_page() -> None:
    bare = replace(record("Krabbelgruppe", "dienstags 10-11 Uhr", frame=()), trust=Trust.FEED)
    others = [record("Treff", "montags 9 Uhr"), record("Café", "freitags 15 Uhr")]
    found = read(bare, *others, told_of_house("Das ganze Haus ist rollstuhlgerecht."))
    where_told = {s.field: s.locator for s in found.statements}
    assert where_told["street"] == "https://haus.example/Treff footer"
    assert where_told["phones"] == "https://haus.example/Treff footer"
    assert where_told["wheelchair"] == "https://haus.example/ aside"


def test_a_record_of_a_calendar_without_a_frame_is_in_the_house_that_others_frame() -> None:
    bare = replace(record("Krabbelgruppe", "dienstags 10-11 Uhr", frame=()), trust=Trust.FEED)
    reading = read(bare, record("Treff", "montags 9 Uhr"), record("Café", "freitags 15 Uhr"))
    assert where(reading) == HERE


def told_of_house(*lines: str) -> Record:
    passages = tuple(Passage(Role.TEXT, line, "aside") for line in lines)
    return Record(
        "#haus", "https://haus.example/", passages, "html@1", Trust.PAGE, RecordKind.HOUSE
    )


@pytest.mark.parametrize(
    ("lines", "wheelchair"),
    [
        (["Das ganze Haus ist rollstuhlgerecht."], True),
        (["Unsere Räume sind mit Kinderwagen und Rollstuhl gut zu erreichen."], True),
        (["Unser Haus ist leider nicht barrierefrei."], False),
        (["Alle Räume im Erdgeschoss sind mit dem Rollstuhl erreichbar."], None),
        (["Das Haus ist ebenerdig, das Büro liegt im 1. Obergeschoss (kein Aufzug)."], None),
        (["Das ganze Haus ist rollstuhlgerecht.", "Unser Haus ist nicht barrierefrei."], None),
    ],
)
def test_how_the_house_is_entered_holds_for_what_is_in_it(
    lines: list[str], wheelchair: bool | None
) -> None:
    inside, trip = record("Treff", "montags 9 Uhr"), record("Ausflug", "Treffpunkt: Bahnhof")
    of_house = [told_of_house(line) for line in lines]
    context, places = CONTEXT, load_gazetteer()
    read_of = [one.reading for one in read_site([inside, trip, *of_house], context, places)]
    assert [one.value("wheelchair") for one in read_of[:2]] == [wheelchair, None]
    assert not any(one.statements for one in read_of[2:])


def test_an_offer_that_says_how_it_is_entered_says_it_itself() -> None:
    attic = record("Nähkurs", "montags 9 Uhr, 3. OG, kein Aufzug")
    assert read(attic, told_of_house("Das Haus ist rollstuhlgerecht.")).value("wheelchair") is False


def noted(*lines: str) -> Record:
    """What an imprint says of a house: its address, and how it is reached."""
    roles = (Role.SEAT, *(Role.DESK for _ in lines[1:]))
    passages = tuple(Passage(role, line, "p") for role, line in zip(roles, lines, strict=True))
    url = "https://haus.example/impressum"
    return Record(f"{url}#haus", url, passages, "html@1", Trust.PAGE, RecordKind.HOUSE)


IMPRINT = noted("Lindenweg 3, 42109 Wuppertal", "Telefon: 0202 555015", "post@rotdorn.example")


def bare(*lines: str) -> Record:
    return record("Krabbelgruppe", "Jeden Dienstag um 10 Uhr.", *lines, frame=())


def test_where_no_frame_says_it_the_imprint_does() -> None:
    reading = read(bare(), IMPRINT)
    assert (where(reading), reached(reading)) == (HERE, CALLED)
    (street,) = (s for s in reading.statements if s.field == "street")
    assert "im Impressum" in street.reason
    assert street.locator == "https://haus.example/impressum p"


def test_what_the_frame_says_comes_before_the_imprint() -> None:
    elsewhere = noted("Am Wall 5, 42103 Wuppertal", "Telefon: 0202 777123")
    reading = read(record("Krabbelgruppe", "Jeden Dienstag um 10 Uhr."), elsewhere)
    assert (where(reading), reached(reading)) == (HERE, CALLED)


@pytest.mark.parametrize(
    "records",
    [
        (bare(), IMPRINT, noted("Am Wall 5, 42103 Wuppertal")),  # of two houses
        (bare(), noted("Domplatz 1, 48143 Münster")),  # the seat of who carries it
        (bare(), record("Treff", "Am Wall 5, 42103 Wuppertal", frame=()), IMPRINT),  # an office
    ],
)
def test_an_imprint_that_may_tell_of_another_house_says_nothing(
    records: tuple[Record, ...],
) -> None:
    reading = read(*records)
    assert (where(reading), reached(reading)) == ((None, None), ([], []))


def test_a_network_says_nothing_of_its_partners_in_its_imprint() -> None:
    context = CONTEXT._replace(site="Netzwerk Alleinerziehende Wuppertal")
    assert where(read(bare(), IMPRINT, context=context)) == (None, None)
