"""`netzlotse resolve`: which listings are one offer, why, and what a person says of it."""

from __future__ import annotations

import getpass
import json
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated

import typer
from rich.markup import escape
from rich.table import Table
from sqlalchemy import Engine
from sqlmodel import Session, col, func, select

from aggregator.commands.record import open_record
from aggregator.harvest import BERLIN
from aggregator.index.feed import catch_up
from aggregator.listing import Listing
from aggregator.log import ChangeLog
from aggregator.published import listing_of
from aggregator.resolve import judgements, parts
from aggregator.resolve.blocking import keys
from aggregator.resolve.comparison import Comparison, Judgement, compare
from aggregator.resolve.judgements import Decision, JudgementError
from aggregator.resolve.part_queue import check_pair, find_part, part_queue, words_of
from aggregator.resolve.queue import review_queue, waiting
from aggregator.resolve.resolver import decide, follow, rebuild, take_back
from aggregator.settings import Settings, load_settings
from aggregator.store.tables import JudgementRow, Level, ListingRow, OfferRow
from aggregator.store.transaction import publishing
from crawlers.commands.terminal import console

Two = tuple[str, str]


def resolve(
    full: Annotated[bool, typer.Option("--full", help="Compare all listings anew.")] = False,
    explain: Annotated[
        Two | None, typer.Option(metavar="A B", help="Why these two are one offer, or two.")
    ] = None,
    queue: Annotated[
        bool, typer.Option("--queue", help="Pairs that a person should judge.")
    ] = False,
    same: Annotated[Two | None, typer.Option(metavar="A B", help="Judge: one offer.")] = None,
    different: Annotated[Two | None, typer.Option(metavar="A B", help="Judge: two offers.")] = None,
    unsure: Annotated[
        Two | None, typer.Option(metavar="A B", help="Judge: nobody can tell; do not ask again.")
    ] = None,
    undo: Annotated[
        Two | None, typer.Option(metavar="A B", help="Take the latest judgement back.")
    ] = None,
    level: Annotated[
        Level,
        typer.Option(help="Of what A and B are names: offers, providers or places."),
    ] = Level.SERVICE,
    by: Annotated[
        str, typer.Option(help="Who judges; recorded.", show_default="the name of the login")
    ] = "",
    why: Annotated[str, typer.Option(help="The reason; recorded.")] = "",
    export: Annotated[
        Path | None,
        typer.Option(help="Write all judgements of persons to this file.", dir_okay=False),
    ] = None,
    bring_in: Annotated[
        Path | None,
        typer.Option("--import", exists=True, dir_okay=False, help="Take over such a file."),
    ] = None,
    limit: Annotated[int, typer.Option(min=1, help="How many pairs of the queue.")] = 20,
    as_json: Annotated[bool, typer.Option("--json", help="JSON instead of tables.")] = False,
) -> None:
    """Say which listings are one offer. Without an option: how the record stands.

    A and B are ids of listings, ids of offers or addresses of pages that list something; with
    --level organization or location, ids, names or addresses of providers and places.

    Exit code 1 where a pair or a file is not what it should be; nothing is changed then.

    Examples:
        netzlotse resolve --queue

        netzlotse resolve --explain https://a.example/schulden https://b.example/beratung

        netzlotse resolve --different 0b9f… 77ac… --why "two groups"

        netzlotse resolve --level organization --same "AWO Köln" "Arbeiterwohlfahrt Köln e.V."

        netzlotse resolve --export judgements.jsonl
    """
    settings = load_settings()
    engine = open_record(settings)
    who = by or getpass.getuser()
    try:
        if explain:
            if level is Level.SERVICE:
                _explain(engine, explain, as_json=as_json)
            else:
                _explain_parts(engine, level, explain, as_json=as_json)
        elif queue and level is not Level.SERVICE:
            _part_queue(engine, level, limit, as_json=as_json)
        elif queue:
            _queue(engine, limit, as_json=as_json)
        elif export:
            _export(engine, export)
        elif bring_in:
            _import(engine, settings, bring_in)
        elif full:
            with publishing(engine) as session:
                rebuild(session, ChangeLog(session, "", datetime.now(UTC)))
            catch_up(engine, settings.index_dir, settings.index_engine)
            _state(engine, as_json=as_json)
        elif undo or same or different or unsure:
            said = {
                Judgement.SAME: same, Judgement.DIFFERENT: different, Judgement.UNSURE: unsure
            }  # fmt: skip
            _judge(engine, level, _Words(who, why), undo, said)
            catch_up(engine, settings.index_dir, settings.index_engine)
        else:
            _state(engine, as_json=as_json)
    except JudgementError as error:
        typer.echo(f"error: {error}", err=True)
        raise typer.Exit(1) from None


