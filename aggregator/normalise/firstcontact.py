"""Advice on no one subject, by a body of single parents or for them: where they turn first."""

from __future__ import annotations

import re

from aggregator.normalise.context import Context
from aggregator.normalise.wording import RecordText, fold_passage
from crawlers.record import Passage, Role

# Names of such bodies: VAMV is the Verband alleinerziehender Mütter und Väter, SHIA and AGIA are
# self-help initiatives of single parents, in whatever town.
_BODY = re.compile(
    r"allein-? ?(?:und getrennt-? ?)?erzieh|getrennterzieh|ein-? ?eltern|\bvamv\b|\bshia\b|\bagia\b"
    r"|\bsolo-? ?(?:eltern|muetter|vaeter|mamas)|\bsingle-? ?(?:eltern|mamas)"
)
# A title that says how they advise, and nothing of what about.
_ADVICE = re.compile(
    r"\W*(?:(?:unsere|offene|persoenliche|telefonische|individuelle|kostenlose|vertrauliche"
    r"|allgemeine|mobile) ){0,3}(?:telefon|einzel|online|video|chat|mail|erst)?-?"
    r"(?:beratung(?:en|s(?:gespraeche?|angebote?|stelle|telefon))?|sprechstunden?)"
    r"(?:(?: ?[,/&]| und| oder)?(?: am| per| vor| nach| bei)? (?:telefon\w*|video|e?-?mail|chat|ort"
    r"|online|uns|persoenlich|vereinbarung|begleitung|hilfe|information(?:en)?|unterstuetzung"
    r"|vermittlung)){0,4}(?P<for_them> (?:fuer|von) (?:allein-? ?(?:und getrennt-? ?)?erziehende\w*"
    r"|ein-? ?eltern-? ?famili\w+|solo-? ?(?:eltern|muetter|vaeter))(?: (?:und|oder) [\w-]+)?)?\W*"
)


def general_advice(offer: RecordText, context: Context) -> Passage | None:
    """The title, where it only says that they advise, and it or its body names single parents."""
    title = next((p for p in offer.passages if p.role is Role.TITLE), None)
    said = _ADVICE.fullmatch(fold_passage(title.text)) if title else None
    if said is None or said["for_them"]:
        return title if said else None
    told = [p.text for p in offer.passages if p.role is Role.PROVIDER]
    told = told or [context.site, *(p.text for p in offer.passages if p.role is Role.OWNER)]
    return title if any(_BODY.search(fold_passage(name)) for name in told) else None
