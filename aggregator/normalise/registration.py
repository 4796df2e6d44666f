"""Whether one has to register before coming."""

from __future__ import annotations

import re

from aggregator.normalise.context import Context
from aggregator.normalise.negation import negated
from aggregator.normalise.statement import Reading, Statement
from aggregator.normalise.wording import RecordText
from crawlers.record import Role

READER = "registration@1"

_ROLES = frozenset({Role.TITLE, Role.TEXT, Role.HOURS, Role.COST, Role.AUDIENCE, Role.IMAGE_TEXT})
_CUES = ("meld", "vorbei", "termin", "spontan")

_WORD = re.compile(
    r"\b(?:vor)?anmeld\w*|\banzumelden\b|\bmelde\w* (?:[\w.@:]+,? ){1,10}?an\b(?! die| den)"
)
# Registrations of another kind: for a nursery place, with a newsletter, with the town hall.
_OTHER = re.compile(
    r"newsletter|konto\b|portal|kita|kindergarten|schul(?:e|anmeldung)|hort\b|wohnung|polizeilich"
    r"|wohnsitz|einwohnermeld|arbeitslos|arbeitsuchend"
    r"|benutzer|passwort|unterlagen|\bhilfe bei (?:der )?anmeld"
    r"|\bhelfen (?:\w+ ){0,3}?bei der anmeld|insolvenz|gewerbe"
)
_NONE = re.compile(
    r"\bbrauch\w+ (?:\w+ ){0,3}?keine?n? (?:\w+ )?(?:termin|anmeldung|voranmeldung)\b|"
    r"\b(?:einfach|gerne?|spontan|jederzeit) (?:\w+ ){0,2}?vorbei|\bspontan (?:und ohne|kommen"
    r"|vorbei)"
    r"|\bohne (?:\w+ ){0,3}?(?:termin|terminvereinbarung|terminabsprache|voranmeldung)\b"
    r"|\bkeine? (?:\w+ ){0,2}?(?:termin|terminvereinbarung"
    r"|terminabsprache)\w* (?:\w+ ){0,2}?(?:noetig|notwendig|erforderlich)"
    r"|\btermin(?:vereinbarung|absprache)? (?:ist |sind )?(?:nicht|un)[ ]?(?:noetig|notwendig"
    r"|erforderlich)"
)


def read_registration(offer: RecordText, context: Context) -> Reading:  # noqa: ARG001
    """State "registration" as "required" or "none".

    An appointment is no registration: "nach Vereinbarung" is a qualifier of the hours.
    """
    reading = Reading()
    for sentence in offer.sentences(_CUES, _ROLES):
        value = _judge(sentence.folded)
        if value is not None:
            reading.statements.append(
                Statement("registration", value, sentence.quote, sentence.locator, READER)
            )
            break
    return reading


def _judge(text: str) -> str | None:
    for match in _WORD.finditer(text):
        if _OTHER.search(text):
            break
        return "none" if negated(text, match.start(), match.end()) else "required"
    return "none" if _NONE.search(text) else None
