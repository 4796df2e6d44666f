"""One connection of a client, with an end to its patience: slow clients hold no place for long.

The server itself waits without end for the rest of a request, and for a client that does not read
its answer; a thousand such connections would be all that a process can hold (slowloris).
"""

from __future__ import annotations

import asyncio
import resource
import time
from typing import Any

import h11
from uvicorn.protocols.http.h11_impl import H11Protocol

ARRIVED = "netzlotse.arrived"
"""Key in a scope's `state`: when its request arrived, by `time.monotonic`."""

_MOST = 2_000
"""Connections of one process; beyond, a new one is closed at once."""
_BESIDE = 500
"""Files beside them: record, index, what is downloaded."""
_BOTH = {b"content-length", b"transfer-encoding"}
_LONGEST_HEAD = 256 * 1024
"""Bytes of a request line with its headers: a long one is read to its end, so that the answer can
say what is wrong with it."""
_TIMEOUT = (
    b"HTTP/1.1 408 Request Timeout\r\nConnection: close\r\nContent-Length: 0\r\n"
    b"Cache-Control: no-store\r\n\r\n"
)


def make_room() -> None:
    """Let this process hold the connections that it takes, as far as the system lets it.

    Many grant 1,024 files where nobody asks for more; beyond, who comes would wait unanswered until
    somebody leaves.
    """
    granted, most = resource.getrlimit(resource.RLIMIT_NOFILE)
    wanted = _MOST + _BESIDE if most == resource.RLIM_INFINITY else min(_MOST + _BESIDE, most)
    if granted < wanted:
        resource.setrlimit(resource.RLIMIT_NOFILE, (wanted, most))


class _OneEnd(h11.Connection):
    """Refuses a request that tells its end twice, as a length and in chunks.

    Who stands before us may believe the one, we the other, and what is a body there would be the
    next visitor's request here (RFC 9112, 6.1, which lets a server refuse it).
    """

    def next_event(self) -> type[h11.NEED_DATA | h11.PAUSED] | h11.Event:
        """The next event."""
        event = super().next_event()
        if isinstance(event, h11.Request) and {name for name, _ in event.headers} >= _BOTH:
            raise h11.RemoteProtocolError("a length and chunks")
        return event


class BoundedConnection(H11Protocol):
    """Closes a connection that takes too long to ask, or to take what it asked for."""

    to_ask = 20.0
    """Seconds within which a request is there whole, its body too (RFC 9110, 15.5.9)."""
    to_read = 60.0
    """Seconds within which a client takes what makes room again: 48 KiB, a quarter of a MiB where
    it downloads."""

    _asking: asyncio.TimerHandle | None = None
    _reading: asyncio.TimerHandle | None = None

    def __init__(self, *args: Any, **kwargs: Any) -> None:  # noqa: ANN401 - the server's own
        super().__init__(*args, **kwargs)
        self.conn = _OneEnd(h11.SERVER, _LONGEST_HEAD)
        self.app_state = dict(self.app_state)  # of this connection, for when its request arrived

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        """Take the connection, where there is room, and wait for its request."""
        super().connection_made(transport)
        if len(self.connections) > _MOST:
            transport.abort()
            return
        self._watch()

    def data_received(self, data: bytes) -> None:
        """Read on; the clock runs from the first byte that was waited for."""
        self.app_state[ARRIVED] = time.monotonic()
        super().data_received(data)
        self._watch()

    def on_response_complete(self) -> None:
        """Turn to what was sent in advance: its waiting begins now."""
        self.app_state[ARRIVED] = time.monotonic()
        super().on_response_complete()

    def pause_writing(self) -> None:
        """The client does not keep up."""
        super().pause_writing()
        self._reading = self.loop.call_later(self.to_read, self.transport.abort)

    def resume_writing(self) -> None:
        """The client took what waited."""
        super().resume_writing()
        if self._reading:
            self._reading.cancel()

    def connection_lost(self, exc: Exception | None) -> None:
        """Stop both clocks."""
        for clock in (self._asking, self._reading):
            if clock:
                clock.cancel()
        super().connection_lost(exc)

    def _watch(self) -> None:
        if self.conn.their_state in {h11.IDLE, h11.SEND_BODY}:
            self._asking = self._asking or self.loop.call_later(self.to_ask, self._give_up)
        elif self._asking:
            self._asking.cancel()
            self._asking = None

    def _give_up(self) -> None:
        if self.conn.our_state in {h11.IDLE, h11.SEND_RESPONSE} and not self.transport.is_closing():
            self.transport.write(_TIMEOUT)
        self.transport.close()
