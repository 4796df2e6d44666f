"""The reference pages, written from the code itself: verbs, settings, declarations, the API.

`make docs` builds them into `docs/reference/`; nothing of them is kept, so none can be out of date.
"""

from __future__ import annotations

import inspect
import json
import re
import types
import typing
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from pydantic import BaseModel
from pydantic_core import PydanticUndefined
from typer.main import get_command

import netzlotse
from aggregator.meaning import meanings
from aggregator.settings import PREFIX, Settings
from crawlers.network import NetworkDeclaration
from crawlers.source import Source

HERE = Path(__file__).parent
DECLARATIONS: tuple[type[BaseModel], ...] = (Source, NetworkDeclaration)


def pages() -> dict[str, str]:
    """Every page by its file's name."""
    return {
        "cli.md": _cli(),
        "settings.md": _settings(),
        "declarations.md": _declarations(),
        "api.md": _Description("API v1", "openapi.json", "data.md").page(),
        "hsds-api.md": _Description("HSDS API", "hsds.openapi.json", "hsds.md").page(),
    }


def write(folder: Path = HERE / "reference") -> None:
    """Write the pages."""
    folder.mkdir(exist_ok=True)
    for name, text in pages().items():
        (folder / name).write_text(text, "utf-8")


def _cell(text: object) -> str:
    """Text in a cell of a table."""
    return " ".join(str(text).replace("|", "\\|").replace("<", "&lt;").split())


def _code(text: object) -> str:
    plain = " ".join(str(text).split()).replace("|", "\\|").replace("`", "'")
    return f"`{plain}`" if plain else ""


def _table(head: tuple[str, ...], rows: list[tuple[str, ...]]) -> str:
    lines = [head, tuple("---" for _ in head), *rows]
    return "".join(f"| {' | '.join(line)} |\n" for line in lines) + "\n"


# --- verbs ---------------------------------------------------------------------------------------


def verbs() -> Iterator[tuple[str, Any]]:
    """Every verb and verb below a verb, with its command."""

    def below(command: Any, name: str) -> Iterator[tuple[str, Any]]:
        if name != "netzlotse":
            yield name, command
        for word, inner in sorted(getattr(command, "commands", {}).items()):
            yield from below(inner, f"{name} {word}")

    yield from below(get_command(netzlotse.app), "netzlotse")


def parameters(command: Any) -> Iterator[tuple[str, str, str]]:
    """How each argument and option of a verb is written, its default, and its meaning."""
    for one in command.params:
        if one.name in {"help", "install_completion", "show_completion"}:
            continue
        if one.param_type_name == "argument":
            written = (one.metavar or one.name).upper()
        else:
            written = ", ".join([*one.opts, *one.secondary_opts])
        default = one.default
        shown = "" if default in (None, (), [], False) or callable(default) else str(default)
        yield written, shown, getattr(one, "help", None) or ""


def _cli() -> str:
    said = ["# The command line\n\nEvery verb, argument and option.\n"]
    for name, command in verbs():
        help_text = inspect.cleandoc(command.help or "")
        body, _, example = help_text.partition("Example")
        said.append(f"## {name}\n\n{body.strip()}\n")
        if example:
            said.append(f"```\n{example.partition(':')[2].strip()}\n```\n")
        rows = [(_code(w), _code(d), _cell(m)) for w, d, m in parameters(command)]
        if rows:
            said.append(_table(("argument or option", "default", "meaning"), rows))
    return "\n".join(said)


# --- settings ------------------------------------------------------------------------------------


def _settings() -> str:
    rows = [
        (
            _code(f"{PREFIX}{name.upper()}"),
            _code("" if info.default in (None, PydanticUndefined) else info.default),
            _cell(info.description or ""),
        )
        for name, info in Settings.model_fields.items()
    ]
    # The packaged folders stand where the program is installed.
    rows = [(n, re.sub(r"`/\S*/", "`…/", d), m) for n, d, m in rows]
    return (
        "# Settings\n\nEach is an environment variable; `netzlotse settings` shows what holds.\n\n"
        + _table(("variable", "default", "meaning"), rows)
    )


# --- declarations --------------------------------------------------------------------------------


def models(root: type[BaseModel]) -> list[type[BaseModel]]:
    """A model and all that its keys hold, each once, in order of appearance."""
    found: dict[type[BaseModel], None] = {}

    def visit(kind: Any) -> None:
        if inspect.isclass(kind) and issubclass(kind, BaseModel):
            if kind not in found:
                found[kind] = None
                for info in kind.model_fields.values():
                    visit(info.annotation)
            return
        for inner in typing.get_args(kind):
            visit(inner)

    visit(root)
    return list(found)


