"""What an attack put into a page, which is taken apart as browsers do (HTML5)."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from urllib.parse import urlsplit

from selectolax.lexbor import LexborHTMLParser

_NEVER_OURS = {"iframe", "object", "embed", "base", "template", "video", "audio", "math"}
_RUNS = re.compile(r"[\x00-\x20]*(javascript|data|vbscript):", re.IGNORECASE)


def foreign(page: str) -> list[str]:
    """What only an attack would have put into a page of ours; nothing where all is well."""
    return [one for tag, said in _elements(page) for one in _foreign(tag, said)]


def leading(page: str) -> list[str]:
    """What of a page leads to the attacker's host."""
    return [one for tag, said in _elements(page) for one in _leading(tag, said)]


def leads_away(address: str | None) -> bool:
    """Whether an address is one of the attacker's."""
    said = re.sub(r"[\x00-\x20]", "", address or "").replace("\\", "/")
    try:
        return "angriff" in (urlsplit(said).netloc if "//" in said else "")
    except ValueError:
        return True


def _elements(page: str) -> Iterator[tuple[str, Mapping[str, str | None]]]:
    root = LexborHTMLParser(page).root
    for node in root.traverse() if root else ():
        yield node.tag or "", node.attributes


def _foreign(tag: str, said: Mapping[str, str | None]) -> Iterator[str]:
    if tag in _NEVER_OURS:
        yield tag
    if tag == "script" and "src" not in said and said.get("type") != "application/ld+json":
        yield "an inline script"
    for name, value in said.items():
        if name.startswith("on") or name in {"style", "srcdoc", "formaction"}:
            yield f"{tag} {name}"
        if name in {"href", "src", "action", "data", "xlink:href"} and _RUNS.match(value or ""):
            yield f"{tag} {name}={value}"


def _leading(tag: str, said: Mapping[str, str | None]) -> Iterator[str]:
    for name, value in said.items():
        if name in {"href", "src", "action", "formaction", "poster"} and leads_away(value):
            yield f"{tag} {name}={value}"
        if name == "http-equiv" and (value or "").lower() == "refresh":
            yield "a refresh"
