"""Setting a page's text into visual lines, with what their letters and markup say of them."""

from __future__ import annotations

import re

from crawlers.finder import evidence, titles
from crawlers.finder.evidence import Sign
from crawlers.finder.flow import Flow, Line, Place
from crawlers.finder.owner import Claims
from crawlers.finder.stemmed import Stemmed, hints, starting
from crawlers.finder.words import starts_with_label
from crawlers.keys import leaves, site_of

_LINE = 3000  # characters of a line in which signs are sought
_TITLE = 140  # characters of a line that may look like a heading
# The last are the pictures of fonts of icons, which have no meaning of their own.
_SPACE = re.compile(r"[\s\u00a0\u00ad\u200b-\u200f\u2060\ufeff\ue000-\uf8ff]+")
_SOFT = str.maketrans("", "", "\u00ad\u200b\u2060\ufeff")
_ODD = re.compile(r"[\u00ad\u200b-\u200f\u2060\ufeff\ue000-\uf8ff]")
_RULE = frozenset("*-–—_=~#+.·•")
_TYPED_RULE = re.compile(r"[*_=~#+.·• –—-]{3,}")
_IMPRINT = Stemmed(
    "©|(c) |copyright|alle rechte|besucher|letzte |webmaster|cookies",
    r"©|\(c\) (?:19|20)\d\d|copyright|alle rechte vorbehalten|besucher(?:zähler| nr)"
    r"|letzte (?:änderung|aktualisierung) ?:"
    rf"|(?:{starting('webmaster')})\b|verwendet cookies|nutzt cookies|nutzen (?:wir )?cookies",
)


