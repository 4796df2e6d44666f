"""Whether one has to register before coming."""

from __future__ import annotations

import re

from aggregator.normalise.context import Context
from aggregator.normalise.cues import Cued, listen
from aggregator.normalise.negation import negated
from aggregator.normalise.statement import Reading, Statement
from aggregator.normalise.wording import RecordText, remembered
from crawlers.record import Role

READER = "registration@8"

_ROLES = frozenset({Role.TITLE, Role.TEXT, Role.HOURS, Role.COST, Role.AUDIENCE, Role.IMAGE_TEXT})
_CUES = listen(
    "meld", "vorbei", "termin", "spontan", "einfach", "schau", "offen", "reserv", "buch",
    "nur nach", "komm", "vorgespr", "anm.", "anmld", "anruf", "telefonat", "angemeldet", "ruf",
    "bescheid", "begrenzt", "jederzeit", "plaetze", "kontaktaufnahme", "wenden", "einstieg",
    "vereinbar", "gespraech", "nachricht", "vorabend", "vortag", "link", "sms", "bewerb",
    "aufnahme", "schreib", "eine mail", "kurze mail", "e-mail genuegt", "liste",
    "zusage", "bestell", "vormerk", "sichern", "sichert",
    "klingel", "registrier", "einstufung", "ruecksprache", "w. g", "w.g", "um antwort", "warenkorb",
)  # fmt: skip

_WORD = Cued(
    # "Anm. d. Red." is a remark.
    r"\b(?:vor|neu)?anmeld\w*|\b(?:vor-?)?anm\.(?! (?:d\.|der|des|zu[mr]?)\b)"
    r"|\bnur fuer angemeldete\b|\banzumelden\b"
    r"|\bmelde\w* (?:[\w.@:]+,? ){1,10}?an\b(?! die| den)"
)
# Registrations of another kind: for a nursery place, with a newsletter, with the town hall.
_OTHER = Cued(
    r"anmeldeverfahren|newsletter|konto\b|portal|kita|kindergarten|(?<!hoch)schul(?:e\b"
    r"|anmeldung)|hort\b|wohnung|polizeilich"
    r"|wohnsitz|einwohnermeld|arbeitslos|arbeitsuchend"
    r"|benutzer|passwort|unterlagen|\bhilfe bei (?:der )?anmeld"
    r"|\bhelfen (?:\w+ ){0,3}?bei der anmeld|insolvenz|gewerbe"
)
# "Bitte vorher in der Kita anmelden": asked of whoever comes, wherever that is done.
_OF_ALL = Cued(r"\bbitte (?:vorher|vorab|rechtzeitig|kurz) (?:[\w-]+ ){0,5}?anmelden\b")
_COME = r"(?:komm(?:en|t)?|mitmachen|mitkommen|dazu\w*|(?:he)?rein\w*|vorbei\w*|hingehen)"
_NONE = Cued(
    r"\banmeldefrei|\bunangemeldet\b|\bkeine terminvergabe\b"
    rf"|\b(?:einfach|spontan|jederzeit) (?:(?:mal|so|direkt|bei uns) )?{_COME}\b(?! wir| die| der)"
    r"|\beinfach (?:an)?(?:klingeln|klopfen)\b|\bkein termin\? kein problem\b"
    r"|\bweder (?:\w+ ){0,4}?termin\b|\bkomm\w* (?:sie )?(?:\w+ )?spontan\b"
    r"|\btermine? (?:brauch|benoetig)\w+ (?:\w+ ){0,2}?(?:nicht|keine?n?)\b"
    rf"|\bwer (?:mag|will|moechte|lust hat|zeit hat),? (?:kommt|schaut|setzt sich|macht)\b"
    rf"|(?:^|[.!?,;:] |\b(?:und|dann|oder) )(?:komm|kommt|kommen sie) einfach\b(?! die| der)"
    rf"|\b(?:kann|koennen|koennt|darf|duerfen) (?:\w+ ){{0,2}}?jederzeit (?:\w+ )?{_COME}\b"
    rf"|\b(?:komm|kommt|kommen sie|schau|schaut|schauen sie) (?:doch |gern |gerne |mal |einfach "
    rf"|jederzeit |spontan ){{1,3}}{_COME}\b|"
    r"\bbrauch\w+ (?:\w+ ){0,3}?keine?n? (?:\w+ )?(?:termin|anmeldung|voranmeldung)\b|"
    r"(?:^|[.!?,] )\W*(?:bitte )?komm(?:en sie|t|)? (?:doch |gerne? |mal |bei uns )*vorbei(?:\W*$"
    r"|[,!.;])|"
    r"^\W*(?:offenes angebot|offener treff)[^.]{0,20}\bkomm\w* (?:\w+ )?vorbei"
    r"|\bvorbei(?:kommen|schauen) und (?:mitmachen|mitreden|kennenlernen|dabei sein|mitspielen)"
    r"|\b(?:einfach|spontan) (?:hin|vorbei|dazu)(?:kommen|gehen|schauen) und\b"
    r"|\bspontane[rs]? (?:(?:vorbei)?kommen|besuche?|gaeste)\b"
    r"|\b(?:einfach|gerne?|spontan|jederzeit) (?:\w+ ){0,2}?vorbei|\bspontan (?:und ohne|kommen"
    r"|vorbei)"
    r"|\bohne (?:\w+ ){0,3}?(?:termin|terminvereinbarung|terminabsprache|voranmeldung)\b"
    r"|\bkeine? (?:\w+ ){0,2}?(?:termin|terminvereinbarung"
    r"|terminabsprache)\w* (?:\w+ ){0,2}?(?:noetig|notwendig|erforderlich)"
    r"|\btermin(?:vereinbarung|absprache)? (?:ist |sind )?(?:dafuer |dazu |hier )?(?:nicht"
    r"|un)[ ]?(?:noetig|notwendig"
    r"|erforderlich)"
)


