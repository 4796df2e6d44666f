"""Hours and dates of whole records."""

from __future__ import annotations

from datetime import date

import pytest

from aggregator.normalise.context import Context
from aggregator.normalise.dates import read_dates
from aggregator.normalise.hours.reader import read_hours
from aggregator.normalise.offer import read_offer
from aggregator.places.places import load_gazetteer
from crawlers.record import Passage, Record, Role, Trust

CONTEXT = Context("sample", "11", date(2026, 3, 2))


def record(*lines: str | tuple[Role, str]) -> list[Passage]:
    texts = [(Role.TEXT, line) if isinstance(line, str) else line for line in lines]
    return [Passage(role, text, f"p:nth-child({at})") for at, (role, text) in enumerate(texts, 1)]


NOISE = (
    "Beratung für Alleinerziehende.", "Tel.: 030 23125-010", "Musterstraße 12, 10115 Berlin",
    "Für Kinder von 6-12 Jahren", "Kosten: 9-12 Euro", "Anmeldung bis 3.4.2026",
)  # fmt: skip


@pytest.mark.parametrize(
    ("lines", "osm"),
    [
        (("Sprechzeiten:", "Mo 9-12 Uhr", "Do 14-18 Uhr"), "Mo 09:00-12:00; Th 14:00-18:00"),
        (("Montag", "9-12 Uhr", "Dienstag", "14-16 Uhr"), "Mo 09:00-12:00; Tu 14:00-16:00"),
        (("Montag", "9–12 Uhr", "Dienstag", "9–12 Uhr"), "Mo,Tu 09:00-12:00"),
        (("Mo.:", "9–12 Uhr", "Di. und Do.:", "9–12 Uhr"), "Mo,Tu,Th 09:00-12:00"),
        (
            ("Montag", "9–12 Uhr", "14–16 Uhr", "Dienstag", "9–12 Uhr", "14–16 Uhr"),
            "Mo,Tu 09:00-12:00,14:00-16:00",
        ),
        (("Montag", "9–12 Uhr", "Montag", "9-12 Uhr"), "Mo 09:00-12:00"),
        (
            ("Montag", "9–12 Uhr", "Dienstag", "geschlossen", "Mittwoch", "geschlossen"),
            "Mo 09:00-12:00; Tu,We off",
        ),
        (
            (
                "Jeden zweiten Mittwoch im Monat berät eine Anwältin.",
                "Zeit: 2. Mittwoch im Monat, 16–18 Uhr",
            ),
            "We[2] 16:00-18:00",
        ),
        (
            (
                "Jeden dritten Mittwoch im Monat berät eine Anwältin.",
                "Zeit: 2. Mittwoch im Monat, 16–18 Uhr",
            ),
            None,
        ),
        (
            ("Jeden zweiten Mittwoch im Monat geschlossen.", "Mittwoch, 16–18 Uhr"),
            "We 16:00-18:00; We[2] off",
        ),
        (
            ("Sonntags ist für viele der längste Tag. Darum: jeden 2. + 4. Sonntag 15-17.30 Uhr.",),
            "Su[2,4] 15:00-17:30",
        ),
        (("Mo–Do 9–13 Uhr, Postweg 19, 49545 Ort (2. Stock, kein Aufzug)",), "Mo-Th 09:00-13:00"),
        (("Mo–Do 9–13 Uhr, Zimmer 2.14, 2. OG",), "Mo-Th 09:00-13:00"),
        (("Jeden zweiten Mittwoch 9–11 Uhr (gerade Wochen)",), "week 2-52/2 We 09:00-11:00"),
        (("Montags in geraden Wochen 9–11 Uhr", "Jeden zweiten Samstag 10–12 Uhr"), None),
        (("Jeden zweiten Samstag 10–12 Uhr, montags in geraden Wochen 9–11 Uhr",), None),
        (
            ("Beginn: Mi, 13.01.2027", "Ende: Mi, 24.02.2027", "Zeit: 17:00 – 18:30 Uhr"),
            "2027 Jan 13-2027 Feb 24 We 17:00-18:30",
        ),
        (("Beginn: Fr, 15.01.2027", "Ende: So, 17.01.2027", "Zeit: 17:00 – 18:30 Uhr"), None),
        (
            ("Termin: jeden 1. Sonntag im Monat", "Zeit: 15–17 Uhr", "Kuchen", "15–17 Uhr"),
            "Su[1] 15:00-17:00",
        ),
        (
            ("Telefonische Sprechzeit: Mo 9-11 Uhr", "Offene Sprechstunde: Do 14-16 Uhr"),
            "Mo 09:00-11:00; Th 14:00-16:00",
        ),
        (
            ("Wir sind da. Der Treff findet jeden Donnerstag von 16 bis 18 Uhr im Haus statt.",),
            "Th 16:00-18:00",
        ),
        (("Tel. 030 23125-100 (Mo–Fr 9–12 Uhr)", "Beratung: Di 17–19 Uhr"), "Tu 17:00-19:00"),
        (("Tel. 030 23125-100 (Mo–Fr 9–12 Uhr)", "nach Vereinbarung"), "Mo-Fr 09:00-12:00"),
        (("Mo–Do 9–12 Uhr", "Chat: rund um die Uhr eine Nachricht senden"), "Mo-Th 09:00-12:00"),
        (("Mo 9-12 Uhr", "Di 14-16 Uhr, nächste Woche erst ab 15 Uhr"), None),
        (("12. Sept. 2026", "Samstag, 14–17 Uhr, im Hof"), "2026 Sep 12 14:00-17:00"),
        (
            ("12. September 2026", "Sa 14–17 Uhr, bitte bis 8.9. anmelden: hof@treff.example"),
            "2026 Sep 12 14:00-17:00",
        ),
        # Written on that day, on another day of the week, or told of every one: no day of its own.
        (("14. Februar 2026", "Samstag, 14–17 Uhr, im Hof"), "Sa 14:00-17:00"),
        (("12. September 2026", "Montag, 14–17 Uhr, im Hof"), "Mo 14:00-17:00"),
        (("12. September 2026", "Samstags, 14–17 Uhr, im Hof"), "Sa 14:00-17:00"),
        (
            ("Verkauf", "Di 9–12 Uhr", "Annahme von Spenden", "Mo 9–11 Uhr", "Do 14–15 Uhr"),
            "Tu 09:00-12:00",
        ),
        (("Dienstags, 9 bis 11 Uhr, mit Kleinkindern von 0 bis 3 im Saal",), "Tu 09:00-11:00"),
        (("Kinder von 8 bis 12 kochen freitags von 15 bis 17 Uhr",), "Fr 15:00-17:00"),
        (
            ("Jeden zweiten Dienstag, 17 bis 19 Uhr (ungerade Wochen)",),
            "week 1-53/2 Tu 17:00-19:00",
        ),
        (
            ("mittwochs 18–20 Uhr, ab 06.05.2026 bis 10.06.2026. 40 € pro Person",),
            "2026 May 6-2026 Jun 10 We 18:00-20:00",
        ),
        (
            ("freitags 15–17 Uhr, Am Markt 4. Gratis; bitte bis Mittwoch davor im Büro anmelden.",),
            "Fr 15:00-17:00",
        ),
    ],
)
def test_hours_are_found_among_other_lines(lines: tuple[str, ...], osm: str | None) -> None:
    reading = read_hours(record(*NOISE[:3], *lines, *NOISE[3:]), CONTEXT)
    assert reading.value("hours_osm") == osm
    assert reading.value("hours_text")
    assert bool(reading.doubts) == (osm is None)


