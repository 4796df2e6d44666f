"""The index folder: generations, the pointer to the current one, and who may write.

    <folder>/lock            held by the one writer
    <folder>/current         name of the generation that readers use, swapped by a rename
    <folder>/g-000001/       files of the engine
    <folder>/g-000001/state.json   what it was built with, and the last change in it

A commit of the engine is atomic and comes before the new `state.json`: after a crash between them
the index holds more than it says, and applying the same changes again repairs that.
"""

from __future__ import annotations

import fcntl
import hashlib
import json
import os
import shutil
import threading
import time
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import asdict, dataclass
from datetime import date, datetime
from pathlib import Path
from typing import Any, Literal, Protocol

from aggregator.harvest import BERLIN
from aggregator.index import schema, synonyms
from aggregator.index.answer import Geography, Snapshot
from aggregator.index.base import Hit, Hits, Origin, Query, Suggestion
from aggregator.index.engine import Engine
from aggregator.places.places import Gazetteer, load_gazetteer

_POINTER = "current"
_STATE = "state.json"
_PREFIX = "g-"
_FROZEN = ".frozen"
_SMALL = 5_000
"""Offers whose words and names are learnt in no time."""
_GLANCE = 0.005
"""Seconds for which what was seen of the folder holds: one request asks several times."""
_CALM = 30.0
"""Seconds for which a state has to be the newest before it settles: while a crawl publishes, each
lasts a moment."""

EngineName = Literal["tantivy", "fts5"]


@dataclass(frozen=True, slots=True)
class State:
    """What a generation says of itself."""

    schema: str
    analyser: str
    vocabulary: str
    seq: int
    seen: str = ""
    """The latest sight of any listing that the days in it know of (ISO 8601)."""


def read_state(folder: Path) -> State | None:
    """The state of the current generation; None where there is no readable index."""
    generation = _current(folder)
    return _state(generation) if generation else None


@contextmanager
def open_writer(
    folder: Path, engine: EngineName = "tantivy", *, anew: bool = False
) -> Iterator[IndexWriter]:
    """The one writer of an index folder, made if missing; waits for the one before to end.

    It continues the current generation. With `anew`, or where that one is missing, broken, of
    other versions or of another engine, it begins an empty generation beside it (`fresh` is true:
    feed it everything), which readers get when the block ends well and never when it fails.
    """
    folder.mkdir(parents=True, exist_ok=True)
    with _alone(folder):
        current = _current(folder)
        _clear(folder, keep=current)
        state = _state(current) if current and not anew else None
        kind = _engine(engine)
        if current and state and _usable(current, state, kind):
            writer = IndexWriter(current, kind, state.seq, state.seen, fresh=False)
        else:
            writer = IndexWriter(_next(folder, current), kind, 0, "", fresh=True)
        try:
            yield writer
        finally:
            writer.close()
        if writer.fresh and writer.applied:
            _replace(folder / _POINTER, writer.generation.name)
            _clear(folder, keep=writer.generation)


@contextmanager
def frozen(folder: Path, engine: EngineName) -> Iterator[tuple[Path, State] | None]:
    """A copy of the current generation, with its state, that nobody writes; gone in the end.

    None where there is no index that this program could continue. It takes hardly any space where
    the engine never changes a file that it has written.
    """
    copy, kind = folder / _FROZEN, _engine(engine)
    folder.mkdir(parents=True, exist_ok=True)
    shutil.rmtree(copy, ignore_errors=True)
    try:
        with _alone(folder):
            current = _current(folder)
            state = _state(current) if current else None
            if current and state and _usable(current, state, kind):
                duplicate = os.link if kind.writes_once else shutil.copyfile
                copy.mkdir()
                for path in current.iterdir():
                    if path.suffix != ".lock":
                        duplicate(path, copy / path.name)
        yield (copy, state) if state and copy.is_dir() else None
    finally:
        shutil.rmtree(copy, ignore_errors=True)