# An appointment is made, given or got; beside open hours ("und weitere Termine …") none is asked.
_APPOINTED = Cued(
    r"(?<!weitere )(?<!andere )(?<!zusaetzliche )(?<!individuelle )(?<!auch )(?<!und )(?<!oder )"
    r"(?<!sowie )\b(?:beratungs|gespraechs|erst)?termin(?:e|absprache)?\b(?! (?:bei[mn]?|an|mit) )"
    r"[^.!?;]{0,50}?\b(?:vereinbaren|ausmachen|ausmacht|absprechen|vergibt|erhalten|bekommen|buchen"
    r"|(?:vereinbart|gebucht|reserviert|ausgemacht) werden|erbeten|erforderlich)\b(?! (?:wir"
    r"|sie) (?:fuer|mit))"
)
# Where nobody has to, unless something else says so: "Anmeldung, wo nötig, im Büro".
_WHERE_NEEDED = Cued(
    r"\banmeld\w*[^.]{0,20}\b(?:wo|falls|wenn|soweit) (?:noetig|erforderlich|gewuenscht)\b"
)
# Who comes at other times makes an appointment: then open hours demand nothing and open nothing.
_ELSE = Cued(
    r"(?<!offen, )\b(?:sonst|ansonsten|anderen?"
    r"|ausserhalb)\b[^.]{0,40}\b(?:nach (?:\w+ )?(?:termin)?(?:vereinbarung|absprache)"
    r"|mit (?:\w+ )?termin)\b"
)
# Only who is in need need not, or only at some of the hours: who comes cannot tell.
_AT_TIMES = Cued(
    r"\b(?:(?:dringende|eilige|akute)\w* \w+|notf(?:all|aelle)\w*)\b[^.;]{0,20}"
    r"\bohne (?:\w+ )?termin"
    r"|\bohne (?:\w+ )?termin\b[^.]{0,50}\bmit (?:\w+ )?termin\b"
    r"|\bohne (?:\w+ )?(?:vor)?anmeldung\b[^.]{0,50}\b(?:nach|mit) (?:\w+ )?(?:vor)?anmeldung\b"
)
# "sonst: nur nach Anmeldung", on a line of its own below the open hours.
_OTHERWISE = re.compile(
    r"\W*(?:sonst|ansonsten|ausserhalb|zu anderen zeiten)\b[^.]{0,40}\b(?:anmeldung|vereinbarung"
    r"|absprache)\b"
)
# Wished for, not asked.
_OPTIONAL = Cued(
    r"\banmeld\w* (?:ist |waere )?(?:erwuenscht|hilfreich|schoen|moeglich|gern gesehen), "
    r"(?:aber|jedoch) (?:nicht|kein\w*)|\bo\. ?(?:vor-?)?anm(?:\b|eld)"
    r"|\banmeldung: ?ohne\W*$"
    r"|\banmelden (?:muss|muessen|brauch\w*) (?:\w+ ){0,3}?(?:keiner|niemand|nicht)\b"
)
# Said of the hours: whoever comes then is seen.
_OPEN = Cued(
    r"\boffene[nr]? (?:\w+-)?(?:sprechstunden?|sprechzeit(?:en)?|beratungszeit(?:en)?|beratung)\b"
    r"|\boffen, (?:an)?sonst(?:en)? (?:\w+ )?nach\b"
)
_TALK = r"(?:vor|erst|kennenlern|aufnahme|info|informations)-?gespraech"
_FORM = r"(?:bewerbungs|aufnahme|teilnahme)(?:bogen|boegen|formular\w*|antrag|unterlagen)"
_REQUIRED = Cued(
    # "freitags nur nach Vereinbarung" is said of one day.
    r"\b(?<!tags )(?:nur|ausschliesslich) (?:nach|mit|auf|gegen"
    r"|per) (?:\w+\.? ){0,2}?(?:termin\w*|vereinbarung"
    r"|absprache"
    r"|(?:vor)?anmeldung|buchung|reservierung|ruecksprache|kontaktaufnahme|vorstellung|anfrage)\b"
    r"|\bnach (?:vorheriger )?(?:buchung|reservierung)\b"
    r"|\bnach (?:\w+ )?terminbuchung\b|\btermine? (?:\w+ )?(?:online |telefonisch )?buchbar\b"
    r"|\b(?:platz|plaetze) (?:[\w-]+ ){0,4}?(?:reservier\w+|buchen|sichern)\b"
    r"|\b(?:bitte|rechtzeitig|vorher|vorab|frueh\w*) (?:\w+ ){0,3}?(?:eintragen|einschreiben)\b"
    r"|\bbitte (?:\w+ ){0,3}?bis (?:[\w.]+ ){1,3}melden\b"
    r"|\b(?:rufen sie|ruft|ruf) (?:\w+ ){0,3}?an,? [^.]{0,50}\btermin\b"
    r"|\btermine? (?:vergeben|bekommen|erhalten|gibt) (?:\w+ ){0,4}?(?:telefon\w*|mail|uns|nur)\b"
    r"|\bbitte (?:\w+ ){0,2}?melde\w* (?:sie |euch |dich |ihr ){1,2}(?:\w+ ){0,2}?vor (?:dem|der"
    r"|ihrem|eurem) "
    r"(?:ersten|besuch|treffen|teilnahme)"
    r"|\bmelde\w* (?:sie |sich |euch |dich ){1,2}(?:bitte )?(?:vorab|vorher|vor (?:dem|der|ihrem"
    r"|eurem) ersten)\b"
    r"|\b(?:interessierte|neue|eltern|muetter|vaeter|familien) melden sich (?:bitte )?(?:vorab"
    r"|vorher)\b"
    r"|\bvor (?:dem|der|ihrem|eurem) ersten (?:\w+ )?(?:bitten wir|bitte|melden)\b"
    r"|\bvor der ersten (?:\w+ )?(?:bitten wir|bitte|melden)\b"
    r"|\bbitte (?:\w+ ){0,3}?(?:anrufen|anzurufen), (?:bevor|ehe)\b"
    r"|\b(?:ruft|rufen(?: sie)?|ruf) (?:\w+ ){0,3}?(?:vorher|vorab) (?:\w+ )?an\b|\bbitte (?:vorher"
    r"|vorab) (?:\w+ )?anrufen"
    r"|\bterminvereinbarung (?:ist )?(?:\w+ )?(?:erforderlich|notwendig|noetig|unter|per|ueber"
    r"|telefonisch)\b"
    r"|\bterminvereinbarung (?:mo|di|mi|do|fr)(?:\.|,| |\w*tag)"
    r"|\btermine? bitte (?:nur )?(?:ueber|unter|per|bei)\b"
    r"|\b(?:vorher|vorab) (?:\w+ )?registrieren\b"
    r"|\bterminvereinbarung:|\bbitten? (?:\w+ ){0,3}?um (?:\w+ )?(?:terminvereinbarung"
    r"|terminabsprache)"
    r"|\bbitte (?:\w+ ){0,2}?(?:einen )?termin (?:\w+ ){0,2}?(?:vereinbaren|absprechen|ausmachen"
    r"|machen|buchen)\b"
    r"|\b(?:bitte )?vereinbar(?:en sie|t|e) (?:\w+ ){0,4}?termin\b"
    rf"|\b(?:einstieg|teilnahme|aufnahme)\b[^.]{{0,30}}\b(?:nur )?nach (?:\w+ ){{0,2}}?(?:{_TALK}"
    rf"|absprache|ruecksprache)|\bsetzt (?:\w+ ){{0,3}}?{_TALK} voraus\b"
    rf"|\b{_TALK}(?:s|es)? (?:ist |sind )?(?:\w+ )?voraussetzung\b"
    # Who asks for a place sends something in, is put on a list, orders a meal.
    rf"|\b{_FORM}\b[^.]{{0,50}}\b(?:(?:ein|zu)?send|(?:zu)?schick|ausfuell|ausgefuellt|abgeb|(?:zu)?"
    rf"rueck)|\b(?:send|schick|fuell|geb)\w* [^.]{{0,50}}\b{_FORM}\b|\brueck(?:sendung|gabe)\b"
    r"[^.]{0,40}\bplatz\b"
    r"|\bbewerb(?:en sie sich|t euch|ung(?:en)?) (?:bitte )?bis (?:(?:spaetestens|zum) )*\d"
    r"|\btrag\w* (?:sie |sich |euch |dich ){1,2}(?:\w+ ){0,3}?(?:in"
    r"|auf) (?:\w+ )?(?:\w+ )?\w*liste\b"
    r"|\b\w*liste (?:\w+ ){0,4}?(?:zum )?ein(?:zu)?tragen\b"
    r"|\bvor(?:zu)?bestellen\b|\b(?:auf|nach|mit|gegen) vorbestellung\b"
    r"|\bvorbestellung(?:en)? (?:\w+ )?(?:bis|unter|erforderlich|noetig|erbeten)\b"
    r"|\b(?:lass\w*|koennen) (?:sie |sich |euch |dich ){1,2}(?:\w+ ){0,3}?vormerken\b|\b(?:auf"
    r"|nach)"
    r" vormerkung\b|\bvormerkung(?:en)? (?:unter|bei|bis|per)\b"
    r"|\bsicher\w* (?:sie sich|euch|dir) (?:\w+ ){0,4}?platz\b"
    r"|\bbuchbar (?:ist |sind )?(?:\w+ )?(?:ueber|unter|bei|per|online|im|auf)\b"
    r"|\bmach(?:en sie|t|e|en) (?:\w+ ){0,3}?termin (?:\w+ ){0,4}?aus\b"
    r"|\bverg(?:eben|ibt) (?:wir )?(?:\w+ ){0,2}?termine\b"
    r"|\b(?:rufen sie|ruft|ruf) (?:\w+ ){0,4}?an,? (?:bevor|ehe)\b"
    r"|\b(?:tage?|wochen?|stunden?) (?:vorher|vorab|zuvor) (?:\w+ )?(?:(?:an)?(?:melden|rufen)"
    r"|buchen)\b"
    r"|\bzusagen? (?:bitte )?(?:\w+ )?bis\b|\bu\. ?a\. ?w\. ?g\b"
    r"|\bum antwort (?:\w+ ){0,2}gebeten\b"
    r"|\bbitten? (?:wir )?(?:\w+ ){0,2}?um (?:\w+ ){0,2}?(?:nachricht|zusage|anruf|mail|e-mail"
    r"|mitteilung)\b"
    r"|\bwenden sich (?:\w+ ){0,3}?(?:vorab|vorher)\b|\bum (?:\w+ )?(?:vorherige|telefonische)"
    r" kontaktaufnahme\b|\bmelde\w* (?:euch|dich|sie sich) [^.]{0,40}\bdamit wir\b[^.]{0,30}\bplan"
    r"|\bverbindliche buchung\b|\bbuchung (?:online|ueber|unter|per|bis)\b"
    r"|\bfreuen uns ueber (?:\w+ ){0,3}?rueckmeldung\b|\brueckmeldung (?:bis|erbeten|erforderlich)"
    rf"|\b(?:findet|fuehren|gibt es) (?:\w+ ){{0,3}}?{_TALK}\b"
    r"|\b(?:reservierung|buchung) (?:ist )?(?:erforderlich|notwendig|noetig|erbeten)"
    r"|\bbitte (?:\w+ ){0,4}?(?:reservier\w+|buchen)\b|\breservieren sie\b"
    r"|\btermin (?:ist )?(?:noetig|notwendig|erforderlich)\b|\bvorgespraech noetig\b"
    r"|\btermine (?:bekommen|erhalten|bekommt|erhaltet|gibt es|vergeben wir|machen)\b"
    r"|\bterminvergabe (?:unter|per|ueber|telefonisch|durch)\b"
    r"|\b(?:bitte|vorher|vorab|kurz) (?:\w+ ){0,2}?bescheid (?:geben|sagen)\b"
    r"|\b(?:gebt|geben sie|sagt|sagen sie) (?:\w+ ){0,3}?bescheid\b"
    r"|\b(?:termin\w*|gespraech\w*) (?:bitte )?(?:vorher|vorab) (?:\w+ )?(?:ausmachen|vereinbaren"
    r"|absprechen)\b"
    r"|\bvorgespraech (?:ist )?(?:notwendig|erforderlich|noetig)"
    r"|^\W*(?:die |unsere )?(?:persoenlichen? )?(?:beratung|beratungen|gespraeche?)"
    r"(?: findet| finden| erfolgt| erfolgen)? (?:immer |stets )?nach (?:\w+ )?"
    r"termin(?:vereinbarung|absprache)(?: statt)?(?=\W*$| und )"
    # Where one is to ring up, write or be met before coming.
    r"|(?<!weitere )(?<!andere )(?<!und )(?<!individuelle )\btermine? (?:nur )?(?:unter|per|via"
    r"|ueber) (?:der |tel\w*\.? |nummer )?(?=[\d(+]|e-?mail)"
    r"|\btermine?: ?\(?0\d{2,4}[ )/-]"
    r"|\bvereinbar\w+ (?:sie )?(?:\w+ ){0,3}?(?:\w+termin|(?:vor|erst|kennenlern)?gespraech)\b"
    r"|\bmelde\w* (?:sie sich|euch|dich)\b[^.]{0,60}\b(?:termin|kennenlern\w+|gespraech)\b"
    r"|\bmelde\w* (?:sie sich|euch|dich) (?:bitte )?(?:rechtzeitig|fruehzeitig)\b|\btermin geben\b"
    r"|\bschreib\w*\b[^.]{0,50}\b(?:zugangs|einwahl|zoom|teams)-?link\b"
    r"|\b(?:einstieg|teilnahme|aufnahme)\b[^.]{0,30}\bnach (?:\w+ ){1,2}gespraech\b"
    r"|\bwer (?![^,]*\b(?:mehr|naeheres|helfen|mithelfen|spenden|unterstuetzen|engagieren|fragen"
    r"|infos?|informier\w*|rat|hilfe)\b)(?:\w+ ){0,4}?(?:moechte|will|mag|kommt|kommen),? (?:ruft"
    r"|meldet sich|schreibt)\b"
    r"(?! (?:\w+ ){0,2}?(?:fragen|rueckfragen))"
    r"|\bmelde\w* (?:sie sich|euch|dich) (?:bitte |gern |gerne )?kurz\b"
    r"|\b(?:anruf\w*|melden|bescheid|nachricht|sms)\b[^.]{0,40}\b(?:am |bis zum )?(?:vorabend"
    r"|vortag)\b"
    r"|\b(?:kurze|kurzer) (?:nachricht|anruf|mail|e-mail|sms) (?:\w+ )?(?:vorab|vorher|genuegt"
    r"|reicht)\b"
    r"|\b(?:zugangs|einwahl|zoom-?)?link (?:\w+ ){0,2}?(?:bekomm\w+|erhaelt\w*|erhalt\w+"
    r"|schick\w+|gibt es|kommt) (?:\w+ ){0,4}?(?:nach|per|auf|gegen) (?:\w+ ){0,2}?(?:mail|e-mail"
    r"|anfrage|nachricht)\b"
    r"|\b(?:zugangs|einwahl|zoom-?)link (?:per|via) (?:e-?)?mail\b"
    r"|(?<!keine )\bvorherige (?:einstufung|kontaktaufnahme|ruecksprache) (?:ist )?(?:noetig"
    r"|notwendig|erforderlich)\b"
    # A course that is put into a basket, or has a button to book it.
    r"|\b(?:in|zu[mr]?) (?:den |meinem |ihrem )?warenkorb\b(?! (?:ist|gehen|anzeigen|wechseln))"
    r"|^\W*(?:jetzt |hier |online |kurs |platz |direkt |termin ){1,2}buchen\b"
    # "Sie bekommen innerhalb weniger Tage einen Termin."
    r"|\b(?:(?:sie|ihr|du) (?:bekomm|erhalt|erhael)\w*|(?:bekommen|erhalten) sie) "
    r"(?:(?!vom\b|beim?\b)[\w-]+ ){0,6}?einen (?:\w+)?termin\b(?! (?:bei[mn]?|an) )"
    r"|\bplatzreservierung(?:en)? (?:unter|per|ueber|bei)\b"
    r"|\b(?:bitten?|wird) (?:\w+ ){0,2}?um (?:\w+ ){0,2}?rueckmeldung|\bum rueckmeldung "
    r"(?:\w+ )*gebeten"
)


