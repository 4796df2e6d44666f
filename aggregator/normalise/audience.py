"""For whom an offer is: groups of people, and ages of children."""

from __future__ import annotations

import re
from collections.abc import Iterator

from aggregator.normalise.context import Context
from aggregator.normalise.cues import EVERY, Cued, listen
from aggregator.normalise.negation import denied
from aggregator.normalise.statement import Reading, Statement
from aggregator.normalise.wording import RecordText, Sentence, remembered
from aggregator.vocabulary.facets import AUDIENCE_RULES
from aggregator.vocabulary.folding import words
from crawlers.record import Role

READER = "audience@2"

_NAMED = frozenset({Role.TITLE, Role.AUDIENCE})
_IN_TEXT = frozenset({Role.TEXT})
_CUES = listen(
    "fuer ", "richte", "wende", "zielgruppe", "eingeladen", "willkommen", "jahr", "monat", "mit ",
    "helf", "hilft", "begleit", "unterstuetz", "berat", "staerk", "entlast", "ermutig", "lernen",
    "treffen", "tausch", "kommen", "leben", "sitzen", "finden", "koennen", "reden", "erfahren",
    "erwarten", "paar", "zahlen", "wohnen", "ueben", "erhalten", "bekommen", "duerfen",
)  # fmt: skip
# Where the sentence turns to its audience: what stands before is the offer, not whom it is for.
_TURN = Cued(
    r"\b(?:fuer(?! die (?:kinder )?ist)"
    r"(?! (?:die |alle |ihre |eure |kleine\w* )?(?:kinder|geschwister)(?: [\w-]+){0,5}"
    r" (?:gibt es|ist|sind|steht|bieten wir|haben wir|wird|werden) (?:[\w-]+ ){0,4}"
    r"(?:\w*betreuung|\w*betreuer\w*|betreut|gesorgt|spielecke|spielbereich|aufsicht|babysitter\w*))"
    r"|richte[tn] sich an|richten uns an|wende[tn] sich an"
    r"|zielgruppe\w*|eingeladen(?: sind)?|mit anderen|(?:helfen|hilft|begleiten|unterstuetzen"
    r"|beraten|staerken|entlasten|suchen mit|ermutigen|ueben|lernen|finden"
    r"|zahlen|koennen|erhalten|bekommen|kommen|duerfen|leben|wohnen)"
    r"(?= (?:jungen?|allein\w*|werdende\w*"
    r"|schwangere\w*|muettern?|vaetern?|eltern|paaren?|frauen|familien)\b))\b"
)
_WELCOME = Cued(r"^(.{3,80}?) (?:sind|ist) (?:\w+ ){0,3}?(?:willkommen|eingeladen)")
# Who does something there opens the sentence: "Mütter mit kleinen Kindern lernen Deutsch".
_WHO_COMES = Cued(
    r"^((?:junge\w* |alleinerziehende\w* |werdende\w* )?(?:muetter|vaeter|eltern|frauen|familien"
    r"|schwangere|alleinerziehende)(?:, die [^,]{3,50},)?(?: [\w,]+){0,7}?) "
    r"(?:lernen|treffen|tauschen|kommen|sitzen|leben|finden"
    r"|erhalten|bekommen|koennen|ueben|reden|sprechen|erfahren|duerfen|erarbeiten"
    r"|machen|kochen|basteln)\b"
)
# Who helps there ends whom it is for: "für die Kinder, begleitet von zwei Fachkräften".
_BY = re.compile(
    r"\b(?:begleitet|betreut|geleitet|angeleitet|moderiert|angeboten|veranstaltet|organisiert"
    r"|durchgefuehrt|vermittelt|gestaltet) (?:von|durch)\b.*"
)
# Behind a verb of help only who stands next is meant.
_SAYS_FOR_WHOM = ("fuer", "richte", "wende", "zielgruppe", "eingeladen")
_WITH_CHILD = re.compile(r"\b(?:mit|und|samt) (?:ihr\w* |kleinen? |den )*(?:kindern?|babys?)\b")