@contextmanager
def adopting(folder: Path, engine: EngineName) -> Iterator[Path | None]:
    """An empty generation for a copy of another machine's; None where ours can be continued.

    Readers get it when the block ends well and this program can continue what is in it then.
    """
    folder.mkdir(parents=True, exist_ok=True)
    kind = _engine(engine)
    with _alone(folder):
        current = _current(folder)
        _clear(folder, keep=current)
        state = _state(current) if current else None
        if current and state and _usable(current, state, kind):
            yield None
            return
        generation = _next(folder, current)
        try:
            yield generation
            state = _state(generation)
            if state and _usable(generation, state, kind):
                _replace(folder / _POINTER, generation.name)
        finally:
            _clear(folder, keep=_current(folder))


def size_of(folder: Path) -> int:
    """Bytes of all files of an index folder."""
    size = 0
    for file in folder.rglob("*"):
        with suppress(FileNotFoundError):  # its files are swapped while we look
            size += file.stat().st_size if file.is_file() else 0
    return size


def fingerprint(engine: EngineName) -> str:
    """Names what an index is built with: another one, and the files cannot be continued."""
    built = json.dumps(schema.versions(_engine(engine).name), sort_keys=True)
    return hashlib.sha256(built.encode()).hexdigest()[:16]


class IndexWriter:
    """A `Writer` of one generation (see `open_writer`)."""

    def __init__(self, generation: Path, kind: _Kind, seq: int, seen: str, *, fresh: bool) -> None:
        self.generation = generation
        self.seq = seq
        """The last change in it."""
        self.seen = seen
        """See `State`; set it before `apply`."""
        self.fresh = fresh
        self.applied = False
        self._kind = kind
        self._engine: _EngineWriter | None = None

    def apply(
        self,
        upserts: Iterable[dict[str, Any]],
        deletes: Iterable[str],
        seq: int,
        today: date | None = None,
    ) -> None:
        """Replace and delete offers and commit them; `upserts` may be a stream of any length.

        Hours that name dates are read for the year from `today`, the present day if not given.
        """
        if self._engine is None:
            self._engine = self._kind.writer(self.generation)
        day = today or datetime.now(BERLIN).date()
        self._engine.apply((schema.build_entry(offer, day) for offer in upserts), deletes)
        state = State(**schema.versions(self._kind.name), seq=seq, seen=self.seen)
        _replace(self.generation / _STATE, json.dumps(asdict(state)))
        self.seq = seq
        self.applied = True

    def close(self) -> None:
        """Free the engine; what was not committed is gone."""
        if self._engine is not None:
            self._engine.close()
            self._engine = None


def open_searcher(folder: Path, gazetteer: Gazetteer | None = None) -> LiveSearcher:
    """A reader of an index folder, which need not exist yet. It never writes.

    `gazetteer` tells where places are; the shipped one if not given.
    """
    synonyms.table()  # read now, so that the first query need not wait for it
    return LiveSearcher(folder, Geography.of(gazetteer or load_gazetteer()))


