"""Sites with a known truth, served over HTTP: the samples, or any folder laid out like them."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import date, datetime
from email.utils import parsedate_to_datetime
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import yaml
from pydantic import ValidationError

from aggregator.harvest import BERLIN
from aggregator.vocabulary.regions import COUNTRY, REGIONS
from crawlers.samples.federation import SITES
from crawlers.samples.route import Reply, SiteConfig, answer, load_config
from crawlers.samples.server import Answer, SiteServer, http_date
from crawlers.source import Source, SourceError

_ORIGIN = re.compile(r"^https?://[^/]+")
_PLACEHOLDER = "{site}"
_UNKNOWN = "application/octet-stream"


@dataclass(frozen=True, slots=True)
class TrueSite:
    """A folder with `www/`, `truth.jsonl` and a declaration; `site.yml` is optional.

    `origin` is the address that the site's own pages use for it, "" where they use none.
    """

    folder: Path
    declared: dict[str, Any]
    truth: Sequence[dict[str, Any]]
    config: SiteConfig
    seen_on: date
    """The day the site is read as of: its Last-Modified, or today."""
    origin: str = ""

    @property
    def id(self) -> str:
        """The id of its declaration."""
        return str(self.declared["id"])

    @contextmanager
    def served(self) -> Iterator[Source]:
        """Serve the site on loopback; what is yielded declares it at its real address."""
        server = SiteServer(self._respond)
        try:
            base = server.base_url
            starts = [base + _path(start) for start in self.declared["start"]]
            yield Source.model_validate({**self.declared, "start": starts})
        except ValidationError as error:
            raise SourceError(f"{self.folder}: {error}") from error
        finally:
            server.close()

    def _respond(self, target: str) -> Answer:
        reply = answer(self.folder, self.config, target)
        if reply.headers.get("Content-Type") == _UNKNOWN and b"<" in reply.body[:200]:
            reply = replace(reply, headers={**reply.headers, "Content-Type": "text/html"})
        if self.origin:
            body = reply.body.replace(self.origin.encode(), _PLACEHOLDER.encode())
            reply = Reply(reply.status, body, reply.headers)
        return Answer(reply, self.config.modified)


def load_sites(folder: Path = SITES) -> list[TrueSite]:
    """Every site below `folder` that has a truth, by id.

    Raises SourceError where there is none or one cannot be read.
    """
    sites = [_load(file.parent) for file in sorted(folder.glob("*/truth.jsonl"))]
    if not sites:
        raise SourceError(f"{folder}: holds no site with a truth.jsonl")
    return sorted(sites, key=lambda site: site.id)


def _load(folder: Path) -> TrueSite:
    try:
        lines = (folder / "truth.jsonl").read_text("utf-8").splitlines()
        truth = [json.loads(line) for line in lines if line.strip()]
        declared = _declared(folder)
        configured = (folder / "site.yml").is_file()
        today = datetime.now(BERLIN)
        config = (
            load_config(folder)
            if configured
            else SiteConfig(charset="unstated", modified=http_date(today.timestamp()))
        )
    except (OSError, ValueError, yaml.YAMLError) as error:
        raise SourceError(f"{folder}: {error}") from error
    origins = {m[0] for start in declared["start"] if (m := _ORIGIN.match(start))}
    seen_on = parsedate_to_datetime(config.modified).astimezone(BERLIN).date()
    return TrueSite(folder, declared, truth, config, seen_on, min(origins, default=""))


def _declared(folder: Path) -> dict[str, Any]:
    """The declaration: source.yml as a coordinator writes it, or source.json with the least."""
    file = folder / "source.yml"
    text = (file if file.is_file() else folder / "source.json").read_text("utf-8")
    declared: dict[str, Any] = yaml.safe_load(text)  # JSON is YAML
    start = declared.get("start") or "/"
    starts = [start] if isinstance(start, str) else list(start)
    return {
        **declared,
        "start": starts,
        "id": declared.get("id") or folder.name,
        "region": _region(str(declared.get("region", ""))),
    }


def _region(named: str) -> str:
    """The key of a region that may be named instead; the country where nobody knows the name."""
    if named.isdigit():
        return named
    return next((key for key, region in REGIONS.items() if region.name == named), COUNTRY)


def _path(start: str) -> str:
    """A start URL without its host; it may be written with the placeholder or without a host."""
    parts = urlsplit(start.replace(_PLACEHOLDER, ""))
    path = "/" + parts.path.lstrip("/")
    return f"{path}?{parts.query}" if parts.query else path
