"""Text that still holds markup: a fragment escaped twice, a cell of a list, a tag spelt out."""

from __future__ import annotations

import html
import re

import nh3

_TAG = re.compile(r"<[a-zA-Z/!?]")
_ESCAPED = re.compile(r"&(?:amp;)*(?:lt|#0*60|#x0*3c)\b", re.IGNORECASE)
_BREAKS = re.compile(r"<(?:br|hr|/?(?:p|div|li|ul|ol|tr|td|h[1-6]))\b[^<>]{0,200}>", re.IGNORECASE)
_SILENT = {"script", "style", "noscript", "template", "iframe", "svg", "math", "object"}
_ROUNDS = 4  # markup inside of what is left of markup; nobody writes so by accident


def without_markup(text: str) -> str:
    """The text without any tag and without what only machines read.

    No tag is allowed: what is published is plain text. A sign that is none ("unter < 3 Jahren")
    stays.
    """
    if "<" not in text and "&" not in text:
        return text
    if not _TAG.search(text) and not _ESCAPED.search(text):
        return text
    for _ in range(_ROUNDS):
        while _ESCAPED.search(text) and (spelt := html.unescape(text)) != text:
            text = spelt
        if not _TAG.search(text):
            break
        clean = nh3.clean(_BREAKS.sub(" ", text), tags=set(), clean_content_tags=_SILENT)
        text = html.unescape(clean)
    return " ".join(_TAG.sub(" ", text).split())