class LiveSearcher:
    """A `Searcher` that follows the pointer and the commits of the writer.

    Calls look at two small files, at most every five milliseconds; one that changed makes a new
    snapshot. Safe in threads.
    """

    def __init__(self, folder: Path, geography: Geography) -> None:
        self._folder = folder
        self._geography = geography
        self._turn = threading.Lock()
        self._engine: _EngineReader | None = None
        self._seen: tuple[str, int, int] | None = None
        self._snapshot: Snapshot | None = None
        self._preparing: threading.Thread | None = None
        self._settles = False
        self._settling: threading.Timer | None = None
        self._pointer = str(folder / _POINTER)
        self._pointed: tuple[tuple[int, int], tuple[Path, str] | None] | None = None
        self._glanced = 0.0
        self._current: Snapshot | None = None

    def beside(self, folder: Path) -> LiveSearcher:
        """A reader of another folder, with the same knowledge of places."""
        return LiveSearcher(folder, self._geography)

    def search(self, query: Query) -> Hits:
        """Answer from the newest commit; without an index nothing is found."""
        snapshot = self._newest()
        if snapshot is None:
            return Hits((), 0, {name: {} for name in query.facets}, 0)
        return snapshot.search(query)

    def walk(self, query: Query) -> Iterator[Hit]:
        """All hits of a query, from one commit, however many; nothing without an index."""
        snapshot = self._newest()
        if snapshot is not None:
            yield from snapshot.walk(query)

    def size(self) -> int:
        """How many offers there are."""
        snapshot = self._newest()
        return snapshot.size if snapshot else 0

    def seq(self) -> int:
        """The last change of the newest commit; 0 without an index."""
        snapshot = self._newest()
        return snapshot.seq if snapshot else 0

    def edition(self) -> tuple[str, int, int]:
        """Which commit answers are from; another one differs, also where `seq` does not."""
        self._newest()
        return self._seen or ("", 0, 0)

    def prepare(self) -> None:
        """Learn now what the first answers would wait for; nothing without an index.

        Whoever prepares will be asked much: each state that stays for a while settles.
        """
        if snapshot := self._newest():
            snapshot.prepare()
            self._settle_in(0.0, snapshot)
        self._settles = True

    def readable(self) -> bool:
        """Whether there is an index that this program can read."""
        return self._newest() is not None

    def suggest(self, text: str, limit: int = 8) -> list[Suggestion]:
        """What somebody may be about to type; nothing without an index."""
        snapshot = self._newest()
        return snapshot.suggest(text, limit) if snapshot else []

    def place(self, text: str) -> Origin | None:
        """Where a postcode, a name or "lat,lon" is; None where nothing is known of it."""
        return self._geography.places.find(text)

    def corrected(self, text: str) -> dict[str, str]:
        """For "Meinten Sie": typed word -> known word, for words that no offer has."""
        snapshot = self._newest()
        return snapshot.corrected(text) if snapshot else {}

    def _newest(self) -> Snapshot | None:
        now = time.monotonic()
        if now - self._glanced >= _GLANCE:
            self._current = self._looked()
            self._glanced = now
        return self._current

    def _looked(self) -> Snapshot | None:
        pointed = self._pointed_to()
        if pointed is None:
            return None
        generation, state = pointed
        try:
            written = os.stat(state)  # noqa: PTH116 - each time another file, see `_replace`
        except OSError:
            return self._snapshot
        seen = (generation.name, written.st_mtime_ns, written.st_ino)
        if seen != self._seen:
            # A generation that vanishes meanwhile has a successor: the next call finds it.
            with self._turn, suppress(ValueError, OSError):
                self._load(generation, seen)
        return self._snapshot

    def _pointed_to(self) -> tuple[Path, str] | None:
        """The current generation and the file of its state.

        The pointer is read only where it is another file than before.
        """
        try:
            there = os.stat(self._pointer)  # noqa: PTH116 - on the way of every question
        except OSError:
            return None
        seen = there.st_mtime_ns, there.st_ino
        if self._pointed is None or self._pointed[0] != seen:
            generation = _current(self._folder)
            self._pointed = seen, (generation, str(generation / _STATE)) if generation else None
        return self._pointed[1]

    def _load(self, generation: Path, seen: tuple[str, int, int]) -> None:
        state = _state(generation)
        kind = _engine_of(state) if state else None
        if state is None or kind is None:
            # One that was replaced while it was read says nothing: the next call finds the new one.
            if _current(self._folder) == generation:
                self._snapshot = None
            return
        # The state is read before the engine: an answer may be newer than its seq, never older.
        engine = self._engine
        same = self._seen is not None and self._seen[0] == generation.name
        engine = engine.renewed() if engine and same else kind.reader(generation)
        before = self._snapshot if engine.size > _SMALL else None
        self._snapshot = Snapshot(engine, state.seq, self._geography, before)
        self._engine, self._seen = engine, seen
        if self._settles:
            self._settle_in(_CALM, self._snapshot)
        if before and not (self._preparing and self._preparing.is_alive()):
            self._preparing = threading.Thread(target=self._prepare, daemon=True)
            self._preparing.start()

    def _settle_in(self, seconds: float, snapshot: Snapshot) -> None:
        """Let a state settle after some time, unless there is a newer one by then."""

        def settle() -> None:
            if snapshot is self._snapshot:
                snapshot.settle()

        if self._settling:
            self._settling.cancel()
        self._settling = threading.Timer(seconds, settle)
        self._settling.daemon = True
        self._settling.start()

    def _prepare(self) -> None:
        """Let the newest state learn, while it answers with what the one before had learnt."""
        prepared = None
        while prepared is not self._snapshot:
            prepared = self._snapshot
            if prepared is not None:
                prepared.prepare()


