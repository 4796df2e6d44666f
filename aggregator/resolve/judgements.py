"""Judgements as they are recorded: edges with who, when and why, ended but never changed."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement
from sqlmodel import Session, col, or_, select

from aggregator.resolve.comparison import Comparison, Judgement
from aggregator.store.binding import bindable
from aggregator.store.tables import JudgementRow, Level

RULES = "rules@7"
"""Who judges when no person did; the number is raised when equal listings are judged anew."""
BY_RULES = "rules@"
"""How a judge that is no person begins."""

Pair = tuple[str, str]
"""The ids of two listings (or providers, or places), the smaller first."""


class JudgementError(Exception):
    """A judgement cannot be taken: the message says which and why."""


def pair_of(left: str, right: str) -> Pair:
    """The pair of two ids. Raises JudgementError where they are one."""
    if left == right:
        raise JudgementError(f"{left}: a thing is not compared with itself")
    return (left, right) if left < right else (right, left)


def is_persons(row: JudgementRow) -> bool:
    """Say whether a person judged."""
    return not row.judge.startswith(BY_RULES)


def standing(
    session: Session, ids: Iterable[str], level: Level = Level.SERVICE
) -> dict[Pair, JudgementRow]:
    """What counts now of each pair that one of these ids is in.

    The latest judgement of a person that was not undone; without one, that of the rules.
    """
    found: dict[Pair, JudgementRow] = {}
    for row in _rows(session, sorted(set(ids)), col(JudgementRow.level) == level):
        pair = (row.left_id, row.right_id)
        known = found.get(pair)
        if known is None or is_persons(row) or not is_persons(known):
            found[pair] = row
    return found


def of_rules(session: Session, ids: Iterable[str]) -> dict[Pair, JudgementRow]:
    """What the rules think of listings, under what persons may have said."""
    rows = _rows(
        session,
        sorted(set(ids)),
        col(JudgementRow.level) == Level.SERVICE,
        col(JudgementRow.judge).startswith(BY_RULES),
    )
    return {(row.left_id, row.right_id): row for row in rows}


def history(session: Session, left: str, right: str) -> list[JudgementRow]:
    """All that was ever judged of a pair, oldest first, on whatever level."""
    a, b = pair_of(left, right)
    query = select(JudgementRow).where(JudgementRow.left_id == a, JudgementRow.right_id == b)
    return list(session.exec(query.order_by(col(JudgementRow.id))))


def note(
    session: Session, judged: dict[Pair, Comparison], ids: Iterable[str], at: datetime
) -> None:
    """Make `judged` all that the rules think of these listings: end what changed, add what is new.

    Pairs that are different are not kept: they are nearly all.
    """
    known = of_rules(session, ids)
    for pair, row in known.items():
        found = judged.get(pair)
        if found is None or not _equal(row, found):
            row.undone_at, row.undone_by = at, RULES
    for pair, found in sorted(judged.items()):
        if found.judgement is Judgement.DIFFERENT:
            continue
        if (before := known.get(pair)) is None or before.undone_at is not None:
            session.add(
                JudgementRow(
                    left_id=pair[0],
                    right_id=pair[1],
                    verdict=found.judgement,
                    score=found.score,
                    reason=found.reason,
                    judge=RULES,
                    judged_at=at,
                )
            )
    session.flush()


def _equal(row: JudgementRow, found: Comparison) -> bool:
    return (row.judge, row.verdict, row.score, row.reason) == (
        RULES,
        found.judgement,
        found.score,
        found.reason,
    )


@dataclass(frozen=True, slots=True)
class Decision:
    """What a person says of a pair."""

    left: str
    right: str
    verdict: Judgement
    judge: str
    reason: str = ""
    level: Level = Level.SERVICE


def record(session: Session, decision: Decision, at: datetime) -> JudgementRow:
    """Keep a person's judgement. Raises JudgementError for a pair of one, or a nameless judge."""
    left, right = pair_of(decision.left, decision.right)
    judge = decision.judge.strip()
    if not judge or judge.startswith(BY_RULES):
        raise JudgementError(f"judge {decision.judge!r}: say who decides")
    row = JudgementRow(
        level=decision.level,
        left_id=left,
        right_id=right,
        verdict=decision.verdict,
        score=1.0,
        reason=decision.reason.strip(),
        judge=judge,
        judged_at=at,
    )
    session.add(row)
    session.flush()
    return row


