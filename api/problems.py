"""Errors: problem details (RFC 9457) for programs, German pages for people."""

from __future__ import annotations

import logging
from collections.abc import Mapping, Sequence
from datetime import date
from enum import StrEnum
from http import HTTPStatus
from typing import Any

from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from pydantic import BaseModel, ConfigDict, Field
from pydantic_core import ErrorDetails, to_json
from sqlalchemy.exc import DataError, DBAPIError, InterfaceError, OperationalError
from sqlalchemy.exc import TimeoutError as PoolTimeout
from starlette.exceptions import HTTPException
from starlette.responses import Response

from aggregator.logs import kind, wordless
from api.rendering import page

MEDIA_TYPE = "application/problem+json"
_PROGRAMS = ("/api/", "/hsds", "/healthz", "/openapi.json")
_DOWN = (InterfaceError, OperationalError, PoolTimeout)
"""What a database does that is down or busy; all else is a fault of ours."""
_LOG = logging.getLogger(__name__)


class ProblemType(StrEnum):
    """Stable names of what can go wrong."""

    NOT_FOUND = "urn:netzlotse:problem:not-found"
    GONE = "urn:netzlotse:problem:gone"
    INVALID_PARAMETER = "urn:netzlotse:problem:invalid-parameter"
    INVALID_CURSOR = "urn:netzlotse:problem:invalid-cursor"
    UNKNOWN_PLACE = "urn:netzlotse:problem:unknown-place"
    UNKNOWN_DAY = "urn:netzlotse:problem:unknown-day"
    CONTRADICTION = "urn:netzlotse:problem:contradiction"
    FORBIDDEN = "urn:netzlotse:problem:forbidden"
    METHOD_NOT_ALLOWED = "urn:netzlotse:problem:method-not-allowed"
    NOT_ACCEPTABLE = "urn:netzlotse:problem:not-acceptable"
    TOO_LARGE = "urn:netzlotse:problem:too-large"
    URL_TOO_LONG = "urn:netzlotse:problem:url-too-long"
    MISDIRECTED = "urn:netzlotse:problem:misdirected"
    TOO_MANY_REQUESTS = "urn:netzlotse:problem:too-many-requests"
    BAD_REQUEST = "urn:netzlotse:problem:bad-request"
    UNAVAILABLE = "urn:netzlotse:problem:unavailable"
    OVERLOADED = "urn:netzlotse:problem:overloaded"
    INTERNAL = "urn:netzlotse:problem:internal"


_STATUS = {
    ProblemType.NOT_FOUND: 404,
    ProblemType.GONE: 410,
    ProblemType.INVALID_PARAMETER: 422,
    # What fits its description is never 400 or 422: a cursor or place that leads nowhere is 404.
    ProblemType.INVALID_CURSOR: 404,
    ProblemType.UNKNOWN_PLACE: 404,
    ProblemType.UNKNOWN_DAY: 404,
    ProblemType.CONTRADICTION: 409,
    ProblemType.FORBIDDEN: 403,
    ProblemType.METHOD_NOT_ALLOWED: 405,
    ProblemType.NOT_ACCEPTABLE: 406,
    ProblemType.TOO_LARGE: 413,
    ProblemType.URL_TOO_LONG: 414,
    ProblemType.MISDIRECTED: 421,
    ProblemType.TOO_MANY_REQUESTS: 429,
    ProblemType.BAD_REQUEST: 400,
    ProblemType.UNAVAILABLE: 503,
    ProblemType.OVERLOADED: 503,
    ProblemType.INTERNAL: 500,
}


class Fault(BaseModel):
    """One parameter that cannot be used."""

    parameter: str
    detail: str
    detail_en: str
    allowed: list[str] | None = None
    """The values that may stand there, where these are few."""


class ProblemBody(BaseModel):
    """Problem details (RFC 9457). `detail` is German, `detail_en` English."""

    model_config = ConfigDict(title="Problem", extra="allow")

    type: ProblemType
    title: str
    status: int = Field(ge=400, le=599)
    detail: str
    detail_en: str
    instance: str
    errors: list[Fault] | None = None


class Problem(Exception):  # noqa: N818 - the RFC's own word
    """Something that a request cannot be given, and what to tell its sender."""

    def __init__(
        self,
        kind: ProblemType,
        detail: str,
        detail_en: str,
        extra: Mapping[str, Any] | None = None,
        headers: Mapping[str, str] | None = None,
    ) -> None:
        super().__init__(detail_en)
        self.status = _STATUS[kind]
        self.kind, self.detail, self.detail_en = kind, detail, detail_en
        self.extra, self.headers = dict(extra or {}), dict(headers or {})


