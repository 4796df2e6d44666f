"""What a tree may find is never more than is expected at most."""

from itertools import combinations

import pytest

from aggregator.index.expected import Expected
from aggregator.index.tree import AtLeast, Term

SIZE = 60
HOLDERS = {"a": set(range(60)), "b": set(range(30)), "c": set(range(20, 40)), "d": {1, 25, 59}}
FREQUENCIES = {("whole", word): len(offers) for word, offers in HOLDERS.items()}
EXPECTED = Expected(FREQUENCIES, SIZE)
CHOICES = [
    (words, least)
    for size in (2, 3, 4)
    for words in combinations(HOLDERS, size)
    for least in range(1, size + 1)
]


def some_of(words, least):
    return AtLeast(tuple(Term(word, 1) for word in words), least)


@pytest.mark.parametrize(("words", "least"), CHOICES)
def test_at_most_those_have_some_of_the_words_that_have_one_of_the_rarest(words, least):
    found = sum(sum(offer in HOLDERS[word] for word in words) >= least for offer in range(SIZE))
    assert found <= EXPECTED.most(some_of(words, least)) <= SIZE


def test_several_rare_words_are_seldom_together():
    assert EXPECTED.most(some_of("bcd", 2)) == 23
    # 30 * 20, 30 * 3 and 20 * 3 of 60 * 60, where words have nothing to do with each other.
    assert EXPECTED.likely(some_of("bcd", 2)) == pytest.approx(10 + 1.5 + 1)
    assert EXPECTED.likely(some_of("ab", 1)) == SIZE
