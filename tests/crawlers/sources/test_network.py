"""Declarations of networks: strict, and true to what is known."""

from textwrap import dedent

import pytest

from aggregator.vocabulary.regions import REGIONS
from crawlers.network import PACKAGED as NETWORKS
from crawlers.network import NetworkDeclaration, load_networks, undeclared
from crawlers.source import PACKAGED as SOURCES
from crawlers.source import Source, SourceError, load_sources

PRESS_AND_BROCHURE_HOSTS = ("doczz", "yumpu", "altkreisblitz", "neuepresse", "rp-online")


def write(folder, name, text):
    (folder / name).write_text(dedent(text), "utf-8")


def test_least_declaration(tmp_path):
    write(tmp_path, "a.yml", 'id: a\nname: Netz A\nregion: "11003"\n')
    (network,) = load_networks(tmp_path)
    assert (network.id, network.carrier, network.partners) == ("a", None, [])


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("id: a\nname: A\n", "region: is missing"),
        ('id: a\nname: A\nregion: "11"\nphone: 1\n', "phone: unknown key"),
        ('id: a\nname: A\nregion: "11"\nfounded: {value: "1.4.2019", source: s, quote: q}\n',
         "founded.value"),
        ('id: a\nname: A\nregion: "11"\nfounded: {value: "2019-13", source: s, quote: q}\n',
         "founded.value"),
        ('id: a\nname: A\nregion: "11"\ncarrier: {value: C, source: s}\n',
         "carrier.quote: is missing"),
        ("- a\n", "expected keys and values"),
        ("id: [\n", "line 2"),
    ],
)  # fmt: skip
def test_a_fault_names_file_and_key(tmp_path, text, told):
    write(tmp_path, "bad.yml", text)
    with pytest.raises(SourceError, match=r"bad\.yml") as error:
        load_networks(tmp_path)
    assert told in str(error.value)


def test_all_faults_at_once_and_doubled_ids(tmp_path):
    write(tmp_path, "a.yml", 'id: a\nname: A\nregion: "11"\n')
    write(tmp_path, "b.yml", 'id: a\nname: A\nregion: "11"\n')
    write(tmp_path, "c.yml", "id: c\n")
    with pytest.raises(SourceError) as error:
        load_networks(tmp_path)
    assert "'a' is declared in" in str(error.value)
    assert "c.yml: name: is missing" in str(error.value)


def test_empty_folder_declares_none_and_a_missing_one_is_an_error(tmp_path):
    assert load_networks(tmp_path) == []
    with pytest.raises(SourceError, match="no such folder"):
        load_networks(tmp_path / "absent")


def test_undeclared_names_source_and_network():
    source = Source(id="s", title="S", region="11", start=["https://s.example/"], network="n")
    declared = NetworkDeclaration(id="n", name="N", region="11")
    assert undeclared([source], [declared]) == []
    assert undeclared([source], []) == [("s", "n")]


def test_packaged_sources_belong_to_declared_networks_and_known_regions():
    sources, networks = load_sources(), load_networks()
    assert undeclared(sources, networks) == []
    assert {d.region for d in [*sources, *networks]} <= set(REGIONS)


def test_packaged_sources_claim_nothing_that_nobody_saw():
    for source in load_sources():
        assert source.verified is None, source.id
        assert "could not be reached" in (source.notes or ""), source.id
        for url in source.start:
            assert url.startswith("https://")
            assert not any(host in url for host in PRESS_AND_BROCHURE_HOSTS)


def test_every_district_of_berlin_and_the_land_have_a_network():
    regions = {network.region for network in load_networks()}
    assert {"11", *(f"110{number:02d}" for number in range(1, 13))} <= regions


def test_known_ends():
    known = {network.id: network for network in load_networks()}
    wuppertal, bremen = known["wuppertal"], known["bremen"]
    assert wuppertal.founded.value == "2011-04-01"
    assert wuppertal.ended.value == "2013-03-31"
    assert bremen.ended.value == "2024"
    assert [n.id for n in known.values() if n.ended] == ["bremen", "wuppertal"]


def test_every_packaged_file_lies_in_the_folder_of_its_land():
    for folder, declared in ((SOURCES, load_sources()), (NETWORKS, load_networks())):
        of = {one.id: REGIONS[one.region[:2]].short.lower() for one in declared}
        for file in folder.rglob("*.yml"):
            assert file.parent.name == of[file.stem], file
