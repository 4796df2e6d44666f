"""The store: files that several machines share, in a folder that all see or in an S3 bucket.

Names are relative, with "/" between their parts. A file is there whole or not at all, whatever
breaks off: beside its place and renamed in a folder; S3 shows no half of an upload.
"""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import lru_cache
from importlib.util import find_spec
from pathlib import Path
from typing import Any, BinaryIO, cast
from uuid import uuid4

import fsspec
from fsspec.implementations.local import LocalFileSystem

_PART = ".part"
_BLOCK = 256 * 1024
"""Bytes that are read from S3 at once: an archived page is far smaller than fsspec's 5 MiB."""
_S3 = {
    "skip_instance_cache": True,  # its own would not know that a server's address changed
    "use_listings_cache": False,  # others write, too
    "config_kwargs": {
        "connect_timeout": 5,
        "read_timeout": 30,
        "retries": {"max_attempts": 2, "mode": "standard"},
    },
}


class DepotError(Exception):
    """The store cannot be used or does not answer; the message names it and says why.

    What was to be written is not there; try again.
    """


class MissingError(DepotError):
    """The store has no such file."""


@dataclass(frozen=True, slots=True)
class Entry:
    """A file that is there: its size in bytes, and when it was last written."""

    name: str
    size: int
    modified: datetime


def url_fault(url: str) -> str | None:
    """Why a URL names no store; None where it does."""
    if url.startswith("s3://"):
        if not url.removeprefix("s3://").strip("/"):
            return "expected s3://bucket or s3://bucket/prefix"
        if "@" in url:
            return "keys belong into AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY, not into the URL"
        if find_spec("s3fs") is None:
            return "S3 needs the extra s3: pip install 'netzlotse[s3]'"
        return None
    if not url.removeprefix("file://").startswith("/"):
        return "expected the absolute path of a folder, file:///path, or s3://bucket/prefix"
    return None


def is_inside(name: str) -> bool:
    """Whether a name stays where it belongs: no absolute path, no way up, nothing odd."""
    return not ({"", ".", ".."} & set(name.split("/")) or "\\" in name or "\0" in name)


class Depot:
    """A store by its URL: an absolute path, `file:///path`, or `s3://bucket/prefix`.

    Who may use a bucket, and where S3 is, is told by the variables that all S3 clients read
    (`AWS_ACCESS_KEY_ID`, `AWS_SECRET_ACCESS_KEY`, `AWS_ENDPOINT_URL_S3`, `AWS_REGION`). Safe in
    threads; not to be handed to another process (its URL may be).
    """

    def __init__(self, url: str) -> None:
        """Raises DepotError for a URL that names no store."""
        if fault := url_fault(url):
            raise DepotError(f"{url}: {fault}")
        self.url = url.rstrip("/")
        options: dict[str, Any] = _S3 if url.startswith("s3:") else {}
        self._files, self._root = fsspec.core.url_to_fs(self.url, **options)
        self._local = isinstance(self._files, LocalFileSystem)

    @contextmanager
    def open(self, name: str) -> Iterator[BinaryIO]:
        """A file to read from, at any place. Raises MissingError, DepotError."""
        options = {} if self._local else {"block_size": _BLOCK}
        with self._speaking(name), self._files.open(self._at(name), "rb", **options) as file:
            yield file

    def read(self, name: str) -> bytes:
        """All of a file. Raises MissingError, DepotError."""
        with self._speaking(name):
            return cast("bytes", self._files.cat_file(self._at(name)))

    def has(self, name: str) -> bool:
        """Whether there is a file. Raises DepotError."""
        with self._speaking(name):
            return bool(self._files.isfile(self._at(name)))

    def put(self, path: Path, name: str) -> None:
        """Bring a file of this machine here; one of that name is replaced. Raises DepotError."""
        with self._speaking(name):
            if self._local:
                with _whole(Path(self._at(name))) as beside:
                    shutil.copyfile(path, beside)
            else:
                self._files.put_file(str(path), self._at(name))

    def write(self, name: str, content: bytes) -> None:
        """Write a small file. Raises DepotError."""
        with self._speaking(name):
            if self._local:
                with _whole(Path(self._at(name))) as beside:
                    beside.write_bytes(content)
            else:
                self._files.pipe_file(self._at(name), content)

    def fetch(self, name: str, path: Path) -> None:
        """Copy a file to this machine, whole or not at all. Raises MissingError, DepotError."""
        with self._speaking(name), _whole(path) as beside:
            self._files.get_file(self._at(name), str(beside))

    def remove(self, name: str) -> None:
        """Delete a file; none is no error. Raises DepotError."""
        with self._speaking(name):
            try:
                self._files.rm_file(self._at(name))
            except FileNotFoundError:
                return

    def entries(self, folder: str) -> Iterator[Entry]:
        """All files below a folder, by name; none where there is no folder. Raises DepotError."""
        with self._speaking(folder):
            try:
                found: dict[str, dict[str, Any]] = self._files.find(self._at(folder), detail=True)
            except FileNotFoundError:
                return
        for path, told in sorted(found.items()):
            if not path.endswith(_PART):
                name = path.removeprefix(self._root).lstrip("/")
                yield Entry(name, told["size"], _moment(told))

    def _at(self, name: str) -> str:
        if not is_inside(name):
            raise DepotError(f"{self.url}: {name!r} is no name of a file in a store")
        return f"{self._root}/{name}"

    @contextmanager
    def _speaking(self, name: str) -> Iterator[None]:
        """Say in one way what goes wrong: S3 clients raise errors of four libraries."""
        try:
            yield
        except DepotError:
            raise
        except FileNotFoundError as error:
            raise MissingError(f"{self.url}: there is no {name}") from error
        except Exception as error:
            why = str(error) or type(error).__name__
            raise DepotError(f"the store {self.url} at {name}: {why}") from error


@lru_cache(maxsize=8)
def depot(url: str) -> Depot:
    """The store at a URL, opened once a process. Raises DepotError."""
    return Depot(url)


def _moment(told: dict[str, Any]) -> datetime:
    written = told.get("LastModified")
    return written if written is not None else datetime.fromtimestamp(told["mtime"], UTC)


@contextmanager
def _whole(path: Path) -> Iterator[Path]:
    """A file to write beside its place; it gets there when the block ends well."""
    path.parent.mkdir(parents=True, exist_ok=True)
    beside = path.with_name(f".{path.name}.{uuid4().hex[:8]}{_PART}")
    try:
        yield beside
        with beside.open("rb") as written:
            os.fsync(written.fileno())
        beside.replace(path)
    finally:
        beside.unlink(missing_ok=True)