@dataclass(frozen=True, slots=True)
class _Words:
    """Who judges, and why."""

    who: str
    why: str


def _judge(
    engine: Engine, level: Level, words: _Words, undo: Two | None, said: dict[Judgement, Two | None]
) -> None:
    with publishing(engine) as session:
        changes = ChangeLog(session, "", datetime.now(UTC))
        if undo:
            left, right = _pair(session, level, undo)
            row = take_back(session, left[0], right[0], words.who, changes)
            typer.echo(f"undone: {row.verdict}, judged by {row.judge}")
        for verdict, pair in said.items():
            if pair:
                left, right = _pair(session, level, pair)
                said_now = Decision(left[0], right[0], verdict, words.who, words.why, level)
                decide(session, said_now, changes)
                typer.echo(f"{verdict}: {left[1]} | {right[1]}")


def _pair(session: Session, level: Level, names: Two) -> tuple[Two, Two]:
    """Id and title or name of two listings, providers or places."""
    if level is Level.SERVICE:
        a, b = (_listing(session, one) for one in names)
        return (a.id, a.title), (b.id, b.title)
    left, right = (find_part(session, level, one) for one in names)
    check_pair(left, right)
    return (left.id, words_of(left)), (right.id, words_of(right))


def _part_queue(engine: Engine, level: Level, limit: int, *, as_json: bool) -> None:
    with Session(engine) as session:
        found = [one for one in part_queue(session) if one.level is level]
    for one in found[:limit]:
        if as_json:
            typer.echo(one.model_dump_json())
        else:
            console().print(
                f"[bold]{escape(one.left)}[/] | [bold]{escape(one.right)}[/]\n"
                f"  {one.left_id} {one.right_id}, {one.listings} listings"
            )
    if not as_json:
        typer.echo(f"{len(found)} pairs to judge")


def _explain_parts(engine: Engine, level: Level, names: Two, *, as_json: bool) -> None:
    with Session(engine) as session:
        left, right = (find_part(session, level, one) for one in names)
        reason = parts.why_one(left, right)
        said = judgements.history(session, left.id, right.id) if left.id != right.id else []
        told = {
            "left": left.id,
            "right": right.id,
            "one": left.cluster_id == right.cluster_id,
            "reason": reason,
            "history": [row.model_dump(mode="json") for row in said],
        }
        if as_json:
            typer.echo(json.dumps(told, ensure_ascii=False))
            return
        typer.echo(f"{words_of(left)} | {words_of(right)}")
        typer.echo(f"published as {'one' if told['one'] else 'two'}")
        typer.echo(f"the rules: {reason or 'not sure that they are one'}")
        for row in said:
            typer.echo(_said(row))


def _explain(engine: Engine, pair: Two, *, as_json: bool) -> None:
    with Session(engine) as session:
        left, right = (_listing(session, one) for one in pair)
        found = compare(left, right)
        shared = sorted(keys(left) & keys(right))
        said = judgements.history(session, left.id, right.id)
        one_offer = left.service_id == right.service_id
        if as_json:
            told = {
                "left": left.id,
                "right": right.id,
                "one_offer": one_offer,
                "judgement": found.judgement,
                "score": found.score,
                "evidence": [one._asdict() for one in found.evidence],
                "keys": shared,
                "history": [row.model_dump(mode="json") for row in said],
            }
            typer.echo(json.dumps(told, ensure_ascii=False))
            return
        _show(left, right, found, shared, said, one_offer=one_offer)


