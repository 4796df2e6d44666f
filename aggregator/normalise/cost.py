"""What an offer costs those who use it: free or paid, and how much."""

from __future__ import annotations

import re
from itertools import pairwise

from aggregator.normalise.context import Context
from aggregator.normalise.cues import Cued, heard, listen
from aggregator.normalise.pattern import at_words
from aggregator.normalise.statement import Reading, Statement
from aggregator.normalise.wording import RecordText, Sentence, fold_passage, remembered
from crawlers.record import Role

READER = "cost@8"

_ROLES = frozenset({Role.TITLE, Role.TEXT, Role.COST, Role.HOURS, Role.AUDIENCE, Role.IMAGE_TEXT})
_CUES = listen(
    "kost",
    "eur",
    "€",
    "gebuehr",
    "frei",
    "entgelt",
    "spende",
    "beitrag",
    "beitraeg",
    "kleines geld",
    "wenig geld",
    "kein geld",
    "ohne geld",
    "umsonst",
    "gratis",
    "preis",
    "eigenanteil",
    "eintritt",
    "zahl",
    "fuer kleines",
    ",-",
    "aufs haus",
)

_FREE = Cued(
    r"\b(?:kosten(?:los|frei|neutral)(?:e[rnsm]?)?|kosten-? ?(?:und|&) ?(?:barriere"
    r"|gebuehren)frei(?:e[rnsm]?)?"
    r"|(?:gebuehren|beitrags)frei(?:e[rnsm]?)?|unentgeltlich(?:e[rnsm]?)?|gratis|umsonst"
    r"|(?:eintritt|teilnahme|zutritt|zugang)(?: ist| :|:)? (?:\w+ ){0,3}frei(?![\w-])"
    r"|(?:eintritt|zutritt) (?:ist )?(?:an |am |jeden )(?:\w+ ){1,5}frei(?![\w-])"
    r"|freie[rn]? eintritt"
    r"|freier zutritt|(?:auf )?spendenbasis|(?:zahlen|zahlt) (?:muessen|muesst|musst)? ?(?:sie|ihr"
    r"|du) nichts"
    r"|(?:sie|ihr|du) (?:zahlen|zahlt|zahlst|bezahlen|bezahlt) nichts|kostet (?:sie |euch "
    r"|dich |(?:das|der|die) [\w-]+ )?(?:nichts|nix|keinen cent)"
    r"|kosten (?:sie|euch|dich) (?:nichts|nix|keinen cent)"
    r"|(?:kaffee|tee|getraenke|fruehstueck|essen|alles) geh(?:t|en) aufs haus\b)"
)
# "Kosten: kostenfrei, Frühstück 1,50 €": what is asked for after it is something beside.
_FREE_FIRST = re.compile(
    r"^\W*kosten: (?:(?:beratung|vermittlung|teilnahme|eintritt)(?: und)? ){0,3}"
    r"(?:kosten(?:frei|los)|gebuehrenfrei|frei|keine)[,;] "
    r"(?!ab |danach|sonst|nicht|erwachsene|gaeste|alle|fuer (?:erwachsene|gaeste|alle|nicht))"
)
# A label and its answer on lines of their own.
_COSTS_LABEL = re.compile(r"\W*(?:kosten|gebuehr(?:en)?|beitrag)\W*")
_SHORT = 16  # letters of such an answer at most
_COSTS_NONE = re.compile(r"\W*(?:keine?|kostenlos|kostenfrei|gebuehrenfrei|frei)\W*")
# What is free (or paid) here is something beside the offer, or another's offer.
_BESIDE = re.compile(
    r"^(?:e[rnsm]?)? ?(?:[\w\-]+ ){0,2}?(?:park|wlan|w-lan|hotline|rufnummer|servicenummer"
    r"|service-nummer|nummer|infomaterial|material\b"
    r"|getraenk|snack|kaffee|broschuere|ratgeber|download|newsletter|aus dem (?:\w+ )?(?:fest"
    r"|mobil)?netz|aus dem (?:fest|mobil)|anruf|app\b"
    r"|testversion|kinderbetreuung|betreuung|angebote\b"
    r"|in (?:\w+ ){0,3}?(?:baeder|museen|museum|zoo|theater|kinos?|schwimm\w+)\b"
    r"|kita|mitversicher|verhuetungsmittel|mittagessen|schulbuecher|nahverkehr|tickets?\b)"
)
_SPEAKS_OF = re.compile(
    r"\b(?:informier\w*|beraten?|beratung|fragen|hilf\w*|infos?|informationen|antrag|liste"
    r"|ueberblick) (?:\w+ ){0,4}?(?:ueber|zu|zur|zum|bei|beim|auf(?! antrag)|von) (?:\w+ ){0,3}$"
)
# "0800 5550100 (gebührenfrei)": the call.
_CALLED = re.compile(r"\d[\d /-]{4,}\d ?\((?:\w+ )?$|\b0800[\d /-]{5,}\d[ ,–-]*$")
_NOT = re.compile(r"\b(?:nicht|kein\w{0,2}) (?:\w+ )?$")  # of an adjective: right before it
_NOT_OFFERED = (_SPEAKS_OF, _CALLED, _NOT)
_NONE = Cued(
    r"\bwas kostet[^?]{0,25}\?[: ]*(?:gar )?(?:nichts|nix)\b|^\W*(?:kosten|gebuehr|beitrag"
    r"|eintritt): frei\W*$|"
    r"\b(?:kosten|beitrag|kostenbeitrag|unkostenbeitrag|teilnahmebeitrag)(?: ?:"
    r"| ist)? (?:freiwillig|spende\w*)\b|"
    r"\b(?:ganz|voellig|komplett|alles) ohne geld\b|"
    r"\b(?:nehmen und geben|geben und nehmen|bringen und holen|(?:ge)?tauscht?(?:en)?"
    r"|verschenk\w+)\b[^.;]{0,30}\bohne geld\b|"
    r"\b(?:keine?(?:rlei)?|ohne) (?:\w+ ){0,2}?(?:kosten|(?:teilnahme|teilnehmer"
    r"|kurs)?(?:gebuehr(?:en)?"
    r"|beitrag|beitraege)|eintritt|unkosten)\b"
    r"|\b(?:un)?(?:kosten|(?:kurs|teilnahme|teilnehmer)?gebuehr(?:en)?|eintritt"
    r"|(?:teilnahme|teilnehmer|(?:un)?kosten)?beitrag|eigenanteil|entgelt|preis)\b"
    r"(?: ?\??:| ?\?| -| –)? ?"
    r"(?:keine?[rsn]?|entfaellt|entfallen|nichts|fallen nicht an)\b(?! \w+ preis)"
    r"|\b(?:nehmen|verlangen|kassieren) (?:\w+ ){0,2}?kein(?:en)? (?:geld|cent|euro)\b"
    r"|\bnichts (?:zu )?(?:be)?zahlen\b"
    r"|\bspende\b[^.;]{0,50}\b(?:kein muss|keine pflicht)\b"
    r"|\b(?:kosten|gebuehren) (?:\w+ ){0,4}?(?:fallen|entstehen) (?:\w+ ){0,3}?(?:nicht|keine)\b"
)
_BORNE = re.compile(  # somebody else pays, or it is money one gets: no price of the offer
    r"uebernehmen|uebernimmt|uebernommen|uebernahme|erstatt|bezuschuss|zuschuss|zuschuess|anspruch"
    r"|hoehe von|in hoehe|bewillig"
    r"|gefoerdert|foerdert|befreiung|ermaessigung auf(?! (?:an|nach)frage)|verdien|lohn\b"
    r"|(?<!nach )(?<!nach dem )(?<!nach ihrem )(?<!nach eurem )einkommen|erhalten sie|erhaelt"
    r"|bekomm"
    r"|auszahl|zahlt\b|zuschlag|(?<!material)(?<!essens)(?<!eintritts)(?<!kurs)(?<!\bam )geld\b"
    r"|kosten der unterkunft|absetz|steuer|konto|iban|kredit|schulden"
    r"|(?<!stunde )(?<!termin )(?<!treffen )(?<!betraegt )(?<!kostet )bis zu \d"
    r"|monatlich je kind"
    r"|schulbedarf|pauschale von"
    r"|gutschein ueber|freibetrag|unterhalt"
    r"|^\W*wer (?:mag|will|kann|moechte),? (?:gibt|spendet|legt|wirft)\b"
)
# "Die Krankenkasse übernimmt die Kosten.": all of them, and nothing is said of whose.
_OTHERS_PAY = Cued(
    r"\b(?:krankenkassen?|kassen?|jobcenter|agentur fuer arbeit|jugendamt)\b(?: oder (?:das |die )?"
    r"[a-z]+(?: fuer arbeit)?)? (?:uebernimmt|uebernehmen|traegt|tragen) (?:die |alle |ihre "
    r"|saemtliche )?"
    r"(?:kurs)?kosten(?: vollstaendig| komplett| ganz)?\s*(?:[.!;]|$)"
    r"|\bkosten werden (?:vollstaendig |komplett |ganz )?(?:vom|von der"
    r"|von den) (?:krankenkassen?|jobcenter|agentur fuer"
    r" arbeit|jugendamt) (?:uebernommen|getragen)"
    r"|^\W*die kosten (?:uebernimmt|traegt|zahlt) (?:die |das |der |ihre |deine "
    r"|eure )?(?:krankenkasse"
    r"|jobcenter|jugendamt|landkreis|kreis|stadt|gemeinde|land|bund|staat|verein|foerderverein"
    r"|stiftung)\W*(?:$|;)"
)
# "Bezahlt wird das von der Krankenkasse."
_PAID_BY = Cued(
    r"\b(?:be)?zahlt wird (?:das|es|alles|der kurs|die beratung) (?:von|vom|durch) (?:(?:der|die"
    r"|das|den|ihrer"
    r"|deiner|eurer) )?(?:krankenkassen?|kasse|jobcenter|jugendamt|landkreis|stadt)\b"
)
_IN_PART = re.compile(
    r"\b(?:teil\w*|anteilig|viele\w*|manche|einige|regel|meist\w*|oft|haeufig|antrag|kann|koennen"
    r"|bis zu"
    r"|wenn|falls|sofern)\b"
)
# The first of "20 bis 60 Euro" counts.
_SUM = r"(\d[\d.]{0,8}(?:,(?:\d\d?|-+|–))?)"
# "Kosten: 30,- je Familie": a sum without its currency.
_BARE_SUM = re.compile(r"(?<=\d),-(?=\s|$)(?! ?(?:€|eur))")
_MONEY = re.compile(
    rf"(?:€|\beur(?:o)?\b) ?{_SUM}"
    rf"|{_SUM}(?: ?(?:bis|-|–|(?<=\d )und) ?\d[\d.]{{0,8}}(?:,\d\d?)?)? ?(?:€|eur(?:o)?\b)"
)
# A market asks those who sell: "Standgebühr 8 €, für Gäste kostet der Markt nichts".
_GUESTS_FREE = re.compile(
    r"\bstand(?:miete|geld|gebuehr)\b.*\b(?:besucher\w*|gaeste|kaeufer\w*)\b[^.;]{0,40}"
    r"\b(?:frei|kostenlos|kostenfrei|nichts)\b"
)
_ONE_EURO = re.compile(r"(?<=\bfuer )ein(?:en)? euro\b")
_PRICE = re.compile(
    r"\b(?:un)?kosten(?:beitrag|beteiligung|punkt)?\b|beitrag|gebuehr|eintritt|preis|eigenanteil"
    r"|entgelt|\bkostet\b|teilnahme\b|pauschale|umlage|materialgeld|\brichtwert\b"
    r"|\bstand(?:miete|geld|gebuehr)\b"
)
# Who comes pays: "Erwachsene zahlen 3,50 Euro".
_ASKS = re.compile(
    r"^\W*(?:erwachsene|eltern|familien|teilnehm\w+|mitglieder|sie|ihr"
    r"|du|alle)\b[^.]{0,20}"
    rf"\b(?:zahl(?:en|st|t)|bezahlen|geben|ein)\b(?! wir)[^.]{{0,15}}{_SUM} ?(?:€|eur)"
    rf"|\bzahl(?:en|st|t) (?:sie|ihr|du|man) (?:nur |lediglich |pauschal )?{_SUM} ?(?:€|eur)"
)
# "kostet einmalig 10 Euro, jedes weitere Kind zahlt 5 Euro": only what others bear takes it back.
_COSTS = re.compile(r"\bkoste(?:t|n) (?:[\w-]+ ){0,4}?$")
_REFUNDED = re.compile(
    r"uebern[eio]\w+|erstatt|bewillig|befreiung|anspruch|gefoerdert|\bkostenlos\b|\btraegt\b"
)
# "Eigenanteil 120 Euro, Zuschüsse möglich", "60 €, wird von Kassen bezuschusst"
_PRICED = re.compile(
    r"\W*(?:(?:\w*kosten|\w*beitrag|\w*gebuehr|\w*preis|eintritt|eigenanteil)\w*:? (?:\w+ ){0,2}?)?"
    rf"{_SUM} ?(?:€|euro?\b)[^,.]{{0,30}}(?=[,.] )"
)
_LABEL = re.compile(
    r"(?:kosten|beitrag|gebuehr|preis|eintritt|teilnahme|eigenanteil)\w*(?: pro \w+)?:"
)
# A price of food, what one gets back, a bound: "Waffeln für 2 €", "Pfand: 10 €", "unter 500 €".
_OTHER_SUM = re.compile(
    r"\b(?:\w{0,20}kuchen|kaffee|getraenke?|imbiss|mittagessen|buffet|waffeln?) (?:fuer |je |ab )?$"
    r"|\b(?:pfand|kaution)(?: von|:)? $|\b(?:unter|mehr als|weniger als) $"
)
_PER = at_words(
    r"\bdie (?:woche|stunde|einheit|nacht|karte|doppelstunde)\b"
    r"|\bfuer (?:alle|den ganzen|die ganze|das ganze|den kurs|die reihe"
    r"|\w+ (?:treffen|abende|termine))\b"
    r"|\b(?:pro|je) [a-z]|/ ?(?:person|kind|familie|stunde|monat|tag|mal)|\b(?:mtl|monatlich)\b"
    r"|/ ?std\b|\b(?:danach|sonst|ansonsten) \d|\b\d+er-?karte\b|\bprobestunde\b|\bschnupper"
    r"|\bin die (?:\w*kasse|\w*dose)\b|ermaess|inkl|zzgl|plus|einkommen|selbsteinschaetzung"
    r"|nach ermessen|\bwir bitten um\b"
)
# A sum between commas, or one a group of people.
_LISTED = re.compile(
    rf"(?:^|[,.!?] ){_SUM} ?(?:€|eur(?:o)?\b)(?=$|[,.;!])"
    rf"|\b{_SUM} ?(?:€|eur(?:o)?) fuer (?:\w+ )?(?:tee|kaffee|obst|material|essen|verpflegung"
    r"|zutaten|fruehstueck|snacks?|getraenke|kopien)\b"
    rf"|\b(?:alle (?:anderen|uebrigen)|nicht-?mitglieder|gaeste) (?:zahlen )?{_SUM} ?(?:€|eur)"
    rf"|\b(?:erwachsene|kinder|familien|ermaessigt|alleinerziehende)\w* (?:ab \d+ )?{_SUM} ?(?:€"
    rf"|eur)"
)
_PAID = Cued(
    r"^\W*(?:\w*kosten|preise?|\w*gebuehr(?:en)?|\w*beitra(?:g|ege)):? (?:je )?(?:nach satzung"
    r"|nach (?:\w+ )?(?:selbsteinschaetzung|ermessen|moeglichkeit(?:en)?)"
    r"|nach (?:\w+ )?einkommen|einkommensabhaengig|gestaffelt)|"
    r"\b(?:guenstige|kleine|faire|niedrige) preise\b|"
    r"(?<!kaffee )(?<!kuchen )(?<!getraenke )(?<!snacks )"
    r"\b(?:zum|zu|fuer) (?:kleinen?m?|guenstigen|geringen|fairen|niedrigen) preise?n?\b"
    r"|\bkostenguenstige\w* (?!beratung)|"
    r"\b(?:entstehen|fallen) (?:\w+ ){0,2}?(?:geringe|kleine) \w*kosten\b|"
    r"\b\w*zahl\w* [^.]{0,40}\babhaengig vom einkommen\b|"
    r"\beinkommensabhaengige\w* (?:\w*beitra(?:g|ege)|\w*kosten|\w*gebuehr(?:en)?|preise?)|"
    r"\b\w*(?:kosten|gebuehr(?:en)?|beitra(?:g|ege)|preise?|entgelte?|beteiligung|zuzahlung)"
    r" (?:\w+ ){0,2}?"
    r"(?:richte[nt] sich"
    r"|(?:sind |ist )?nach (?:dem )?einkommen|gestaffelt|einkommensabhaengig)"
    r"|\b(?:gegen|fuer) (?:kleines|wenig|ein kleines) (?:geld|entgelt)\b|"
    r"\b(?:kosten|gebuehr(?:en)?|beitrag|preis)e? (?:richte[nt]|rich|staffel[nt]) sich nach\b"
    r"|\b(?:kosten|gebuehren|entgelt)pflichtig|\bgegen (?:\w+ ){0,4}?(?:\w*gebuehr|\w*beitrag"
    r"|entgelt|kostenbeteiligung|bezahlung|aufpreis)\b"
    r"|(?:gebuehr|beitrag|entgelt|kosten) (?:\w+ ){0,3}?(?:erhoben|wird faellig|ist zu zahlen"
    r"|faellt an|fallen an|erbeten)\b"
    r"|\bnicht (?:kostenlos|kostenfrei|gratis|umsonst)\b|\b(?:kleiner|geringer|geringe|kleine"
    r"|kostenguenstiger) (?:un)?(?:kostenbeitrag|teilnahmegebuehr|gebuehr|teilnahmebeitrag"
    r"|eigenanteil|kostenbeteiligung)"
)


