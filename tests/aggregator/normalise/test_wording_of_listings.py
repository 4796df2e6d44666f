"""Text, titles, descriptions, providers, and names of persons."""

from __future__ import annotations

import time
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st

from aggregator.normalise.context import Context
from aggregator.normalise.description import LONGEST, read_description
from aggregator.normalise.offer import read_offer
from aggregator.normalise.person import find_persons, strip_persons
from aggregator.normalise.provider import read_provider
from aggregator.normalise.text import clean, clean_title, language, plain
from aggregator.normalise.title import read_title
from aggregator.places.places import load_gazetteer
from crawlers.record import Passage, Record, Role, Trust

CASES = Path(__file__).parent / "cases"
CONTEXT = Context("probe", "11", date(2026, 11, 23))


def cases(name):
    return yaml.safe_load((CASES / f"{name}.yml").read_text("utf-8"))


def record(title, *texts, role=Role.TEXT):
    head = (Passage(Role.TITLE, title, "h2"),) if title else ()
    told = (*head, *(Passage(role, text, f"p{n}") for n, text in enumerate(texts)))
    return Record("k", "https://netz.example/", told, "probe@1", Trust.FOUND)


@pytest.mark.parametrize(
    ("raw", "read"),
    [
        ("fÃ¼r Familien â€“ Ãœbergang", "für Familien – Übergang"),
        ("GroÃŸe StraÃŸe", "Große Straße"),
        ("Al\u00adlein\u200ber\u200dzie\u00adhend\ufeff", "Alleinerziehend"),
        ("\u202b Anmeldung\u00a0 \t\n nötig\u202c ", "Anmeldung nötig"),
        ("Mu\u0308tter", "Mütter"),
        ("für Müller – „Zitat“ Ägypten", "für Müller – „Zitat“ Ägypten"),
        ("CAFÉ ÄÖÜ Ã", "CAFÉ ÄÖÜ Ã"),
        ("a\x00b", "a b"),
    ],
)
def test_clean(raw, read):
    assert clean(raw) == read


@pytest.mark.parametrize(
    ("raw", "title"),
    [
        ("OFFENER TREFF FÜR ALLEINERZIEHENDE:", "Offener Treff für Alleinerziehende"),
        ("ELTERN-KIND-CAFÉ IM FAMILIENZENTRUM", "Eltern-Kind-Café im Familienzentrum"),
        ("BERATUNG DER AWO IN BERLIN", "Beratung der AWO in Berlin"),
        ("» VAMV Berlin e.V.", "VAMV Berlin e.V."),
        ("• Krabbelgruppe –", "Krabbelgruppe"),
        ("SHIA e.V.", "SHIA e.V."),
        ("Offene Sprechstunde | Familienzentrum Nord", "Offene Sprechstunde"),
        ("Kurs „Stark bleiben“.", "Kurs „Stark bleiben“"),
    ],
)
def test_clean_title(raw, title):
    assert clean_title(raw) == title


def test_plain_text_of_markup():
    assert plain("<p>Hallo<br>Welt</p><script>x()</script> &amp; f&uuml;r") == "Hallo Welt & für"


def test_language_is_told_only_where_it_is_sure():
    assert language("Wir beraten Sie und Ihre Kinder, die Beratung ist für Sie frei.") == "de"
    assert language("We are here for you and your children, the advice is free.") == "en"
    assert language("Café International") is None


@pytest.mark.parametrize(("text", "published"), cases("persons"), ids=lambda c: c[:50] or "-")
def test_names_of_persons_are_not_published(text, published):
    assert strip_persons(text) == published


@pytest.mark.parametrize(("text", "name"), cases("providers"), ids=lambda c: str(c)[:50])
def test_providers(text, name):
    assert read_provider(record("Treff", text), CONTEXT).value("provider") == name


def test_a_label_in_plain_words_names_the_provider_on_the_next_line():
    asked = "Wer steckt dahinter?"
    assert read_provider(record("T", asked, "Kinderstiftung X"), CONTEXT).value("provider") == (
        "Kinderstiftung X"
    )
    assert not read_provider(record("T", asked, "Alle Angebote"), CONTEXT).statements


def test_a_provider_that_markup_names_comes_first():
    told = record("Treff", "Träger: Nordlicht gGmbH")
    marked = Record(
        "k", "", (*told.passages, Passage(Role.PROVIDER, "Südlicht e.V.", "b")), "x@1", Trust.MARKUP
    )
    assert read_provider(marked, CONTEXT).value("provider") == "Südlicht e.V."