def test_passages_known_as_hours_come_first() -> None:
    reading = read_hours(record((Role.HOURS, "Mo 9-12 Uhr"), "Di 14-16 Uhr"), CONTEXT)
    assert reading.value("hours_osm") == "Mo 09:00-12:00"


def test_qualifier_quotes_the_line_that_says_it() -> None:
    reading = read_hours(record("Mo 9-12 Uhr", "und nach Vereinbarung"), CONTEXT)
    (statement,) = [s for s in reading.statements if s.field == "hours_qualifiers"]
    assert (statement.value, statement.quote) == ("by_appointment", "und nach Vereinbarung")
    assert statement.locator == "p:nth-child(2)"


@pytest.mark.parametrize(
    ("lines", "asked"),
    [
        (("jeden 2. Montag von 9 bis 11 Uhr", "nur mit Terminvereinbarung, 0341 55 50 12"), True),
        (
            ("Mo 9-12 Uhr", "Bitte vereinbaren Sie möglichst frühzeitig telefonisch einen Termin."),
            True,
        ),
        (("Beratungstermine, auch in Lindenau, nach Anmeldung unter 0341 55 50 12",), True),
        (("Termin unter 0341 55 50 12.",), True),
        (("Freitags 14 bis 17 Uhr", "Anmeldung: erforderlich, im Büro"), False),
        (("Freitags 14 bis 17 Uhr, Termin bitte vorab: 0341 55 50 12",), True),
    ],
)
def test_times_by_appointment(lines: tuple[str, ...], asked: bool) -> None:
    reading = read_hours(record(*lines), CONTEXT)
    assert (reading.value("hours_qualifiers") == "by_appointment") is asked


def test_what_stands_behind_a_number_to_register_is_read() -> None:
    line = (
        "Mi 15–17 Uhr. Anmeldung bis 8. Mai unter 0341 55 50-12. In den Ferien entfällt der Kurs."
    )
    reading = read_hours(record(line), CONTEXT)
    assert reading.values("hours_qualifiers") == ["not_in_school_holidays"]


