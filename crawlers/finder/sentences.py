"""Where the sentences of a line end."""

from __future__ import annotations

import re

END = re.compile(
    r"(?:(?<=[\w)]{2}[.!?])"
    r"|(?<=\w\s[.!?]))(?<!\bSt\.)(?<![Ss]tr\.)(?<!Kath\.)(?<!kath\.)(?<!bzw\.)\s+(?=[A-ZÄÖÜ])"
)
"""The white space after a sentence; abbreviations end none."""
