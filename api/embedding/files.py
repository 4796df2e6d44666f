"""The files that other sites load: `/einbetten/v1.1.0/…` never changes, `/einbetten/v1/…` moves."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Mapping
from functools import cache
from pathlib import Path

from fastapi import APIRouter, Request
from starlette.responses import Response

from api import caching
from api.embedding.releases import FILES, Release, releases
from api.problems import not_found

router = APIRouter()

_FOR_EVER = "public, max-age=31536000, immutable"
_MOVING = "public, max-age=3600, stale-while-revalidate=86400"
_ANYWHERE = {
    "Access-Control-Allow-Origin": "*",  # `integrity` needs CORS (W3C SRI, 3.3)
    "Cross-Origin-Resource-Policy": "cross-origin",
}
_BUNDLE = Path(__file__).with_name("bundle")
BUNDLE = "angebot-suche.zip"
_EPOCH = (2026, 1, 1, 0, 0, 0)  # the same bundle has the same bytes, whenever it is made


@router.get("/einbetten/{version}/{name}")
def embedded_file(request: Request, version: str, name: str) -> Response:
    """A file of a published version, or the bundle of all of them for hosting it oneself."""
    release = releases().get(version)
    if release is None or name not in {*FILES, BUNDLE}:
        raise not_found("Eine Datei zum Einbetten", "embeddable file", f"{version}/{name}")
    pinned = version == f"v{release.version}"
    headers = {**_ANYWHERE, "Cache-Control": _FOR_EVER if pinned else _MOVING}
    if name == BUNDLE:
        body, kind = bundle(release), "application/zip"
        filename = f"angebot-suche-{release.version}.zip"
        headers["Content-Disposition"] = f'attachment; filename="{filename}"'
    else:
        body, kind = release.files[name], "text/javascript"
    tag = caching.etag(body)
    headers["ETag"] = tag
    if caching.matches(request.headers.get("if-none-match", ""), tag):
        return Response(status_code=304, headers=headers)
    return Response(body, media_type=kind, headers=headers)


@cache
def bundle(release: Release) -> bytes:
    """Everything that hosting a version oneself needs, as a zip file."""
    told = (_BUNDLE / "LIESMICH.md").read_text("utf-8")
    told = told.replace("@VERSION@", release.version)
    for name in FILES:
        told = told.replace(f"@{name}@", release.hashes[name])
    content: Mapping[str, bytes] = {
        **release.files,
        "LIESMICH.md": told.encode(),
        "LICENSE": (_BUNDLE / "LICENSE").read_bytes(),
        "integrity.txt": "".join(f"{h}  {n}\n" for n, h in release.hashes.items()).encode(),
    }
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in content.items():
            entry = zipfile.ZipInfo(f"angebot-suche-{release.version}/{name}", _EPOCH)
            entry.compress_type = zipfile.ZIP_DEFLATED
            entry.external_attr = 0o644 << 16
            archive.writestr(entry, data)
    return made.getvalue()
