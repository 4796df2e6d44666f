"""Whether an offer is for single parents only, or for them among others."""

from __future__ import annotations

import re

from aggregator.normalise.context import Context
from aggregator.normalise.cues import Cued, Cues, heard, listen
from aggregator.normalise.pattern import at_words
from aggregator.normalise.statement import Reading, Statement
from aggregator.normalise.wording import RecordText, Sentence, remembered
from crawlers.record import Role, of_roles

READER = "exclusivity@9"

_ROLES = frozenset({Role.TITLE, Role.TEXT, Role.AUDIENCE, Role.COST, Role.IMAGE_TEXT})
_NAMED = frozenset({Role.TITLE, Role.AUDIENCE})
_EVERYBODY_CUES = ("alle ", "allen ", "paare", "egal", "oder nicht")
_CUES = listen(
    "alleinerz",
    "allein erz",
    "allein-",
    "eineltern",
    "ein-eltern",
    "ein eltern",
    "soloeltern",
    "solo-",
    "solom",
    "solov",
    "single",
    "getrennterz",
    "getrennt erz",
    "allein sorg",
    "alleinsorg",
    "erziehst",
    "alleine ",
    "allein fuer",
    "ohne partner",
    "allein ihre",
    "allein leb",
    "allein wohn",
    "allein sind",
    "allein mit",
    "allein gross",
    "allein versorg",
    "erziehen",
    "erzieht",
    *_EVERYBODY_CUES,
)

