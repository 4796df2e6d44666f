"""Machines: network namespaces of the test's own, or loopback addresses where it may make none."""

from __future__ import annotations

import os
import random
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path

_INSIDE = "NETZLOTSE_CLUSTER_INSIDE"
_UNSHARE = ("unshare", "--net", "--mount", "--pid", "--fork", "--kill-child", "--mount-proc")
CLOCKS = ("/usr/lib/x86_64-linux-gnu/faketime/libfaketime.so.1",
          "/usr/lib/aarch64-linux-gnu/faketime/libfaketime.so.1")  # fmt: skip
"""Where Debian's `faketime` puts what tells a process another time."""


def isolate(arguments: Sequence[str]) -> None:
    """Go on inside namespaces of one's own, where networks and file systems can be made and cut.

    Everything in there ends with the process that went in, whatever ends that. Returns (still
    outside) where the rights are missing: then machines are loopback addresses.
    """
    if os.environ.get(_INSIDE):
        _bury_orphans()
        return
    if subprocess.run([*_UNSHARE, "true"], check=False, capture_output=True).returncode:
        return
    os.environ[_INSIDE] = "1"
    os.execvp(_UNSHARE[0], [*_UNSHARE, sys.executable, *arguments])  # noqa: S606


def _bury_orphans() -> None:
    """Go on in a child, while the first process of the namespace takes leave of whoever ends there.

    A server that was started by another program and killed stays in the table of processes until
    somebody does, and everybody who looks takes it for alive.
    """
    child = os.fork()
    if not child:
        return
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # the child tidies up
    ended, status = 0, 0
    while ended != child:
        ended, status = os.wait()
    os._exit(abs(os.waitstatus_to_exitcode(status)))


@dataclass
class Process:
    """One process of a machine; while it is `wanted`, it is started again when it dies."""

    name: str
    command: Sequence[str]
    environment: Mapping[str, str]
    told: Mapping[str, str]
    """The environment as it is on this machine, its clock included."""
    log: Path
    machine: Machine
    popen: subprocess.Popen[bytes] | None = None
    starts: int = 0
    wanted: bool = True

    def start(self) -> None:
        """Start it (again) in a session of its own; what it says is appended to its log."""
        self.starts += 1
        with self.log.open("ab") as log:
            self.popen = subprocess.Popen(
                [*self.machine.inside, *self.command], env=dict(self.told), stdout=log,
                stderr=log, stdin=subprocess.DEVNULL, start_new_session=True,
            )  # fmt: skip

    @property
    def alive(self) -> bool:
        return self.popen is not None and self.popen.poll() is None

    def kill(self, number: int = signal.SIGKILL) -> None:
        """Send a signal to it and to nobody else, as the kernel's out-of-memory killer does."""
        assert self.popen is not None
        self.popen.send_signal(number)
        if number == signal.SIGKILL:
            self.popen.wait()

    def end(self) -> None:
        """End it with all that it started."""
        if self.popen is None:
            return
        with suppress(ProcessLookupError):
            os.killpg(self.popen.pid, signal.SIGKILL)
        self.popen.wait()

    @property
    def children(self) -> list[int]:
        """Its children (crawls), eldest first."""
        assert self.popen is not None
        return _children(self.popen.pid)


def _children(pid: int) -> list[int]:
    """Those of all of its threads: each knows of its own alone (proc(5), task/tid/children)."""
    found: list[int] = []
    for thread in Path(f"/proc/{pid}/task").glob("*/children"):
        with suppress(OSError):
            found += map(int, thread.read_text().split())
    return sorted(found)


@dataclass
class Machine:
    """A machine with an address, a data folder, and processes that are started again when they die.

    `clock` is what its clock is wrong by, as libfaketime wants it ("+1d", "-3h").
    """

    name: str
    address: str
    home: Path
    inside: tuple[str, ...] = ()
    clock: str = ""
    processes: dict[str, Process] = field(default_factory=dict)

    @property
    def data(self) -> Path:
        return self.home / "data"

    def run(self, name: str, command: Sequence[str], environment: Mapping[str, str]) -> Process:
        """Start a process that is to be there from now on."""
        self.home.mkdir(parents=True, exist_ok=True)
        told = dict(environment)
        if self.clock:
            library = next(path for path in CLOCKS if Path(path).exists())
            # The monotonic clock goes on as it is: a wrong wall clock does not change that.
            told |= {"LD_PRELOAD": library, "FAKETIME": self.clock,
                     "FAKETIME_DONT_FAKE_MONOTONIC": "1", "FAKETIME_NO_CACHE": "1"}  # fmt: skip
        process = Process(name, command, environment, told, self.home / f"{name}.log", self)
        self.processes[name] = process
        process.start()
        return process

    def again(self, name: str) -> None:
        """Start one of its processes anew, by the clock that the machine has now."""
        known = self.processes[name]
        self.run(name, known.command, known.environment)

    def end(self) -> None:
        for process in self.processes.values():
            process.wanted = False
            process.end()