def not_found(what: str, what_en: str, wanted: str) -> Problem:
    """The problem of an id that nothing has; `what` is a German noun phrase ("Ein Angebot")."""
    return Problem(
        ProblemType.NOT_FOUND,
        f"{what} mit der Kennung „{wanted:.80}“ gibt es hier nicht.",
        f"There is no {what_en} with the id {wanted[:80]!r}.",
    )


def unknown_place(name: str, wanted: str) -> Problem:
    """The problem of a place that nobody here knows; `name` is the parameter."""
    return Problem(
        ProblemType.UNKNOWN_PLACE,
        f"„{name}“: {wanted[:80]!r} ist als Ort oder Postleitzahl hier nicht bekannt.",
        f"{name}: {wanted[:80]!r} is no place or postcode known here.",
    )


def unknown_day(wanted: date, earliest: date | None, latest: date) -> Problem:
    """The problem of a day of which nothing is known: before the record begins, or to come."""
    if wanted > latest:
        german, english = "liegt in der Zukunft", "is in the future"
    elif earliest is None:
        german, english = (
            "kennt der Bestand nicht: er ist leer",
            "is not known: the record is empty",
        )
    else:
        german = f"liegt vor dem ersten Tag des Bestands, {earliest}"
        english = f"is before the first day of the record, {earliest}"
    return Problem(
        ProblemType.UNKNOWN_DAY,
        f"„as_of“: {wanted} {german}.",
        f"as_of: {wanted} {english}.",
        {"earliest": earliest, "latest": latest},
    )


def preparing() -> Problem:
    """The problem of a past state whose index is being built just now."""
    return Problem(
        ProblemType.UNAVAILABLE,
        "Dieser frühere Stand wird gerade durchsuchbar gemacht. Bitte gleich noch einmal fragen.",
        "This past state is being made searchable. Please ask again in a moment.",
        headers={"Retry-After": "15"},
    )


def described(*statuses: int) -> dict[int | str, dict[str, Any]]:
    """The `responses` of a route that may answer with these problems, for OpenAPI."""
    content = {MEDIA_TYPE: {"schema": {"$ref": "#/components/schemas/Problem"}}}
    return {
        status: {"description": HTTPStatus(status).phrase, "content": content}
        for status in statuses
    }


def install(app: FastAPI) -> None:
    """Answer every error of `app` as a problem, or as a page where a person asked."""
    app.add_exception_handler(Problem, _on_problem)
    app.add_exception_handler(HTTPException, _on_http)
    app.add_exception_handler(RequestValidationError, _on_invalid)
    app.add_exception_handler(DBAPIError, _on_database)
    app.add_exception_handler(PoolTimeout, _on_database)
    app.add_exception_handler(Exception, _on_crash)


def describe(app: FastAPI) -> None:
    """Name the form of problems in the description of `app`."""
    plain = app.openapi

    def described_too() -> dict[str, Any]:
        if app.openapi_schema is None:
            schema = plain()
            parts = ProblemBody.model_json_schema(ref_template="#/components/schemas/{model}")
            schema["components"]["schemas"] |= {**parts.pop("$defs"), "Problem": parts}
        return plain()

    app.openapi = described_too  # type: ignore[method-assign]


def invalid(errors: Sequence[ErrorDetails | dict[str, Any]]) -> Problem:
    """The problem of parameters that pydantic refused."""
    faults = [_fault(error) for error in errors]
    return Problem(
        ProblemType.INVALID_PARAMETER,
        "; ".join(fault.detail for fault in faults),
        "; ".join(fault.detail_en for fault in faults),
        {"errors": [fault.model_dump(exclude_none=True) for fault in faults]},
    )


_OTHERWISE = "dieser Wert ist hier nicht möglich"
_GERMAN = {
    "int_parsing": "erwartet wird eine ganze Zahl",
    "less_than_equal": "höchstens {le}",
    "greater_than_equal": "mindestens {ge}",
    "string_pattern_mismatch": "die Form ist eine andere",
    "string_too_short": "der Wert ist leer",
    "too_long": "höchstens {max_length} Werte",
    "greater_than": "mehr als {gt}",
    "less_than": "weniger als {lt}",
    "float_parsing": "erwartet wird eine Zahl",
    "finite_number": "erwartet wird eine endliche Zahl",
    "bool_parsing": "erwartet wird true oder false",
    "date_from_datetime_parsing": "erwartet wird ein Tag wie 2026-11-20",
    "date_from_datetime_inexact": "erwartet wird ein Tag wie 2026-11-20",
    "date_parsing": "erwartet wird ein Tag wie 2026-11-20",
    "missing": "der Parameter fehlt",
    "moment": "erwartet wird ein Zeitpunkt wie 2026-11-20T08:00:00Z",
}
"""What pydantic's kinds of error mean."""


