"""Whether a place can be used in a wheelchair."""

from __future__ import annotations

import re

from aggregator.normalise.context import Context
from aggregator.normalise.cues import listen
from aggregator.normalise.negation import negated
from aggregator.normalise.statement import Reading, Statement
from aggregator.normalise.wording import RecordText
from crawlers.record import Role

READER = "wheelchair@5"

_ROLES = frozenset({Role.TITLE, Role.TEXT, Role.VENUE, Role.ADDRESS, Role.COST, Role.AUDIENCE})
_CUES = listen(
    "rolli",
    "ebenerdig",
    "barrierefrei",
    "barrierearm",
    "rollstuhl",
    "behindertengerecht",
    "rampe",
    "aufzug",
    "fahrstuhl",
    "stufenlos",
    "stufenfrei",
    "rollstuehl",
    "treppe",
    "stufe",
    "schwelle",
)

_USER = (
    r"(?:(?:den |dem |einem |die )?(?:rollst(?:uhl|uehle)|rolli)\w*(?: (?:und|oder) kinderwagen)?"
    r"(?: ?fahr\w+| ?nutz\w+)?|(?:menschen|personen|besucher\w*|gaeste) (?:im|mit) rollstuhl)"
)
_PRAM = r"(?:kinderwagen (?:und|oder) )?"
_USABLE = r"(?:zugaenglich|erreichbar|geeignet|befahrbar|nutzbar|passierbar)"
_DOOR = r"(?:zugang|eingang|zugaenge|eingaenge|raeume|haus|zutritt)"
_YES = re.compile(
    r"\b(?:barrierefreiheit:? (?:ist )?(?:voll\w* )?(?:ja|gegeben|vorhanden)"
    r"|barrierefreiheit: (?:zugang |eingang )?(?:mit |ueber |per )?(?:\w+ )?(?:rampe|aufzug"
    r"|fahrstuhl|lift)"
    rf"|(?:mit|fuer|per) {_PRAM}{_USER} (?:\w+ ){{0,2}}?{_USABLE}"
    rf"|(?:mit|fuer|per) {_PRAM}{_USER} (?:\w+ )?zu (?:erreichen|befahren|benutzen|nutzen)"
    rf"|{_DOOR} (?:fuer|mit) (?:kinderwagen (?:und|oder) )?{_USER} ?(?:ist "
    rf"|:)? ?(?:\w+ )?(?:moeglich"
    r"|ja|vorhanden)"
    rf"|ebenerdige[rnms]? {_DOOR}|{_DOOR}\w* (?:(?:zum|zur|ins|in das) \w+ )?(?:ist |sind |liegen "
    rf"|liegt )?(?:alle )?(?:stufenlos"
    r"|stufenfrei|schwellenlos|ebenerdig)"
    r"|ebenerdig (?:\w+ )?(?:zugaenglich|erreichbar|gelegen)"
    r"|^\W*(?:ebenerdig|stufenlos|stufenfrei)(?=\W*$)|(?<=[(,] )(?:ebenerdig|stufenlos"
    r"|stufenfrei)(?=\W*$|[,)])|(?:^|(?<=\())(?:ebenerdig|stufenlos)(?=[,)])"
    r"|(?:stufen|schwellen)(?:lose|freie)[rnms]? (?:zugang|eingang)"
    rf"|{_DOOR} (?:\w+ ){{0,2}}?(?:ohne|(?:hat|haben) keine) (?:stufen?|schwellen?|treppen?)"
    r"|(?:zugang|eingang|zufahrt|erreichbar) (?:\w+ )?(?:ueber|mit|per) (?:eine "
    r"|die )?(?:\w+ )?rampe"
    r"|rampe (?:am|zum|vor dem) (?:\w*eingang|haus)"
    rf"|rampe (?:fuer {_USER} )?(?:ist )?vorhanden"
    r"|rolli-?gerecht(?:e[rnsm]?)?"
    r"|barrierefrei(?:e[rnsm]?)?|rollstuhl-?(?:gerecht|geeignet|gaengig|freundlich|zugaenglich"
    r"|befahrbar|tauglich)(?:e[rnsm]?)?"
    r"|aufzug (?:und|,|sowie) (?:\w+ )?(?:behinderten|rollstuhl)-?\w*"
    rf"|{_USER} (?:\w+ )?(?:zugaenglich|erreichbar|willkommen)"
    r"|behindertengerecht(?:e[rnsm]?)?|stufen(?:los|frei) (?:\w+ )?(?:erreichbar|zugaenglich))"
    r"(?!\w)"
)
_LIFT = r"(?:aufzug|fahrstuhl|lift)"
_NO = re.compile(
    r"\b(?:barrierefreiheit:? (?:nein|leider nicht|nicht|keine)"
    rf"|barrierefreie[rnms]? (?:\w+ )?{_DOOR}: (?:nein|leider nicht|nicht)"
    r"|(?:rollstuhl|rolli)\w* (?:ist )?(?:leider )?nicht (?:\w+ )?(?:moeglich|zugaenglich"
    r"|erreichbar|geeignet)"
    rf"|(?:og|stock|etage|obergeschoss|treppen?|stufen?)\b[^.]{{0,20}}\b(?:ohne|keine?n?) {_LIFT}"
    rf"|(?:ohne|keine?n?) {_LIFT}\b[^.]{{0,30}}\b(?:\d\. ?(?:og|stock|etage|obergeschoss)|og"
    rf"|stock|etage|obergeschoss|treppen?"
    rf"|stufen)"
    r"|(?:hat|haben|fuehrt|fuehren|gibt es|ueber) (?:leider )?(?:nur )?(?:eine|zwei|drei|vier|fuenf"
    r"|sechs|mehrere|einige|\d{1,2}) stufen?"
    r"|keine rampe|nur ueber (?:eine |die )?(?:\w+ )?treppen?|nur ueber (?:\w+ )?stufen"
    r"|fuehr(?:en|t) (?:leider )?(?:nur )?(?:stufen|treppen|eine treppe)"
    rf"|(?:fuer|mit) {_USER} (?:ist |sind )?(?:es |sie |das haus )?(?:leider )?nicht (?:\w+ )?"
    rf"(?:geeignet|zugaenglich"
    r"|erreichbar|moeglich)"
    rf"|nicht (?:fuer|mit) (?:kinderwagen (?:und|oder|,) )?{_USER} (?:geeignet|zugaenglich"
    rf"|erreichbar"
    r"|nutzbar)"
    r"|(?:zugang|eingang)\w* (?:ist |sind )?(?:leider )?nicht (?:stufenlos|stufenfrei|ebenerdig"
    r"|barrierefrei)"
    r"|keinen? (?:barrierefreie\w*|rollstuhlgerechte\w*) zugang)\b"
)
# Half a yes is no yes; and the words are often said of the website, not of the house.
_UNSURE = re.compile(
    r"\b(?:teil\w*|bedingt|eingeschraenkt|weitgehend|groesstenteils|ueberwiegend|fast|nahezu"
    r"|annaehernd|barrierearm\w*|erklaerung|website|webseite|internet\w*|auf anfrage)\b"
    r"|barrierefreie[rns]? (?:version|kommunikation|information\w*|pdf|dokument\w*|online\w*"
    r"|wohnung\w*|wohnraum|texte?n?|sprache|broschuere\w*)|\bumbau\w*|\bumgebaut\b|\?$"
)
# A toilet tells nothing of the way to it.
_TOILET = re.compile(
    r"(?:barrierefrei|rollstuhlgerecht|behindertengerecht)\w* (?:wc|toilette\w*)"
    r"|\b(?:wc|toilette\w*):? (?:\w+ )?(?:barrierefrei|rollstuhl|behindertengerecht)\w*"
)


def read_wheelchair(offer: RecordText, context: Context) -> Reading:  # noqa: ARG001
    """State "wheelchair" True or False; "teilweise barrierefrei" and a website say nothing."""
    reading = Reading()
    for sentence in offer.sentences(_CUES, _ROLES):
        text = _TOILET.sub(" ", sentence.folded)
        if _UNSURE.search(text):
            continue
        found = _YES.search(text)
        if _NO.search(text):
            value = False
        elif found:
            value = not negated(text, found.start(), found.end())
        else:
            continue
        reading.statements.append(
            Statement("wheelchair", value, sentence.quote, sentence.locator, READER)
        )
        break
    return reading
