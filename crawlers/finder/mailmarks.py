"""Mail addresses hidden in markup: what can be read only while the DOM is at hand."""

from __future__ import annotations

import base64
import binascii
import re
from html import unescape
from urllib.parse import unquote

_CLOAK = re.compile(
    r"""\b(addy\w{0,40})\s*=\s*((?:\s?\+?\s?(?:'[^']{0,120}'|"[^"]{0,120}"|addy\w{0,40})){1,30})"""
)
_PIECE = re.compile(r"""'([^']{0,120})'|"([^"]{0,120})"|\b(addy\w{0,40})\b""")
_CFEMAIL = re.compile(r"/cdn-cgi/l/email-protection#([0-9a-f]{6,300})", re.IGNORECASE)
_MARKS = frozenset({"data-mailto-token", "data-cfemail", "data-user", "first"})
CARRIERS = (
    "a[href^='mailto:'], joomla-hidden-mail, [data-mailto-token], [data-cfemail],"
    " a[href*='/cdn-cgi/l/email'], a[href*='linkTo_UnCryptMailto']"
)
"""CSS for the elements that carry a mail in their attributes."""
_HREFS = (":", "/cdn-cgi/", "linkTo_")
"""What stands in an element that may carry a mail."""
_AT_SIGNS = frozenset({"@", "(at)", "[at]", "{at}", "at-zeichen", "@-zeichen", "klammeraffe"})
_ADDRESS = re.compile(r"[^\s@<>\"']{1,64}@[^\s@<>\"']{3,190}")


def from_attributes(tag: str, attributes: dict[str, str | None]) -> str:  # noqa: PLR0911 - one a form
    """The mail that an element's attributes carry; "" where they carry none.

    TYPO3 and Cloudflare forms are passed on undecoded ("data-mailto-token:<token>:<vector>",
    "data-cfemail:<hex>", "javascript:linkTo_UnCryptMailto(…)"): the normaliser decodes them.
    """
    href = attributes.get("href") or ""
    if not (_MARKS.intersection(attributes) or any(mark in href for mark in _HREFS)):
        return ""
    if token := attributes.get("data-mailto-token"):
        return f"data-mailto-token:{token}:{attributes.get('data-mailto-vector') or ''}"
    if code := attributes.get("data-cfemail"):
        return f"data-cfemail:{code}"
    if match := _CFEMAIL.search(href):
        return f"data-cfemail:{match[1]}"
    if "linkTo_UnCryptMailto" in href:
        return unquote(href)
    if tag == "joomla-hidden-mail":
        first, last = (_base64(attributes.get(name)) for name in ("first", "last"))
        return f"{first}@{last}" if first and last else ""
    scheme, _, target = href.partition(":")
    if scheme.strip().lower() == "mailto":
        return unquote(target.partition("?")[0]).strip()
    user, domain = (attributes.get(f"data-{name}") or "" for name in ("user", "domain"))
    if user and "." in domain:
        return f"{user}@{domain}"
    return ""


def is_at_sign(picture: dict[str, str | None]) -> bool:
    """True for the picture of an at sign that stands in an address instead of the sign."""
    return (picture.get("alt") or "").strip().lower() in _AT_SIGNS


def from_script(code: str) -> str:
    """The address that Joomla's cloaking script puts together; "" for any other script."""
    if "addy" not in code:
        return ""
    values: dict[str, str] = {}
    for name, expression in _CLOAK.findall(code[:8000]):
        value = "".join(
            unescape(single or double) if not other else values.get(other, "")
            for single, double, other in _PIECE.findall(expression)
        )
        values[name] = value
    for name, value in values.items():
        if name.startswith("addy") and _ADDRESS.fullmatch(value):
            return value
    return ""


def _base64(value: str | None) -> str:
    try:
        return base64.b64decode(value or "", validate=True).decode("utf-8")
    except (binascii.Error, UnicodeDecodeError, ValueError):
        return ""
