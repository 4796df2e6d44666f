"""What to call it when a page could not be had, or came and is not the page."""

from __future__ import annotations

import re

from scrapy.exceptions import (
    CannotResolveHostError,
    DownloadCancelledError,
    DownloadConnectionRefusedError,
    DownloadTimeoutError,
)

from crawlers.failure import Failure
from crawlers.guard import PrivateAddress
from crawlers.robots import RobotsForbidden
from crawlers.substitute import of_page

__all__ = ["of_exception", "of_page"]


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