class Network:
    """The machines, and a wire from each to all others."""

    def __init__(self, home: Path) -> None:
        self.home = home
        self.machines: dict[str, Machine] = {}
        self.isolated = bool(os.environ.get(_INSIDE))
        loopback = f"127.{random.randint(1, 254)}.{random.randint(0, 254)}"
        self._net = "10.77.0" if self.isolated else loopback
        self._mounted: list[Path] = []
        if self.isolated:
            Path("/run/netns").mkdir(exist_ok=True)
            for line in (
                "mount -t tmpfs tmpfs /run/netns",
                "ip link set lo up",
                "ip link add wire type bridge",
                f"ip addr add {self._net}.1/24 dev wire",
                "ip link set wire up",
            ):
                _do(line)

    def machine(self, name: str) -> Machine:
        """Add a machine."""
        number = len(self.machines) + 2
        made = Machine(name, f"{self._net}.{number}", self.home / name)
        if self.isolated:
            made.inside = ("ip", "netns", "exec", name)
            for line in (
                f"ip netns add {name}",
                f"ip link add v{number} type veth peer name eth0 netns {name}",
                f"ip link set v{number} master wire up",
                f"ip -n {name} link set lo up",
                f"ip -n {name} addr add {made.address}/24 dev eth0",
                f"ip -n {name} link set eth0 up",
            ):
                _do(line)
        made.home.mkdir(parents=True)
        self.machines[name] = made
        return made

    def cut(self, machine: Machine) -> None:
        """Cut a machine's wire: packets vanish. Without namespaces its processes are stopped."""
        if self.isolated:
            _do(f"ip link set v{machine.address.rpartition('.')[2]} down")
        else:
            for process in machine.processes.values():
                if process.alive:
                    process.kill(signal.SIGSTOP)

    def mend(self, machine: Machine) -> None:
        """Plug it in again."""
        if self.isolated:
            _do(f"ip link set v{machine.address.rpartition('.')[2]} up")
        else:
            for process in machine.processes.values():
                if process.alive:
                    process.kill(signal.SIGCONT)

    def part(self, one: Machine, other: Machine, *, again: bool = False) -> None:
        """Let packets of `one` to `other` vanish, and nothing else (or let them through again)."""
        what = "del" if again else "add"
        _do(f"ip -n {one.name} route {what} blackhole {other.address}/32")

    def small_disk(self, folder: Path, megabytes: int) -> None:
        """Put a file system of so many megabytes at a folder."""
        folder.mkdir(parents=True, exist_ok=True)
        _do(f"mount -t tmpfs -o size={megabytes}m tmpfs {folder}")
        self._mounted.append(folder)

    def close(self) -> None:
        for machine in self.machines.values():
            machine.end()
        for folder in self._mounted:
            subprocess.run(["umount", "-l", str(folder)], check=False)


def fill(folder: Path) -> Path:
    """Fill a file system to the last byte; the file that does."""
    filler = folder / "filler"
    with filler.open("wb", buffering=0) as file:
        for size in (1 << 20, 1 << 12):
            try:
                while file.write(bytes(size)) == size:
                    pass
            except OSError:
                continue
    return filler


def home() -> Path:
    """A folder for a cluster, that others may look into (PostgreSQL runs as another user)."""
    folder = Path(tempfile.mkdtemp(prefix="netzlotse-cluster-"))
    folder.chmod(0o755)
    return folder


def wait_for(
    what: str, condition: Callable[[], object], seconds: float, every: float = 0.1
) -> float:
    """Wait until something holds; the seconds that took. Raises TimeoutError, which names it."""
    begun = time.monotonic()
    while not condition():
        if time.monotonic() - begun > seconds:
            raise TimeoutError(f"not within {seconds:.0f} s: {what}")
        time.sleep(every)
    return time.monotonic() - begun


def _do(line: str) -> None:
    done = subprocess.run(line.split(), check=False, capture_output=True, text=True)
    if done.returncode:
        raise OSError(f"{line}: {done.stderr.strip()}")


def remove(folder: Path) -> None:
    shutil.rmtree(folder, ignore_errors=True)
