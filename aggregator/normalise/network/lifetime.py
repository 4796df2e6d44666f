"""When a network began and ended, and what it dates in between."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date

from aggregator.normalise.network.moment import Moment, moments
from aggregator.normalise.network.prose import Sentence
from aggregator.normalise.statement import Statement, Value

READER = "network.lifetime@1"

NETWORK = re.compile(
    r"\b(?!unterstützungsnetzwerke\b)\w*netzwerks?e?s?\b(?!\w)|\b\w*netz(?:es)?\b|"
    r"\b\w*bündnis(?:ses)?\b|"
    r"\b(?:kooperations)?verbund(?:es|s)?\b|\barbeitskreis(?:es)?\b|\bAK\b|"
    r"\brunde[rn]? tisch(?:es)?\b|"
    r"\bzusammenschluss(?:es)?\b|\ballianz\b|\binitiative alleinerziehend\w*",
    re.IGNORECASE,
)
"""The words a network calls itself by, in the singular: the plural speaks of others."""

_PROJECT = re.compile(
    r"\b(?:(?:modell|netzwerk)?projekt(?:es|s)?|vorhaben)\b(?!\s*[„\"“»])", re.IGNORECASE
)
_PARTNERS = re.compile(
    r"\b(?:die|unsere)\s+\w*partner(?:innen)?\b|\bwir\b|\bunsere? arbeit\b", re.IGNORECASE
)
# Something else that begins and ends, as the subject that opens a clause.
_OTHER = re.compile(
    r"^(?:und\s+)?(?:der|die|das|ein|eine|unser|unsere|dies\w*)"
    r"\s+(?:[\w„“\"-]+\s+){0,2}?[„\"]?\w*(?:verein|verband|träger\w*|"
    r"koordinierungsstelle|koordinationsstelle|koordination|koordinator\w*|koordinierung|"
    r"geschäftsstelle|"
    r"anlaufstelle|steuerungsgruppe|lenkungskreis|website|homepage|internetseite|portal|broschüre|"
    r"arbeitsgruppe|teilprojekt|gruppe|treff\w*|café|beratungsstelle|gmbh|stiftung|werk|"
    r"ausstellung|"
    r"fachtag\w*|studie|befragung)\b",
    re.IGNORECASE,
)
# The founding of what the page is about, told without its name: "Seit der Gründung 2018 …".
_UNNAMED = re.compile(
    r"^(?:seit\s+(?:der|unserer)\s+)?(?:gründung\w*|gegründet)\W+(?:(?:wurde|im|am|in|seit|jahre?|"
    r"januar|februar|märz|april|mai|juni|juli|august|september|oktober|november|dezember|"
    r"[\d.]{2,6})\W+){0,4}(?:19|20)\d\d\b",
    re.IGNORECASE,
)
_OFFICE = re.compile(
    r"\b(?:koordinierungs|koordinations|geschäfts|netzwerk)(?:stelle|büro)\b|"
    r"\b(?:netzwerk|projekt)koordin(?:ation|ierung)\b",
    re.IGNORECASE,
)
_ACTIVE = re.compile(
    r"\bgründete[nt]?\b|\br[ui]ef\w*\b.{0,80}\bins leben|\binitiierte\w*\b|"
    r"\bbaute\w*\b.{0,80}\bauf\b",
    re.IGNORECASE,
)
_FOUND = re.compile(
    r"\bge(?:g)?ründet\b|"
    r"\bgegründete[mnrs]?\s(?=(?:\w+\s)?\w*(?:netz|bündnis|verbund|arbeitskreis))|"
    r"\bgründete[nt]?\b|\bgründungs?\w*\b|\bins leben gerufen|"
    r"\br[ui]ef\w*\b.{0,80}\bins leben|"
    r"\b(?:besteht|existiert|gibt es|arbeitet|arbeiten|wirkt|vernetzt|vernetzen|aktiv)"
    r"\b(?=.{0,80}\bseit\b)|"
    r"\bseit\b(?=.{0,60}\b(?:gibt es|gibt's|besteht|existiert|arbeite[tn]|wirkt|vernetz\w+|"
    r"aktiv)\b)|"
    r"\bhervorgegangen\b|\b(?:fand|tat)(?:en)? sich\b.{0,200}\bzusammen\b|"
    r"\bgestartet\b|\bstartete[n]?\b|\bstartschuss\b|\ban den start\b|\barbeit auf(?:genommen|"
    r"nahm\w*)?\b|"
    r"\bnahm(?:en)?\b.{0,80}\bauf\b|\bentstand(?:en)?\b|\bzusammengeschlossen\b|"
    r"\bschloss(?:en)?\b.{0,100}\bzusammen\b|"
    r"\baus der taufe\b|\bzusammengefunden\b|\bgeschaffen\b|\baufgebaut\b|\bbegann(?:en)?\b|"
    r"\binitiiert\w*\b|"
    r"\beingerichtet\b|\bgebildet\b",
    re.IGNORECASE,
)
_END = re.compile(
    r"\bendet(?:e|en)?\b|\bläuft\b.{0,80}\baus\b|\blief(?:en)?\b.{0,80}\baus\b|"
    r"\bausgelaufen\b|\bl(?:ie|äu)f\w*\b.{0,20}\bbis\b|"
    r"\bbefristet\b|\bgefördert\b|\beingestellt\b|\baufgelöst\b|\bbeendet\b|\bprojektende\b|"
    r"\bgeschlossen\b(?<!ab)|"
    r"\bstellte\b.{0,80}\bein\b|\bbestand\b(?=.{0,40}\bbis\b)",
    re.IGNORECASE,
)
_FUNDED = re.compile(r"\bgefördert\b|\bbefristet\b|\bförder\w+|\bfinanzier\w+", re.IGNORECASE)
_TERM = re.compile(
    r"\b(?:projekt|förder)?laufzeit\b|\bförder(?:zeitraum|phase|periode)\b|"
    r"\bprojekt(?:zeitraum|phase|dauer)\b|"
    r"\b(?:bestand|existierte|arbeitete|lief|gefördert|war)\b",
    re.IGNORECASE,
)
_SPAN = re.compile(
    r"\b(?:projekt|förder)?laufzeit\b|\bförderzeitraum\b|\bprojektzeitraum\b", re.IGNORECASE
)
_CONTINUES = re.compile(
    r"\b(?:seither|seitdem|danach|anschließend|weiter\w*|fortgeführt|fort|verstetig\w+|"
    r"verlänger\w+|"
    r"nachfolg\w+|übern(?:immt|ahm|ommen)\w*|inzwischen|mittlerweile|heute|unbefristet|"
    r"dauerhaft)\b",
    re.IGNORECASE,
)
_EVENT = re.compile(
    r"\b(?:konstituiert\w*|eingerichtet|beschlossen|beschloss\w*|verabschiedet\w*|eröffnet\w*|"
    r"vorgestellt|"
    r"stellte\w*|unterzeichne\w+|zertifizier\w+|ausgezeichnet|verlängert|stattgefunden|"
    r"durchgeführt|"
    r"veröffentlicht\w*|erschien\w*|beigetreten|gewählt|umbenannt|erweitert\w*|bewilligt\w*|"
    r"erhielt\w*|"
    r"freigeschaltet|gewonnen|vorgelegt|einberufen|tagte\w*|übernommen|übernahm\w*|"
    r"wechselte\w*|fortgeschrieben|"
    r"fand|fanden|abgeschlossen|angesiedelt|trafen|legte)\b",
    re.IGNORECASE,
)
# A round that meets regularly began then; a date without "seit" is that of one meeting.
_MEETS = re.compile(
    r"\b(?:tag(?:t|en)|trifft|treffen)\b(?=.{0,80}\bseit\b)|"
    r"\bseit\b(?=.{0,80}\b(?:tag(?:t|en)|trifft|treffen)\b)",
    re.IGNORECASE,
)
_CLAUSE = re.compile(
    r";\s+|,\s+|\s+–\s+|\s+und\s+(?=(?:es|wir|wurde|wird|endet|endete|lief|läuft|hat|ist)\b|"
    r"(?:das|der|die|er|sie)\b.{0,120}\b(?:wurden?|wird|werden|endete?n?|l(?:ie|äu)f(?:t|en)?|ha(?:t|ben)|"
    r"ist|sind|war(?:en)?|nahm(?:en)?|begann(?:en)?|gibt|besteht|arbeite[tn])\b)"
)
# One act of many: the commas in it part those who joined, not clauses.
_JOINED = re.compile(
    r"\b(?:schloss|fand|tat)(?:en)? sich\b.{0,250}\bzusammen\b|"
    r"\bhaben sich\b.{0,250}\bzusammenge(?:schlossen|funden|tan)\b",
    re.IGNORECASE,
)
_RELATIVE = re.compile(r"(?:der|die|das|dem|den|welche[rs]?|deren|dessen)\b(?=.*\b\w+[.!?]?$)")
_PRONOUN = re.compile(
    r"(?:Es|Er|Sie|Dies|Dieses|Dieser)\b|.{0,40}\b(?:wurde|wird|hat|ist|besteht)\s(?:es|er|sie)\b"
)
_FOUNDING = re.compile(r"gründ|ins leben|aus der taufe", re.IGNORECASE)
_HISTORY = re.compile(
    r"chronik|meilenstein|geschichte|entwicklung|rückblick|zeitstrahl|historie", re.IGNORECASE
)
_DATED = re.compile(r"^(?:seit|ab|im|am|in)?\s*$", re.IGNORECASE)
_AFTER_DATE = re.compile(r"^\s*[:–-]?\s*")
_CARRIER_WORD = re.compile(
    r"\b(?:verein\w*|verband\w*|e\.\s?V|gmbh|träger\w*|stiftung|werk\w*)", re.IGNORECASE
)


@dataclass(frozen=True, slots=True)
class _Clause:
    text: str
    ours: bool
    """Its subject is the network."""


def read_lifetime(sentences: Sequence[Sentence], seen_on: date) -> list[Statement]:
    """State `founded`, `ended` and the milestones.

    A date is the network's only where the clause it stands in has the network (or a pronoun that
    stands for it) as its subject: "der Verein, der 1991 gegründet wurde" dates the Verein.
    """
    found: list[Statement] = []
    ours = False
    for number, sentence in enumerate(sentences):
        clauses = list(_clauses(sentence.text, ours))
        following = sentences[number + 1].text if number + 1 < len(sentences) else ""
        goes_on = _CONTINUES.search(sentence.text) or _CONTINUES.search(following)
        for clause in clauses:
            found.extend(_dated(clause, sentence, goes_on=bool(goes_on)))
        found.extend(_milestones(sentence, clauses, seen_on))
        ours = any(clause.ours for clause in clauses)
    return _first(found)


def _clauses(text: str, before: bool) -> Iterator[_Clause]:
    """Cut a sentence into clauses. `before`: the last sentence was about the network."""
    if _JOINED.search(text) and NETWORK.search(text):
        yield _Clause(text, ours=True)
        return
    start = 0
    comma = False
    last: _Clause | None = None
    for match in [*_CLAUSE.finditer(text), None]:
        piece = text[start : match.start() if match else len(text)]
        if piece.strip():
            last = _Clause(piece, _is_ours(piece, last, before=before, comma=comma))
            yield last
        start = match.end() if match else len(text)
        comma = match is not None and match[0].startswith(",")


def _is_ours(piece: str, last: _Clause | None, *, before: bool, comma: bool) -> bool:
    if _SPAN.search(piece) or (last is None and _UNNAMED.match(piece)):
        return True
    if _OTHER.match(piece) and not _ACTIVE.search(piece):
        head = _OTHER.match(piece)
        return bool(head and NETWORK.search(head[0]))
    if last and comma and _RELATIVE.match(piece) and not _new_subject(piece):
        return _ends_with_network(last.text)
    if NETWORK.search(piece) or _PROJECT.search(piece) or _PARTNERS.search(piece):
        return True
    if last is None:
        return before and _PRONOUN.match(piece) is not None
    return last.ours


def _new_subject(piece: str) -> bool:
    return bool(NETWORK.search(piece[:40]) or _PROJECT.search(piece[:40]))


def _ends_with_network(text: str) -> bool:
    """What a relative clause refers to is the network: no carrier is named after it."""
    found = [*NETWORK.finditer(text)]
    if not found:
        return False
    rest = text[found[-1].end() :]
    return len(rest.split()) <= 5 and not _CARRIER_WORD.search(rest)


def _dated(clause: _Clause, sentence: Sentence, *, goes_on: bool) -> Iterator[Statement]:
    dates = moments(clause.text)
    if not dates:
        return
    single = [moment for moment in dates if not moment.through]
    began = _nearest(_FOUND, clause.text, single)
    if not clause.ours:
        if began and _OFFICE.search(clause.text):
            reason = "the beginning of its office"
            yield Statement(
                "founded", began.iso, sentence.text, sentence.locator, READER, reason, 0.6
            )
        return
    term = _TERM.search(clause.text)
    spans = [moment for moment in dates if moment.through]
    if term and spans:
        funded = _FUNDED.search(clause.text) is not None
        yield _statement("founded", spans[0].iso, sentence, 0.7 if funded else 0.8)
        if spans[0].through and not goes_on:
            yield _statement("ended", spans[0].through, sentence, 0.7 if funded else 0.9)
        return
    if began:
        # "hat sich 2012 gebildet … 2013 gegründet": the founding is called by its name.
        sure = _FOUNDING.search(clause.text) is not None
        yield _statement("founded", began.iso, sentence, 1.0 if sure else 0.9)
    if ended := _nearest(_END, clause.text, single):
        funded = bool(_FUNDED.search(clause.text) or _SPAN.search(clause.text))
        until = re.search(r"\bbis\b|\bende\w*\b", clause.text, re.IGNORECASE) is not None
        if not (funded and (goes_on or not until)):
            yield _statement("ended", ended.iso, sentence, 0.7 if funded else 1.0)


def _nearest(verb: re.Pattern[str], text: str, dates: Sequence[Moment]) -> Moment | None:
    """The date that stands nearest to the verb."""
    match = verb.search(text)
    if match is None or not dates:
        return None
    return min(dates, key=lambda m: max(m.start - match.end(), match.start() - m.end))


def _milestones(
    sentence: Sentence, clauses: Sequence[_Clause], seen_on: date
) -> Iterator[Statement]:
    entry = _chronicle_entry(sentence)
    if entry is not None:
        yield entry
        return
    dated: list[tuple[str, str]] = []
    for clause in clauses:
        single = [moment for moment in moments(clause.text) if not moment.through]
        verbs: tuple[re.Pattern[str], ...] = (_EVENT, _MEETS)
        if clause.ours or _OFFICE.search(clause.text):
            verbs = (_FOUND, _END, *verbs)
        near = next((n for v in verbs if (n := _nearest(v, clause.text, single))), None)
        near = near or (single[0] if single and _EVENT.search(sentence.text) else None)
        if near and near.iso[:4] <= str(seen_on.year):
            dated.append((near.iso, clause.text.strip(" .")))
    for iso, text in dated:
        value: Value = {"date": iso, "text": text if len(dated) > 1 else sentence.text}
        yield Statement("milestones", value, sentence.text, sentence.locator, READER)


def _chronicle_entry(sentence: Sentence) -> Statement | None:
    """A line that opens with a date, under a heading such as "Chronik": "2012: Gründung"."""
    if not _HISTORY.search(sentence.heading):
        return None
    dates = moments(sentence.text)
    if not dates or not _DATED.match(sentence.text[: dates[0].start]):
        return None
    text = _AFTER_DATE.sub("", sentence.text[dates[0].end :])
    if not text:
        return None
    value: Value = {"date": dates[0].iso, "text": text}
    return Statement("milestones", value, sentence.text, sentence.locator, READER)


def _statement(field: str, iso: str, sentence: Sentence, confidence: float) -> Statement:
    return Statement(field, iso, sentence.text, sentence.locator, READER, confidence=confidence)


def _first(found: Sequence[Statement]) -> list[Statement]:
    """One founding, one end: the surest, then the first on the page; milestones once each."""
    kept: list[Statement] = []
    for field in ("founded", "ended"):
        stated = sorted((s for s in found if s.field == field), key=lambda s: -s.confidence)
        # "Ende 2012 … zum 31. Dezember 2012": one date, told twice; the exact one counts.
        same = [s for s in stated if str(s.value).startswith(str(stated[0].value))]
        kept += [max(same, key=lambda s: len(str(s.value)))] if same else []
    seen: list[Value] = []
    for statement in found:
        if statement.field == "milestones" and statement.value not in seen:
            seen.append(statement.value)
            kept.append(statement)
    return kept
