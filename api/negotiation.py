"""What a client accepts (RFC 9110, 12.5.1): JSON everywhere, lines where there is a list."""

from __future__ import annotations

from fastapi import Depends, Request

from api.lines import MEDIA_TYPES
from api.problems import Problem, ProblemType

_ANY = frozenset({"*/*", "application/*", "application/json"}) | MEDIA_TYPES


def acceptable(accept: str) -> bool:
    """Whether JSON (or lines of it) is among what an Accept header allows; none allows all."""
    if not accept.strip() or ("*/*" in accept and "q=0" not in accept):
        return True
    for part in accept.split(","):
        kind, *parameters = (piece.strip().lower() for piece in part.split(";"))
        if kind in _ANY and not any(_refused(parameter) for parameter in parameters):
            return True
    return False


def _refused(parameter: str) -> bool:
    name, _, value = parameter.partition("=")
    return name.strip() == "q" and not value.strip().strip("0.")


def check_accept(request: Request) -> None:
    """Raises Problem (406) for a client that accepts neither."""
    if not acceptable(request.headers.get("accept", "")):
        raise Problem(
            ProblemType.NOT_ACCEPTABLE,
            "Hier gibt es application/json und bei Listen application/x-ndjson.",
            "Here is application/json, and application/x-ndjson for lists.",
        )


async def _json_only(request: Request) -> None:
    check_accept(request)


json_only = Depends(_json_only)
"""Answers 406 to a client that accepts neither."""
