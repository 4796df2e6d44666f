"""Names of pages and records that survive tracking parameters, moved domains and corrections."""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache
from urllib.parse import parse_qsl, quote, unquote, urlencode, urljoin, urlsplit

from w3lib.url import canonicalize_url

from crawlers.source import Source

# Parameters that say who came or which cache answered, never which page this is.
_NOISE = re.compile(
    r"(?:utm_\w+|mtm_\w+|pk_\w+|fbclid|gclid|msclkid|mc_[ce]id|phpsessid|jsessionid|sessionid"
    r"|sid|chash|no_cache|_ga|ref)",
    re.IGNORECASE,
)
_SESSION_PATH = re.compile(r";jsessionid=[^/?#]*", re.IGNORECASE)
_INDEX = re.compile(r"/(?:index|default)\.(?:html?|php\d?|aspx?|jsp)$", re.IGNORECASE)
_NOT_SLUG = re.compile(r"[^a-z0-9]+")
_SOCIAL = re.compile(
    r"(?:^|\.)(?:facebook|instagram|twitter|x|youtube|youtu|vimeo|tiktok|linkedin|xing|whatsapp|wa"
    r"|telegram|t|pinterest|google|goo|openstreetmap|bing|apple|paypal|wordpress|joomla|typo3|drupal"
    r"|contao|jimdo|wix|ionos|w3|creativecommons)\.(?:com|org|de|be|me|gl|net)$"
)
_HOST = re.compile(r"https?://[^/?#]+")
_FOLDS = str.maketrans({"ä": "ae", "ö": "oe", "ü": "ue", "ß": "ss"})


@lru_cache(maxsize=8192)
def _canonical(url: str) -> tuple[str, str] | None:
    """Host without www. (with a port that is not the default) and path with query; None if bad."""
    try:
        parts = urlsplit(url.strip())
        if parts.scheme not in {"http", "https"} or not parts.hostname:
            return None
        path = _SESSION_PATH.sub("", parts.path)
        query = urlencode(
            [
                (name, value)
                for name, value in parse_qsl(parts.query, keep_blank_values=True)
                if not _NOISE.fullmatch(name)
            ]
        )
        clean = parts._replace(path=path, query=query, fragment="").geturl()
        parts = urlsplit(canonicalize_url(clean))
        port = parts.port
    except ValueError:
        return None
    host = (parts.hostname or "").rstrip(".").removeprefix("www.")
    if port and port not in {80, 443}:
        host += f":{port}"
    path = re.sub(r"/{2,}", "/", parts.path)
    path = _INDEX.sub("/", path) if not parts.query else path
    path = quote(unquote(path), safe="/:@!$&'()*+,;=~-._") if "%" in path else path
    path = path.rstrip("/") or "/"
    return host, path + (f"?{parts.query}" if parts.query else "")


def url_key(url: str) -> str:
    """A URL for comparison across sites: no scheme, no www., no noise; "" where it is none."""
    found = _canonical(url)
    return found[0] + found[1] if found else ""


def site_of(url: str) -> str:
    """The host of a URL without www. (with its port where unusual); "" where it has none."""
    found = _canonical(url)
    return found[0] if found else ""


def leaves(url: str, site: str) -> bool:
    """True for the address of another site's own page: no map and no social medium."""
    other = site_of(url)
    return bool(other) and other != site and not _SOCIAL.search(other)


def page_key(url: str, source: Source) -> str:
    """The key of a page within its source.

    Site-relative ("/angebote/x?id=12") on a host that the declaration starts from, so that a move
    to www or https changes no id; host and path elsewhere; "" where `url` is no http(s) URL.
    """
    return key_at(url, tuple(source.start))


@lru_cache(maxsize=8192)
def key_at(url: str, starts: tuple[str, ...]) -> str:
    """The key of a page within the source that starts there, as `page_key` has it."""
    found = _canonical(url)
    if not found:
        return ""
    host, path = found
    return path if host in _sites(starts) else host + path


@lru_cache(maxsize=256)
def _sites(starts: tuple[str, ...]) -> frozenset[str]:
    return frozenset(map(site_of, starts))


@lru_cache(maxsize=4096)  # the headings of a page and its <title> are compared several times
def slug(text: str) -> str:
    """A heading as a URL fragment: folded to a-z, 0-9 and hyphens, at most 80 characters."""
    plain = text.casefold()
    if not plain.isascii():
        folded = unicodedata.normalize("NFKD", plain.translate(_FOLDS))
        plain = folded.encode("ascii", "ignore").decode("ascii")
    return _NOT_SLUG.sub("-", plain).strip("-")[:80].strip("-")


def absolute(base: str, href: str) -> str:
    """A link made absolute; "" where it cannot be followed by a browser over http(s)."""
    href = href.strip()
    if href.startswith(("/", "http://", "https://")):  # then only the base's host counts
        base = root_of(base)
    return _joined(base, href)


def root_of(url: str) -> str:
    """Scheme and host of a URL; what has none stays as it is."""
    host = _HOST.match(url)
    return host[0] if host else url


@lru_cache(maxsize=8192)  # the menu of a site comes again on every page
def _joined(base: str, href: str) -> str:
    try:
        joined = urljoin(base, href)
    except ValueError:
        return ""
    return joined if joined.lower().startswith(("http://", "https://")) else ""
