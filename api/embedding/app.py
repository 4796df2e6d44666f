"""Everything below `/einbetten`, put into the application."""

from __future__ import annotations

from pathlib import Path

from fastapi import FastAPI
from starlette.staticfiles import StaticFiles

from api.embedding import builder, files, fragment, frame

_STATIC = Path(__file__).with_name("static")


def install(app: FastAPI) -> None:
    """Add the routes; the files last, since their address fits any other."""
    app.mount("/einbetten/static", StaticFiles(directory=_STATIC), name="embedding")
    for part in (builder, frame, fragment, files):
        app.include_router(part.router, include_in_schema=False)
