"""What a parish does for its own members: worship, instruction, church music. No help for families.

A service that is made for families or for some of them is an offer like others.
"""

from __future__ import annotations

import re
from functools import lru_cache

_FEAST = (
    r"(?:abendmahls|advents|christ|erntedank|fest|haupt|karfreitags|oster|pfingst|predigt|reformations"
    r"|silvester|sonntags|tauf|weihnachts|wochen(?:schluss)?)"
)
_RITE = re.compile(
    rf"(?:(?:ev\.|evangelischer|kath\.|katholischer|ökumenischer) )?{_FEAST}?-?gottesdienste?"
    r"(?: (?:mit|zum|zur|am|an|im|in|und|um)\b(?!.*(?:kind|famili|krabbel)).*)?"
    r"|(?:heilige|hl\.) messe.*|eucharistie\w*.*|rosenkranz\w*.*|beichtgelegenheit.*|vesper"
    r"|(?:abend|morgen|oster|advents|passions|friedens)?andacht(?:en)?"
    r"|konfis?|konfi(?:rmation|rmanden)?-?(?:unterricht|stunde|gruppe|zeit|treff|arbeit)?"
    r"|(?:erst)?kommunion(?:unterricht|vorbereitung|kurs)?|firm(?:ung|unterricht|vorbereitung|kurs)"
    r"|(?:christ)?vesper(?: mit\b.*)?|christmette(?: .*)?|tauf(?:e|en|termine?|sonntage?)"
    r"|(?:(?:probe|singen) (?:der|des) )?"
    r"(?:kantorei|(?:kirchen|posaunen|gospel-?kirchen|kantorei)(?:chor(?:e?s)?|probe))"
    r"|bibel(?:kreis|stunde|abend)|gebetskreis"
    r"|hauskreise?|(?:sitzung (?:des|der) )?(?:kirchenvorstand|kirchengemeinderat|presbyterium"
    r"|pfarrgemeinderat|gemeindekirchenrat)(?:e?s|ssitzung|sitzung)?",
    re.IGNORECASE,
)


@lru_cache(maxsize=4096)
def names_rite(title: str) -> bool:
    """True for the name of worship, instruction, music or a sitting of a parish."""
    return len(title) <= 90 and _RITE.fullmatch(title.strip(" .:!")) is not None
