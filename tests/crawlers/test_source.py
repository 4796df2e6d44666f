"""Declarations: little is enough, and every fault is named with its file and key."""

from __future__ import annotations

from pathlib import Path

import pytest

from crawlers.source import SourceError, load_sources, pick

ENOUGH = 'id: netz\ntitle: Netz\nregion: {region}\nstart: ["https://netz.example/"]\n'


def write(folder: Path, text: str, name: str = "netz.yml") -> Path:
    (folder / name).write_text(text, "utf-8")
    return folder


@pytest.mark.parametrize(
    ("written", "read"),
    [
        ('"11003"', "11003"),
        ("11003", "11003"),
        ("05124", "05124"),  # YAML 1.1 would read an octal number
        ("DE", "DE"),
        ("Berlin-Pankow", "Berlin-Pankow"),
    ],
)
def test_four_keys_are_enough(tmp_path: Path, written: str, read: str) -> None:
    (source,) = load_sources(write(tmp_path, ENOUGH.format(region=written)))
    assert (source.id, source.region, source.platform) == ("netz", read, "auto")


FAULTS = {
    "id: a b": "id: ",
    "title: ''": "title: ",
    "region: ''": "region: ",
    "region: [1]": "region: ",
    "start: []": "start: ",
    'start: ["ftp://netz.example/"]': "start.0: 'ftp://netz.example/' is not an http(s) URL",
    "selectors: {}": "selectors: unknown key",
    "politeness: {delay: 0.1}": "politeness.delay: ",
    "expect: {min: 5, max: 2}": "expect: min 5 is above max 2",
    "lookups: {colour: {}}": "lookups.colour",
    "rhythm: hourly": "rhythm: ",
    "verified: soon": "verified: ",
}


@pytest.mark.parametrize("line", FAULTS)
def test_a_fault_is_named_with_file_and_key(tmp_path: Path, line: str) -> None:
    kept = [
        one
        for one in ENOUGH.format(region='"11"').splitlines()
        if one.partition(":")[0] != line.partition(":")[0]
    ]
    folder = write(tmp_path, "\n".join([*kept, line]))
    with pytest.raises(SourceError) as error:
        load_sources(folder)
    assert str(error.value).startswith(f"{folder / 'netz.yml'}: ")
    assert FAULTS[line] in str(error.value)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("id: [", "line "),
        ("- a\n- b\n", "expected keys and values"),
        ("id: x\n", "title: is missing"),
    ],
)
def test_what_is_no_declaration_is_said(tmp_path: Path, text: str, said: str) -> None:
    with pytest.raises(SourceError, match=said):
        load_sources(write(tmp_path, text))


def test_all_faults_are_told_at_once(tmp_path: Path) -> None:
    write(tmp_path, "id: x\n", "a.yml")
    write(tmp_path, ENOUGH.format(region="11"), "b.yml")
    write(tmp_path, ENOUGH.format(region="11"), "c.yml")
    with pytest.raises(SourceError) as error:
        load_sources(tmp_path)
    assert "a.yml: title: is missing" in str(error.value)
    assert f"c.yml: id: 'netz' is declared in {tmp_path / 'b.yml'} too" in str(error.value)


def test_an_unknown_id_is_refused(tmp_path: Path) -> None:
    sources = load_sources(write(tmp_path, ENOUGH.format(region="11")))
    with pytest.raises(SourceError, match="no source has the id 'nix'"):
        pick(sources, ["nix"])
