"""Running text that stresses the names of what it tells of, one after the other.

"Wer reden will, ruft beim **Elterntelefon** an: … Mittwochs kommt die **Rechtsberatung** ins Haus."
Nobody gave such offers headings: the part of each begins with the sentence that names it.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from crawlers.finder import evidence, sentences
from crawlers.finder.affairs import names_affair
from crawlers.finder.bodies import names_body, names_house
from crawlers.finder.evidence import CONTACT, HINTS, Sign, signs, weight
from crawlers.finder.flow import Flow, Line
from crawlers.finder.sections import names_topic
from crawlers.finder.titles import may_name, names_offer
from crawlers.finder.words import is_foreign, is_label, is_trailer

_PROSE = 90  # characters of a line that is running text
_NAME = 60  # characters of a name
_AROUND = " :–-,;()"
_SHORT = 3  # letters of the shortest
_SEVERAL = 2  # names that make a list of a text
_RICH = 2  # weight of what tells how to get there
_TOLD = CONTACT | Sign.WEEKDAY | Sign.CLOCK | Sign.DATE | Sign.COST

Part = tuple[str, str]
"""A name and the sentences that tell of it."""


def part_prose(flow: Flow) -> None:
    """Give each part of a text that tells of a stressed name a line of its own with that name.

    Only where at least two are named and most parts say how to get to what they name: else the
    names are stressed words. Below a heading that names an offer they are what this one has.
    """
    if not flow.stresses:
        return
    parts: dict[int, list[Part]] = {}
    above = ""
    for n, line in enumerate(flow.lines):
        if line.rank and not line.menu:
            above = line.text
        elif line.stressed and (told := _parts(line)) and not _names_one(above):
            parts[n] = told
    every = [part for told in parts.values() for part in told]
    if len({name for name, _ in every}) < max(_SEVERAL, len(every)):
        return
    rich = sum(weight(signs(text) & ~HINTS) >= _RICH for _, text in every)
    if rich < _SEVERAL or 3 * rich < 2 * len(every):
        return
    _set(flow, {n: list(_lines(flow.lines[n], told)) for n, told in parts.items()})


def _names_one(heading: str) -> bool:
    """True for a heading that names one offer, not a topic, a house or a body with several."""
    if not names_offer(heading) or names_topic(heading):
        return False
    return not (names_house(heading) or names_body(heading))


def _parts(line: Line) -> list[Part]:
    """The names that running text stresses, each with its part; none of any other line."""
    if line.menu or line.label or len(line.text) < _PROSE:
        return []
    names = [name for text in line.stressed if _names(name := text.strip(_AROUND))]
    if not names or (line.lead and line.lead.startswith(names[0])):
        return []
    runs = (text.strip(_AROUND) for text in line.stressed)
    others = [run for run in runs if run not in names and _is_noun(run)]
    found: list[Part] = []
    for sentence in sentences.END.split(line.text):
        named = [name for name in names if name in sentence]
        if len(named) > 1:
            return []  # a list of what there is
        if (
            named
            and signs(sentence) & CONTACT
            and any(_is_noun(o) and o in sentence for o in others)
        ):
            return []  # whose telephone is it?
        if named and (not found or found[-1][0]):
            found.append((named[0], sentence))
        elif named:
            found[-1] = (named[0], f"{found[-1][1]} {sentence}")
        elif found:
            found[-1] = (found[-1][0], f"{found[-1][1]} {sentence}")
        else:
            found.append(("", sentence))  # what leads to the first name
    return [part for part in found if part[0]]


def _is_noun(text: str) -> bool:
    """True for a stressed text that may name somebody or something, too."""
    return text[:1].isupper() and not signs(text) and not names_topic(text)


def _names(text: str) -> bool:
    """True for a stressed text that is the name of an offer: no topic, no note, no day."""
    if not _SHORT <= len(text) <= _NAME or not may_name(text) or signs(text) & _TOLD:
        return False
    if is_label(text) or is_foreign(text) or is_trailer(text) or names_affair(text):
        return False
    quoted = text[0] in '„“"»' and text[-1] in '“”"«'
    named = text[0].isupper() and names_offer(text) and not names_topic(text)
    return quoted or named or (text.isupper() and text.isalpha())


def _lines(line: Line, parts: Sequence[Part]) -> Iterator[Line]:
    """A line in its parts."""
    places = [text for _, text in parts]
    for number, (name, text) in enumerate(parts):
        part = Line(text, line.element, line.paragraph)
        part.column, part.style, part.day = line.column, line.style, line.day
        part.item = line.item and not number
        part.ruled = line.ruled and not number
        part.lead = name
        part.links = [one for one in line.links if _place(one[1], places) == number]
        part.mails = [mail for mail in line.mails if _place(mail, places) == number]
        part.tels = [tel for tel in line.tels if _place(tel, places) == number]
        part.signs, part.hints = evidence.look(text)
        part.signs |= Sign.PHONE if part.tels else Sign.NONE
        part.signs |= Sign.MAIL if part.mails else Sign.NONE
        part.signs |= line.signs & Sign.LINK if part.links else Sign.NONE
        yield part


def _place(said: str, places: Sequence[str]) -> int:
    """The part of a text in which something is said; the last where none has it word for word."""
    return next((n for n, text in enumerate(places) if said and said in text), len(places) - 1)


def _set(flow: Flow, parts: dict[int, list[Line]]) -> None:
    """Put the parts of lines in their place; each begins a paragraph."""
    lines: list[Line] = []
    moved: list[int] = []
    further = 0
    for n, line in enumerate(flow.lines):
        moved.append(len(lines))
        for number, part in enumerate(parts.get(n, [line])):
            further += number > 0
            part.paragraph += further
            lines.append(part)
    moved.append(len(lines))
    for element in flow.elements:
        element.start, element.end = moved[element.start], moved[element.end]
    flow.lines = lines
