"""How much memory a process and all that it started hold together, at most."""

from __future__ import annotations

import threading
from pathlib import Path

_EVERY = 0.1
"""Seconds between two looks."""


class Watch:
    """Looks at a process until it ended; `peak_mib` is the most that its tree held at one look.

    The peak that `wait4` tells is no measure of it: Linux counts what the parent held when it
    started the child, and of several processes only the largest.
    """

    def __init__(self, pid: int) -> None:
        self.peak_mib = 0.0
        self._over = threading.Event()
        self._thread = threading.Thread(target=self._look, args=(pid,), daemon=True)
        self._thread.start()

    def end(self) -> float:
        """Stop looking; the peak in MiB."""
        self._over.set()
        self._thread.join()
        return self.peak_mib

    def _look(self, pid: int) -> None:
        while True:
            self.peak_mib = max(self.peak_mib, resident_mib(pid))
            if self._over.wait(_EVERY):
                return


def resident_mib(pid: int) -> float:
    """What a process and its descendants hold in memory now, in MiB; 0 where it is gone."""
    try:
        lines = Path(f"/proc/{pid}/status").read_text("ascii", "replace").splitlines()
        threads = list(Path(f"/proc/{pid}/task").iterdir())
        children = [one for t in threads for one in (t / "children").read_text("ascii").split()]
    except OSError:
        return 0.0
    own = next((int(line.split()[1]) / 1024 for line in lines if line.startswith("VmRSS:")), 0.0)
    return own + sum(resident_mib(int(child)) for child in children)
