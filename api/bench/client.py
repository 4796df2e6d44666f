"""A client for measurements: several connections, each asks again when it was answered."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

_LENGTH = b"content-length:"
_PART = 1 << 16  # bytes


@dataclass(frozen=True, slots=True)
class Rate:
    """What a server did: answers a second, and milliseconds until an answer was there."""

    per_second: float
    p50: float
    p95: float
    p99: float
    slowest: float
    answers: int
    failed: int
    """Answers of another status than wanted."""
    cpu: float = 0.0
    """Milliseconds of the server's processor that an answer took in the mean: whatever else runs
    on the machine makes `per_second` less, and not this."""
    dearest: float = 0.0
    """The same of the answer that took most; 0 where several were asked at once."""


Clock = Callable[[], float]
"""Seconds of processor that a server has used so far."""


async def drive(  # noqa: PLR0913, PLR0917 - whom to ask what, how long, and what to expect
    port: int,
    request: Callable[[int], bytes],
    seconds: float,
    connections: int,
    wanted: bytes = b" 200 ",
    clock: Clock = lambda: 0.0,
) -> Rate:
    """Ask for so long over so many connections; `request` gives the bytes of the n-th request."""
    took: list[float] = []
    used = clock()
    failed = 0
    number = 0
    begun = time.perf_counter()
    end = begun + seconds

    async def talk() -> None:
        nonlocal number, failed
        reader, writer = await asyncio.open_connection("127.0.0.1", port)
        while time.perf_counter() < end:
            number += 1
            at = time.perf_counter()
            writer.write(request(number))
            head = await answered(reader)
            took.append(time.perf_counter() - at)
            failed += wanted not in head[:16]
        writer.close()

    await asyncio.gather(*(talk() for _ in range(connections)))
    lasted = time.perf_counter() - begun
    return replace(_rate(took, lasted, failed), cpu=_each(clock() - used, took))


async def once(port: int, requests: Sequence[bytes], clock: Clock = lambda: 0.0) -> Rate:
    """Ask each of these once over one connection; any status below 500 is well."""
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    took: list[float] = []
    failed = 0
    used, dearest = clock(), 0.0
    begun = used
    for request in requests:
        if reader.at_eof() or writer.is_closing():  # the server closes where it refuses
            reader, writer = await asyncio.open_connection("127.0.0.1", port)
        at = time.perf_counter()
        writer.write(request)
        head = await answered(reader)
        took.append(time.perf_counter() - at)
        failed += head.split(b" ", 2)[1] >= b"500"
        if b"connection: close" in head.lower():
            writer.close()
        now = clock()
        dearest, used = max(dearest, 1_000 * (now - used)), now
    writer.close()
    cpu = _each(used - begun, took)
    return replace(_rate(took, sum(took), failed), cpu=cpu, dearest=dearest)


async def answered(reader: asyncio.StreamReader, heard: Callable[[], None] = lambda: None) -> bytes:
    """Read one answer to a GET to its end; its status line and headers (RFC 9112, 6.3).

    Calls `heard` whenever a part of it has come.
    Raises IncompleteReadError where the connection ends before.
    """
    head = await reader.readuntil(b"\r\n\r\n")
    heard()
    if b"transfer-encoding: chunked" in head.lower():
        while length := int((await reader.readuntil(b"\r\n")).partition(b";")[0], 16):
            await _skip(reader, length + 2, heard)
        await reader.readuntil(b"\r\n")
    else:
        await _skip(reader, _length(head), heard)
    return head


async def _skip(reader: asyncio.StreamReader, length: int, heard: Callable[[], None]) -> None:
    """Take so many bytes without holding them all: a download may have hundreds of megabytes."""
    while length:
        part = await reader.read(min(length, _PART))
        if not part:
            raise asyncio.IncompleteReadError(b"", length)
        heard()
        length -= len(part)


def get(path: str, port: int, *headers: str) -> bytes:
    """The bytes of a GET request."""
    lines = (f"GET {path} HTTP/1.1", f"Host: 127.0.0.1:{port}", *headers, "", "")
    return "\r\n".join(lines).encode()


def _rate(took: list[float], lasted: float, failed: int) -> Rate:
    took.sort()
    p50, p95, p99 = (1_000 * quantile(took, p) for p in (0.5, 0.95, 0.99))
    slowest = 1_000 * took[-1] if took else 0.0
    return Rate(len(took) / lasted, p50, p95, p99, slowest, len(took), failed)


def _each(used: float, took: Sequence[float]) -> float:
    return 1_000 * used / len(took) if took else 0.0


def _length(head: bytes) -> int:
    low = head.lower()
    at = low.find(_LENGTH)
    return int(low[at + len(_LENGTH) : low.index(b"\r\n", at)]) if at >= 0 else 0


def quantile(ordered: Sequence[float], share: float) -> float:
    """The value that such a share of ordered ones does not exceed; 0 where there is none."""
    return ordered[min(len(ordered) - 1, int(len(ordered) * share))] if ordered else 0.0