def _show(
    left: Listing,
    right: Listing,
    found: Comparison,
    shared: list[str],
    said: list[JudgementRow],
    *,
    one_offer: bool,
) -> None:
    out = console()
    table = Table("", escape(left.source), escape(right.source))
    for name in ("title", "provider", "street", "postcode", "city", "phones", "emails", "urls",
                 "topics", "formats", "hours_osm", "valid_from", "page_url"):  # fmt: skip
        a, b = (_text(getattr(one, name)) for one in (left, right))
        if a or b:
            table.add_row(name, escape(a), escape(b))
    out.print(table)
    out.print(f"published as {'one offer' if one_offer else 'two offers'}")
    out.print(f"the rules: {found.judgement}, score {found.score:.3f}")
    for one in sorted(found.evidence, key=lambda one: -abs(one.points)):
        out.print(f"  {one.points:+5.1f}  {escape(one.reason)}")
    out.print(
        "keys in common: " + (escape(", ".join(shared)) or "none, so they are never compared")
    )
    for row in said:
        out.print(escape(_said(row)))


def _said(row: JudgementRow) -> str:
    ended = (
        f", until {row.undone_at.astimezone(BERLIN):%Y-%m-%d %H:%M} ({row.undone_by})"
        if row.undone_at
        else ""
    )
    return (
        f"{row.judged_at.astimezone(BERLIN):%Y-%m-%d %H:%M} {row.judge}: {row.verdict}"
        f"{': ' + row.reason if row.reason else ''}{ended}"
    )


def _queue(engine: Engine, limit: int, *, as_json: bool) -> None:
    with Session(engine) as session:
        found = review_queue(session)
    if as_json:
        for one in found[:limit]:
            typer.echo(one.model_dump_json())
        return
    out = console()
    for one in found[:limit]:
        out.print(
            f"[bold]{escape(one.left.title)}[/] | [bold]{escape(one.right.title)}[/]"
            f"  score {one.score:.3f}, gain {one.gain:.2f}{', merged' if one.merged else ''}"
        )
        out.print(f"  {one.left.id} {escape(one.left.page_url)}")
        out.print(f"  {one.right.id} {escape(one.right.page_url)}")
        out.print(f"  {escape(one.reason)}")
    out.print(f"{len(found)} pairs to judge")


def _export(engine: Engine, target: Path) -> None:
    with Session(engine) as session:
        lines = [*judgements.export(session)]
    target.write_text("".join(f"{line}\n" for line in lines), "utf-8")
    typer.echo(f"{len(lines)} judgements written to {target}")


def _import(engine: Engine, settings: Settings, path: Path) -> None:
    try:
        lines = path.read_text("utf-8").splitlines()
    except UnicodeDecodeError as error:
        raise JudgementError(f"{path}: {error.reason} at byte {error.start}; write UTF-8") from None
    try:
        with publishing(engine) as session:
            touched = judgements.bring_in(session, lines)
            follow(session, touched, ChangeLog(session, "", datetime.now(UTC)))
    except JudgementError as error:
        raise JudgementError(f"{path}: {error}") from None
    catch_up(engine, settings.index_dir, settings.index_engine)
    typer.echo(f"{len(lines)} judgements read, {len(touched)} listings concerned")


def _state(engine: Engine, *, as_json: bool) -> None:
    with Session(engine) as session:
        count = func.count()
        told = {
            "listings": session.exec(select(count).select_from(ListingRow)).one(),
            "offers": session.exec(
                select(count).select_from(OfferRow).where(col(OfferRow.merged_into).is_(None))
            ).one(),
            "judgements": sum(1 for _ in judgements.export(session)),
            "to_judge": waiting(session),
        }
    if as_json:
        typer.echo(json.dumps(told))
        return
    typer.echo(
        f"{told['listings']} listings are {told['offers']} offers; {told['judgements']} judgements "
        f"of persons, {told['to_judge']} pairs to judge"
    )


def _listing(session: Session, name: str) -> Listing:
    """What is named by the id of a listing or an offer, or by the address of a page."""
    row = session.get(ListingRow, name)
    for column in (ListingRow.offer_id, ListingRow.page_url):
        if row is None:
            query = (
                select(ListingRow)
                .where(col(column) == name)
                .order_by(col(ListingRow.first_seen), col(ListingRow.id))
            )
            row = session.exec(query).first()
    if row is None or not row.flat:
        raise JudgementError(f"{name}: no listing, offer or page of this name")
    return listing_of(row)


def _text(value: object) -> str:
    if isinstance(value, list):
        return ", ".join(map(str, value))
    return "" if value is None else str(value)
