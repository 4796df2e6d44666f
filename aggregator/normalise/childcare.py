"""Whether children are looked after while their parent uses an offer."""

from __future__ import annotations

from aggregator.normalise.context import Context
from aggregator.normalise.cues import Cued, heard, listen
from aggregator.normalise.negation import negated
from aggregator.normalise.statement import Reading, Statement
from aggregator.normalise.wording import RecordText, fold_passage, remembered
from crawlers.record import Role

READER = "childcare@7"

_ROLES = frozenset(
    {Role.TITLE, Role.TEXT, Role.HOURS, Role.COST, Role.AUDIENCE, Role.IMAGE_TEXT, Role.TOPIC}
)
_CUES = listen(
    "betreu", "beaufsicht", "kuemmer", "gesorgt", "pass", "derweil", "waehrend", "zeitgleich",
    "parallel", "ohne kinder", "mitkommen", "mitgebracht", "zu hause", "versorgt", "babysit",
    "aufsicht", "solange", "nebenan", "programm", "in dieser zeit", "in der zeit", "erwachsene",
    "spielt ", "spielen", "bastel", "malen", "toben", "huet", "haenden", "aufgehoben",
    "nebenraum", "daheim", "fuer die k", "turn", "erzieher", "beschaeftig", "paedagog",
)  # fmt: skip

