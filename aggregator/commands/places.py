"""`netzlotse places`: tables that tell where postcodes and addresses lie."""

from __future__ import annotations

from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Annotated

import typer

from aggregator.places.addressbook import import_addresses
from aggregator.places.addressfile import Address, read_addresses
from aggregator.places.download import GEONAMES, download_geonames
from aggregator.places.geonames import import_geonames
from aggregator.places.municipalities import import_municipalities
from aggregator.places.places import BERLIN, load_gazetteer
from aggregator.settings import load_settings
from aggregator.sharing import share_places

_BOOK = (
    "CSV or TSV, also gzipped, with a header: street, number, PLZ, and what else it has of "
    "district, locality, PLR, region key, latitude, longitude."
)

places = typer.Typer(
    help="""Tables of places: postcodes, municipalities, the address book of a city.

    Example:
        netzlotse places update
    """,
    no_args_is_help=True,
)


@places.command()
def update(
    file: Annotated[
        Path | None, typer.Option("--file", help="GeoNames' DE.txt, instead of fetching it.")
    ] = None,
    url: Annotated[
        str | None,
        typer.Option("--url", help="Where GeoNames' DE.zip is.", show_default=GEONAMES),
    ] = None,
    plz_ags: Annotated[
        Path | None,
        typer.Option(
            "--plz-ags",
            help="CSV with plz, ort and ags (ODbL, kept apart); nothing is fetched then unless "
            "--file or --url is given too.",
        ),
    ] = None,
    book: Annotated[
        Path | None,
        typer.Option(
            "--addresses",
            help=f"A city's address book: {_BOOK} Nothing is fetched then, as with --plz-ags.",
        ),
    ] = None,
    city: Annotated[str, typer.Option(help="The city of the address book.")] = "Berlin",
) -> None:
    """Import GeoNames' postcodes of Germany (CC BY 4.0), municipalities, and a city's addresses.

    Servers and workers see the tables when they are started again, with NETZLOTSE_STORE those of
    all machines.

    Examples:
        netzlotse places update

        netzlotse places update --file DE.txt --plz-ags zuordnung_plz_ort.csv

        netzlotse places update --addresses adressen.csv.gz --city Berlin
    """
    settings = load_settings()
    target = settings.places_dir
    try:
        if file is not None:
            typer.echo(f"{import_geonames(file, target)} postcodes and towns")
        elif (plz_ags is None and book is None) or url is not None:
            address = url or GEONAMES
            with TemporaryDirectory(prefix="netzlotse-") as folder:
                agent = f"netzlotse (+{settings.contact})"
                fetched = download_geonames(address, Path(folder), agent)
                typer.echo(f"{import_geonames(fetched, target)} postcodes and towns from {address}")
        if plz_ags is not None:
            typer.echo(f"{import_municipalities(plz_ags, target)} postcodes and municipalities")
        if book is not None:
            _import_book(book, city)
        share_places(settings)
    except ValueError as error:
        _end(error)


@places.command()
def addresses(
    file: Annotated[
        Path,
        typer.Argument(help=_BOOK),
    ],
    city: Annotated[str, typer.Option(help="The city whose addresses these are.")] = "Berlin",
) -> None:
    """Import a city's address book; it replaces what was known of this city.

    Examples:
        netzlotse places addresses adressen.csv.gz

        netzlotse places addresses strassen.tsv --city Wuppertal
    """
    try:
        _import_book(file, city)
        share_places(load_settings())
    except ValueError as error:
        _end(error)


def _import_book(file: Path, city: str) -> None:
    """Import an address book; raises ValueError where the file is none."""
    gazetteer = load_gazetteer()
    town = gazetteer.towns.get(city.casefold())
    names = {district.key: district.name for district in gazetteer.districts.values()}

    def area_of(address: Address) -> tuple[str | None, str | None]:
        if city.casefold() != "berlin":
            key = town.region_key if town else None
            return address.district or address.locality, address.region_key or key
        key = f"{BERLIN[:3]}{address.area.zfill(8)[:2]}" if address.area else None
        if key not in names:
            told = (
                gazetteer.district(name) for name in (address.district, address.locality) if name
            )
            key = next((district.key for district in told if district), None)
        return (names[key] if key else address.district), key

    count = import_addresses(read_addresses(file), city, area_of, load_settings().places_dir)
    typer.echo(f"{count} addresses of {city}")


def _end(error: ValueError) -> None:
    typer.echo(f"netzlotse: {error}", err=True)
    raise typer.Exit(1) from error
