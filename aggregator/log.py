"""The change log: what every reader of the record needs to know, in order."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlmodel import Session

from aggregator.store.tables import ChangeRow, Operation, Subject


@dataclass(frozen=True, slots=True)
class ChangeLog:
    """Writes what one run (or one decision; then `run_id` is "") changes at time `at`."""

    session: Session
    run_id: str
    at: datetime

    def added(self, subject: Subject, subject_id: str) -> None:
        """Something is there."""
        self._log(Operation.ADD, subject, subject_id, {})

    def modified(
        self, subject: Subject, subject_id: str, before: Mapping[str, Any], after: Mapping[str, Any]
    ) -> None:
        """Fields of a document changed; both values are kept: {field: [before, after]}."""
        names = sorted({*before, *after})
        fields = {
            name: [before.get(name), after.get(name)]
            for name in names
            if before.get(name) != after.get(name)
        }
        self._log(Operation.MOD, subject, subject_id, fields)

    def written(
        self, subject: Subject, subject_id: str, before: Mapping[str, Any], after: Mapping[str, Any]
    ) -> None:
        """A document was written: added where there was none (or an empty one) before."""
        if before:
            self.modified(subject, subject_id, before, after)
        else:
            self.added(subject, subject_id)

    def removed(self, subject: Subject, subject_id: str) -> None:
        """Something must not be shown any more."""
        self._log(Operation.DEL, subject, subject_id, {})

    def merged(self, offer_id: str, into: str) -> None:
        """An offer turned out to be another, older one."""
        self._log(Operation.MERGE, Subject.OFFER, offer_id, {"into": into})

    def _log(
        self, operation: Operation, subject: Subject, subject_id: str, fields: Mapping[str, Any]
    ) -> None:
        self.session.add(
            ChangeRow(
                at=self.at,
                operation=operation,
                subject=subject,
                subject_id=subject_id,
                run_id=self.run_id,
                fields=dict(fields),
            )
        )
