"""Mail links that a script of the page would decode: TYPO3, Cloudflare."""

from __future__ import annotations

import re
from collections.abc import Iterator
from urllib.parse import unquote

# TYPO3 turns characters within three ranges (ContentObjectRenderer::encryptEmail): + to :, @ to Z,
# a to z. What lies outside stays.
_RANGES = ((0x2B, 0x3A), (0x40, 0x5A), (0x61, 0x7A))
_OFFSETS = tuple(sorted(range(-26, 27), key=abs))
_CRYPT = re.compile(
    r"UnCryptMailto\(\s*(?:['\"]|%27|%22|&#39;|&quot;)(.{3,600}?)(?:['\"]|%27|%22|"
    r"&#39;|&quot;)",
    re.IGNORECASE,
)
_TOKEN = re.compile(r"data-mailto-token:(.{3,600}):(-?\d{1,3})$", re.DOTALL)
_CFEMAIL = re.compile(
    r"(?:data-cfemail:|/cdn-cgi/l/email-protection#)([0-9a-f]{6,600})$", re.IGNORECASE
)
_ADDRESS = re.compile(r"^(?:mailto:)?[^@\s]+@[^@\s]+\.[^@\s]+$", re.IGNORECASE)


def decipher(text: str) -> str:
    """The address a mail link's script would show; the text itself where it hides none."""
    text = text.strip()
    if "#" not in text and "(" not in text and "data-" not in text:
        return text
    if match := _CFEMAIL.search(text):
        return _cloudflare(match[1]) or text
    match = _TOKEN.match(text) or _CRYPT.search(text)
    if match is None:
        return text
    token = match[1]
    for form in dict.fromkeys((unquote(token), token)):
        for plain in _turned(form):
            if plain.startswith("mailto:") and _ADDRESS.match(plain.partition("?")[0]):
                return plain
    return ""


def _turned(token: str) -> Iterator[str]:
    for offset in _OFFSETS:
        yield "".join(_turn(ord(c), offset) for c in token)


def _turn(code: int, offset: int) -> str:
    for first, last in _RANGES:
        if first <= code <= last:
            return chr(first + (code - first + offset) % (last - first + 1))
    return chr(code)


def _cloudflare(digits: str) -> str:
    """Cloudflare's form: the first byte is the key, each further byte is XORed with it."""
    try:
        key, *rest = bytes.fromhex(digits)
        return bytes(b ^ key for b in rest).decode("utf-8")
    except ValueError:
        return ""