@pytest.mark.parametrize(
    ("site", "owner", "line", "name"),
    [
        ("Hafenlicht Rostock", "Hafenlicht e.V.", "Montags 9-11 Uhr", "Hafenlicht e.V."),
        ("Solo und Co. e.V. Nord", "Solo & Co. e.V.", "Montags 9-11 Uhr", "Solo & Co. e.V."),
        # A house where it takes place is not who offers it; another body that is named is.
        (
            "Hafenlicht",
            "Hafenlicht e.V.",
            "Bürgerhaus Nord, Markt 3, 18055 Rostock",
            "Hafenlicht e.V.",
        ),
        ("Hafenlicht", "Hafenlicht e.V.", "Wellenreiter gGmbH, Markt 3", "Wellenreiter gGmbH"),
        (
            "Hafenlicht",
            "Hafenlicht e.V.",
            "Hebammenpraxis Sandweg, Sandweg 5",
            "Hebammenpraxis Sandweg",
        ),
        ("Hafenlicht", "Hafenlicht e.V.", "Hospizdienst Nord, Markt 3", "Hospizdienst Nord"),
        ("Hafenlicht", "Hafenlicht e.V.", "Foto: Deutscher Caritasverband", "Hafenlicht e.V."),
        ("Hafenlicht", "Hafenlicht e.V.", "Ein Angebot des Hafenlicht", "Hafenlicht e.V."),
        # Whose room it is, who pays and where one asks for money offers nothing there.
        (
            "Hafenlicht",
            "Hafenlicht e.V.",
            "Wir essen in den Räumen des Caritasverbandes Nord, Markt 3.",
            "Hafenlicht e.V.",
        ),
        (
            "Hafenlicht",
            "Hafenlicht e.V.",
            "Gemeindehaus der Kirchengemeinde St. Petri, Markt 3",
            "Hafenlicht e.V.",
        ),
        (
            "Hafenlicht",
            "Hafenlicht e.V.",
            "Die Kosten kann das Jugendamt Nordheim übernehmen.",
            "Hafenlicht e.V.",
        ),
        (
            "Hafenlicht",
            "Hafenlicht e.V.",
            "Wenden Sie sich wegen der Kosten an das Jugendamt Nordheim.",
            "Hafenlicht e.V.",
        ),
        (
            "Hafenlicht",
            "Hafenlicht e.V.",
            "Die Interventionsstelle Nordheim berät Sie anonym.",
            "Interventionsstelle Nordheim",
        ),
        # The house of an association, which the frame calls for short.
        (
            "pro familia Beratungsstelle Nordheim",
            "pro familia Nordheim",
            "Montags 9-11 Uhr",
            "pro familia Beratungsstelle Nordheim",
        ),
        ("Elternhaus Nordheim Süd", "Elternhaus Nordheim", "Mo 9-11 Uhr", "Elternhaus Nordheim"),
        # Who leads a course is its guest.
        ("Hafenlicht", "Hafenlicht e.V.", "Leitung: Malteser Hilfsdienst Nord", "Hafenlicht e.V."),
        # Whoever runs a site of many only gathers what others offer.
        ("Netzwerk Alleinerziehende Nord", "Hafenlicht e.V.", "Montags 9-11 Uhr", None),
        ("Familienportal Nord", "Hafenlicht e.V.", "Montags 9-11 Uhr", None),
        ("Netzwerk Nord", "Netzwerk Nord e.V.", "Montags 9-11 Uhr", None),
        (
            "Alleinerziehende im Evangelischen Dekanat Nord",
            "Evangelisches Dekanat Nord",
            "Montags 9-11 Uhr",
            "Evangelisches Dekanat Nord",
        ),
    ],
)
def test_on_its_own_site_a_body_offers_what_names_nobody_else(site, owner, line, name):
    told = record("Treff", line)
    framed = replace(told, passages=(*told.passages, Passage(Role.OWNER, owner, "footer")))
    said = read_provider(framed, CONTEXT._replace(site=site))
    assert said.value("provider") == name


@pytest.mark.parametrize(
    ("title", "line", "name"),
    [
        ("TelefonSeelsorge", "Kostenfrei: 0800 111 0 555", None),
        ("TelefonSeelsorge Nordheim", "Telefon 04711 555012", "Hafenlicht e.V."),
        ("Elterntelefon", "Montags besetzt: 04711 555012", "Hafenlicht e.V."),
    ],
)
def test_a_number_of_all_the_country_is_nobodys_on_whose_site_it_stands(title, line, name):
    told = record(title, line)
    framed = replace(told, passages=(*told.passages, Passage(Role.OWNER, "Hafenlicht e.V.", "f")))
    said = read_provider(framed, CONTEXT._replace(site="Hafenlicht"))
    assert said.value("provider") == name


