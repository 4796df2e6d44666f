"""`/einbetten`: choose what to embed, look at it, copy the code. A plain form; no script needed."""

from __future__ import annotations

import hashlib
from pathlib import Path

from fastapi import APIRouter, Request
from markupsafe import Markup
from starlette.responses import Response

from aggregator.catalogue.networks import list_networks
from aggregator.vocabulary.regions import REGIONS, RegionKind, ancestors, region_name
from aggregator.vocabulary.topics import TOPICS
from api.access import Index, Record, published_counts
from api.embedding.address import portal, read
from api.embedding.colours import Colours, contrast
from api.embedding.found import find
from api.embedding.releases import newest
from api.embedding.rendering import render
from api.embedding.snippets import Choice, Kind, element, origin, snippet
from api.embedding.words import LANGUAGES, RIGHT_TO_LEFT, words
from api.rendering import page

router = APIRouter()

_KINDS = {
    Kind.PINNED: (
        "Such-Widget, feste Version",
        "Eine Zeile Script. Die Datei ändert sich nie, und der Browser prüft das.",
    ),
    Kind.OWN: (
        "Such-Widget, Datei auf Ihrem Server",
        "Wie oben, aber Sie legen die Datei selbst ab: Erst wer sucht, kommt zu uns.",
    ),
    Kind.FRAGMENT: (
        "HTML vom Server, ganz ohne Script",
        "Ihr CMS holt die Liste. Wer Ihre Seite liest, kommt nie mit uns in Kontakt.",
    ),
    Kind.FRAME: ("Rahmen (iframe)", "Für Systeme, die keine Scripte erlauben."),
    Kind.MOVING: (
        "Such-Widget, immer die neueste Version",
        "Fehler werden von selbst behoben; dafür vertrauen Sie jeder neuen Fassung ungeprüft.",
    ),
}
_WIDGETS = frozenset({Kind.OWN, Kind.PINNED, Kind.MOVING})
_LIMITS = (3, 5, 10, 20)
_READABLE = 4.5  # WCAG 2.2, 1.4.3
_STATIC = Path(__file__).with_name("static")
_ASSETS = {
    name: hashlib.sha256((_STATIC / name).read_bytes()).hexdigest()[:12]
    for name in ("einbetten.css", "einbetten.js")
}
_POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; "
    "frame-src 'self'; img-src 'self'; form-action 'self'; base-uri 'none'; "
    "frame-ancestors 'none'; require-trusted-types-for 'script'; trusted-types 'none'"
)
"""What the widget runs under on our own page: as strict as the strictest host."""


@router.get("/einbetten")
def builder(request: Request, record: Record, searcher: Index) -> Response:
    """The form, a preview, the code with its policy, and a text on privacy."""
    given = {name: value for name, value in request.query_params.items() if value}
    topics = [code for code in request.query_params.getlist("topic") if code]
    own = {
        name: given[name]
        for switch, names in (("mit_farbe", ("accent",)), ("mit_flaeche", ("text", "surface")))
        if given.get(switch)
        for name in names
        if name in given
    }
    choice = read(Choice, given | {"topic": topics, "near": bool(given.get("ort"))})
    colours = read(Colours, own)
    here, release = portal(request), newest()
    made = snippet(choice, colours, here, release)
    if choice.kind in _WIDGETS:
        preview = Markup(element(choice, colours.chosen(), here))  # noqa: S704 - escaped there
    elif choice.kind is Kind.FRAGMENT:
        preview = _fragment(request, record, searcher, choice, here)
    else:
        preview = Markup(made.html.split("<script", 1)[0])  # noqa: S704 - escaped there
    keys = {*published_counts(searcher, "region")["region"], choice.region} - {"", "DE"}
    lands = {key for key, region in REGIONS.items() if region.kind is RegionKind.LAND}
    answer = page(
        request,
        "einbetten.html",
        choice=choice,
        colours=colours,
        given=given,
        made=made,
        kinds=_KINDS,
        languages_of_widget=LANGUAGES,
        regions=[
            (key, "\u2003" * (len(ancestors(key)) - 1) + region_name(key))
            for key in sorted(keys | lands | {a for key in keys for a in ancestors(key)} - {"DE"})
        ],
        networks=list_networks(record),
        topics=TOPICS,
        limits=sorted({*_LIMITS, choice.limit}),
        preview=preview,
        portal=here,
        host=origin(here).partition("//")[2],
        release=release,
        poor=_poor(colours),
        widget=choice.kind in _WIDGETS,
        privacy={
            code: render(f"datenschutz.{code}.txt", choice=choice, kind=choice.kind.value,
                         host=origin(here).partition("//")[2], portal=here)
            for code in ("de", "en")
        },
        assets=_ASSETS,
    )  # fmt: skip
    answer.headers["Content-Security-Policy"] = _POLICY
    return answer


def _poor(colours: Colours) -> float | None:
    """The contrast of text and surface where it is too low to read, else None."""
    if not (colours.text and colours.surface):
        return None
    found = contrast(colours.text, colours.surface)
    return found if found < _READABLE else None


def _fragment(
    request: Request, record: Record, searcher: Index, choice: Choice, here: str
) -> Markup:
    """The fragment as the copied address answers it."""
    said = words(choice.lang)
    html = render(
        "fragment.html",
        found=find(request, record, searcher, choice.limit),
        look=choice.model_copy(update={"heading": 3, "form": "yes"}),
        w=said,
        title=said["title"],
        rtl=choice.lang in RIGHT_TO_LEFT,
        portal=here,
        fixed=choice.pairs(),
        asked="",
    )
    return Markup(html)  # noqa: S704 - escaped by its template
