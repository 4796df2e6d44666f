"""An HTML fragment from a feed or an API as clean lines."""

from __future__ import annotations

import re
import warnings

_SPACE = re.compile(r"[\s\u00a0\u00ad\u200b-\u200f\u2060\ufeff]+")
_BLOCKS = (
    "p",
    "li",
    "div",
    "h1",
    "h2",
    "h3",
    "h4",
    "h5",
    "h6",
    "tr",
    "dt",
    "dd",
    "ul",
    "ol",
    "table",
)
_LIMIT = 200_000  # characters of one fragment


def clean_lines(fragment: str) -> list[str]:
    """The visual lines of a fragment, white space folded; plain text keeps its own line breaks."""
    fragment = fragment[:_LIMIT]
    if "<" not in fragment and "&" not in fragment:
        return _folded(fragment)
    # Few pages need what takes long to load.
    from bs4 import BeautifulSoup, MarkupResemblesLocatorWarning  # noqa: PLC0415

    with warnings.catch_warnings():
        warnings.simplefilter("ignore", MarkupResemblesLocatorWarning)
        soup = BeautifulSoup(fragment.replace("\r", ""), "lxml")
    for silent in soup(["script", "style", "noscript", "iframe"]):
        silent.decompose()
    for rule in soup(["br", "hr"]):
        rule.replace_with("\n")
    for block in soup(_BLOCKS):
        block.insert_before("\n")
        block.append("\n")
    return _folded(soup.get_text())


def _folded(text: str) -> list[str]:
    return [line for raw in text.splitlines() if (line := _SPACE.sub(" ", raw).strip())]
