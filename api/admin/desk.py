"""The first page of the admin area: what waits for a decision."""

from __future__ import annotations

from fastapi import APIRouter, Request
from starlette.responses import Response

from api.access import Newest
from api.admin import rendering
from api.admin.access import HOME, Acting
from api.admin.section import Section

router = APIRouter()


@router.get(HOME)
def desk(request: Request, actor: Acting, record: Newest) -> Response:
    """All sections, each with how much waits there."""
    sections: tuple[Section, ...] = request.app.state.admin_sections
    waiting = {section.path: section.waiting(record) for section in sections}
    return rendering.page(request, "admin/tisch.html", actor, waiting=waiting)