def read_cost(offer: RecordText, context: Context) -> Reading:  # noqa: ARG001 - the readers' signature
    """State "cost" (free, paid) and "cost_amount" (EUR, the first amount asked for).

    Prices of other things (parking, a hotline), money that is paid *to* the family, and costs that
    somebody else bears say nothing.
    """
    reading = Reading()
    for sentence in offer.sentences(_CUES, _ROLES):
        found = _judge(sentence.folded, sentence.said, sentence.role)
        if found is None:
            continue
        free, amount = found
        if not reading.statements:
            reading.statements.append(_statement("cost", "free" if free else "paid", sentence))
        elif free:
            continue
        if amount is not None:
            reading.statements.append(_statement("cost_amount", amount, sentence))
        if free or amount is not None:
            break  # "gegen kleines Geld" waits for the sum
    if not reading.statements:
        reading.statements.extend(_labelled_none(offer))
    return reading


def _labelled_none(offer: RecordText) -> list[Statement]:
    """That nothing is asked for, where "Kosten" and "keine" stand on lines of their own."""
    for label, answer in pairwise(offer.passages):
        if (
            len(answer.text) <= _SHORT
            and label.role is answer.role is Role.TEXT
            and _COSTS_LABEL.fullmatch(fold_passage(label.text))
            and _COSTS_NONE.fullmatch(fold_passage(answer.text))
        ):
            quote = f"{label.text}\n{answer.text}"
            return [Statement("cost", "free", quote, answer.locator, READER)]
    return []


