"""Points of weighted word rules over a record: what topic and format are decided by."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from typing import NamedTuple

from aggregator.normalise.negation import denied, denies
from aggregator.normalise.statement import Statement
from aggregator.normalise.wording import fold_passage
from aggregator.vocabulary.facets import FORMAT_RULES, FORMAT_VERBS
from aggregator.vocabulary.folding import words
from aggregator.vocabulary.rules import Beginning, Lexicon, Rule, RuleSet, held
from aggregator.vocabulary.topics import TEXT_RULES
from crawlers.record import Passage

Matcher = Callable[[str], tuple[Rule, ...]]

_CERTAIN = 24  # points from which the confidence is 1.0
_MAPPED = 1_000  # points of a word that the declaration itself maps: stronger than any rule


_SETS = (TEXT_RULES, FORMAT_RULES, FORMAT_VERBS)
_LEXICON = Lexicon(*_SETS)


@lru_cache(maxsize=4_096)  # asked for topics, and again for formats
def _begun(text: str) -> tuple[Sequence[str], Sequence[tuple[Beginning, ...]]]:
    """The folded words of a text, and what they begin in all sets of rules."""
    said = words(fold_passage(text))
    return said, _LEXICON.begun(said)


def matcher(rules: RuleSet) -> Matcher:
    """The rules that hold in a text and are not denied there ("keine Rechtsberatung")."""
    number = _SETS.index(rules)

    @lru_cache(maxsize=4_096)  # headings and boilerplate lines repeat over the records of a source
    def matching(text: str) -> tuple[Rule, ...]:
        said, begun = _begun(text)
        found = held(said, begun, number)
        if found and denies(said):
            found = [(rule, at) for rule, at in found if not denied(said, at)]
        return tuple([rule for rule, _ in found if rule.weights])

    return matching


class Hit(NamedTuple):
    """One rule at the best place of a record where it holds."""

    points: int
    passage: Passage
    pattern: str

    @property
    def reason(self) -> str:
        """Which rule held, and what it counted for."""
        if self.points == _MAPPED:
            return f"lookup: {self.pattern}"
        return f"rule: {self.pattern} (+{self.points} {self.passage.role})"


@dataclass(slots=True)
class Tally:
    """Hits a code; each rule counts once a record, so that repeating a word proves nothing."""

    hits: dict[str, dict[str, Hit]] = field(default_factory=dict)

    def count(self, passage: Passage, factor: int, matching: Matcher) -> bool:
        """Add the rules that hold in a passage; True where there are any."""
        return self.add(passage, factor, matching(passage.text))

    def count_best(self, passage: Passage, factor: int, matching: Matcher) -> bool:
        """Add only a code's best rule: for headings, where a row of words is one thing said."""
        found = matching(passage.text)
        if not found:
            return False
        best: dict[str, Rule] = {}
        for rule in found:
            for code, weight in rule.weights.items():
                if code not in best or weight > best[code].weights[code]:
                    best[code] = rule
        # "Kurse, Treffs und Kinderbetreuung" says less of each than one word says of one.
        return self.add(passage, factor if len(best) < 2 else max(1, factor // 2), best.values())

    def add(self, passage: Passage, factor: int, found: Collection[Rule]) -> bool:
        """Add rules that are known to hold in a passage; True where there are any."""
        hits = self.hits
        for rule in found:
            pattern = rule.pattern
            for code, weight in rule.weights.items():
                points = weight * factor
                known = hits.get(code)
                if known is None:
                    hits[code] = {pattern: Hit(points, passage, pattern)}
                elif pattern not in known or known[pattern].points < points:
                    known[pattern] = Hit(points, passage, pattern)
        return bool(found)

    def map(self, passage: Passage, code: str) -> None:
        """Add a word of the site that its declaration maps: it outweighs all rules."""
        word = passage.text.strip()
        self.hits.setdefault(code, {})[word] = Hit(_MAPPED, passage, word)

    def mapped(self, code: str) -> bool:
        """Whether the declaration itself maps a word to it."""
        return any(hit.points == _MAPPED for hit in self.hits.get(code, {}).values())

    def points(self, code: str) -> int:
        """The sum of a code's points."""
        return sum([hit.points for hit in self.hits.get(code, {}).values()])

    def ranked(self, order: Iterable[str], threshold: int, share: float) -> list[str]:
        """Codes with at least `threshold` points and `share` of the best, best first.

        The best of a mapped word counts as its rules would, so that others still get a hearing.
        Equal points: `order` decides.
        """
        points = {code: self.points(code) for code in order if code in self.hits}
        best = min(max(points.values(), default=0), _CERTAIN)
        needed = max(threshold, share * best)
        return sorted((c for c, p in points.items() if p >= needed), key=lambda c: -points[c])

    def statements(self, name: str, codes: Iterable[str], reader: str) -> Iterator[Statement]:
        """A statement a code, with the strongest hit as its evidence."""
        for code in codes:
            strongest = max(self.hits[code].values(), key=lambda hit: hit.points)
            passage = strongest.passage
            yield Statement(
                name,
                code,
                passage.text,
                passage.locator,
                reader,
                strongest.reason,
                min(1.0, 0.5 + self.points(code) / (2 * _CERTAIN)),
            )


def own_words(lookups: Mapping[str, str | None]) -> dict[str, str | None]:
    """A declaration's word list with its words folded, as the site's words are before comparing."""
    return {fold_passage(word).strip(): code for word, code in lookups.items()}
