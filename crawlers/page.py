"""One fetched document, as it was archived."""

from __future__ import annotations

import codecs
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from functools import cached_property

from selectolax.lexbor import LexborHTMLParser

from crawlers.keys import absolute

_CHARSET = re.compile(rb"""charset\s*=\s*["']?\s*([A-Za-z0-9_.:-]+)""", re.IGNORECASE)
_HEAD = 2048  # bytes in which HTML must state its encoding (HTML Living Standard, 13.2.3.2: 1024)
_OPENING = 60_000
_BALLAST = re.compile(rb"(<(?:style|script)[^>]{0,400}>[^<]{300})[^<]+")
_BOMS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)


@dataclass(frozen=True, slots=True)
class ArchiveRef:
    """Where the response that carried a page stands in the WARC archive.

    `file` is relative to the archive folder, `offset` the byte at which the gzip member of the
    WARC record starts, `sha256` the hex digest of the decoded body.
    """

    file: str
    offset: int
    sha256: str


@dataclass(frozen=True)
class Page:
    """A response body with what is needed to read it; the only input of an adapter.

    `url` is the address that answered (after redirects), header names are lower case, `body` has
    its transfer and content encodings removed, `fetched_at` is in UTC.
    """

    url: str
    body: bytes
    fetched_at: datetime
    status: int = 200
    headers: Mapping[str, str] = field(default_factory=dict)
    archived: ArchiveRef | None = None

    @cached_property
    def media_type(self) -> str:
        """The media type without parameters, lower case; sniffed where the server sent none."""
        stated = self.headers.get("content-type", "").partition(";")[0].strip().lower()
        if stated:
            return stated
        return "text/html" if b"<" in self.body[:_HEAD] else "application/octet-stream"

    @property
    def is_html(self) -> bool:
        """True where the page should be read as HTML."""
        return self.media_type in {"text/html", "application/xhtml+xml"}

    @cached_property
    def encoding(self) -> str:
        """The encoding to decode with.

        Order: byte order mark, valid UTF-8, what the header says, what the document says,
        windows-1252. Valid UTF-8 comes before what is *said*, because small sites say Latin-1 and
        send UTF-8, while Latin-1 text with umlauts is never valid UTF-8 by accident.
        """
        for mark, name in _BOMS:
            if self.body.startswith(mark):
                return name
        try:
            self.body.decode("utf-8")
        except UnicodeDecodeError:
            pass
        else:
            return "utf-8"
        stated = _CHARSET.search(self.headers.get("content-type", "").encode("latin-1", "replace"))
        for match in (stated, _CHARSET.search(self.body[:_HEAD])):
            if match and (known := _known(match[1].decode("ascii"))):
                return known
        return "windows-1252"

    @cached_property
    def text(self) -> str:
        """The body as text; undecodable bytes become U+FFFD, never an error."""
        return self.body.decode(self.encoding, "replace").removeprefix("\ufeff")

    @cached_property
    def opening(self) -> bytes:
        """The first 60,000 characters in UTF-8, ASCII in lower case: where a platform signs.

        Of styles and scripts only the beginning is kept: they are half of a page and sign nothing
        after that.
        """
        return _BALLAST.sub(rb"\1", self.text[:_OPENING].encode("utf-8", "replace").lower())

    @cached_property
    def generators(self) -> tuple[str, ...]:
        """What the document says made it, lower case."""
        named = self.tree.css(_GENERATOR)
        return tuple((node.attributes.get("content") or "").lower() for node in named)

    def holds(self, mark: str) -> bool:
        """Say whether its text holds a mark in ASCII."""
        if self.encoding in _ASCII_ALIKE:
            return mark.encode("ascii") in self.body  # much sooner found than in the text
        return mark in self.text

    @cached_property
    def base(self) -> str:
        """The address that its links are relative to: its own, unless <base href> says another.

        Contao and other systems write the links of every page as from the root.
        """
        node = self.tree.css_first("base[href]") if self.is_html else None
        said = (node.attributes.get("href") or "") if node is not None else ""
        return (absolute(self.url, said) if said else "") or self.url

    @cached_property
    def tree(self) -> LexborHTMLParser:
        """The parsed document, shared by all who read the page: do not change it."""
        return LexborHTMLParser(self.text)


_GENERATOR = "meta[name=generator], meta[name=Generator], meta[name=GENERATOR]"
_ASCII_ALIKE = frozenset({"utf-8", "windows-1252"})
"""Encodings in which an ASCII character is its own byte, and that byte nothing else."""


def _known(name: str) -> str | None:
    try:
        found = codecs.lookup(name).name
    except LookupError:
        return None
    # Browsers read both labels as windows-1252 (WHATWG Encoding, 4.2): „ “ – exist only there.
    # UTF-8 was tried before, so a page that claims it lies.
    if found in {"iso8859-1", "ascii"}:
        return "windows-1252"
    return None if found == "utf-8" else found
