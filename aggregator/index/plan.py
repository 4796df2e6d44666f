"""From a question to a query of the engine: what must occur, what else may stand for it.

Every word is a clause: the word itself, the parts of it, what else it is called, or, where nobody
has ever written it, what was probably meant.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from functools import partial

import tantivy
from tantivy import Occur
from tantivy import Query as Engine

from aggregator.index import synonyms
from aggregator.index.analysis import clean, fold, grams, part_terms
from aggregator.index.base import FILTERS
from aggregator.index.question import Question, Wanted
from aggregator.index.schema import SEPARATOR, TEXT_FIELDS, known_forms
from aggregator.index.spelling import Spelling
from aggregator.vocabulary.regions import COUNTRY
from aggregator.vocabulary.stemming import stem

_FIELD_WEIGHT: Mapping[str, float] = {"title": 3.0, "keys": 2.0, "body": 1.0}
_PARTS, _SYNONYM, _CORRECTION, _PREFIX, _SIMILAR = 0.8, 0.5, 0.7, 0.5, 0.05
_SHORTEST_PREFIX = 2
_MOST_FORMS = 24
"""Words that a beginning is completed to."""
_MOST_CORRECTIONS = 4
"""Unknown words of one query that are looked up; text made of more is no question."""


class Plan:
    """Makes queries for one state of the index."""

    def __init__(self, schema: tantivy.Schema, searcher: tantivy.Searcher) -> None:
        self._schema = schema
        self._searcher = searcher
        self._known: dict[str, bool] = {}
        self._spelling: Spelling | None = None

    def strict(self, question: Question) -> Engine:
        """All words, in one way or another."""
        return _all(self._clauses(question))

    def relaxed(self, question: Question, least: int) -> Engine:
        """At least so many of the words, and of a compound at least one part."""
        optional = [(Occur.Should, clause) for clause in self._clauses(question, loose=True)]
        return Engine.boolean_query(optional, minimum_number_should_match=least)

    def similar(self, question: Question) -> Engine | None:
        """Words that begin like the last one or share most letters with what was typed."""
        found = [each for each in map(self._alike, question.words) if each is not None]
        if not found:
            return None
        least = len(found) - len(found) // 2
        optional = [(Occur.Should, each) for each in found]
        letters = Engine.boolean_query(optional, minimum_number_should_match=least)
        return Engine.boost_query(letters, _SIMILAR)

    def bounds(
        self, question: Question, filters: Mapping[str, Sequence[str]]
    ) -> list[tuple[Occur, Engine]]:
        """What holds whatever the words: filters, phrases, words left out."""
        found = [(Occur.Must, self._phrase(terms)) for terms in question.phrases]
        found += [(Occur.MustNot, self._phrase(terms)) for terms in question.excluded]
        for name, values in filters.items():
            if name not in FILTERS:
                raise ValueError(f"no such filter: {name}")
            if values:
                wanted = self._filter(name, [clean(value) for value in values])
                found.append((Occur.Must, Engine.const_score_query(wanted, 0.0)))
        return found

    def corrected(self, question: Question) -> dict[str, str]:
        """Typed word -> the known word that was probably meant, for words nobody has written."""
        unknown = [
            word
            for start, end in synonyms.spans([word.term for word in question.words])
            for word in question.words[start:end]
            if end - start == 1 and not self._understood(word)
        ]
        near = ((word, self._near(word)) for word in unknown[:_MOST_CORRECTIONS])
        return {word.surface: other for word, other in near if other}

    def _clauses(self, question: Question, *, loose: bool = False) -> list[Engine]:
        words = question.words
        corrections = self.corrected(question)
        clauses: list[Engine] = []
        for start, end in synonyms.spans([word.term for word in words]):
            if end - start == 1:
                word = words[start]
                clauses.append(self._word(word, corrections.get(word.surface), loose=loose))
            else:
                terms = tuple(word.term for word in words[start:end])
                said = _all([self._term(term) for term in terms])
                clauses.append(_best([said, *self._called(terms)]))
        return clauses

    def _word(self, word: Wanted, correction: str | None, *, loose: bool) -> Engine:
        ways = [self._term(word.term)]
        parts = part_terms(word.folded)
        if parts:
            each = [_best([self._term(part), *self._called((part,))]) for part in parts]
            joined = _best(each) if loose else _all(each)
            ways.append(Engine.boost_query(joined, _PARTS / len(parts)))
        ways += self._called((word.term,))
        if correction is not None:
            meant = stem(fold(correction))
            near = _best([self._term(meant), *self._called((meant,))])
            ways.append(Engine.boost_query(near, _CORRECTION))
        elif word.last and not self._is_known(word.term):
            ways += self._begun(word)
        return _best(ways)

    def _called(self, terms: tuple[str, ...]) -> list[Engine]:
        """Everything else that a word or phrase is called; a phrase weighs as much as its words."""
        weight = _SYNONYM * len(terms)
        return [
            Engine.boost_query(_all([self._term(term) for term in other]), weight / len(other))
            for other in synonyms.table().get(terms, ())
            if all(map(self._is_known, other))
        ]

    def _begun(self, word: Wanted) -> list[Engine]:
        if len(word.folded) < _SHORTEST_PREFIX:
            return []
        forms = known_forms(self._searcher, word.folded, _MOST_FORMS)
        return [Engine.boost_query(self._term(form), _PREFIX) for form in forms]

    def _alike(self, word: Wanted) -> Engine | None:
        pieces = grams(word.folded)
        if not pieces:
            return None
        optional = [
            (Occur.Should, Engine.term_query(self._schema, "grams", piece)) for piece in pieces
        ]
        # A wrong letter spoils up to four pieces, so short words need fewer to agree.
        least = max(1, round(len(pieces) * 0.6) - (1 if len(pieces) < 8 else 0))
        letters = Engine.boolean_query(optional, minimum_number_should_match=least)
        return _best([letters, *(self._begun(word) if word.last else ())])

    def _understood(self, word: Wanted) -> bool:
        if self._is_known(word.term) or (word.term,) in synonyms.table():
            return True
        parts = part_terms(word.folded)
        if parts and all(map(self._is_known, parts)):
            return True
        return word.last and bool(self._begun(word))

    def _near(self, word: Wanted) -> str | None:
        if self._spelling is None:
            known = [(fold(surface), surface, 0) for surface in synonyms.vocabulary()]
            for entry, count in self._searcher.terms_with_prefix("words", ""):
                folded, _, surface = entry.partition(SEPARATOR)
                known.append((folded, surface, count))
            self._spelling = Spelling(known)
        return self._spelling.nearest(word.surface)

    def _is_known(self, term: str) -> bool:
        known = self._known.get(term)
        if known is None:
            frequency = partial(self._searcher.doc_freq, field_value=term)
            known = any(frequency(name) for name in TEXT_FIELDS)
            if len(self._known) < 100_000:
                self._known[term] = known
        return known

    def _term(self, term: str) -> Engine:
        return Engine.disjunction_max_query(
            [
                Engine.boost_query(Engine.term_query(self._schema, name, term), weight)
                for name, weight in _FIELD_WEIGHT.items()
            ],
            0.2,
        )

    def _phrase(self, terms: tuple[str, ...]) -> Engine:
        if len(terms) == 1:
            return self._term(terms[0])
        return Engine.disjunction_max_query(
            [Engine.phrase_query(self._schema, name, list(terms)) for name in TEXT_FIELDS]
        )

    def _filter(self, name: str, values: list[str]) -> Engine:
        if name == "region":
            begun = ("" if value == COUNTRY else value for value in values)
            values = [
                key for value in begun for key, _ in self._searcher.terms_with_prefix(name, value)
            ]
        return Engine.term_set_query(self._schema, name, values)


def _all(queries: Iterable[Engine]) -> Engine:
    found = list(queries)
    if len(found) == 1:
        return found[0]
    return Engine.boolean_query([(Occur.Must, query) for query in found])


def _best(queries: list[Engine]) -> Engine:
    return queries[0] if len(queries) == 1 else Engine.disjunction_max_query(queries, 0.1)