def _fault(error: ErrorDetails | dict[str, Any]) -> Fault:
    names = [str(part) for part in error["loc"] if part not in {"query", "path"}]
    name = (names or ["?"])[0][:80]
    context: dict[str, Any] = error.get("ctx") or {}
    found = repr(error.get("input"))[:80]
    kind = error["type"]
    if kind == "extra_forbidden":
        return Fault(
            parameter=name,
            detail=f"Den Parameter „{name}“ gibt es nicht",
            detail_en=f"There is no parameter {name!r}",
        )
    if kind in {"literal_error", "enum"}:
        allowed = [v.strip("'") for v in str(context["expected"]).replace(" or ", ", ").split(", ")]
        return Fault(
            parameter=name,
            detail=f"„{name}“: {found} ist nicht vorgesehen; erlaubt: {', '.join(allowed)}",
            detail_en=f"{name}: {found} is not known; allowed: {', '.join(allowed)}",
            allowed=allowed,
        )
    if kind == "string_too_long":
        most = context["max_length"]
        return Fault(
            parameter=name,
            detail=f"„{name}“ darf höchstens {most} Zeichen haben",
            detail_en=f"{name} may have at most {most} characters",
        )
    message = str(error["msg"])
    german = _GERMAN.get(kind, _OTHERWISE).format_map(context)
    return Fault(
        parameter=name,
        detail=f"„{name}“: {found} passt nicht ({german})",
        detail_en=f"{name}: {found} does not fit ({message})",
    )


def _on_problem(request: Request, error: Exception) -> Response:
    assert isinstance(error, Problem)  # noqa: S101 - registered for this class only
    return answer(request, error)


def _on_invalid(request: Request, error: Exception) -> Response:
    assert isinstance(error, RequestValidationError)  # noqa: S101
    faults = error.errors()
    if any(fault["loc"][0] == "path" for fault in faults):
        return answer(request, _nothing_at(request))  # no id looks like this
    return answer(request, invalid(faults))


def _on_http(request: Request, error: Exception) -> Response:
    assert isinstance(error, HTTPException)  # noqa: S101
    status = error.status_code
    if status == 404:
        problem = _nothing_at(request)
    elif status == 405:
        allowed = (error.headers or {}).get("Allow", "GET")
        problem = Problem(
            ProblemType.METHOD_NOT_ALLOWED,
            f"{request.method:.20} ist hier nicht möglich; möglich: {allowed}.",
            f"{request.method[:20]} is not possible here; possible: {allowed}.",
            headers={"Allow": "GET, HEAD, OPTIONS" if allowed == "GET" else allowed},
        )
    elif status == 413:
        problem = Problem(
            ProblemType.TOO_LARGE,
            "So viel auf einmal wird hier nicht angenommen.",
            "The body of this request is too large.",
        )
    else:
        problem = Problem(
            ProblemType.BAD_REQUEST if status < 500 else ProblemType.INTERNAL,
            "Diese Anfrage konnte nicht beantwortet werden.",
            str(error.detail)[:200],
            headers=error.headers,
        )
        problem.status = status
    return answer(request, problem)


def _nothing_at(request: Request) -> Problem:
    return Problem(
        ProblemType.NOT_FOUND,
        f"Unter „{request.url.path:.200}“ gibt es hier nichts.",
        f"There is nothing at {request.url.path[:200]!r}.",
    )


def _on_database(request: Request, error: Exception) -> Response:
    down = isinstance(error, _DOWN)
    _LOG.error("The database did not answer: %s", kind(error) if down else wordless(error))
    if isinstance(error, DataError):  # PostgreSQL takes no character nought, whoever asks for it
        return answer(
            request,
            Problem(
                ProblemType.BAD_REQUEST,
                "Diese Anfrage enthält Zeichen oder Zahlen, die hier nicht möglich sind.",
                "This request holds characters or numbers that are not possible here.",
            ),
        )
    return answer(
        request,
        Problem(
            ProblemType.UNAVAILABLE,
            "Die Datenbank antwortet gerade nicht. Bitte in einer Minute noch einmal versuchen.",
            "The database does not answer. Please try again in a minute.",
            headers={"Retry-After": "60"},
        ),
    )


async def _on_crash(_request: Request, error: Exception) -> Response:
    raise error  # `crashes` answers it, with what comes from the layers outside of here


def answer(request: Request, problem: Problem) -> Response:
    """The problem as its sender reads it: a page for a person, else problem details."""
    path = request.url.path
    wants_page = "text/html" in request.headers.get("accept", "")
    if wants_page and not path.startswith(_PROGRAMS):
        shown = page(request, "fehler.html", status=problem.status, problem=problem)
        shown.headers.update(problem.headers)
        return shown
    body = {
        "type": problem.kind,
        "title": HTTPStatus(problem.status).phrase,
        "status": problem.status,
        "detail": problem.detail,
        "detail_en": problem.detail_en,
        "instance": path,
        **problem.extra,
    }
    return Response(to_json(body), problem.status, headers=problem.headers, media_type=MEDIA_TYPE)
