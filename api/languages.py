"""The languages of the pages: which there are, where they are found, what they call things.

Words stand in German in templates and code and are the keys of the catalogues in `translations/`.
A page in another language has its code before its path (`/en/angebot/…`): an address always means
one language, nothing is stored, and what a browser prefers is only offered.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from io import BytesIO
from pathlib import Path
from types import MappingProxyType

from babel import Locale
from babel.messages.catalog import Catalog
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po
from babel.support import NullTranslations, Translations
from starlette.requests import Request
from starlette.responses import RedirectResponse
from starlette.types import ASGIApp, Receive, Scope, Send

from aggregator.vocabulary.facets import LABELS
from aggregator.vocabulary.topics import TOPICS

CATALOGUES = Path(__file__).parent / "translations"
GERMAN = "de"
_STATE = "netzlotse.language"


@dataclass(frozen=True, slots=True)
class Language:
    """A language of the pages. `name` is its own; `offer` invites in it to a page in it."""

    code: str
    name: str
    offer: str
    direction: str = "ltr"

    @property
    def prefix(self) -> str:
        """What stands before the paths of its pages."""
        return "" if self.code == GERMAN else f"/{self.code}"

    @property
    def locale(self) -> Locale:
        """How it writes dates and numbers (CLDR)."""
        return _LOCALES[self.code]


LANGUAGES: Mapping[str, Language] = MappingProxyType(
    {
        language.code: language
        for language in (
            Language(GERMAN, "Deutsch", "Diese Seite auf Deutsch"),
            Language("en", "English", "This page in English"),
            Language("tr", "Türkçe", "Bu sayfa Türkçe"),
            Language("ar", "العربية", "هذه الصفحة بالعربية", "rtl"),
            Language("uk", "Українська", "Ця сторінка українською"),
        )
    }
)
_LOCALES = {
    code: Locale.parse(f"{code}_GB" if code == "en" else code, sep="_") for code in LANGUAGES
}
_PREFIXED = re.compile(rf"/({'|'.join(code for code in LANGUAGES if code != GERMAN)})(/.*)?")
_TRANSLATED = re.compile(
    r"/(angebot/[^/]+(/korrektur)?|korrektur/[^/]+|netzwerke|netzwerk/[^/]+|regionen|region/[^/]+"
    r"|merkliste|notfall|barrierefreiheit|datenschutz|impressum)?"
)
"""Pages for parents. Those for coordinators and editors are German: their words are the law's."""
_COMPARED = re.compile(r"/vergleich(/.*)?")
"""What coordinators show to others is there in English, too."""
_COMPARED_IN: Mapping[str, Language] = MappingProxyType(
    {code: LANGUAGES[code] for code in (GERMAN, "en")}
)
_NONE: Mapping[str, Language] = MappingProxyType({})


def languages_of(path: str) -> Mapping[str, Language]:
    """The languages in which the page at a path, without prefix, is there; {} if only in German."""
    if _TRANSLATED.fullmatch(path):
        return LANGUAGES
    return _COMPARED_IN if _COMPARED.fullmatch(path) else _NONE


def translated(path: str) -> bool:
    """Whether the page at a path, without prefix, is there in another language."""
    return bool(languages_of(path))


def without_prefix(path: str) -> str:
    """A path without the code of a language; as it is where no page is there in that language."""
    found = _PREFIXED.fullmatch(path)
    return found[2] if found and found[2] and found[1] in languages_of(found[2]) else path


def spoken(request: Request) -> Language:
    """The language of the page that is asked for."""
    return LANGUAGES[request.scope.get(_STATE, GERMAN)]


def path_of(request: Request) -> str:
    """The path of a page without the prefix of its language."""
    prefix = spoken(request).prefix
    path: str = request.scope["path"]
    return path.removeprefix(prefix) if prefix else path


def preferred(request: Request) -> Language | None:
    """The language that a browser would rather have than this page's; None if this one is fine."""
    ranked: list[tuple[float, int, str]] = []
    for at, part in enumerate(request.headers.get("accept-language", "").split(",")[:20]):
        tag, _, rest = part.strip().partition(";")
        try:
            weight = float(rest.strip().removeprefix("q=")) if rest else 1.0
        except ValueError:
            continue
        ranked.append((-weight, at, tag.partition("-")[0].lower()))
    here, there = spoken(request).code, languages_of(path_of(request))
    for weight, _, code in sorted(ranked):
        if weight and code == here:
            return None
        if weight and code in there:
            return there[code]
    return None


@cache
def translations(code: str) -> NullTranslations:
    """The words of a language, compiled from its catalogue; German has none to look up."""
    if code == GERMAN:
        return NullTranslations()
    compiled = BytesIO()
    write_mo(compiled, catalogue(code))
    compiled.seek(0)
    return Translations(compiled)


def catalogue(code: str) -> Catalog:
    """The catalogue of a language; English takes the names of values from the vocabulary."""
    with (CATALOGUES / f"{code}.po").open("rb") as file:
        found = read_po(file, locale=code)
    if code == "en":
        for german, english in vocabulary().items():
            found.add(german, english)
    return found


@cache
def vocabulary() -> Mapping[str, str]:
    """What values of offers are called: German -> English. Names of languages are CLDR's."""
    named = [topic.label for topic in TOPICS.values()]
    for field, values in LABELS.items():
        if field != "languages":
            named += values.values()
    return {words["de"]: words["en"] for words in named}


class LanguagePaths:
    """Takes the language off the paths of translated pages; routes know one path a page."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass on with the prefix as `root_path` (ASGI: what links are made with)."""
        found = _PREFIXED.fullmatch(scope["path"]) if scope["type"] == "http" else None
        if found and not found[2]:
            answer = RedirectResponse(f"{scope['path']}/", 308)
            await answer(scope, receive, send)
            return
        if found and found[1] in languages_of(found[2]):
            scope = {**scope, "root_path": f"/{found[1]}", _STATE: found[1]}
        await self._app(scope, receive, send)
