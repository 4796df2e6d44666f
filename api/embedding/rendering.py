"""The markup that stands on other sites: templates without the frame of our own pages."""

from __future__ import annotations

from datetime import date
from functools import cache
from pathlib import Path
from urllib.parse import urlencode

from jinja2 import Environment, FileSystemLoader, StrictUndefined, select_autoescape

from api import facts, german, links

TEMPLATES = Path(__file__).with_name("templates")


def _day(day: date | None) -> str:
    """Numbers only, so that it reads the same in every language."""
    return f"{day:%d.%m.%Y}" if day else ""


@cache
def environment() -> Environment:
    """The environment of the embedded templates."""
    made = Environment(
        loader=FileSystemLoader(TEMPLATES),
        autoescape=select_autoescape(default=True, default_for_string=True),
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    made.filters |= {
        "phone": german.phone,
        "tel": links.tel,
        "place": facts.place,
        "day": _day,
        "euro": lambda amount: f"{german.number(amount)} Euro",
        "query": lambda pairs: urlencode(list(pairs)),
    }
    made.tests["dialled"] = lambda number: links.tel(number) is not None
    return made


def render(template: str, **context: object) -> str:
    """The HTML of a template."""
    return environment().get_template(template).render(context)
