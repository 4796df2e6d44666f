"""What the owner of a source could put right on its own pages: the quality report."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from pydantic import BaseModel
from sqlmodel import Session, col, select

from aggregator.catalogue.conflicts import conflicts_of
from aggregator.resolve.conflict import Conflict
from aggregator.resolve.conflict import Kind as Disagreement
from aggregator.store.tables import ListingRow, Presence, RunRow, SourceRow
from crawlers.failure import Failure

_MOST = 50
"""Items of one kind: more are counted, not listed."""
_DEAD = {
    Failure.GONE: "Die Seite gibt es nicht (404/410).",
    Failure.SOFT_404: "Statt der Seite kommt eine Ersatzseite.",
    Failure.DNS: "Die Adresse gibt es nicht.",
    Failure.TLS: "Das Zertifikat der Seite ist ungültig.",
    Failure.MOVED_HOST: "Die Seite leitet auf eine andere Domain um.",
}
_DOUBTS = frozenset({"hours_not_understood", "hours_ambiguous", "phone_not_plausible",
                     "phone_area_unknown", "dates_not_understood"})  # fmt: skip
_DISAGREEMENTS = {
    Disagreement.PHONE: "Telefon", Disagreement.EMAIL: "E-Mail", Disagreement.ADDRESS: "Adresse",
    Disagreement.HOURS: "Zeiten", Disagreement.COST: "Kosten",
    Disagreement.REGISTRATION: "Anmeldung", Disagreement.STATUS: "ob es das Angebot gibt",
}  # fmt: skip


class Item(BaseModel):
    """One thing to look at: where, and what stands there."""

    url: str
    title: str = ""
    note: str = ""


class Part(BaseModel):
    """All items of one kind."""

    code: str
    title: str
    """What is wrong, in German."""
    advice: str
    """What the owner can do."""
    items: list[Item]
    """At most fifty."""
    total: int


class QualityReport(BaseModel):
    """What was found on the pages of one source; `parts` has only kinds of which there are any."""

    source: str
    title: str
    as_of: date
    offers: int
    parts: list[Part]

    @property
    def total(self) -> int:
        """How many things there are to put right."""
        return sum(part.total for part in self.parts)


def quality(session: Session, source_id: str, today: date) -> QualityReport | None:
    """The report on a source as of its last published run; None where there was none."""
    source = session.get(SourceRow, source_id)
    if source is None or source.last_accepted_run_id is None:
        return None
    run = session.get(RunRow, source.last_accepted_run_id)
    query = (
        select(ListingRow)
        .where(ListingRow.source_id == source_id, ListingRow.presence == Presence.PRESENT)
        .order_by(col(ListingRow.page_url), col(ListingRow.key))
    )
    listings = [row for row in session.exec(query) if row.flat]
    parts = [
        _part("dead_links", "Verweise, die ins Leere führen",
              "Den Verweis ändern oder die Seite entfernen.", _dead(run)),
        _part("missing_hours", "Angebote ohne Zeiten",
              "Tage und Uhrzeiten nennen, oder „nach Vereinbarung“.", _without_hours(listings)),
        _part("missing_contact", "Angebote ohne Telefon und E-Mail",
              "Mindestens einen Weg nennen, auf dem man Sie erreicht.", _without_contact(listings)),
        _part("stale_dates", "Vergangene Termine, die noch auf der Seite stehen",
              "Den Termin entfernen oder den nächsten nennen.", _stale(listings, today)),
        _part("not_understood", "Angaben, die wir nicht verstanden haben",
              "Meist hilft eine übliche Schreibweise: „dienstags 10–12 Uhr“, „030 123456“.",
              _doubts(run)),
        _part("contradictions", "Andere Seiten sagen etwas anderes",
              "Nachsehen, was stimmt; das andere Netzwerk sieht den Widerspruch auch.",
              _contradictions(source_id, conflicts_of(session, source_id))),
    ]  # fmt: skip
    return QualityReport(
        source=source_id,
        title=source.title,
        as_of=today,
        offers=len(listings),
        parts=[part for part in parts if part.total],
    )


def _part(code: str, title: str, advice: str, items: Iterator[Item]) -> Part:
    found = list(items)
    return Part(code=code, title=title, advice=advice, items=found[:_MOST], total=len(found))


def _dead(run: RunRow | None) -> Iterator[Item]:
    for failed in run.failures if run else ():
        if failed.get("failure") in _DEAD:
            yield Item(url=str(failed.get("url", "")), note=_DEAD[Failure(failed["failure"])])


def _without_hours(listings: list[ListingRow]) -> Iterator[Item]:
    for row in listings:
        flat = row.flat
        told = flat.get("hours_text") or flat.get("hours_qualifiers") or flat.get("valid_from")
        if not told and not {"information", "benefit"} & set(flat.get("formats") or ()):
            yield _item(row)


def _without_contact(listings: list[ListingRow]) -> Iterator[Item]:
    return (_item(row) for row in listings if not row.flat["phones"] and not row.flat["emails"])


def _stale(listings: list[ListingRow], today: date) -> Iterator[Item]:
    for row in listings:
        until = row.flat.get("valid_until")
        if until and until < today.isoformat():
            yield _item(row, f"war bis {date.fromisoformat(until):%d.%m.%Y}")


def _doubts(run: RunRow | None) -> Iterator[Item]:
    for doubt in run.doubts if run else ():
        if doubt.get("code") in _DOUBTS:
            yield Item(
                url=str(doubt.get("page_url", "")),
                title=str(doubt.get("title", "")),
                note=f"„{str(doubt.get('quote', ''))[:200]}“",
            )


def _contradictions(source_id: str, found: list[Conflict]) -> Iterator[Item]:
    for one in found:
        own, other = one.published, one.other
        if own.source != source_id:
            own, other = other, own
        yield Item(
            url=own.page_url,
            title=one.title,
            note=f"{_DISAGREEMENTS[one.kind]}: bei Ihnen „{own.value}“, auf {other.page_url} "
            f"„{other.value}“",
        )


def _item(row: ListingRow, note: str = "") -> Item:
    return Item(url=row.page_url, title=str(row.flat.get("title", "")), note=note)