def read_registration(offer: RecordText, context: Context) -> Reading:  # noqa: ARG001
    """State "registration" as "required" or "none".

    What is said of registering decides over "offene Sprechstunde", which only implies it.
    """
    implied: Statement | None = None
    otherwise = False
    few: Statement | None = None
    for sentence in offer.sentences(_CUES, _ROLES):
        text, heard_there = sentence.folded, sentence.said
        if _OTHERWISE.match(text):
            otherwise = True
            continue
        value = _judge(text, heard_there)
        if value is not None:
            said = Statement("registration", value, sentence.quote, sentence.locator, READER)
            return Reading([said])
        otherwise |= _ELSE.search(text, heard_there) is not None
        if few is None and _FEW.search(text, heard_there):
            few = Statement(
                "registration", "required", sentence.quote, sentence.locator, READER,
                "few places", 0.7,
            )  # fmt: skip
        if implied is None and _OPEN.search(text, heard_there):
            implied = Statement(
                "registration", "none", sentence.quote, sentence.locator, READER, "open hours", 0.8
            )
    implied = few if otherwise or implied is None else implied
    return Reading([implied] if implied else [])


def by_appointment_only(read: Reading) -> Reading:
    """State that one has to register where all that `read` knows of hours is "by appointment".

    An appointment beside open hours ("Mo 9-12 Uhr und nach Vereinbarung") demands nothing.
    """
    asked = next((s for s in read.statements if s.field == "hours_qualifiers"), None)
    if (
        asked is None
        or asked.value != "by_appointment"
        or read.value("hours_osm") is not None
        or read.value("registration") is not None
        or any(doubt.field == "hours_osm" for doubt in read.doubts)
    ):
        return Reading()
    reason = "by appointment only"
    return Reading(
        [Statement("registration", "required", asked.quote, asked.locator, READER, reason, 0.8)]
    )


