"""Proposing a correction: as a form of an offer's page, and by the API."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Annotated

from fastapi import APIRouter, Request
from pydantic import BaseModel, ConfigDict, Field, StringConstraints
from sqlmodel import Session
from starlette.concurrency import run_in_threadpool
from starlette.datastructures import FormData
from starlette.responses import RedirectResponse, Response

from aggregator.catalogue.offers import find_offer
from aggregator.correction.aspect import ASPECTS, BY_KEY
from aggregator.correction.queue import (
    LONGEST_CONTACT,
    LONGEST_TEXT,
    By,
    CorrectionError,
    Proposal,
    propose,
)
from aggregator.offer import Offer
from aggregator.store.tables import CorrectionRow, CorrectionState
from aggregator.store.transaction import publishing
from api import rendering
from api.access import Identifier, Newest, Record
from api.correcting import in_words, reception
from api.languages import spoken
from api.problems import Problem, ProblemType, described, not_found

router = APIRouter(prefix="/api/v1", tags=["corrections"])
pages = APIRouter()

_Words = Annotated[str, StringConstraints(max_length=LONGEST_TEXT)]
_NEVER_KEPT = {"Cache-Control": "no-store"}


class ProposedCorrection(BaseModel):
    """What is wrong with an offer. At least one of `fields` and `text` says something."""

    model_config = ConfigDict(extra="forbid")

    fields: dict[str, _Words] = Field(
        default_factory=dict,
        max_length=len(ASPECTS),
        description="Words an aspect, as a person would write them; empty: the value is wrong and "
        "no other is known. Aspects: " + ", ".join(aspect.key for aspect in ASPECTS) + ".",
    )
    text: str = Field("", max_length=LONGEST_TEXT, description="What else the editors should know.")
    contact: str = Field(
        "",
        max_length=LONGEST_CONTACT,
        description="How to ask back. Deleted with the decision, never published.",
    )
    role: By = Field(By.UNSAID, description="What the sender is to the offer.")


class CorrectionReceipt(BaseModel):
    """Where a proposed correction stands."""

    id: str
    offer: str
    state: CorrectionState
    created_at: datetime
    decided_at: datetime | None
    reason: str
    """Why it was decided so; empty until then."""


@router.post(
    "/offers/{offer_id}/corrections",
    operation_id="proposeCorrection",
    summary="Propose a correction of an offer",
    status_code=202,
    response_model=CorrectionReceipt,
    responses=described(400, 404, 406, 413, 422, 429, 503),
)
def post_correction(
    request: Request, offer_id: Identifier, correction: ProposedCorrection
) -> Response:
    """Put a proposal into the editors' queue. Nothing changes before they decide."""
    reception(request).admit(request)
    proposal = Proposal(correction.fields, correction.text, correction.contact, correction.role)
    try:
        row = _put(request, offer_id, proposal)
    except CorrectionError as error:
        raise Problem(
            ProblemType.INVALID_PARAMETER,
            "; ".join(str(error).splitlines()),
            "The correction says nothing that can be used; `detail` names each fault.",
        ) from error
    where = request.url_for("get_correction", correction_id=row.id)
    return Response(
        _receipt(row).model_dump_json(),
        202,
        headers={**_NEVER_KEPT, "Location": where.path},
        media_type="application/json",
    )


@router.get(
    "/corrections/{correction_id}",
    operation_id="getCorrection",
    summary="Where a proposed correction stands",
    response_model=CorrectionReceipt,
    responses=described(404, 406, 422, 429, 503),
)
def get_correction(correction_id: Identifier, record: Newest) -> Response:
    """What became of a proposal; nothing of what it said."""
    row = record.get(CorrectionRow, correction_id)
    if row is None:
        raise not_found("Einen Hinweis", "correction", correction_id)
    return Response(
        _receipt(row).model_dump_json(), headers=_NEVER_KEPT, media_type="application/json"
    )


