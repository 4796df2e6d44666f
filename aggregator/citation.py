"""A query that is frozen with a release, so that it can be cited: which rows, and how to name them.

What is kept are the ids of the rows in their order, not the question alone: another version of the
search may answer it otherwise, a citation may not.
"""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any
from urllib.parse import urlencode

from aggregator.release.metadata import LICENCE, TITLE
from aggregator.release.tables import Row

_SPECIAL = re.compile(r"[\\{}&%$#_^~]")
_TEX = {"\\": r"\textbackslash{}", "^": r"\^{}", "~": r"\~{}"}
Question = Mapping[str, Sequence[str]]
"""The parameters of the search that are not as usual, and their values, both in order."""


def citation_id(release: str, question: Question) -> str:
    """The id of a query of a release: the same query, the same id."""
    text = json.dumps([release, _ordered(question)], ensure_ascii=False)
    return hashlib.sha256(text.encode()).hexdigest()[:20]


def lines(rows: Iterable[Row]) -> bytes:
    """Rows as JSON lines; the hash of a result is of these bytes."""
    return "".join(json.dumps(row, ensure_ascii=False) + "\n" for row in rows).encode()


@dataclass(frozen=True, slots=True)
class Citation:
    """A frozen query as it is cited."""

    id: str
    release: str
    """Version of the release: with its last erratum."""
    question: Question
    rows: int
    sha256: str
    url: str
    frozen_on: date

    @property
    def words(self) -> str:
        """The question, as parameters of the search: "region=11003&topic=schulden"."""
        return urlencode(_ordered(self.question), doseq=True) or "alle Angebote"

    @property
    def title(self) -> str:
        """What is cited."""
        return f"{TITLE}. Ausgabe {self.release}, Auswahl „{self.words}“"

    @property
    def note(self) -> str:
        """What makes sure that it is the same."""
        return f"{self.rows} Angebote, SHA-256 {self.sha256}"

    @property
    def text(self) -> str:
        """For a list of references."""
        return (
            f"netzlotse ({self.frozen_on.year}): {self.title}. {self.note}. {self.url} "
            f"(eingefroren am {self.frozen_on:%d.%m.%Y})."
        )

    def bibtex(self) -> str:
        """As an entry of a BibTeX file."""
        fields = {
            "author": "{netzlotse}",
            "title": f"{{{_tex(self.title)}}}",
            "year": str(self.frozen_on.year),
            "month": str(self.frozen_on.month),
            "version": _tex(self.release),
            "url": self.url,
            "note": _tex(self.note),
        }
        lines = ",\n".join(f"  {name} = {{{value}}}" for name, value in fields.items())
        return f"@misc{{netzlotse-{self.id},\n{lines}\n}}\n"

    def csl(self) -> list[dict[str, Any]]:
        """As CSL-JSON: https://docs.citationstyles.org/en/stable/specification.html (1.0.2)."""
        day = [self.frozen_on.year, self.frozen_on.month, self.frozen_on.day]
        return [{
            "id": f"netzlotse-{self.id}",
            "type": "dataset",
            "title": self.title,
            "author": [{"literal": "netzlotse"}],
            "publisher": "netzlotse",
            "issued": {"date-parts": [day]},
            "version": self.release,
            "URL": self.url,
            "language": "de",
            "license": LICENCE,
            "note": self.note,
        }]  # fmt: skip


def _ordered(question: Question) -> dict[str, list[str]]:
    return {name: sorted(question[name]) for name in sorted(question)}


def _tex(text: str) -> str:
    return _SPECIAL.sub(lambda found: _TEX.get(found[0], f"\\{found[0]}"), text)
