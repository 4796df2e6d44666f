"""`/zitat` and `/api/v1/citations`: a query, frozen with a release, that can be cited."""

from __future__ import annotations

from datetime import date
from typing import Annotated

from fastapi import APIRouter, Path, Request
from pydantic import BaseModel, Field
from sqlmodel import Session
from starlette.responses import RedirectResponse, Response

from aggregator.release.codebook import layouts
from aggregator.release.edition import releases
from aggregator.release.files import csv_lines
from api import caching, chips, citing, links
from api.access import Index, Record
from api.filters import OfferFilters
from api.problems import described, not_found
from api.rendering import page

router = APIRouter(prefix="/api/v1/citations", tags=["citations"])
pages = APIRouter()
_EDITION = r"^\d{4}-\d{2}-\d{2}(\.\d{1,4})?$"
_SHOWN = 50
Key = Annotated[str, Path(pattern=r"^[0-9a-f]{20}$")]
File = Annotated[str, Path(max_length=40, pattern=r"^[a-z.-]+$")]


class CitationQuestion(OfferFilters):
    """What is to be frozen: the parameters of `/api/v1/offers`, and of which release."""

    release: str | None = Field(
        None, pattern=_EDITION, description="Id of a release; the newest unless told."
    )


class CitationAnswer(BaseModel):
    """A frozen query. Its rows never change, unless something has to be erased."""

    id: str
    url: str
    """The page to cite."""
    release: str
    """Id of the release."""
    version: str
    """Of the release: its id, and its last erratum where it has one."""
    question: dict[str, list[str]]
    """Parameters of the search that are not as usual."""
    rows: int
    stated: int
    """So many said yes to every filter; they come first, then those that do not say."""
    erased: int
    """Rows that were erased from the release since, as its errata say."""
    sha256: str
    """Of the rows as JSON lines, as `rows_url` gives them."""
    rows_url: str
    frozen_on: date
    citation: str
    bibtex: str
    csl: list[dict[str, object]]
    """CSL-JSON."""


@router.post(
    "",
    operation_id="citeQuery",
    summary="Freeze a query with a release",
    response_model=CitationAnswer,
    responses=described(400, 404, 406, 413, 422, 429, 503),
)
def post_citation(request: Request, asked: CitationQuestion) -> Response:
    """Keep which offers of a release a query finds, so that it can be cited for ever.

    The same query of the same release is the same citation, whoever freezes it when.
    """
    edition = citing.edition_of(request, asked.release)
    key = citing.freeze(request, asked, edition)
    with Session(request.app.state.engine) as record:
        answer = _answer(request, citing.frozen(request, record, key))
    where = {"Location": str(request.url_for("get_citation", key=key).path)}
    return Response(answer.model_dump_json(), 200, headers=where, media_type="application/json")


@router.get(
    "/{key}",
    operation_id="getCitation",
    summary="A frozen query",
    response_model=CitationAnswer,
    responses=described(404, 406, 410, 422, 429, 503),
)
def get_citation(request: Request, key: Key, record: Record) -> Response:
    """What was frozen, how to cite it, and the hash of its rows."""
    answer = _answer(request, citing.frozen(request, record, key))
    return caching.json_answer(request, answer.model_dump_json().encode())


@pages.get("/zitat")
def cite(request: Request, searcher: Index) -> Response:
    """What a query finds in a release, and the button that freezes it."""
    filters, _ = chips.asked_here(request, searcher)
    editions = releases(request.app.state.settings.release_dir)
    found = None
    if editions:
        edition = citing.edition_of(request, _wanted(request))
        reader, query = citing.search(request, filters, edition)
        found = edition, reader.search(query)
    return page(
        request,
        "zitieren.html",
        found=found,
        editions=editions,
        asked=[(k, v) for k, many in citing.question_of(filters).items() for v in many],
    )


@pages.post("/zitat")
def freeze(request: Request, searcher: Index) -> Response:
    """Freeze a query, and lead to its page."""
    filters, _ = chips.asked_here(request, searcher)
    key = citing.freeze(request, filters, citing.edition_of(request, _wanted(request)))
    return RedirectResponse(request.url_for("cited", key=key).path, 303)


@pages.get("/zitat/{key}")
def cited(request: Request, key: Key, record: Record) -> Response:
    """A frozen query: rows, hash, and how to cite it."""
    found = citing.frozen(request, record, key)
    return page(
        request,
        "zitat.html",
        found=found,
        about=found.edition.about,
        shown=found.rows[:_SHOWN],
        asked=[(k, v) for k, many in sorted(found.citation.question.items()) for v in many],
    )


@pages.get("/zitat/{key}/{name}")
def cited_file(request: Request, key: Key, name: File, record: Record) -> Response:
    """The rows as JSON lines or CSV, the citation for a reference manager."""
    found = citing.frozen(request, record, key)
    if name == "angebote.jsonl":
        body, media = found.body, "application/x-ndjson"
    elif name == "angebote.csv":
        body = "".join(csv_lines(layouts()["offers"], found.rows)).encode()
        media = "text/csv; charset=utf-8"
    elif name == "zitat.bib":
        body, media = found.citation.bibtex().encode(), "application/x-bibtex; charset=utf-8"
    elif name == "zitat.csl.json":
        body = citing.csl(found.citation).encode()
        media = "application/vnd.citationstyles.csl+json"
    else:
        raise not_found("Eine Datei", "file", name)
    tag = caching.etag(name, body)
    return caching.unchanged(request, tag) or Response(
        body, media_type=media, headers=caching.validators(tag)
    )


def _wanted(request: Request) -> str | None:
    return request.query_params.get("release") or None


def _answer(request: Request, found: citing.Frozen) -> CitationAnswer:
    one = found.citation
    origin = links.origin(request)
    return CitationAnswer(
        id=one.id,
        url=one.url,
        release=found.edition.id,
        version=one.release,
        question={name: list(values) for name, values in one.question.items()},
        rows=one.rows,
        stated=found.stated,
        erased=found.erased,
        sha256=one.sha256,
        rows_url=f"{origin}/zitat/{one.id}/angebote.jsonl",
        frozen_on=one.frozen_on,
        citation=one.text,
        bibtex=one.bibtex(),
        csl=one.csl(),
    )
