"""`/vergleich`: networks and regions beside each other, each figure with what it is made of."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Annotated, Any

from fastapi import APIRouter, Depends, Query, Request
from starlette.responses import Response

from aggregator.comparison.book import TABLES, behind
from aggregator.comparison.chains import Cover, chains, coverage
from aggregator.comparison.indicators import ANSWERS
from aggregator.comparison.line import Kind, Line, View, lines
from aggregator.comparison.profile import groups, items
from aggregator.comparison.reach import WITHIN
from aggregator.comparison.table import Table
from aggregator.comparison.words import said
from aggregator.release.edition import releases
from api.access import Identifier
from api.comparison.asked import LAENDER, Asked, Measure, asked
from api.comparison.asked import View as ViewWord
from api.comparison.sheet import Sheet, sheet
from api.comparison.writing import words
from api.problems import not_found
from api.rendering import page

router = APIRouter(prefix="/vergleich")
Wanted = Annotated[Asked, Depends(asked)]
Chosen = Annotated[list[str] | None, Query(max_length=20)]
_MOST = 5  # networks beside each other
_SIDE = ("listed-count", "listed-rate", "listed-hours", "indicators-listed", "providers",
         "funding", "profile")  # fmt: skip
_PICK = ("sicht", "zeile", "thema", "kennzahl", "kette", "glied", "quelle", "und", "land")


@router.get("")
def matrix(
    request: Request, wanted: Wanted, sicht: ViewWord = "listed", mass: Measure = "count"
) -> Response:
    """Networks or regions by topics, as counts, for 1,000 families, as hours a family."""
    table = wanted.table(f"{sicht}-{mass}")
    return _tables(request, wanted, "matrix", [table], sicht=sicht, mass=mass)


@router.get("/kennzahlen")
def indicators(request: Request, wanted: Wanted, sicht: ViewWord = "listed") -> Response:
    """Exclusivity, childcare, times, threshold, quality, freshness, churn; providers, languages."""
    tables = [wanted.table(f"indicators-{sicht}"), wanted.table("providers")]
    tables += [wanted.table("languages"), wanted.table("overlap")]
    return _tables(request, wanted, "kennzahlen", tables, sicht=sicht)


@router.get("/ketten")
def chain_list(request: Request, wanted: Wanted) -> Response:
    """Service chains: who covers which step, and where they break."""
    tables = [wanted.table(f"{kind}-{chain}") for chain in chains() for kind in ("chain", "gaps")]
    return _tables(request, wanted, "ketten", tables)


@router.get("/entfernung")
def reach(request: Request, wanted: Wanted, km: int = 10) -> Response:
    """The share of postcodes with an offer of a topic near by."""
    if km not in WITHIN:
        raise not_found("Eine Entfernung", "distance", str(km))
    return _tables(request, wanted, "entfernung", [wanted.table(f"reach-{km}")], km=km)


@router.get("/profile")
def profiles(request: Request, wanted: Wanted) -> Response:
    """What networks tell of their building and tasks, and of their funding."""
    return _tables(request, wanted, "profile", [wanted.table("profile"), wanted.table("funding")])


@router.get("/entwicklung")
def development(request: Request, wanted: Wanted) -> Response:
    """What was listed at the end of each month."""
    return _tables(request, wanted, "entwicklung", [wanted.table("development")])


@router.get("/nebeneinander")
def side_by_side(request: Request, wanted: Wanted, netzwerk: Chosen = None) -> Response:
    """Two to five networks beside each other, in every table."""
    known = wanted.book.stock.networks
    chosen = [key for key in dict.fromkeys(netzwerk or ()) if key in known]
    shown: list[Sheet] = []
    if 2 <= len(chosen) <= _MOST:
        tables = [wanted.table(key) for key in (*_SIDE, *(f"chain-{c}" for c in chains()))]
        shown = [sheet(wanted, table.only(chosen).turned()) for table in tables]
    return page(
        request,
        "vergleich/nebeneinander.html",
        **_common(request, wanted, "nebeneinander"),
        networks=[line for line in lines(wanted.book.stock, View.LISTED, wanted.land)
                  if line.kind is Kind.NETWORK],
        chosen=chosen,
        most=_MOST,
        sheets=shown,
    )  # fmt: skip


@router.get("/methode")
def method(request: Request, wanted: Wanted) -> Response:
    """What every figure means, and where it is at its limits."""
    return page(
        request,
        "vergleich/methode.html",
        **_common(request, wanted, "methode"),
        sections=said("method"),
        indicators=said("indicators"),
        providers=said("providers"),
        chains=chains().values(),
        items=items(),
        groups=groups(),
        own=ANSWERS,
    )


@router.get("/angebote")
def offers(request: Request, wanted: Wanted) -> Response:
    """The offers behind a cell."""
    pick = {name: value for name in _PICK if (value := request.query_params.get(name))}
    found = behind(wanted.book.stock, pick)
    return page(
        request,
        "vergleich/angebote.html",
        **_common(request, wanted, "angebote"),
        pick=pick,
        offers=found,
        what=_what(wanted, pick),
    )


@router.get("/netzwerk/{network_id}")
def network(request: Request, network_id: Identifier, wanted: Wanted) -> Response:
    """One network: its profile with the words, its figures, its chains."""
    line = line_of(wanted, network_id)
    return page(
        request,
        "vergleich/netzwerk.html",
        **_common(request, wanted, "netzwerk"),
        row=wanted.book.stock.networks[network_id],
        key=network_id,
        families=wanted.book.stock.families(line.region),
        groups=groups(),
        answers=answers(wanted, network_id),
        covers=covers(wanted, line),
        sheets=network_sheets(wanted, network_id),
    )


def line_of(wanted: Asked, network_id: str) -> Line:
    """The line of a network. Raises Problem (404) where there is none."""
    for line in lines(wanted.book.stock, View.LISTED):
        if line.kind is Kind.NETWORK and line.key == network_id:
            return line
    raise not_found("Ein Netzwerk", "network", network_id)


def answers(wanted: Asked, network_id: str) -> list[tuple[str, str, dict[str, str]]]:
    """The profile of a network: group, item, {answer, said, quote, page}."""
    told = {row["id"]: row for row in wanted.book.stock.rows.get("profile", ())}
    found = []
    for item in items():
        row = told.get(f"{network_id}:{item.key}") or {}
        answer = row.get("answer") or "not_crawled"
        said_ = said("answers")[answer][wanted.language]
        shown = {"answer": answer, "said": said_, "quote": row.get("quote") or "",
                 "page": row.get("page") or ""}  # fmt: skip
        found.append((item.group, words(item.title, wanted.language), shown))
    return found


def covers(wanted: Asked, line: Line) -> list[tuple[str, list[Cover]]]:
    """The chains by title, each with how the network covers its steps."""
    stock = wanted.book.stock
    return [
        (words(chain.title, wanted.language), coverage(stock, chain, line))
        for chain in chains().values()
    ]


def network_sheets(wanted: Asked, network_id: str) -> list[Sheet]:
    """The tables of one network, a line a column of the whole."""
    keys = ("listed-count", "listed-rate", "listed-hours", "indicators-listed", "providers",
            "development", "funding")  # fmt: skip
    return [sheet(wanted, table.only([network_id]).turned()) for table in map(wanted.table, keys)]


def _tables(
    request: Request, wanted: Asked, here: str, tables: Sequence[Table], **more: str | int
) -> Response:
    heads = f"{request.scope.get('root_path', '')}/vergleich/netzwerk/"
    context: dict[str, Any] = {"sicht": None, "mass": None, "km": None, **more}
    return page(
        request,
        "vergleich/tabellen.html",
        **_common(request, wanted, here),
        **context,
        sheets=[sheet(wanted, table, heads) for table in tables],
        distances=WITHIN,
        statistics=_statistics(wanted) if here == "matrix" else [],
        counted=wanted.book.stock.counted,
        postcodes=bool(wanted.book.stock.postcodes),
    )


def _common(request: Request, wanted: Asked, here: str) -> dict[str, Any]:
    stock = wanted.book.stock
    seen = {str(row["region_key"] or "")[:2] for row in (*stock.rows["frame"], *stock.offers)}
    return {
        "part": here,
        "asked": wanted,
        "as_of": stock.as_of,
        "laender": {key: name for key, name in LAENDER.items() if key in seen},
        "editions": [one.id for one in releases(request.app.state.settings.release_dir)],
        "reasons": said("empty"),
        "known": len(stock.networks),
    }


def _statistics(wanted: Asked) -> list[tuple[str, str]]:
    """Who counted the families, and of which day."""
    rows = wanted.book.stock.rows.get("statistics", ())
    return sorted({(str(row["source"]), str(row["as_of"])) for row in rows})


def _what(wanted: Asked, pick: dict[str, str]) -> list[str]:
    """What a cell is of, in words: its line and its column."""
    language, found = wanted.language, []
    key = f"{pick.get('sicht', 'listed')}-count"
    if "zeile" in pick and key in TABLES:
        table = wanted.book.table(key, pick.get("land") if pick.get("land") in LAENDER else None)
        found += [words(line.head.words, language) for line in table.lines
                  if line.head.key == pick["zeile"]]  # fmt: skip
        found += [words(column.words, language) for column in table.columns
                  if column.key == pick.get("thema")]  # fmt: skip
    if pick.get("kennzahl") in ANSWERS:
        found.append(words(said("indicators")[pick["kennzahl"]]["title"], language))
    if chain := chains().get(pick.get("kette", "")):
        found.append(words(chain.title, language))
        found += [words(s.title, language) for s in chain.steps if s.key == pick.get("glied")]
    names = {row["id"]: row["title"] for row in wanted.book.stock.rows["sources"]}
    found += [names[pick[name]] for name in ("quelle", "und") if pick.get(name) in names]
    return found