class _EngineReader(Engine, Protocol):
    def renewed(self) -> _EngineReader: ...


class _EngineWriter(Protocol):
    def apply(self, entries: Iterable[schema.Entry], deletes: Iterable[str]) -> None: ...

    def close(self) -> None: ...


@dataclass(frozen=True, slots=True)
class _Kind:
    """An engine. `name` tells its version, too: another one may not be able to read the files."""

    name: str
    reader: Callable[[Path], _EngineReader]
    writer: Callable[[Path], _EngineWriter]
    usable: Callable[[Path], bool]
    writes_once: bool
    """Whether a file stays as it is once it is written: newer ones take its place."""


def _engine(name: str) -> _Kind:
    # Imported here: where one engine cannot be installed the other one works.
    if name == "fts5":
        from aggregator.index import fts5_engine as fts5  # noqa: PLC0415

        return _Kind(fts5.NAME, fts5.Fts5Engine, fts5.Fts5Writer, fts5.usable, writes_once=False)
    from aggregator.index import tantivy_engine as engine  # noqa: PLC0415

    return _Kind(
        engine.NAME, engine.TantivyEngine, engine.TantivyWriter, engine.usable, writes_once=True
    )


def _engine_of(state: State) -> _Kind | None:
    """The engine that a state was written by; None for a layout or version that is not ours."""
    kind = _engine(state.schema.partition("/")[2].partition("-")[0])
    return kind if state.schema == schema.versions(kind.name)["schema"] else None


@contextmanager
def _alone(folder: Path) -> Iterator[None]:
    """Hold the lock of an index folder; waits for whoever has it."""
    with (folder / "lock").open("a") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


def _current(folder: Path) -> Path | None:
    try:
        name = (folder / _POINTER).read_text("utf-8").strip()
    except (OSError, UnicodeDecodeError):
        return None
    known = name.startswith(_PREFIX) and name[len(_PREFIX) :].isdigit()
    return folder / name if known else None


def _state(generation: Path) -> State | None:
    try:
        return State(**json.loads((generation / _STATE).read_text("utf-8")))
    except (OSError, ValueError, TypeError):
        return None


def _usable(generation: Path, state: State, kind: _Kind) -> bool:
    built = {name: getattr(state, name) for name in ("schema", "analyser", "vocabulary")}
    return built == schema.versions(kind.name) and kind.usable(generation)


def _next(folder: Path, current: Path | None) -> Path:
    number = int(current.name[len(_PREFIX) :]) + 1 if current else 1
    generation = folder / f"{_PREFIX}{number:06d}"
    generation.mkdir()
    return generation


def _clear(folder: Path, *, keep: Path | None) -> None:
    """Remove old generations and what a crash left half built."""
    for generation in folder.glob(f"{_PREFIX}*"):
        if generation != keep:
            shutil.rmtree(generation, ignore_errors=True)


def _replace(path: Path, text: str) -> None:
    """Write a small file so that readers see the old or the new one, also after a power cut."""
    beside = path.with_name(f".{path.name}.new")
    with beside.open("w", encoding="utf-8") as file:
        file.write(text)
        file.flush()
        os.fsync(file.fileno())
    beside.replace(path)
