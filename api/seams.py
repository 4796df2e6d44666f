"""Where long German words may break: between the parts of a compound, also without a dictionary.

Few browsers bring German hyphenation along; without it "Schwangerschaftskonfliktberatung" is cut
anywhere on a phone, and without a hyphen.
"""

from __future__ import annotations

import re
from functools import lru_cache

from aggregator.vocabulary.compounds import fold_letters, parts

_SHY = "\u00ad"
_LONG = re.compile(r"[A-Za-zÄÖÜäöüß]{18,60}")


def seams(text: str) -> str:
    """The text with soft hyphens in its long compounds; other words as they are."""
    return _LONG.sub(lambda word: _word(word[0]), text)


@lru_cache(maxsize=4_096)
def _word(word: str) -> str:
    lower = word.lower()
    folded = fold_letters(lower)
    # ß is folded into two letters; a word whose letters cannot be told apart otherwise stays whole.
    origins = [n for n, letter in enumerate(lower) for _ in ("ss" if letter == "ß" else letter)]
    if len(origins) != len(folded):
        return word
    at, cuts = 0, []
    for part in parts(folded):
        at = folded.find(part, at)
        if at < 0:
            return word
        cuts.append(origins[at])
        at += len(part)
    if not cuts or cuts[0] != 0:
        return word
    return _SHY.join(word[a:b] for a, b in zip(cuts, [*cuts[1:], len(word)], strict=True))
