"""From a question to a tree: what must occur, what else may stand for it, what each is worth.

Every word is a clause: the word itself, the parts of it, what else it is called, or, where nobody
has ever written it, what was probably meant. A clause is worth more the rarer its word is.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence

from rapidfuzz.distance import OSA

from aggregator.index import synonyms
from aggregator.index.analysis import fold, grams, part_terms
from aggregator.index.base import Matched
from aggregator.index.engine import Engine
from aggregator.index.question import Question, Wanted
from aggregator.index.schema import SEPARATOR, TEXT_FIELDS
from aggregator.index.spelling import Spelling
from aggregator.index.tree import (
    All,
    AtLeast,
    Best,
    Bonus,
    Everything,
    Node,
    Phrase,
    Pieces,
    Term,
    Values,
    best,
    every,
)
from aggregator.vocabulary.stemming import stem

_EXACT, _CORRECTION, _SYNONYM, _PARTS, _PREFIX = 4, 3, 2, 4, 2
"""What a way to say a word is worth; parts and the words of a phrase share theirs."""
_RAREST = 8
"""What a word of one offer is worth; one that all have is worth 1."""
_TOPIC = 6
"""What a word is worth in an offer that is about the topic that it means."""
_ABOUT = 12
"""What an offer is worth for being about the topic of the question."""
_SHORTEST_HALF = 3
_LONG_COMPOUND = 10
"""Letters from which on a compound is looked at for a slip; shorter ones are too much alike."""
_SURELY_IN_STEM = 2
"""Letters of the second half that no ending takes away."""
_ABOUT_FIELDS = ("title", "about")
_RARE = 3
"""Rarity (1 to `_RAREST`) from which on a word says something wherever it stands."""
_ALL_ARE = frozenset(map(stem, ("alleinerziehend", "alleinerziehende", "alleinerziehenden")))
"""Whom every offer is for, whether it says so or not: "Beratung für Alleinerziehende"."""
_WELL_KNOWN = 20
"""Offers that have a word so that nobody who types it means another one."""
_MOST_NEARLY = 1_000
"""Offers that may follow a few that fit."""
_SHORTEST_PREFIX = 2
_MOST_FORMS = 24
"""Words that a beginning is completed to."""
_MOST_CORRECTIONS = 4
"""Unknown words of one query that are looked up; text made of more is no question."""
_MOST_REMEMBERED = 100_000
_MOST_LEARNT = 100_000
"""Words whose spelling is known, the commonest: rarer ones are mostly misspelt themselves."""


class Plan:
    """Makes trees for one state of the index."""

    def __init__(self, engine: Engine, before: Plan | None = None) -> None:
        """Words are spelt as `before` knew them until this one has learnt (`learn`)."""
        self._engine = engine
        self._frequencies: dict[str, int] = {}
        self.spelling: Spelling | None = before.spelling if before else None

    def candidates(
        self, question: Question, topics: tuple[str, ...] = ()
    ) -> Iterator[tuple[Node | None, Matched]]:
        """Ways to take the words of a question, from the strictest on; None wants no words.

        All words, then most, then what is about the same topic, one word, and similar words.
        """
        extra = [clause for clause, _ in self._clauses(question.welcome)]
        strict = self._clauses(question.words)
        strong = [clause for clause, weak in strict if not weak]
        if strong:
            extra += (clause for clause, weak in strict if weak)
        else:
            strong = [clause for clause, _ in strict]
        if not strong:
            yield _with(Everything(), extra) if extra else None, "all"
            return
        about = Values("topics", topics, _ABOUT)
        if topics:
            extra.append(about)
        yield _with(every(*strong), extra), "all"
        loose = self._loose(question)
        most, matched = _most(loose), _some_of(loose)
        if most < len(loose):
            yield _with(AtLeast(tuple(loose), most), extra), matched
        if topics:
            yield _with(about, [*loose, *extra]), "some"
        yield _with(AtLeast(tuple(loose), 1), extra), matched
        similar = self.similar(question)
        if similar is not None:
            yield _with(similar, extra), "similar"
        if len(strong) < len(strict):
            yield AtLeast(tuple(clause for clause, _ in strict), 1), "some"

    def about(self, question: Question, topics: tuple[str, ...]) -> Node:
        """What is about these topics, those offers first that have any of the words."""
        loose = [clause for clause, _ in self._clauses(question.words, loose=True)]
        return _with(Values("topics", topics, _ABOUT), loose)

    def nearly(self, question: Question, matched: Matched) -> Node | None:
        """What comes next where few offers have all of the words, or most of them.

        Where very many would come next they are no answer: similar words alone are.
        """
        loose = self._loose(question)
        least = min(_most(loose), len(loose) - 1) if matched == "all" else 1
        # Whoever has so many of them has one of the rarest.
        rarest = sorted(map(self._at_most, loose))[: len(loose) - least + 1]
        ways = [self.similar(question)]
        if least > 0 and sum(rarest) <= _MOST_NEARLY:
            ways.append(AtLeast(tuple(loose), least))
        found = [way for way in ways if way]
        return best(*found) if found else None

    def _at_most(self, node: Node) -> int:
        """How many offers a clause may find, told without searching."""
        match node:
            case Term(term):
                return self._frequency(term)
            case All(children):
                return min(map(self._at_most, children))
            case Best(children):
                return min(self._engine.size, sum(map(self._at_most, children)))
        return self._engine.size

    def _loose(self, question: Question) -> list[Node]:
        """The clauses of the words that say something, of which not all need hold."""
        clauses = self._clauses(question.words, loose=True)
        strong = [clause for clause, weak in clauses if not weak]
        return strong or [clause for clause, _ in clauses]

    def similar(self, question: Question) -> Node | None:
        """Words that begin like the last one or share most letters with what was typed.

        Well known words are spelt right: they only count beside such.
        """
        strong = [word for word in question.words if not word.weak] or question.words
        known = [word for word in strong if self._frequency(word.term) >= _WELL_KNOWN]
        others = [self._alike(word) for word in strong if word not in known]
        found = tuple(other for other in others if other is not None)
        if not found:
            return None
        beside = [self._term(word.term, _EXACT) for word in known]
        return _with(AtLeast(found, len(found) - len(found) // 2), beside)

    def phrase(self, terms: tuple[str, ...]) -> Node:
        """Words in this order."""
        if len(terms) == 1:
            return self._term(terms[0], _EXACT)
        return Phrase(terms, _EXACT * _RAREST)

    def corrected(self, question: Question) -> dict[str, str]:
        """Typed word -> the known word that was probably meant, for words nobody has written."""
        return self._corrected(question.words)

    def _corrected(self, words: Sequence[Wanted]) -> dict[str, str]:
        unknown = [word for word in words if not self._understood(word)]
        if not unknown:
            return {}
        alone = {
            words[positions[0]]
            for positions, _ in synonyms.groups(tuple(word.term for word in words))
            if len(positions) == 1
        }
        unknown = [word for word in unknown if word in alone]
        near = ((word, self._near(word)) for word in unknown[:_MOST_CORRECTIONS])
        return {word.surface: other for word, other in near if other}

    def _clauses(self, words: Sequence[Wanted], *, loose: bool = False) -> list[tuple[Node, bool]]:
        """A clause for every word or known phrase, and whether an offer may do without it."""
        corrections = self._corrected(words)
        clauses: list[tuple[Node, bool]] = []
        before: Wanted | None = None
        for positions, key in synonyms.groups(tuple(word.term for word in words)):
            if len(positions) > 1:
                clauses.append(
                    (self._phrase([words[at] for at in positions], key, loose=loose), False)
                )
                before = None
                continue
            word = words[positions[0]]
            clause = self._word(word, corrections.get(word.surface), loose=loose)
            if before and (joined := self._joined(before, word)):
                if loose:
                    clauses[-1] = best(clauses[-1][0], *joined), False
                    clauses.append((clause, word.weak))
                else:
                    clauses[-1] = best(every(clauses[-1][0], clause), *joined), False
                before = None
            else:
                clauses.append((clause, word.weak))
                before = word
        return clauses

    def _phrase(self, words: Sequence[Wanted], key: tuple[str, ...], *, loose: bool) -> Node:
        """A phrase that is known. Loosely, the words in it that say something are enough."""
        ways = [every(*(self._term(word.term, _EXACT) for word in words)), *self._called(key)]
        strong = [word for word in words if not word.weak]
        weak = {word.term for word in words if word.weak}
        if weak and strong and (loose or weak <= _ALL_ARE):
            ways.append(every(*(self._word(word, None, loose=True) for word in strong)))
        return best(*ways)

    def _joined(self, first: Wanted, second: Wanted) -> list[Node]:
        """Two words as the one that they may have been meant to be (Baby Sitter, Wohnungs los)."""
        if second.at != first.at + 1 or min(len(first.folded), len(second.folded)) < _SHORTEST_HALF:
            return []
        # Stems are long to find, and most neighbours make no word that anybody has written.
        begun = first.folded + second.folded[:_SURELY_IN_STEM]
        if not (synonyms.begins(begun) or self._engine.begins(begun)):
            return []
        term = stem(first.folded + second.folded)
        called = self._called((term,))
        known = self._is_known(term)
        return [*([self._term(term, 2 * _EXACT)] if known else []), *called]

    def _word(self, word: Wanted, correction: str | None, *, loose: bool) -> Node:
        ways: list[Node] = [self._term(word.term, _EXACT)]
        parts = part_terms(word.folded if correction is None else fold(correction))
        if parts:
            share = max(1, _PARTS // len(parts))
            if loose:
                each = [best(self._term(part, share), *self._called((part,))) for part in parts]
                ways.append(best(*each))
            else:
                # Far apart in a text the parts of a word mean something else.
                ways.append(every(*(self._term(part, share, ("title",)) for part in parts)))
        ways += self._called((word.said or word.term,))
        if correction is not None:
            meant = stem(fold(correction))
            ways += [self._term(meant, _CORRECTION), *self._called((meant,))]
        elif word.last and not self._is_known(word.term):
            ways += self._begun(word)
        return best(*ways)

    def _called(self, terms: tuple[str, ...]) -> list[Node]:
        """Everything else that a word or phrase is called; a phrase weighs as much as its words.

        A word that many offers have needs no topic to stand for it.
        """
        ways: list[Node] = []
        for other in synonyms.table().get(terms, ()):
            if topic := synonyms.topic_of(other):
                if len(terms) > 1 or self._frequency(terms[0]) < _WELL_KNOWN:
                    ways.append(Values("topics", (topic,), _TOPIC * len(terms)))
            elif all(map(self._is_known, other)):
                ways.append(every(*self._named(other, _SYNONYM * len(terms))))
        return ways

    def _named(self, terms: tuple[str, ...], weight: int) -> Iterator[Term]:
        """The words of a name, which share its weight.

        Several words that very many offers have make a name only where an offer says what it is
        about; far apart in its text they mean something else.
        """
        common = len(terms) > 1 and max(map(self._rarity, terms)) < _RARE
        fields = _ABOUT_FIELDS if common else TEXT_FIELDS
        return (self._term(term, max(1, weight // len(terms)), fields) for term in terms)

    def _begun(self, word: Wanted) -> list[Node]:
        if len(word.folded) < _SHORTEST_PREFIX:
            return []
        entries = self._engine.values("words", word.folded, _MOST_FORMS * 4)
        stems = dict.fromkeys(stem(entry.partition(SEPARATOR)[0]) for entry, _ in entries)
        return [self._term(form, _PREFIX) for form in list(stems)[:_MOST_FORMS]]

    def _alike(self, word: Wanted) -> Node | None:
        pieces = grams(word.folded)
        if not pieces:
            return None
        # A wrong letter spoils up to four pieces, so short words need fewer to agree.
        least = max(1, round(len(pieces) * 0.6) - (1 if len(pieces) < 8 else 0))
        letters = Pieces(tuple(pieces), least)
        return best(letters, *(self._begun(word) if word.last else ()))

    def _understood(self, word: Wanted) -> bool:
        if self._is_known(word.term) or (word.term,) in synonyms.table():
            return True
        parts = part_terms(word.folded)
        if parts and all(map(self._is_known, parts)):
            return not self._slipped(word)
        return word.last and bool(self._begun(word))

    def _slipped(self, word: Wanted) -> bool:
        """Whether a compound that nobody wrote is a letter away from a word with synonyms.

        "Privatinsolvens" has parts that offers know, and was meant to be "Privatinsolvenz".
        """
        near = self._near(word) if len(word.folded) >= _LONG_COMPOUND else None
        if near is None or (stem(fold(near)),) not in synonyms.table():
            return False
        return OSA.distance(fold(near), word.folded) == 1

    def learn(self) -> Spelling:
        """Learn how the words of this state of the index are spelt."""
        known = [(fold(surface), surface, 0) for surface in synonyms.vocabulary()]
        for entry, count in self._engine.values("words", "", _MOST_LEARNT):
            folded, _, surface = entry.partition(SEPARATOR)
            known.append((folded, surface, count))
        self.spelling = spelling = Spelling(known)
        return spelling

    def _near(self, word: Wanted) -> str | None:
        return (self.spelling or self.learn()).nearest(word.surface)

    def _is_known(self, term: str) -> bool:
        return self._frequency(term) > 0

    def _frequency(self, term: str) -> int:
        known = self._frequencies.get(term)
        if known is None:
            known = self._engine.frequency(term)
            if len(self._frequencies) < _MOST_REMEMBERED:
                self._frequencies[term] = known
        return known

    def _term(self, term: str, weight: int, fields: tuple[str, ...] = TEXT_FIELDS) -> Term:
        return Term(term, weight * self._rarity(term), fields)

    def _rarity(self, term: str) -> int:
        """1 for a word of every offer, `_RAREST` for one of a single offer, by the logarithm."""
        size, frequency = self._engine.size, self._frequency(term)
        if frequency <= 1 or size <= 1:
            return _RAREST
        share = math.log(size / min(size, frequency)) / math.log(size)
        return 1 + round((_RAREST - 1) * share)


def _with(node: Node, extra: Sequence[Node]) -> Node:
    return Bonus(node, tuple(extra)) if extra else node


def _most(clauses: Sequence[Node]) -> int:
    return len(clauses) - len(clauses) * 2 // 5


def _some_of(clauses: Sequence[Node]) -> Matched:
    return "some" if len(clauses) > 1 else "all"
