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
from api.languages import (
    GERMAN,
    languages_of,
    path_of,
    preferred,
    spoken,
    translated,
    translations,
)
from api.seams import seams
from api.wording import wording

_HERE = Path(__file__).parent
_STATIC = _HERE / "static"


def _version(name: str) -> str:
    return hashlib.sha256((_STATIC / name).read_bytes()).hexdigest()[:12]


_STYLE, _SCRIPT = _version("site.css"), _version("seite.js")
_OUTLINES = _version("laender.svg")


@cache
def _environment(code: str) -> Environment:
    """The environment of one language: templates are German, words go through its catalogue."""
    environment = Environment(
        loader=FileSystemLoader([_HERE / "templates", _HERE / "embedding" / "templates"]),
        autoescape=select_autoescape(default=True, default_for_string=True),
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        extensions=["jinja2.ext.i18n"],
    )
    environment.install_gettext_translations(translations(code), newstyle=True)  # type: ignore[attr-defined]
    say = wording(code)
    environment.filters |= {
        "day": say.day,
        "moment": say.moment,
        "on": say.on,
        "clock": say.clock,
        "share": german.share,
        "number": say.number,
        "phone": german.phone,
        "tel": links.tel,
        "web": links.web,
        "host": links.host,
        "place": facts.place,
        "seams": seams,
        "topic": say.topic,
        "region": region_name,
        "to": say.language.prefix.__add__,
    }
    environment.globals |= {
        "kilometres": say.kilometres,
        "counted": say.counted,
        "named": say.value,
        "labels": labels,
        "language": say.language,
        "style": _STYLE,
        "script": _SCRIPT,
        "outlines": _OUTLINES,
    }
    return environment


def prepare() -> None:
    """Compile the German templates: the first visitor would wait for it.

    Other languages compile theirs when they are first asked for: what is constant in a template
    is worked out while it is compiled, so that no language can use what another one has compiled.
    """
    environment = _environment(GERMAN)
    for name in environment.list_templates(extensions=["html"]):
        environment.get_template(name)


def render(request: Request, template: str, **context: object) -> str:
    """The HTML of a template, in the language of the request."""
    path = path_of(request)
    values: dict[str, Any] = {
        "request": request,
        "here": path,
        "translated": translated(path),
        "languages": languages_of(path),
        "preferred": preferred(request) if translated(path) else None,
        "origin": links.origin(request),
        **context,
    }
    return _environment(spoken(request).code).get_template(template).render(values)


def page(
    request: Request, template: str, status: int = 200, tag: str | None = None, **context: object
) -> Response:
    """Render a page. `tag` is its validator; without one it is made from the page itself."""
    html = render(request, template, **context)
    if status != 200:
        return HTMLResponse(html, status, headers={"Cache-Control": "no-store"})
    tag = tag or caching.etag(html)
    headers = caching.validators(tag)
    if translated(path_of(request)):
        headers["Vary"] = "Accept-Language"  # another language is offered to whom it may suit
    return caching.unchanged(request, tag) or HTMLResponse(html, headers=headers)


def seen_as(request: Request) -> tuple[str, str]:
    """What of a request changes a page beside its address: for validators made beforehand."""
    other = preferred(request)
    return spoken(request).code, other.code if other else GERMAN
