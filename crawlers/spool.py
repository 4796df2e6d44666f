"""The hand-over: a folder that a crawl fills and the aggregator ingests.

    job.json       what to do (written by who starts the crawl)
    known.jsonl    pages archived before, for conditional requests (likewise)
    pages.jsonl    a line a page asked for, with what came of it
    found.jsonl    records as they were read, page by page
    records.jsonl  records of the whole site, joined
    summary.json   how it ended; written last, by an atomic rename
    crash.json     with which code it ended instead (written by who started it)

A folder without a summary is what a crash left, and nothing of it is published. Where it has no
crash.json either, whoever started the crawl was gone before it: that says nothing of the site.
"""

from __future__ import annotations

import json
import os
from array import array
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import asdict, dataclass, field, fields
from datetime import datetime
from pathlib import Path
from sys import intern
from typing import Any, TextIO, overload

from crawlers.failure import Failure
from crawlers.page import ArchiveRef
from crawlers.record import Origin, Passage, Record, RecordKind, Role, Trust
from crawlers.reservation import Reservation

JOB, KNOWN, PAGES, FOUND, RECORDS, SUMMARY, CRASH = (
    "job.json", "known.jsonl", "pages.jsonl", "found.jsonl", "records.jsonl", "summary.json",
    "crash.json",
)  # fmt: skip

_HELD = 24 * 1024 * 1024  # bytes of found records that are held: those of a site of 1,500 pages


class SpoolError(Exception):
    """A run folder cannot be ingested: unfinished, or a line of it is damaged (named)."""


@dataclass(frozen=True, slots=True)
class KnownPage:
    """A page that was archived before, and what its server called that version."""

    url: str
    archived: ArchiveRef
    etag: str | None = None
    last_modified: str | None = None


@dataclass(frozen=True, slots=True)
class PageEntry:
    """What came of asking for a page.

    `url` is where the answer came from. Either `failure` is set, or `archived` is; `not_modified`
    tells that the server answered 304 and the body is the archived one.
    """

    url: str
    requested_url: str
    fetched_at: datetime
    status: int | None = None
    not_modified: bool = False
    failure: Failure | None = None
    reason: str = ""
    archived: ArchiveRef | None = None
    media_type: str = ""
    etag: str | None = None
    last_modified: str | None = None
    size: int = 0
    records: int = 0
    following: bool = False
    """It was asked for as the next page of a list."""


_ROLES = {role.value: role for role in Role}  # asking the enumeration takes ten times as long
_ENTRY = tuple(part.name for part in fields(PageEntry))


@dataclass(frozen=True, slots=True)
class Summary:
    """How a crawl ended.

    `finish` is "finished", or the limit that ended it early ("page_limit", "byte_limit",
    "time_limit", "cancelled"), or "reserved" where the site reserves text and data mining and
    nobody allowed the harvest: then there are no records; or the name of the failure that every one
    of many requests met, after which the site was left alone; "limit" where the crawl that a replay
    reads again ended early. `complete` is true only where every page worth fetching was asked for,
    so that an absent record means something.
    """

    run_id: str
    source_id: str
    started_at: datetime
    finished_at: datetime
    finish: str
    complete: bool
    pages: int
    fetched: int
    not_modified: int
    failed: int
    records: int
    platforms: tuple[str, ...] = ()
    """Adapters whose `detect` claimed the site, best first."""
    robots: dict[str, str] = field(default_factory=dict)
    """Per host what its robots.txt meant: obeyed, absent, unreachable."""
    reservation: Reservation | None = None
    """What the site as a whole says of text and data mining; None where it was never asked."""
    matched: int | None = None
    """Records that the declared pattern picked, page by page; None where none is declared."""
    since: datetime | None = None
    """Asked for was only what changed since; None: everything. Then nothing absent is missed."""
    replay_of: str | None = None
    """The crawl whose archived pages were read again; then all times are that crawl's."""


def begun_under(folder: Path) -> int | None:
    """The token of the lease that a run was begun under; None where no lease was needed.

    None, too, where a crash left half of what says so: such a run never came to its end.
    """
    try:
        job = json.loads((folder / JOB).read_bytes())
    except (FileNotFoundError, ValueError):  # a replay; a crash
        return None
    token: int | None = job.get("token")
    return token


class PageWriter:
    """Writes what came of each page of a run, as it comes."""

    def __init__(self, folder: Path) -> None:
        self._file = _open(folder / PAGES)

    def write(self, entry: PageEntry) -> None:
        """Note what came of a page."""
        # asdict() would copy what nobody changes.
        told = {name: getattr(entry, name) for name in _ENTRY}
        if entry.archived is not None:
            told["archived"] = asdict(entry.archived)
        _write(self._file, told)

    def close(self) -> None:
        """Bring every line to the disk; nothing more can be written."""
        _close(self._file)


