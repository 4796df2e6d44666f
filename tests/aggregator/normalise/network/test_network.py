"""What is read from a network's own words."""

import re
from datetime import date
from pathlib import Path

import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st

from aggregator.network import Network
from aggregator.normalise.context import Context
from aggregator.normalise.network import read_network
from aggregator.normalise.network.enumeration import split_organisations, split_topics
from aggregator.normalise.network.moment import moments
from aggregator.normalise.statement import Reading
from crawlers.record import Passage, Record, RecordKind, Role, Trust

HERE = Path(__file__).parent
CASES = yaml.safe_load((HERE / "networks.yml").read_text("utf-8"))
SEEDS = Path(__file__).parents[5] / "shared" / "seeds"
SINGLE = ("name", "founded", "ended", "carrier", "programme", "coordinating_body")


def record_of(text: str) -> Record:
    """One passage a line; "# " marks a heading, the first heading is the title."""
    passages: list[Passage] = []
    for number, line in enumerate(line for line in text.splitlines() if line.strip()):
        folded = " ".join(line.split())
        role = Role.TEXT
        if folded.startswith("# "):
            folded = folded[2:]
            titled = any(p.role is Role.TITLE for p in passages)
            role = Role.SECTION if titled else Role.TITLE
        passages.append(Passage(role, folded, f"main > :nth-child({number + 1})"))
    return Record(
        key="page:/netzwerk",
        page_url="https://netz.example/netzwerk",
        passages=tuple(passages),
        extractor="test@1",
        trust=Trust.PAGE,
        kind=RecordKind.NETWORK,
    )


def read(text: str, region: str = "05911") -> Reading:
    return read_network(record_of(text), Context("test", region, date(2026, 11, 1)))


@pytest.mark.parametrize("case", CASES, ids=[case["id"] for case in CASES])
def test_states_what_a_person_reads(case):
    reading = read(case["text"], case["region"])
    if not case["expect"]:
        assert reading.statements == []
    for field, expected in case["expect"].items():
        if field in SINGLE:
            assert reading.value(field) == expected
        elif field == "milestones":
            assert [m["date"] for m in reading.values(field)] == expected
        else:
            assert reading.values(field) == expected


@pytest.mark.parametrize("case", CASES, ids=[case["id"] for case in CASES])
def test_every_value_has_its_words_on_the_page(case):
    page = " ".join(line.removeprefix("# ") for line in case["text"].split("\n"))
    page = " ".join(page.split())
    for statement in read(case["text"], case["region"]).statements:
        assert statement.confidence >= 0.5
        assert statement.locator
        assert statement.field in Network.model_fields
        for piece in statement.quote.split("[…]"):
            assert piece.strip() in page


@pytest.mark.parametrize(
    "name", ["Musterfrau", "Erika", "Sabine", "Beispiel", "Hannelore", "Test-Person"]
)
def test_names_of_persons_stand_nowhere(name):
    for case in CASES:
        for statement in read(case["text"], case["region"]).statements:
            assert name not in f"{statement.value} {statement.quote}"


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("am 01.04. 2011", ["2011-04-01"]),
        ("seit dem 1.4.2019", ["2019-04-01"]),
        ("im August 2017", ["2017-08"]),
        ("1. April 2019", ["2019-04-01"]),
        ("2016 und 2018", ["2016", "2018"]),
        ("seit 04/2011", ["2011-04"]),
        ("am 31.02.2011", []),
        ("rund 2000 Familien", []),
        ("im Haushaltsjahr 2018/19", []),
        ("DS/2016/VII und 0199/2015", []),
        ("Tel. 030 2312 2019", ["2019"]),
    ],
)  # fmt: skip
def test_dates_as_precise_as_written(text, expected):
    assert [moment.iso for moment in moments(text)] == expected


def test_ranges():
    (moment,) = moments("vom 01.04.2011 bis zum 31.03.2013")
    assert (moment.iso, moment.through) == ("2011-04-01", "2013-03-31")


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("die Caritas, das Jobcenter und der Verein A und B e.V.",
         ["Caritas", "Jobcenter", "Verein A und B e.V."]),
        ("freie Träger der Sozial-, Frauen- und Jugendarbeit sowie Familienzentren",
         ["freie Träger der Sozial-, Frauen- und Jugendarbeit", "Familienzentren"]),
        ("das Ministerium für Arbeit, Gesundheit und Soziales, die Stadt Au (Amt für Sport, Bau)",
         ["Ministerium für Arbeit, Gesundheit und Soziales", "Stadt Au (Amt für Sport, Bau)"]),
    ],
)  # fmt: skip
def test_enumerations_of_organisations(text, expected):
    assert split_organisations(text) == expected


def test_vereinbarkeit_is_one_topic():
    assert split_topics("Wohnen, Vereinbarkeit von Familie und Beruf sowie Recht") == [
        "Wohnen", "Vereinbarkeit von Familie und Beruf", "Recht",
    ]  # fmt: skip


_WORDS = st.sampled_from(
    [
        "Netzwerk",
        "Alleinerziehende",
        "wurde",
        "2012",
        "gegründet",
        ",",
        "und",
        "der",
        "die",
        "Träger",
        "ist",
        "e.V.",
        "sind",
        "beteiligt",
        ":",
        "Jobcenter",
        "[…]",
        "(",
        "„",
        "“",
        "endet",
        "am",
        "31.02.2011",
        "Partner",
        "Dr.",
        "Frau",
        "Muster",
        "030",
        "23125-111",
        "@",
        "•",
        "\n",
        "#",
        "Kontakt",
        "AG",
        "Themen",
        "wie",
    ]
)


