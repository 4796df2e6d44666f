"""For whom something is that is surely not for a parent: for the old, for those of a profession.

Houses for everybody list it between what families look for.
"""

from __future__ import annotations

import re
from functools import lru_cache

from crawlers.finder.stemmed import Stemmed

_OLD = (
    r"senior(?:en|in|innen|\*innen|:innen|_innen)?\b|senioren\w*|seniorinnen\w*"
    r"|\b(?:ü|über[- ]?|ab )?(?:5[05]|6\d|7\d|8\d)(?:\s?\+|\s?plus\b| jahren?\b| aufwärts)"
    r"|\bü[567]\d\b|\b(?:für |unsere |die )+älteren?(?: menschen| semester|n)?\W*$"
    r"|\b(?:alten|senioren)(?:pflege|heim|hilfe)|\bsozialstation|\b(?:ambulante|häusliche) pflege\b"
    r"|^pflege(?: (?:&|und) \w+)?$|\bältere menschen|\brentner\w*|\bim ruhestand\b|\bhochbetagt\w*"
)
_COLLEAGUES = (
    r"(?:fort|weiter)bildung(?:en|sreihe|sangebot\w*)? (?:für|der) (?:[\w*:-]+ (?:und )?){0,3}?"
    r"(?:fachkr|fachpersonal|(?:kinder)?tagespflege(?:person|eltern)|tagesmütter|erzieher|lehrkr"
    r"|lehrer|multiplikator|sozialarbeiter|sozialpädagog|pädagog|hebammen|leitungskr|ehrenamtlich)"
    r"|\bfür (?:pädagogische )?(?:fachkräfte|multiplikator\w*|lehrkräfte|tagespflegepersonen)\b"
    r"|\brichtet sich an (?:\w+ )?(?:fachkräfte|multiplikator\w*|lehrkräfte)"
)
_TITLED = Stemmed(
    "senior|5|6|7|8|ältere|alten|sozialstation|pflege|rentner|ruhestand|betagt|bildung|fachkr|multiplik|lehrkr|tagespflegep",
    f"{_OLD}|{_COLLEAGUES}",
)
_TOLD = Stemmed("bildung|fachkr|multiplik|lehrkr|tagespflegep", _COLLEAGUES)
_FAMILY = re.compile(
    r"famil|eltern|\bmütter|\bväter|\bmutter|\bvater|kinder\b|kindern\b|erziehend|enkel"
    r"|jung und alt|\bjung\b.*\balt\b|generation|schwanger|\b0\b|alle[nr]? alters|groß und klein"
)


@lru_cache(maxsize=4096)
def names_others(title: str) -> bool:
    """True for a title that names the old or those of a profession, and no family."""
    low = title.lower()
    return _TITLED.found(low) and _FAMILY.search(low) is None


def is_for_others(title: str, text: str) -> bool:
    """True for what its title, or its text, says to be for the old or for those of a profession."""
    if names_others(title):
        return _FAMILY.search(text.lower()) is None
    low = text.lower()
    return _TOLD.found(low) and _FAMILY.search(_PARENTS_APART.sub(" ", low)) is None


# Whom those of a profession work with, and what they are called.
_PARENTS_APART = re.compile(
    r"\bkindertages\w+|\bkinder(?:gärten|garten|krippe)\b|\bfamilien(?:zentr|bildung|pfleg)\w+"
)
