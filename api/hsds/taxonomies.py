"""`/hsds/taxonomies` and `/hsds/taxonomy_terms`: what offers are classified by."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Annotated

from fastapi import APIRouter, Query, Request
from pydantic import Field
from pydantic_core import to_json
from starlette.responses import Response, StreamingResponse

from aggregator.hsds.document import Document
from aggregator.hsds.taxonomy import taxonomies, taxonomy_terms
from aggregator.vocabulary.folding import fold
from api import caching
from api.access import Identifier
from api.hsds.paging import Id, Item, Page, PageQuestion, one, page
from api.lines import LINES, MEDIA_TYPE, lines, wants_lines
from api.problems import described, not_found

router = APIRouter(tags=["taxonomies"])


class TermQuestion(PageQuestion):
    """The parameters of `/hsds/taxonomy_terms`."""

    taxonomy_id: Id
    parent_id: Id
    top_only: bool = Field(False, description="Only terms that are no child of another.")


class TermItem(Item):
    """HSDS `taxonomy.json` or `taxonomy_term.json`."""

    name: str
    description: str


class TermPage(Page):
    """A page of taxonomies or terms."""

    contents: list[TermItem]


@router.get(
    "/taxonomies",
    operation_id="getPaginatedListOfTaxonomies",
    summary="Taxonomies, page by page",
    response_model=TermPage,
    responses={200: {"content": LINES}, **described(406, 422, 429)},
)
def get_taxonomies(request: Request, asked: Annotated[PageQuestion, Query()]) -> Response:
    """The two taxonomies: topics and facets."""
    return _answer(request, asked, _saying(taxonomies(), asked.search))


@router.get(
    "/taxonomies/{taxonomy_id}",
    operation_id="getTaxonomyById",
    summary="One taxonomy",
    response_model=TermItem,
    responses=described(404, 406, 422, 429),
)
def get_taxonomy(request: Request, taxonomy_id: Identifier) -> Response:
    """One taxonomy."""
    return _one(request, taxonomies(), taxonomy_id, "Eine Taxonomie", "taxonomy")


@router.get(
    "/taxonomy_terms",
    operation_id="getPaginatedListOfTaxonomyTerms",
    summary="Terms, page by page",
    response_model=TermPage,
    responses={200: {"content": LINES}, **described(406, 422, 429)},
)
def get_taxonomy_terms(request: Request, asked: Annotated[TermQuestion, Query()]) -> Response:
    """The terms of both taxonomies, parents before their children."""
    found = [
        term
        for term in _saying(taxonomy_terms(), asked.search)
        if asked.taxonomy_id in {"", term["taxonomy_id"]}
        and asked.parent_id in {"", term.get("parent_id")}
        and not (asked.top_only and "parent_id" in term)
    ]
    return _answer(request, asked, found)


@router.get(
    "/taxonomy_terms/{term_id}",
    operation_id="getTaxonomyTermById",
    summary="One term",
    response_model=TermItem,
    responses=described(404, 406, 422, 429),
)
def get_taxonomy_term(request: Request, term_id: Identifier) -> Response:
    """One term."""
    return _one(request, taxonomy_terms(), term_id, "Einen Begriff", "term")


def _saying(found: Sequence[Document], words: str) -> list[Document]:
    wanted = fold(words).split()
    return [
        each
        for each in found
        if all(word in fold(f"{each['name']} {each['description']}") for word in wanted)
    ]


def _one(
    request: Request, found: Sequence[Document], wanted: str, what: str, what_en: str
) -> Response:
    for each in found:
        if each["id"] == wanted:
            return one(request, each)
    raise not_found(what, what_en, wanted)


def _answer(request: Request, asked: PageQuestion, found: Sequence[Document]) -> Response:
    if asked.format == "ndjson" or wants_lines(request):
        tag = caching.etag("lines", to_json(found))
        headers = caching.validators(tag)
        return caching.unchanged(request, tag) or StreamingResponse(
            lines(found), media_type=MEDIA_TYPE, headers=headers
        )
    part = found[asked.offset : asked.offset + asked.size]
    return caching.json_answer(request, page(asked, len(found), part))