def test_record_without_times_states_nothing() -> None:
    reading = read_hours(record(*NOISE), CONTEXT)
    assert not reading.statements
    assert not reading.doubts


def test_calendar_entry_states_its_own_time() -> None:
    event = record((Role.STARTS, "2026-03-10T09:00:00Z"), (Role.ENDS, "2026-03-10T11:00:00Z"))
    assert read_hours(event, CONTEXT).value("hours_osm") == "2026 Mar 10 10:00-12:00"
    series = [*event, Passage(Role.RECURRENCE, "FREQ=WEEKLY;BYDAY=TU;UNTIL=20260630T000000Z")]
    assert read_hours(series, CONTEXT).value("hours_osm") == "Tu 10:00-12:00"
    assert read_dates(series, CONTEXT).value("valid_until") == "2026-06-30"


@pytest.mark.parametrize(
    ("lines", "begin", "end"),
    [
        (("am Samstag, 14. März 2026, 15-17 Uhr",), "2026-03-14", "2026-03-14"),
        (("12.05. bis 16.06.2026, dienstags",), "2026-05-12", "2026-06-16"),
        (("7.1., 4.2., 4.3.2026",), "2026-01-07", "2026-03-04"),
        (("bis 30.6.2026",), None, "2026-06-30"),
        (("08.02. - 12.02.2027, Ferienhaus in Schöneck",), "2027-02-08", "2027-02-12"),
        (("Der nächste Kurs beginnt am 1. März 2027.",), "2027-03-01", None),
        (("ab 1. September 2026",), "2026-09-01", None),
        (
            ("Wir fahren in den Sommerferien zusammen ans Meer (5. bis 12. Juli 2026).",),
            "2026-07-05",
            "2026-07-12",
        ),
        (
            ("September 2026 bis Juni 2027 montags 9-10 Uhr, ab 1.9.2026",),
            "2026-09-01",
            "2027-06-30",
        ),
        (("Das Angebot wird bis Ende 2027 fortgeführt.",), None, "2027-12-31"),
        (("Der Kurs läuft bis Ende Juni 2026.",), None, "2026-06-30"),
        (("Bitte melden Sie sich bis zum 3.4.2026 an.",), None, None),
        (("Rückmeldung bis 3.4.2026",), None, None),
        (("Der Antrag muss bis 31.3.2026 gestellt sein.",), None, None),
        (("Osterpause: 30.3.2026 bis 10.4.2026",), None, None),
        (("Die Leistung wurde zum 1.1.2026 erhöht.",), None, None),
        (("Ab dem 1. Juli 2026 steigt das Kindergeld auf 259 Euro.",), None, None),
        (("14.08.2026 Ministerium für Soziales, Gesundheit und Integration",), None, None),
        (("Anmeldeschluss 3.4.2026",), None, None),
        (("Nächster Start 07.04.2026, Ende 26.05.2026",), "2026-04-07", "2026-05-26"),
        (("Vier Abende (3.11., 10.11., 24.11., 1.12.2026) im Netz",), "2026-11-03", "2026-12-01"),
        (
            ("In den ersten Wochen der Ferien (14.07.–01.08.2026) jeweils montags",),
            "2026-07-14",
            "2026-08-01",
        ),
        (("02.04.2026", "Samstag, 27. Juni 2026, geht es los"), "2026-06-27", "2026-06-27"),
        # Long past, and said of the offer: it is over.
        (("Am Dienstag, 13. November 2018, um 19 Uhr laden wir ein.",), "2018-11-13", "2018-11-13"),
        (("Zeiten: 26.08.2019 - 20.09.2019, Mo-Fr 8-12 Uhr",), "2019-08-26", "2019-09-20"),
        (("Am Samstag, 3. Mai 2014, war unser Fest.",), None, None),
        (("Einzug in das Haus 3. Mai 2014",), None, None),
        (("Der Verein wurde am 12.05.2019 gegründet.",), None, None),
        (("Kurs am 12.5. um 18 Uhr",), None, None),
        (((Role.STARTS, "2026-03-14"), (Role.ENDS, "2026-03-15")), "2026-03-14", "2026-03-15"),
        (((Role.STARTS, "demnächst"),), None, None),
        (("Die Werkstatt wurde zum 31. Mai 2026 eingestellt.",), None, "2026-05-31"),
        (("Der Chor macht Pause. Weiter geht es ab 12. April 2026!",), None, None),
        (("Neue Anfragen nehmen wir wieder ab dem 1. März 2026 an.",), None, None),
        (("Fünf Abende ab April 2026", "14.4., 21.4., 28.4.2026"), "2026-04-14", "2026-04-28"),
        (("Do 16.04.2026 - Do 21.05.2026, nicht am 14.05.",), "2026-04-16", "2026-05-21"),
        (("Kein Treffen am 14.05.2026",), None, None),
        (("Montag, 02 März 2026 10:12",), None, None),
        # The first of several days is no end, nor is one on which something happens.
        (("Der erste Termin ist am 14. April 2026 um 15 Uhr.",), "2026-04-14", None),
        (("Am Dienstag, 14. April 2026, startet um 9 Uhr ein neuer Kurs.",), "2026-04-14", None),
        (("Jeden Dienstag 9–11 Uhr.", "Am 14. April 2026 kommt eine Hebamme."), None, None),
        (
            ("Am 14. April 2026 kommt eine Hebamme.", "Fragen dienstags 9–11 Uhr"),
            "2026-04-14",
            "2026-04-14",
        ),
        # The next days of what goes on are no end of it.
        (("Alle 14 Tage dienstags 9-11 Uhr", "Nächste Termine: 17.3.2026, 31.3.2026"), None, None),
        (("Jeden letzten Freitag, nächstes Treffen: 27.03.2026",), None, None),
        (("Nächster Termin: 27.03.2026, 19 Uhr",), "2026-03-27", "2026-03-27"),
        # Markup without an end: the text tells how long, or that it comes again.
        (
            ((Role.STARTS, "2026-03-14"), "14.03.2026–15.03.2026, 10–15 Uhr"),
            "2026-03-14",
            "2026-03-15",
        ),
        (
            ((Role.STARTS, "2026-03-02T19:00:00+01:00"), "ab 02.03.2026, jeden ersten Montag"),
            "2026-03-02",
            None,
        ),
        (
            ((Role.STARTS, "2026-03-02T19:00:00+01:00"), "Montag, 02.03.2026, 19 Uhr"),
            "2026-03-02",
            "2026-03-02",
        ),
    ],
)
def test_validity(lines: tuple, begin: str | None, end: str | None) -> None:
    reading = read_dates(record(*lines), CONTEXT)
    assert reading.value("valid_from") == begin
    assert reading.value("valid_until") == end