_SPAN = r"(\d{1,2}) ?(?:-|–|bis|und) ?(?:zu )?(\d{1,2})[ -]?(jahre?n?|jaehrige?n?|monate?n?)"
_AGE = re.compile(
    rf"\b{_SPAN}\b|\b(unter|bis(?: zu)?|bis unter|ab) (\d{{1,2}})[ -]?(jahre?n?|monate?n?)\b"
    r"|\b(ersten|zweiten|dritten|vierten) (?:lebensjahr|geburtstag)"
)
_CHILD = Cued(
    r"\bkind|baby|saeugling|jugendlich|schueler|maedchen|jungen\b|lebensjahr|jaehrig"
    r"|spielgruppe|spielkreis|krabbel|ferienspiel|feriencamp|ferienfreizeit"
)
_NUMBER = {
    word: str(number)
    for number, word in enumerate(
        ("ein", "zwei", "drei", "vier", "fuenf", "sechs", "sieben", "acht", "neun", "zehn", "elf",
         "zwoelf", "dreizehn", "vierzehn", "fuenfzehn", "sechzehn"), 1
    )
}  # fmt: skip
_WORDS = "|".join(_NUMBER)
_IN_WORDS = re.compile(rf"\b({_WORDS})-? bis ({_WORDS})(?=[ -]?(?:jaehrig|jahre|monate))")
# Ages that tell what children cost, who is minded meanwhile, and when an office asks for more.
_PRICED = re.compile(r"\)?:?(?: zahlen| kosten)? (?:\d+(?:,\d\d)? ?(?:€|eur)|frei\b|kostenlos)")
_MINDED = re.compile(r"\bbetreut\b|\bbetreuung\b|\bbeaufsichtigt\b")
_MEANWHILE = re.compile(
    r"\b(?:waehrend|waehrenddessen|solange|parallel|zeitgleich|nebenan|(?:im|in einem) neben(?:raum"
    r"|zimmer)|im spielzimmer|in der spielecke|gibt es|haus betreut)\b"
)
_ORDINAL = {"ersten": 1, "zweiten": 2, "dritten": 3, "vierten": 4}
_GROWN = 21  # "Beratung seit 30 Jahren", "ab 25 Jahren": no age of a child


def read_audience(offer: RecordText, context: Context) -> Reading:  # noqa: ARG001
    """State "audience": codes of `aggregator.vocabulary.facets`, and "age:0-3" for children.

    Title and stated target group count as they are, a text only where it turns to its readers
    ("für …", "richtet sich an …", "… sind willkommen"). Ages are in years; months are rounded down
    from, up to.
    """
    reading = Reading()
    seen: set[str] = set()
    for sentence in _addressed(offer):
        for code in _judge(sentence.folded, sentence.said, sentence.role):
            if code not in seen:
                seen.add(code)
                reading.statements.append(
                    Statement("audience", code, sentence.quote, sentence.locator, READER)
                )
    return reading


def _addressed(offer: RecordText) -> list[Sentence]:
    return offer.sentences(EVERY, _NAMED) + offer.sentences(_CUES, _IN_TEXT)


@remembered
def _judge(text: str, said: int, role: Role) -> tuple[str, ...]:
    return (*_groups(text, said, role), *_ages(text, said))


def _groups(text: str, said: int, role: Role) -> Iterator[str]:
    if role not in _NAMED:
        turn = _TURN.search(text, said)
        welcome = _WELCOME.search(text, said) or _WHO_COMES.search(text, said)
        if turn is None and welcome is None:
            return
        if welcome:
            text = welcome[1]
        elif turn:
            reach = 160 if text.startswith(_SAYS_FOR_WHOM, turn.start()) else 45
            text = text[turn.start() : turn.start() + reach]
    told = words(_WITH_CHILD.sub(" ", _BY.sub("", text)))
    for rule, at in AUDIENCE_RULES.hits(told):
        if not denied(told, at):
            yield from rule.weights


def _ages(text: str, said: int) -> Iterator[str]:
    if "jahr" not in text and "monat" not in text and "jaehrig" not in text:
        return
    if not _CHILD.search(text, said):
        return
    if _MINDED.search(text) and _MEANWHILE.search(text):
        return
    text = _IN_WORDS.sub(lambda span: f"{_NUMBER[span[1]]} bis {_NUMBER[span[2]]}", text)
    for match in _AGE.finditer(text):
        if _PRICED.match(text, match.end()) or text.endswith("bei kindern ", 0, match.start()):
            continue
        if age := _age(match):
            yield age


def _age(match: re.Match[str]) -> str | None:
    low, high, unit, bound, number, of, ordinal = match.groups()
    if ordinal:
        return f"age:0-{_ORDINAL[ordinal]}"
    if low:
        first, last = int(low), int(high)
    else:
        first, last = (int(number), 0) if bound == "ab" else (0, int(number))
        unit = of
    if unit.startswith("monat"):
        first, last = first // 12, -(-last // 12)
    elif bound and "unter" in bound:
        last -= 1
    if max(first, last) > _GROWN or (last and last < first):
        return None
    return f"age:{first}-{last}" if bound != "ab" else f"age:{first}-"