_PARENT = r"(?:muetter\w*|vaeter\w*|mamas?|papas?|eltern(?:teile?n?)?|frauen|maenner\w*)"
SINGLE = (
    r"(?>(?:getrennt-? ?lebende\w* (?:und|oder|/|&) )?(?:allein-? ?(?:und|/|&|oder) ?(?:getrennt"
    r"|gemeinsam)|getrennt-? ?(?:und|/|&|oder) ?allein"
    r"|allein|getrennt)-? ?(?:erziehend|sorgend)\w*(?: (?:und|oder|/|&) getrennt ?lebende\w*)?"
    rf"(?: {_PARENT}(?:(?:,| und| oder| &|/|/-) ?{_PARENT})?)?"
    r"|ein-? ?eltern-? ?(?:famili|haushalt|treff|gruppe|cafe|stammtisch)\w*|solo-? ?(?:eltern"
    r"|muetter\w*|vaeter\w*|mamas?"
    r"|papas?|mutter"
    r"|vater)"
    r"|single-? ?(?:eltern|mamas|muetter|vaeter|moms|papas)"
    r"|(?:die|welche) (?:(?:ihre|ihr) kind\w* )?(?:(?:allein|getrennt) (?:und|oder) )?"
    r"(?:allein|getrennt)(?:-| \([^()]{0,30}\))? ?erziehen\b"
    r"|(?:die|welche) (?:[\w-]+ ){0,8}?mit ihr\w* kind\w* alleine? (?:leb\w*|wohn\w*|sind\b)"
    r"|(?:die|welche) (?:ihre?|ein|das) kind\w* alleine? (?:\w+ ){0,2}?(?:gross|versorg|betreu"
    r"|aufzieh)\w*"
    r"|(?:die|welche) alleine? mit (?:ihr\w*|einem) (?:\w+ )?kind\w* (?:leb|wohn)\w*"
    r"|\b(?:du|sie|ihr) (?:erzieh|zieh|leb|wohn)\w+ (?:\w+ ){0,3}?alleine?\b(?= gross"
    r"| mit \w+ kind|$|[.?!,])"
    r"|\b(?:du|sie|ihr) erzieh\w+ (?:\w+ ){0,3}?allein\b"
    r"|\b(?:wenn|falls|weil|seit|dass) (?:du|sie|ihr) (?:[\w-]+ ){0,6}?(?:allein|getrennt)"
    r" erzieh\w+"
    r"|\b(?:wenn|falls|weil|seit) (?:du|sie|ihr) (?:[\w-]+ ){0,2}?alleine? mit \w+ "
    r"(?:baby|kind|saeugling|neugeborenen)\w* (?:sind|bist|seid|leb\w+|wohn\w+)"
    r"|\balleine? mit kind(?:ern)?\b"
    r"|(?:alle|jene|wer|diejenigen|(?:muetter|vaeter|eltern|frauen|maenner)n?),? (?:die |der )?"
    r"(?:(?:ihre?|ein|das) kind\w* )?(?:alleine?|ohne (?:\w+ )?partner\w*|ohne zweiten elternteil)"
    r" (?:\w+ ){0,4}?(?:erzieh|gross|sorg|leb|versorg|aufzieh|betreu|wohn)\w*)"
)
# Names of bodies and of benefits: who runs the offer, not whom it is for.
_NAME = Cued(
    r"\b(?:verband|landesverband|ortsverband|verein|selbsthilfe-?initiative|netz|netzwerk\w*"
    r"|unterstuetzungsnetzwerk|koordinierungsstelle|koordinationsstelle|landeskoordinierung\w*"
    r"|arbeitskreis|ak|ag|arbeitsgemeinschaft|fachstelle|buendnis|stiftung|aktionstag"
    r"|mehrbedarf\w*|entlastungsbetrag|steuerklasse(?: \w+)?|zuschlag|anteil|zahl|studie|lobby\w*"
    r"|interessenvertretung|situation|lage|webseite|website|newsletter|ratgeber|broschuere"
    r"|wegweiser|taschenbuch) (?:fuer |von |der |zu |ueber "
    rf"|zum thema )?(?:\w+ )?{SINGLE}(?: (?:e\.? ?v\.?|in \w+))?"
    rf"|\b(?:\d+ (?:prozent|%)|viele|jede\w* \w+) (?:der )?{SINGLE}"
    r"|\balleinerziehenden-?netz\w*"
)
# A place to turn to: "für" says for whom it is, unless the text opens it; without ("Infopunkt
# Alleinerziehende") it only has a name.
_BODY = Cued(
    r"\b(?:anlaufstelle|\w*infopunkt|infopoint|infostelle|\w*hotline|\w*telefon|kontaktstelle|"
    rf"\w*buero|servicestelle|(?:fach)?beratungsstelle|stelle)s? (?P<for>fuer |von )?{SINGLE}"
)
_OTHERS = (
    r"(?:familien|paare?n?|elternpaare?n?|eltern|grosseltern|schwangere\w*|werdende\w*|muettern?"
    r"|vaetern?|angehoerige\w*|interessierte\w*|nachbar\w*|patchwork\w*"
    r"|regenbogen\w*|gefluechtete\w*|frauen|studierende\w*|jugendliche\w*|senior\w*"
    r"|berufstaetige\w*|berufsrueckkehr\w*|wiedereinsteig\w*|verheiratete\w*|menschen|personen"
    r"|pflegende\w*|pflegeeltern|adoptiveltern"
    r"|haushalte|geringverdien\w*|erwerbslose\w*|arbeitslose\w*|migrant\w*|bezugspersonen"
    r"|fachkraefte\w*|andere\w*|grossfamilien|kinderreiche\w*|paarfamilien"
    r"|freunde\w*|freund\w*innen|geschwister\w*)"
)
_JOIN = r"(?: ?,| und| oder| sowie| wie| ?/| ?&| ?\+| bzw\.?)"
# "Mütter und Väter, die allein erziehen": one group, whoever stands before the comma.
_WHO = Cued(
    rf"\b(?:(?:[a-z]{{3,}}e (?:und|oder) )?[a-z]{{3,}}e )?"
    rf"(?:menschen|{_PARENT})(?:(?:,| und| oder| &|/) ?{_PARENT})?(?: da)?,? (?=(?:die|welche) "
    rf"(?:ihre? kind\w* |(?:[\w-]+ ){{0,8}}?mit ihr\w* kind\w* )?(?:allein|getrennt)e?\b)"
)
_ALSO = at_words(
    rf"\b(?:u\. ?a\.|z\. ?b\.|bspw\.|insbes?\.)(?:,? [\w\-]+){{0,3}}? {SINGLE}|"
    rf"\b(?:nicht nur|nicht ausschliesslich|nicht allein)\b.{{0,40}}?{SINGLE}"
    # "alleinerziehende Frauen und Frauen nach einer Trennung": others than the first.
    r"|\balleinerziehende\w* (?P<again>frauen|maenner\w*|muetter\w*|vaeter\w*|eltern)"
    r" (?:und|oder|sowie) (?P=again) (?:in|mit|nach|vor|ohne)\b"
    # "Auch in Neustadt gibt es Alleinerziehende": of the place, not of whom else it is for.
    r"|\b(?:auch(?! (?:in|im|am|bei|beim|hier|dort|heute|jetzt|wieder|diese\w*) )|besonders"
    r"|insbesondere|vor allem|vorrangig|bevorzugt|ermaessig\w+|ermaessigt"
    r"|rabatt|u\.? ?a\.?|unter anderem|vorwiegend|vornehmlich|in erster linie|z\. ?b\."
    rf"|beispielsweise|gerade|vorrang|vorzug|bevorzugung)\b(?:,? [\w\-]+){{0,4}}? {SINGLE}"
    rf"|\b{_OTHERS}{_JOIN}(?: (?!die\b|der\b|mit\b)[\w\-]+,?){{0,6}}?{_JOIN}? ?(?:auch "
    rf"|fuer )?{SINGLE}"
    rf"|\b{_OTHERS} mit (?:\w+ ){{1,4}}(?:und|oder|sowie|wie) (?:auch )?{SINGLE}"
    rf"|\b{_OTHERS} (?:in|nach|vor|ohne) [\w\-]+{_JOIN} ?(?:auch )?{SINGLE}"
    r"|\balle[nr]? (?:\w+ )?(?:familien|eltern|muetter|interessierten|menschen"
    rf"|nachbar\w*)\b.{{0,60}}{SINGLE}"
    r"|\b(?:junge|werdende|schwangere|minderjaehrige|gefluechtete) (?:und|oder|sowie) "
    rf"(?:auch )?{SINGLE}"
    rf"|\b(?:besonders|insbesondere|vor allem) (?:fuer|an) (?:[\w\-]+,? ){{0,9}}?{SINGLE}"
    rf"|\bfuer {SINGLE}(?: [\w\-]+){{0,5}} (?:und|oder|sowie) (?:auch )?fuer "
    rf"(?:alle |andere )?{_OTHERS}\b"
    rf"|\b(?:\w*schwerpunkt|extra-?(?:teil|block|kapitel)) (?:fuer|auf) {SINGLE}"
    rf"|\bfuer {SINGLE} gibt es (?:eigene|besondere|spezielle|zusaetzliche)\b"
    # "auch Nichtmitglieder", "auch am Wochenende": no others than single parents.
    rf"|{SINGLE}(?:.{{0,45}}\bwillkommen\b|.{{0,30}}\b(?:und alle|ebenfalls|ebenso|genauso"
    r"|auch(?! (?:nicht-?mitglied|am\b|im\b|aus\b|per\b|online\b|telefonisch))"
    r"|bevorzugt|vorrang\w*|vorzugsweise|zuerst|willkommen)\b"
    r"|(?:, (?:die|deren) [^.;]{3,50},)? (?:werden|wird) (?:[\w\-]+ ){0,4}?"
    r"(?:bevorzugt|vorrangig)\b"
    r"| sind (?:ausdruecklich|besonders|insbesondere) (?:\w+ )?(?:eingeladen|angesprochen)\b"
    rf"|(?: mit (?:ihren )?kind\w*)?{_JOIN} ?(?:auch |andere |alle |fuer |den |(?!ihre"
    rf"|deren|kinder)[\w\-]+ ){{0,2}}?{_OTHERS}\b)"
)
_ONLY = re.compile(
    r"\b(?:nur|ausschliesslich|exklusiv|speziell|eigens|allein|extra"
    rf"|rein)\b(?: [\w\-]+,?){{0,3}}? ?{SINGLE}"
    rf"|{SINGLE} (?:vorbehalten|exklusiv)"
)
_FOR = at_words(
    rf"\b(?:laden|einladung an) (?:\w+ ){{0,2}}?{SINGLE}|\blaedt (?:[\w\-]+ ){{0,7}}?alle {SINGLE}|"
    rf"\bmit (?:max\. |maximal |bis zu )?(?:\d+|zwei|drei|vier|fuenf|sechs|sieben|acht|neun|zehn"
    rf"|elf|zwoelf|zwanzig) {SINGLE}|"
    rf"\banspruch haben (?:kinder von )?{SINGLE}|"
    r"(?:(?:treff\w*|gruppe\w*|cafe|angebote?|beratung\w*|kurse?|wochenende\w*|fahrt|freizeit"
    r"|fruehstueck|brunch|stammtisch|abend|nachmittag|forum|seminar\w*|workshop|projekt"
    r"|anlaufstelle|beratungsstelle|sprechstunde|urlaub\w*|ausflug|ausfluege|programm|begegnung\w*"
    r"|patenschaft\w*|unterstuetzung|hilfen?|begleitung|coaching|wohnprojekt|kontaktstelle"
    r"|austausch|kontakt|gespraech\w*|veranstaltung\w*|raum|ort|hotline|telefon|spielgruppe|reihe"
    r"|massnahme|kreis) )(?:fuer"
    rf"|von|an|unter|zwischen) (?:[\w\-]+ ){{0,2}}?{SINGLE}"
    rf"|(?:treff\w*|cafe|fruehstueck|brunch|stammtisch|kreis|runde) (?:der {SINGLE}"
    rf"|alleinerziehender\b)"
    rf"|\b{SINGLE} (?:und ihre kinder |mit (?:ihren )?kindern )?sind (?:\w+ ){{0,2}}?eingeladen"
    rf"|\b{SINGLE}, die sich (?:\w+ ){{0,3}}?(?:sehen|treffen|austauschen|verabreden)\b"
    rf"|\b(?:kommen|finden) (?:[\w-]+ ){{0,3}}?{SINGLE} (?:[\w,-]+ ){{0,8}}?zusammen\b"
    rf"|\b{SINGLE} (?:[\w,-]+ ){{0,5}}?(?:kommen|finden) (?:\w+ )?zusammen\b"
    rf"|\bin (?:der|dieser|unserer) (?:[\w-]+[ -])?(?:gruppe|runde|chatgruppe) (?:sind|schreiben"
    rf"|treffen sich) (?:[\w-]+ ){{0,3}}?{SINGLE}"
    rf"|\b(?:faehrt|fahren|verreis\w+|reis(?:t|en)|verbring\w+) (?:[\w.-]+ ){{0,10}}?mit {SINGLE}"
    rf"|\b(?:koennen|haben|bekommen|erhalten) {SINGLE} (?:\w+ ){{0,4}}?unterhaltsvorschuss\b"
    rf"|\b{SINGLE}, (?:deren|die) [^.]{{5,90}}, koennen (?:\w+ ){{0,4}}?unterhaltsvorschuss\b"
    rf"|\bantrag stellen {SINGLE}"
    rf"|\bkoennen {SINGLE} (?:[\w-]+ ){{0,12}}?(?:bekommen|erhalten|beantragen)\b"
    rf"|\b{SINGLE} (?:planen|unternehmen|kochen|reden|sprechen|essen|verbringen|machen|erleben"
    rf"|feiern"
    r"|basteln|helfen) (?:\w+ ){0,3}?(?:zusammen|gemeinsam|miteinander|sich|einander)\b"
    rf"|^(?:\W*)(?:fuer|an) {SINGLE}|^\W*{SINGLE} mit (?:ihren )?kind|\b(?:dabei sein|teilnehmen"
    rf"|mitmachen"
    rf"|mitfahren|mitkommen) (?:koennen|duerfen) {SINGLE}"
    r"|\b(?:richtet sich|wendet sich|wenden uns|richten uns|gedacht"
    rf"|offen|konzipiert|adressiert) (?:[\w\-]+ ){{0,3}}?{SINGLE}"
    r"|\b(?:zielgruppe\w*|fuer wen|wer|teilnehmer\w*"
    rf"|eingeladen(?: sind)?) ?[:?]? ?(?:sind )?{SINGLE}"
    rf"|\b{SINGLE} (?:und ihre kinder |mit (?:und|oder) ohne [\w\-]+ )?(?:treffen|tauschen|lernen"
    rf"|kommen|koennen|finden|erhalten"
    r"|bekommen) (?:sich|hier|andere|bei)"
)
_HELPED = at_words(
    r"\b(?:begleite\w*|unterstuetz\w+|berat\w+|beraet|helfen|hilft|staerk\w+|entlast\w+"
    r"|vernetz\w+) "
    rf"(?:wir |sie |speziell |vor ort ){{0,2}}{SINGLE}"
    rf"|\b(?:gibt|bietet|vermittelt|zeigt|ermoeglicht|verschafft|schenkt) (?:allen )?{SINGLE}"
    rf"|\btreffen (?:wir )?(?:uns|sich) (?:[\w\-]+ ){{0,3}}?{SINGLE}|\banderen? {SINGLE}"
    rf"|\bkindern? (?:von )?{SINGLE}|\bkomm(?:en|t) zu {SINGLE} nach hause\b"
    r"|\b(?:du als|(?<!leben )(?<!alltag )(?<!situation )(?<!zukunft )als|bist du|seid ihr|sie sind"
    rf"|sind sie) {SINGLE}"
    rf"|\b(?:hilft|helfen|unterstuetzt|beraet) (?:[\w\-]+ ){{0,4}}?(?:dem|den|der) {SINGLE}"
    r"|(?<!angebote )(?<!angeboten )(?<!antworten )(?<!informationen )(?<!infos )(?<!tipps )"
    r"(?<!regelungen )(?<!leistungen )(?<!neuigkeiten )(?<!hinweise )"
    rf"\b(?:fuer|an) (?:alle |junge |berufstaetige )?{SINGLE}"
    r"|\b(?:du|sie|ihr) (?:erzieh|zieh|leb|wohn)\w+ (?:\w+ ){0,3}?alleine? (?:gross|mit)\b"
    rf"|^\W*(?:du bist |sie sind |ihr seid )?{SINGLE}(?: (?:und|oder) [^?]{{3,50}})?\?"
    rf"|^\W*allein erziehend\?"
)
_ANY = Cued(SINGLE)
_FREQUENT_COMPOUND = re.compile(
    r"\balleinerziehenden-?(?:treff|cafe|gruppe|beratung|fruehstueck|stammtisch|brunch|wochenende"
    r"|freizeit|kreis|nachmittag)\w*"
)

