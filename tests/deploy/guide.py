"""The commands of a guide, by the comment that opens each of its blocks."""

from __future__ import annotations

import re
import textwrap
from pathlib import Path

DOCS = Path(__file__).parent.parent.parent / "docs"
_BLOCK = re.compile(
    r"^( *)```sh\n\1# (?P<title>[^\n]+)\n(?P<body>.*?)^\1```$", re.MULTILINE | re.DOTALL
)


def blocks(page: str) -> dict[str, str]:
    """The shell blocks of a page that begin with a comment, by that, in their order."""
    text = (DOCS / page).read_text("utf-8")
    return {
        found["title"]: textwrap.dedent(f"{found[1]}# {found['title']}\n{found['body']}")
        for found in _BLOCK.finditer(text)
    }
