"""The folder of a measurement: one that is kept and used again, or one that is deleted."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Annotated

import typer

Home = Annotated[
    Path | None,
    typer.Option(
        help="Folder for what is generated (record, index, release), which is used again; "
        "by default one that is deleted.",
        show_default=False,
    ),
]
"""The option `--home` of the measurements that generate offers first."""


@contextmanager
def folder_of(home: Path | None) -> Iterator[Path]:
    """The folder that was named, or a new one that is gone afterwards."""
    if home is not None:
        yield home
        return
    with TemporaryDirectory(prefix="netzlotse-bench-") as folder:
        yield Path(folder)