class FoundWriter:
    """Writes the records of a run, page by page; a page is written whole.

    Several readers may write to one folder: what a page says is appended at once.
    """

    def __init__(self, folder: Path) -> None:
        self._file = (folder / FOUND).open("ab", buffering=0)

    def write(self, records: Iterable[Record]) -> None:
        """Keep the records of a page."""
        if lines := "".join(_line(_spelt(record)) for record in records).encode("utf-8"):
            self._file.write(lines)

    def close(self) -> None:
        """Bring every line to the disk; nothing more can be written."""
        os.fsync(self._file.fileno())
        self._file.close()


def write_records(folder: Path, records: Iterable[Record]) -> int:
    """Write the joined records of a run; how many there are."""
    count = 0
    joined = _open(folder / RECORDS)
    for count, record in enumerate(records, 1):  # noqa: B007 - it is the result
        _write(joined, _spelt(record))
    _close(joined)
    return count


def write_sorted(
    folder: Path,
    records: Iterable[Record],
    place: Callable[[Record], tuple[str, str, str]],
    arranged: Callable[[Sequence[tuple[str, str, str]]], Iterable[tuple[int, str]]],
    spelt: Callable[[Record], bytes | None],
) -> int:
    """Write the joined records of a run in an order of their own; how many there are.

    They come one at a time and wait on the disk. Of each, `place` says what its order follows; of
    all places, `arranged` makes the order, by number, and the key that each record gets; `spelt` is
    the line of one that somebody wrote before.
    """
    waiting = folder / "records.part"
    places: list[tuple[str, str, str]] = []
    starts = array("Q", [0])
    with waiting.open("wb") as file:
        for record in records:
            places.append(place(record))
            line = spelt(record) or _line(_spelt(record)).encode("utf-8")
            starts.append(starts[-1] + file.write(line))
    with (folder / RECORDS).open("wb") as joined, waiting.open("rb") as file:
        for number, key in arranged(places):
            file.seek(starts[number])
            line = file.read(starts[number + 1] - starts[number])
            if key != places[number][0]:
                line = _line(json.loads(line) | {"key": key}).encode("utf-8")
            joined.write(line)
        joined.flush()
        os.fsync(joined.fileno())
    waiting.unlink()
    return len(places)


class FoundShelf(Sequence[Record]):
    """The records as they were read page by page, of which only the first are held in memory."""

    def __init__(self, folder: Path, held: int = _HELD) -> None:
        """`held` are the bytes of the file that are read once and kept."""
        self._held: list[Record] = []
        self._numbers: dict[int, int] = {}
        self._starts = array("Q")
        self._file = (folder / FOUND).open("rb")
        start = 0
        for line in self._file:
            self._starts.append(start)
            start += len(line)
            if start <= held:
                self._held.append(_record(json.loads(line)))
        self._numbers = {id(record): number for number, record in enumerate(self._held)}

    def line(self, record: Record) -> bytes | None:
        """How a record that is held stands in the file; None for any other."""
        number = self._numbers.get(id(record))
        if number is None:
            return None
        self._file.seek(self._starts[number])
        return self._file.readline()

    def __len__(self) -> int:
        return len(self._starts)

    @overload
    def __getitem__(self, number: int) -> Record: ...
    @overload
    def __getitem__(self, number: slice) -> list[Record]: ...
    def __getitem__(self, number: int | slice) -> Record | list[Record]:
        """The record that was found as the `number`th."""
        if isinstance(number, slice):
            return [self[n] for n in range(*number.indices(len(self)))]
        if number < len(self._held):
            return self._held[number]
        self._file.seek(self._starts[number])
        return _record(json.loads(self._file.readline()))


def finish(folder: Path, summary: Summary) -> None:
    """Write the summary, which makes the folder whole: after everything else."""
    write_json(folder / SUMMARY, _plain(summary))


def read_records(folder: Path) -> Iterator[Record]:
    """The joined records of a finished run."""
    return (_record(line) for line in _lines(folder / RECORDS))


def read_pages(folder: Path) -> Iterator[PageEntry]:
    """What came of each page, in the order of the answers."""
    for line in _lines(folder / PAGES):
        line["fetched_at"] = datetime.fromisoformat(line["fetched_at"])
        line["failure"] = Failure(line["failure"]) if line["failure"] else None
        line["archived"] = ArchiveRef(**line["archived"]) if line["archived"] else None
        yield PageEntry(**line)


