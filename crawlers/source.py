"""Source declarations: *what* to harvest, one YAML file a source."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from datetime import date
from enum import StrEnum
from pathlib import Path
from typing import Annotated, Any, Literal, TypeVar

import yaml
from pydantic import (
    AfterValidator,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    StringConstraints,
    ValidationError,
    model_validator,
)

from crawlers.pattern import Pattern

PACKAGED = Path(__file__).parent / "sources"

Slug = Annotated[str, StringConstraints(pattern=r"^[a-z0-9]+(-[a-z0-9]+)*$", max_length=64)]
Line = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=300)]
Share = Annotated[float, Field(ge=0, le=1)]


def _digits(value: object) -> object:
    return str(value) if isinstance(value, int) and not isinstance(value, bool) else value


RegionWord = Annotated[
    str,
    BeforeValidator(_digits),
    StringConstraints(pattern=r"^[0-9]{2,12}$|^DE$|^[^\W\d_][\w ./()-]{1,60}$"),
]
"""The official key of a region, or its name, as a person wrote it."""


class _Loader(yaml.SafeLoader):
    """YAML without YAML 1.1's octal numbers: region 05124 is Wuppertal, not 2644."""


_Loader.yaml_implicit_resolvers = {
    first: [(tag, rule) for tag, rule in rules if tag != "tag:yaml.org,2002:int"]
    for first, rules in yaml.SafeLoader.yaml_implicit_resolvers.items()
}
_Loader.add_implicit_resolver(
    "tag:yaml.org,2002:int", re.compile(r"^[-+]?(?:0|[1-9][0-9]*)$"), list("-+0123456789")
)


class SourceError(Exception):
    """A declaration cannot be used. The message names file and key of every fault, a line each."""


class Platform(StrEnum):
    """The adapters a declaration may name; `auto` lets the pages decide."""

    AUTO = "auto"
    WORDPRESS = "wordpress"
    EVENTS_CALENDAR = "events_calendar"
    TYPO3 = "typo3"
    JOOMLA = "joomla"
    DRUPAL = "drupal"
    CONTAO = "contao"
    ICAL = "ical"
    FEED = "feed"
    HSDS = "hsds"
    SHEET = "sheet"
    PDF = "pdf"
    HTML = "html"


class Rhythm(StrEnum):
    """How often a source is visited."""

    DAILY = "daily"
    WEEKLY = "weekly"
    MONTHLY = "monthly"