@pytest.mark.parametrize(
    ("line", "told"),
    [
        ("Mo–Fr 8–15 Uhr unter 0361 555 41 77", "Mo–Fr 8–15 Uhr"),
        ("Di 9-11 Uhr, Tel. 0551/5553410", "Di 9-11 Uhr"),
        ("Mo 08.00-12.00", "Mo 08.00-12.00"),
        ("Mo 0800-1200", "Mo 0800-1200"),
        (
            "Tel. 6 11 20 45, mobil 0176-6 11 20 45. Mo und Do von 8 Uhr bis 15 Uhr, Di ab 12 Uhr",
            "Mo und Do von 8 Uhr bis 15 Uhr, Di ab 12 Uhr",
        ),
        (
            "Mo–Do 8.30–12 Uhr unter 05251 881-2210 bis -2214, Fr 8.30–11 Uhr",
            "Mo–Do 8.30–12 Uhr, Fr 8.30–11 Uhr",
        ),
        ("Nur mit Termin: garten@haus-am-see.example", "Nur mit Termin"),
    ],
)
def test_a_number_behind_the_times_is_no_part_of_them(line: str, told: str) -> None:
    reading = read_hours((Passage(Role.HOURS, line, "p"),), CONTEXT)
    assert reading.value("hours_text") == told


