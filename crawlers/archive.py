"""The archive of everything that was fetched: WARC 1.1 (ISO 28500), a file a source and run."""

from __future__ import annotations

import hashlib
import os
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from io import BytesIO
from pathlib import Path
from types import TracebackType
from typing import Any, BinaryIO, Self

from isal import igzip
from warcio.archiveiterator import ArchiveIterator
from warcio.exceptions import ArchiveLoadFailed
from warcio.statusandheaders import StatusAndHeaders
from warcio.warcwriter import WARCWriter

from crawlers.page import ArchiveRef, Page

_LEVEL = 2  # of ISA-L: a fifth of zlib's time at its level 5, and a tenth larger
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
        self.name = f"{source_id}/{run_id}.warc.gz"
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


def read_page(folder: Path, ref: ArchiveRef) -> Page:
    """Open one archived page, content encoding removed.

    Raises ArchiveError when the file is gone or the bytes are not those that were archived.
    """
    try:
        with (folder / ref.file).open("rb") as file:
            file.seek(ref.offset)
            record: Any = next(ArchiveIterator(file), None)
            if record is None or record.rec_type != "response":
                raise ArchiveError(f"{ref.file}@{ref.offset}: holds no response")
            body: bytes = record.content_stream().read()
    except (OSError, ArchiveLoadFailed, EOFError) as error:
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


def _warc_date(at: datetime) -> str:
    return at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.%fZ")


def _from_warc_date(text: str) -> datetime:
    return datetime.fromisoformat(text)
