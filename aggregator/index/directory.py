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
import json
import os
import shutil
import threading
from collections.abc import Iterable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import asdict, dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import tantivy

from aggregator.index import schema, synonyms
from aggregator.index.base import Hits, Query
from aggregator.index.tantivy_index import Snapshot, TantivyWriter

_POINTER = "current"
_STATE = "state.json"
_PREFIX = "g-"
_ENGINE_LOCK = ".tantivy-meta.lock"


@dataclass(frozen=True, slots=True)
class State:
    """What a generation says of itself."""

    schema: str
    analyser: str
    vocabulary: str
    seq: int


def read_state(folder: Path) -> State | None:
    """The state of the current generation; None where there is no readable index."""
    generation = _current(folder)
    return _state(generation) if generation else None


@contextmanager
def open_writer(folder: Path, *, anew: bool = False) -> Iterator[IndexWriter]:
    """The one writer of an index folder, made if missing; waits for the one before to end.

    It continues the current generation. With `anew`, or where that one is missing, broken or of
    other versions, it begins an empty generation beside it (`fresh` is true: feed it everything),
    which readers get when the block ends well and never when it fails.
    """
    folder.mkdir(parents=True, exist_ok=True)
    with (folder / "lock").open("a") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        current = _current(folder)
        _clear(folder, keep=current)
        state = _state(current) if current and not anew else None
        if current and state and _usable(current, state):
            writer = IndexWriter(current, state.seq, fresh=False)
        else:
            writer = IndexWriter(_next(folder, current), 0, fresh=True)
        try:
            yield writer
        finally:
            writer.close()
        if writer.fresh and writer.applied:
            _replace(folder / _POINTER, writer.generation.name)
            _clear(folder, keep=writer.generation)


class IndexWriter:
    """A `Writer` of one generation (see `open_writer`)."""

    def __init__(self, generation: Path, seq: int, *, fresh: bool) -> None:
        self.generation = generation
        self.seq = seq
        """The last change in it."""
        self.fresh = fresh
        self.applied = False
        self._engine: TantivyWriter | None = None

    def apply(self, upserts: Iterable[dict[str, Any]], deletes: Iterable[str], seq: int) -> None:
        """Replace and delete offers and commit them; `upserts` may be a stream of any length."""
        if self._engine is None:
            self._engine = TantivyWriter(self.generation)
        self._engine.apply(upserts, deletes)
        state = State(**schema.versions(), seq=seq)
        _replace(self.generation / _STATE, json.dumps(asdict(state)))
        self.seq = seq
        self.applied = True

    def close(self) -> None:
        """Free the engine; what was not committed is gone."""
        if self._engine is not None:
            self._engine.close()
            self._engine = None


def open_searcher(folder: Path) -> LiveSearcher:
    """A reader of an index folder, which need not exist yet. It never writes."""
    synonyms.table()  # read now, so that the first query need not wait for it
    return LiveSearcher(folder)


class LiveSearcher:
    """A `Searcher` that follows the pointer and the commits of the writer.

    Every call looks at two small files; a changed one makes a new snapshot. Safe in threads.
    """

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._turn = threading.Lock()
        self._index: tantivy.Index | None = None
        self._seen: tuple[str, int, int] | None = None
        self._snapshot: Snapshot | None = None

    def search(self, query: Query) -> Hits:
        """Answer from the newest commit; without an index nothing is found."""
        snapshot = self._newest()
        if snapshot is None:
            return Hits((), 0, {name: {} for name in query.facets}, 0)
        return snapshot.search(query)

    def seq(self) -> int:
        """The last change of the newest commit; 0 without an index."""
        snapshot = self._newest()
        return snapshot.seq if snapshot else 0

    def corrected(self, text: str) -> dict[str, str]:
        """For "Meinten Sie": typed word -> known word, for words that no offer has."""
        snapshot = self._newest()
        return snapshot.corrected(text) if snapshot else {}

    def _newest(self) -> Snapshot | None:
        generation = _current(self._folder)
        if generation is None:
            return None
        try:
            written = (generation / _STATE).stat()  # each time another file, see `_replace`
        except OSError:
            return self._snapshot
        seen = (generation.name, written.st_mtime_ns, written.st_ino)
        if seen != self._seen:
            # A generation that vanishes meanwhile has a successor: the next call finds it.
            with self._turn, suppress(ValueError, OSError):
                self._load(generation, seen)
        return self._snapshot

    def _load(self, generation: Path, seen: tuple[str, int, int]) -> None:
        state = _state(generation)
        if state is None or state.schema != schema.versions()["schema"]:
            self._snapshot = None
            return
        # The state is read before the engine: an answer may be newer than its seq, never older.
        index = self._index
        same = self._seen is not None and self._seen[0] == generation.name
        if index is None or not same or not os.access(generation / _ENGINE_LOCK, os.W_OK):
            index = _open(generation)
        else:
            index.reload()
        self._snapshot = Snapshot(index, state.seq)
        self._index, self._seen = index, seen


def _open(generation: Path) -> tantivy.Index:
    """Open the engine's files for reading.

    The engine wants to write a lock file even then. Where that is forbidden, it is shown a folder
    of its own with links to the files; they are mapped when this returns, and the links may go.
    """
    if os.access(generation / _ENGINE_LOCK, os.W_OK):
        return _reading(generation)
    with TemporaryDirectory(prefix="netzlotse-index-") as links:
        for path in generation.iterdir():
            if path.suffix != ".lock":
                (Path(links) / path.name).symlink_to(path.resolve())
        return _reading(Path(links))


def _reading(folder: Path) -> tantivy.Index:
    index = tantivy.Index.open(str(folder))
    index.config_reader("manual")
    index.reload()
    return index


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


def _usable(generation: Path, state: State) -> bool:
    if asdict(state) != {**schema.versions(), "seq": state.seq}:
        return False
    try:
        tantivy.Index.open(str(generation)).searcher()
    except ValueError:
        return False
    return True


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