@pytest.mark.parametrize(
    ("lines", "told"),
    [
        (("Wir treffen uns an jedem 2. Dienstag im Monat, 17 bis 19 Uhr",),
         "an jedem 2. Dienstag im Monat, 17 bis 19 Uhr"),
        (("Offene Sprechstunde jeden Mittwoch von 14 bis 16 Uhr",),
         "jeden Mittwoch von 14 bis 16 Uhr"),
        (("Freitags 17 bis 19 Uhr im Frauentreff Mitte",), "Freitags 17 bis 19 Uhr"),
        (("Freitags 17 bis 19 Uhr im Wechsel",), "Freitags 17 bis 19 Uhr im Wechsel"),
        (("Jeden 3. Sonntag von 11 bis 15 Uhr", "Anmeldung bis Donnerstag erbeten."),
         "Jeden 3. Sonntag von 11 bis 15 Uhr"),
        (("2. Donnerstag im Monat, 14–16 Uhr", "Terminvergabe unter 03621 5550140"),
         "2. Donnerstag im Monat, 14–16 Uhr"),
        (("Telefonische Sprechzeit: Mo 9-11 Uhr",), "Telefonische Sprechzeit: Mo 9-11 Uhr"),
        (("Der Verein am Markt e.V. bietet jeden 1. Samstag von 10 bis 13 Uhr ein Frühstück an.",),
         "jeden 1. Samstag von 10 bis 13 Uhr"),
        (("Offene Sprechstunde ohne Termin: Dienstag 14-16 Uhr",), "Dienstag 14-16 Uhr"),
        (("Telefonsprechstunde: Mo 10–12 Uhr",), "Telefonsprechstunde: Mo 10–12 Uhr"),
        (("Telefonisch Mo, Mi, Fr 9–11 Uhr",), "Telefonisch Mo, Mi, Fr 9–11 Uhr"),
        (("Di 9–11 Uhr", "Alle anderen Termine nach Vereinbarung"),
         "Di 9–11 Uhr\nAlle anderen Termine nach Vereinbarung"),
        (("Mo und Mi von 9.30 bis 11 Uhr", "nicht in den Schulferien"),
         "Mo und Mi von 9.30 bis 11 Uhr\nnicht in den Schulferien"),
        (("Freitags 9:30 bis 11:00 Uhr, außer in den Ferien, im Bürgerhaus, Zetkinstraße 17",),
         "Freitags 9:30 bis 11:00 Uhr, außer in den Ferien"),
        (("Elisabethstraße 8, 26135 Oldenburg, Telefon 2 20-10 00, Mo–Fr 9–12 Uhr",),
         "Mo–Fr 9–12 Uhr"),
        (("Montags und mittwochs von neun bis zwölf Uhr ohne Anmeldung",),
         "Montags und mittwochs von neun bis zwölf Uhr"),
        (("Fr 15.30 – 17.30 Uhr", "Das Büro ist freitags geschlossen."), "Fr 15.30 – 17.30 Uhr"),
        (("Termine nur nach Absprache mit Herrn Petersen",), "Termine nur nach Absprache"),
        (("Do 9–11 Uhr (nicht i. d. Ferien)",), "Do 9–11 Uhr (nicht i. d. Ferien)"),
        (("Montags 20–21.15 Uhr, ab 4. Januar, 55 Euro.",), "Montags 20–21.15 Uhr, ab 4. Januar"),
        (((Role.TITLE, "Krabbelkäfer"), "Montag: 9.30 – 11.00 Uhr Krabbelkäfer"),
         "Montag: 9.30 – 11.00 Uhr"),
        (("Das Café ist montags von 9 bis 11 Uhr für alle Eltern geöffnet.",),
         "montags von 9 bis 11 Uhr"),
        (("Immer mittwochs von 16 bis 18 Uhr (nicht in den Schulferien)",),
         "Immer mittwochs von 16 bis 18 Uhr (nicht in den Schulferien)"),
        (("Montags, 15.30 bis 17 Uhr: Krabbelgruppe",), "Montags, 15.30 bis 17 Uhr"),
        (("Kommen Sie am ersten Freitag im Monat zwischen 15 und 17 Uhr vorbei.",),
         "am ersten Freitag im Monat zwischen 15 und 17 Uhr"),
        (("Jeden zweiten Sonntag im Monat ab 11 Uhr bis 14 Uhr wird im Garten gegrillt.",),
         "Jeden zweiten Sonntag im Monat ab 11 Uhr bis 14 Uhr"),
        (("Am Montag von 15 bis 17 Uhr helfen wir auch am Computer.",),
         "Am Montag von 15 bis 17 Uhr"),
        (("Bewerbungen, Lebenslauf, Vorstellungsgespräch: jeden Montag zwischen 9 und 11 Uhr",),
         "jeden Montag zwischen 9 und 11 Uhr"),
        (("Bewerbungen bis zum 15.3.2026", "Kurs dienstags 9–12 Uhr"), "dienstags 9–12 Uhr"),
        (("Treff montags und freitags von 10 bis halb eins",),
         "montags und freitags von 10 bis halb eins"),
        (("Immer freitags von viertel nach zehn bis zwölf, kostenfrei",),
         "Immer freitags von viertel nach zehn bis zwölf"),
        (("Deutsch für Mütter, Niveau A2 bis B1. Dienstags und donnerstags 9–12.15 Uhr",),
         "Dienstags und donnerstags 9–12.15 Uhr"),
        (("Mi 9.00–11.30 Uhr und nach tel. Vereinbarung",),
         "Mi 9.00–11.30 Uhr und nach tel. Vereinbarung"),
        (("Mo 9–12 Uhr", "Eine Terminvereinbarung ist zwingend notwendig."), "Mo 9–12 Uhr"),
        (("Alle drei Wochen, Termine auf Anfrage",), "Alle drei Wochen, Termine auf Anfrage"),
        (("Bedarf bitte bis 18 Uhr am Vortag melden",), None),
        (("Samstag, 30. Januar 2027, 9–16 Uhr, Lange Wiese 9.",),
         "Samstag, 30. Januar 2027, 9–16 Uhr"),
        (("Buchungstelefon Mo-Mi 9-12",), "Buchungstelefon Mo-Mi 9-12"),
        (("Krisentelefon: Fr 18-22 Uhr",), "Krisentelefon: Fr 18-22 Uhr"),
        (("Termin im Büro oder 0461 819 400 (Mo–Fr 8–18 Uhr).",), "Mo–Fr 8–18 Uhr"),
        (("Nachts, wenn alles ruhig ist: 05141 / 93 87 44, So bis Do von 20 bis 22 Uhr",),
         "So bis Do von 20 bis 22 Uhr"),
        (("jeden 1. und 3. Freitag", "15 - 17.30 Uhr", "(Ferien: entfällt)"),
         "jeden 1. und 3. Freitag\n15 - 17.30 Uhr\n(Ferien: entfällt)"),
        (("Für Kinder aus der Grundschule Mo–Do 14–15.30 Uhr (in der Schulzeit). 15 Euro.",),
         "Mo–Do 14–15.30 Uhr (in der Schulzeit)."),
        (("täglich 6 bis 22 Uhr", "In den Ferien"), "täglich 6 bis 22 Uhr"),
        (("Bitte vereinbaren Sie einen Termin.",), "Bitte vereinbaren Sie einen Termin."),
        (("Stand der Angaben: 12.03.2026", "Do 9–11 Uhr"), "Do 9–11 Uhr"),
        (("Do 9–11 Uhr", "Zuletzt geprüft: 7.05.2026"), "Do 9–11 Uhr"),
        (("17.02.2026", "Do 9–11 Uhr"), "Do 9–11 Uhr"),
        (("Kita zu, Dienst ab 6.30 Uhr?", "Mo–Fr 5–8 Uhr"), "Mo–Fr 5–8 Uhr"),
        (("A–K: Zimmer 3.14", "L–Z: Raum 3.15", "Mo 8.30–12 Uhr"), "Mo 8.30–12 Uhr"),
        (("Samstags 10–12 Uhr, Gemeindesaal An der Bleiche 4b. Kaffee gibt es auch",),
         "Samstags 10–12 Uhr"),
        (("Jeden Freitag, 16–18.30 Uhr, Haus der Familie, Mühlwall 27. Wir kochen zusammen.",),
         "Jeden Freitag, 16–18.30 Uhr"),
        (("Mo + Do von 13.00 bis 15.00, am besten vorher anrufen (Durchwahl -43)",),
         "Mo + Do von 13.00 bis 15.00"),
        (("Mo bis Mi von 9 bis 12 Uhr; für Kleine wird gesorgt. Derzeit alle Plätze belegt",),
         "Mo bis Mi von 9 bis 12 Uhr"),
        (("Freitags zwischen 14 und 17 Uhr mit deinem Kind auf den Spielplatz.",),
         "Freitags zwischen 14 und 17 Uhr"),
        (("Freitags 14 bis 17 Uhr mit Anmeldung",), "Freitags 14 bis 17 Uhr mit Anmeldung"),
        (("Mo 9–11 Uhr", "Der Laden wurde zum Jahresende 2017 geschlossen."), "Mo 9–11 Uhr"),
        (("Für Mütter im ersten Jahr. Eine Hebamme kommt dazu, immer dienstags 10 bis 11 Uhr.",),
         "immer dienstags 10 bis 11 Uhr."),
        (("Das Lager ist in der Bürozeit (Di–Do 8–12 Uhr) offen und kostet nichts.",),
         "Di–Do 8–12 Uhr"),
        (("Fragen mittwochs 8.30–10 Uhr unter 0551 / 40 12 30 oder rat@haus.example.",),
         "mittwochs 8.30–10 Uhr"),
        (("Hilfsnetz e. V., Lindenblatt 12a, 37073 Göttingen, Termine nur nach Vereinbarung",),
         "Termine nur nach Vereinbarung"),
        (("dienstags 18–19 Uhr (außer Schulferien) im Saal der Kirche",),
         "dienstags 18–19 Uhr (außer Schulferien)"),
        (("Frauen jeden Alters treffen sich am ersten Montag im Monat von 9 bis 11 Uhr",),
         "am ersten Montag im Monat von 9 bis 11 Uhr"),
        (("Fachlich freigegeben am 03.02.2026", "Do 9–11 Uhr"), "Do 9–11 Uhr"),
        (("Das Projekt läuft bis zum 31. Mai 2027.", "Mo–Fr 8–14 Uhr"), "Mo–Fr 8–14 Uhr"),
        (("Das Singen macht Pause. Weiter geht es ab 12. April 2027!", "Freitags 16–17 Uhr"),
         "Freitags 16–17 Uhr"),
        (("Neue Anfragen nehmen wir wieder ab dem 1. März 2027 an.", "Mo 9–11 Uhr"),
         "Mo 9–11 Uhr"),
        (("Dienstags 20–21 Uhr per Zoom. Den Link bekommen Sie nach Anmeldung.",),
         "Dienstags 20–21 Uhr"),
        (("Anruf tägl. 7–9 Uhr",), "Anruf tägl. 7–9 Uhr"),
        (("Die Werkstatt wurde zum 31. Mai 2026 eingestellt.",), None),
        (("Mo 9–11 Uhr", "Kein Treff am 21.12.2026"), "Mo 9–11 Uhr\nKein Treff am 21.12.2026"),
        (("Mo 9–11 Uhr, Di 14–16 Uhr (ohne Voranmeldung, einfach klingeln)",),
         "Mo 9–11 Uhr, Di 14–16 Uhr"),
        (("Freitags 10–12 Uhr (außer in den Ferien) · kostenlos",),
         "Freitags 10–12 Uhr (außer in den Ferien)"),
        (("Bitte vereinbaren Sie telefonisch einen Termin für ein Gespräch.",),
         "Bitte vereinbaren Sie telefonisch einen Termin für ein Gespräch."),
        (("Termine nach Vereinbarung unter 0341 55 50 12 oder per Mail an rat@haus.example.",),
         "Termine nach Vereinbarung"),
        (("Dienstag, 03 Februar 2026 09:41", "Do 9–11 Uhr"), "Do 9–11 Uhr"),
        (("Donnerstags von 12:00 bis 13:30 wird gekocht, auch vegan.",),
         "Donnerstags von 12:00 bis 13:30"),
        (("Helfer sitzen jeden Montag von 16.00 bis 18.00 in der Stube und füllen Anträge aus.",),
         "jeden Montag von 16.00 bis 18.00"),
        (("Hier können Sie rund um die Uhr eine Anfrage stellen. Antwort binnen zwei Werktagen.",),
         None),
        (("Wir schlafen in bunten Ferienhäusern und kochen selbst.",), None),
    ],
)  # fmt: skip
def test_the_words_of_the_hours_are_those_of_the_times(
    lines: tuple[str, ...], told: str | None
) -> None:
    reading = read_hours(record(*lines), CONTEXT)
    assert reading.value("hours_text") == told