def _statement(field: str, value: str | float, sentence: Sentence) -> Statement:
    return Statement(field, value, sentence.quote, sentence.locator, READER)


_WORDS = {
    "ein": "1", "einen": "1", "zwei": "2", "drei": "3", "vier": "4", "fuenf": "5", "sechs": "6",
    "sieben": "7", "acht": "8", "neun": "9", "zehn": "10", "zwoelf": "12", "fuenfzehn": "15",
    "zwanzig": "20", "dreissig": "30", "fuenfzig": "50",
}  # fmt: skip
_SPELT = re.compile(
    rf"\b(?P<euro>{'|'.join(_WORDS)}) euro(?: (?:und )?(?P<cent>zwanzig|dreissig|fuenfzig))?\b"
)


def _in_digits(text: str) -> str:
    """Sums that are written in words, in digits: "zwei Euro fünfzig" is 2,50 Euro."""
    return _SPELT.sub(
        lambda m: f"{_WORDS[m['euro']]}{',' + _WORDS[m['cent']] if m['cent'] else ''} euro",
        text,
    )


@remembered
def _judge(folded: str, said: int, role: Role) -> tuple[bool, float | None] | None:
    """(free, amount), or None where the sentence names no price of the offer itself."""
    text = folded
    if ",-" in text:
        text = _BARE_SUM.sub(",- €", text)
    if " euro" in text:
        text = _in_digits(text)
    asked = 0.0 if _FREE_FIRST.match(text) else _asked(text, role)
    if asked is not None:
        return (False, asked) if asked else (True, None)
    said = said if text is folded else heard(text)
    if _PAID.search(text, said):
        return False, None
    paid = _OTHERS_PAY.search(text, said) or _PAID_BY.search(text, said)
    if paid and not _IN_PART.search(text):
        return True, None
    if _NONE.search(text, said):
        return True, None
    for match in _FREE.finditer(text, said):
        before, after = text[: match.start()], text[match.end() :].lstrip(" -")
        if not (_BESIDE.match(after) or any(p.search(before) for p in _NOT_OFFERED)):
            return True, None
    return None


