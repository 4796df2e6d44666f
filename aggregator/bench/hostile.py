"""Questions that nobody means well with: the same ones each time."""

from __future__ import annotations

import random
from collections.abc import Iterator

KNOWN = (
    "'; DROP TABLE offer; --", "1 OR 1=1", "\" UNION SELECT * FROM source --", "${jndi:ldap://x}",
    "{{7*7}}", "../../../etc/passwd", "<script>alert(1)</script>", "\x00", "\x00\x01\x1f\x7f",
    "\u202e\u2066\u2069\u200f", "\ufeff\u200b\u00ad", "\ud7ff\ue000\uffff", "😀" * 120,
    "👩‍👩‍👧‍👦" * 40,
    "e" + "\u0301" * 400, "(" * 500, ")" * 500, '"' * 499, "-" * 500, "*" * 500, "?" * 500,
    "(a+)+$" * 60, "a" * 500, "ä" * 500, "ß" * 500, "aaaa " * 100, "-a " * 160, '"a b" ' * 80,
    "AND OR NOT", "title:[a TO b]", "a~2 b^9 +c -d", "field:*", "/(a|a)*b/", "^" * 300,
    "Donaudampfschifffahrtsgesellschaftskapitänsmütze" * 10, "İıŞşĞğ" * 80, "ﬀﬁﬂ" * 100,
    "𝕬𝖑𝖑𝖊𝖎𝖓" * 60, "ꙮ" * 200, "เด็ก" * 100, "مساعدة للأمهات", "עזרה", "帮助单亲父母" * 40,
    "NaN", "Infinity", "null", "true", "%00%0a%0d", "%s%s%n", "\r\nSet-Cookie: a=b", "\t\n\v\f",
    "kinder" * 83, "und " * 125, "der die das", " " * 500, "0" * 500, "+49" * 160, "99999999999",
)  # fmt: skip
"""Attacks by name: SQL, templates, paths, markup, control marks, directions, emoji, regex bombs."""

LONG = tuple((text * 100_000)[:100_000] for text in ("a", "ä ", "(a+)+$ ", "\u202e\x00", "😀"))
"""A hundred kilobytes and more: to be refused before anything looks at them."""

_RANGES = ((0, 0x7F), (0, 0x2FF), (0x300, 0x36F), (0x590, 0x6FF), (0x1F300, 0x1FAFF), (0, 0x10FFFF))


def strings(count: int, seed: int = 3) -> Iterator[str]:
    """The known ones, then random ones of up to 500 characters from all of Unicode."""
    yield from KNOWN[:count]
    chance = random.Random(seed)  # noqa: S311 - made data
    for _ in range(max(0, count - len(KNOWN))):
        low, high = chance.choice(_RANGES)
        length = int(500 * chance.random() ** 2)
        yield "".join(_character(chance, low, high) for _ in range(length))


def _character(chance: random.Random, low: int, high: int) -> str:
    point = chance.randint(low, high)
    return " " if 0xD800 <= point < 0xE000 else chr(point)  # halves cannot be sent
