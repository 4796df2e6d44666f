"""Where values come from: the extension `provenance`, and HSDS `metadata`, a log of changes."""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence

from aggregator.catalogue.evidence import Evidence
from aggregator.hsds.document import Document, document, uri
from aggregator.identity import part_id
from aggregator.store.tables import ChangeRow, Operation

_BY = "netzlotse"
_ACTIONS = {
    Operation.ADD: "create",
    Operation.MOD: "update",
    Operation.DEL: "delete",
    Operation.MERGE: "merge",
}


def provenance(evidence: Iterable[Evidence]) -> list[Document]:
    """One entry a statement: field of the flat form, source, page, quote, when it was seen."""
    return [
        document(
            field=one.field,
            source=one.source,
            source_title=one.source_title,
            page_url=uri(one.page_url),
            quote=one.quote,
            locator=one.locator,
            extractor=one.extractor,
            reader=one.reader,
            reason=one.reason,
            confidence=one.confidence,
            first_source=one.first_source,
            first_seen=one.first_seen,
            last_seen=one.last_seen,
        )
        for one in evidence
    ]


def metadata(changes: Sequence[ChangeRow]) -> list[Document]:
    """One entry a changed field. HSDS requires both values as text: what was not there is ""."""
    return [
        {
            "id": part_id("metadata", str(change.seq), field),
            "resource_id": change.subject_id,
            "resource_type": "service",
            "last_action_date": change.at.isoformat(timespec="milliseconds"),
            "last_action_type": _ACTIONS[change.operation],
            "field_name": field,
            "previous_value": _text(before),
            "replacement_value": _text(after),
            "updated_by": _BY,
        }
        for change in changes
        for field, (before, after) in _pairs(change)
    ]


def _pairs(change: ChangeRow) -> Iterable[tuple[str, tuple[object, object]]]:
    if change.operation is Operation.MERGE:
        return [("id", (change.subject_id, change.fields.get("into")))]
    if change.operation is not Operation.MOD:
        return [("id", (None, change.subject_id))]
    return [(field, (pair[0], pair[1])) for field, pair in change.fields.items()]


def _text(value: object) -> str:
    if value is None:
        return ""
    return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)
