"""What a sample site answers: files, and the few routes that a CMS computes."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path, PurePosixPath
from typing import Annotated, Literal
from urllib.parse import parse_qsl, quote, unquote

import yaml
from pydantic import BaseModel, ConfigDict, Field

MEDIA_TYPES = {
    ".html": "text/html",
    ".json": "application/json",
    ".xml": "application/xml",
    ".rss": "application/rss+xml",
    ".ics": "text/calendar",
    ".txt": "text/plain",
    ".css": "text/css",
    ".js": "text/javascript",
    ".svg": "image/svg+xml",
}
_WITH_CHARSET = {".html", ".json", ".xml", ".rss", ".ics", ".txt"}
_LONGEST_NAME = 255  # bytes, NAME_MAX of common file systems
_PER_PAGE = 10  # WordPress REST API, "Pagination": default 10, at most 100
_MOST_PER_PAGE = 100


@dataclass(frozen=True, slots=True)
class Reply:
    """A response before transport: status, body and headers that belong to the content."""

    status: int
    body: bytes = b""
    headers: Mapping[str, str] = field(default_factory=dict)


class FileRoute(BaseModel):
    """Answers `path` with `file` when the query holds all of `query`."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    path: str
    query: dict[str, str] = Field(default_factory=dict)
    file: str
    media_type: str | None = None
    headers: dict[str, str] = Field(default_factory=dict)


class CollectionRoute(BaseModel):
    """Answers `path` with pages of the JSON list in `collection`, as the WordPress REST API does.

    Sets X-WP-Total, X-WP-TotalPages and Link (next, prev); 400 `rest_post_invalid_page_number`
    beyond the last page, 400 `rest_invalid_param` for a per_page outside 1..100.
    """

    model_config = ConfigDict(extra="forbid", frozen=True)

    path: str
    collection: str


class SiteConfig(BaseModel):
    """The `site.yml` of a sample site."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    charset: Literal["utf-8", "unstated"] = "utf-8"
    modified: str
    """Last-Modified of all files: an HTTP date (RFC 9110, 5.6.7)."""
    headers: dict[str, str] = Field(default_factory=dict)
    """Sent with every HTML page."""
    not_found: str = "404.html"
    routes: list[Annotated[FileRoute | CollectionRoute, Field(union_mode="left_to_right")]] = Field(
        default_factory=list
    )


@lru_cache(maxsize=64)
def load_config(folder: Path) -> SiteConfig:
    """Read `site.yml` of a sample site. Raises OSError or pydantic's ValidationError."""
    return SiteConfig.model_validate(yaml.safe_load((folder / "site.yml").read_text("utf-8")))


def answer(folder: Path, config: SiteConfig, target: str) -> Reply:
    """What the site in `folder` answers to a GET of `target` (path and query, as in the request).

    An unknown query on a known path answers as the path alone; a folder without trailing slash
    is a 301 to the one with it.
    """
    raw_path, _, raw_query = target.partition("?")
    path = unquote(raw_path)
    query = dict(parse_qsl(raw_query, keep_blank_values=True))
    www = folder / "www"
    for route in config.routes:
        if route.path != path:
            continue
        if isinstance(route, CollectionRoute):
            return _collection(www / route.collection, path, query, config)
        if route.query.items() <= query.items():
            return _file(www / route.file, config, route)
    file = _inside(www, path)
    if file is None:
        return _missing(www, config)
    if file.is_dir():
        if not path.endswith("/"):
            suffix = f"?{raw_query}" if raw_query else ""
            return Reply(301, b"", {"Location": f"{{site}}{quote(path)}/{suffix}"})
        file /= "index.html"
    return _file(file, config) if file.is_file() else _missing(www, config)


def media_type(file: Path, charset: str) -> str:
    """The Content-Type of a file by its suffix; HTML only says its charset where the site does."""
    kind = MEDIA_TYPES.get(file.suffix, "application/octet-stream")
    says_charset = charset != "unstated" and file.suffix in _WITH_CHARSET
    return f"{kind}; charset=UTF-8" if says_charset else kind


def _inside(www: Path, path: str) -> Path | None:
    names = PurePosixPath(path).parts[1:]
    too_long = any(len(name.encode("utf-8", "replace")) > _LONGEST_NAME for name in names)
    if not path.startswith("/") or ".." in names or "\0" in path or too_long:
        return None
    return www.joinpath(*names)


def _file(file: Path, config: SiteConfig, route: FileRoute | None = None) -> Reply:
    kind = (route and route.media_type) or media_type(file, config.charset)
    headers = {"Content-Type": kind}
    if file.suffix == ".html":
        headers |= config.headers
    return Reply(200, file.read_bytes(), headers | (route.headers if route else {}))


def _missing(www: Path, config: SiteConfig) -> Reply:
    file = www / config.not_found
    body = file.read_bytes() if file.is_file() else b"<!DOCTYPE html><h1>404</h1>"
    return Reply(404, body, {"Content-Type": media_type(Path("404.html"), config.charset)})


def _collection(file: Path, path: str, query: Mapping[str, str], config: SiteConfig) -> Reply:
    kind = {"Content-Type": media_type(file, config.charset)}
    per_page, page = _number(query, "per_page", _PER_PAGE), _number(query, "page", 1)
    if per_page is None or page is None or per_page > _MOST_PER_PAGE:
        return Reply(400, _error("rest_invalid_param", "Ungültige(r) Parameter"), kind)
    items = json.loads(file.read_bytes())
    if slug := query.get("slug"):
        items = [item for item in items if item.get("slug") in slug.split(",")]
    pages = -(-len(items) // per_page)
    if page > max(pages, 1):
        return Reply(
            400,
            _error(
                "rest_post_invalid_page_number",
                "Die angeforderte Seitennummer ist größer als die Zahl der verfügbaren Seiten.",
            ),
            kind,
        )
    links = [
        f'<{{site}}{path}?per_page={per_page}&page={number}>; rel="{name}"'
        for name, number in (("prev", page - 1), ("next", page + 1))
        if 1 <= number <= pages
    ]
    headers = kind | {"X-WP-Total": str(len(items)), "X-WP-TotalPages": str(pages)}
    if links:
        headers["Link"] = ", ".join(links)
    chosen = items[(page - 1) * per_page : page * per_page]
    return Reply(200, json.dumps(chosen, ensure_ascii=False).encode(), headers)


def _number(query: Mapping[str, str], name: str, default: int) -> int | None:
    raw = query.get(name, str(default))
    return int(raw) if raw.isascii() and raw.isdigit() and int(raw[:9]) > 0 else None


def _error(code: str, message: str) -> bytes:
    body = {"code": code, "message": message, "data": {"status": 400}}
    return json.dumps(body, ensure_ascii=False).encode()
