"""What stands on a page but is not its content: menus, footers, banners, whole legal pages."""

from __future__ import annotations

import re
from functools import lru_cache
from urllib.parse import unquote, urlsplit

SILENT = frozenset(
    [
        "script",
        "style",
        "noscript",
        "template",
        "svg",
        "iframe",
        "object",
        "embed",
        "canvas",
        "audio",
        "video",
        "map",
        "head",
        "select",
        "textarea",
        "input",
        "option",
        "datalist",
        "math",
    ]
)
"""Elements whose text nobody reads as content."""

_BEFORE = (
    r"(?:(?:site|main|page|top|global|meta|mobile|primary|secondary|sub|header|footer|foot|wp|mod"
    r"|block|region|ce|mobile|off|desktop|jtpl|layout|col|column|theme|diyweb"
    r"|seiten)[-_]?)*"
)
_AFTER = (
    r"(?:[-_](?:container|wrapper|wrap|area|block|bar|inner|box|list|links?|content|menu|nav|widget"
    r"|notice|banner|bottom|top|main|left|right|primary|secondary|outer|section|row|form|item"
    r"|icons|options"
    r"|\d+))*"
)
_BESIDE = r"sidebar|widget|widget-area|widgets"
_NAMES = re.compile(
    rf"{_BEFORE}(?:{_BESIDE}"
    r"|nav|navi|navbar|navigation|menu|menue|menubar|submenu|mainmenu|breadcrumbs?"
    r"|pathway|rootline"
    r"|footer|fuss|(?:fuss|fuß)(?:zeile|bereich|leiste)|foot|seitenkopf|brotkrumen?|cookie\w*|consent\w*"
    r"|share|sharing|shariff|social|socialmedia|comments?|comment-list|respond|kommentare?|skip"
    r"|skiplinks?|search|searchform|suche|suchformular|login|anmeldeformular|pagination"
    r"|pager|pagenav"
    r"|logos?|logoleiste|sponsor(?:s|en)?|foerderer|partnerlogos|toolbar|banner|klaro"
    r"|borlabs\w*|cmplz"
    r"|related|related-posts|yarpp|adunit|advert\w*|anzeige|werbung|tagcloud|langswitch\w*"
    r"|language-switcher|back-to-top|totop|newsletter|print|icons|post-navigation|posts-navigation"
    r"|post-?meta|entry-?meta|post-?date|entry-?date|posted-on|byline|submitted|published|dateline"
    r"|nav-links|page-navigation|article-info-term|entry-footer|colophon|impressum-footer"
    r"|elementor-location-(?:header|footer|popup)|et-l--(?:header|footer))"
    rf"{_AFTER}",
    re.IGNORECASE,
)
_MARGIN = re.compile(rf"(?!.*(?:foot|header)){_BEFORE}(?:{_BESIDE}){_AFTER}", re.IGNORECASE)
_ROLES = frozenset(
    [
        "navigation",
        "banner",
        "contentinfo",
        "search",
        "complementary",
        "dialog",
        "alertdialog",
        "menu",
        "menubar",
    ]
)

_JOOMLA = frozenset({"hits", "createdby", "create", "published", "modified"})
"""Classes of <dd> with which Joomla says how often an article was read, who wrote it, and when."""