def read_summary(folder: Path) -> Summary | None:
    """How the run ended; None where it never did."""
    try:
        raw = json.loads((folder / SUMMARY).read_text("utf-8"))
    except FileNotFoundError:
        return None
    raw["started_at"] = datetime.fromisoformat(raw["started_at"])
    raw["finished_at"] = datetime.fromisoformat(raw["finished_at"])
    raw["since"] = datetime.fromisoformat(raw["since"]) if raw.get("since") else None
    raw["platforms"] = tuple(raw["platforms"])
    if stated := raw.get("reservation"):
        stated["checked_at"] = datetime.fromisoformat(stated["checked_at"])
        raw["reservation"] = Reservation(**stated)
    return Summary(**raw)


def note_crash(folder: Path, code: int) -> None:
    """Note that the crawl ended by itself with this exit code, without a summary."""
    write_json(folder / CRASH, {"code": code})


def crashed(folder: Path) -> bool:
    """Whether the crawl of an unfinished folder ended by itself, under the eyes of its starter."""
    return (folder / CRASH).exists()


def write_known(folder: Path, pages: Iterable[KnownPage]) -> None:
    """Tell a crawl which pages are archived already."""
    with _open(folder / KNOWN) as file:
        for page in pages:
            _write(file, asdict(page))


def read_known(folder: Path) -> dict[str, KnownPage]:
    """The pages archived before, by URL; empty where nobody told of any."""
    if not (folder / KNOWN).exists():
        return {}
    pages = (
        KnownPage(**{**line, "archived": ArchiveRef(**line["archived"])})
        for line in _lines(folder / KNOWN)
    )
    return {page.url: page for page in pages}


def write_json(path: Path, value: Any) -> None:  # noqa: ANN401 - any JSON
    """Write a JSON file that is either whole or not there."""
    part = path.with_suffix(".part")
    with part.open("w", encoding="utf-8") as file:
        json.dump(value, file, ensure_ascii=False, indent=1)
        file.flush()
        os.fsync(file.fileno())
    part.replace(path)


def _open(path: Path) -> TextIO:
    return path.open("w", encoding="utf-8")


def _close(file: TextIO) -> None:
    file.flush()
    os.fsync(file.fileno())
    file.close()


def _write(file: TextIO, value: Any) -> None:  # noqa: ANN401 - any JSON
    file.write(_line(value))


def _line(value: Any) -> str:  # noqa: ANN401 - any JSON
    return json.dumps(value, ensure_ascii=False, default=_isoformat) + "\n"


def _lines(path: Path) -> Iterator[dict[str, Any]]:
    with path.open(encoding="utf-8") as file:
        for number, line in enumerate(file, 1):
            try:
                yield json.loads(line)
            except ValueError as error:
                raise SpoolError(f"{path}:{number}: not a JSON line: {error}") from error


def _plain(value: Any) -> Any:  # noqa: ANN401 - dataclass in, JSON out
    return json.loads(json.dumps(asdict(value), default=_isoformat))


def _spelt(record: Record) -> dict[str, Any]:
    # asdict() would copy every text of every passage: ten times the work.
    return {
        "key": record.key,
        "page_url": record.page_url,
        "passages": [_told(passage) for passage in record.passages],
        "extractor": record.extractor,
        "trust": record.trust.value,
        "kind": record.kind.value,
        "detail_url": record.detail_url,
        **({"via": record.via} if record.via else {}),
    }


def _told(passage: Passage) -> dict[str, Any]:
    told: dict[str, Any] = {
        "role": passage.role.value,
        "text": passage.text,
        "locator": passage.locator,
    }
    told |= {"origin": asdict(passage.origin)} if passage.origin else {}
    return told | {"shared": True} if passage.shared else told


def _isoformat(value: object) -> str:
    if isinstance(value, datetime):
        return value.isoformat()
    raise TypeError(f"no JSON for {value!r}")


def _record(line: dict[str, Any]) -> Record:
    # Thousands of records share their pages and places; one copy of each keeps a crawl small.
    return Record(
        key=line["key"],
        page_url=intern(line["page_url"]),
        passages=tuple(
            Passage(
                _ROLES[p["role"]],
                p["text"],
                intern(p["locator"]),
                Origin(**p["origin"]) if "origin" in p else None,
                p.get("shared", False),
            )
            for p in line["passages"]
        ),
        extractor=intern(line["extractor"]),
        trust=Trust(line["trust"]),
        kind=RecordKind(line["kind"]),
        detail_url=line["detail_url"],
        via=tuple(tuple(chain) for chain in line.get("via", ())),
    )