class Typesetter:
    """Takes a page's text piece by piece and ends a line where a reader sees one end."""

    def __init__(self, url: str) -> None:
        self.url = url
        self.site = site_of(url)
        self.flow = Flow()
        self.claims = Claims()
        self.parts: list[str] = []
        self._lead: list[str] = []
        self._lead_link = ""
        self._leading = True
        self._bold = self._total = 0
        self._stressed: list[tuple[int, str]] = []
        self.shape = ""
        self._styles: set[str] = set()
        self.links: list[tuple[str, str]] = []
        self.mails: list[str] = []
        self.tels: list[str] = []
        self.element = 0
        self.beside = False
        """The walk is in a sidebar: its lines are no part of the content."""
        self.paragraph = 0
        self.rank = self.headed = 0
        self.ruled = False
        self.topic = False
        self.label = ""
        self.column = -1

    def text(self, raw: str, place: Place) -> None:
        """Take a piece of text as it stands in the markup."""
        text = _folded(raw)
        if not text or (text == " " and not self.parts):
            return
        self.parts.append(text)
        size = len(text.strip(" .,:;|–-"))
        if not size:
            if self._leading and self._lead:
                self._lead.append(text)
            return
        self._total += size
        self._styles.add(place.style)
        if place.bold:
            self._bold += size
            self._stressed.append((len(self.parts), text))
        if self._leading and (place.bold or place.link):
            self._lead.append(text)
            self._lead_link = self._lead_link or place.link
        else:
            self._leading = False

    def flush(self) -> None:
        """End the line, if one was begun."""
        if not self.parts:
            return
        parts = self.parts
        text = " ".join("".join(parts).split()) if len(parts) > 1 else parts[0].strip()
        if text and not self.label and text[0] in _RULE and _TYPED_RULE.fullmatch(text):
            self.ruled = True
        elif text:
            self._line(text)
            self.links, self.mails, self.tels = [], [], []
            self.ruled = self.topic = False
        self.parts, self._lead = [], []
        self._lead_link, self._leading = "", True
        if self._bold:
            self._bold, self._stressed = 0, []
        self._total = 0
        self.shape = ""
        self._styles.clear()

    def _line(self, text: str) -> None:
        line = Line(text, self.element, self.paragraph)
        line.links, line.mails, line.tels = self.links, self.mails, self.tels
        line.ruled = self.ruled
        line.label, line.column = self.label, self.column
        line.signs, line.hints = evidence.look(text[:_LINE])
        if len(text) > _LINE:
            line.hints = hints(text.lower())
        line.signs |= evidence.of_cell(text, self.label) if self.column >= 0 else Sign.NONE
        if self.tels:
            line.signs |= Sign.PHONE
        if self.mails:
            line.signs |= Sign.MAIL
        if self.links and any(leaves(target, self.site) for target, _ in self.links):
            line.signs |= Sign.LINK
        line.rank = self.rank
        line.style = next(iter(self._styles)) if len(self._styles) == 1 else ""
        line.topic = self.topic and not line.rank and len(text) <= 60
        line.topic = line.topic and not line.signs & ~evidence.HINTS
        if not line.rank and line.hints & _IMPRINT.bit and _IMPRINT.found(text[:_LINE].lower()):
            line.menu = True
            self.flow.own.update(evidence.phones(text))
            self.flow.framed.update(evidence.phones(text))
            self.claims.look(text, self.element)
            self.claims.look_at_desk(text, (), self.element)
        if self._lead and not self._leading:
            line.lead = "".join(self._lead).strip()
        if self._lead:
            line.lead_link = self._lead_link
        self._stress(line)
        if not line.rank and len(text) <= _TITLE:
            if self.shape:
                line.rank, line.shape = 7, self.shape
            elif self._bold and self._bold >= self._total - 1 and _may_name(line):
                line.rank, line.shape = 7, "b"
        if self.beside:
            self.flow.margin.append(line)
            return
        self.flow.hints |= line.hints
        self.flow.lines.append(line)

    def _stress(self, line: Line) -> None:
        """Note what stands bold in a line that is not bold as a whole."""
        if 0 < self._bold < self._total - 1:
            line.stressed = _runs(self._stressed)
            self.flow.stresses = True

    def settle(self) -> None:
        """Make one line of a heading of two; of a longer one the first alone is its name."""
        lines = self.flow.lines[self.headed :]
        if len(lines) < 2 or any(line.rank != self.rank for line in lines[:2]):
            return
        first, second = lines[:2]
        if len(lines) == 2 and titles.continues(first, second):
            first.text = f"{first.text} {second.text}"
            first.links += second.links
            self.flow.lines.pop()
            return
        for line in lines[1:]:
            line.rank = 0

    def end_line(self) -> None:
        """End the line at a break; where none was begun, end the paragraph."""
        if self.parts and "".join(self.parts).strip():
            shape = self.shape
            self.flush()
            self.shape = shape
        else:
            self.paragraph += 1

    def verbatim(self, text: str, place: Place) -> None:
        """Take text whose own line breaks count."""
        for part in text.split("\n"):
            if part.strip():
                self.text(part, place._replace(bold=False, link=""))
                self.flush()
            else:
                self.paragraph += 1


def _may_name(line: Line) -> bool:
    """True for a bold line that may be the name of something."""
    if line.signs & evidence.CONTACT or starts_with_label(line.text):
        return False
    return titles.may_name(line.text)


def _runs(pieces: list[tuple[int, str]]) -> tuple[str, ...]:
    """Pieces of text, each with its place, where neighbours are one."""
    runs: list[str] = []
    last = -1
    for at, text in pieces:
        if at == last + 1 and runs:
            runs[-1] += text
        else:
            runs.append(text)
        last = at
    return tuple(" ".join(run.split()) for run in runs)


def _folded(raw: str) -> str:
    """The text with its white space folded, that at its ends kept as one space each."""
    if raw.isprintable() and "  " not in raw:
        return raw  # no white space but single blanks
    if not raw.isascii() and _ODD.search(raw):
        return _SPACE.sub(" ", raw.translate(_SOFT))
    text = " ".join(raw.split())
    if not text:
        return " " if raw else ""
    return f"{' ' if raw[0].isspace() else ''}{text}{' ' if raw[-1].isspace() else ''}"
