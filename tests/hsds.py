"""HSDS 3.1 as judge: the published schemas where they are present, and our own profile."""

from __future__ import annotations

import json
import os
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft202012Validator, FormatChecker
from referencing import Registry, Resource
from referencing.jsonschema import DRAFT202012

from aggregator.hsds.profile import profile_schema

_ROOT = Path(__file__).parent.parent
FOLDER = Path(os.environ.get("NETZLOTSE_SHARED", _ROOT.parent / "shared")) / "hsds"
_PARTS = {
    "accessibility.json": "accessibility",
    "address.json": "addresses",
    "attribute.json": "attributes",
    "contact.json": "contacts",
    "language.json": "languages",
    "metadata.json": "metadata",
    "phone.json": "phones",
    "schedule.json": "schedules",
}
# Named one by one: a checker that is not installed is an error then, not a format unchecked.
_FORMATS = FormatChecker(("uuid", "uri", "email", "date-time"))


def faults(name: str, document: dict[str, Any]) -> list[str]:
    """What a schema says against a document as it is sent; skips where the schemas are not here."""
    sent = json.loads(json.dumps(document))
    return [
        f"{error.json_path}: {error.message[:200]}" for error in _validator(name).iter_errors(sent)
    ]


def profile_faults(document: dict[str, Any]) -> list[str]:
    """What our own profile says against a full service."""
    judge = Draft202012Validator(profile_schema(), format_checker=FormatChecker())
    return [error.message for error in judge.iter_errors(document)]


def undeclared(name: str, document: dict[str, Any]) -> set[str]:
    """Paths of a document that neither HSDS nor our profile knows, list indices left out."""
    return set(_undeclared(document, (_schema(name), profile_schema()), ""))


def hollow(value: object, path: str = "") -> Iterator[str]:
    """Paths of values that are null or empty; metadata's required texts may be."""
    if value in (None, "", [], {}) and "metadata" not in path:
        yield path
    for key, inner in value.items() if isinstance(value, dict) else ():
        yield from hollow(inner, f"{path}.{key}")
    for inner in value if isinstance(value, list) else ():
        yield from hollow(inner, path)


def _undeclared(value: Any, schemas: tuple[dict[str, Any], ...], path: str) -> Iterator[str]:
    if isinstance(value, list):
        inner = tuple(schema["items"] for schema in schemas if "items" in schema)
        for item in value:
            yield from _undeclared(item, inner, path)
    elif isinstance(value, dict):
        for key, item in value.items():
            inner = tuple(s["properties"][key] for s in schemas if key in s.get("properties", ()))
            if not inner:
                yield f"{path}.{key}"
            else:
                yield from _undeclared(item, inner, f"{path}.{key}")


@cache
def _schema(name: str) -> dict[str, Any]:
    file = FOLDER / f"{name}.json"
    if not file.is_file():
        pytest.skip(f"the HSDS schemas are not at {FOLDER}")
    schema: dict[str, Any] = json.loads(file.read_text("utf-8"))
    return schema


@cache
def _validator(name: str) -> Draft202012Validator:
    compiled = _schema("service")["properties"]
    place = compiled["service_at_locations"]["items"]["properties"]["location"]["properties"]
    parts = {file: place[key]["items"] for file, key in _PARTS.items()}
    if name == "taxonomy_term":
        parts["taxonomy.json"] = _schema("taxonomy")
    known = {key: Resource.from_contents(s, DRAFT202012) for key, s in parts.items()}
    registry: Registry[Any] = Registry().with_resources(known.items())
    return Draft202012Validator(_schema(name), registry=registry, format_checker=_FORMATS)
