"""What the embedded forms say, in five languages (`words.yml`)."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from types import MappingProxyType

import yaml

_FILE = Path(__file__).with_name("words.yml")
LANGUAGES = {
    "de": "Deutsch", "en": "English", "tr": "Türkçe", "uk": "Українська", "ar": "العربية",
}  # fmt: skip
"""Code -> the language's own name."""
BUILT_IN = ("de", "en")
"""Languages that the widget's file holds; snippets in others carry their words along."""
RIGHT_TO_LEFT = frozenset({"ar"})
MARK = "|"
"""Divides the words where they are one string."""

_WORDS: dict[str, dict[str, str]] = yaml.safe_load(_FILE.read_text("utf-8"))
KEYS = tuple(_WORDS)
"""The keys in the order in which the widget counts on them."""


def words(language: str) -> Mapping[str, str]:
    """Every word by its key. Raises KeyError for a language that is none of LANGUAGES."""
    return MappingProxyType({key: _WORDS[key][language] for key in KEYS})


def joined(language: str) -> str:
    """The words as the widget's attribute `words` takes them."""
    return MARK.join(words(language).values())
