"""Addresses of embedded pages: what of them is the question, and where the portal answers it."""

from __future__ import annotations

from typing import TypeVar
from urllib.parse import urlencode

from fastapi import Request
from pydantic import BaseModel, ValidationError

from api.filters import FIELDS
from api.problems import invalid

_QUESTION = ("q", *FIELDS, "near", "radius", "sort", "seen_since", "understand", "unstated")


_Model = TypeVar("_Model", bound=BaseModel)


def read(model: type[_Model], given: object) -> _Model:
    """What an address says. Raises Problem (422) for a value that cannot be used."""
    try:
        return model.model_validate(given)
    except ValidationError as error:
        raise invalid(error.errors()) from error


def portal(request: Request) -> str:
    """The address of the portal, without a slash at its end."""
    return str(request.base_url).rstrip("/")


def fixed(request: Request, *typed: str) -> list[tuple[str, str]]:
    """The parameters of the question that nobody types: hidden fields of its form."""
    return [
        (name, value)
        for name, value in request.query_params.multi_items()
        if value and name in _QUESTION and name not in typed
    ]


def asked(request: Request) -> str:
    """The question as the query of a page of the portal."""
    return urlencode(fixed(request))
