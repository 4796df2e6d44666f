"""Who takes part in a network, in which groups, and what it works on."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from aggregator.normalise.network.enumeration import (
    ORGANISATION,
    split_organisations,
    split_topics,
)
from aggregator.normalise.network.prose import Line, Sentence, entries_below
from aggregator.normalise.statement import Statement

READER = "network.members@1"
_MOST = 80  # elements of one list field

_PARTNER = (
    r"(?:[\w*:]*[Pp]artner(?:n|[*:]?innen|/innen)?|Mitglieder(?:n)?|Mitgliedsorganisationen|"
    r"Beteiligte[n]?|Akteur(?:e|en|[*:]?innen)?|Mitwirkende[n]?|Unterstützer(?:n|/innen|"
    r"[*:]?innen|n/innen)?|Förder(?:er|ern))"
)
_PARTNER_HEAD = re.compile(
    rf"^(?:unsere?|die|aktive|beteiligte)?\s*(?:\w+\s+)?(?:{_PARTNER}|beteiligt\w*|"
    rf"wer\s+(?:macht|ist|wirkt|mit(?:macht|wirkt)|dabei)\b)",
    re.IGNORECASE,
)
_NET = r"(?:[Nn]etzwerk|[Bb]ündnis|[Vv]erbund|[Aa]rbeitskreis)"
_BELONG = r"(?:gehör|zähl)t?en"
_LIST = r"\s*(?:(?:unter anderem|u\.\s?a\.|auch|derzeit|heute|neben|mit)\s*)*:?\s*(?P<list>.+)$"
# A list that its words call one of members: one office named in it is enough.
_MEMBERS = tuple(
    re.compile(pattern)
    for pattern in (
        rf"\b(?:[Zz]um|[Uu]nserem|[Dd]em)\s+\w*{_NET}\b[^.:,]{{0,50}}?\b{_BELONG}\b{_LIST}",
        (
            rf"\b{_NET}\b[^.:]{{0,80}}?\b(?:mit|zusammen|vertreten|aktiv|dabei|beteiligt|"
            rf"organisiert)\s*:\s*(?P<list>.+)$"
        ),
        rf"^(?:[\w*-]+\s+){{0,2}}?{_PARTNER}\b[^.:,]{{0,40}}:\s*(?P<list>.+)$",
        (
            rf"\b[Zz]u\s+(?:den|unseren|seinen|ihren)\b[^.:]{{0,80}}?\b{_PARTNER}"
            rf"\b[^.:]{{0,60}}?\b{_BELONG}\b{_LIST}"
        ),
        (
            rf"(?:^|[,;]\s|\b(?:[Dd]ie|[Uu]nsere|[Aa]ls)\s+)(?:\w+\s+)?{_PARTNER}"
            rf"\b[^.:]{{0,60}}?\b(?:sind|waren|gehören|wirken|arbeiten)\b{_LIST}"
        ),
    )
)
# An enumeration of anything: most of it must be offices.
_ENUMERATIONS = tuple(
    re.compile(pattern)
    for pattern in (
        (
            rf"\b(?:[Bb]eteiligt|[Vv]ertreten|[Ii]m Netzwerk (?:aktiv|vertreten)|"
            rf"(?:[Mm]it )?[Dd]abei|[Mm]itglied)\s+(?:sind|waren|haben sich)\b{_LIST}"
        ),
        (
            r"^(?P<list>.+?)\s+(?:sind|waren|haben sich|beteiligen sich|arbeiten|wirken)"
            r"\b[^.]{0,140}?\b(?:beteiligt|Mitglied\w*|vertreten|zusammen(?:geschlossen|getan)?|"
            r"Partner\w*|Netzwerk\w*)\b[^,]*$"
        ),
        (
            rf"\b(?:beteiligte|wichtige|relevante)[nr]?\s+(?:Akteur\w*|Partner\w*|Institutionen|"
            rf"Einrichtungen),?\s+wie\b{_LIST}"
        ),
        (
            rf"\b{_NET}\b[^.:]{{0,80}}?\b(?:Zusammenschluss|Kooperation|Verbund)"
            rf"\s+(?:von|aus|der|zwischen)\s+(?P<list>.+)$"
        ),
        (
            rf"\b(?:{_NET}|[Ww]ir)\b[^.:]{{0,60}}?\b(?:arbeite[tn]|kooperier\w+|wirk\w+)"
            rf"\s+(?:eng\s+|dabei\s+)?(?:zusammen\s+)?(?:mit|gemeinsam mit)\s+(?P<list>.+)$"
        ),
        (
            r"\b[Hh]a(?:ben|t) sich\s+(?P<list>.+?)\s+(?:zusammengeschlossen|zusammengetan|"
            r"verbündet)\b"
        ),
        (
            r"\b(?:[Ss]chlossen|[Ff]anden|[Tt]aten)\s+sich\s+(?P<list>.+?)\s+(?:zum|zur|zu\s+einem)"
            r"\b[^.]{0,120}\bzusammen\b"
        ),
        (
            rf"\b[Ii]m\s+\w*{_NET}\b[^.:]{{0,60}}?\b(?:arbeiten|wirken|engagieren sich|sind)"
            rf"\s+(?P<list>.+?)\s+(?:zusammen|mit|vertreten|aktiv|organisiert|beteiligt)\b"
        ),
    )
)
_HEADED_FIELDS = re.compile(
    r"\b(?:\w*handlungsfeld\w*|arbeitsfeld\w*|\w*themenfeld\w*|\w*themen(?:schwerpunkt\w*|"
    r"bereich\w*)?\b|\w*schwerpunkte?n?\b|"
    r"\bworan wir arbeiten\b|arbeitsbereich\w*|tätigkeitsfeld\w*|aktionsfeld\w*|aufgabenfeld\w*)",
    re.IGNORECASE,
)
_HEADED_TASKS = re.compile(
    r"\b(?:unsere\s+)?(?:aufgaben\b|ziele\b)|^was\s+(?:macht|tut|tun|machen|leistet)\b|"
    r"^das\s+(?:tun|machen)\s+wir",
    re.IGNORECASE,
)
_FIELDS = tuple(
    re.compile(pattern)
    for pattern in (
        (
            r"\b(?:Alltagsfragen|Fragen|Themen|Bereiche\w*|Themenfelder\w*|Handlungsfelder\w*|"
            r"Lebensbereiche\w*|Schwerpunkte\w*|Themenbereiche\w*)"
            r",?\s+wie\s+(?:z\.\s?B\.\s+)?(?P<list>.+)$"
        ),
        (
            r"\b(?:[Hh]andlungsfelder|[Tt]hemenfelder|[Aa]rbeitsfelder|[Ss]chwerpunkte|"
            r"[Aa]rbeitsschwerpunkte|[Tt]hemenschwerpunkte|[Tt]hemen)\b(?:\s+(?:des|der|unseres|"
            r"unserer|in)\s+[\w\s-]{2,50}?)?\s+(?:sind|waren|lauten|umfassen)\s*(?:unter anderem|"
            r"u\.\s?a\.|dabei|vor allem)?\s*:?\s*(?P<list>.+)$"
        ),
        (
            r"\b(?:[Hh]andlungsfelder\w*|[Tt]hemenfelder\w*|[Aa]rbeitsfelder\w*|"
            r"[Ss]chwerpunkte\w*|[Aa]rbeitsschwerpunkte\w*|Themen)\s*(?::\s*|\s–\s)(?P<list>.+)$"
        ),
        (
            r"\b(?:in|zu|auf|an)\s+(?:den|folgenden|den folgenden|\w+)\s+(?:Handlungsfeldern|"
            r"Themenfeldern|Arbeitsfeldern|Schwerpunkten|Themen|Bereichen|Themenbereichen)"
            r"\s*:?\s*(?P<list>[„\"]?[A-ZÄÖÜ(].+)$"
        ),
        (
            r"\b(?:(?:befasst|beschäftigt|kümmert)\s+sich|(?:befassen|beschäftigen|kümmern)\s+uns)\s+(?:mit|um)\s+(?:(?:den|die)\s+(?:Themen|"
            r"Fragen|Bereiche\w*)\s+)?(?P<list>[A-ZÄÖÜ].+)$"
        ),
        (
            r"\b(?:[Ss]chwerpunkt\w*)\s+(?:liegen|liegt|der Arbeit liegen)\s+(?:auf|in|bei)"
            r"\s+(?:den\s+|der\s+|dem\s+)?(?:Themen\s+|Bereichen\s+)?(?P<list>.+)$"
        ),
    )
)
_GOALS = (
    re.compile(
        r"^(?:(?:Unser|Das|Sein|Ihr)\s+)?(?:Ziele?|Anliegen)\s+(?:des\s+\w+\s+|"
        r"der\s+\w+\s+)?(?:ist|sind|war)\s+(?!es\b)(?:die|der|das|eine?)\s+(?P<list>[^,]+)\.?$"
    ),
    re.compile(
        r"\b(?:wird|werden|soll|sollen)\s+(?P<list>(?:eine?|die|der|das)\s+[^,]+?)\s+(?:erreicht|"
        r"angestrebt|verfolgt)(?:\s+werden)?\.?$"
    ),
)  # fmt: skip
_GOAL_AND = re.compile(r"\s+(?:und|sowie)\s+(?=(?:eine?|die|der|das)\s)")
_ARTICLE = re.compile(r"^(?:eine?|die|der|das|den|dem)\s+", re.IGNORECASE)

_NUMBERS = {
    word: number
    for number, word in enumerate(
        ["zwei", "drei", "vier", "fünf", "sechs", "sieben", "acht", "neun", "zehn", "elf", "zwölf"],
        start=2,
    )
}
_COUNTED = re.compile(
    rf"\b({'|'.join(_NUMBERS)}|\d{{1,2}})\s+(?:\w+(?:e|en)\s+)?(Arbeitsgruppe|Arbeitskreis|"
    rf"Fachgruppe|Teilprojekt|Unterarbeitsgruppe|"
    r"Facharbeitskreis|Projektgruppe|Themengruppe|AG)(?:en|e|n|s)?\b",
    re.IGNORECASE,
)
_PLURAL = {"arbeitskreis": "e", "teilprojekt": "e", "facharbeitskreis": "e", "ag": "s"}
_GROUP = (
    r"(?:Unterarbeitsgruppe|Arbeitsgruppe|Facharbeitskreis|Fachgruppe|Facharbeitsgruppe|"
    r"Projektgruppe|Themengruppe|Teilprojekt)"
)
_NAMED_GROUP = re.compile(
    rf"^{_GROUP}\s+\d{{1,2}}\s*[:–-]\s*([^.;]{{3,80}})|"
    rf"\b(?:{_GROUP}|Arbeitskreis)\s*:?\s*[„\"»]([^“”\"«]{{2,80}})[“”\"«]"
    rf"|\b(?:{_GROUP}|(?<=[Dd]ie )AG|(?<=[Dd]er )AG|(?<=^)AG|(?<=, )AG|(?<=und )AG|(?<=UAG )AG|"
    r"(?<=[Ii]m )AK|(?<=[Dd]er )AK|(?<=[Dd]em )AK)"
    rf"\s+[„\"]?(?!(?:Die|Das|Der|Im|In)\b)"
    rf"((?:(?!Allein)[A-ZÄÖÜ][a-zäöüß]+(?:nde|[ils]che|ige)[nrs]?\s(?=[A-ZÄÖÜ]))?[A-ZÄÖÜ][\w/-]+(?:(?:\s+(?:und|&)|,)\s+(?!(?:die|"
    rf"der|das|AG|Die|Der)\b)[A-ZÄÖÜ][\w-]+)*)"
)
_GROUP_LIST = re.compile(
    r"\b(?:(?:Unter)?[Aa]rbeitsgruppen|Arbeitskreise[n]?|(?:Fach|Themen|Projekt)gruppen|"
    r"Teilprojekte[n]?|AGs)\s*(?::|"
    r"\bzu(?: den Themen)?\b|\bsind\b|,?\s+nämlich)\s*(?P<list>[„\"A-ZÄÖÜ].+)$"
    r"|\b(?:Arbeitsgruppen|Teilprojekte[n]?|Fachgruppen|AGs)"
    r"\s+(?P<bare>[„\"]?[A-ZÄÖÜ][\w-]+[“\"]?(?:,\s+[„\"]?[A-ZÄÖÜ][^,.]{2,40})*\s+(?:und|sowie)"
    r"\s+[„\"]?[A-ZÄÖÜ][\w-]+)"
)
_GROUPS_HEAD = re.compile(
    r"\b(?:arbeitsgruppen|arbeitskreise|fachgruppen|teilprojekte|AGs)\b:?\s*$", re.IGNORECASE
)
_NO_GROUP = re.compile(r"§|\bAK Allein|\bDie\b|^(?:Bezirks|Landes)")


def read_members(lines: Sequence[Line], sentences: Sequence[Sentence]) -> list[Statement]:
    """State partners, working groups and fields of action, each element once."""
    found = [
        *_listed(lines),
        *_partners(sentences),
        *_groups(sentences),
        *_fields(sentences),
    ]
    if not any(statement.field == "fields_of_action" for statement in found):
        found += _goals(sentences)
    return _once(_named_groups(found))


def _listed(lines: Sequence[Line]) -> Iterator[Statement]:
    """The lists that stand below a heading or an intro which says what they are."""
    for number, line in enumerate(lines):
        opens = line.title or line.text.endswith((":", "…", "...")) or _shape_of_heading(line)
        field, confidence = _kind(line.text) if opens else ("", 0.0)
        if not field:
            continue
        entries = entries_below(lines, number)
        bare = not any(entry.item for entry in entries)
        if bare and len(entries) < 2:
            yield from _prose_below(lines, number, field)
            continue
        for entry in entries:
            ended = entry.body.endswith("e.V.")
            value = entry.body if ended else entry.body.rstrip(";,. ")
            if 2 < len(value) <= 300:
                reason = f"listed below “{line.text[:60]}”"
                yield Statement(field, value, entry.text, entry.locator, READER, reason, confidence)


def _prose_below(lines: Sequence[Line], number: int, field: str) -> Iterator[Statement]:
    """One line below a heading that enumerates: "Partner" / "Jobcenter, Caritas und Diakonie"."""
    below = lines[number + 1] if number + 1 < len(lines) else None
    if below is None or below.title or "," not in below.text or ". " in below.text:
        return
    split = split_organisations if field == "partners" else split_topics
    for value in split(below.body):
        if value[0].isupper() or value[0] in "(„":
            yield Statement(field, value, below.text, below.locator, READER, "", 0.8)


def _shape_of_heading(line: Line) -> bool:
    return (
        not line.item
        and len(line.text) <= (80 if line.text.endswith("?") else 50)
        and line.text[-1] not in ".,;!"
    )


def _kind(text: str) -> tuple[str, float]:
    head = text[-120:]
    if _GROUPS_HEAD.search(head):
        return "working_groups", 1.0
    if _PARTNER_HEAD.search(head) and not re.search(r"ansprechpartner", head, re.IGNORECASE):
        return "partners", 1.0
    if _HEADED_FIELDS.search(head):
        return "fields_of_action", 1.0
    if _HEADED_TASKS.search(head):
        return "fields_of_action", 0.7
    return "", 0.0


def _partners(sentences: Sequence[Sentence]) -> Iterator[Statement]:
    for sentence in sentences:
        if sentence.item or not re.search(r"[,;]| und ", sentence.text):
            continue
        for pattern in (*_MEMBERS, *_ENUMERATIONS):
            match = pattern.search(sentence.text)
            if match is None:
                continue
            members = [m for m in split_organisations(match["list"]) if not m[0].isdigit()]
            told = sum(ORGANISATION.search(member) is not None for member in members)
            needed = 1 if pattern in _MEMBERS else max(2, len(members) // 2)
            if len(members) >= 2 and told >= min(needed, len(members)):
                for member in members:
                    yield Statement("partners", member, sentence.text, sentence.locator, READER)
                break


def _groups(sentences: Sequence[Sentence]) -> Iterator[Statement]:
    for sentence in sentences:
        for match in _COUNTED.finditer(sentence.text):
            number = _NUMBERS.get(match[1].lower()) or int(match[1])
            noun = match[2]
            plural = noun + _PLURAL.get(noun.lower(), "n")
            yield _group(f"{number} {plural}", sentence)
        for match in _GROUP_LIST.finditer(sentence.text):
            for value in split_topics(match["list"] or match["bare"]):
                if value[0] in '„"' or value[0].isupper():
                    yield _group(value.strip('„“"'), sentence)
        for match in _NAMED_GROUP.finditer(sentence.text):
            if not _NO_GROUP.search(match[0]):
                yield _group(match[0].strip(), sentence)


def _group(value: str, sentence: Sentence) -> Statement:
    return Statement("working_groups", value, sentence.text, sentence.locator, READER)


def _fields(sentences: Sequence[Sentence]) -> Iterator[Statement]:
    for sentence in sentences:
        for pattern in _FIELDS:
            match = pattern.search(sentence.text)
            if match is None:
                continue
            topics = [t for t in split_topics(match["list"]) if _is_topic(t)]
            if len(topics) >= 2:
                for topic in topics:
                    yield Statement(
                        "fields_of_action", topic, sentence.text, sentence.locator, READER
                    )
                break


def _is_topic(text: str) -> bool:
    """A subject opens with a noun, a bracket or an attribute of a noun that follows."""
    return len(text) <= 110 and (not text[0].islower() or " " in text)


def _goals(sentences: Sequence[Sentence]) -> Iterator[Statement]:
    """What the network strives for, where it names no fields of action."""
    for sentence in sentences:
        for pattern in _GOALS:
            if match := pattern.search(sentence.text):
                for part in _GOAL_AND.split(match["list"]):
                    value = _ARTICLE.sub("", part.strip(" ."))
                    yield Statement(
                        "fields_of_action", value, sentence.text, sentence.locator, READER,
                        "stated as a goal", 0.6,
                    )  # fmt: skip
                break


def _named_groups(found: Sequence[Statement]) -> list[Statement]:
    """Leave out what other groups tell better: a mere number, a name that was cut short."""
    groups = [str(s.value) for s in found if s.field == "working_groups"]
    named = [group for group in groups if not group[0].isdigit()]
    return [
        s
        for s in found
        if s.field != "working_groups"
        or not (
            (str(s.value)[0].isdigit() and len(named) > 1)
            or any(group.startswith(f"{s.value} ") for group in named)
        )
    ]


def _once(found: Sequence[Statement]) -> list[Statement]:
    kept: dict[tuple[str, str], Statement] = {}
    for statement in found:
        # "AG Alleinerziehende" and "der AG Alleinerziehenden" are one.
        key = (statement.field, str(statement.value).casefold().removesuffix("n"))
        if key not in kept and sum(field == statement.field for field, _ in kept) < _MOST:
            kept[key] = statement
    return list(kept.values())
