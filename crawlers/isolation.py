"""Reading what may be a bomb in a process of its own, with limits of time and memory.

A PDF or a workbook of a few kilobytes can unfold to gigabytes, or keep its parser busy for hours;
neither parser can be stopped from inside. What goes wrong in the child costs that one document.
"""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Mapping
from typing import Any

SECONDS = 15
"""Processor time that one document may cost; a brochure of a hundred pages takes a third of it."""
_GRACE = 45  # seconds by the clock beyond that: a busy machine is no bomb
_MIB = 1024 * 1024
MEMORY: Mapping[str, int] = {"crawlers.brochure": 1_024 * _MIB, "crawlers.workbook": 384 * _MIB}
"""Bytes of address space of the process in which a module reads.

The largest list that is read, 10,000 rows of 60 cells, takes 190 MiB.
"""
SAID_WHY = 3
"""Exit code of a reading process that tells on standard error why it cannot read."""
_ANSWER = 32_000_000  # bytes of JSON


class UnreadableError(Exception):
    """A document as a whole cannot be read within its limits; the message says why."""


def read_apart(module: str, body: bytes, seconds: int = SECONDS) -> Any:  # noqa: ANN401 - any JSON
    """What `read` of a module makes of a document, computed apart; JSON in, JSON out.

    Raises UnreadableError where it takes too long or too much memory, or says itself that the
    document cannot be read.
    """
    command = [sys.executable, "-m", "crawlers.isolated", module, str(seconds)]
    try:
        done = subprocess.run(  # noqa: S603 - our own module, no shell
            command, input=body, capture_output=True, timeout=seconds + _GRACE, check=False
        )
    except subprocess.TimeoutExpired as error:
        raise UnreadableError(f"took longer than {seconds + _GRACE} seconds") from error
    if done.returncode == SAID_WHY:
        raise UnreadableError(done.stderr.decode("utf-8", "replace").strip()[-300:])
    if done.returncode or len(done.stdout) > _ANSWER:
        raise UnreadableError(
            f"took more than {seconds} seconds of processor time or "
            f"{MEMORY[module] // _MIB} MiB of memory"
        )
    return json.loads(done.stdout)