_CARE = (
    r"(?:(?:kinder|kleinkind|baby|kleinkinder)-?betreuung(?:sangebot)?|betreuung ihres kindes"
    r"|babysitting|betreuung(?:sangebot)? (?:fuer |von |der |ihrer |eurer |deiner )?"
    r"(?:die |ihre |eure |deine |der |juengere |kleine )?(?:klein|geschwister)?(?:kleinen"
    r"|kinder)n?)"
)
_WORD = Cued(rf"\b{_CARE}\b")
_OFFERED = Cued(
    r"\b(?:mit|inklusive|inkl\.?|incl\.?|samt|plus|parallele?n?|zeitgleiche?|begleitende?r?"
    r"|kostenlose|kostenfreie|gleichzeitige?|bei bedarf|auf wunsch|bieten|gibt es|es gibt|eigene"
    r"|haben|kursbegleitende|kostenloses?|kostenfreies|paralleles|zeitgleiches"
    r"|paedagogische|professionelle|qualifizierte|liebevolle) (?:wir |dabei |auch |gern |gerne "
    rf"|zeitgleich |parallel )?(?:[\w\-]+ ){{0,3}}?{_CARE}\b"
    rf"|\b{_CARE} ?[:(]? ?(?:(?:[\w\-]+ ){{0,7}}?(?:angeboten|moeglich|vorhanden|organisier\w*"
    rf"|gesorgt"
    r"|gewaehrleistet|sichergestellt|gestellt|verfuegbar|verfuegung|inklusive|inbegriffen|dabei"
    r"|bereit\w*"
    r"|gegeben|eingerichtet|bieten|kostenlos|kostenfrei|buchbar|(?:mit|hinzu|dazu)gebucht|bereitgestellt|anmelden|angemeldet"
    r"|uebernommen|uebernehmen|stattfind\w*)\b"
    r"|(?:ja|inkl\.?|incl\.?|auf (?:anfrage|wunsch|nachfrage)|(?:nach|gegen|mit"
    r"|bei) (?:\w+ )?(?:absprache|anmeldung"
    r"|vereinbarung|voranmeldung|bedarf)|bei bedarf|vor ort|waehrend|parallel|nebenan|bitte"
    r"|im (?:neben|spiel)\w+|gibt es|durch)\b)"
    rf"|\bbegleitet (?:\w+ )?(?:von|durch) (?:\w+ )?{_CARE}|\b(?:von"
    rf"|durch) (?:\w+ )?{_CARE} begleitet\b"
    rf"|\b(?:fuer|um) (?:die |eine )?{_CARE} (?:ist gesorgt|kuemmer(?:n|t)|wird gesorgt|sorg(?:en"
    rf"|t))\b"
    r"|\b(?:waehrend\w*|parallel|gleichzeitig|zeitgleich|in dieser zeit"
    rf"|solange)\b(?:[\w,:\-]* ){{0,7}}?{_CARE}"
    r"|\bkuemmer\w+ sich (?:waehrenddessen|in dieser zeit|solange|parallel|dabei|derweil) (?:\w+ )?"
    r"um (?:die|ihre|eure) (?:kinder|kleinen)"
    rf"|\b(?:bitte|bedarf an) (?:\w+ ){{0,3}}?{_CARE} (?:\w+ ){{0,4}}?(?:angeben|anmelden"
    r"|mitteilen)"
    r"|\b(?:(?:klein|klein(?:st)?|schul)?kinder|kleinen|grossen|nachwuchs|kind|kids)\b "
    r"(?:[\w\-–]+ ){0,9}?(?:(?:mit)?betreut|beaufsichtigt|gehuetet)\b"
    r"|\bkinder\b[^.]{0,60}, (?:sie|die|diese) werden (?:[\w\-]+ ){0,4}?(?:betreut|beaufsichtigt)\b"
    r"|\bfuer (?:die |ihre |eure )?kinder (?:\w+ ){0,3}?(?:ist gesorgt|gibt es (?:eine )?betreuung)"
    r"|\bfuer kinder gibt es (?:[\w\-]+ ){1,3}?mit betreuung\b"
    # The last of a row of what is had there: "Frühstück, Programm und stundenweise Betreuung".
    rf"|, [\w ]{{3,25}} und (?:stunden|zeit|tage)weise {_CARE}\W*$"
    r"|\bfuer kinder (?:ab|von|unter|bis|zwischen) [^.]{1,30}\b(?:bieten|gibt|haben) (?:wir|es)"
    r" [^.]{0,30}\bbetreuung\b(?! (?:zu|nach|auf) (?:ihnen|hause))"
    r"|\bmit betreuungs(?:programm|angebot) fuer (?:die |ihre |eure )?(?:kinder|kleinen)\b"
    r"|\bkinderprogramm mit betreuung|\bspielen (?:die|ihre|eure) kinder mit \w+ betreuer"
    rf"|\b(?:es gibt|gibt es)\b(?:[\w,\- ]){{0,60}} {_CARE}\b"
    r"|\b(?:fuer )?(?:die|ihre|eure) (?:kinder|kleinen) (?:gibt|ist|wird|steht|bieten)\b[^.]{0,60}"
    r"\bbetreuung\b"
    r"|\b(?:ihre|eure|die) (?:kinder|kleinen) (?:betreuen|beaufsichtigen)"
    r"|\b(?:betreuen|betreut) (?:\w+ ){0,5}?(?:ihre|eure|die) (?:kinder|kleinen) (?:waehrend"
    r"|solange|in dieser|parallel|nebenan)"
    r"|\b(?:waehrend\w*|parallel|solange|in dieser zeit)\b(?:[\w,\-]* ){0,7}?(?:betreu(?:en|t)"
    r"|beaufsichtig(?:en|t)) (?:\w+ ){0,5}?(?:ihre|eure|die) (?:kinder|kleinen)"
)
_CARER = (
    r"(?:\w*erzieher\w*|tagesm\w+|kinderfrau\w*|fachkraft|(?:\w*fach)?kraefte\w*|mitarbeiter\w*"
    r"|\w*paedagog\w+|\w*betreuer\w*|jugendleiter\w*|ehrenamtliche\w*|babysitter\w*|praktikant\w*"
    r"|jemand|teamer\w*|\w*helfer\w*|unser team|\w*betreuungsteam|leihomas?|betreuerin(?:nen)?"
    r"|fsj\w*"
    r"|student\w+)"
)
_KIDS = (
    r"(?:(?:klein)?kindern?|ihr(?:e|em)? kind|kleinen|kleinsten|kids|nachwuchs|dein kind"
    r"|euer kind)"
)
_WHILE = (
    r"(?:zeitgleich|gleichzeitig|parallel|waehrenddessen|waehrend\w*|derweil|solange|in (?:dieser"
    r"|der) zeit"
    r"|nebenan|im nebenraum)"
)
# Somebody looks after the children without the word for it: "zwei Erzieherinnen passen auf".
_MINDED = Cued(
    rf"\b(?:{_CARER}|wir)\b(?: [\w\-]+){{0,4}} pass(?:en|t)\b(?: [\w\-]+){{0,6}} auf\b"
    rf"|\bauf (?:die|ihre|eure|deine) {_KIDS} (?:pass(?:en|t)|wird)\b[^.]{{0,60}}\b(?:auf"
    rf"|aufgepasst)\b"
    rf"|\bpass(?:en|t) (?:\w+ ){{0,3}}?auf (?:\w+ )?{_KIDS}\b"
    rf"|\b{_CARER} (?:\w+ ){{0,3}}?(?:betreu(?:t|en)|beaufsichtig(?:t|en)|kuemmer(?:t|n) sich "
    rf"(?:\w+ )?um)"
    rf" (?:\w+ ){{0,3}}?{_KIDS}\b"
    rf"|\b{_WHILE}\b[^.]{{0,60}}\b(?:spielangebot|kinderprogramm|programm fuer (?:die )?kinder)\b"
    rf"|\b{_KIDS}\b[^.]{{0,40}}\b{_WHILE}\b[^.]{{0,60}}\b(?:{_CARER}|unter aufsicht|versorgt)\b"
    rf"|\b{_WHILE}\b[^.]{{0,60}}\b(?:{_CARER}|wir)\b[^.]{{0,40}}\bmit (?:den|ihren|euren|deinen"
    rf"|ihrem"
    r"|eurem|deinem) kind"
    rf"|\b{_CARER}\b[^.]{{0,40}}\b{_WHILE}\b[^.]{{0,40}}\b{_KIDS}\b"
    rf"|\b(?:spielgruppe|spielangebot) (?:\w+ )?mit (?:\w+ )?{_CARER} nebenan"
    r"|\bfuer (?:die|ihre|eure) (?:kleinen|kleinsten|kids)\b (?:ist|wird) (?:\w+ )?gesorgt"
    r"|\b(?:kinderbetreuer|babysitter)\w* (?:ist|sind) (?:\w+ )?(?:da|dabei|vor ort|anwesend)\b"
    r"|\bbetreute[snr]? (?:spielgruppe|kinderspielgruppe|kindergruppe|spielangebot|kinderprogramm"
    r"|spielecke|spielzimmer|spielraum"
    r"|kinderecke)\b"
    rf"|\b(?:kinder|spiel)(?:ecke|zimmer|raum|bereich|programm)\b,? (?:mit|und|unter|,)? ?(?:\w+ )?"
    rf"(?:{_CARER}|betreuung|aufsicht|betreut)\b"
    rf"|\b{_KIDS}\b[^.]{{0,30}}, (?:es gibt|wir haben|mit) (?:auch |eine )?betreuung\b"
    rf"|\b{_WHILE}\b[^.]{{0,60}}\bunter aufsicht\b"
    rf"|\b{_WHILE}\b[^.]{{0,40}}\b{_KIDS}\b[^.]{{0,30}}\bmit (?:\w+ )?{_CARER}\b"
    rf"|\b{_WHILE}\b[^.]{{0,60}}\bkuemmer\w+ (?:wir )?(?:uns|sich) (?:\w+ ){{0,3}}?um (?:\w+ )?"
    rf"{_KIDS}\b"
    rf"|\b(?:{_CARER}|menschen|leute|personen|frauen), die (?:\w+ )?mit (?:den|euren|ihren) {_KIDS}"
    r" (?:spielen|basteln|malen|toben)\b"
    rf"|\bspielt (?:\w+ ){{1,3}}?mit (?:ihrem|deinem|eurem|ihren|euren|den) kind"
    rf"|\b{_WHILE} (?:spielen|spielt|bastelt|basteln) (?:\w+ ){{1,4}}?mit (?:den|euren"
    rf"|ihren) {_KIDS}\b"
    rf"|\b{_KIDS}\b[^.]{{0,40}}\b{_WHILE}\b[^.]{{0,40}}\b(?:spielstube|spielzimmer|spielgruppe|kinderstube|kita"
    r"|krippe) (?:bleiben|spielen|sein)\b"
    rf"|\b{_KIDS} (?:[\w\-]+ ){{0,3}}?(?:spiel|bastel|mal|tob)(?:en|n|t)\b[^.,]{{0,25}}? mit "
    rf"(?:den|unsere[nmr]?|einer|einem|zwei) (?:\w+ )?{_CARER}\b"
    rf"|\b(?:\w*paedagog|\w*erzieher|\w*betreuer|teamer)\w* (?:spielen|spielt|basteln|bastelt|malen"
    rf"|malt) (?:\w+ ){{0,2}}?mit (?:den|ihren|euren) {_KIDS}\b"
    rf"|\bkuemmer\w+ sich (?:\w+ )?{_CARER} (?:\w+ )?um (?:\w+ )?{_KIDS}\b"
    r"|\bwaehrend\w* [^.]{0,40}\bspiel(?:t|en)\b[^.]{0,50}\bmit (?:ihrem|eurem|deinem|den"
    r"|ihren) kind"
    r"|\bfuer (?:die|eure|ihre) kinder (?:gibt es|bieten wir|haben wir|ist) (?:\w+ ){0,3}?"
    r"(?:kinder)?"
    r"(?:programm|spielangebot)\b|\bbabysitter vor ort|\bparallele?s? kinderprogramm"
    rf"|\b{_KIDS} (?:\w+ ){{0,2}}?in (?:dieser|der) zeit (?:\w+ )?(?:gut )?versorgt"
    rf"|\b{_KIDS} (?:[\w\-]+ ){{0,6}}?(?:in (?:besten|guten|liebevollen) haenden|gut aufgehoben"
    r"|gut versorgt|bestens versorgt)\b"
    rf"|\b{_KIDS} (?:[\w\-]+ ){{0,3}}?(?:nebenan|im (?:neben|spiel)\w+)[^.]{{0,40}}\b{_CARER}\b"
    rf"|\b{_WHILE}\b[^.]{{0,40}}\b(?:wir|{_CARER})\b[^.]{{0,30}}\b{_KIDS} (?:\w+ )?"
    r"(?:huete\w*|betreu\w*|beaufsichtig\w*|unterhalten|bespassen|beschaeftigen)\b"
    rf"|\b(?:wir|{_CARER}) huete\w* (?:\w+ ){{0,3}}?{_KIDS}\b"
)
_BESIDE = (
    r"(?:(?:im|in (?:einem|unserem|dem)) (?:[\w-]+ )?(?:neben|spiel|bewegungs|kinder|tobe)raum\w*"
    r"|nebenan|im spielzimmer|in der (?:turnhalle|spielecke|krabbelecke|spielstube))"
)
_THEIR = rf"(?:die|eure|ihre|deine|unsere) {_KIDS}"
# Somebody is with the children, in a programme or a room of their own.
_ATTENDED = Cued(
    # "Die Kinder spielen unter Aufsicht im Raum nebenan."
    rf"\b{_KIDS} (?:[\w\-]+ ){{0,4}}?(?:spiel|bastel|mal|tob|turn)\w* (?:[\w\-]+ ){{0,3}}?unter "
    r"(?!ihrer|eurer|deiner|elterlicher)(?:\w+ )?aufsicht\b"
    r"(?! (?:der|ihrer|eurer|von|durch) (?:\w+ )?(?:eltern|muetter|vaeter|erziehungsberechtigt))"
    # "Für die Kinder ist eine Betreuerin da."
    rf"|\bfuer {_THEIR} (?:ist|sind|steht|stehen|kommt) (?:[\w\-]+ ){{0,3}}?{_CARER} (?:[\w\-]+ )?"
    r"(?:da|dabei|bereit|vor ort|zur verfuegung|dazu)\b"
    # As in "ein eigenes Programm für die Kinder mit zwei Betreuerinnen".
    rf"|\b\w*programm fuer {_THEIR},? (?:begleitet |geleitet |angeleitet |gestaltet )?"
    rf"(?:mit|von|durch|unter anleitung von) (?:[\w\-]+ ){{0,2}}?{_CARER}"
    # "Zwei Ehrenamtliche betreuen sie im Nebenraum": the children of the words before.
    rf"|\b{_KIDS}\b[^.]{{0,60}}[:;,–-] ?(?:[\w\-]+ ){{0,2}}?{_CARER} (?:betreu\w+ (?:\w+ )?sie"
    r"|beaufsichtig\w+ (?:\w+ )?sie|pass\w+ (?:\w+ )?auf sie|kuemmer\w+ sich (?:\w+ )?um sie)\b"
    rf"|\b{_CARER} (?:betreu\w+|beaufsichtig\w+|beschaeftig\w+) {_THEIR} (?:[\w\-]+ ){{0,2}}?"
    rf"{_BESIDE}"
    rf"|\b{_KIDS}\b[^.]{{0,60}}, (?:[\w\-]+ ){{0,3}}?{_CARER} (?:\w+ ){{0,2}}?schau\w* nach ihnen\b"
    rf"|\bfuer {_THEIR} ein (?:[\w\-]+ ){{0,4}}?\w*programm mit (?:[\w\-]+ ){{0,2}}?{_CARER}"
    rf"|\bspielen (?:unsere|die) {_CARER} mit (?:den|ihren|euren) {_KIDS}\b"
    # What the children's programme is for: the parents are free meanwhile.
    r"|\bkinderprogramm, (?:so ?dass|dann|damit) (?:\w+ ){0,4}?"
    r"(?:zeit fuer (?:sich|euch|dich)|frei|in ruhe)\b"
)
# Who needs it is to say so: it is there.
_ASKED_FOR = Cued(
    rf"\b(?:benoetig\w+|brauch\w+|wuensch\w+) (?:\w+ ){{0,3}}?{_CARE}\b.{{0,20}}\b(?:bescheid"
    rf"|melde\w*"
    rf"|anmeld\w*|angeben|geben sie|gebt|sagen sie|teilen sie|teilt)\b"
    rf"|\bwer (?:eine )?{_CARE} (?:brauch\w*|benoetig\w*|moechte"
    rf"|wuensch\w*)\b.{{0,20}}\b(?:melde\w*"
    r"|sag\w*|gib\w*)\b"
)
# Named in a row of what the offer has: "kostenlos, Kinderbetreuung, rollstuhlgerecht".
_LISTED = Cued(rf"(?:^|[,;|·•+✓✔]) ?{_CARE} ?(?:$|[,;|·•✓✔])")
_LEFT_AT_HOME = Cued(
    rf"\b(?:die |ihre |eure )?{_KIDS} (?:\w+ ){{0,3}}?(?:koennen|duerfen|sollen) "
    rf"(?:\w+ ){{0,3}}?nicht"
    r" (?:\w+ )?(?:mitkommen|mitgebracht|mitgenommen|teilnehmen|dabei)"
    r"|\b(?:bitte (?:\w+ ){0,2}?|^\W*|(?:abend|nachmittag|treffen|termin|kurs|gruppe)\w* (?:ist "
    r"|findet )?)"
    r"ohne (?:ihre |eure )?kinder\b|\bkinder (?:bitte )?(?:zu hause"
    r"|daheim) (?:lassen|lasst)|\blass\w* (?:\w+ )?(?:die|eure|ihre) kinder (?:\w+ )?(?:zu hause"
    r"|daheim)"
    rf"|\b{_KIDS} bleib(?:en|t) (?:\w+ ){{0,3}}?(?:zu hause|zuhause|daheim)\b"
    r"|\blassen sie (?:\w+ )?(?:die|ihre) kinder (?:\w+ )?(?:zu hause|daheim)"
)
# Denied without naming the children: "für Jüngere haben wir leider keine Betreuung".
_NO_CARE = Cued(
    r"\b(?:leider|derzeit|zurzeit) (?:\w+ )?keine betreuung\b"
    r"|\bbetreuung (?:gibt es|bieten wir|findet) (?:\w+ ){0,2}?nicht\b"
    r"|\bbetreuung (?:koennen|kann) (?:\w+ ){0,3}?nicht (?:an(?:ge)?b\w+|geleistet|leisten"
    r"|gestellt|stellen|gewaehrleiste\w+)\b"
    r"|\bkeine betreuung (?:vor ort|moeglich|angeboten|waehrend|an)\b"
)
# Childcare as a subject, as another's duty, or as what the reader lacks: nothing of this offer.
_SUBJECT = Cued(
    rf"^\W*ohne {_CARE} (?:keine|geht|kein)\b|"
    r"\bwer (?:\w+ )?passt\b|\b(?:zu|zur|zum|ueber|rund um|nach|suche\w*|finden|fragen|thema"
    r"|kosten|vermitt\w+"
    r"|vereinbar\w+|fehlend\w*|steuer\w*|antrag|gutschein|platz|bezahl\w*) (?:(?:der|die"
    r"|eine[rnm]?|ihre[rnm]?|passende[rnm]?|geeignete[rnm]?|flexible[rnm]?|guten?|den"
    rf"|einen) ){{0,3}}{_CARE}"
    rf"|\b(?:wenn|falls|wer|die|eltern) (?:\w+ ){{0,3}}?(?:keine |ohne "
    rf"|eine )?{_CARE} (?:\w+ )?(?:haben|hat|ausfaellt|fehlt|brauch\w+|benoetig\w+|such\w+|dasteht"
    r"|dastehen|finden)"
    rf"|\b{_CARE} waehrend (?:einer |von )?massnahmen?\b"
    rf"|\b(?:vermitt\w+) (?:\w+ ){{0,4}}{_CARE}|{_CARE} (?:\w+ ){{0,3}}(?:vermitt\w+|beantrag\w*"
    r"|absetz\w*)"
)
_YOURSELF = Cued(
    rf"\b(?:organisier\w+|sorgen|kuemmern) (?:\w+ ){{0,5}}?{_CARE} (?:\w+ ){{0,2}}?selbst"
    rf"|{_CARE} (?:\w+ ){{0,4}}?selbst (?:\w+ ){{0,2}}?(?:organisier|sorgen|kuemmern)"
    rf"|\b(?:sorg\w*|kuemmer\w*|organisier\w*) (?:\w+ ){{0,3}}?selbst (?:\w+ ){{0,3}}?{_CARE}"
)
_IS_CARE = Cued(
    r"betreuung|\bkita|tagespflege|tagesm|babysit|(?:leih|wunsch)-?(?:oma|opa|grosseltern)"
    r"|kindergarten|\bkrippe|\bhort\b"
    r"|grosselterndienst|notmuetter"
)
_WITH = Cued(rf"\b(?:mit|inkl\w*\.?|parallele?r?|ohne|samt|plus|\+|&) (?:\w+ ){{0,2}}?{_CARE}")


