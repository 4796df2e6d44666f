"""The researchers' guide: every block runs against a release of the samples, as it says.

`python -m tests.aggregator.release.test_guide FOLDER` writes what blocks print there into it.
"""

from __future__ import annotations

import re
import sys
from contextlib import chdir, redirect_stdout
from datetime import date
from io import StringIO
from pathlib import Path
from typing import Any

from sqlmodel import Session, col, select

from aggregator.release.edition import make_release
from aggregator.release.metadata import Maker
from aggregator.settings import Settings
from aggregator.store.engine import connect
from aggregator.store.tables import OfferRow
from tests.federation.conftest import Installation, federation, harvested  # noqa: F401 - fixtures

GUIDE = Path(__file__).parents[3] / "docs" / "researchers.md"
_BLOCK = re.compile(r"```python\n(.*?)```\n\n```text\n(.*?)```", re.DOTALL)
_QUESTIONS, _DELTA = slice(0, 3), slice(3, 4)
MAKER = Maker("https://portal.example", "post@portal.example", "0.1.0")


def printed(folder: Path, blocks: slice) -> list[str]:
    """What some blocks print, in one Python, inside the folder of a release."""
    names: dict[str, Any] = {}
    told = []
    for code, _ in _BLOCK.findall(GUIDE.read_text("utf-8"))[blocks]:
        out = StringIO()
        with chdir(folder), redirect_stdout(out):
            exec(code, names)  # noqa: S102 - the guide is ours
        told.append(out.getvalue())
    return told


def test_the_guide_prints_what_it_says(
    harvested: tuple[Installation, dict[str, dict[str, Any]]],  # noqa: F811
    tmp_path: Path,
) -> None:
    installation, _ = harvested
    settings = Settings(data_dir=Path(installation.environment["NETZLOTSE_DATA_DIR"]))
    engine = connect(settings.database)
    make_release(engine, tmp_path, date(2099, 1, 1), MAKER)
    with Session(engine) as session:  # only for the delta; undone below
        query = select(OfferRow).where(col(OfferRow.merged_into).is_(None)).order_by(OfferRow.id)
        rows = [row for row in session.exec(query) if row.flat.get("mentions")]
        renamed, gone, merged = (row.id for row in rows[:3])
        before = {row.id: row.flat for row in rows[:3]}
        rows[0].flat = {**rows[0].flat, "title": "Umbenannt"}
        rows[1].flat, rows[2].merged_into = {}, rows[3].id
        session.commit()
    second = make_release(engine, tmp_path, date(2099, 1, 8), MAKER)
    with Session(engine) as session:
        for key in (renamed, gone, merged):
            row = session.get_one(OfferRow, key)
            row.flat, row.merged_into = before[key], None
        session.commit()
    engine.dispose()
    said = [text for _, text in _BLOCK.findall(GUIDE.read_text("utf-8"))]
    assert len(said) == 4
    assert printed(tmp_path / "2099-01-01", _QUESTIONS) == said[_QUESTIONS]
    assert printed(second.folder, _DELTA) == said[_DELTA]


if __name__ == "__main__":
    answers = iter([*printed(Path(sys.argv[1]), _QUESTIONS), "True\n"])
    text = _BLOCK.sub(
        lambda found: f"```python\n{found[1]}```\n\n```text\n{next(answers)}```",
        GUIDE.read_text("utf-8"),
    )
    GUIDE.write_text(text, "utf-8")