def _kind(annotation: Any) -> str:
    origin, inner = typing.get_origin(annotation), typing.get_args(annotation)
    if origin is not None:
        if origin is typing.Literal:
            return " or ".join(map(str, inner))
        if origin is typing.Annotated:
            return _kind(inner[0])
        names = [_kind(one) for one in inner if one is not type(None)]
        if origin in (typing.Union, types.UnionType):
            return " or ".join(names)
        if origin in (dict, typing.Mapping) or "Mapping" in str(origin):
            return f"map of {' to '.join(names)}"
        return f"list of {names[0]}"
    return str(getattr(annotation, "__name__", annotation))


def _declarations() -> str:
    guide = "[for coordinators](../coordinators.md) says how they are used"
    said = [f"# Declarations\n\nEvery key of the YAML files; {guide}.\n"]
    for root in DECLARATIONS:
        for model in models(root):
            texts = meanings(model)
            said.append(f"## {model.__name__}\n\n{inspect.cleandoc(model.__doc__ or '')}\n")
            rows = [
                (
                    _code(info.alias or name),
                    _cell(_kind(info.annotation)),
                    "needed" if info.is_required() else _code(_default(info)),
                    _cell(texts.get(name) or info.description or ""),
                )
                for name, info in model.model_fields.items()
            ]
            said.append(_table(("key", "holds", "default", "meaning"), rows))
    return "\n".join(said)


def _default(info: Any) -> object:
    value = info.get_default(call_default_factory=True)
    return "" if value in (None, [], {}, ()) or isinstance(value, BaseModel) else value


# --- the APIs ------------------------------------------------------------------------------------


@dataclass(frozen=True)
class _Description:
    """One API as its OpenAPI file describes it; `guide` says what the fields mean."""

    title: str
    file: str
    guide: str

    def _label(self, name: str) -> str:
        return f"{self.file.partition('.')[0]}-{name}".lower()

    def _schema(self, schema: dict[str, Any]) -> str:
        if "$ref" in schema:
            name = schema["$ref"].rpartition("/")[2]
            return f"[{name}](#{self._label(name)})"
        for word in ("anyOf", "oneOf", "allOf"):
            if word in schema:
                parts = [self._schema(one) for one in schema[word] if one.get("type") != "null"]
                return " or ".join(parts)
        if "enum" in schema:
            return ", ".join(_code(one) for one in schema["enum"])
        if "const" in schema:
            return _code(schema["const"])
        if schema.get("type") == "array":
            return f"list of {self._schema(schema.get('items', {}))}"
        return str(schema.get("format") or schema.get("type") or "any")

    def page(self) -> str:
        """Every path, parameter, schema and field."""
        described = json.loads((HERE / self.file).read_text("utf-8"))
        about = described["info"].get("description", "")
        said = [f"# {self.title}\n\n{about}\n\nHow to use it: [the guide](../{self.guide}).\n"]
        for path, methods in described["paths"].items():
            for method, operation in methods.items():
                said += self._operation(f"{method.upper()} {path}", operation)
        for name, schema in described.get("components", {}).get("schemas", {}).items():
            text = schema.get("description", "")
            said.append(f"({self._label(name)})=\n## {name}\n\n{text}\n")
            rows = [
                (_code(field), self._schema(one), _cell(one.get("description", "")))
                for field, one in schema.get("properties", {}).items()
            ]
            head = ("field", "holds", "meaning")
            said.append(_table(head, rows) if rows else self._schema(schema) + "\n")
        return "\n".join(said)

    def _operation(self, title: str, operation: dict[str, Any]) -> Iterator[str]:
        yield f"## {title}\n\n{operation.get('summary', '')}\n"
        if operation.get("description"):
            yield operation["description"] + "\n"
        rows = [
            (_code(one["name"]), self._schema(one["schema"]), _cell(one.get("description", "")))
            for one in operation.get("parameters", ())
        ]
        if rows:
            yield _table(("parameter", "takes", "meaning"), rows)
        answers = operation["responses"].get("200", {}).get("content", {})
        for kind, content in answers.items():
            if content.get("schema"):
                yield f"Answers {self._schema(content['schema'])} (`{kind}`).\n"