def undo(session: Session, left: str, right: str, by: str, at: datetime) -> JudgementRow:
    """End the latest judgement of a person on a pair, so that the one before counts again.

    Raises JudgementError where there is none.
    """
    standing_ones = [
        row for row in history(session, left, right) if is_persons(row) and row.undone_at is None
    ]
    if not standing_ones:
        raise JudgementError(f"{left}, {right}: nobody has judged this pair")
    row = standing_ones[-1]
    row.undone_at, row.undone_by = at, by
    session.flush()
    return row


def export(session: Session) -> Iterator[str]:
    """All judgements of persons, undone ones too, as lines of JSON that `bring_in` reads."""
    query = select(JudgementRow).order_by(col(JudgementRow.id))
    for row in session.exec(query):
        if is_persons(row):
            told = row.model_dump(mode="json", exclude={"id"})
            yield json.dumps(told, ensure_ascii=False, sort_keys=True)


def bring_in(session: Session, lines: Sequence[str]) -> set[str]:
    """Take over exported judgements; the ids that they are about.

    Those that are here already are only ended where the file says so. Raises JudgementError, with
    the number of the line, for what is no judgement; nothing is taken over then.
    """
    rows = [_parsed(line, at) for at, line in enumerate(lines, 1) if line.strip()]
    known = {_identity(row): row for row in session.exec(select(JudgementRow)) if is_persons(row)}
    touched: set[str] = set()
    for row in rows:
        before = known.get(_identity(row))
        if before is None:
            session.add(row)
            known[_identity(row)] = row
        elif before.undone_at is None and row.undone_at is not None:
            before.undone_at, before.undone_by = row.undone_at, row.undone_by
        else:
            continue
        touched |= {row.left_id, row.right_id}
    session.flush()
    return touched


def _identity(row: JudgementRow) -> tuple[object, ...]:
    return (row.level, row.left_id, row.right_id, row.verdict, row.judge, row.judged_at)


def _parsed(line: str, number: int) -> JudgementRow:
    try:
        told: dict[str, Any] = json.loads(line)
        left, right = pair_of(str(told["left_id"]), str(told["right_id"]))
        row = JudgementRow(
            level=Level(told.get("level", Level.SERVICE)),
            left_id=left,
            right_id=right,
            verdict=Judgement(told["verdict"]),
            score=float(told.get("score", 1.0)),
            reason=str(told.get("reason", "")),
            judge=str(told["judge"]),
            judged_at=_time(told["judged_at"]),
            undone_at=_time(told["undone_at"]) if told.get("undone_at") else None,
            undone_by=told.get("undone_by"),
        )
    except JudgementError as error:
        raise JudgementError(f"line {number}: {error}") from None
    except KeyError as error:
        raise JudgementError(f"line {number}: {error} is missing") from None
    except (ValueError, TypeError, AttributeError) as error:
        raise JudgementError(f"line {number}: {error}; lines are those of --export") from None
    if not row.judge.strip() or not is_persons(row):
        raise JudgementError(f"line {number}: judge {row.judge!r} is no person")
    return row


def _time(text: str) -> datetime:
    at = datetime.fromisoformat(text)
    if at.tzinfo is None:
        raise ValueError(f"{text!r} has no time zone")
    return at


def _rows(session: Session, ids: Sequence[str], *where: ColumnElement[bool]) -> list[JudgementRow]:
    """Edges that were not ended and touch one of these ids, by their number."""
    found: dict[int | None, JudgementRow] = {}
    for chunk in bindable(ids, times=2):
        query = select(JudgementRow).where(
            or_(col(JudgementRow.left_id).in_(chunk), col(JudgementRow.right_id).in_(chunk)),
            col(JudgementRow.undone_at).is_(None),
            *where,
        )
        found |= {row.id: row for row in session.exec(query)}
    return [found[one] for one in sorted(found, key=lambda one: one or 0)]
