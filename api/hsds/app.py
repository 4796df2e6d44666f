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


_PURPOSE = (
    "Offers for single parents in Germany, harvested from the websites of local networks; "
    "every value says which page stated it."
)


class Publisher(BaseModel):
    """Who publishes here (HSDS 3.2)."""

    name: str
    website: str
    """The portal."""
    email: str | None = None
    """Where to write; left out where the operator's contact is no mail address."""


class Base(BaseModel):
    """What this API is."""

    version: str
    """Of HSDS."""
    profile: str
    """Where the fields beyond HSDS are described (JSON Schema)."""
    openapi_url: str
    description: str
    publisher: Publisher


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
        # Mounted, the address of this application is that of the portal and /hsds.
        base = str(request.base_url).rstrip("/").removesuffix("/hsds")
        contact: str = request.app.state.settings.contact
        answer = Base(
            version=VERSION,
            profile=f"{base}/hsds/profile",
            openapi_url=f"{base}/hsds/openapi.json",
            description=_PURPOSE,
            publisher=Publisher(
                name="netzlotse",
                website=f"{base}/",
                email=contact.removeprefix("mailto:") if "@" in contact else None,
            ),
        )
        return caching.json_answer(request, answer.model_dump_json(exclude_none=True).encode())

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
