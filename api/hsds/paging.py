"""Pages as HSDS has them: numbered, with the whole counted; or all of it as lines."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import Annotated, Any, Literal

from fastapi import Request
from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, StringConstraints
from pydantic_core import to_json
from sqlmodel import Session
from starlette.responses import Response, StreamingResponse

from aggregator.catalogue.state import freshness, record_seq
from api import caching
from api.filters import MAX_TEXT
from api.lines import MEDIA_TYPE, lines, wants_lines

MOST = 500  # items of a page
USUAL = 50
LAST_PAGE = 1_000_000


def _unset(value: object) -> object:
    """An empty parameter is none."""
    return None if value == "" else value


Unset = BeforeValidator(_unset)
Id = Annotated[
    str, StringConstraints(max_length=200, pattern=r"^[A-Za-z0-9._:-]*$"), Field(default="")
]


class PageQuestion(BaseModel):
    """The parameters that every list has."""

    model_config = ConfigDict(extra="forbid")

    search: str = Field("", max_length=MAX_TEXT, description="Words to look for.")
    page: int = Field(1, ge=1, le=LAST_PAGE, description="Number of the page; the first is 1.")
    per_page: int | None = Field(
        None, ge=1, le=MOST, description=f"Items of a page; {USUAL} if not told."
    )
    perPage: int | None = Field(  # noqa: N815 - what validators of Open Referral UK send
        None, ge=1, le=MOST, description="Another name of `per_page`, which goes first."
    )
    format: Literal["json", "ndjson"] = Field(
        "json", description="`ndjson` streams all of the result, an object a line, without pages."
    )

    @property
    def size(self) -> int:
        """Items of a page."""
        return self.per_page or self.perPage or USUAL

    @property
    def offset(self) -> int:
        """Items before this page."""
        return (self.page - 1) * self.size


class Page(BaseModel):
    """A page as HSDS has it."""

    total_items: int = Field(ge=0, description="Number of all items.")
    total_pages: int = Field(ge=0)
    page_number: int = Field(ge=1)
    size: int = Field(ge=0, description="Number of items on this page.")
    first_page: bool
    last_page: bool
    empty: bool = Field(description="Whether this page has no items.")


class Item(BaseModel):
    """An object of HSDS; its schema is HSDS's own."""

    model_config = ConfigDict(extra="allow")

    id: str = Field(json_schema_extra={"format": "uuid"})


Document = dict[str, Any]


def page(asked: PageQuestion, total: int, contents: Sequence[Document]) -> bytes:
    """A page of a list as JSON."""
    pages = -(-total // asked.size)
    head = {
        "total_items": total,
        "total_pages": pages,
        "page_number": asked.page,
        "size": len(contents),
        "first_page": asked.page == 1,
        "last_page": asked.page >= pages,
        "empty": not contents,
    }
    return to_json({**head, "contents": contents})


def whole(total: int, contents: Iterable[Document]) -> Iterator[bytes]:
    """A list on one page, however long: written while it is read."""
    head = {
        "total_items": total,
        "total_pages": 1 if total else 0,
        "page_number": 1,
        "size": total,
        "first_page": True,
        "last_page": True,
        "empty": not total,
    }
    yield to_json(head)[:-1] + b',"contents":['
    between = b""
    for one in contents:
        yield between + to_json(one)
        between = b","
    yield b"]}"


def answer(
    request: Request,
    record: Session,
    asked: PageQuestion,
    make: Callable[[], bytes | Iterator[bytes]],
    stream: Callable[[], Iterator[Document]],
) -> Response:
    """A list: a 304 where nothing has changed, else its page by `make` or its lines by `stream`.

    The entity tag is made of the last change and the question; a 304 looks nothing up.
    """
    streamed = asked.format == "ndjson" or wants_lines(request)
    state = record_seq(record), freshness(record)
    said = asked.model_dump_json(exclude={"perPage"})
    tag = caching.etag("hsds", request.url.path, state, said, asked.size, streamed)
    if known := caching.unchanged(request, tag):
        return known
    headers = caching.validators(tag)
    if streamed:
        return StreamingResponse(lines(stream()), media_type=MEDIA_TYPE, headers=headers)
    made = make()
    if isinstance(made, bytes):
        return Response(made, media_type="application/json", headers=headers)
    return StreamingResponse(made, media_type="application/json", headers=headers)


def one(request: Request, found: Document) -> Response:
    """One object."""
    return caching.json_answer(request, to_json(found))
