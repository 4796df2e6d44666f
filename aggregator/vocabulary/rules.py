"""Weighted rules over folded words: the longest that fits a place wins it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import compress

from aggregator.vocabulary.compounds import fold_letters, parts
from aggregator.vocabulary.folding import fold

_MOST = 65_536  # words that a set of rules remembers
_SHORTEST_END = 4  # letters of a stem that the end of a compound may begin with


@dataclass(frozen=True, slots=True)
class Rule:
    """Words in a row, and what they speak for.

    A word of `pattern` is matched whole; "stem*" by its beginning, "*head" by its end, "*root*"
    anywhere, "*" is any word (not the first). `weights` gives points a code; a rule without
    weights only takes its words, so that no shorter rule sees them ("mit Kinderbetreuung" is no
    offer of childcare).
    """

    pattern: str
    weights: Mapping[str, int]
    parts: tuple[tuple[str, bool, bool], ...]

    @property
    def rank(self) -> tuple[int, int]:
        """Longer wins: first by words, then by letters, a whole word before a stem."""
        letters = sum(2 * len(stem) + (not head) + (not tail) for stem, head, tail in self.parts)
        return len(self.parts), letters

    def follows(self, words: Sequence[str], at: int, size: int) -> bool:
        """True where its first `size` words stand there; the very first is known to fit."""
        if at + size > len(words):
            return False
        for i in range(1, size):
            stem, open_left, open_right = self.parts[i]
            word = words[at + i]
            if open_left:
                fits = bool(word) and (stem in word if open_right else word.endswith(stem))
            else:
                fits = word.startswith(stem) if open_right else word == stem
            if not fits:
                return False
        return True


def parse_rule(pattern: str, weights: Mapping[str, int]) -> Rule:
    """Read a pattern as written in the YAML files; umlauts are folded, hyphens divide words."""
    parts: list[tuple[str, bool, bool]] = []
    for word in fold(pattern).replace("-", " ").split():
        stem = word.strip("*")
        if not stem.isalnum() and (stem or not parts):
            raise ValueError(f"rule {pattern!r}: {word!r} has no letters or a mark inside")
        parts.append((stem, word.startswith("*"), word.endswith("*")))
    if not parts:
        raise ValueError("a rule without words")
    return Rule(pattern, dict(weights), tuple(parts))


class RuleSet:
    """Rules ready to be run over the words of a text; immutable after it is built.

    With `compounds`, a word that no rule knows is asked for by its later parts, each to the end
    of the word: "Großtagespflege" is a Tagespflege. Such a rule counts one point less.
    """

    def __init__(self, rules: Iterable[Rule], *, compounds: bool = False) -> None:
        whole: dict[str, list[Rule]] = defaultdict(list)
        stems: dict[str, list[Rule]] = defaultdict(list)
        heads: dict[str, list[Rule]] = defaultdict(list)
        roots: list[tuple[str, Rule]] = []
        for rule in rules:
            stem, open_left, open_right = rule.parts[0]
            if open_left and open_right:
                roots.append((stem, rule))
            elif open_left:
                heads[stem].append(rule)
            elif open_right:
                stems[stem].append(rule)
            else:
                whole[stem].append(rule)

        def beginning(word: str) -> Beginning:
            found = [*whole.get(word, ())]
            if word.isdigit():
                return _by_next(found)
            for cut in range(2, len(word) + 1):
                found += stems.get(word[:cut], ())
                found += heads.get(word[-cut:], ())
            found += [rule for root, rule in roots if root in word]
            ordered = sorted(found, key=lambda rule: rule.rank, reverse=True)
            if compounds and (inner := _inner(word, whole, stems)):
                ordered.append(inner)
            return _by_next(ordered)

        self.beginning = beginning
        """The rules that a word may begin."""
        self._known = Lexicon(self)

    def hits(self, words: Sequence[str]) -> list[tuple[Rule, int]]:
        """Rules that hold, with the place of their first word; no word serves two rules."""
        return held(words, self._known.begun(words), 0)


Beginning = dict[str, tuple[Rule, ...]]
"""The rules that a word may begin, the longest first, by the first letter of the next word; under
"" for all other letters. Empty where there are none."""


class Lexicon(dict[str, tuple[Beginning, ...]]):
    """What words begin in each of several sets of rules; () where nothing in any.

    Words of a language repeat, asking again costs nothing; and one look-up serves all sets.
    """

    def __init__(self, *sets: RuleSet) -> None:
        super().__init__()
        self._sets = sets

    def __missing__(self, word: str) -> tuple[Beginning, ...]:
        if len(self) >= _MOST:
            self.clear()
        beginnings = tuple([rules.beginning(word) for rules in self._sets])
        known = self[word] = beginnings if any(beginnings) else ()
        return known

    def begun(self, words: Iterable[str]) -> list[tuple[Beginning, ...]]:
        """What each word of a text begins."""
        return [*map(self.__getitem__, words)]


def held(
    words: Sequence[str], begun: Sequence[tuple[Beginning, ...]], number: int
) -> list[tuple[Rule, int]]:
    """The rules of a lexicon's set that hold in a text, with the place of their first word.

    `begun` is what its words begin, `number` which of the sets it is. No word serves two rules.
    """
    found: list[tuple[Rule, int]] = []
    free = 0
    last = len(words) - 1
    for at, beginnings in compress(enumerate(begun), begun):  # most words begin no rule
        if at < free or not (beginning := beginnings[number]):
            continue
        following = words[at + 1][:1] if at < last else ""
        for rule in beginning.get(following) or beginning[""]:
            size = len(rule.parts)
            if size == 1 or rule.follows(words, at, size):
                found.append((rule, at))
                free = at + size
                break
    return found


def _by_next(rules: Sequence[Rule]) -> Beginning:
    """Most rules of several words can be left out at the first letter of their second word."""
    if not rules:
        return {}
    needed = [_second_letter(rule) for rule in rules]
    return {
        letter: tuple(
            rule for rule, need in zip(rules, needed, strict=True) if need in {None, letter}
        )
        for letter in {"", *needed}
        if letter is not None
    }


def _second_letter(rule: Rule) -> str | None:
    """The letter that the second word of a rule begins with; None where any may do."""
    if len(rule.parts) == 1:
        return None
    stem, open_left, _ = rule.parts[1]
    return None if open_left else stem[:1]


def _inner(
    word: str, whole: Mapping[str, list[Rule]], stems: Mapping[str, list[Rule]]
) -> Rule | None:
    """The rule of the longest end of a compound that one knows, a point weaker; None where none."""
    for end in _ends(word):
        found = [*whole.get(end, ())]
        for cut in range(_SHORTEST_END, len(end) + 1):
            found += stems.get(end[:cut], ())
        single = [rule for rule in found if len(rule.parts) == 1]
        if single:
            best = max(single, key=lambda rule: rule.rank)
            weights = {code: points - 1 for code, points in best.weights.items() if points > 1}
            return Rule(f"…{best.pattern}", weights, ((word, False, False),))
    return None


def _ends(word: str) -> Iterator[str]:
    """The ends of a folded compound, from each of its parts but the first on; longest first."""
    short = fold_letters(word)
    left = -1
    for part in parts(short)[1:]:
        left = short.find(part, left + 1)
        if left < 1:
            return
        # The splitter writes ä as a, rules write ae: count what stands behind instead.
        behind = len(short) - left
        for at in range(len(word) - 1, 0, -1):
            if len(fold_letters(word[at:])) == behind:
                yield word[at:]
                break
