"""The clock: one job a source, each at its time."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path

from sqlmodel import Session

from aggregator.settings import Settings
from aggregator.store.tables import RunRow, Verdict
from crawlers.source import load_sources
from schedules.runner import open_runner
from schedules.timetable import build


def test_every_source_has_its_time(tmp_path: Path) -> None:
    for name, rhythm in (("neu", "weekly"), ("gestern", "daily"), ("heute", "weekly")):
        text = (
            f'id: {name}\ntitle: N\nregion: "11"\n'
            f"start: [https://{name}.example/]\nrhythm: {rhythm}\n"
        )
        (tmp_path / f"{name}.yml").write_text(text, "utf-8")
    settings = Settings(data_dir=tmp_path / "data", sources=tmp_path)
    now = datetime.now(UTC)
    runner = open_runner(settings)
    last = {"gestern": now - timedelta(days=1, hours=1), "heute": now - timedelta(hours=3)}
    with Session(runner.engine) as session, session.begin():
        for name, at in last.items():
            session.add(
                RunRow(
                    id=f"{name}.1",
                    source_id=name,
                    started_at=at,
                    finished_at=at,
                    verdict=Verdict.ACCEPTED,
                )
            )
    scheduler = build(runner, load_sources(tmp_path), jobs=2)
    jobs = {job.id: job for job in scheduler.get_jobs()}
    assert set(jobs) == {"neu", "gestern", "heute"}
    soon = timedelta(minutes=1)
    assert jobs["neu"].next_run_time - now < soon
    assert jobs["gestern"].next_run_time - now < soon
    assert abs(jobs["heute"].next_run_time - (last["heute"] + timedelta(days=7))) < soon
