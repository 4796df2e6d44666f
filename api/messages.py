"""What is to be translated: every German word group of pages, code and vocabulary.

`python -m api.messages` brings the catalogues in `translations/` up to date: new keys come in
empty, keys that nothing uses any more go. A test fails while one is empty, fuzzy or too many.
"""

from __future__ import annotations

from collections.abc import Iterator
from io import BytesIO
from pathlib import Path

from babel.messages.catalog import Catalog
from babel.messages.extract import extract_from_dir
from babel.messages.pofile import read_po, write_po

from aggregator.correction.aspect import ASPECTS
from api.emergency import emergency
from api.labels import ANY_STATUS
from api.languages import CATALOGUES, GERMAN, LANGUAGES, vocabulary

Key = str | tuple[str, str]
"""German words; with a number, singular and plural."""

_HERE = Path(__file__).parent
_GERMAN_ONLY = (
    "admin/*",
    "bericht",
    "daten",
    "lauf",
    "leichte-sprache",
    "quelle",
    "quellen",
    "verlauf",
    "zitat",
    "zitieren",
)
_ENGLISH_ONLY = ("vergleich/*",)
"""Pages that are there in German and English (`api.languages.languages_of`)."""
_CODE = ("chips", "facts", "pages", "today", "wording")
_METHODS = [
    *((f"templates/{name}.html", "ignore") for name in _GERMAN_ONLY),
    ("templates/**.html", "jinja2"),
    *((f"{name}.py", "python") for name in _CODE),
]
_FEWER = [*((f"templates/{name}.html", "ignore") for name in _ENGLISH_ONLY), *_METHODS]
"""Pages for coordinators and editors, and Leichte Sprache, are German."""
_KEYWORDS = {"_": None, "words": None, "message": None, "counted": (2, 3)}
_HEADER = "# What pages say in another language. Keys are the German words in templates and code.\n"


def keys(code: str = "en") -> Iterator[Key]:
    """Every key that pages of a language look up, in the order of the files."""
    seen: set[Key] = set()
    found = extract_from_dir(
        str(_HERE),
        _METHODS if code == "en" else _FEWER,
        {"templates/**.html": {"trimmed": "true", "encoding": "utf-8"}},
        _KEYWORDS,
    )
    named = (
        (words[0], words[1]) if isinstance(words, tuple) else words for _, _, words, *_ in found
    )
    for key in (*named, *_told()):
        if key and key not in seen:
            seen.add(key)
            yield key


def _told() -> Iterator[str]:
    """Words that stand in data: values, aspects of a correction, the emergency list."""
    yield from vocabulary()
    yield from emergency().words()
    yield ANY_STATUS
    for aspect in ASPECTS:
        yield aspect.label
        if aspect.hint:
            yield aspect.hint
        for _, label in aspect.choices:
            yield label


def expected(code: str) -> list[Key]:
    """The keys of one catalogue: the English names of values are the vocabulary's."""
    known = vocabulary() if code == "en" else {}
    return [key for key in keys(code) if key not in known]


def updated(code: str) -> bytes:
    """A catalogue with exactly the keys that it should have; what was translated stays."""
    with (CATALOGUES / f"{code}.po").open("rb") as file:
        old = read_po(file, locale=code)
    new = Catalog(locale=code, header_comment=_HEADER.strip(), charset="utf-8", fuzzy=False)
    for key in expected(code):
        was = old.get(key[0] if isinstance(key, tuple) else key)
        kept = was if was and isinstance(was.string, tuple) is isinstance(key, tuple) else None
        new.add(key, kept.string if kept else None)
    out = BytesIO()
    write_po(out, new, width=100, omit_header=False, sort_output=False)
    lines = out.getvalue().decode().splitlines(keepends=True)
    dated = ("POT-Creation-Date", "PO-Revision-Date", "Last-Translator", "Generated-By",
             "Project-Id-Version", "Report-Msgid-Bugs-To", "Language-Team")  # fmt: skip
    return "".join(
        line for line in lines if not line.startswith(tuple(f'"{d}' for d in dated))
    ).encode()


if __name__ == "__main__":
    for language in LANGUAGES:
        if language != GERMAN:
            (CATALOGUES / f"{language}.po").write_bytes(updated(language))
