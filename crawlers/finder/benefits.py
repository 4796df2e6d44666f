"""Benefits of the state: what a page explains of them helps nobody on until it says where to go."""

from __future__ import annotations

import re
from functools import lru_cache

_BENEFIT = (
    r"(?:kinder|eltern|wohn|bürger|mutterschafts|kinderkranken|landeserziehungs|arbeitslosen"
    r"|familien|betreuungs|pflege)geld(?:[ -]?plus)?|kinderzuschlag|kiz|unterhaltsvorschuss"
    r"|(?:kinder|steuer)?freib(?:etrag|eträge)|kinderkrankentage|mehrbedarf|elternzeit"
    r"|mutterschutz|steuerklasse(?: (?:ii|2|zwei))?|(?:steuerlicher )?entlastungsbetrag"
    r"|wohnberechtigungsschein|wbs|bafög|berufsausbildungsbeihilfe|bildungspaket"
    r"|(?:leistungen (?:für|zur) )?bildung (?:und|&) teilhabe|but|grundsicherung|sozialhilfe"
    r"|(?:halb|voll)?waisenrente|sozialgeld|erstausstattung|lastenzuschuss"
)
_NAMED = re.compile(
    rf"(?:{_BENEFIT})(?:(?:,| und| oder| &|/| /) ?(?:{_BENEFIT})){{0,4}}"
    r"(?: beantragen)?"
    r"(?: (?:für|bei|zur?|nach|in) [\w-]{3,30}(?: (?:und|nach) [\w-]{3,30})?)?"
    r"(?: \([\w ]{1,20}\))?",
    re.IGNORECASE,
)


@lru_cache(maxsize=4096)
def names_benefit(title: str) -> bool:
    """True for a heading that is the name of a benefit, or of several: "Kindergeld, Elterngeld"."""
    return _NAMED.fullmatch(title.strip(" .:!?")) is not None
