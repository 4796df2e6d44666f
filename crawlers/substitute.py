"""Pages that came and are not the page: errors, challenges, parked domains."""

from __future__ import annotations

import re

from crawlers.failure import Failure, of_status
from crawlers.page import Page

_HEAD = 4_000  # characters in which a stand-in page shows what it is
_CHALLENGE = re.compile(
    r"just a moment\.\.\.|checking your browser|cf-chl-|challenge-platform|_incapsula_resource|"
    r"ddos[- ]?guard|please enable cookies and reload|verify(?:ing)? (?:that )?you are human|"
    r"sicherheitsüberprüfung wird durchgeführt|bestätigen sie, dass sie ein mensch sind",
    re.IGNORECASE,
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


def of_page(page: Page) -> Failure | None:
    """The failure that a response tells of; None where its body is the page that was asked for.

    A challenge (Cloudflare and its like) counts whatever its status; a 200 whose title belongs to
    a hoster, an error page or a login is a soft 404.
    """
    if page.is_html:
        if _CHALLENGE.search(page.text[:_HEAD]) and len(page.text) < 10 * _HEAD:
            return Failure.BOT_CHALLENGE
        title = page.tree.css_first("title")
        if page.status == 200 and title and _SUBSTITUTE_TITLE.search(title.text().strip()):
            return Failure.SOFT_404
    return of_status(page.status)
