"""A made site of any size: pages of some 50 kB as the usual platforms send them, always the same.

A start page, lists that lead to pages of their own, lists that tell all themselves, single offers
and plain texts; around each the usual ballast: styles, scripts, drawings, a menu, a footer.
"""

from __future__ import annotations

from functools import cache
from random import Random

_LINKED = 24  # pages that one list leads to
_MENU = 60  # links of the menu
_SIZE = 50_000  # characters of a page
_START = "/"

_WHAT = (
    "Frühstückstreff", "Offene Sprechstunde", "Rechtsberatung", "Elterncafé", "Krabbelgruppe",
    "Trennungsberatung", "Kinderbetreuung", "Familienfreizeit", "Schuldnerberatung", "Kochabend",
    "Bewegungskurs", "Hausaufgabenhilfe", "Wochenendtreff", "Berufsberatung", "Spielgruppe",
)  # fmt: skip
_WHO = (
    "für Alleinerziehende", "für Einelternfamilien", "für Mütter und Kinder", "im Kiez",
    "für getrennte Eltern", "am Nachmittag", "mit Kinderbetreuung", "in leichter Sprache",
)  # fmt: skip
_PLACE = (
    "im Nachbarschaftshaus", "im Familienzentrum Nord", "im Stadtteilzentrum", "in der Bücherei",
    "am alten Markt", "im Haus der Familie", "im Gemeindesaal", "am Wasserturm",
)  # fmt: skip
_STREET = ("Lindenstraße", "Ahornweg", "Marktplatz", "Schulstr.", "Gartenallee", "Am Uferdamm")
_TOWN = ("10115 Berlin", "50667 Köln", "20095 Hamburg", "80331 München", "60311 Frankfurt am Main")
_AREA = ("030 23125", "0221 4710", "040 66969", "089 99998", "069 90009")
_DAY = ("montags", "dienstags", "Mittwoch", "Do", "Freitag", "jeden zweiten Samstag")
_CLAUSES = (
    (
        "Wir beraten Sie", "Unser Team hilft Ihnen", "Die Gruppe trifft sich", "Sie finden uns",
        "Eltern lernen sich kennen", "Die Kinder spielen", "Fachkräfte begleiten Sie",
    ),
    (
        "vertraulich und kostenlos", "ohne lange Wartezeit", "in ruhigen Räumen", "mit viel Zeit",
        "nach Absprache", "auf Wunsch auch am Telefon", "in mehreren Sprachen", "im Garten",
    ),
    (
        "bei Fragen zu Unterhalt und Sorgerecht", "auf dem Weg zurück in den Beruf",
        "in der ersten Zeit nach der Trennung", "rund um Kita und Schule",
        "bei Anträgen und Formularen", "wenn das Geld knapp wird", "auch in den Ferien",
    ),
    (
        "und vermitteln weiter.", "und hören zu.", "wenn Sie es brauchen.", "so lange es geht.",
        "bis eine Lösung gefunden ist.", "und sind für alle da.", "ganz ohne Anmeldung.",
    ),
)  # fmt: skip


def address(number: int) -> str:
    """The path of a page; page 0 is the start page."""
    return f"/angebote/seite-{number}/" if number else _START


def number_of(path: str) -> int | None:
    """The number of the page at a path; None where the site has none there."""
    if path == _START:
        return 0
    digits = path.removeprefix("/angebote/seite-").rstrip("/")
    return int(digits) if digits.isdigit() and path.startswith("/angebote/") else None


def make_page(number: int, count: int) -> str:
    """One page of a site of `count` pages."""
    draw = Random(number)  # noqa: S311 - the same page for the same number, nothing secret
    led = range(number * _LINKED + 1, min(count, (number + 1) * _LINKED + 1))
    name = f"{draw.choice(_WHAT)} {draw.choice(_WHO)}"
    if led:
        name, content = "Unsere Angebote", "".join(_card(draw, one) for one in led)
    elif number % 20 < 3:
        name = "Angebote von A bis Z"
        content = "".join(_entry(draw) for _ in range(draw.randint(10, 40)))
    elif number % 20 < 15:
        content = _contact(draw) + _paragraphs(draw, draw.randint(3, 30))
    else:
        name, content = "Was wir dazu sagen", _paragraphs(draw, draw.randint(20, 60))
    make = (_wordpress, _typo3)[number % 2]
    page = make(name, content, _menu(min(count - 1, _MENU)), _footer())
    return page.replace("<!--ballast-->", _ballast(_SIZE - len(page)), 1)


