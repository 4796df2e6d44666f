"""The code that a site owner copies, with the lines that her Content-Security-Policy needs."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from html import escape
from typing import Annotated
from urllib.parse import urlencode, urlsplit

from pydantic import BaseModel, ConfigDict, Field, StringConstraints

from aggregator.listing import Topic
from api.embedding.colours import Colours
from api.embedding.found import MOST, USUAL, LanguageCode
from api.embedding.frame import HEIGHT, markup
from api.embedding.releases import Release
from api.embedding.words import BUILT_IN, joined, words


class Kind(StrEnum):
    """The ways to embed."""

    OWN = "eigen"
    """The widget, its file on the site's own server."""
    PINNED = "fest"
    """The widget, a version of ours that never changes."""
    MOVING = "laufend"
    """The widget, always the newest of its major version."""
    FRAME = "rahmen"
    FRAGMENT = "fragment"


class Choice(BaseModel):
    """What the builder page's form says."""

    model_config = ConfigDict(extra="ignore")

    kind: Kind = Kind.PINNED
    region: Annotated[str, StringConstraints(pattern=r"^(DE|[0-9]{2,12})?$")] = ""
    network: Annotated[str, StringConstraints(max_length=100)] = ""
    topic: list[Topic] = Field([], max_length=20)
    lang: LanguageCode = "de"
    limit: Annotated[int, Field(ge=1, le=MOST)] = USUAL
    near: bool = False
    """With a field for postcode or town."""
    auto: bool = False
    """Offers are shown before anybody searches."""

    def pairs(self) -> list[tuple[str, str]]:
        """The filters that are set, as parameters of the API."""
        return [
            *((name, v) for name, v in (("region", self.region), ("network", self.network)) if v),
            *(("topic", code) for code in self.topic),
        ]


@dataclass(frozen=True, slots=True)
class Snippet:
    """What is copied."""

    html: str
    csp: Sequence[str]
    """Directives that a policy has to have; none of them needs 'unsafe-inline' or 'unsafe-eval'."""
    download: str = ""
    """Address of the bundle, where the file is to be hosted by the site itself."""


def snippet(choice: Choice, colours: Colours, portal: str, release: Release) -> Snippet:
    """The code for a choice, and the lines of a policy that lets it work."""
    if choice.kind is Kind.FRAME:
        return _frame(choice, colours, portal, release)
    if choice.kind is Kind.FRAGMENT:
        return _fragment(choice, portal)
    return _widget(choice, colours, portal, release)


def element(choice: Choice, colours: Mapping[str, str], portal: str) -> str:
    """The widget's element around its plain form."""
    said = words(choice.lang)
    attributes = {"api": portal, "lang": choice.lang}
    if choice.lang not in BUILT_IN:
        attributes["words"] = joined(choice.lang)
    for name, value in choice.pairs():
        attributes[name] = f"{attributes[name]},{value}" if name in attributes else value
    attributes |= {"limit": str(choice.limit)} if choice.limit != USUAL else {}
    attributes |= {"auto": ""} if choice.auto else {}
    written = "".join(
        f' {name}="{escape(value)}"' if value else f" {name}"
        for name, value in (attributes | dict(colours)).items()
    )
    query = f"?{urlencode(choice.pairs())}" if choice.pairs() else ""
    near = f'    <label>{said["near"]} <input name="near" maxlength="100"></label>\n'
    return (
        f"<angebot-suche{written}>\n"
        f'  <form action="{portal}/" method="get" role="search" rel="noreferrer">\n'
        + "".join(
            f'    <input type="hidden" name="{name}" value="{escape(value)}">\n'
            for name, value in choice.pairs()
        )
        + f'    <label>{said["query"]} <input type="search" name="q" maxlength="500"></label>\n'
        + (near if choice.near else "")
        + f"    <button>{said['go']}</button>\n"
        f'    <p><a href="{escape(portal + "/" + query)}" rel="noreferrer">{said["all"]}</a></p>\n'
        "  </form>\n"
        "</angebot-suche>\n"
    )


def origin(portal: str) -> str:
    """The origin of the portal, as a policy names it."""
    parts = urlsplit(portal)
    return f"{parts.scheme}://{parts.netloc}"


def _widget(choice: Choice, colours: Colours, portal: str, release: Release) -> Snippet:
    where, name = origin(portal), "angebot-suche.js"
    checked = f' integrity="{release.hashes[name]}"'
    source, download = f"{portal}/einbetten/v{release.version}/{name}", ""
    remote = ' crossorigin="anonymous" referrerpolicy="no-referrer"'
    if choice.kind is Kind.OWN:
        source, remote = f"/{name}", ""
        download = f"{portal}/einbetten/v{release.version}/angebot-suche.zip"
    elif choice.kind is Kind.MOVING:
        source, checked = f"{portal}/einbetten/{release.major}/{name}", ""
    html = element(choice, colours.chosen(), portal)
    html += f'<script type="module" src="{source}"{checked}{remote}></script>\n'
    scripts = "'self'" if choice.kind is Kind.OWN else where
    csp = (f"script-src {scripts}", f"connect-src {where}", f"form-action {where}")
    return Snippet(html, csp, download)


def _frame(choice: Choice, colours: Colours, portal: str, release: Release) -> Snippet:
    pairs = choice.pairs()
    pairs += [("lang", choice.lang)] if choice.lang != "de" else []
    pairs += [("limit", str(choice.limit))] if choice.limit != USUAL else []
    pairs += [(n, c) for n, c in colours.chosen().items() if n != "on-accent"]
    html = markup(f"{portal}/einbetten/rahmen", pairs, words(choice.lang)["title"], "100%", HEIGHT)
    script = f"{portal}/einbetten/v{release.version}/rahmen.js"
    html += (
        f'\n<script type="module" src="{script}" integrity="{release.hashes["rahmen.js"]}" '
        'crossorigin="anonymous" referrerpolicy="no-referrer"></script>\n'
    )
    where = origin(portal)
    return Snippet(html, (f"frame-src {where}", f"script-src {where}"))


def _fragment(choice: Choice, portal: str) -> Snippet:
    pairs = [*choice.pairs(), ("lang", choice.lang), ("limit", str(choice.limit))]
    return Snippet(
        f"{portal}/einbetten/fragment?{urlencode(pairs)}\n", (f"form-action {origin(portal)}",)
    )