_LEGAL = re.compile(
    r"(?:impressum|imprint|datenschutz\w*|privacy\w*|privacy[- ]policy|agb|haftungsausschluss"
    r"|disclaimer|sitemap|login|anmelden|registrieren|suche|search|suchergebnisse?"
    r"|barrierefreiheits?"
    r"erkl(?:ä|ae)rung|erkl(?:ä|ae)rung[- ]zur[- ]barrierefreiheit|nutzungsbedingungen"
    r"|kontaktformular"
    r"|cookie\w*|cookie[- ]?richtlinien?(?:[- ]\(?eu\)?)?|warenkorb|newsletter|spenden|leichte[- ]"
    r"sprache|404|seite[- ]nicht[- ]gefunden|page[- ]not[- ]found|not[- ]found"
    r"|impressum[- &]*(?:und|/)?[- ]*datenschutz\w*|wp-login|user)",
    re.IGNORECASE,
)
_NOTICE = re.compile(
    r"impressum|imprint|datenschutz(?:hinweise?|erklärung)?|haftungsausschluss|disclaimer"
    r"|impressum (?:und|&|/) datenschutz|angaben gemäß .*",
    re.IGNORECASE,
)
_IMPRINT = re.compile(
    r"(?:.*[\W_])?(?:impressum|imprint|anbieterkenn(?:zeichn)?ung)(?:[\W_].*)?", re.IGNORECASE
)
_CONTACT = re.compile(
    r"(?:kontakt|contact|ansprechpartner(?:innen)?|team|unser[- ]team|mitarbeiter(?:innen)?|anfahrt"
    r"|kontakt[- ](?:und|&)[- ]anfahrt|so[- ]erreichen[- ]sie[- ]uns|kontakt[- ]aufnehmen)",
    re.IGNORECASE,
)
_SUFFIX = re.compile(r"\.(?:html?|php\d?|aspx?|jsp)$", re.IGNORECASE)


def is_chrome(tag: str, attributes: dict[str, str | None], inside_main: bool) -> bool:
    """True for an element that frames the content instead of being it.

    Names are matched whole ("site-footer", never "content-with-sidebar"), because one wrong guess
    on a wrapper costs the page.
    """
    if tag == "nav":
        return True
    if tag in {"footer", "aside"} and not inside_main:
        return True
    if attributes.get("role") in _ROLES:
        return True
    name, names = attributes.get("id"), attributes.get("class")
    if tag == "dd" and names in _JOOMLA:
        return True
    return bool((name and _frames(name)) or (names and _frames(names)))


def is_margin(tag: str, attributes: dict[str, str | None]) -> bool:
    """True for a frame that stands beside the content: it may tell more of what the page is about.

    Nothing else about it says that it is a menu, a search or the like.
    """
    role, name = attributes.get("role"), attributes.get("id")
    if tag in {"nav", "footer", "header", "form", "button"} or (
        role in _ROLES and role != "complementary"
    ):
        return False
    names = [*(attributes.get("class") or "").split(), *([name] if name else [])]
    framing = [one for one in names if _NAMES.fullmatch(one)]
    return all(map(_MARGIN.fullmatch, framing))


@lru_cache(maxsize=4096)  # the same few names come again on every page of a site
def _frames(names: str) -> bool:
    return any(_NAMES.fullmatch(one) for one in names.split())


def is_legal(url: str, title: str) -> bool:
    """True for imprint, privacy, login and search pages, by address or by headline."""
    return _named(_LEGAL, url, title)


def names_legal(heading: str) -> bool:
    """True for a heading above an imprint or a privacy notice."""
    return _NOTICE.fullmatch(heading.strip(" .:!")) is not None


def is_imprint(url: str, title: str) -> bool:
    """True for a page on which an imprint stands, by address or by headline."""
    return _named(_IMPRINT, url, title)


def names_imprint(heading: str) -> bool:
    """True for a heading above an imprint, alone or with other notices."""
    return _IMPRINT.fullmatch(heading) is not None


def names_contact(heading: str) -> bool:
    """True for a heading above how to reach the site's owner, where the owner's name follows."""
    return _CONTACT.fullmatch(heading.strip(" .:!")) is not None


def is_contact_page(url: str, title: str) -> bool:
    """True for the page that tells how to reach the site's owner."""
    return _named(_CONTACT, url, title)


def _named(names: re.Pattern[str], url: str, title: str) -> bool:
    try:
        path = unquote(urlsplit(url).path)
    except ValueError:
        path = ""
    last = _SUFFIX.sub("", path.rstrip("/").rpartition("/")[2])
    return bool(names.fullmatch(last) or names.fullmatch(title.strip(" .:!")))
