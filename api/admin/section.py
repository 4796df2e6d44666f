"""A part of the admin area, as one module offers it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from fastapi import APIRouter
from sqlmodel import Session


def _nothing(_record: Session) -> int:
    return 0


@dataclass(frozen=True, slots=True)
class Section:
    """A resource of the admin area and its entry in the navigation."""

    path: str
    """Where it begins, as "/admin/korrekturen"."""
    label: str
    purpose: str
    """One sentence: what is decided there."""
    router: APIRouter
    """Its routes, with whole paths; each takes `Acting` or `Deciding`."""
    waiting: Callable[[Session], int] = _nothing
    """How many things wait for a decision."""
