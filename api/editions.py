"""Pages of releases: what each holds, and its files."""

from __future__ import annotations

import json
import re
from typing import Annotated

from fastapi import APIRouter, Path, Request
from starlette.responses import FileResponse, Response

from aggregator.release.codebook import layouts
from aggregator.release.edition import Release, releases
from aggregator.release.files import SUMS, file_hash
from api import caching, jsonld
from api.problems import not_found
from api.rendering import page

router = APIRouter()
_KEPT = "public, max-age=60, must-revalidate"
"""What is erased from a release is gone everywhere a minute later; asking again costs a 304."""
_TYPES = {
    ".csv": "text/csv; charset=utf-8",
    ".json": "application/json",
    ".jsonld": "application/ld+json",
    ".gz": "application/gzip",
    ".parquet": "application/vnd.apache.parquet",
    ".sqlite": "application/vnd.sqlite3",
}


class _Download(FileResponse):
    """A file in large parts.

    Each costs two turns of the server's loop, and while very many ask a turn takes a good part of
    a second. Not larger: a part also is what a slow client has to take in time
    (`BoundedConnection.to_read`).
    """

    chunk_size = 256 * 1024


Edition = Annotated[str, Path(max_length=20, pattern=r"^\d{4}-\d{2}-\d{2}(\.\d{1,4})?$")]
FileName = Annotated[str, Path(max_length=60, pattern=r"^[A-Za-z0-9._-]+$")]


@router.get("/daten/{edition}")
def release(request: Request, edition: Edition) -> Response:
    """One release: rows, files with hashes, how to cite it."""
    found = _find(request, edition)
    about = json.loads((found.folder / "release.json").read_text("utf-8"))
    described = json.loads((found.folder / "schema-org.jsonld").read_text("utf-8"))
    return page(
        request,
        "ausgabe.html",
        release=found,
        about=about,
        titles={layout.name: layout.title for layout in layouts().values()},
        address=described["url"],
        data=jsonld.script(described),
    )


@router.get("/daten/{edition}/{name}")
def file(request: Request, edition: Edition, name: FileName) -> Response:
    """A file of a release, as it was written."""
    found = _find(request, edition)
    digests = {one.name: one.sha256 for one in found.files}
    if name != SUMS and name not in digests:
        raise not_found("Eine Datei", "file", name)
    tag = f'"{digests.get(name) or file_hash(found.folder / SUMS)}"'
    headers = {"Cache-Control": _KEPT, "ETag": tag}
    if caching.matches(request.headers.get("if-none-match", ""), tag):
        return Response(status_code=304, headers=headers)
    suffix = re.search(r"\.[a-z]+$", name)
    media = _TYPES.get(suffix[0] if suffix else "", "text/plain; charset=utf-8")
    return _Download(found.folder / name, media_type=media, headers=headers)


def _find(request: Request, edition: str) -> Release:
    for one in releases(request.app.state.settings.release_dir):
        if one.id == edition:
            return one
    raise not_found("Eine Ausgabe", "release", edition)
