"""The lines of a page that tells of a network, cut into sentences and lists."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from crawlers.record import Passage, Record, Role

LINES = 1_000  # lines of one page that are read
LENGTH = 4_000  # characters of one line that are read
SENTENCE = 1_000  # characters of one sentence that are read

_READ = frozenset({Role.TITLE, Role.SECTION, Role.TEXT, Role.PROVIDER, Role.PHONE, Role.EMAIL})
_MARKER = re.compile(r"^\s*(?:[•·▪●◦‣*–-]|\d{1,2}[.)]|[a-z]\))\s+(?=\S)")
_LI = re.compile(r"(?:^|[\s>])li(?![a-z])")
_LEADER = re.compile(r"^(?:\.{2,}|…)\s*")  # "... bündelt Angebote" under "Die Stelle ..."
# A sentence ends at . ! ? before a capital. Not at an abbreviation ("e.V. X", "z.B.", "Dr."), nor
# after an ordinal of one or two digits ("1. April"); a year may end one ("seit 2016. Es").
_END = re.compile(r"(?:(?<=[.!?…])|(?<=[.!?…][“\"»)]))\s+(?=[A-ZÄÖÜ„\"»(])")
_NO_END = re.compile(
    r"(?:(?:^|[^\w])(?:[A-Za-z]\.|\d{1,2}\.|Dr\.|Prof\.|Nr\.|St\.|Str\.|Tel\.|bzw\.|ggf\.|"
    r"inkl\.|ca\.|"
    r"Dipl\.|ev\.|kath\.|usw\.|vgl\.|Abs\.|Jan\.|Feb\.|Aug\.|Sept?\.|Okt\.|Nov\.|Dez\.)"
    r"|\d{1,2}\.\d{1,2}\.)$"
)
_CONTACT = re.compile(r"(?:Ihre?\s+|Unsere?\s+)?(?:Kontakt(?:daten)?|Ansprech[\w*:/-]+)")
_REGISTERED = re.compile(r"\be\.\s?V\.$")
_NEW_SUBJECT = re.compile(
    r"(?:Das|Die|Der|Es|Sie|Er|Wir|Unser\w*|Dies\w*|Im|In|Seit|Am|Zum|Zu|Mit|Dazu|Neben|Auf|"
    r"Ein\w*)\b"
)


@dataclass(frozen=True, slots=True)
class Line:
    """One visual line. `text` is as it stands there, `body` without the bullet or number of a list.

    `heading` is the nearest heading above it, `item` says that it is an entry of a list.
    """

    text: str
    body: str
    locator: str
    heading: str = ""
    item: bool = False
    title: bool = False
    """The line is a heading itself."""


@dataclass(frozen=True, slots=True)
class Sentence:
    """A sentence, where it stood, and the heading above it."""

    text: str
    locator: str
    heading: str = ""
    item: bool = False


def lines_of(record: Record) -> list[Line]:
    """The lines of a record; a line that a break cut in two is whole again."""
    lines: list[Line] = []
    heading = ""
    for passage in record.passages[:LINES]:
        text = " ".join(passage.text[:LENGTH].split())
        if passage.role not in _READ or not text:
            continue
        line = _line(text, passage)
        if lines and _continues(lines[-1], line):
            last = lines[-1]
            lines[-1] = replace(last, text=f"{last.text} {text}", body=f"{last.body} {text}")
            heading = lines[-1].text if lines[-1].title else heading
            continue
        lines.append(replace(line, heading=heading))
        if line.title or _is_label(line):
            heading = line.text
    return lines


def _line(text: str, passage: Passage) -> Line:
    marker = _MARKER.match(text)
    title = passage.role in {Role.TITLE, Role.SECTION}
    item = not title and (marker is not None or bool(_LI.search(passage.locator)))
    body = text[marker.end() :] if marker and item else text
    return Line(text, _LEADER.sub("", body), passage.locator, "", item, title)


def _continues(last: Line, line: Line) -> bool:
    """A line that starts small goes on with one that no full stop or colon closed."""
    return (
        not line.item
        and not last.item
        and line.text[0].islower()
        and last.text[-1] not in ".!?:…"
        and len(last.text) < LENGTH
        and "@" not in line.text
    )


def _is_label(line: Line) -> bool:
    """A short line of its own heads what follows: "Kontakt", "Unsere Partner:"."""
    if line.item or len(line.text) > 40:
        return False
    return line.text.endswith(":") or _CONTACT.fullmatch(line.text) is not None


def sentences_of(lines: Sequence[Line]) -> Iterator[Sentence]:
    """The sentences of all lines in order; an entry of a list and a heading are one each."""
    for line in lines:
        if line.item or line.title:
            yield Sentence(line.body, line.locator, line.heading, line.item)
            continue
        for text in split_sentences(line.text):
            yield Sentence(text, line.locator, line.heading)


def split_sentences(text: str) -> list[str]:
    """Cut prose into sentences."""
    found: list[str] = []
    for part in _END.split(text):
        if found and _goes_on(found[-1], part):
            found[-1] = f"{found[-1]} {part}"
        elif part.strip():
            found.append(part.strip())
    return [sentence[:SENTENCE] for sentence in found]


def _goes_on(last: str, part: str) -> bool:
    last = last[-20:]  # an abbreviation stands at the very end
    if _REGISTERED.search(last):
        return not _NEW_SUBJECT.match(part)
    return _NO_END.search(last) is not None


def entries_below(lines: Sequence[Line], index: int) -> list[Line]:
    """The list that the heading or the intro ("… sind:") at `index` opens; [] where there is none.

    A list is a run of entries, or of short lines that are no sentences. One line may stand between
    a heading and its list ("Die Koordinierungsstelle …").
    """
    start = index + 1
    if start + 1 < len(lines) and not lines[index].item and not lines[start].item:
        intro = lines[start]
        opens = lines[index].title or intro.text.endswith((":", "...", "…"))
        if opens and lines[start + 1].item and not intro.title and len(intro.text) < 200:
            start += 1
    run: list[Line] = []
    for line in lines[start : start + 60]:
        if line.title or (run and line.item != run[0].item):
            break
        if not line.item and (not _entry_like(line) or _is_label(line)):
            break
        run.append(line)
    return run


def _entry_like(line: Line) -> bool:
    words = line.text.split()
    return len(words) <= 12 and (line.text[-1] not in ".!?:" or line.text.endswith("e.V."))
