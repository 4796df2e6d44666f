"""The published versions of the files that other sites load (`releases/VERSION/`), never changed.

A version is what `python -m api.embedding.build` made of the sources beside this module. Semantic
Versioning: what a pinned snippet of a major version counts on stays.
"""

from __future__ import annotations

import base64
import hashlib
from dataclasses import dataclass
from functools import cache, cached_property
from pathlib import Path

VERSION = "1.1.0"
"""Of the sources beside this module. Raise it when they change."""
FILES = ("angebot-suche.js", "rahmen.js")
FOLDER = Path(__file__).with_name("releases")


def integrity(content: bytes) -> str:
    """The hash of a file as the attribute `integrity` wants it (W3C Subresource Integrity)."""
    return "sha384-" + base64.b64encode(hashlib.sha384(content).digest()).decode()


@dataclass(frozen=True)
class Release:
    """One published version."""

    version: str

    @property
    def number(self) -> tuple[int, ...]:
        """The version as numbers, for comparing."""
        return tuple(int(part) for part in self.version.split("."))

    @property
    def major(self) -> str:
        """The name of the moving address: "v1"."""
        return f"v{self.number[0]}"

    @cached_property
    def files(self) -> dict[str, bytes]:
        """The content of every file by name."""
        return {name: (FOLDER / self.version / name).read_bytes() for name in FILES}

    @cached_property
    def hashes(self) -> dict[str, str]:
        """The integrity of every file by name."""
        return {name: integrity(content) for name, content in self.files.items()}


@cache
def releases() -> dict[str, Release]:
    """Every version by its name in addresses ("v1.1.0"), and the newest of each major ("v1")."""
    found = sorted(
        (Release(folder.name) for folder in FOLDER.iterdir() if folder.is_dir()),
        key=lambda release: release.number,
    )
    return {f"v{release.version}": release for release in found} | {
        release.major: release for release in found
    }


def newest() -> Release:
    """The newest version."""
    return max(releases().values(), key=lambda release: release.number)