_MUST = Cued(
    r"\bohne (?:\w+ ){0,2}?(?:termin\w*|(?:vor)?anmeldung) (?:geht|koennen|kann|ist)\b[^.]{0,40}\b"
    r"(?:nicht|keine?|unmoeglich)\b"
    r"|\b(?:kein\w*|nicht|niemand|niemals) (?:\w+ ){0,2}?ohne (?:\w+ ){0,2}?(?:termin"
    r"|(?:vor)?anmeld)\w*"
)
# Who wants to help, to know more or to give is to ring up: nothing of who comes.
_HELPERS = Cued(
    r"\bbei (?:interesse an (?:\w+ ){0,3}?(?:mitarbeit|mithilfe|ehrenamt\w*)|(?:rueck)?fragen)\b"
    r"|\b(?:fragen|auskuenfte|spenden|ehrenamtlich\w* (?:mitarbeit\w*|mithelf\w*|helf\w*))\b"
    r"[^.]{0,60}\b(?:anruf|mail|nachricht)\b"
)
# The label of a column that holds more: what stands behind it decides.
_COLUMN = re.compile(r"^\W*anmeldung ?(?:/|,|&|und) ?(?:kosten|preis|gebuehr|beitrag|hinweis)\w*:")
# "Kinderbetreuung nach Anmeldung": the children are announced, not who comes.
_FOR_CHILDREN = re.compile(
    r"betreuung (?:ist )?(?:\w+ )?(?:nach|mit|bei|auf|gegen) (?:vorherige[rn]? )?$"
)
# "Für Kinder bieten wir parallel eine Betreuung an – bitte anmelden."
_OF_CHILDREN = Cued(
    r"\b(?:parallel|zeitgleich|waehrenddessen|in dieser zeit)\b[^.;]{0,30}betreuung\b[^.;]{0,12}"
    r"[–,(:-] ?(?:dafuer |hierfuer |dazu )?bitte [^.;]{0,40}(?:anmeld|bescheid|reservier)"
    r"|\bfuer kinder\b[^.;]{0,50}betreuung, (?:dafuer |hierfuer |dazu )?bitte [^;]{0,25}anmeld"
)
_FEW = Cued(
    r"\b(?:plaetze|teilnehmer\w*|platzzahl|gruppe)\b[^.]{0,25}\bbegrenzt\b|\bbegrenzte (?:\w+ )?"
    r"(?:plaetze|platzzahl|teilnehmer\w*)|\bwenige (?:freie )?plaetze\b"
)


@remembered
def _judge(text: str, said: int) -> str | None:
    if column := _COLUMN.match(text):
        text = text[column.end() :]
    if any(doubted.search(text, said) for doubted in (_WHERE_NEEDED, _AT_TIMES, _OF_CHILDREN)):
        return None
    for pattern, value in ((_MUST, "required"), (_OPTIONAL, "none")):
        if pattern.search(text, said):
            return value
    for match in _WORD.finditer(text, said):
        if _FOR_CHILDREN.search(text, 0, match.start()):
            continue
        if match[0].startswith("anmeldefrei"):
            break
        if _OTHER.search(text, said) and not _OF_ALL.search(text, said):
            break
        return "none" if negated(text, match.start(), match.end()) else "required"
    if _NONE.search(text, said):
        return "none"
    if _HELPERS.search(text, said):
        return None
    asked = _APPOINTED.search(text, said) if "termin" in text else None
    appointed = asked is not None and not negated(text, asked.start(), asked.end())
    return "required" if appointed or _REQUIRED.search(text, said) else None
