"""What every field and parameter of the APIs means, for their descriptions: each said once.

That is the text below the field in the code, for the content of offers the codebook of releases,
and for the rest `fields.yml`.
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any

import yaml
from fastapi import FastAPI
from pydantic import BaseModel

from aggregator.meaning import meanings
from aggregator.offer import Offer
from aggregator.release.codebook import layouts

PATH = Path(__file__).with_name("fields.yml")


def describe(app: FastAPI) -> None:
    """Give every field and parameter in the description of `app` its meaning."""
    plain = app.openapi

    def with_meanings() -> dict[str, Any]:
        known = app.openapi_schema
        schema = plain()
        if known is None:
            for name, part in schema["components"]["schemas"].items():
                _explain(name, part)
            for operation in (each for path in schema["paths"].values() for each in path.values()):
                for parameter in operation.get("parameters", ()):
                    parameter.setdefault("description", _file().get(parameter["name"]))
        return schema

    app.openapi = with_meanings  # type: ignore[method-assign]


def _explain(name: str, part: dict[str, Any]) -> None:
    fields: dict[str, dict[str, Any]] = part.get("properties", {})
    if not all(field.get("description") for field in fields.values()):
        said = _said(name, frozenset(fields))
        for key, field in fields.items():
            if key in said:
                field.setdefault("description", said[key])


def _said(name: str, fields: frozenset[str]) -> dict[str, str]:
    generally = _file()
    said = {key: generally[key] for key in fields if key in generally}
    model = next((one for one in _models() if one.__name__ == name
                  and fields <= one.model_fields.keys()), None)  # fmt: skip
    if model is not None:
        said |= meanings(model)
        if issubclass(model, Offer):
            content = {column.name: column.meaning_en for column in layouts()["offers"].columns}
            said |= {key: content[key] for key in Offer.model_fields if key in content}
    return said | {
        key: generally[f"{name}.{key}"] for key in fields if f"{name}.{key}" in generally
    }


def _models(kind: type[BaseModel] = BaseModel) -> Iterator[type[BaseModel]]:
    for one in kind.__subclasses__():
        yield one
        yield from _models(one)


@cache
def _file() -> dict[str, str]:
    said: dict[str, str] = yaml.safe_load(PATH.read_text("utf-8"))
    return said
