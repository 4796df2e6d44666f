"""A declared pattern: where the records of a site stand, in CSS selectors or JSON pointers.

For the rest of the sites: those whose records `platform: auto` does not find, or finds wrongly.
"""

from __future__ import annotations

from functools import cache
from typing import Annotated, Literal, Self

from pydantic import (
    AfterValidator,
    BaseModel,
    ConfigDict,
    Field,
    StringConstraints,
    model_validator,
)
from selectolax.lexbor import LexborHTMLParser, SelectolaxError

from crawlers.record import Role

Path = Annotated[str, StringConstraints(strip_whitespace=True, max_length=300)]


def _path_glob(glob: str) -> str:
    if not glob.startswith(("/", "*")):
        raise ValueError(f'{glob!r} is no glob of a path such as "/angebote/*"')
    return glob


class Pattern(BaseModel):
    """Where the records of a source stand, and what their parts are.

    With `format: html` every path is a CSS selector, below the record but for `records` and
    `next`. `@name` at its end takes an attribute instead of the text ("a.mail@href"); alone
    ("@data-id") it takes one of the record itself. With `format: json` every path is a JSON
    pointer (RFC 6901) whose leading "/" may be left out; a list on its way stands for each of its
    elements. A record without `text` keeps all its lines.
    """

    model_config = ConfigDict(extra="forbid", frozen=True)

    records: Path
    """One match a record; for JSON the pointer of their list, "" for the whole document."""
    fields: dict[Role, Path] = Field(default_factory=dict)
    """Role (title, text, phone, …) -> where it stands in a record."""
    format: Literal["html", "json"] = "html"
    """What kind of paths these are."""
    pages: Annotated[Path, AfterValidator(_path_glob)] | None = None
    """A glob of the paths (with query) that it is for; every page where absent."""
    key: Path | None = None
    """What the site itself names a record by, and does not change with its text."""
    detail: Path | None = None
    """The link of a record to a page of its own."""
    next: Path | None = None
    """The link to the next page of the list."""

    @model_validator(mode="after")
    def _readable(self) -> Self:
        if self.format == "json":
            if Role.TITLE not in self.fields:
                raise ValueError("fields.title: a JSON record has no heading to take instead")
            return self
        if split(self.records)[1] or not self.records:
            raise ValueError(f"records: {self.records!r} does not select elements")
        below = {f"fields.{role}": path for role, path in self.fields.items()}
        for name in ("records", "key", "detail", "next"):
            below[name] = getattr(self, name)
        for name, path in below.items():
            if path is not None and not _selects(split(path)[0], attribute=split(path)[1]):
                raise ValueError(f"{name}: {path!r} is no CSS selector")
        return self


def split(path: str) -> tuple[str, str]:
    """A path of an HTML pattern as selector and attribute name, each "" where absent."""
    selector, at, attribute = path.rpartition("@")
    plain = at and attribute.replace("-", "").replace("_", "").isalnum()
    return (selector.strip(), attribute.lower()) if plain else (path, "")


@cache
def _nothing() -> LexborHTMLParser:
    return LexborHTMLParser("<p>")


def _selects(selector: str, *, attribute: str) -> bool:
    if not selector:
        return bool(attribute)
    try:
        _nothing().css(selector)
    except SelectolaxError:
        return False
    return True
