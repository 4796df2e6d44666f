"""Whether a place can be used in a wheelchair."""

from __future__ import annotations

import re

from aggregator.normalise.context import Context
from aggregator.normalise.cues import listen
from aggregator.normalise.negation import negated
from aggregator.normalise.statement import Reading, Statement
from aggregator.normalise.wording import RecordText
from crawlers.record import Role

READER = "wheelchair@2"

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
)

_YES = re.compile(
    r"\b(?:barrierefreiheit:? (?:ja|gegeben|vorhanden)|(?:mit|fuer|per) (?:dem |den )?rolli\w* "
    r"(?:\w+ ){0,2}?(?:zugaenglich|erreichbar|geeignet|befahrbar|nutzbar)"
    r"|ebenerdige[rnms]? (?:zugang|eingang|raeume)"
    r"|ebenerdig (?:\w+ )?(?:zugaenglich|erreichbar|gelegen)|^\W*ebenerdig\W*$|^\W*stufen(?:los"
    r"|frei)\W*$|(?<=[(,] )ebenerdig(?=[,)])|(?<=\()ebenerdig(?=[,)])"
    r"|barrierefreiheit: (?:zugang |eingang )?(?:mit |ueber |per )?(?:\w+ )?(?:rampe|aufzug"
    r"|fahrstuhl|lift)"
    r"|stufen(?:lose|freie)[rnms]? (?:zugang|eingang)|(?:zugang|eingang)\w* (?:ist "
    r"|sind )?(?:stufenlos|stufenfrei|ebenerdig)"
    r"|rolligerecht(?:e[rnsm]?)?|zugang (?:fuer|mit) (?:den |dem )?rollst(?:uhl"
    r"|uehle)\w* (?:ist )?moeglich"
    r"|rampe (?:fuer (?:den |die )?rollst(?:uhl|uehle)\w* )?(?:ist )?vorhanden"
    r"|barrierefrei(?:e[rnsm]?)?|rollstuhl(?:gerecht|geeignet|gaengig|freundlich|zugaenglich"
    r"|befahrbar|tauglich)(?:e[rnsm]?)?"
    r"|(?:mit|fuer|per) (?:dem |den |einem )?rollst(?:uhl|uehle)(?: (?:und"
    r"|oder) kinderwagen)?(?:fahrer\w*"
    r"|nutzer\w*)? (?:\w+ )?(?:zugaenglich|erreichbar|geeignet|befahrbar|nutzbar)"
    r"|(?:mit|fuer|per) (?:dem |den |einem )?rollst(?:uhl|uehle)\w* (?:\w+ )?zu (?:erreichen"
    r"|befahren"
    r"|benutzen|nutzen)"
    r"|aufzug (?:und|,|sowie) (?:\w+ )?(?:behinderten|rollstuhl)-?\w*"
    r"|rollstuhlfahrer\w* (?:\w+ )?(?:zugaenglich|erreichbar|willkommen)"
    r"|behindertengerecht(?:e[rnsm]?)?|stufen(?:los|frei) (?:\w+ )?(?:erreichbar|zugaenglich))\b"
)
_NO = re.compile(
    r"\b(?:barrierefreiheit:? (?:nein|leider nicht|nicht|keine)"
    r"|(?:rollstuhl|rolli)\w* (?:ist )?(?:leider )?nicht (?:\w+ )?(?:moeglich|zugaenglich"
    r"|erreichbar|geeignet)"
    r"|(?:og|stock|etage|obergeschoss)[^.]{0,20} (?:ohne|keine?n?) (?:aufzug|fahrstuhl|lift)"
    r"|(?:hat|haben|fuehrt|fuehren|gibt es|ueber) (?:leider )?(?:nur )?(?:eine|zwei|drei|vier|fuenf"
    r"|sechs|mehrere|einige|\d{1,2}) stufen?"
    r"|keine rampe|nur ueber (?:eine |die )?(?:\w+ )?treppen?|nur ueber (?:\w+ )?stufen"
    r"|(?:fuer|mit) (?:den |dem |die )?rollst(?:uhl|uehle)\w* (?:ist "
    r"|sind )?(?:leider )?nicht (?:\w+ )?(?:geeignet|zugaenglich"
    r"|erreichbar|moeglich)"
    r"|(?:zugang|eingang)\w* (?:ist |sind )?(?:leider )?nicht (?:stufenlos|stufenfrei|ebenerdig"
    r"|barrierefrei)"
    r"|keinen? (?:barrierefreie\w*|rollstuhlgerechte\w*) zugang)\b"
)
# Half a yes is no yes; and the words are often said of the website, not of the house.
_UNSURE = re.compile(
    r"\b(?:teil\w*|bedingt|eingeschraenkt|weitgehend|groesstenteils|ueberwiegend|fast|nahezu"
    r"|annaehernd|barrierearm\w*|erklaerung|website|webseite|internet\w*|auf anfrage)\b"
    r"|(?:barrierefrei|rollstuhlgerecht|behindertengerecht)\w* (?:wc|toilette)"
    r"|\b(?:wc|toilette)\w*:? (?:\w+ )?(?:barrierefrei|rollstuhl|behindertengerecht)"
    r"|barrierefreie[rns]? (?:version|kommunikation|information\w*|pdf|dokument\w*|online\w*"
    r"|wohnung\w*|wohnraum)|\?$"
)


def read_wheelchair(offer: RecordText, context: Context) -> Reading:  # noqa: ARG001
    """State "wheelchair" True or False; "teilweise barrierefrei" and a website say nothing."""
    reading = Reading()
    for sentence in offer.sentences(_CUES, _ROLES):
        text = sentence.folded
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