@pytest.mark.parametrize(
    ("lines", "osm"),
    [
        (("Mi., 11.03.2026", "Mi., 10.06.2026", "jeweils 18–20 Uhr, Kreishaus"),
         "2026 Mar 11,2026 Jun 10 18:00-20:00"),
        (("Mi 11.03.2026", "9–11 Uhr"), "2026 Mar 11 09:00-11:00"),
        (("dienstags 10:00-11:30.", "Start 06.01.2026, Ende 24.02.2026"),
         "2026 Jan 6-2026 Feb 24 Tu 10:00-11:30"),
        (("Start: 17. September 2026, letzter Abend 22. Oktober 2026, donnerstags 17-19 Uhr",),
         "2026 Sep 17-2026 Oct 22 Th 17:00-19:00"),
        (("8 x donnerstags, 18–19.30 Uhr", "14. Januar bis 4. März 2027"),
         "2027 Jan 14-2027 Mar 4 Th 18:00-19:30"),
        (("Sonntag, 9. Mai 2027", "Treffpunkt: 10 Uhr, Bahnhof, Rückkehr gegen 17 Uhr"),
         "2027 May 9 10:00-17:00"),
        (("Jeden ersten Samstag wandern wir mit allen Kindern, die laufen können, durch den Wald.",
          "Los geht es um 10 Uhr"), "Sa[1] 10:00+"),
        (("Hotline tgl. 6-20 Uhr: 0176 - 55 31 20 08",), "Mo-Su 06:00-20:00"),
        (("Beratung vor Ort (Maler-Klein-Str. 33) oder am Telefon: Mo + Mi 9-11.30 Uhr",),
         "Mo,We 09:00-11:30"),
        (("15.02.2026", "Freitags, 9 bis 11 Uhr"), "Fr 09:00-11:00"),
        (("Di 14-16 h, sonst n. V. Telefon (0 51 41) 90 90 3-40. Wir helfen.",), "Tu 14:00-16:00"),
        (("Do 14.01.2027 - Do 04.03.2027", "9.30 - 11 Uhr, 8 Termine",
          "Beginn: Do 14.01.2027, 9.30 Uhr"), "2027 Jan 14-2027 Mar 4 Th 09:30-11:00"),
        (("Freitag, 11. Dezember 2026, 15 – 18 Uhr", "11. Dezember: Plätzchen – jetzt anmelden!"),
         "2026 Dec 11 15:00-18:00"),
        (("23.01.2027 10:00 bis 23.01.2027 16:00",), "2027 Jan 23 10:00-16:00"),
        (("Sa, 23.01.2027, 10:00 – Sa, 23.01.2027, 16:00",), "2027 Jan 23 10:00-16:00"),
        (("Beginn: 23.01.2027, 10 Uhr", "Ende: 23.01.2027, 16 Uhr"), "2027 Jan 23 10:00-16:00"),
        (("Beginn: 23.01.2027, 10 Uhr", "Ende: 24.01.2027, 16 Uhr"), None),
        (("Immer freitags 15–17 Uhr.", "Am 11. Dezember 2026 backen wir Plätzchen."),
         "Fr 15:00-17:00"),
        (("Jeden Freitag von 15 bis 17 Uhr. Am 11.12.2026, um 16 Uhr, kommt ein Zauberer.",),
         "Fr 15:00-17:00"),
        (("Am 11. Dezember 2026 backen wir von 15 bis 17 Uhr.", "Anmeldung freitags 9–10 Uhr"),
         "Fr 09:00-10:00; 2026 Dec 11 15:00-17:00"),
        (("mittwochs, 13. Januar bis 24. Februar 2027, 19–21 Uhr",
          "Sechs Abende (nicht am 10. Februar) für alle, die Ruhe und weniger Streit suchen."),
         "2027 Jan 13-2027 Feb 24 We 19:00-21:00; 2027 Feb 10 off"),
        (("11.12.2026 15-18 Uhr", "12.12.2026 10-12 Uhr", "11.12.2026 10 Uhr"), None),
        (("Samstage sind lang.",
          "Termine: Sa 12.12.2026, Sa 16.01.2027, Sa 20.02.2027 und Sa 13.03.2027",
           "jeweils 10 – 12 Uhr"),
         "2026 Dec 12,2027 Jan 16,2027 Feb 20,2027 Mar 13 10:00-12:00"),
        (("ab 14.01.2027 donnerstags 17-18 Uhr, 4 Termine",),
         "2027 Jan 14,2027 Jan 21,2027 Jan 28,2027 Feb 4 17:00-18:00"),
        (("ab 14.01.2027 donnerstags 17-18 Uhr, 12 Termine",), None),
        (("Wenn die Schicht um 4 Uhr beginnt oder um 23 Uhr endet, hilft keine Kita.",
          "Büro: Di 9–12 Uhr"), "Tu 09:00-12:00"),
        (("Do 15–17 Uhr", "In den Sommerferien gibt es Ferienspiele."), "Th 15:00-17:00"),
        (("Die Gruppe ist geschlossen.", "Do 15–17 Uhr"), "Th 15:00-17:00"),
        (("Do 15–17 Uhr", "In den Sommerferien gibt es andere Zeiten."), None),
        (("Freitag, 11. Dezember 2026, laden wir von 15 bis 18 Uhr ein. Es gibt um 16 Uhr Tee.",),
         "2026 Dec 11 15:00-18:00"),
    ],
)  # fmt: skip
def test_times_over_several_lines_and_beside_other_numbers(
    lines: tuple[str, ...], osm: str
) -> None:
    assert read_hours(record(*lines), CONTEXT).value("hours_osm") == osm


