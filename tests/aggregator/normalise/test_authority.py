"""On the portal of a town or county: what its own offices do, and what others do there."""

from __future__ import annotations

from datetime import date

import pytest

from aggregator.normalise.body.authority import authority_of
from aggregator.normalise.context import Context
from aggregator.normalise.provider import read_provider
from crawlers.record import Passage, Record, Role, Trust

CONTEXT = Context("probe", "09", date(2026, 11, 23))


def _provider(site: str, *lines: str, shared: bool = False) -> object:
    told = [Passage(Role.TITLE, "Hilfe", "h2")]
    told += [Passage(Role.TEXT, line, f"p{n}", shared=shared) for n, line in enumerate(lines)]
    record = Record("k", "https://portal.example/", tuple(told), "probe@1", Trust.FOUND)
    return read_provider(record, CONTEXT._replace(site=site)).value("provider")


@pytest.mark.parametrize(
    ("site", "name"),
    [
        ("Familienportal der Stadt Nordheim", "Stadt Nordheim"),
        ("Stadt Bad Nordheim – Familie und Soziales", "Stadt Bad Nordheim"),
        ("Familie | Stadt Nordheim", "Stadt Nordheim"),
        ("Familie » Landeshauptstadt Nordheim", "Landeshauptstadt Nordheim"),
        ("Wegweiser – Gleichstellungsstelle des Landkreises Nordheim", "Landkreis Nordheim"),
        ("Landkreis Nordheim (Heide)", "Landkreis Nordheim (Heide)"),
        ("Gemeinde Nordheim am See", "Gemeinde Nordheim am See"),
        ("Netzwerk Alleinerziehende im Landkreis Nordheim", None),
        ("Mütterzentrum der Stadtteile", None),
        ("Familienportal Nordheim", None),
    ],
)
def test_a_portal_is_that_of_the_town_in_its_name(site: str, name: str | None) -> None:
    authority = authority_of(site)
    assert (authority and authority.name) == name


@pytest.mark.parametrize(
    ("line", "name"),
    [
        ("Sie bekommen den Pass im Bürgerbüro, Markt 3, 21000 Nordheim.", "Stadt Nordheim"),
        ("Bitte melden Sie sich bei der KoKi, Telefon 0551 437-31.", "Stadt Nordheim"),
        ("Den Antrag können Sie bei der Wirtschaftlichen Jugendhilfe abgeben.", "Stadt Nordheim"),
        ("Formulare liegen im Rathaus aus.", "Stadt Nordheim"),
        ("Ein kostenloses Angebot der Stadt", "Stadt Nordheim"),
        (
            "Die Wohngeldstelle der Stadtverwaltung finden Sie am Markt.",
            "Stadtverwaltung Nordheim",
        ),
        ("Den Pass bekommen Sie im Bürgerbüro der Stadt Südheim.", None),
        ("Wir treffen uns im Rathaus. Alle Kinder erhalten ein Geschenk.", None),
        ("Wir begleiten Sie, wenn Sie einen Antrag im Rathaus stellen.", None),
        ("Den Antrag stellen Sie beim Landratsamt.", None),
        ("Krabbelgruppe für Eltern mit Babys, montags 10 Uhr", None),
        ("Ein Angebot der Diakonie Nordheim. Den Antrag gibt es im Rathaus.", "Diakonie Nordheim"),
    ],
)
def test_a_town_offers_what_one_gets_at_its_offices(line: str, name: str | None) -> None:
    assert _provider("Familienportal der Stadt Nordheim", line) == name


def test_elsewhere_an_office_without_a_name_is_nobody() -> None:
    line = "Sie bekommen den Pass im Bürgerbüro."
    assert _provider("Familienportal Nordheim", line) is None
    assert _provider("Familienportal der Stadt Nordheim", line, shared=True) is None


def test_a_county_has_no_town_hall() -> None:
    site = "Wegweiser des Landkreises Nordheim"
    assert _provider(site, "Den Antrag stellen Sie bei der Kreisverwaltung.") == (
        "Kreisverwaltung Nordheim"
    )
    assert _provider(site, "Den Antrag gibt es im Rathaus.") is None


@pytest.mark.parametrize(
    ("title", "name"),
    [
        ("Ferienspiele der Stadt", "Stadt Nordheim"),
        ("Ferienspiele der Stadtteile", None),
        ("Kleiderladen der Stadt Südheim", "Stadt Südheim"),
    ],
)
def test_what_a_title_says_is_the_towns_is_that_of_the_portal(title: str, name: str | None) -> None:
    told = (Passage(Role.TITLE, title, "h2"), Passage(Role.TEXT, "In den Ferien", "p"))
    record = Record("k", "https://portal.example/", told, "probe@1", Trust.FOUND)
    context = CONTEXT._replace(site="Familie | Stadt Nordheim")
    assert read_provider(record, context).value("provider") == name
