"""`netzlotse patch`: the newer release's offers, from the older one and the delta."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from aggregator.release.delta import DeltaError, apply
from aggregator.release.files import read_lines, write_lines


def patch(
    old: Annotated[
        Path, typer.Argument(exists=True, dir_okay=False, help="offers.jsonl.gz of the older one.")
    ],
    delta: Annotated[
        Path, typer.Argument(exists=True, dir_okay=False, help="delta.jsonl.gz of the newer one.")
    ],
    new: Annotated[Path, typer.Argument(dir_okay=False, help="Written; the same bytes as ours.")],
) -> None:
    """Apply a release's delta.jsonl.gz to the offers.jsonl.gz of the release before it.

    What comes out is the offers.jsonl.gz of the release whose delta it is, byte for byte: compare
    its hash with SHA256SUMS. A delta that does not fit is refused, and nothing is written.

    Example:
        netzlotse patch 2026-11-21/offers.jsonl.gz 2026-11-28/delta.jsonl.gz offers.jsonl.gz
    """
    part = new.with_name(f"{new.name}.part")
    try:
        rows = write_lines(apply(read_lines(old), read_lines(delta)), part)
    except (DeltaError, ValueError, KeyError, EOFError, OSError) as error:
        part.unlink(missing_ok=True)
        typer.echo(f"netzlotse: {delta} cannot be applied to {old}: {error}", err=True)
        raise typer.Exit(1) from error
    part.replace(new)
    typer.echo(f"{new}: {rows} offers")