def test_a_house_may_be_for_two():
    told = record("Frauen- und Kinderschutzhaus Nordheim", "Anonym und jederzeit")
    assert read_provider(told, CONTEXT).value("provider") == "Frauen- und Kinderschutzhaus Nordheim"


def test_title_comes_from_markup_else_from_the_first_short_line():
    assert read_title(record("TREFF IM KIEZ"), CONTEXT).value("title") == "Treff im Kiez"
    guessed = read_title(record("", "Offener Treff", "Weitere Zeile"), CONTEXT).statements[0]
    assert (guessed.value, guessed.confidence < 1) == ("Offener Treff", True)
    assert not read_title(record("", "•"), CONTEXT).statements


def test_a_description_tells_what_no_other_field_tells():
    told = record(
        "Offener Treff",
        "Offener Treff",
        "Wir laden alleinerziehende Mütter und Väter zum Austausch ein.",
        "Musterstraße 12, 13187 Berlin",
        "Tel. 030 23125 100, info@traeger.example",
        "Dienstags 10-12 Uhr",
        "Kosten: keine",
        "Ansprechpartnerin: Anna Beispiel",
        "Die Gruppe leitet Anna Beispiel, Sozialpädagogin.",
        "mehr lesen »",
    )
    text = str(read_description(told, CONTEXT).value("description"))
    assert text.startswith("Wir laden alleinerziehende Mütter und Väter zum Austausch ein.")
    for absent in ("Beispiel", "Musterstraße", "030", "@", "Kosten", "mehr lesen", "10-12"):
        assert absent not in text


@pytest.mark.parametrize(
    "line",
    [
        "In den Warenkorb zurück zur Liste",
        "Weiterlesen Offener Treff »",
        "Zur Online-Beratung",
        "Sprechzeiten",
        "Kursnr.",
        "09:30 - 11:00 Uhr, 9 Termine",
        "Dienstag, 19.01., 26.01., 02.02. und 09.03.2027, jeweils 17.30 – 20.30 Uhr",
        "05021 – 55 50 10 (rund um die Uhr)",
        "Rufen Sie an: 55 50 10-14 (Vorwahl 05021).",
        "Treffpunkt der Gruppe: Industriestr. 14, 99999 Musterstadt",
    ],
)
def test_what_leads_on_and_what_fields_tell_is_no_description(line):
    told = record("Treff", "Wir reden und lachen miteinander.", line)
    assert read_description(told, CONTEXT).value("description") == (
        "Wir reden und lachen miteinander."
    )


def test_lines_that_go_on_are_one_sentence():
    told = record(
        "Beratung",
        "Wir beraten Eltern und Großeltern, zum Beispiel",
        "wenn das Kind nicht schläft",
        "wenn es in der Schule Streit gibt",
        "Die Gespräche sind vertraulich.",
    )
    assert read_description(told, CONTEXT).value("description") == (
        "Wir beraten Eltern und Großeltern, zum Beispiel wenn das Kind nicht schläft,"
        " wenn es in der Schule Streit gibt. Die Gespräche sind vertraulich."
    )


def test_an_abbreviation_ends_no_sentence():
    kept = "Wir kochen, wir reden, wir lachen und gehen mit den Kindern auf den Spielplatz. " * 2
    asked = "Nachfragen bei der Ev. Gemeinde, Gartenstr. 3, 99999 Musterstadt, Tel. 03999 555010."
    said = read_description(record("Treff", kept + asked), CONTEXT).value("description")
    assert str(said).endswith("auf den Spielplatz.")


@pytest.mark.parametrize(
    "stand_in",
    [
        "[email\u00a0protected]",
        "[E-Mail geschützt]",
        "Diese E-Mail-Adresse ist vor Spambots geschützt!",
    ],
)
def test_what_stands_for_a_hidden_address_is_no_description(stand_in):
    told = record("Treff", f"Keine Voranmeldung nötig. {stand_in}", stand_in)
    assert read_description(told, CONTEXT).value("description") == "Keine Voranmeldung nötig."