@settings(max_examples=60, deadline=None, derandomize=True)
@given(st.lists(_WORDS, max_size=120).map(" ".join) | st.text(max_size=300))
def test_any_text_is_read_or_left(text):
    for statement in read(text).statements:
        assert statement.field in Network.model_fields
        assert statement.value


@pytest.mark.parametrize(
    "unit",
    [
        "Das Netzwerk Alleinerziehende, ",
        "und die ",
        "Partner sind ",
        "seit 2012 ",
        "A-",
        "( ",
        "e.V. ",
    ],
)
def test_hostile_length_is_bounded(unit):
    read("# Netzwerk Alleinerziehende\n" + unit * (100_000 // len(unit)))


seed = pytest.mark.skipif(
    not SEEDS.is_dir(), reason="the seed documents (../shared/seeds) are not here"
)
NAMES = re.compile("Biskoping|Monika|Katharina|Maas|Kroemer")


def read_seed(name: str, region: str) -> Reading:
    lines = (SEEDS / f"{name}.txt").read_text("utf-8").strip().splitlines()
    return read("# " + "\n".join(lines), region)


@seed
def test_seed_handbook_is_no_network():
    assert read_seed("handbuch-unterstuetzungsnetzwerke", "DE").statements == []


@seed
def test_seed_pankow():
    reading = read_seed("pankow-koordinierungsstelle", "11003")
    assert reading.value("founded") == "2019"
    assert reading.value("ended") is None
    assert reading.value("name") == "Netzwerk für Alleinerziehende Pankow"
    assert reading.value("carrier") == "SelbstHilfeInitiative Alleinerziehender (SHIA) e.V."
    assert reading.value("coordinating_body") == "Koordinierungsstelle Alleinerziehende Pankow"
    assert reading.values("working_groups") == ["4 Arbeitsgruppen"]
    fields = reading.values("fields_of_action")
    for field in (
        "Wohnung", "Existenzsicherung des Alltags", "Kinderbetreuung",
        "Unterstützung bei der beruflichen Neuorientierung", "Rechtsberatung",
        "(Ergänzende) Kinderbetreuung", "Wohnen", "Finanzierung des Alltags",
        "Förderung der Erwerbstätigkeit",
    ):  # fmt: skip
        assert field in fields
    assert len(fields) == 9


@seed
def test_seed_lichtenberg_paper():
    reading = read_seed("lichtenberg-drucksache-1636-vii", "11011")
    assert reading.value("founded") == "2016"
    assert reading.value("ended") is None
    assert reading.value("carrier") == "Verein für ambulante Versorgung"
    assert reading.value("coordinating_body") == "Netzwerkkoordination"
    assert len(reading.values("fields_of_action")) == 5
    partners = reading.values("partners")
    assert {"Agentur für Arbeit", "Jobcenter", "Geschäftsführer Jobcenter Lichtenberg"} <= set(
        partners
    )
    assert "Verband alleinerziehender Mütter und Väter" in partners
    dates = [milestone["date"] for milestone in reading.values("milestones")]
    assert {"2016", "2017-08", "2019-04-01", "2019-08"} <= set(dates)
    assert "2015-06-18" not in dates, "a line of the agenda says not what happened"
    assert reading.values("contacts") == []


@seed
def test_seed_lichtenberg_site():
    reading = read_seed("lichtenberg-koordinierungsstelle", "11011")
    assert reading.value("coordinating_body") == "Koordinierungsstelle Alleinerziehende Lichtenberg"
    assert reading.values("working_groups") == ["AG Alleinerziehende"]
    assert reading.value("founded") is None
    assert len(reading.values("fields_of_action")) == 9


@seed
def test_seed_wuppertal():
    reading = read_seed("wuppertal-alleinerziehendennetz", "05124")
    assert reading.value("name") == "AlleinerziehendenNetz Wuppertal"
    assert (reading.value("founded"), reading.value("ended")) == ("2011-04-01", "2013-03-31")
    assert reading.value("carrier") == "Bergische Volkshochschule"
    assert reading.value("programme") == "Netzwerke wirksamer Hilfen für Alleinerziehende"
    assert reading.values("partners") == [
        "Jobcenter", "Bergische Volkshochschule", "Gleichstellungsstelle der Stadt Wuppertal",
        "Tageseinrichtungen für Kinder", "Geschäftsbereich Kinder, Jugend und Familie",
        "Alleinerziehenden Treff in Barmen und Elberfeld des skf", "Bildungsträger Alpha e.v",
        "Zentrum Integration und Bildung", "GESA", "Kinderschutzbund", "Bergische VHS",
    ]  # fmt: skip
    assert reading.values("working_groups") == [
        "4 Teilprojekte", "Facharbeitskreis: „Roter Faden für Alleinerziehende“",
    ]  # fmt: skip
    assert reading.values("contacts") == [
        {"role": "Pädagogische Leitung der Bergischen VHS Solingen", "phone": "+492122902883"},
        {"role": "Projektmitarbeiterin Wuppertal", "phone": "+492025634037"},
    ]
    for statement in reading.statements:
        assert not NAMES.search(f"{statement.value} {statement.quote}")
