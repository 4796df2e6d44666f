"""The crawl's side of a process that reads (`crawlers.reader`)."""

from __future__ import annotations

import asyncio
import logging
import pickle
import sys
from asyncio.subprocess import PIPE, Process
from collections import deque
from contextlib import suppress
from dataclasses import dataclass
from fcntl import F_SETPIPE_SZ, fcntl
from pathlib import Path

from crawlers.failure import Failure
from crawlers.message import LENGTH, ToJoin, ToRead, WasRead, packed

logger = logging.getLogger(__name__)

_PIPE = 1 << 20  # bytes; Linux gives 64 KiB, which is hardly a page
SECONDS = 120.0
"""The longest that one page may take to read; a PDF has limits of its own below it."""


@dataclass(slots=True)
class _Question:
    message: ToRead | ToJoin
    answer: asyncio.Future[WasRead | int]
    since: float
    """When the process could turn to it, in seconds of the loop."""


class ReaderProcess:
    """Sends pages to read and gives what was read of each, in any number at once.

    A page that is not read in time, or that ends the process, is named as failed; the process is
    started anew, and the pages behind it are read by that one.
    """

    def __init__(self, folder: Path, seconds: float = SECONDS) -> None:
        self.folder, self.seconds = folder, seconds
        self._process: Process | None = None
        self._waiting: deque[_Question] = deque()
        self._listener: asyncio.Task[None] | None = None
        self._starting = asyncio.Lock()

    async def read(self, asked: ToRead) -> WasRead:
        """What became of a page."""
        found = await self._ask(asked)
        assert isinstance(found, WasRead)  # noqa: S101 - pages are answered so
        return found

    async def join(self, *, keep: bool) -> int:
        """Join the records of the run; how many there are.

        Raises ChildProcessError where the process ended before: then the run is broken.
        """
        count = await self._ask(ToJoin(keep))
        assert isinstance(count, int)  # noqa: S101 - so is this
        return count

    @property
    def waiting(self) -> int:
        """How many pages it was sent that are not read yet."""
        return len(self._waiting)

    @property
    def started(self) -> bool:
        """True once there is a process."""
        return self._process is not None

    async def start(self) -> None:
        """Start the process now, so that it is there when the first page comes."""
        async with self._starting:
            if self._process is None:
                await self._start()

    async def end(self) -> None:
        """End the process, which has answered everything."""
        if self._listener is not None:
            self._listener.cancel()
            await asyncio.wait({self._listener})
        if self._process is not None and self._process.stdin is not None:
            self._process.stdin.close()
            await self._process.communicate()  # the other pipe is at its end, then it has ended

    async def _ask(self, message: ToRead | ToJoin) -> WasRead | int:
        loop = asyncio.get_running_loop()
        question = _Question(message, loop.create_future(), loop.time())
        async with self._starting:
            process = self._process or await self._start()
            _send(process, message)  # first: what cannot be sent is never answered
            self._waiting.append(question)
        return await question.answer

    async def _start(self) -> Process:
        self._process = process = await asyncio.create_subprocess_exec(
            sys.executable, "-m", "crawlers.reader", str(self.folder), stdin=PIPE, stdout=PIPE
        )
        _widen(process)
        self._listener = asyncio.create_task(self._listen(process))
        return process

    async def _listen(self, process: Process) -> None:
        """Hand the answers out, in the order of the questions."""
        assert process.stdout is not None  # noqa: S101 - it is a pipe
        loop = asyncio.get_running_loop()
        pending = asyncio.create_task(_received(process.stdout))
        try:
            while True:
                done, _ = await asyncio.wait({pending}, timeout=self.seconds / 4)
                if not done and not self._overdue(loop.time()):
                    continue
                if not done or pending.exception() is not None:
                    break
                answer = pickle.loads(pending.result())  # noqa: S301 - ours
                self._waiting.popleft().answer.set_result(answer)
                if self._waiting:
                    self._waiting[0].since = loop.time()
                pending = asyncio.create_task(_received(process.stdout))
        finally:
            if not pending.done():
                pending.cancel()
                await asyncio.wait({pending})
        await self._restart(process, timed_out=not done)

    def _overdue(self, now: float) -> bool:
        """Whether a page takes too long; joining takes as long as it takes."""
        if not self._waiting or isinstance(self._waiting[0].message, ToJoin):
            return False
        return now - self._waiting[0].since > self.seconds

    async def _restart(self, process: Process, *, timed_out: bool) -> None:
        """Give up the page that is at fault and read the others in a new process."""
        if process.returncode is None:
            process.kill()
        code = await process.wait()
        why = f"took longer than {self.seconds:g} seconds" if timed_out else f"ended with {code}"
        async with self._starting:
            if self._waiting:
                question = self._waiting.popleft()
                if isinstance(question.message, ToJoin):
                    question.answer.set_exception(ChildProcessError(f"joining records {why}"))
                else:
                    logger.error("%s: its reader %s", question.message.page.url, why)
                    question.answer.set_result(WasRead(Failure.PARSE, f"its reader {why}"))
            self._process = None
            if self._waiting:
                fresh = await self._start()
                for question in self._waiting:
                    question.since = asyncio.get_running_loop().time()
                    _send(fresh, question.message)


def _widen(process: Process) -> None:
    """Let some pages lie in the pipe: the reader need not wait until we turn to the next one."""
    if sys.platform == "linux":
        assert process.stdin is not None  # noqa: S101 - it is a pipe
        with suppress(OSError):  # more than this user may have
            fcntl(process.stdin.get_extra_info("pipe"), F_SETPIPE_SZ, _PIPE)


def _send(process: Process, message: ToRead | ToJoin) -> None:
    assert process.stdin is not None  # noqa: S101 - it is a pipe
    process.stdin.write(packed(message))


async def _received(pipe: asyncio.StreamReader) -> bytes:
    return await pipe.readexactly(LENGTH.unpack(await pipe.readexactly(LENGTH.size))[0])
