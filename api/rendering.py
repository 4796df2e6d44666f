"""Server-rendered pages: the template environment, and how a page is answered."""

from __future__ import annotations

import hashlib
from functools import cache
from pathlib import Path
from typing import Any

from fastapi import Request
from jinja2 import Environment, FileSystemLoader, StrictUndefined, select_autoescape
from starlette.responses import HTMLResponse, Response

from aggregator.vocabulary.regions import region_name
from api import caching, facts, german, labels, links

_HERE = Path(__file__).parent
_STYLE = hashlib.sha256((_HERE / "static" / "site.css").read_bytes()).hexdigest()[:12]


@cache
def _environment() -> Environment:
    environment = Environment(
        loader=FileSystemLoader([_HERE / "templates", _HERE / "embedding" / "templates"]),
        autoescape=select_autoescape(default=True, default_for_string=True),
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters |= {
        "day": german.day,
        "moment": german.moment,
        "on": german.on,
        "share": german.share,
        "number": german.number,
        "phone": german.phone,
        "tel": links.tel,
        "web": links.web,
        "host": links.host,
        "place": facts.place,
        "topic": labels.topic,
        "region": region_name,
    }
    environment.globals |= {
        "kilometres": german.kilometres,
        "counted": german.counted,
        "labels": labels,
        "style": _STYLE,
    }
    return environment


def render(request: Request, template: str, **context: object) -> str:
    """The HTML of a template."""
    values: dict[str, Any] = {"request": request, **context}
    return _environment().get_template(template).render(values)


def page(
    request: Request, template: str, status: int = 200, tag: str | None = None, **context: object
) -> Response:
    """Render a page. `tag` is its validator; without one it is made from the page itself."""
    html = render(request, template, **context)
    if status != 200:
        return HTMLResponse(html, status, headers={"Cache-Control": "no-store"})
    tag = tag or caching.etag(html)
    headers = caching.validators(tag)
    return caching.unchanged(request, tag) or HTMLResponse(html, headers=headers)
