"""Values as cells of a CSV file that people open with a spreadsheet program."""

from __future__ import annotations

import re

_NUMBER = r"[+-]\d[\d. ]*(?=[;\t\r\n]|$)"
_FORMULA = re.compile(rf"""(^|[;\t\r\n])([\s"']*)(?=[=@]|(?!{_NUMBER})[+-])""")
"""Where a program begins a cell, whatever separator it takes, and finds a formula there."""


def cell(value: object) -> str:
    """A value as text that no spreadsheet runs as a formula (OWASP: CSV Injection).

    Lists are joined with "; ". A German Excel reads semicolons as separators whatever the file
    says, so that a formula may stand behind any of them; numbers may begin with a sign.
    """
    if value is None:
        return ""
    if isinstance(value, bool):
        return str(value).lower()
    text = "; ".join(map(str, value)) if isinstance(value, list) else str(value)
    return _FORMULA.sub(r"\1\2'", text)
