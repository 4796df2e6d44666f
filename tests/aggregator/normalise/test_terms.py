"""What a site says once of all its offers: what they cost, and whether one registers."""

from __future__ import annotations

from datetime import date

import pytest

from aggregator.normalise.context import Context
from aggregator.normalise.site import read_site
from aggregator.places.places import load_gazetteer
from crawlers.record import Passage, Record, RecordKind, Role, Trust

HOUSE = Context("haus", "05124", date(2026, 11, 20), site="Familienzentrum Rotdorn")
PEOPLE = Context("wir", "05124", date(2026, 11, 20), site="Allein zu zweit")
ADVICE = ("Sozialberatung", "Wir helfen bei Anträgen, dienstags 9-12 Uhr.")
CAFE = ("Elterncafé", "Offener Treff bei Kaffee und Kuchen, montags 15-17 Uhr.")


def record(title: str, *lines: str) -> Record:
    told = (Passage(Role.TITLE, title, "h1"), *(Passage(Role.TEXT, line, "p") for line in lines))
    url = f"https://haus.example/{title}"
    return Record(url, url, told, "html@1", Trust.PAGE)


def said(*lines: str) -> Record:
    url = "https://haus.example/"
    told = tuple(Passage(Role.TEXT, line, "footer") for line in lines)
    return Record(f"{url}#haus", url, told, "html@1", Trust.PAGE, RecordKind.HOUSE)


def terms(*records: Record, context: Context = HOUSE) -> tuple[object, object]:
    """Cost and registration of the first of some records of one site."""
    reading = read_site(records, context, load_gazetteer())[0].reading
    return reading.value("cost"), reading.value("registration")


@pytest.mark.parametrize(
    ("line", "advice", "cafe"),
    [
        ("Unsere Beratung ist kostenlos, vertraulich und neutral.", ("free", None), (None, None)),
        ("Unsere Kolleginnen beraten Sie kostenlos.", ("free", None), (None, None)),
        ("Zu unseren offenen Treffs können Sie ohne Anmeldung kommen. Sie sind kostenlos.",
         (None, None), ("free", "none")),
        ("Alle Angebote sind kostenfrei.", ("free", None), ("free", None)),
        ("Alles bei uns ist kostenlos, wenn nichts anderes dabei steht.",
         ("free", None), ("free", None)),
        ("Unsere rechtliche Beratung ist kostenlos.", (None, None), (None, None)),
        ("Unsere Beratung im Haus Süd ist kostenlos.", (None, None), (None, None)),
        ("Unsere Angebote für Schulen sind kostenlos.", (None, None), (None, None)),
        ("Viele unserer Angebote sind kostenlos.", (None, None), (None, None)),
        ("Unsere Kurse sind kostenpflichtig. Die Broschüre ist kostenlos.",
         (None, None), (None, None)),
    ],
)  # fmt: skip
def test_what_is_said_of_all_holds_for_each_of_its_kind(
    line: str, advice: tuple[object, object], cafe: tuple[object, object]
) -> None:
    assert terms(record(*ADVICE), said(line)) == advice
    assert terms(record(*CAFE), said(line)) == cafe


def test_what_an_offer_says_itself_comes_first() -> None:
    dear = record("Elterncafé", "Offener Treff, montags 15-17 Uhr, bitte anmelden. Kosten: 3 Euro")
    everywhere = said("Unsere Treffs sind kostenlos und ohne Anmeldung.")
    assert terms(dear, everywhere) == ("paid", "required")


def test_who_begins_together_is_no_open_group() -> None:
    course = record("Musikgruppe", "Treff vom 14.01.2027 bis 25.03.2027, donnerstags 16-17 Uhr.")
    assert terms(course, said("Unsere Treffs sind kostenlos.")) == (None, None)


def test_pages_that_disagree_say_nothing() -> None:
    lines = ("Unsere Angebote sind kostenlos.", "Unsere Angebote sind kostenpflichtig.")
    assert terms(record(*ADVICE), said(*lines)) == (None, None)


def test_nothing_holds_for_other_bodies_on_a_site_of_many() -> None:
    free = said("Unsere Angebote sind kostenlos.")
    other = record("Schuldnerberatung", "Wir beraten.", "Träger: Caritasverband Wuppertal e.V.")
    assert terms(record(*ADVICE), free, context=PEOPLE) == ("free", None)
    assert terms(other, free) == (None, None)
    assert terms(record(*ADVICE), other, free, context=PEOPLE) == (None, None)


def test_it_tells_where_it_stands() -> None:
    (reading, *_) = read_site(
        [record(*ADVICE), said("Unsere Beratung ist kostenlos.")], HOUSE, load_gazetteer()
    )
    (cost,) = (one for one in reading.reading.statements if one.field == "cost")
    assert cost.quote == "Unsere Beratung ist kostenlos."
    assert cost.locator == "https://haus.example/ footer"
    assert cost.confidence < 0.7
    assert "so wird dort alles angeboten" in cost.reason