class _Strict(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class Identified(_Strict):
    """What every declaration has: an id, unique among its kind."""

    id: Slug
    """Small letters, digits, hyphens; never changed, since the ids of offers are made from it."""


Declaration = TypeVar("Declaration", bound=Identified)


class Licence(_Strict):
    """Under what terms the texts of a source may be passed on, as a person read them there."""

    name: Line
    """As the site calls it: "CC BY 4.0"."""
    url: str | None = None
    """Where it can be read."""
    attribution: Line | None = None
    """How the source wants to be named."""


class Permission(_Strict):
    """That the owner of a site allowed the harvest, although the site reserves text mining."""

    note: Line
    """What was allowed, and where that is kept."""
    granted_on: date
    """The day it was given."""
    by: Line
    """The body or role that allowed it; never a private person."""


class Politeness(_Strict):
    """Limits of one run. A declaration can only be *more* careful than the defaults of a host."""

    delay: Annotated[
        float | None, Field(ge=1, le=300, description="seconds from an answer to the next request")
    ] = None
    pages: Annotated[int, Field(ge=1, le=20_000, description="pages a run")] = 1_000
    page_bytes: Annotated[int, Field(ge=1_000, le=50_000_000, description="bytes a page")] = (
        5_000_000
    )
    document_bytes: Annotated[
        int, Field(ge=1_000, le=100_000_000, description="bytes a PDF or list")
    ] = 20_000_000
    documents: Annotated[int, Field(ge=0, le=1_000, description="PDFs and lists a run")] = 40
    total_bytes: Annotated[int, Field(ge=1_000, description="bytes a run")] = 500_000_000
    depth: Annotated[int, Field(ge=0, le=20, description="links from a start URL")] = 4
    seconds: Annotated[int, Field(ge=10, le=43_200, description="duration of a run")] = 7_200


class Expectation(_Strict):
    """What a healthy run finds. A minimum broken quarantines the run, a maximum warns."""

    min: Annotated[int, Field(ge=0)] | None = None
    """Offers at least."""
    max: Annotated[int, Field(ge=0)] | None = None
    """Offers at most."""
    fill: dict[str, Share] = Field(default_factory=dict)
    """Field of a listing -> the share of offers, 0 to 1, that have it at least."""
    may_be_empty: bool = False
    """A run without any offer is fine: a calendar between two seasons."""

    @model_validator(mode="after")
    def _ordered(self) -> Expectation:
        if self.min is not None and self.max is not None and self.min > self.max:
            raise ValueError(f"min {self.min} is above max {self.max}")
        return self


def _http(url: str) -> str:
    if not url.lower().startswith(("http://", "https://")) or any(c.isspace() for c in url):
        raise ValueError(f"{url!r} is not an http(s) URL")
    return url


class Source(Identified):
    """One website (or feed) to harvest. `id`, `title`, `region` and `start` are enough."""

    title: Line
    """What the site is called, as readers of an offer are told where it stands."""
    region: RegionWord
    """Official key of the region it speaks for: Land (2 digits), Kreis (5), Gemeinde (8);
    Berlin's districts 11001-11012; "DE" for the whole country."""
    start: Annotated[
        list[Annotated[str, AfterValidator(_http)]], Field(min_length=1, max_length=200)
    ]
    """Where the crawl begins: pages, feeds, calendars, PDFs or lists."""
    network: Slug | None = None
    """The network whose site this is; a city portal has none."""
    platform: Platform = Platform.AUTO
    """The system behind the site, where recognition errs."""
    publisher: Line | None = None
    """Who publishes the site."""
    licence: Licence | None = None
    """Under what terms its texts may be passed on."""
    permission: Permission | None = None
    """Without one a site that reserves text and data mining (§ 44b UrhG) is not harvested."""
    pattern: Pattern | None = None
    """Where records stand; where it picks any on a page, they are all there is on it."""
    contact: Line | None = None
    """A role address to write to when the site breaks; never a person's."""
    rhythm: Rhythm = Rhythm.WEEKLY
    """How often it is visited."""
    politeness: Politeness = Field(default_factory=Politeness)
    """Limits of one run."""
    lookups: dict[Literal["topic", "format"], dict[str, str | None]] = Field(default_factory=dict)
    """Per field, the site's own words and what they mean here (null: nothing)."""
    expect: Expectation = Field(default_factory=Expectation)
    """What a healthy run finds."""
    verified: date | None = None
    """The day a person last compared the harvest with the site; null: never."""
    disabled: bool = False
    """Not visited; what was found stays published."""
    notes: str | None = None
    """Anything worth knowing, for people."""


def as_yaml(source: Source) -> str:
    """A declaration with nothing in it that is as it is anyway."""
    stated = source.model_dump(mode="json", exclude_defaults=True)
    return yaml.safe_dump(stated, allow_unicode=True, sort_keys=False, width=100)


def load_source(path: Path) -> Source:
    """Read one declaration.

    Raises SourceError with a line for each fault: file, key, what is wrong.
    """
    return read_declaration(path, Source)


def load_sources(folder: Path = PACKAGED) -> list[Source]:
    """Read every `*.yml`/`*.yaml` below `folder`, ordered by id.

    Raises SourceError when the folder is missing or empty, when any file is at fault (all faults
    are told at once) or when two files declare one id.
    """
    sources = read_declarations(folder, Source)
    if not sources:
        raise SourceError(f"{folder}: holds no declaration (*.yml)")
    return sources


def read_declaration(path: Path, model: type[Declaration]) -> Declaration:
    """Read one YAML file as `model`; raises SourceError with a line for each fault."""
    try:
        raw: Any = yaml.load(path.read_text("utf-8"), _Loader)  # noqa: S506 - a SafeLoader
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        where = f"line {mark.line + 1}" if mark else "YAML"
        raise SourceError(f"{path}: {where}: {getattr(error, 'problem', None) or error}") from error
    except (OSError, UnicodeDecodeError) as error:
        raise SourceError(f"{path}: cannot be read: {error}") from error
    if not isinstance(raw, dict):
        least = ", ".join(name for name, info in model.model_fields.items() if info.is_required())
        raise SourceError(f"{path}: expected keys and values (at least: {least})")
    try:
        return model.model_validate(raw)
    except ValidationError as error:
        raise SourceError("\n".join(f"{path}: {fault}" for fault in faults_of(error))) from error


def read_declarations(folder: Path, model: type[Declaration]) -> list[Declaration]:
    """Read every YAML file below `folder` as `model`, ordered by id; may find none.

    Raises SourceError when the folder is missing, when any file is at fault (all faults are told
    at once) or when two files declare one id.
    """
    if not folder.is_dir():
        raise SourceError(f"{folder}: no such folder of declarations")
    files = sorted(p for p in folder.rglob("*") if p.suffix in {".yml", ".yaml"} and p.is_file())
    found: dict[str, Path] = {}
    declared: list[Declaration] = []
    faults: list[str] = []
    for file in files:
        try:
            one = read_declaration(file, model)
        except SourceError as error:
            faults.append(str(error))
            continue
        if one.id in found:
            faults.append(f"{file}: id: {one.id!r} is declared in {found[one.id]} too")
            continue
        found[one.id] = file
        declared.append(one)
    if faults:
        raise SourceError("\n".join(faults))
    return sorted(declared, key=lambda one: one.id)


def pick(sources: Sequence[Source], ids: Iterable[str]) -> list[Source]:
    """The sources of these ids, in their order. Raises SourceError for an id nobody declared."""
    known = {source.id: source for source in sources}
    chosen = []
    for wanted in ids:
        if wanted not in known:
            raise SourceError(f"no source has the id {wanted!r}; `netzlotse sources` lists them")
        chosen.append(known[wanted])
    return chosen


def faults_of(error: ValidationError) -> Iterable[str]:
    """What is wrong with a declaration, a line each: the key, then what is the matter."""
    for fault in error.errors():
        key = ".".join(str(part) for part in fault["loc"]) or "(file)"
        if fault["type"] == "extra_forbidden":
            yield f"{key}: unknown key"
        elif fault["type"] == "missing":
            yield f"{key}: is missing"
        else:
            message = fault["msg"].removeprefix("Value error, ")
            yield f"{key}: {message} (found {fault['input']!r:.80})"
