"""Benefits and aid: what a page explains of them helps nobody on until it says where to go."""

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
_FUND = re.compile(r"stiftung\b|fonds\b", re.IGNORECASE)
_APPLY = re.compile(r"antr(?:ag|äge)", re.IGNORECASE)
_WITH_US = re.compile(
    r"\b(?:bei|über|durch|mit) uns\b"
    r"|\bwir (?:helfen|stellen|vermitteln|unterstützen|nehmen|leiten)\b",
    re.IGNORECASE,
)


@lru_cache(maxsize=4096)
def names_benefit(title: str) -> bool:
    """True for a heading that is the name of a benefit, or of several: "Kindergeld, Elterngeld"."""
    return _NAMED.fullmatch(title.strip(" .:!?")) is not None


def names_fund(title: str) -> bool:
    """True for a heading that names a fund or a foundation."""
    return _FUND.search(title) is not None


def gives_aid(title: str, text: str) -> bool:
    """True for a heading that names a fund, above a text that says that one applies for it here."""
    if not names_fund(title):
        return False
    return _APPLY.search(f"{title}\n{text}") is not None and _WITH_US.search(text) is not None
