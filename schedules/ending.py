"""Being told to end, by SIGTERM or SIGINT."""

from __future__ import annotations

import os
import select
import signal
import socket
import time
from collections.abc import Callable
from types import FrameType
from typing import Protocol


class Stopping(Protocol):
    """Whether it is time to end, as a `threading.Event` tells it."""

    def is_set(self) -> bool:
        """Whether it is."""

    def wait(self, timeout: float | None = None) -> bool:
        """Wait until it is, or for so many seconds; whether it is."""


class Ending:
    """Set once the process is told to end. Made by the main thread, which alone waits for it.

    A second signal does not wait: it ends the process at once, with 128 and its number.
    """

    def __init__(self, then: Callable[[], object] | None = None) -> None:
        """What has to happen right away happens in `then`."""
        self._asked, self._then = False, then
        # The kernel may give a signal to any thread, and then none of it is heard where the main
        # one waits for a lock: what it reads from is written to whoever got it.
        self._heard, self._told = socket.socketpair()
        self._told.setblocking(False)
        signal.set_wakeup_fd(self._told.fileno())
        signal.signal(signal.SIGTERM, self._stop)
        signal.signal(signal.SIGINT, self._stop)

    def is_set(self) -> bool:
        """Whether the process was told to end."""
        return self._asked

    def wait(self, timeout: float | None = None) -> bool:
        """Wait until it is told, or for so many seconds; whether it was."""
        until = None if timeout is None else time.monotonic() + timeout
        while not self._asked:
            left = None if until is None else until - time.monotonic()
            if left is not None and left <= 0:
                break
            if select.select([self._heard], [], [], left)[0]:
                self._heard.recv(1)
        return self._asked

    def _stop(self, number: int, _frame: FrameType | None) -> None:
        if self._asked:
            os._exit(128 + number)
        self._asked = True
        if self._then:
            self._then()
