"""schema.org in pages: what of it is looked at at all."""

from __future__ import annotations

import sys
from datetime import UTC, datetime

import pytest

from crawlers.adapters.jsonld import JsonLd
from crawlers.page import Page

_MENU = (
    '<nav itemscope itemtype="https://schema.org/SiteNavigationElement">'
    '<a itemprop="url" href="/">Start</a></nav>'
)
_EVENT = (
    '<div itemscope itemtype="https://schema.org/SocialEvent"><h2 itemprop="name">Brunch</h2>'
    '<time itemprop="startDate" datetime="2026-11-08T10:00">8. November</time></div>'
)


def _page(body: str) -> Page:
    at = datetime(2026, 11, 2, tzinfo=UTC)
    headers = {"content-type": "text/html"}
    return Page("https://www.netz.example/", body.encode(), at, headers=headers)


def test_the_reader_of_microdata_is_loaded_only_where_it_may_tell_of_an_offer(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    assert [record.title for record in JsonLd().extract(_page(_MENU + _EVENT))] == ["Brunch"]
    monkeypatch.setitem(sys.modules, "extruct.w3cmicrodata", None)
    assert JsonLd().extract(_page(_MENU)) == []
    with pytest.raises(ImportError):
        JsonLd().extract(_page(_MENU + _EVENT))