@pages.get("/angebot/{offer_id}/korrektur")
def correction_form(request: Request, offer_id: Identifier, record: Record) -> Response:
    """The form, filled in with what is published."""
    found = find_offer(record, offer_id)
    if found is None:
        raise not_found("Ein Angebot", "offer", offer_id)
    if found.merged_into is not None:
        target = request.url_for("correction_form", offer_id=found.merged_into)
        return RedirectResponse(target.path, 308)
    words = in_words(found.offer.model_dump(mode="json"))
    return _form(request, found.offer, words, words, {}, [])


@pages.post("/angebot/{offer_id}/korrektur")
async def send_correction(request: Request, offer_id: Identifier) -> Response:
    """Take a filled in form into the queue, and lead to where its sender sees what becomes of it.

    What is not taken is shown again with every word that was typed.
    """
    form = await request.form(max_files=0, max_fields=60)
    return await run_in_threadpool(_received, request, offer_id, form)


@pages.get("/korrektur/{correction_id}")
def correction_state(request: Request, correction_id: Identifier, record: Newest) -> Response:
    """What became of a proposal."""
    row = record.get(CorrectionRow, correction_id)
    if row is None:
        raise not_found("Einen Hinweis", "correction", correction_id)
    html = rendering.render(request, "korrektur_stand.html", row=row)
    return Response(html, headers=_NEVER_KEPT, media_type="text/html; charset=utf-8")


def _received(request: Request, offer_id: str, form: FormData) -> Response:
    prefix = spoken(request).prefix
    words = {name: value for name, value in form.items() if isinstance(value, str)}
    with Session(request.app.state.engine) as record:
        found = find_offer(record, offer_id)
    if found is None or found.merged_into is not None:
        raise not_found("Ein Angebot", "offer", offer_id)
    # What the page showed when it was handed out: the offer may have changed since.
    before = {key: words.get(f"war_{key}", "") for key in BY_KEY}
    typed = {key: words.get(key, before[key]) for key in BY_KEY}
    changed = {k: typed[k] for k in BY_KEY if typed[k].split() != before[k].split()}
    rest = {name: words.get(name, "") for name in ("text", "contact", "role")}
    role = By(rest["role"]) if rest["role"] in set(By) else By.UNSAID
    if words.get("website"):  # only a program sees this field: let it believe it was heard
        return RedirectResponse(f"{prefix}/angebot/{offer_id}", 303, headers=_NEVER_KEPT)
    doubt = reception(request).guard.doubt(offer_id, words.get("stempel", ""), rest["text"])
    if doubt:
        return _form(request, found.offer, before, typed, rest, [doubt.value])
    reception(request).admit(request)
    try:
        row = _put(request, offer_id, Proposal(changed, rest["text"], rest["contact"], role))
    except CorrectionError as error:
        return _form(request, found.offer, before, typed, rest, str(error).splitlines())
    return RedirectResponse(f"{prefix}/korrektur/{row.id}", 303, headers=_NEVER_KEPT)


def _form(  # noqa: PLR0913, PLR0917 - what was there, what was typed, what is wrong
    request: Request,
    offer: Offer,
    before: dict[str, str],
    typed: dict[str, str],
    rest: dict[str, str],
    faults: list[str],
) -> Response:
    html = rendering.render(
        request,
        "korrektur.html",
        offer=offer,
        aspects=ASPECTS,
        before=before,
        typed=typed,
        rest={"text": "", "contact": "", "role": "", **rest},
        faults=faults,
        stamp=reception(request).guard.stamp(offer.id),
    )
    return Response(
        html, 422 if faults else 200, headers=_NEVER_KEPT, media_type="text/html; charset=utf-8"
    )


def _put(request: Request, offer_id: str, proposal: Proposal) -> CorrectionRow:
    with publishing(request.app.state.engine) as session:
        try:
            row = propose(session, offer_id, proposal, datetime.now(UTC))
        except LookupError as error:
            raise not_found("Ein Angebot", "offer", offer_id) from error
        session.flush()
        session.expunge(row)
        return row


def _receipt(row: CorrectionRow) -> CorrectionReceipt:
    return CorrectionReceipt(
        id=row.id,
        offer=row.offer_id,
        state=row.state,
        created_at=row.created_at,
        decided_at=row.decided_at,
        reason=row.reason,
    )
