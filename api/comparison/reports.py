"""Reports on a network or a Land, tied to a release: to be printed, as PDF, as workbook."""

from __future__ import annotations

from typing import Annotated, Literal

from fastapi import APIRouter, Path, Request
from starlette.responses import RedirectResponse, Response

from aggregator.comparison.chains import chains
from aggregator.comparison.table import Table
from aggregator.comparison.words import said
from aggregator.release.edition import releases
from aggregator.vocabulary.regions import region_name
from api import caching
from api.access import Identifier
from api.comparison.asked import LAENDER, Asked, Edition
from api.comparison.downloads import XLSX, file
from api.comparison.files import xlsx_of
from api.comparison.pages import line_of
from api.comparison.paper import Paper, pdf
from api.comparison.picture import bars, drawing, grid
from api.comparison.sheet import sheet
from api.comparison.shelf import book_of
from api.comparison.writing import words
from api.languages import spoken
from api.problems import not_found
from api.rendering import page
from api.wording import wording_of

router = APIRouter(prefix="/vergleich")
Subject = Literal["netzwerk", "land"]
LandKey = Annotated[str, Path(pattern=r"^\d{2}$")]
_OF_NETWORK = ("listed-count", "listed-rate", "listed-hours", "indicators-listed", "providers",
               "languages", "development", "funding", "profile")  # fmt: skip
_OF_LAND = ("listed-count", "served-count", "served-rate", "served-hours", "indicators-listed",
            "indicators-served", "providers", "languages", "reach-10", "overlap", "development",
            "funding", "profile")  # fmt: skip


@router.get("/bericht/{subject}/{key}")
def latest(request: Request, subject: Subject, key: Identifier) -> Response:
    """The report of the latest release. 404 while there is none."""
    found = releases(request.app.state.settings.release_dir)
    if not found:
        raise not_found("Eine Ausgabe (netzlotse release schreibt die erste)", "release", "latest")
    root = request.scope.get("root_path", "")
    target = f"{root}/vergleich/ausgabe/{found[0].id}/{subject}/{key}"
    return RedirectResponse(target, 307, headers=caching.FRESH)


@router.get("/ausgabe/{edition}/{subject}/{key}")
def report(request: Request, edition: Edition, subject: Subject, key: Identifier) -> Response:
    """The report to be read and printed."""
    wanted, name = _asked(request, edition, subject, key)
    tables = _tables(wanted, subject, key)
    return page(
        request,
        "vergleich/bericht.html",
        asked=wanted,
        name=name,
        subject=subject,
        key=key,
        edition=edition,
        as_of=wanted.book.stock.as_of,
        reasons=said("empty"),
        statistics=_statistics(wanted),
        known=_known(wanted, key),
        sheets=[sheet(wanted, table) for table in tables],
        part="bericht",
    )


@router.get("/ausgabe/{edition}/{subject}/{key}/bericht.pdf")
def report_pdf(request: Request, edition: Edition, subject: Subject, key: Identifier) -> Response:
    """The report as PDF, with its pictures; the same bytes for the same release."""
    wanted, name = _asked(request, edition, subject, key)
    tables = _tables(wanted, subject, key)
    if subject == "netzwerk":
        made = (
            bars(wanted.table(table), key, wanted.language)
            for table in ("listed-count", "indicators-listed", "development")
        )
        pictures = [drawing(one, Paper.WIDTH, Paper.HEIGHT) for one in made if one]
    else:
        drawn = grid(wanted.table("served-count"), wanted.language)
        pictures = [drawing(drawn, Paper.WIDTH, Paper.HEIGHT)]
    about = [*_about(request, wanted, name), *_known(wanted, key)]
    body = pdf(Paper(name, about, tables, pictures, wanted.language, wanted.book.stock.as_of))
    return file(request, body, "application/pdf", f"bericht-{key}-{edition}.pdf")


@router.get("/ausgabe/{edition}/{subject}/{key}/bericht.xlsx")
def report_xlsx(request: Request, edition: Edition, subject: Subject, key: Identifier) -> Response:
    """The tables of the report as a workbook."""
    wanted, name = _asked(request, edition, subject, key)
    about = [*_about(request, wanted, name), *_known(wanted, key)]
    body = xlsx_of(_tables(wanted, subject, key), wanted.language, about)
    return file(request, body, XLSX, f"bericht-{key}-{edition}.xlsx")


def _asked(request: Request, edition: str, subject: str, key: str) -> tuple[Asked, str]:
    book, language = book_of(request, edition), spoken(request).code
    if subject == "land":
        if key not in LAENDER:
            raise not_found("Ein Land", "Land", key)
        return Asked(book, key, edition, language), LAENDER[key]
    wanted = Asked(book, None, edition, language)
    return wanted, line_of(wanted, key).name


def _tables(wanted: Asked, subject: str, key: str) -> list[Table]:
    steps = [f"{kind}-{chain}" for chain in chains() for kind in ("chain", "gaps")]
    if subject == "land":
        return [wanted.table(name) for name in (*_OF_LAND, *steps)]
    return [wanted.table(name).only([key]).turned() for name in (*_OF_NETWORK, *steps)]


def _statistics(wanted: Asked) -> list[tuple[str, str, int, str]]:
    """The denominators: region, day, families, who counted."""
    return [
        (region_name(row["region_key"]), str(row["as_of"]), int(row["families"]), row["source"])
        for row in wanted.book.stock.rows.get("statistics", ())
        if wanted.land is None or str(row["region_key"]).startswith(wanted.land)
    ]


def _known(wanted: Asked, network_id: str) -> list[tuple[str, str]]:
    """Partners and milestones of a network, by name; nothing of a Land."""
    row = wanted.book.stock.networks.get(network_id) if wanted.land is None else None
    return [
        (words(said("columns")[field], wanted.language).capitalize(), "; ".join(row[field]))
        for field in ("partners", "milestones")
        if row and row.get(field)
    ]


def _about(request: Request, wanted: Asked, name: str) -> list[tuple[str, str]]:
    """What a report is, for its first page: name and value."""
    english = wanted.language == "en"
    day = wording_of(request).day(wanted.book.stock.as_of)
    portal = request.app.state.settings.portal
    sources = sorted({f"{source} ({as_of})" for _, as_of, _, source in _statistics(wanted)})
    told = [
        ("Report on" if english else "Bericht über", name),
        ("Release" if english else "Ausgabe", f"{wanted.edition} ({day})"),
        ("Data" if english else "Daten", f"{portal}/daten/{wanted.edition}"),
        ("Method" if english else "Methode", f"{portal}/vergleich/methode"),
        ("Families" if english else "Familien",
         "; ".join(sources) or ("none imported" if english else "keine importiert")),
    ]  # fmt: skip
    legend = [(one["mark"], words(one, wanted.language)) for one in said("empty").values()]
    return told + legend