def read_childcare(offer: RecordText, context: Context) -> Reading:  # noqa: ARG001
    """State "childcare" True or False where the record says so of the offer's own hours.

    "Bring your children" is no childcare. An offer that is itself childcare has no statement.
    """
    reading = Reading()
    title = fold_passage(offer.title)
    said = heard(title)
    if said & _IS_CARE.cue and _IS_CARE.pattern.search(_WITH.sub("", title, said)):
        return reading
    for sentence in offer.sentences(_CUES, _ROLES):
        value = _judge(sentence.folded, sentence.said)
        if value is not None:
            reading.statements.append(
                Statement("childcare", value, sentence.quote, sentence.locator, READER)
            )
            break
    return reading


@remembered
def _judge(text: str, said: int) -> bool | None:
    word = _WORD.search(text, said)
    if _YOURSELF.search(text, said) or _NO_CARE.search(text, said):
        return False
    if _ASKED_FOR.search(text, said):
        return True
    if _SUBJECT.search(text, said):
        return None
    if _LEFT_AT_HOME.search(text, said) or (word and negated(text, word.start(), word.end())):
        return False
    offered = _OFFERED.search(text, said) or _MINDED.search(text, said)
    offered = offered or _ATTENDED.search(text, said) or _LISTED.search(text, said)
    if offered is None:
        return None
    return word is not None or not negated(text, offered.start(), offered.end())
