"""From statements to the documents that are published: what the evidence adds up to."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any

from pydantic import BaseModel

from aggregator.listing import BESIDE, LIST_FIELDS, Listing, Status
from aggregator.network import Network, NetworkStatus
from aggregator.normalise.statement import Statement

_NETWORK_LISTS = frozenset(
    name for name, info in Network.model_fields.items() if str(info.annotation).startswith("list")
)


def listing_values(statements: Iterable[Statement]) -> dict[str, Any]:
    """The fields of a listing that its statements fill; the first statement of a field counts."""
    return _values(statements, LIST_FIELDS, Listing)


def network_values(statements: Iterable[Statement]) -> dict[str, Any]:
    """The fields of a network that statements fill, best statement first."""
    return _values(statements, _NETWORK_LISTS, Network)


def is_over(values: Mapping[str, Any], today: date) -> bool:
    """Whether the last day that a listing's fields state is past.

    Without such a day, whether they say that it has ended and name no hours in which it goes on.
    """
    if last := values.get("valid_until"):
        return str(last) < today.isoformat()
    ended = values.get("status") in {Status.INACTIVE, Status.DEFUNCT}
    return ended and not values.get("hours_osm")


def listing_status(
    stated: str | None, valid_until: date | None, ended: bool, today: date
) -> Status:
    """Whether an offer can be used: what the page says, unless its time or its network is over."""
    if ended or (valid_until is not None and valid_until < today):
        return Status.INACTIVE
    return Status(stated) if stated else Status.ACTIVE


def network_status(
    ended: str | None, known: bool, today: date, archived: str | None = None
) -> NetworkStatus:
    """Whether a network still works. An end of "2024" is past once 2024 is.

    The end of its funding alone ends no network: many go on.
    """
    if archived and archived <= today.isoformat()[: len(archived)]:
        return NetworkStatus.ARCHIVED
    if ended and ended < today.isoformat()[: len(ended)]:
        return NetworkStatus.ENDED
    return NetworkStatus.ACTIVE if known else NetworkStatus.UNKNOWN


def digest(value: object) -> str:
    """The sha256 of a JSON value in canonical form (sorted keys, no white space)."""
    text = json.dumps(value, sort_keys=True, ensure_ascii=False, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()


def _values(
    statements: Iterable[Statement], lists: frozenset[str], model: type[BaseModel]
) -> dict[str, Any]:
    values: dict[str, Any] = {}
    for statement in statements:
        if statement.field in BESIDE:
            continue
        if statement.field not in model.model_fields:
            raise ValueError(f"{statement.reader} states {statement.field!r}, which is no field")
        if statement.field in lists:
            seen = values.setdefault(statement.field, [])
            if statement.value not in seen:
                seen.append(statement.value)
        else:
            values.setdefault(statement.field, statement.value)
    return values
