"""Declaring a source: paste its address, see what would be published and why, let it be visited."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, date, datetime
from typing import Annotated, Any
from urllib.parse import urlsplit

from fastapi import APIRouter, Form, Path, Request
from sqlmodel import Session, col, select
from starlette.concurrency import run_in_threadpool
from starlette.responses import PlainTextResponse, Response

from aggregator import orders
from aggregator.declarations import declare_source, pause, source_of
from aggregator.harvest import BERLIN
from aggregator.store.tables import DeclarationRow, NetworkRow, OrderRow, OrderState, Work
from aggregator.store.transaction import publishing
from aggregator.vocabulary.regions import region_name
from api.access import Identifier, Newest
from api.admin import rendering
from api.admin.access import Acting, Actor, Deciding
from api.admin.section import Section
from api.problems import not_found
from crawlers.source import Rhythm, Source, SourceError, as_yaml

router = APIRouter()
_PATH = "/admin/quellen"
_LATEST = 20
_LONGEST = 2000
_RHYTHMS = {
    Rhythm.DAILY: "täglich",
    Rhythm.WEEKLY: "wöchentlich",
    Rhythm.MONTHLY: "monatlich",
}
_WORDS = ("id", "title", "region", "network", "publisher", "contact", "notes")
_FIELDS = (
    "provider", "street", "postcode", "city", "phones", "emails", "hours_text", "topics",
    "formats", "cost", "registration", "childcare", "exclusivity", "languages", "valid_until",
)  # fmt: skip
"""What the preview of an offer shows, in this order."""
Number = Annotated[int, Path(ge=1, le=2**53)]


def _waiting(record: Session) -> int:
    """Probed sites that nobody decided on yet."""
    rows = orders.orders(record, Work.PROBE, _LATEST)
    return sum(row.state is OrderState.DONE and "declared" not in row.outcome for row in rows)


SECTION = Section(
    _PATH,
    "Quellen",
    "Eine neue Website aufnehmen: Adresse einfügen, ansehen, was erscheinen würde, einplanen.",
    router,
    _waiting,
)


@router.get(_PATH)
def overview(request: Request, actor: Acting, record: Newest) -> Response:
    """The form for an address, what was looked at last, and what the desk declared."""
    return _overview(request, actor, record, {}, "")


@router.post(_PATH)
def ask(  # noqa: PLR0913, PLR0917 - the fields of the form
    request: Request,
    actor: Deciding,
    url: Annotated[str, Form(max_length=_LONGEST)] = "",
    erlaubnis: Annotated[str, Form(max_length=300)] = "",
    erlaubt_von: Annotated[str, Form(max_length=300)] = "",
    erlaubt_am: Annotated[str, Form(max_length=10)] = "",
) -> Response:
    """Order a look at a site."""
    typed = {
        "url": url,
        "erlaubnis": erlaubnis,
        "erlaubt_von": erlaubt_von,
        "erlaubt_am": erlaubt_am,
    }
    try:
        wish = _permission(erlaubnis, erlaubt_von, erlaubt_am)
        address = _address(url)
    except SourceError as error:
        with Session(request.app.state.engine) as session:
            return _overview(request, actor, session, typed, str(error))
    wanted = OrderRow(
        work=Work.PROBE, subject=address, wish=wish, by=actor.name, at=datetime.now(UTC)
    )
    with publishing(request.app.state.engine) as session:
        number = orders.place(session, wanted).id
    return rendering.done(f"{_PATH}/{number}")


@router.get(_PATH + "/{number}")
def found(request: Request, actor: Acting, number: Number, record: Newest) -> Response:
    """What a look at a site found, and the form that declares it."""
    return _found(request, actor, record, _order(record, number), None, [])


@router.post(_PATH + "/{number}")
async def decide(request: Request, actor: Deciding, number: Number) -> Response:
    """Declare the site as the form says, or look at it once more."""
    form = await request.form(max_files=0, max_fields=40)
    words = {name: value.strip() for name, value in form.items() if isinstance(value, str)}
    return await run_in_threadpool(_decided, request, actor, number, words)


def _decided(request: Request, actor: Actor, number: int, words: Mapping[str, str]) -> Response:
    engine, now = request.app.state.engine, datetime.now(UTC)
    try:
        with publishing(engine) as session:
            order = _order(session, number)
            if words.get("act") == "again":
                wanted = OrderRow(
                    work=Work.PROBE, subject=order.subject, wish=order.wish, by=actor.name, at=now
                )
                again = orders.place(session, wanted).id
                return rendering.done(f"{_PATH}/{again}")
            source = _declared(order, words)
            declare_source(session, source, actor.name, now)
            orders.place(
                session, OrderRow(work=Work.CRAWL, subject=source.id, by=actor.name, at=now)
            )
            order.outcome = {**order.outcome, "declared": source.id}
    except SourceError as error:
        with Session(engine) as session:
            faults = [_in_german(fault) for fault in str(error).splitlines()]
            return _found(request, actor, session, _order(session, number), words, faults)
    return rendering.done(f"{_PATH}/{number}")


@router.post(_PATH + "/deklariert/{source_id}")
def turn(
    request: Request,
    actor: Deciding,
    source_id: Identifier,
    act: Annotated[str, Form(pattern="^(pause|resume)$")],
) -> Response:
    """Let a source that the desk declared rest, or be visited again."""
    with publishing(request.app.state.engine) as session:
        row = _declaration(session, source_id)
        pause(session, row, actor.name, datetime.now(UTC), paused=act == "pause")
    return rendering.done(_PATH)


@router.get(_PATH + "/deklariert/{source_id}.yml")
def declaration(_actor: Acting, source_id: Identifier, record: Newest) -> Response:
    """A declaration of the desk as the file that it could be."""
    text = as_yaml(source_of(_declaration(record, source_id).document))
    name = f'attachment; filename="{source_id}.yml"'
    return PlainTextResponse(
        text, media_type="application/yaml", headers={"Content-Disposition": name}
    )


def _overview(
    request: Request, actor: Actor, record: Session, typed: Mapping[str, str], fault: str
) -> Response:
    declared = record.exec(select(DeclarationRow).order_by(col(DeclarationRow.source_id))).all()
    return rendering.page(
        request,
        "admin/quellen.html",
        actor,
        422 if fault else 200,
        typed=typed,
        fault=fault,
        looked_at=orders.orders(record, Work.PROBE, _LATEST),
        declared=[(row, source_of(row.document)) for row in declared],
        today=datetime.now(BERLIN).date().isoformat(),
        path=_PATH,
    )


def _found(  # noqa: PLR0913, PLR0917 - what was found, what was typed, what is wrong
    request: Request,
    actor: Actor,
    record: Session,
    order: OrderRow,
    typed: Mapping[str, str] | None,
    faults: list[str],
) -> Response:
    seen = order.outcome
    proposal = seen.get("declaration", {})
    region = str(typed["region"] if typed is not None else proposal.get("region", ""))
    networks = record.exec(select(NetworkRow).order_by(col(NetworkRow.name))).all()
    return rendering.page(
        request,
        "admin/quelle.html",
        actor,
        422 if faults else 200,
        order=order,
        seen=seen,
        title=proposal.get("title", order.subject),
        busy=order.state in orders.OPEN,
        declared=seen.get("declared"),
        values=typed if typed is not None else _proposed(proposal),
        region=region_name(region) if region else "",
        networks=networks,
        rhythms=_RHYTHMS,
        fields=_FIELDS,
        faults=faults,
        path=_PATH,
    )


def _proposed(declaration: Mapping[str, Any]) -> dict[str, str]:
    """The form of a declaration, filled with what the look at the site came to."""
    expected = declaration.get("expect", {})
    return {
        **{name: str(declaration.get(name, "")) for name in _WORDS},
        "rhythm": str(declaration.get("rhythm", Rhythm.WEEKLY)),
        "min": str(expected.get("min", "")),
        "max": str(expected.get("max", "")),
    }


def _declared(order: OrderRow, words: Mapping[str, str]) -> Source:
    """The source that a filled form declares. Raises SourceError with a line for each fault."""
    if order.state is not OrderState.DONE or "declared" in order.outcome:
        raise SourceError("url: darüber ist schon entschieden, oder sie war nicht lesbar")
    proposal = order.outcome["declaration"]
    expected = {
        name: int(words[name]) if words[name].isdecimal() else words[name]
        for name in ("min", "max")
        if words.get(name)
    }
    document = {
        **proposal,
        **{name: words[name] or None for name in _WORDS if name in words},
        "rhythm": words.get("rhythm", Rhythm.WEEKLY),
        "expect": {**proposal.get("expect", {}), "min": None, "max": None, **expected},
        "verified": datetime.now(BERLIN).date().isoformat() if words.get("verglichen") else None,
    }
    return source_of(document)


def _permission(note: str, by: str, day: str) -> dict[str, Any]:
    """The wish of a look at a site whose owner allowed what the site reserves."""
    said = (note.strip(), by.strip(), day.strip())
    if not any(said):
        return {}
    if not all(said):
        raise SourceError("Zur Erlaubnis gehört, was erlaubt wurde, von welcher Stelle und wann.")
    try:
        granted_on = date.fromisoformat(said[2])
    except ValueError as error:
        raise SourceError("Der Tag der Erlaubnis ist kein Datum (JJJJ-MM-TT).") from error
    return {"permission": {"note": said[0], "by": said[1], "granted_on": granted_on.isoformat()}}


def _address(typed: str) -> str:
    """The address of a site as somebody pasted it. Raises SourceError where it is none."""
    address = typed.strip()
    if "://" not in address:
        address = f"https://{address}"
    try:
        parts = urlsplit(address)
        host = parts.hostname or ""
    except ValueError:
        parts, host = urlsplit("https://"), ""
    plain = parts.scheme in {"http", "https"} and not any(c.isspace() for c in address)
    if not plain or "." not in host.strip("."):
        raise SourceError("Bitte die Adresse einer Website, etwa https://www.beispiel.de/")
    return address


def _in_german(fault: str) -> str:
    key, _, cause = fault.partition(": ")
    if "should match pattern" in cause:
        cause = "bitte nur kleine Buchstaben, Ziffern und Bindestriche"
    return f"{_LABELS.get(key.partition('.')[0], key)}: {_CAUSES.get(key, cause)}"


_LABELS = {
    "id": "Kennung",
    "title": "Name der Website",
    "region": "Region",
    "network": "Netzwerk",
    "publisher": "Herausgeber",
    "contact": "Kontakt",
    "notes": "Notiz",
    "rhythm": "Rhythmus",
    "expect": "Erwartung",
    "start": "Adresse",
    "url": "Adresse",
}
_CAUSES = {
    "title": "fehlt",
    "region": "bitte den Namen oder den amtlichen Schlüssel einer Region angeben",
    "expect.min": "bitte eine ganze Zahl angeben",
    "expect.max": "bitte eine ganze Zahl angeben",
    "expect": "das Mindeste ist mehr als das Meiste",
}


def _order(record: Session, number: int) -> OrderRow:
    row = record.get(OrderRow, number)
    if row is None or row.work is not Work.PROBE:
        raise not_found("Eine Probe", "probe", str(number))
    return row


def _declaration(record: Session, source_id: str) -> DeclarationRow:
    row = record.get(DeclarationRow, source_id)
    if row is None:
        raise not_found("Eine hier deklarierte Quelle", "declaration of the desk", source_id)
    return row
