"""What the fields of a model mean: the text that stands below each of them in the code."""

from __future__ import annotations

import ast
import inspect
import textwrap

from pydantic import BaseModel

_OURS = ("aggregator", "api", "crawlers", "schedules")


def meanings(model: type[BaseModel]) -> dict[str, str]:
    """Field -> the text below it, of a model and those it is built on; not of every field."""
    said: dict[str, str] = {}
    for kind in reversed(model.__mro__):
        if kind.__module__.partition(".")[0] not in _OURS:
            continue
        body = ast.parse(textwrap.dedent(inspect.getsource(kind))).body[0]
        assert isinstance(body, ast.ClassDef)  # noqa: S101 - the source of a class is one
        for line, following in zip(body.body, body.body[1:], strict=False):
            if (
                isinstance(line, ast.AnnAssign)
                and isinstance(line.target, ast.Name)
                and isinstance(following, ast.Expr)
                and isinstance(following.value, ast.Constant)
            ):
                said[line.target.id] = inspect.cleandoc(str(following.value.value))
    return said
