"""How verbs speak to people."""

from __future__ import annotations

import sys

from rich.console import Console

_PLAIN_WIDTH = 160  # columns where nobody knows how wide the reader's window is


def console(*, stderr: bool = False) -> Console:
    """A console as wide as the terminal; wide enough for a table where there is none."""
    stream = sys.stderr if stderr else sys.stdout
    return Console(stderr=stderr, width=None if stream.isatty() else _PLAIN_WIDTH)
