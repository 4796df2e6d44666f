"""A folder that several machines have: its files in the store by their content, and a list of them.

    <name>/current.json      what the folder holds, and what is said of it; replaced at once
    <name>/files/<sha256>    a file

What two states have in common is stored and copied once. Whoever reads the list and then misses a
file was overtaken by a newer list: it is asked for again.
"""

from __future__ import annotations

import hashlib
import json
import shutil
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from crawlers.depot import Depot, DepotError, MissingError, is_inside

_LIST, _FILES = "current.json", "files"
_TIMES = 5
"""Newer lists that one copy may run into."""


class DamagedError(DepotError):
    """What the store has of a folder is not what was written; the message says what."""


@dataclass(frozen=True, slots=True)
class Listed:
    """What a folder holds: the hash (sha256) of each file by its name, and what was said of it."""

    files: Mapping[str, str]
    told: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Mirror:
    """A folder in the store. One machine at a time may write it; any may read."""

    depot: Depot
    name: str

    def listed(self) -> Listed | None:
        """What is there now; None where nothing was ever written.

        Raises DepotError; DamagedError where it is no such list.
        """
        try:
            content = self.depot.read(f"{self.name}/{_LIST}")
        except MissingError:
            return None
        try:
            told = json.loads(content)
            files = {str(name): str(digest) for name, digest in told["files"].items()}
            if not all(map(is_inside, files)) or not isinstance(told["told"], dict):
                raise ValueError("a name leads out of the folder")
        except (ValueError, KeyError, TypeError, AttributeError) as error:
            raise DamagedError(f"{self.depot.url}/{self.name}/{_LIST}: {error}") from error
        return Listed(files, told["told"])

    def written_at(self) -> datetime | None:
        """When it was last written, by the clock of the store. Raises DepotError."""
        entries = {entry.name: entry for entry in self.depot.entries(self.name)}
        entry = entries.get(f"{self.name}/{_LIST}")
        return entry.modified if entry else None

    def write(self, folder: Path, told: Mapping[str, Any]) -> None:
        """Make it what a folder of this machine holds, which must stay as it is meanwhile.

        Raises DepotError; then what was there before is still whole.
        """
        files = _hashes(folder)
        prefix = f"{self.name}/{_FILES}"
        there = {e.name.rpartition("/")[2]: e.size for e in self.depot.entries(prefix)}
        for name, digest in files.items():
            if there.get(digest) != (folder / name).stat().st_size:
                self.depot.put(folder / name, f"{prefix}/{digest}")
        content = json.dumps({"files": files, "told": told}, ensure_ascii=False, indent=1)
        self.depot.write(f"{self.name}/{_LIST}", content.encode())
        for digest in sorted(there.keys() - set(files.values())):
            self.depot.remove(f"{prefix}/{digest}")

    def copy(self, folder: Path, like: Path | None = None) -> Listed | None:
        """Copy all of it into an empty folder; what is in `like` is linked from there.

        None where nothing was ever written. Raises DepotError; DamagedError where a file is not
        what the list says.
        """
        for _ in range(_TIMES):
            listed = self.listed()
            try:
                if listed is not None:
                    self._copy(listed, folder, like)
            except MissingError:
                continue
            return listed
        raise DamagedError(f"{self.depot.url}/{self.name}: files that it lists are not there")

    def is_like(self, folder: Path) -> bool:
        """Whether a folder holds what is there, and nothing else. Raises DepotError."""
        listed = self.listed()
        return listed is not None and _hashes(folder) == listed.files

    def remove(self) -> None:
        """Delete it. Raises DepotError."""
        self.depot.remove(f"{self.name}/{_LIST}")
        for entry in self.depot.entries(self.name):
            self.depot.remove(entry.name)

    def _copy(self, listed: Listed, folder: Path, like: Path | None) -> None:
        for name, digest in listed.files.items():
            path, known = folder / name, like / name if like else None
            if path.exists() and _sha256(path) == digest:
                continue
            path.parent.mkdir(parents=True, exist_ok=True)
            if known and known.is_file() and _sha256(known) == digest:
                shutil.copyfile(known, path)
                continue
            self.depot.fetch(f"{self.name}/{_FILES}/{digest}", path)
            if _sha256(path) != digest:
                raise DamagedError(f"{self.depot.url}/{self.name}: {name} has another sha256")
        for path in sorted(folder.rglob("*")):
            if path.is_file() and path.relative_to(folder).as_posix() not in listed.files:
                path.unlink()  # of an older list


def _hashes(folder: Path) -> dict[str, str]:
    return {
        path.relative_to(folder).as_posix(): _sha256(path)
        for path in sorted(folder.rglob("*"))
        if path.is_file()
    }


def _sha256(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
