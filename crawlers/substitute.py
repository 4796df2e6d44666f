"""Pages that came and are not the page: errors, challenges, parked domains."""

from __future__ import annotations

import re

from selectolax.lexbor import LexborHTMLParser

from crawlers.failure import Failure, of_status
from crawlers.finder.stemmed import Stemmed
from crawlers.page import Page

_HEAD = 4_000  # characters in which a stand-in page shows what it is
_CHALLENGE = Stemmed(
    "moment|browser|cf-chl-|challenge-platform|_incapsula|ddos|cookies and reload|human"
    "|sicherheitsüber|ein mensch",
    r"just a moment\.\.\.|checking your browser|cf-chl-|challenge-platform|_incapsula_resource|"
    r"ddos[- ]?guard|please enable cookies and reload|verify(?:ing)? (?:that )?you are human|"
    r"sicherheitsüberprüfung wird durchgeführt|bestätigen sie, dass sie ein mensch sind",
)
_SUBSTITUTE_TITLE = re.compile(
    r"account suspended|konto gesperrt|domain (?:is )?parked|diese domain (?:steht|ist) (?:zum|"
    r"zu) verkauf|domain (?:for sale|default page|parking)|default web ?site page|"
    r"apache2? (?:debian |ubuntu )?default page|welcome to nginx|index of /|wartungsmodus|"
    r"wartungsarbeiten|maintenance mode|under construction|coming soon|"
    r"(?:seite|page) (?:wurde )?(?:leider )?nicht gefunden|page not found|(?:fehler|error) 404|"
    r"^404\b|"
    # alone or before the site's name: "Anmelden | Netz"; a course may say "keine Anmeldung
    # erforderlich" or "Anmelden zum Treff" in its title
    r"^(?:log ?in|anmelden|anmeldung erforderlich)\s*(?:[|–—-]|$)",
    re.IGNORECASE,
)

# What stands on such a page where its title says nothing: of a hoster, a dealer in domains, a lock.
_SUBSTITUTE_BODY = re.compile(
    r"sedoparking|parkingcrew|domain[^<.]{0,60}(?:zum verkauf|zu verkaufen|for sale|geparkt|parked)"
    r"|(?:account|konto|webspace|website|internetpräsenz|webseite|seite)[^<.]{0,40}"
    r"(?:has been |is |wurde |ist )?(?:vorübergehend )?(?:suspended|gesperrt|deaktiviert)"
    r"|hier entsteht (?:in kürze |demnächst )?(?:eine|die) neue",
    re.IGNORECASE,
)
_PARKED = re.compile("sedoparking|parkingcrew", re.IGNORECASE)
# One of these stands in every page that the patterns above know; looking for them costs nothing.
_HINTS = (
    b"parking", b"domain", b"suspended", b"gesperrt", b"deaktiviert", b"hier entsteht", b"password",
)  # fmt: skip
_LITTLE = 900  # visible characters; a page that tells of offers says more


def of_page(page: Page) -> Failure | None:
    """The failure that a response tells of; None where its body is the page that was asked for.

    A challenge (Cloudflare and its like) counts whatever its status; a 200 whose title belongs to
    a hoster, an error page or a login is a soft 404, and so is one that says little else.
    """
    if page.is_html:
        if _CHALLENGE.found(page.text[:_HEAD].lower()) and len(page.text) < 10 * _HEAD:
            return Failure.BOT_CHALLENGE
        title = page.tree.css_first("title")
        if page.status == 200 and (
            (title and _SUBSTITUTE_TITLE.search(title.text().strip())) or _stands_in(page)
        ):
            return Failure.SOFT_404
    return of_status(page.status)


def _stands_in(page: Page) -> bool:
    """True for a page that says little and that like a hoster, a lock or a login does."""
    if len(page.text) > 60_000 or not any(hint in page.opening for hint in _HINTS):
        return False
    tree = LexborHTMLParser(page.text)  # its own: scripts are taken out of it
    tree.strip_tags(["script", "style", "noscript", "template"])
    body = " ".join(tree.body.text(separator=" ").split()) if tree.body else ""
    if len(body) > _LITTLE:
        return False
    if _SUBSTITUTE_BODY.search(body) or _PARKED.search(page.text):
        return True
    lock = bool(tree.css("input[type=password]"))  # a login for members stands beside other things
    return lock and len(body) < _LITTLE / 3 and len(tree.css("a[href]")) < 10
