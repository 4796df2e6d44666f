"""A result of any length is streamed in flat memory, in a process of its own."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

from aggregator.index.directory import open_writer

OFFERS = 12_000
LONG = "Beratung und Begleitung für Familien, Montag bis Freitag, auch am Abend. " * 25

STREAM = """
import sys
from pathlib import Path
from sqlmodel import create_engine
from aggregator.index import tantivy_engine
from aggregator.index.base import Query
from aggregator.index.directory import open_searcher
from api.offers import _every

tantivy_engine._MOST_BYTES = 1_000_000  # of offers that are remembered: a bound, not a stream
searcher = open_searcher(Path(sys.argv[1]))

def own() -> int:
    status = Path("/proc/self/status").read_text()
    return next(int(line.split()[1]) for line in status.splitlines() if line.startswith("RssAnon"))

sent = lines = most = 0
for line in _every(create_engine("sqlite://"), searcher, Query("Beratung")):
    sent, lines = sent + len(line), lines + 1
    if lines == 2_000:
        first = own()
    if lines % 500 == 0:
        most = max(most, own())
print(lines, sent // 1024, most - first)
"""


def test_a_stream_of_any_length_takes_no_more_memory(tmp_path: Path) -> None:
    with open_writer(tmp_path) as writer:
        writer.apply(
            (
                {
                    "id": f"offer-{n}", "title": f"Beratung {n}", "description": LONG,
                    "sources": ["s"], "complete_until": "2999-01-01",
                }
                for n in range(OFFERS)
            ),
            (),
            1,
        )  # fmt: skip
    told = subprocess.run(
        [sys.executable, "-c", STREAM, str(tmp_path)],
        check=False,
        capture_output=True,
        text=True,
        timeout=300,
    )
    assert told.returncode == 0, told.stderr
    lines, sent, grown = map(int, told.stdout.split())
    assert lines == OFFERS
    assert sent > 20_000  # KiB
    assert grown < 8_000, f"{grown} KiB more for {sent} KiB sent"
