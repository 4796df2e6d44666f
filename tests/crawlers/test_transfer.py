"""What is done to a request next to the wire."""

from __future__ import annotations

from pathlib import Path

import pytest
from scrapy import Request

from crawlers.archive import Archive, ArchiveWriter
from crawlers.transfer import TransferMiddleware


@pytest.mark.parametrize(
    ("url", "host"),
    [
        ("https://netz.example/", "netz.example"),
        ("http://www.netz.example/angebote", "netz.example"),
        ("https://netz.example:8443/", "netz.example:8443"),
    ],
)
@pytest.mark.parametrize("before", [None, "anderes.example"])
def test_all_names_of_a_host_share_its_pause(
    tmp_path: Path, url: str, host: str, before: str | None
) -> None:
    """Wherever a redirect came from."""
    writer = ArchiveWriter(tmp_path, "netz", "netz.1", "netzlotse")
    request = Request(url, meta={"download_slot": before} if before else {})
    TransferMiddleware(writer, Archive(tmp_path), {}).process_request(request)
    assert request.meta["download_slot"] == host
