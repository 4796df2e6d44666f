"""How often one address may do a thing that costs: remembered for minutes, in memory only."""

from __future__ import annotations

import time
from collections import deque
from collections.abc import Callable
from threading import Lock

from api.clients import mark

_MOST = 10_000
"""So many addresses are remembered; beyond, the oldest are forgotten first."""


class Throttle:
    """At most `limit` acts within `seconds` for each address.

    No address is kept (see `api.clients`).
    """

    def __init__(
        self, limit: int, seconds: float, clock: Callable[[], float] = time.monotonic
    ) -> None:
        self.limit, self.seconds, self._clock = limit, seconds, clock
        self._acts: dict[bytes, deque[float]] = {}
        self._lock = Lock()

    def wait(self, address: str) -> int:
        """Seconds until this address may act again; 0 where it may now."""
        now = self._clock()
        with self._lock:
            acts = self._fresh(mark(address), now)
            if len(acts) < self.limit:
                return 0
            return max(1, int(acts[0] + self.seconds - now) + 1)

    def count(self, address: str) -> None:
        """Note an act."""
        client, now = mark(address), self._clock()
        with self._lock:
            acts = self._fresh(client, now)
            acts.append(now)
            self._acts.pop(client, None)
            self._acts[client] = acts
            while len(self._acts) > _MOST:
                del self._acts[next(iter(self._acts))]

    def forget(self, address: str) -> None:
        """Let an address begin anew."""
        with self._lock:
            self._acts.pop(mark(address), None)

    def _fresh(self, client: bytes, now: float) -> deque[float]:
        acts = self._acts.get(client) or deque()
        while acts and acts[0] <= now - self.seconds:
            acts.popleft()
        return acts
