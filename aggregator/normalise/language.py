"""In which languages an offer is given."""

from __future__ import annotations

import re
from collections.abc import Sequence

from aggregator.normalise.context import Context
from aggregator.normalise.cues import listen
from aggregator.normalise.negation import negated
from aggregator.normalise.statement import Reading, Statement
from aggregator.normalise.wording import RecordText, remembered
from aggregator.vocabulary.facets import LANGUAGE_NAMES
from aggregator.vocabulary.folding import words
from crawlers.record import Role, of_roles

READER = "language@5"

_ROLES = frozenset({Role.TITLE, Role.TEXT, Role.LANGUAGE, Role.TOPIC, Role.AUDIENCE})
_CUES = listen("isch", *(name for name in LANGUAGE_NAMES if "isch" not in name))
_CODES = frozenset(LANGUAGE_NAMES.values())

_NAMES = "|".join(sorted(LANGUAGE_NAMES, key=len, reverse=True))
# "Türkisch", "auf türkisch", "türkischsprachig", "in türkischer Sprache"; not "türkische Frauen".
_NAME = re.compile(
    rf"\b({_NAMES})(?:(?:-?sprachig\w*|sprechend\w*)|e[rn]? sprache"
    # "in rumänischer, bulgarischer und türkischer Sprache"
    rf"|er(?=(?:(?:,| und| oder| sowie| bzw\.?) (?:{_NAMES})er)+ sprache))?\b(?!-?(?:kurs|unter"
    rf"|kennt"
    r"|lern|nivea|foerd))"
)
_SPOKEN = re.compile(
    r"\b(?:(?:beratungs|gruppen|kurs|gespraechs|umgangs)?sprachen?|sprechen|spricht|gesprochen|speak|sprechende\w*"
    r"|mehrsprachig\w*|muttersprach\w*|auf|in|zweisprachig\w*"
    r"|dolmetsch\w*|uebersetz\w*|sprachmittl\w*)\b|\w+sprachig|languages?|spoken"
)
# German as something to be learned is the subject of a course, not its language.
_LEARNED = re.compile(
    r"lern\w*(?: \w+){0,2} (?:deutsch|die deutsche sprache)|deutsche sprache lern"
    r"|\bdeutsch \(?[abc][12]\b|deutsch-?(?:kurs|unterricht|lern|kenntnis|foerder|nivea)"
    r"|deutsch (?:lernen|ueben|verbessern"
    r"|als|sprechen ueben)|sprach(?:kurs|foerder|niveau|unterricht|cafe|tandem|schule)|lernen sie"
    r"|kenntnisse|hausaufgaben|nachhilfe|sprachmittl\w* fuer"
)
_TAG = re.compile(r"([A-Za-z]{2})(?:[-_][A-Za-z]{2,4})?")  # BCP 47: language and region
_COMPOUND = re.compile(r"sprachig|sprechend|r sprache")
_BARE = re.compile(
    rf"^\W*(?:auch |und )?(?:{_NAMES})"
    rf"(?:(?:,| u\.| und| &| /|/| oder| sowie|;| ·|-)? ?(?:{_NAMES}))*\W*$"
)


def read_languages(offer: RecordText, context: Context) -> Reading:  # noqa: ARG001
    """State "languages" as ISO 639-1 codes in the order of the page.

    "mehrsprachig" names no language, a German course teaches one, plain language is none.
    """
    reading = Reading()
    seen: set[str] = set()
    for passage in of_roles(offer.passages, Role.LANGUAGE):
        tag = _TAG.fullmatch(passage.text.strip())
        code = tag[1].lower() if tag else ""
        if code in _CODES and code not in seen:
            seen.add(code)
            reading.statements.append(
                Statement("languages", code, passage.text, passage.locator, READER)
            )
    for sentence in offer.sentences(_CUES, _ROLES):
        for code in _judge(sentence.folded, sentence.role):
            if code not in seen:
                seen.add(code)
                reading.statements.append(
                    Statement("languages", code, sentence.quote, sentence.locator, READER)
                )
    return reading


@remembered
def _judge(text: str, role: Role) -> Sequence[str]:
    if LANGUAGE_NAMES.keys().isdisjoint(words(text)) and not _COMPOUND.search(text):
        return []
    if role is not Role.LANGUAGE and (
        _LEARNED.search(text) or not (_SPOKEN.search(text) or _BARE.match(text))
    ):
        return []
    return [
        LANGUAGE_NAMES[match[1]]
        for match in _NAME.finditer(text)
        if not negated(text, match.start(), match.end())
    ]
