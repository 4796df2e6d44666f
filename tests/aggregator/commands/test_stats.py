"""`netzlotse stats import`: denominators, all rows or none."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest
from sqlalchemy import Engine
from sqlmodel import Session, select
from typer.testing import CliRunner

from aggregator.statistics import import_statistics, read_statistics
from aggregator.store.tables import StatisticRow
from aggregator.store.transaction import publishing
from netzlotse import app

HEAD = "region_key,families,source,date\n"


def written(folder: Path, text: str) -> Path:
    file = folder / "families.csv"
    file.write_text(text, "utf-8")
    return file


def test_figures_are_kept_and_corrected(engine: Engine, tmp_path: Path) -> None:
    first = (
        f"{HEAD}11003,24100,Amt für Statistik,2025-12-31\n11,120000,Amt für Statistik,2025-12-31\n"
    )
    second = "date;source;region_key;families\n2025-12-31;Amt für Statistik;11003;24200\n\n"
    for text in (first, second):
        with publishing(engine) as session:
            import_statistics(session, read_statistics(written(tmp_path, text)))
    with Session(engine) as session:
        rows = session.exec(select(StatisticRow).order_by(StatisticRow.region_key)).all()
    assert [(row.region_key, row.families) for row in rows] == [("11", 120000), ("11003", 24200)]
    assert rows[0].as_of == date(2025, 12, 31)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("region_key,families\n11,3\n", "line 1 names no column source, date"),
        (HEAD, "holds no row"),
        (f"{HEAD}11,5,Amt,2025-12-31\n1x,5,Amt,2025-12-31\n", "line 3: '1x' is no region key"),
        (
            f"{HEAD}11,viele,Amt,2025-12-31\n",
            "line 2: families must be a whole number, not 'viele'",
        ),
        (f"{HEAD}11,5,Amt,31.12.2025\n", "line 2: date must be written like 2024-12-31"),
        (f"{HEAD}11,-5,Amt,2025-12-31\n", "line 2: families must be a whole number, not '-5'"),
        (f"{HEAD}11,5,,2025-12-31\n", "source must be named"),
        (f"{HEAD}11,5\n", "line 2"),
    ],
)
def test_a_fault_is_named_with_its_line_and_nothing_is_written(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, text: str, said: str
) -> None:
    monkeypatch.setenv("NETZLOTSE_DATA_DIR", str(tmp_path / "data"))
    done = CliRunner().invoke(app, ["stats", "import", str(written(tmp_path, text))])
    assert done.exit_code == 1
    assert said in done.stderr
    assert not (tmp_path / "data").exists()


def test_the_verb_writes_to_the_record(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("NETZLOTSE_DATA_DIR", str(tmp_path / "data"))
    file = written(tmp_path, f"{HEAD}DE,2600000,Amt,2025-12-31\n")
    done = CliRunner().invoke(app, ["stats", "import", str(file)])
    assert done.exit_code == 0, done.output
    assert "1 figures" in done.output