def test_a_description_is_short_and_ends_with_a_sentence():
    told = record("Treff", "Wir beraten Sie z. B. zu Fragen des Unterhalts und des Umgangs. " * 1)
    assert read_description(told, CONTEXT).value("description").endswith("des Umgangs.")
    long = record(
        "Treff", " ".join(f"Dies ist der {n}. Satz über unser Angebot." for n in range(60))
    )
    text = str(read_description(long, CONTEXT).value("description"))
    assert 300 < len(text) <= LONGEST
    assert text.endswith("Angebot.")


@given(st.text(max_size=200))
@settings(max_examples=200, derandomize=True, deadline=None)
def test_any_text_is_read_without_an_error(text):
    assert clean(clean(text)) == clean(text)
    assert not find_persons(strip_persons(text)) or find_persons(text)
    told = record(text, text)
    for read in (read_title, read_description, read_provider):
        read(told, CONTEXT)


@pytest.mark.parametrize(
    "piece", ["A. ", "Anna ", "Frau A", "und ", "Dr. ", "Ab-", "Ã¼", "e.V. ", "<p", "Träger: "]
)
def test_long_lines_are_read_in_time(piece):
    told = record("Treff", piece * (100_000 // len(piece)))
    began = time.process_time()
    for read in (read_title, read_description, read_provider):
        read(told, CONTEXT)
    assert time.process_time() - began < 4


def test_what_a_page_says_for_all_is_told_with_less_confidence_and_its_place():
    own = record("Treff", "Montags 9-11 Uhr, kostenlos")
    shared = Passage(Role.TEXT, "Tel. 0381 555010", "main > p", shared=True)
    told = read_offer(replace(own, passages=(*own.passages, shared)), CONTEXT, load_gazetteer())
    phone = next(s for s in told.statements if s.field == "phones")
    cost = next(s for s in told.statements if s.field == "cost")
    assert (phone.value, phone.locator) == ("+49381555010", "main > p")
    assert phone.confidence < cost.confidence
    assert phone.reason


@pytest.mark.parametrize(
    ("said", "own", "name"),
    [
        ("Träger aller Hilfen ist, wenn nicht anders vermerkt, das Amt für Familie der Stadt Ulm.",
         "Spielen und lernen.", "Amt für Familie der Stadt Ulm"),
        ("Veranstalter unserer Kurse ist das Familienbildungswerk Emsland.",
         "Ein Angebot der Diakonie Emden", "Diakonie Emden"),
        ("Träger aller Hilfen ist das Amt für Familie der Stadt Ulm.",
         "Anmeldung bis 3. Mai bei der Katholischen Familienbildung, Tel. 0731 5977",
         "Katholische Familienbildung"),
        ("Träger der meisten Hilfen sind Vereine.", "Spielen und lernen.", None),
    ],
)  # fmt: skip
def test_who_runs_all_runs_what_names_nobody(said, own, name):
    single = record("Hausaufgabenhilfe", own)
    shared = Passage(Role.TEXT, said, "intro", shared=True)
    told = replace(single, passages=(*single.passages, shared))
    assert read_provider(told, CONTEXT).value("provider") == name


@pytest.mark.parametrize(
    ("title", "texts", "name"),
    [
        (
            "Treff am Sonntag (Kath. Familienbildung)",
            ("Wir trinken Kaffee.",),
            "Kath. Familienbildung",
        ),
        (
            "Wohnen: Mieterverein Nordheim",
            ("Hauptstr. 93, 77652 Offenburg, nur mit Termin",),
            "Mieterverein Nordheim",
        ),
        (
            "Frauennotruf Nordheim",
            ("Beratung nach Gewalt.", "Tel. 04401 12345"),
            "Frauennotruf Nordheim",
        ),
        (
            "Psychologische Beratungsstelle des Ortenaukreises",
            ("Hilft nach Trennungen.",),
            "Psychologische Beratungsstelle des Ortenaukreises",
        ),
        (
            "Telefonseelsorge Nordhessen",
            ("Tag und Nacht für Sie da",),
            "Telefonseelsorge Nordhessen",
        ),
        (
            "Schulden?",
            (
                "Schuldnerberatung der Diakonie.",
                "Diakonisches Werk Nord-Süd, Steinweg 19a, 38518 Gifhorn",
            ),
            "Diakonisches Werk Nord-Süd",
        ),
        (
            "Frühstück",
            (
                "Wo? Mehrgenerationenhaus „Omnibus“, Steinweg 20, 38518 Gifhorn",
                "Träger: Mehrgenerationenhaus Omnibus e. V.",
            ),
            "Mehrgenerationenhaus Omnibus e. V.",
        ),
        # Who is only called for short, and in full on a line of its own.
        (
            "Schulden",
            (
                "Die Schuldnerberatung des Diakonischen Werks hilft bei Schulden.",
                "Diakonisches Werk Nordheim",
                "Kirchplatz 9",
            ),
            "Diakonisches Werk Nordheim",
        ),
        (
            "Wiedereinstieg",
            (
                "Die Koordinierungsstelle Frauen und Beruf berät Frauen einzeln.",
                "Koordinierungsstelle Frauen und Beruf Südheide",
                "Neue Straße 33",
            ),
            "Koordinierungsstelle Frauen und Beruf Südheide",
        ),
        (
            "Beistandschaft",
            (
                "Das Jugendamt berechnet Unterhalt und setzt ihn durch.",
                "Landkreis Nordheim, Fachbereich Jugend, Seestraße 4, 21000 Nordheim",
            ),
            "Landkreis Nordheim, Fachbereich Jugend",
        ),
        (
            "Beurkundung",
            ("Kontakt: Stadt Nordheim, Abteilung Kinder und Jugend", "Seestraße 4"),
            "Stadt Nordheim, Abteilung Kinder und Jugend",
        ),
        (
            "Bildungspaket",
            ("Zuständige Stelle", "Stadt Nordheim, Amt für Soziales, Markt 1, 21000 Nordheim"),
            "Stadt Nordheim, Amt für Soziales",
        ),
        ("Wohngeld", ("Zuständige Stelle", "Die Gemeinde, in der Sie wohnen"), None),
        # A title that names a body is no topic, the line above an address may be one.
        (
            "Donum Vitae",
            ("Schwangerschaft und Geburt", "Kirchstr. 16, 88212 Ravensburg"),
            "Donum Vitae",
        ),
        (
            "Mütterzentrum Altstadt",
            ("Spielen mit Betreuung", "Mühlgasse 7, 91054 Erlangen"),
            "Mütterzentrum Altstadt",
        ),
        ("Ferien auf dem Hof", ("Sommerferien", "Hofweg 12, 12349 Musterdorf"), None),
        ("Elternkurs", ("Wellenreiter", "Mühlgasse 7, 91054 Erlangen"), "Wellenreiter"),
        # Who leads a course comes from somewhere; whoever one registers with offers it.
        (
            "Elternkurs",
            (
                "Leitung: Sozialpädagogin des Kinderschutzbundes",
                "Anmeldung bei der VHS Nordheim: 0551 967-600",
            ),
            "VHS Nordheim",
        ),
        ("Beratungsstelle für Eltern", ("Di 9-11 Uhr",), None),
        ("Elterncafé im Familienzentrum", ("Di 9-11 Uhr",), None),
        ("Anlaufstelle: Hilfe nach der Geburt", ("Di 9-11 Uhr",), None),
        ("Treff (mit Kinderbetreuung)", ("Di 9-11 Uhr",), None),
    ],
)
def test_titles_name_who_offers(title, texts, name):
    assert read_provider(record(title, *texts), CONTEXT).value("provider") == name


@pytest.mark.parametrize(
    ("sections", "line", "name"),
    [
        (["Nachbarschaftshaus Uferlicht"], "Montags 9-11 Uhr", "Nachbarschaftshaus Uferlicht"),
        (["Angebote des Familienzentrums Nord"], "Montags 9-11 Uhr", "Familienzentrum Nord"),
        (["Termine im Diakonischen Werk Nordheim"], "um 9 Uhr", "Diakonisches Werk Nordheim"),
        (["Nachbarschaftshaus Uferlicht"], "Träger: Wellenreiter e.V.", "Wellenreiter e.V."),
        (["Familienhaus Nord", "Frauenzentrum Süd"], "Montags 9-11 Uhr", None),
        (["Beratungsstellen"], "Montags 9-11 Uhr", None),
        (["Frauenhaus"], "Montags 9-11 Uhr", None),
        (["Landkreis Nordheim"], "Montags 9-11 Uhr", None),
    ],
)
def test_a_heading_above_the_record_may_name_who_offers(sections, line, name):
    single = record("Treff", line)
    heads = tuple(Passage(Role.SECTION, text, "h2") for text in sections)
    told = replace(single, passages=(*heads, *single.passages))
    assert read_provider(told, CONTEXT).value("provider") == name
