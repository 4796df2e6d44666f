"""How often one address may do a thing that costs: remembered for minutes, in memory only."""

from __future__ import annotations

import hashlib
import hmac
import ipaddress
import secrets
import time
from collections import deque
from collections.abc import Callable
from threading import Lock

_MOST = 10_000
"""So many addresses are remembered; beyond, the oldest are forgotten first."""


class Throttle:
    """At most `limit` acts within `seconds` for each address.

    No address is kept: what is remembered is its hash under a key that is made anew at each start
    and never leaves the process. An IPv6 address counts as its /64, which one subscriber holds
    whole.
    """

    def __init__(
        self, limit: int, seconds: float, clock: Callable[[], float] = time.monotonic
    ) -> None:
        self.limit, self.seconds, self._clock = limit, seconds, clock
        self._key = secrets.token_bytes(32)
        self._acts: dict[bytes, deque[float]] = {}
        self._lock = Lock()

    def wait(self, address: str) -> int:
        """Seconds until this address may act again; 0 where it may now."""
        now = self._clock()
        with self._lock:
            acts = self._fresh(self._mark(address), now)
            if len(acts) < self.limit:
                return 0
            return max(1, int(acts[0] + self.seconds - now) + 1)

    def count(self, address: str) -> None:
        """Note an act."""
        mark, now = self._mark(address), self._clock()
        with self._lock:
            acts = self._fresh(mark, now)
            acts.append(now)
            self._acts.pop(mark, None)
            self._acts[mark] = acts
            while len(self._acts) > _MOST:
                del self._acts[next(iter(self._acts))]

    def forget(self, address: str) -> None:
        """Let an address begin anew."""
        with self._lock:
            self._acts.pop(self._mark(address), None)

    def _fresh(self, mark: bytes, now: float) -> deque[float]:
        acts = self._acts.get(mark) or deque()
        while acts and acts[0] <= now - self.seconds:
            acts.popleft()
        return acts

    def _mark(self, address: str) -> bytes:
        try:
            ip = ipaddress.ip_address(address)
        except ValueError:
            said = address
        else:
            said = str(ipaddress.ip_network((ip, 64), strict=False)) if ip.version == 6 else str(ip)
        return hmac.digest(self._key, said.encode(), hashlib.sha256)