_ALL = (
    r"(?:familien|eltern|muetter|vaeter|frauen|maenner|menschen|elternteile|interessierten?"
    r"|schwangeren"
    r"|nachbar\w*)"
)
# Said of everybody: single parents are among them, named or not.
_EVERYBODY = Cued(
    rf"\b(?:offen )?fuer alle (?:\w+ )?{_ALL}\b"
    rf"|\b(?:willkommen|eingeladen) sind (?:\w+ )?alle (?:\w+ )?{_ALL}\b"
    rf"|\balle (?:\w+ )?{_ALL} (?:\w+ ){{0,3}}?(?:willkommen|eingeladen)\b"
    rf"|\b(?:informiert|beraet|unterstuetzt|begleitet) alle {_ALL}\b"
    r"|\bsteh(?:t|en) (?:\w+ ){0,2}?allen (?:\w+ )?(?:familien|eltern|elternteilen|muettern"
    r"|vaetern|frauen|maennern|menschen|interessierten) offen\b"
    r"|\balle sind (?:\w+ ){0,2}?(?:willkommen|eingeladen)\b|\b(?:egal"
    r"|ganz gleich),? ob (?:\w+ ){0,2}?allein"
    rf"|\b{SINGLE} oder nicht\b|\bauch (?:paare|paarfamilien"
    rf"|nicht-?alleinerziehende)\b[^.]{{0,30}}\bwillkommen\b"
)
# Another price for single parents: others come, too.
_PRICE = re.compile(
    rf"\b{SINGLE}(?! und (?:sind|ist) )(?: [\w\-]+){{0,3}}? (?:frei|kostenlos|kostenfrei|gratis"
    r"|ermaessigt\w*|(?:zahlen|zahlt)"
    rf"\b.{{0,20}}(?:haelfte|weniger|nichts|\d)"
    rf"|(?:erhalten|bekommen) [^.]{{0,20}}\b(?:nachlass|rabatt|ermaessigung))"
    rf"|\b{SINGLE}:? \d+(?:,\d\d)? (?:€|eur)"
    rf"|\d ?(?:€|eur\w*) [^.;]{{0,25}}, \d+(?:,\d\d)? ?(?:€|eur\w*) fuer {SINGLE}"
    rf"|\bfuer {SINGLE}\b[^.]{{0,25}}\bgilt (?:ein\w*|der|die) (?:ermaessig|reduziert|niedrig)"
)
# The price of what is for them alone: "Die Beratung für Alleinerziehende ist kostenfrei."
_OWN_PRICE = re.compile(
    rf"\b\w*(?:beratung|treff\w*|gruppe|angebot|hilfe|unterstuetzung) (?:fuer|von) {SINGLE} (?:ist"
    rf"|sind)\b"
)
_ELSE_PRICED = re.compile(rf"\b{SINGLE}[^.]{{0,70}}, (?:an)?sonst(?:en)? \d")
_NOT_ONLY = Cues("nicht nur", "nicht ausschliesslich")
_EXPLICIT, _TITLE, _TEXT, _CALLED = 3, 2, 1, 0