_SENTENCE_END = re.compile(r"(?:[a-z]{3}|\)|\b\d\d?)[.!?] $")


def _clause(text: str, match: re.Match[str]) -> str:
    """What is said together with a sum: up to a semicolon, from "sonst" on."""
    if _SENTENCE_END.search(text, 0, match.start()):
        return text[match.start() :]  # "Mit dem Bus ab Rathaus. 10 Euro."
    begin = max(text.rfind(";", 0, match.start()) + 1, text.rfind("sonst ", 0, match.start()), 0)
    end = text.find(";", match.end())
    return text[begin : end if end >= 0 else len(text)].strip()


def _asked(text: str, role: Role) -> float | None:
    """The first amount that users of the offer are asked for, in EUR."""
    if " ein" in text:
        text = _ONE_EURO.sub("1 euro", text)
    match = _MONEY.search(text) if "€" in text or "eur" in text else None
    if match is None or _OTHER_SUM.search(text, 0, match.start()) or _GUESTS_FREE.search(text):
        return None
    clause = _clause(text, match)
    if (priced := _PRICED.match(clause)) and not _BORNE.search(priced[0]):
        clause = priced[0]  # who helps to pay says what the rest is worth, not what is asked
    if _COSTS.search(text, 0, match.start()) and not _REFUNDED.search(clause):
        clause = clause[: clause.find(", ", clause.find(match[0])) + 1] or clause
    if _BORNE.search(clause) and not _LABEL.match(clause) and not _ASKS.search(clause):
        return None
    bare = role is Role.COST or len(clause) - len(match[0]) < 30
    if not (bare or any(p.search(clause) for p in (_ASKS, _PRICE, _PER, _LISTED))):
        return None
    digits = (match[1] or match[2]).rstrip("-–").rstrip(",.")
    whole, _, cents = digits.partition(",")
    if not cents and re.fullmatch(r"\d{1,4}\.\d\d", whole):  # 2.50 €
        return float(whole)
    try:
        return float(f"{whole.replace('.', '')}.{cents or 0}")
    except ValueError:
        return None
