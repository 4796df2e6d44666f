"""A blog of lists and pages: the addresses of its shelters stand nowhere in the record.

The whole database is searched, byte by byte, beside what is exported and what is published.
"""

from __future__ import annotations

from pathlib import Path

import yaml

from aggregator.bench.sites import load_sites
from tests.federation.conftest import Installation, installed
from tests.stored import stands, stored

SECRET = (
    "Kastanienallee", "kastanienallee", "24939", "54.78123", "9.44321", "Birkenweg", "24944",
    "Ulmenstraße", "24941",
)  # fmt: skip


def _stored(installation: Installation) -> bytes:
    """Every byte of the record: the database with its log, and the exported files."""
    files = [file for file in installation.home.glob("export/*") if file.is_file()]
    return b"\n".join([stored(installation.settings), *(file.read_bytes() for file in files)])


def test_no_shelters_address_reaches_the_record(tmp_path: Path) -> None:
    (site,) = load_sites(Path(__file__).parent)
    with site.served() as source:
        sources = tmp_path / "sources"
        sources.mkdir()
        declared = source.model_dump(mode="json", exclude_none=True)
        (sources / f"{source.id}.yml").write_text(yaml.safe_dump(declared, allow_unicode=True))
        installation: Installation = installed(tmp_path, sources)
        installation.crawl(source.id)
        every = installation.listings()
    listings = {one["title"]: one for one in every if "/hilfe/" in one["page_url"]}
    assert set(listings) >= {row["title"] for row in site.truth}
    everything = _stored(installation)
    assert [word for word in SECRET if stands(word, everything)] == []
    assert listings["Frauen- und Kinderschutzhaus"]["phones"] == ["+494615550141"]
    assert listings["Frauen- und Kinderschutzhaus"]["city"] == "Flensburg"
    assert listings["Frauenberatungsstelle"]["street"] == "Große Straße 60"
    assert listings["Schuldnerberatung"]["postcode"] == "24937"
