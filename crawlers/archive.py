"""The archive of everything that was fetched: WARC 1.1 (ISO 28500), a file a source and run.

Crawls write to a folder of their machine. Where several machines share a store, a file is handed
over to it when its run is over, and read from there.
"""

from __future__ import annotations

import hashlib
import os
import shutil
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from io import BytesIO
from pathlib import Path
from types import TracebackType
from typing import Any, BinaryIO, Self

from isal import igzip, isal_zlib
from warcio.exceptions import ArchiveLoadFailed
from warcio.recordloader import ArcWarcRecordLoader
from warcio.statusandheaders import StatusAndHeaders
from warcio.warcwriter import WARCWriter

from crawlers.depot import Depot, DepotError, Entry, depot, is_inside
from crawlers.page import ArchiveRef, Page

WARC = ".warc.gz"
_SHARED = "archive"
"""The folder of the store."""
_LEVEL = 2  # of ISA-L: a fifth of zlib's time at its level 5, and a tenth larger
_GZIP = 31  # the window of zlib's format, and that a gzip header stands before it
_BLOCK = 16_384  # bytes; most pages are packed in fewer
_DAMAGED: type[Exception] = isal_zlib.error  # type: ignore[assignment]  # whose stub is wrong
_LOADER = ArcWarcRecordLoader()
_SERVER_NOT_MODIFIED = "http://netpreserve.org/warc/1.1/revisit/server-not-modified"


class ArchiveError(Exception):
    """A page is not where its reference says: the file was purged, moved or damaged.

    Fetch the page again, unconditionally.
    """


class ArchiveWriter:
    """Appends the responses of one run to a new WARC file below `folder`.

    Each record is a gzip member of its own, so that a reference (file, offset) opens it alone and
    a crash loses at most the record being written.
    """

    def __init__(self, folder: Path, source_id: str, run_id: str, user_agent: str) -> None:
        self.name = f"{source_id}/{run_id}{WARC}"
        path = folder / self.name
        path.parent.mkdir(parents=True, exist_ok=True)
        self._file: BinaryIO = path.open("wb")
        self._member = BytesIO()
        self._warc = WARCWriter(self._member, gzip=False, warc_version="WARC/1.1")
        info = {"software": "netzlotse", "http-header-user-agent": user_agent, "isPartOf": run_id}
        self._append(self._warc.create_warcinfo_record(path.name, info))

    def write(
        self,
        url: str,
        status: int,
        headers: Sequence[tuple[str, str]],
        body: bytes,
        at: datetime,
    ) -> ArchiveRef:
        """Append a response as it was served: the digest is that of its encoded body."""
        at_byte, digest = self._file.tell(), hashlib.sha256(body).hexdigest()
        record = self._warc.create_warc_record(
            url,
            "response",
            payload=BytesIO(body),
            length=len(body),
            http_headers=StatusAndHeaders(f"{status}", list(headers), protocol="HTTP/1.1"),
            warc_headers_dict={
                "WARC-Date": _warc_date(at),
                "WARC-Payload-Digest": f"sha256:{digest}",
            },
        )
        self._append(record)
        return ArchiveRef(self.name, at_byte, digest)

    def write_revisit(self, page: Page, at: datetime) -> None:
        """Note that a server answered 304: what was archived as `page` still stands."""
        assert page.archived is not None  # noqa: S101 - it came out of the archive
        record = self._warc.create_revisit_record(
            page.url,
            digest=f"sha256:{page.archived.sha256}",
            refers_to_uri=page.url,
            refers_to_date=_warc_date(page.fetched_at),
        )
        record.rec_headers.replace_header("WARC-Profile", _SERVER_NOT_MODIFIED)
        record.rec_headers.replace_header("WARC-Date", _warc_date(at))
        self._append(record)

    def _append(self, record: Any) -> None:  # noqa: ANN401 - warcio has no types
        self._member.seek(0)
        self._member.truncate()
        self._warc.write_record(record)
        # The record says when it was written; its gzip header does not say it once more.
        self._file.write(igzip.compress(self._member.getvalue(), _LEVEL, mtime=0))

    def close(self) -> None:
        """Flush to the disk: what a summary refers to must be there after a power cut."""
        if not self._file.closed:
            self._file.flush()
            os.fsync(self._file.fileno())
            self._file.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()


