"""Everything that can be sent to an application: its routes and what each takes, read off itself.

Nothing is listed here, so that a new route or parameter is attacked from its first day.
"""

from __future__ import annotations

import asyncio
import inspect
import json
import re
import time
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cache, partial
from pathlib import Path
from typing import Any, Self
from urllib.parse import quote, quote_from_bytes, urlencode

from anyio.from_thread import start_blocking_portal
from fastapi import FastAPI
from pydantic import BaseModel
from starlette.routing import BaseRoute

import api

_READ_BY_HAND = re.compile(r"""(?:query_params|given)(?:\.get|\.getlist)?[\[(]["']([\w-]+)["']""")

LONG = 3.0
"""Seconds of the processor, far more than any answer takes: beyond, a stranger's words cost too
much."""


@dataclass(frozen=True, slots=True)
class Route:
    """A method of a path and the names of what it takes."""

    method: str
    path: str
    query: tuple[str, ...]
    body: tuple[str, ...]
    form: bool
    """Whether the body is a form; otherwise it is JSON."""
    code: str = field(default="", compare=False)
    """The source of the function that answers."""

    def __str__(self) -> str:
        return f"{self.method} {self.path}"

    @property
    def names(self) -> tuple[str, ...]:
        """The parameters of the path."""
        return tuple(re.findall(r"{(\w+)[^}]*}", self.path))

    def at(self, values: Mapping[str, str]) -> str:
        """The path with these values; "x" where none is given."""
        return re.sub(r"{(\w+)[^}]*}", lambda found: values.get(found[1], "x"), self.path)


def routes(app: FastAPI, base: str = "") -> Iterator[Route]:
    """Every route of an application and of those mounted in it, each method once."""
    yield from _routes(app.routes, base)


def _routes(found: Sequence[BaseRoute], base: str) -> Iterator[Route]:
    for route in found:
        if included := getattr(route, "original_router", None):  # FastAPI keeps routers whole
            yield from _routes(included.routes, base)
            continue
        path = base + getattr(route, "path", "")
        inner = getattr(route, "app", None)
        if isinstance(inner, FastAPI):
            yield from _routes(inner.routes, path)
            continue
        if not hasattr(route, "methods"):  # a folder of files
            yield Route("GET", f"{path}/{{name}}", (), (), False)
            continue
        dependant = getattr(route, "dependant", None)
        query = tuple(dict.fromkeys(_names(dependant, "query_params")))
        body = tuple(dict.fromkeys(_names(dependant, "body_params")))
        model = getattr(getattr(route, "body_field", None), "field_info", None)
        form = model is None or "Form" in type(model).__name__
        code = inspect.getsource(route.endpoint) if hasattr(route, "endpoint") else ""
        for method in sorted((route.methods or {"GET"}) - {"HEAD"}):
            yield Route(method, path, query, body, form, code)


def _names(dependant: Any, kind: str) -> Iterator[str]:
    if dependant is None:
        return
    for one in getattr(dependant, kind):
        model = one.field_info.annotation
        if inspect.isclass(model) and issubclass(model, BaseModel):
            for name, info in model.model_fields.items():
                yield str(info.alias or name)
        else:
            yield str(one.alias)
    for inner in dependant.dependencies:
        yield from _names(inner, kind)


@cache
def read_by_hand() -> frozenset[str]:
    """Names of parameters that the code of pages takes from a query itself."""
    code = (path.read_text("utf-8") for path in Path(api.__file__).parent.rglob("*.py"))
    return frozenset(name for text in code for name in _READ_BY_HAND.findall(text))


@dataclass(frozen=True, slots=True)
class Answer:
    """What came back, and how many seconds of the processor it took."""

    status: int
    headers: list[tuple[str, str]]
    body: bytes
    seconds: float

    def header(self, name: str) -> str:
        return next((value for known, value in self.headers if known == name), "")

    @property
    def kind(self) -> str:
        return self.header("content-type").partition(";")[0]

    @property
    def text(self) -> str:
        return self.body.decode("utf-8", "replace")


class Direct:
    """Asks an application without a server or a client in between, thousands of times."""

    def __init__(self, app: FastAPI) -> None:
        self._app, self._count = app, 0

    def __enter__(self) -> Self:
        # A thread of its own: in ours a browser's loop may be running, whatever was tested before.
        self._held = start_blocking_portal()
        self._loop = self._held.__enter__()
        return self

    def __exit__(self, *_: object) -> None:
        self._held.__exit__(None, None, None)

    def ask(
        self,
        method: str,
        path: str,
        query: str = "",
        body: bytes = b"",
        headers: Iterable[tuple[str, str]] = (),
    ) -> Answer:
        """One request; each comes from an address of its own. What the application raises fails.

        What words cost they cost each time: of what took long, the cheaper of two answers counts.
        The garbage of a whole suite is collected within one of them, and other threads work.
        """
        asked = partial(self._loop.call, self._asked, method, path)
        answer = asked(query, body, dict(headers))
        if answer.seconds > LONG:
            anew = f"{query}&anew=1" if query else "anew=1"  # no kept answer
            again = asked(anew, body, dict(headers))
            answer = replace(answer, seconds=min(answer.seconds, again.seconds))
        return answer

    async def _asked(
        self, method: str, path: str, query: str, body: bytes, headers: dict[str, str]
    ) -> Answer:
        self._count += 1
        told = {"host": "testserver", "accept": "text/html,*/*;q=0.8", **headers}
        if body:
            told["content-length"] = str(len(body))
        scope = {
            "type": "http", "asgi": {"version": "3.0"}, "http_version": "1.1", "method": method,
            "scheme": "http", "path": path, "raw_path": quote(path, errors="replace").encode(),
            "query_string": query.encode("latin-1"), "root_path": "", "state": {},
            "headers": [(k.encode(), v.encode("latin-1", "replace")) for k, v in told.items()],
            "client": (f"198.51.{self._count >> 8 & 255}.{self._count & 255}", 1),
            "server": ("testserver", 80),
        }  # fmt: skip
        came: list[dict[str, Any]] = []
        given = [{"type": "http.request", "body": body, "more_body": False}]

        async def receive() -> dict[str, Any]:
            return given.pop() if given else await asyncio.Future()

        async def send(message: Any) -> None:
            came.append(message)

        began = time.process_time()
        await self._app(scope, receive, send)
        took = time.process_time() - began
        start, *parts = came
        return Answer(
            start["status"],
            [(k.decode("latin-1").lower(), v.decode("latin-1")) for k, v in start["headers"]],
            b"".join(part.get("body", b"") for part in parts),
            took,
        )


def encoded(pairs: Iterable[tuple[str, str]]) -> str:
    """A query; what is no Unicode goes as the bytes it would be."""
    return urlencode(
        [(name, value.encode("utf-8", "surrogatepass")) for name, value in pairs],
        quote_via=lambda value, *_: quote_from_bytes(
            value if isinstance(value, bytes) else value.encode(), safe=""
        ),
    )


def written(route: Route, values: Mapping[str, str]) -> tuple[bytes, str]:
    """The body of a request with these values, and its media type."""
    if route.form:
        return encoded(values.items()).encode(), "application/x-www-form-urlencoded"
    return json.dumps(values).encode(), "application/json"
