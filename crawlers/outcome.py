"""What to call it when a page could not be had, or came and is not the page."""

from __future__ import annotations

import re

from scrapy.exceptions import (
    CannotResolveHostError,
    DownloadCancelledError,
    DownloadConnectionRefusedError,
    DownloadTimeoutError,
)

from crawlers.failure import Failure, of_status
from crawlers.guard import PrivateAddress
from crawlers.page import Page
from crawlers.robots import RobotsForbidden

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
    r"^404\b|anmeldung erforderlich|^(?:log ?in|anmelden)\b",
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


def of_exception(error: BaseException) -> Failure:
    """The failure behind an exception of the downloader."""
    kinds: tuple[tuple[type[BaseException], Failure], ...] = (
        (PrivateAddress, Failure.PRIVATE_ADDRESS),
        (RobotsForbidden, Failure.ROBOTS),
        (CannotResolveHostError, Failure.DNS),
        (DownloadConnectionRefusedError, Failure.REFUSED),
        (DownloadTimeoutError, Failure.TIMEOUT),
        (DownloadCancelledError, Failure.TOO_LARGE),
    )
    # Twisted wraps what it knows, so the chain is asked, innermost last.
    chain = [error]
    while (inner := chain[-1].__cause__ or chain[-1].__context__) and inner not in chain:
        chain.append(inner)
    for kind, failure in kinds:
        if any(isinstance(link, kind) for link in chain):
            return failure
    text = " ".join(f"{type(link).__module__} {link!r} {link}" for link in chain)
    if "DOWNLOAD_MAXSIZE" in text:  # too large when decompressed: Scrapy has no type for it
        return Failure.TOO_LARGE
    if re.search(r"OpenSSL|certificate|VerificationError", text):
        return Failure.TLS
    return Failure.CONNECTION
