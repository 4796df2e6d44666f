"""The suppression list as a file, to be kept apart from the record and its backups.

What was put on the list after a backup was made is not in it, and would be published again by
whoever puts that back. JSON lines: first `{"key": …}`, which tells the key that the entries are
made with from others, then an entry a line. It holds hashes only, as the list does.
"""

from __future__ import annotations

import os
from collections.abc import Sequence
from pathlib import Path

from pydantic import AwareDatetime, BaseModel, ConfigDict, ValidationError
from sqlmodel import Session, col, select

from aggregator.store.tables import SuppressionRow
from aggregator.suppression import Kind, SuppressionError, fingerprint


class _Entry(BaseModel):
    model_config = ConfigDict(extra="forbid", from_attributes=True)

    digest: str
    kind: Kind
    reason: str
    by: str
    created_at: AwareDatetime


class _Head(BaseModel):
    model_config = ConfigDict(extra="forbid")

    key: str


def write_list(session: Session, key_file: Path, target: Path) -> int:
    """Write the list; how many entries it has. The file is there whole, or the one before is.

    Raises SuppressionError where there are entries and no key.
    """
    rows = session.exec(
        select(SuppressionRow).order_by(col(SuppressionRow.created_at), SuppressionRow.digest)
    ).all()
    head = [_Head(key=fingerprint(key_file))] if rows else []
    lines = [one.model_dump_json() for one in (*head, *map(_Entry.model_validate, rows))]
    beside = target.with_name(f".{target.name}.part")
    with beside.open("w", encoding="utf-8") as file:
        file.writelines(f"{line}\n" for line in lines)
        file.flush()
        os.fsync(file.fileno())
    beside.replace(target)
    return len(rows)


def read_list(file: Path, key_file: Path) -> Sequence[SuppressionRow]:
    """The entries that a file holds.

    Raises SuppressionError where it is no such list, damaged, or made under another key.
    """
    rows: list[SuppressionRow] = []
    for number, line in enumerate(_lines(file), 1):
        try:
            if number == 1:
                if _Head.model_validate_json(line).key != fingerprint(key_file):
                    raise SuppressionError(
                        f"{file}: made under another key than {key_file}: put the key of the same "
                        "installation back first"
                    )
                continue
            entry = _Entry.model_validate_json(line)
        except ValidationError as error:
            raise SuppressionError(
                f"{file}, line {number}: no list that `netzlotse suppress --export` wrote, or "
                "damaged; nothing was changed"
            ) from error
        rows.append(SuppressionRow(**entry.model_dump()))
    return rows


def _lines(file: Path) -> list[str]:
    try:
        return file.read_text("utf-8").splitlines()
    except (OSError, UnicodeDecodeError) as error:
        raise SuppressionError(f"{file}: cannot be read: {error}") from error
