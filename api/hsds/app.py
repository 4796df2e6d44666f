"""The HSDS API as an application of its own: it has its own description, as HSDS asks."""

from __future__ import annotations

from typing import Any

from fastapi import FastAPI, Request
from pydantic import BaseModel
from starlette.responses import Response

from aggregator.hsds.profile import profile_schema
from api import caching, meaning, problems
from api.hsds import links, organizations, services, taxonomies
from api.negotiation import json_only
from api.problems import described

VERSION = "3.1"
_DESCRIPTION = """\
Offers for single parents in Germany as Open Referral HSDS 3.1. What HSDS has no field for, above
all where each value was read (`provenance`), is described by the profile at `/hsds/profile`.

Parameters add up. Errors are problem details (RFC 9457), German and English.
"""
_TAGS = [
    {"name": "base", "description": "What this API is."},
    {"name": "services", "description": "Offers."},
    {"name": "organizations", "description": "Who provides them (Träger)."},
    {"name": "service_at_locations", "description": "Offers at their places."},
    {"name": "taxonomies", "description": "Topics and facets that offers are classified by."},
]


class Base(BaseModel):
    """What this API is."""

    version: str
    """Of HSDS."""
    profile: str
    """Where the fields beyond HSDS are described (JSON Schema)."""
    openapi_url: str


def create(state: object) -> FastAPI:
    """The application, to be mounted at `/hsds`; it shares the state of the one around it."""
    app = FastAPI(
        title="netzlotse HSDS",
        version=VERSION,
        description=_DESCRIPTION,
        openapi_tags=_TAGS,
        docs_url=None,
        redoc_url=None,
        dependencies=[json_only],
    )
    app.state = state  # type: ignore[assignment]
    problems.install(app)
    problems.describe(app)
    meaning.describe(app)
    for resource in (services, organizations, links, taxonomies):
        app.include_router(resource.router)

    @app.get(
        "/",
        operation_id="getApi",
        summary="What this API is",
        tags=["base"],
        response_model=Base,
        responses=described(406, 429),
    )
    def get_api(request: Request) -> Response:
        """Version, profile and description."""
        base = f"{request.base_url}hsds"
        answer = Base(
            version=VERSION, profile=f"{base}/profile", openapi_url=f"{base}/openapi.json"
        )
        return caching.json_answer(request, answer.model_dump_json().encode())

    @app.get(
        "/profile",
        operation_id="getProfile",
        summary="The fields beyond HSDS",
        tags=["base"],
        responses=described(406, 429),
    )
    def get_profile() -> dict[str, Any]:
        """The profile as JSON Schema: provenance, mentions, networks, opening hours."""
        return profile_schema()

    return app
