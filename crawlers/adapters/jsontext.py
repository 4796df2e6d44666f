"""JSON of foreign hands: values of the type that is wanted, or nothing."""

from __future__ import annotations

import json
from typing import Any

from crawlers.page import Page

Object = dict[str, Any]


def load(page: Page) -> object:
    """The parsed body; None where it is no JSON."""
    try:
        return json.loads(page.text)
    except (ValueError, RecursionError):
        return None


def objects(value: object) -> list[Object]:
    """The objects in a list; a lone object is a list of one."""
    if isinstance(value, dict):
        return [value]
    return [one for one in value if isinstance(one, dict)] if isinstance(value, list) else []


def text(value: object) -> str:
    """A string or number as text, a list's first of them, an object's name or rendered form."""
    if isinstance(value, str):
        return value.strip()
    if isinstance(value, bool) or value is None:
        return ""
    if isinstance(value, int | float):
        return str(value)
    if isinstance(value, list):
        return next((found for one in value if (found := text(one))), "")
    if isinstance(value, dict):
        for name in ("rendered", "name", "@value", "@id", "url"):
            if found := text(value.get(name)):
                return found
    return ""


def is_json(page: Page) -> bool:
    """True for application/json and its relatives, or a body that starts like one."""
    return "json" in page.media_type or page.body[:40].lstrip()[:1] in {b"{", b"["}
