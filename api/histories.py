"""`…/history`: how an offer or a network came to say what it says."""

from __future__ import annotations

from typing import Any

from fastapi import APIRouter, Request
from starlette.responses import Response

from aggregator.catalogue.history import History, history
from aggregator.store.tables import Subject
from api import caching, german, labels
from api.access import Identifier, Record
from api.problems import described, not_found
from api.rendering import page

router = APIRouter(prefix="/api/v1")
pages = APIRouter()
_RESPONSES = described(404, 406, 422, 429, 503)


@router.get(
    "/offers/{offer_id}/history",
    operation_id="getOfferHistory",
    summary="How an offer changed",
    tags=["offers"],
    response_model=History,
    responses=_RESPONSES,
)
def offer_history(request: Request, offer_id: Identifier, record: Record) -> Response:
    """Every change of an offer and of its listings: both values, dates, the words behind them."""
    return _answer(request, record, offer_id, "Ein Angebot", Subject.OFFER)


@router.get(
    "/networks/{network_id}/history",
    operation_id="getNetworkHistory",
    summary="How a network changed",
    tags=["networks"],
    response_model=History,
    responses=_RESPONSES,
)
def network_history(request: Request, network_id: Identifier, record: Record) -> Response:
    """Every change of a network's facts: both values, dates, the words behind them."""
    return _answer(request, record, network_id, "Ein Netzwerk", Subject.NETWORK)


@pages.get("/angebot/{offer_id}/verlauf")
def offer_page(request: Request, offer_id: Identifier, record: Record) -> Response:
    """The history of an offer, for readers."""
    return _page(request, record, offer_id, "Ein Angebot", Subject.OFFER)


@pages.get("/netzwerk/{network_id}/verlauf")
def network_page(request: Request, network_id: Identifier, record: Record) -> Response:
    """The history of a network's facts, for readers."""
    return _page(request, record, network_id, "Ein Netzwerk", Subject.NETWORK)


def _find(record: Record, wanted: str, called: str, subject: Subject) -> History:
    found = history(record, wanted)
    if found is None or found.subject is not subject:
        raise not_found(called, subject.value, wanted)
    return found


def _answer(
    request: Request, record: Record, wanted: str, called: str, subject: Subject
) -> Response:
    found = _find(record, wanted, called, subject)
    return caching.json_answer(request, found.model_dump_json().encode())


def _page(request: Request, record: Record, wanted: str, called: str, subject: Subject) -> Response:
    found = _find(record, wanted, called, subject)
    return page(
        request,
        "verlauf.html",
        history=found,
        back=f"/{'angebot' if subject is Subject.OFFER else 'netzwerk'}/{wanted}",
        # Readers see what was published; each listing's own steps are in the API.
        steps=[step for step in found.steps if step.id == wanted],
        said=_said,
    )


def _said(field: str, value: Any) -> str:  # noqa: ANN401 - of JSON
    """A value in words, "" for none."""
    if value is None or value == []:
        return ""
    if isinstance(value, list):
        return ", ".join(_said(field, one) for one in value)
    if isinstance(value, dict):
        return ", ".join(str(one) for one in value.values() if one)
    if field in {"valid_from", "valid_until", "last_confirmed"}:
        return german.day(str(value))
    return labels.value(field, value)