def test_days_without_times_are_the_hours_of_what_takes_place_then() -> None:
    told = (
        Passage(Role.TITLE, "Ferienfahrt", "h2"),
        Passage(Role.TEXT, "Termin: 12.–16. Juli 2027", "p"),
    )
    journey = Record("k", "https://netz.example/", told, "html@1", Trust.FOUND)
    reading = read_offer(journey, CONTEXT, load_gazetteer())
    assert reading.value("hours_text") == "12.–16. Juli 2027"


@pytest.mark.parametrize(
    ("own", "others", "osm", "begin", "end"),
    [
        (
            ("Montag, 9–11 Uhr",),
            ("Montag", "9.00 Büro", "14.00 Malen (2. Mo)"),
            "Mo 09:00-11:00",
            None,
            None,
        ),
        (("Für alle Eltern",), ("montags 9–11 Uhr",), "Mo 09:00-11:00", None, None),
        (
            ("dienstags vom 14. April bis 26. Mai 2026, 17–19 Uhr",),
            ("Sechs Abende ab März 2026",),
            "2026 Apr 14-2026 May 26 Tu 17:00-19:00",
            "2026-04-14",
            "2026-05-26",
        ),
    ],
)
def test_a_record_s_own_page_speaks_before_those_that_name_it(
    own: tuple[str, ...],
    others: tuple[str, ...],
    osm: str | None,
    begin: str | None,
    end: str | None,
) -> None:
    elsewhere = [Passage(Role.TEXT, line, "https://netz.example/woche p") for line in others]
    passages = [*record(*own), *elsewhere]
    assert read_hours(passages, CONTEXT).value("hours_osm") == osm
    dates = read_dates(passages, CONTEXT)
    assert (dates.value("valid_from"), dates.value("valid_until")) == (begin, end)