def read_exclusivity(offer: RecordText, context: Context) -> Reading:  # noqa: ARG001
    """State "exclusivity": "only" for single parents, or "also" for them among others.

    "nur"/"nicht nur" decide over the title, the title over the text, the text over a title that
    only names a place to turn to ("Anlaufstelle für Alleinerziehende"). Nothing said, nothing
    stated; the names of bodies ("Verband alleinerziehender …") and of benefits say nothing.
    """
    reading = Reading()
    best: tuple[int, str, Sentence] | None = None
    audience = len(of_roles(offer.passages, Role.AUDIENCE))
    for sentence in offer.sentences(_CUES, _ROLES):
        judged = _judge(sentence.folded, sentence.said, sentence.role)
        if judged is None:
            continue
        rank, value = judged
        if sentence.role is Role.AUDIENCE and audience > 1:
            value = "also"  # one of several groups that the site lists
        if best is None or rank > best[0]:
            best = (rank, value, sentence)
    if best is not None:
        _, value, sentence = best
        reading.statements.append(
            Statement("exclusivity", value, sentence.quote, sentence.locator, READER)
        )
    return reading


@remembered
def _judge(folded: str, said: int, role: Role) -> tuple[int, str] | None:
    text = _WHO.sub("", _NAME.sub(" ", folded, said), said)
    called = _BODY.search(text, said) if role is Role.TITLE else None
    if called and not called["for"]:
        text = _BODY.pattern.sub(" ", text)
    said = said if text is folded else heard(text)
    spoken = _ANY.search(text, said) is not None
    if _EVERYBODY.search(text, said) or (spoken and _NOT_ONLY.stand_in(text)):
        return _EXPLICIT, "also"
    if not spoken:
        return None
    named = role in _NAMED
    if _ALSO.search(text) or _priced_apart(text):
        return (_TITLE if named else _TEXT), "also"
    if _ONLY.search(text):
        return _EXPLICIT, "only"
    if named:
        return (_CALLED if called else _TITLE), "only"
    return _implied(text)


def _priced_apart(text: str) -> bool:
    if _ELSE_PRICED.search(text):
        return True
    return _PRICE.search(text) is not None and _OWN_PRICE.search(text) is None


def _implied(text: str) -> tuple[int, str] | None:
    if _FOR.search(text) or _FREQUENT_COMPOUND.search(text):
        return _TEXT, "only"
    # Whom they help tells for whom it is, unless something says more.
    return (_CALLED, "only") if _HELPED.search(text) else None