def _wordpress(name: str, content: str, menu: str, footer: str) -> str:
    return (
        '<!DOCTYPE html><html lang="de"><head><meta charset="utf-8">'
        f"<title>{name} – Netz</title>"
        '<link rel="https://api.w.org/" href="/wp-json/">'
        '<link rel="stylesheet" href="/wp-content/themes/netz/style.css"><!--ballast--></head>'
        '<body class="page-template-default page wp-embed-responsive"><div id="page" class="site">'
        f'<header id="masthead" class="site-header"><nav class="main-navigation">{menu}</nav>'
        '</header><div id="content" class="site-content"><main id="main" class="site-main">'
        f'<article class="page type-page"><h1 class="entry-title">{name}</h1>'
        f'<div class="entry-content">{content}</div></article></main></div>'
        f'<footer id="colophon" class="site-footer">{footer}</footer></div></body></html>'
    )


def _typo3(name: str, content: str, menu: str, footer: str) -> str:
    return (
        '<!DOCTYPE html><html lang="de"><head><meta charset="utf-8">'
        f'<meta name="generator" content="TYPO3 CMS"><title>Netz: {name}</title>'
        '<link rel="stylesheet" href="/typo3temp/assets/css/netz.css"><!--ballast--></head>'
        f'<body id="p12"><div class="page-wrap"><div class="menu-wrap"><div id="menu">{menu}</div>'
        '</div><div class="container"><div class="row"><div class="col-md-9" id="inhalt">'
        '<div class="frame frame-default frame-type-text"><header>'
        f"<h1>{name}</h1></header>{content}</div></div></div></div>"
        f'<div class="footer">{footer}</div></div></body></html>'
    )


def _card(draw: Random, number: int) -> str:
    target = address(number)
    title = f"{draw.choice(_WHAT)} {draw.choice(_WHO)} {number}"
    return (
        f'<div class="card teaser post-{number}"><div class="card-body">'
        f'<h3 class="card-title"><a href="{target}">{title}</a></h3>'
        f'<p class="card-text">{_sentence(draw)} {_sentence(draw)}</p>'
        f'<a class="more-link" href="{target}">Weiterlesen</a></div></div>'
    )


def _entry(draw: Random) -> str:
    return (
        '<div class="wp-block-group angebot"><h3>'
        f"{draw.choice(_WHAT)} {draw.choice(_WHO)} {draw.choice(_PLACE)}</h3>{_contact(draw)}</div>"
    )


def _contact(draw: Random) -> str:
    phone = f"{draw.choice(_AREA)} {draw.randint(0, 999):03d}"
    begin = draw.randint(8, 16)
    return (
        f"<p>{_sentence(draw)} {_sentence(draw)}</p>"
        f"<p><strong>Wann:</strong> {draw.choice(_DAY)}, {begin}:00 – {begin + 2}:00 Uhr<br>"
        f"<strong>Wo:</strong> {draw.choice(_STREET)} {draw.randint(1, 120)}, "
        f"{draw.choice(_TOWN)}</p>"
        f'<ul><li>Telefon: {phone}</li><li>E-Mail: <a href="mailto:treff{draw.randint(1, 99)}'
        '@netz.example">schreiben Sie uns</a></li></ul>'
    )


def _sentence(draw: Random) -> str:
    return " ".join(map(draw.choice, _CLAUSES))


def _paragraphs(draw: Random, count: int) -> str:
    texts = (" ".join(_sentence(draw) for _ in range(draw.randint(2, 6))) for _ in range(count))
    return "".join(f"<p>{text}</p>" for text in texts)


@cache
def _menu(count: int) -> str:
    items = "".join(
        f'<li id="menu-item-{n}" class="menu-item menu-item-type-post_type menu-item-{n}">'
        f'<a href="{address(n)}">{_WHAT[n % len(_WHAT)]} {n}</a></li>'
        for n in range(1, count + 1)
    )
    return f'<ul id="primary-menu" class="menu">{items}</ul>'


@cache
def _footer() -> str:
    return (
        "<p>Netz der Alleinerziehenden, Lindenstraße 1, 10115 Berlin, Tel. 030 23125 100</p>"
        '<ul><li><a href="/impressum/">Impressum</a></li>'
        '<li><a href="/datenschutz/">Datenschutz</a></li></ul>'
        '<svg viewBox="0 0 24 24"><g><path d="M12 2 2 22h20z"/><path d="M4 4h16v16z"/></g></svg>'
    )


def _ballast(size: int) -> str:
    """Styles, a script and a drawing, `size` characters in all."""
    if size <= 0:
        return ""
    return f"{_styles()[: size // 2]}</style>{_scripts()[: size - size // 2 - 17]}</script>"


@cache
def _styles() -> str:
    rules = (
        f".wp-block-{n} .inner-{n}{{margin:0 auto;padding:{n}px;color:#333}}" for n in range(999)
    )
    return "<style>" + "".join(rules)


@cache
def _scripts() -> str:
    calls = (f'window.netz=window.netz||{{}};netz["p{n}"]={{id:{n},on:true}};' for n in range(999))
    return "<script>" + "".join(calls)
