"""Putting the admin area on the application."""

from __future__ import annotations

from fastapi import FastAPI

from aggregator.settings import Settings
from api.admin import desk, sign_in
from api.admin.access import SignInNeededError, make_door, to_sign_in
from api.admin.sections import SECTIONS


def install(app: FastAPI, settings: Settings) -> None:
    """Add the admin area; nothing of it exists where no token is set."""
    tokens = settings.admin_tokens
    if not tokens:
        return
    app.state.admin_door = make_door(tokens)
    app.state.admin_sections = SECTIONS
    app.add_exception_handler(SignInNeededError, to_sign_in)
    for router in (sign_in.router, desk.router, *(section.router for section in SECTIONS)):
        app.include_router(router, include_in_schema=False)
