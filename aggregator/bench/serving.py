"""Serves the made site from a process of its own: `python -m aggregator.bench.serving COUNT`.

The first line of its output is its port; it ends when its standard input does.
"""

from __future__ import annotations

import asyncio
import sys
import threading
from contextlib import suppress
from functools import lru_cache

from aggregator.bench.pages import address, make_page, number_of

_KEPT = 3_000  # pages made beforehand, so that making them costs no measurement
_NONE = b"HTTP/1.1 404 Not Found\r\nContent-Type: text/plain\r\nContent-Length: 4\r\n\r\nnone"


class _Site:
    """Answers one request after the other on each connection (RFC 9112), GET alone."""

    def __init__(self, count: int) -> None:
        self.count = count
        self.answer = lru_cache(maxsize=_KEPT)(self._answer)
        for number in range(min(count, _KEPT)):
            self.answer(address(number))

    def _answer(self, path: str) -> bytes:
        number = number_of(path)
        if number is None or number >= self.count:
            return _NONE
        body = make_page(number, self.count).encode()
        head = "HTTP/1.1 200 OK\r\nContent-Type: text/html; charset=utf-8\r\n"
        return f"{head}Content-Length: {len(body)}\r\n\r\n".encode() + body

    async def talk(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        with suppress(ConnectionError, asyncio.IncompleteReadError):
            while True:
                request = await reader.readuntil(b"\r\n\r\n")
                writer.write(self.answer(request.split(b" ", 2)[1].decode("ascii", "replace")))
                await writer.drain()
        writer.close()


async def _serve(count: int) -> None:
    server = await asyncio.start_server(_Site(count).talk, "127.0.0.1", 0)
    sys.stdout.write(f"{server.sockets[0].getsockname()[1]}\n")
    sys.stdout.flush()
    loop, ended = asyncio.get_running_loop(), asyncio.Event()

    def wait() -> None:
        sys.stdin.read()
        loop.call_soon_threadsafe(ended.set)

    threading.Thread(target=wait, daemon=True).start()
    await ended.wait()
    server.close()


if __name__ == "__main__":
    asyncio.run(_serve(int(sys.argv[1])))