@dataclass(frozen=True, slots=True)
class Archive:
    """The WARC files of an installation, by their names (`ArchiveRef.file`).

    `folder` is where runs of this machine write. With a `store` (see `crawlers.depot`) files wait
    there to be handed over, and all others are in the store; without, all are in the folder.
    """

    folder: Path
    store: str = ""

    @contextmanager
    def open(self, name: str) -> Iterator[BinaryIO]:
        """A file to read from. Raises ArchiveError where it is not there, or no file of ours."""
        try:
            try:
                with self._path(name).open("rb") as file:
                    yield file
            except FileNotFoundError:
                if not self.store:
                    raise
                with self._depot.open(f"{_SHARED}/{name}") as file:
                    yield file
        except (OSError, DepotError) as error:
            raise ArchiveError(f"{name}: {error}") from error

    def has(self, name: str) -> bool:
        """Whether a file is there. Raises DepotError where the store does not answer."""
        if not is_inside(name):
            return False
        return self._path(name).exists() or bool(
            self.store and self._depot.has(f"{_SHARED}/{name}")
        )

    def fetch(self, name: str, to: Path) -> None:
        """Copy a file. Raises ArchiveError as `open` does."""
        to.parent.mkdir(parents=True, exist_ok=True)
        with self.open(name) as file, to.open("wb") as copy:
            shutil.copyfileobj(file, copy)

    def keep(self, path: Path, name: str) -> None:
        """Take a file in, as out of a backup. Raises ArchiveError, DepotError."""
        to = self._path(name)
        to.parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(path, to)
        self._hand_over(name)

    def hand_over(self, source_id: str) -> None:
        """Bring what this machine holds of a source to the store, where there is one.

        No crawl of the source may run meanwhile. Raises DepotError where the store does not answer:
        what was not handed over is still here.
        """
        if self.store:
            for path in sorted((self.folder / source_id).glob(f"*{WARC}")):
                self._hand_over(f"{source_id}/{path.name}")

    def entries(self, source_id: str) -> list[Entry]:
        """The files of a source, here and in the store. Raises DepotError."""
        found: dict[str, Entry] = {}
        if self.store:
            for one in self._depot.entries(f"{_SHARED}/{source_id}"):
                name = one.name.removeprefix(f"{_SHARED}/")
                found[name] = replace(one, name=name)
        for path in (self.folder / source_id).glob(f"*{WARC}"):
            told, name = path.stat(), f"{source_id}/{path.name}"
            found[name] = Entry(name, told.st_size, datetime.fromtimestamp(told.st_mtime, UTC))
        return [found[name] for name in sorted(found)]

    def remove(self, name: str) -> None:
        """Delete a file, wherever it is. Raises ArchiveError, DepotError."""
        self._path(name).unlink(missing_ok=True)
        if self.store:
            self._depot.remove(f"{_SHARED}/{name}")

    def _hand_over(self, name: str) -> None:
        if self.store:
            self._depot.put(self._path(name), f"{_SHARED}/{name}")
            self._path(name).unlink()

    def _path(self, name: str) -> Path:
        if not is_inside(name):
            raise ArchiveError(f"{name!r} is no name of a file in the archive")
        return self.folder / name

    @property
    def _depot(self) -> Depot:
        return depot(self.store)


def read_page(archive: Archive, ref: ArchiveRef) -> Page:
    """Open one archived page, content encoding removed.

    Raises ArchiveError when the file is gone, no file of the archive, or the bytes are not those
    that were archived.
    """
    try:
        with archive.open(ref.file) as file:
            file.seek(ref.offset)
            member = BytesIO(_member(file))
        record: Any = _LOADER.parse_record_stream(member, known_format="warc")
        if record.rec_type != "response":
            raise ArchiveError(f"{ref.file}@{ref.offset}: holds no response")
        body: bytes = record.content_stream().read()
    except (OSError, ArchiveLoadFailed, EOFError, _DAMAGED) as error:
        raise ArchiveError(f"{ref.file}@{ref.offset}: {error}") from error
    if hashlib.sha256(body).hexdigest() != ref.sha256:
        raise ArchiveError(f"{ref.file}@{ref.offset}: the body has another sha256 than recorded")
    headers: Mapping[str, str] = {
        name.lower(): value
        for name, value in record.http_headers.headers
        if name.lower() not in {"content-encoding", "transfer-encoding", "content-length"}
    }
    return Page(
        url=record.rec_headers.get_header("WARC-Target-URI"),
        body=body,
        fetched_at=_from_warc_date(record.rec_headers.get_header("WARC-Date")),
        status=int(record.http_headers.get_statuscode()),
        headers=headers,
        archived=ref,
    )


def _member(file: BinaryIO) -> bytes:
    """The gzip member that begins here, which is one record, unpacked.

    Raises EOFError where the file ends before it does, isal_zlib.error where it is none.
    """
    unpacking = isal_zlib.decompressobj(wbits=_GZIP)
    parts: list[bytes] = []
    while not unpacking.eof:
        packed = file.read(_BLOCK)
        if not packed:
            raise EOFError("the file ends before the record does")
        parts.append(unpacking.decompress(packed))
    return b"".join(parts)


def _warc_date(at: datetime) -> str:
    return at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.%fZ")


def _from_warc_date(text: str) -> datetime:
    return datetime.fromisoformat(text)
