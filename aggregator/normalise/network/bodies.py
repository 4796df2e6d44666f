"""Who a network is: its name, its carrier, its coordinating body, the programme it came from."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from aggregator.normalise.network.prose import Line, Sentence
from aggregator.normalise.statement import Statement
from aggregator.vocabulary.regions import region_name

READER = "network.bodies@1"

_WORD = r"[A-ZÄÖÜ][\wäöüß*-]+"
_FOR = (
    r"(?:\s+(?:für|der|von|mit))?\s+(?:[Aa]lleinerziehend\w*|[Ee]ineltern\w*|[Ee]in-[Ee]ltern-\w+|"
    r"[Aa]llein-?\s+und\s+[Gg]etrennterziehend\w*|ALLEINERZIEHENDE)"
)
_PLACE = rf"(?:\s+(?:in\s+|im\s+)?(?!(?:Angesiedelt|Das|Die|Der|Wir|Ein|Eine)\b){_WORD}){{0,2}}"
_NETWORK_NAME = re.compile(
    rf"(?:\b{_WORD}er\s+)?\b(?:[A-ZÄÖÜ]\w*)?(?:Netzwerk|Bündnis|Verbund|Arbeitskreis|NETZWERK)"
    rf"\b{_FOR}{_PLACE}"
    rf"|\bAlleinerziehenden-?(?:[Nn]etz(?:werk)?|[Bb]ündnis|[Aa]rbeitskreis)\b{_PLACE}"
    rf"|\b(?:Netzwerk|Bündnis|Verbund)\s+[„\"»][^“\"«]{{3,60}}[“\"«]{_PLACE}"
)
_VERB = re.compile(
    r"\s+(?:gegründet|ist|hat|wurde|wird|besteht|arbeitet|geleistet|feiert|sucht|schaffen|"
    r"stellt|lädt|trifft|bietet)\b.*$"
)
_COORDINATION = (
    r"(?:Koordinierungsstelle|Koordinationsstelle|Koordinierungsbüro|Koordinationsbüro|"
    r"Netzwerkkoordination|"
    r"Netzwerkkoordinierung|Netzwerkbüro|Netzwerkstelle|Geschäftsstelle|Projektkoordination|"
    r"Koordinierungskreis|"
    r"Fachstelle|Servicestelle|Lotsenstelle|Koordination)"
)
_BODY_NAME = re.compile(
    rf"(?:\b(?:bezirkliche|kommunale|städtische|zentrale|regionale|hauptamtliche|kreisweite)"
    rf"[nrs]?\s+)?"
    rf"\b{_COORDINATION}\b(?!-)(?:{_FOR}(?:(?!\s+(?:Die|Das|Der)\b)(?:\s+in)?\s+{_WORD})?|"
    rf"\s+des\s+\w*[Nn]etz(?:werk)?e?s{_PLACE})?(?:\s+\([A-Z][A-Za-z]+\))?"
)
_ANYBODYS = frozenset({"Koordination", "Fachstelle", "Servicestelle", "Geschäftsstelle"})
_OTHERS_BODY = re.compile(r"\b(?:Gesamt|Landes|Bundes)\w*\s*$|-$")
_PROGRAMME = re.compile(
    r"(?:Programm\w*|Bundesprogramm\w*|Landesprogramm\w*|Modellprogramm\w*|"
    r"ESF-\w*[Pp]rogramm\w*|Förderprogramm\w*|"
    r"Aktionsprogramm\w*|Modellprojekt\w*|Initiative|Projektaufruf\w*|Ideenwettbewerb\w*)"
    r"\s*[„\"»]([^“”\"«]{3,120})[“”\"«]"
)
_NAMED_PROGRAMME = re.compile(
    r"(?:\b(?:Bundes|Landes|Modell|Förder|Aktions|ESF-)[Pp]rogramms?|\bProgramms?)\s+"
    rf"((?:{_WORD}|für|und|zur|der|des|im|mit|wirksamer|von)(?:\s+(?:{_WORD}|für|und|zur|der|"
    rf"des|im|mit|wirksamer|von)){{0,8}})"
)
# The programmes of the Federal Ministry of Labour that these networks grew from (2009-2013).
_KNOWN = tuple(
    (re.compile(pattern, re.IGNORECASE), name)
    for pattern, name in (
        (
            r"Netzwerk(?:e|es|en|s)?\s+wirksamer\s+Hilfen\b",
            "Netzwerke wirksamer Hilfen für Alleinerziehende",
        ),
        (r"Gute\s+Arbeit\s+für\s+Alleinerziehende", "Gute Arbeit für Alleinerziehende"),
    )
)

_STOP = (
    r"(?=\s*(?:(?<!\be)[.;:!?]\s|[.;:!?]$|$|,\s|\(?\s?seit\b|\s(?:eingerichtet|angesiedelt|getragen|"
    r"koordiniert|gegründet|"
    r"verantwortet|geleitet|und\s+(?:wird|wurde|ist|hat|die|der|das|durch|von|arbeitet)|wurde|"
    r"wird|ist|hat|in\s+Kooperation|gemeinsam|"
    r"zusammen|mit\s+Sitz|mit\s+Mitteln|im\s+Auftrag|im\s+Rahmen|für\s+den\s+Bezirk|"
    r"beauftragt|übernommen|finanziert|gefördert|liegt|steht|unter|"
    r"[–]|seit|koordiniert)\b|\s–\s))"
)
# The three full stops that a name may hold exclude each other: one reading, no backtracking.
_ORGANISATION = (
    r"(?P<who>(?:[„\"]|\w)(?:[^.;:!?,]|\.(?=\s?V\b)|(?<=V)\.(?!\s?V\b)(?!\s+[A-ZÄÖÜ])|"
    rf"(?<=gem)\.(?!\s?V\b)){{2,140}}?){_STOP}"
)
_ORGANISATION_OPEN = r"(?P<who>[^.;:,]{3,120}?(?:\be\.\s?V\.)?)"
_OF = r"(?:(?:bei(?:m)?|von|vom|durch|an|am|in|im)\s+)?(?:(?:der|die|das|dem|den|des)\s+)?"
_TRAEGER = r"(?:Projektt|Rechtst|T)räger(?:in)?(?:organisation|verein)?"
_CARRIER = tuple(
    re.compile(pattern)
    for pattern in (
        (
            rf"\b[Aa]ngesiedelt\b[^.;]{{0,80}}?\b(?:bei(?:m)?|an|in)\s+(?:(?:der|dem|den)"
            rf"\s+)?{_ORGANISATION}"
        ),
        rf"\bbei(?:m)?\s+(?:(?:der|dem)\s+)?{_ORGANISATION}\s+angesiedelt",
        (
            rf"\b(?:beim|vom|durch den|über den|dem|den)\s+(?:freien\s+|"
            rf"gemeinnützigen\s+)?Träger\s+{_ORGANISATION}"
        ),
        (
            rf"\b(?:ist|war)\s+ein(?:e)?\s+(?:Projekt|Angebot|Einrichtung|Initiative)\s+"
            rf"(?:der|des|von|vom)\s+{_ORGANISATION}"
        ),
        (
            rf"\b(?:Trägerschaft|Federführung)\s+(?:liegt\s+|lag\s+|hat\s+|übernimmt\s+|übernahm\s+|"
            rf"haben\s+)?{_OF}{_ORGANISATION}"
        ),
        (
            rf"\b{_TRAEGER}(?:\s+(?:des|der|dieses|unseres)\s+[\w-]+(?:\s+(?!ist|war|sind)"
            rf"[\w-]+){{0,3}})?\s+(?:ist|war|sind)\s+(?:(?:der|die|das)\s+)?{_ORGANISATION}"
        ),
        (
            rf"^(?:Projekt)?[Tt]räger(?:in)?(?:\s+(?:des|der)\s+[\w-]+)?\s*:\s*(?:(?:der|die|das)"
            rf"\s+)?{_ORGANISATION}"
        ),
        (
            rf"\b[Gg]etragen\s+(?:(?:wird|wurde)\b[^.;,]{{0,60}}?\s)?(?:vom|von)"
            rf"\s+(?:(?:der|dem)\s+)?{_ORGANISATION}"
        ),
        (
            rf"\b(?:vom|von)\s+(?:(?:der|dem)\s+)?{_ORGANISATION}\s+(?:getragen|verantwortet|"
            rf"koordiniert)"
        ),
        (
            rf"^(?:(?:Der|Die|Das)\s+)?{_ORGANISATION}\s+(?:ist|war)\s+(?:der\s+|"
            rf"die\s+)?(?:{_TRAEGER})\b"
        ),
        (
            rf"\b{_COORDINATION}\s+(?:[\w-]+\s+){{0,3}}?(?:liegt|lag)\s+bei(?:m)?"
            rf"\s+(?:(?:der|dem)\s+)?{_ORGANISATION}"
        ),
        rf"\b[Aa]ls\s+{_TRAEGER}\s+(?:fungiert|wirkt|agiert)e?\s+{_OF}{_ORGANISATION}",
        (
            rf"^(?:Auch\s+)?(?:[Dd](?:er|ie|as)\s+)?{_ORGANISATION_OPEN}\s+(?:(?:erhielt|bekam|fungiert|"
            rf"fungierte|wirkte?|übernahm|übernimmt)\s+(?:\w+\s+){{0,2}}?als\s+(?:Projektt|Rechtst|T)räger\b|"
            rf"(?:hat|hatte|übernahm|übernimmt)\s+(?:\w+\s+){{0,2}}?die\s+(?:Projektt|Rechtst|T)rägerschaft\b)"
        ),
        (
            rf"^(?:(?:Der|Die|Das)\s+)?{_ORGANISATION}\s+(?:trägt|koordiniert)"
            rf"\s+(?:seit\b[^.;,]{{0,30}})?(?:das|unser)\s+\w*[Nn]etz"
        ),
    )
)
_SINCE = re.compile(r"^(?:seit|ab)\s(?:\w+\s){0,2}(?:19|20)\d\d\s(?:(?:der|die|das|dem)\s)?")
_ADJECTIVE = re.compile(r"^[A-ZÄÖÜ]\w*(?:isch|lich|ig)e$")
_GENERIC_PLACE = re.compile(r"\s+(?:im|in)?\s*(?:Bezirk|Kreis|Landkreis|Stadt|Land|Region)$")
_NAMES_TRAEGER = re.compile(r"\b(?:Träger|Antragsteller|Bewerb)\w*", re.IGNORECASE)
_CHOSEN = re.compile(r"\b(?:ausgewählt|Zuschlag|Auftrag|bewilligt|Bewilligung|erhielten)\b")
_BELONGS = re.compile(
    r"^(?:Auch\s+)?(?:(?:Die|Der|Das)\s+)?(?P<who>[^.;,]{3,120}?)"
    r"\s+(?:gehört(?:e)?\s+(?:auch\s+)?dazu|zählt(?:e)?\s+dazu|"
    r"(?:ist|war)\s+(?:einer|eine|eines)\s+davon|(?:ist|war)\s+dabei)\b"
)
_CARRIER_HEAD = re.compile(
    r"^(?:unser(?:e)?\s+)?(?:projekt)?träger(?:in)?(?:schaft)?:?$", re.IGNORECASE
)
_GENERIC = re.compile(
    r"^(?:freie\w*|verschieden\w*|mehrere\w*|unterschiedlich\w*|eine[nmr]?|dies\w*|d(?:er|ie|"
    r"as)|wir|es|sie|und)\b",
    re.IGNORECASE,
)
_NEUTER = r"(?:werk|amt|zentrum|haus|institut|kolleg|center|forum|bündnis|büro)"
_MASCULINE = r"(?:verein|verband|kreis|bund|dienst|treff|bezirk)"
_GENITIVE = re.compile(rf"\b(\w*(?:{_NEUTER}|{_MASCULINE}))e?s\b", re.IGNORECASE)


def read_bodies(
    lines: Sequence[Line], sentences: Sequence[Sentence], region: str
) -> list[Statement]:
    """State name, carrier, coordinating body and programme, one each at most."""
    found: list[Statement | None] = [
        _name(lines, sentences, region),
        _carrier(lines, sentences),
        _programme(sentences),
        _coordinating_body(lines, sentences),
    ]
    return [statement for statement in found if statement is not None]


def names_network(heading: str) -> bool:
    """A heading is the name of one network."""
    match = _NETWORK_NAME.match(heading)
    return match is not None and _VERB.search(match[0]) is None


def _name(lines: Sequence[Line], sentences: Sequence[Sentence], region: str) -> Statement | None:
    """The first name in a heading, else in the text; on a line of its own its place may follow."""
    for number, line in enumerate(lines[:40]):
        match = _NETWORK_NAME.match(line.text)
        if match is None or _VERB.search(match[0]) or (not line.title and len(line.text) > 90):
            continue
        name = _GENERIC_PLACE.sub("", match[0].strip())
        after = lines[number + 1].text if number + 1 < len(lines) else ""
        if name == line.text and after == region_name(region):
            return Statement("name", f"{name} {after}", f"{name} {after}", line.locator, READER)
        return Statement("name", name, line.text, line.locator, READER)
    for sentence in sentences:
        if match := _NETWORK_NAME.search(sentence.text):
            name = _GENERIC_PLACE.sub("", _VERB.sub("", match[0]).strip())
            return Statement("name", name, sentence.text, sentence.locator, READER, confidence=0.8)
    return None


def _carrier(lines: Sequence[Line], sentences: Sequence[Sentence]) -> Statement | None:
    for number, line in enumerate(lines[:-1]):
        below = lines[number + 1]
        if _CARRIER_HEAD.match(line.text) and not below.title and len(below.text) < 140:
            return Statement("carrier", below.body, below.text, below.locator, READER)
    chosen = False
    for sentence in sentences:
        for pattern in _CARRIER:
            match = pattern.search(sentence.text)
            who = _nominative(match[0], match["who"]) if match else ""
            if who:
                return Statement("carrier", who, sentence.text, sentence.locator, READER)
        if chosen and (belongs := _BELONGS.match(sentence.text)):
            reason = "one of the bodies chosen to build a network"
            return Statement(
                "carrier", belongs["who"], sentence.text, sentence.locator, READER, reason, 0.8
            )
        chosen = bool(_NAMES_TRAEGER.search(sentence.text) and _CHOSEN.search(sentence.text))
    return None


def _nominative(matched: str, who: str) -> str:
    """A name as it is called; declined after a preposition: "des Caritasverbandes"."""
    name = _SINCE.sub("", who.strip(" ,;:–-"))
    if _GENERIC.match(name) or not re.search(r"[A-ZÄÖÜ]", name):
        return ""
    if re.search(r"\be\.\s?V$", name):
        name += "."
    before = matched[: matched.find(who)].rstrip().rsplit(" ", 1)[-1].lower()
    words = name.split(" ", 2)
    if before == "des":
        name = _GENITIVE.sub(r"\1", name, count=1)
        words = name.split(" ", 2)
    if before in {"der", "das"} and len(words) > 1 and _ADJECTIVE.search(words[0]):
        return f"{words[0].removesuffix('e')}{_ending(words[1]) or 'e'} {' '.join(words[1:])}"
    if before in {"der", "des", "dem", "beim", "vom", "im", "am"} and len(words) > 1:
        first, noun = words[0], words[1]
        if first.endswith("en") and first[0].isupper() and noun[0].isupper():
            ending = "e" if before == "der" else _ending(noun)
            if ending:
                words[0] = first.removesuffix("en") + ending
                name = " ".join(words)
    return name


def _ending(noun: str) -> str:
    if re.search(rf"{_NEUTER}(?:es|s)?$", noun, re.IGNORECASE):
        return "es"
    return "er" if re.search(rf"{_MASCULINE}(?:es|s)?$", noun, re.IGNORECASE) else ""


def _programme(sentences: Sequence[Sentence]) -> Statement | None:
    for sentence in sentences:
        for known, name in _KNOWN:
            if known.search(sentence.text):
                return Statement("programme", name, sentence.text, sentence.locator, READER)
    for sentence in sentences:
        for pattern, confidence in (
            (_PROGRAMME, 1.0),
            (_NAMED_PROGRAMME, 0.8),
        ):
            if match := pattern.search(sentence.text):
                value = re.sub(r"\s+(?:für|und|zur|der|des|im|mit|von)$", "", match[1].strip())
                return Statement(
                    "programme", value, sentence.text, sentence.locator, READER, "", confidence
                )
    return None


def _coordinating_body(lines: Sequence[Line], sentences: Sequence[Sentence]) -> Statement | None:
    headings = (Sentence(line.text, line.locator) for line in lines if line.title)
    named: list[Statement] = []
    for number, sentence in enumerate([*headings, *sentences]):
        for name in _body_names(sentence.text):
            if name in _ANYBODYS:
                continue
            # A heading or a name of more than the bare word is surer than "die Koordination".
            confidence = 1.0 if " " in name else 0.9 if number == 0 else 0.8
            named.append(
                Statement(
                    "coordinating_body",
                    name,
                    sentence.text,
                    sentence.locator,
                    READER,
                    "",
                    confidence,
                )
            )
    return max(named, key=lambda s: s.confidence, default=None)


def _body_names(text: str) -> Iterator[str]:
    for match in _BODY_NAME.finditer(text):
        if not _OTHERS_BODY.search(text[: match.start()]):
            yield re.sub(r"^(\w+liche|\w+e)[nrs]\s", r"\1 ", match[0].strip())
