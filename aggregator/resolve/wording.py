"""How alike two titles are, and what their words say for or against one service."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from collections.abc import Set as AbstractSet
from functools import lru_cache

from rapidfuzz import fuzz

from aggregator.resolve.evidence import Evidence
from aggregator.resolve.lexicon import (
    TELLING,
    is_audience,
    is_known,
    is_misspelling,
    is_place,
    lexicon,
    term,
)
from aggregator.resolve.naming import Title
from aggregator.resolve.profile import Profile
from aggregator.vocabulary.compounds import parts

UNLIKE = -1.0
"""Points of titles that have nothing in common: whatever else agrees, a person must look."""
ONE = 5.0
"""Points of titles that are one but for spelling."""
_PROVIDER_SHARE = 0.6  # of the weight of a word that stands in the provider's name as well
_PROVIDER_BESIDE = 0.2  # the same, where the title says more than who offers it
_ROOT = 7  # letters from which on a common beginning is a common root
_HEAD = 4  # letters from which on a common ending is the head of a compound
_SAME_LETTERS = 0.96
_FEW = 3  # letters by which two titles may differ in length and be one with an error
_COMPOUND = 10  # letters of a stem from which on two common words in one say something
_TYPO = 84
_LEAST_SHARED = 0.4  # weight of the strongest word in common; less is no likeness at all
_CROSSED_SHARE = 0.3
_MOSTLY, _CLEARLY = 0.7, 0.6
_LEVELS = ((0.9, ONE), (0.7, 4.0), (0.5, 2.5), (0.3, 0.5), (0.01, -1.0))


def titles(left: Profile, right: Profile, *, one_address: bool) -> tuple[Evidence, ...]:
    """What the titles say.

    At `one_address`, names of places say nothing; elsewhere they tell branches apart.
    """
    a, b = left.title, right.title
    town = left.town | right.town
    without = town | left.district | right.district
    if one_address:
        without |= left.street_terms | right.street_terms
    brand = _brand(left.provider | right.provider)
    words = a.words | b.words
    return _titles(
        a,
        b,
        town & words,
        without & words,
        brand & words,
        one_address=one_address,
        one_topic=left.topics[:1] == right.topics[:1] != (),
    )


@lru_cache(maxsize=100_000)
def _brand(names: frozenset[str]) -> frozenset[str]:
    """The terms of a provider's name, and the parts of its compounds as titles have them."""
    return names.union(term(piece) for name in names for piece in parts(name))


@lru_cache(maxsize=100_000)
def _titles(  # noqa: PLR0913 - what of the rest of a listing matters to its title
    a: Title,
    b: Title,
    town: frozenset[str],
    without: frozenset[str],
    brand: frozenset[str],
    *,
    one_address: bool,
    one_topic: bool,
) -> tuple[Evidence, ...]:
    """What two titles say of each other: the same few are compared again and again."""
    if a.doubtful or b.doubtful:
        a, b = a.spelt_as(b), b.spelt_as(a)
    return tuple(_each(a, b, town, without, brand, one_address=one_address, one_topic=one_topic))


def _each(  # noqa: PLR0913
    a: Title,
    b: Title,
    town: frozenset[str],
    without: frozenset[str],
    brand: frozenset[str],
    *,
    one_address: bool,
    one_topic: bool,
) -> Iterator[Evidence]:
    yield from _marks(a, b)
    if not one_address:
        where_a, where_b = a.places - town, b.places - town
        if where_a and where_b and where_a.isdisjoint(where_b):
            yield Evidence(-3.0, "two places in the titles")
    weights_a, weights_b = _weights(a, without, brand), _weights(b, without, brand)
    telling_a, telling_b = _is_telling(weights_a), _is_telling(weights_b)
    if not telling_a or not telling_b:
        yield _weak(a, b, brand, both=not telling_a and not telling_b)
        return
    named = _one_name(a, b, brand, without)
    if named:
        yield named
    for crossed in _crossed(a, b):
        for weights in (weights_a, weights_b):
            weights[crossed] = weights.get(crossed, 0.0) * _CROSSED_SHARE
    alike, rest_a, rest_b = _similarity(weights_a, weights_b)
    alike = max(alike, _letters(a, b))
    by_name = named is not None and named.points >= _A_NAME
    if alike < _CLEARLY and not by_name and _two_subjects(a, b):
        yield Evidence(-5.0, "titles name two subjects")
    elif alike > 0:
        points = next(points for least, points in _LEVELS if alike >= least)
        yield Evidence(points, f"titles {alike:.0%} alike")
        if alike < _MOSTLY and not by_name:
            rest_a |= a.extras - b.words
            rest_b |= b.extras - a.words
            yield from _remainders(a, b, rest_a - brand - without, rest_b - brand - without)
    else:
        yield _unlike(a, b, one_topic=one_topic)


_NONE: frozenset[str] = frozenset()
_A_NAME = 2.0
_ONE_AGE = 0.5  # likeness of spans of ages that two sites may tell of one group


def _one_name(
    a: Title, b: Title, brand: frozenset[str], without: frozenset[str]
) -> Evidence | None:
    """A proper name that both titles have, set apart in at least one of them.

    Where only one sets it apart it must be no common word: "Opstapje" is, "Spielgruppe:" is none.
    """
    if not a.names and not b.names:
        return None
    both = (a.names & b.names) - without
    if both:
        return None if both <= brand else Evidence(_A_NAME, "one proper name in the titles")
    either = (a.names & b.words) | (b.names & a.words)
    if any(not is_known(term) for term in either - brand - without):
        return Evidence(_A_NAME, "a proper name in both titles")
    return None


def _marks(a: Title, b: Title) -> Iterator[Evidence]:
    if a.quoted and b.quoted and not _named_alike(a, b):
        yield Evidence(-5.0, "two names in quotes")
    if a.counted and b.counted and a.counted != b.counted:
        each = a.counted - b.counted and b.counted - a.counted
        yield Evidence(-5.0 if each else -2.0, "numbers in part the same")
    if a.ages and b.ages and a.ages != b.ages and a.ages.likeness(b.ages) < _ONE_AGE:
        yield Evidence(-4.0, "ages in part the same")
    if a.kinds and b.kinds and a.kinds.isdisjoint(b.kinds):
        yield Evidence(-3.0, "words for two kinds of offer")
    if a.people and b.people and a.people.isdisjoint(b.people):
        yield Evidence(-5.5, "for other people")
    elif a.extras and b.extras and a.extras.isdisjoint(b.extras) and not _kin(a.extras, b.extras):
        yield Evidence(-3.0, "for other people or purposes")


def _remainders(
    a: Title, b: Title, rest_a: frozenset[str], rest_b: frozenset[str]
) -> Iterator[Evidence]:
    """What stands beside the common words of titles that are half alike."""
    if _other_compounds(a, b):
        yield Evidence(-2.5, "compounds of one head and other beginnings")
    elif rest_a and rest_b and _other_subjects(a, rest_a, b, rest_b):
        yield Evidence(-4.0, "each title names a subject of its own")
    elif rest_a and rest_b and _meanings(a, rest_a) != _meanings(b, rest_b):
        yield Evidence(-2.0, "each title says something that the other does not")


def _unlike(a: Title, b: Title, *, one_topic: bool) -> Evidence:
    """Titles without a telling word in common.

    An enumeration may describe what the other title names.
    """
    if one_topic and (a.enumerates or b.enumerates):
        return Evidence(UNLIKE + 0.5, "an enumeration of the same topic")
    if a.topics & b.topics and not (_is_name(a) and _is_name(b)):
        return Evidence(-1.5, "other titles of one topic")
    if a.topics and b.topics:
        return Evidence(-3.0, "titles have nothing in common")
    return Evidence(-2.0, "titles have nothing in common, one may be a proper name")


def _is_name(one: Title) -> bool:
    """Say whether what tells a title from others speaks for no topic: Kita Zwergenland."""
    return not any(term in one.meanings for term in one.telling)


def _two_subjects(a: Title, b: Title) -> bool:
    if not {*a.telling, *b.telling}.isdisjoint(a.beginnings & b.beginnings):
        return False  # Kurberatung, Kurvermittlung
    return bool(a.subjects and b.subjects) and not any(
        _kinship(x, y) or x.startswith(y) or y.startswith(x) for x in a.subjects for y in b.subjects
    )


def _crossed(a: Title, b: Title) -> AbstractSet[str]:
    """Terms at the head of one title's compound and at the beginning of the other's.

    Familienpflege is no Pflegeberatung.
    """
    if not a.compounds or not b.compounds:
        return _NONE
    found = (b.beginnings & a.compounds.keys()) | (a.beginnings & b.compounds.keys())
    return _NONE if found and (_continued(a, b) or _continued(b, a)) else found


def _continued(a: Title, b: Title) -> bool:
    """Say whether a compound of one goes on in one of the other: Elterngeld, Elterngeldstelle."""
    return any(
        len(short) >= _COMPOUND - 2 and long.startswith(short) and long != short
        for short in a.words
        for long in b.words
    )


def _other_compounds(a: Title, b: Title) -> bool:
    """Say whether both have compounds of one head that differ in what stands before it.

    Mietrechtsberatung is no Familienrechtsberatung. Words for the audience do not count: an
    Elterncafé may be the Familiencafé.
    """
    for head in a.compounds.keys() & b.compounds.keys():
        rest_a = a.compounds[head] - b.compounds[head] - b.words
        rest_b = b.compounds[head] - a.compounds[head] - a.words
        if rest_a and rest_b and not all(is_audience(term) for term in rest_a | rest_b):
            return True
    return False


def _meanings(one: Title, terms: frozenset[str]) -> frozenset[str]:
    """Topics that these terms speak for; the terms themselves where they speak for none."""
    found = frozenset[str]().union(*(one.meanings.get(term, frozenset()) for term in terms))
    return found or terms


def _weak(a: Title, b: Title, brand: frozenset[str], *, both: bool) -> Evidence:
    """Evidence of titles of which at least one is made of weak words only."""
    if both and a.plain - brand == b.plain - brand:
        return Evidence(3.0, "one title, of common words")
    shared = {term for term in a.plain & b.plain if not is_audience(term)}
    shared |= {
        t for t in a.words & b.words if len(t) >= _COMPOUND and not (is_place(t) or is_audience(t))
    }
    if not shared:
        return Evidence(-1.5, "titles have nothing in common")
    whole = any(len(term) >= _COMPOUND for term in shared)
    rest_a, rest_b = a.plain - shared, b.plain - shared
    if (both and rest_a and rest_b and rest_a.isdisjoint(b.plain)) or (
        whole and not both and not a.names & b.names and _adds(a, b) and _adds(b, a)
    ):
        name = (a.names & b.names & brand) - lexicon().federations if both else _NONE
        if any(not is_known(term) for term in name):
            return Evidence(_A_NAME, "titles share common words and the provider's own name")
        return Evidence(0.5, "titles share a common word beside others")
    if whole or (both and not _other_compounds(a, b)):
        return Evidence(2.0, "titles share common words")
    return Evidence(-1.0, "titles share a common word only")


def _adds(one: Title, other: Title) -> bool:
    """Say whether a title names a day or a matter of its own."""
    return bool(one.readings.keys() - other.readings.keys()) or any(
        not is_audience(term) for term in one.plain - other.plain
    )


def _other_subjects(a: Title, rest_a: frozenset[str], b: Title, rest_b: frozenset[str]) -> bool:
    """Say whether both rests speak for topics, and for none in common."""
    x = frozenset[str]().union(*(a.meanings.get(term, ()) for term in rest_a))
    y = frozenset[str]().union(*(b.meanings.get(term, ()) for term in rest_b))
    return bool(x and y) and x.isdisjoint(y)


def _named_alike(a: Title, b: Title) -> bool:
    return any(fuzz.ratio(x, y) >= _TYPO for x in a.quoted for y in b.quoted)


def _weights(one: Title, without: frozenset[str], brand: frozenset[str]) -> dict[str, float]:
    found = dict(one.weights)
    if without:
        for where in without:
            found.pop(where, None)
    if brand and (named := brand.intersection(found)):
        more = any(term not in named and not is_audience(term) for term in found)
        for term in named:
            found[term] *= _PROVIDER_BESIDE if more else _PROVIDER_SHARE
    return found


def _is_telling(weights: Mapping[str, float]) -> bool:
    return bool(weights) and max(weights.values()) >= TELLING


def _similarity(
    a: Mapping[str, float], b: Mapping[str, float]
) -> tuple[float, frozenset[str], frozenset[str]]:
    """How much of the weight of two titles is in words that both have, 0 to 1.

    With the telling words that only the one has, and those that only the other has.
    """
    shared = a.keys() & b.keys()
    matched = strongest = 0.0
    for one in sorted(shared):
        matched += min(a[one], b[one])
        strongest = max(strongest, a[one], b[one])
    rest_a, rest_b = a.keys() - shared, b.keys() - shared
    kin = [(degree, x, y) for x in rest_a for y in rest_b if (degree := _kinship(x, y))]
    # Best first; of equals by their letters, whichever title is which.
    for degree, x, y in sorted(kin, key=_by_degree) if kin else ():
        if x in rest_a and y in rest_b:
            share = degree * min(a[x], b[y])
            matched += share
            strongest = max(strongest, share)
            rest_a.remove(x)
            rest_b.remove(y)
    only_a = frozenset(term for term in rest_a if a[term] >= TELLING)
    only_b = frozenset(term for term in rest_b if b[term] >= TELLING)
    if strongest < _LEAST_SHARED:
        return 0.0, only_a, only_b
    total_a, total_b = sum(a.values()), sum(b.values())
    alike = max(2 * matched / (total_a + total_b), 0.8 * matched / min(total_a, total_b))
    return min(1.0, alike), only_a, only_b


def _by_degree(one: tuple[float, str, str]) -> tuple[float, list[str]]:
    return -one[0], sorted(one[1:])


@lru_cache(maxsize=100_000)
def _kinship(one: str, other: str) -> float:
    """How near two terms are: 0.9 for a typing error, 0.6 for one root or head, else 0."""
    short, long = (one, other) if len(one) <= len(other) else (other, one)
    if is_misspelling(short, long):
        return 0.9
    if len(short) >= _HEAD and long.endswith(short):
        return 0.6
    if len(short) < _ROOT:
        return 0.0
    # Erziehung is no misspelt Beziehung.
    if fuzz.ratio(short, long) >= _TYPO and not (is_known(short) and is_known(long)):
        return 0.9
    return 0.6 if short[:_ROOT] == long[:_ROOT] else 0.0


def _kin(a: frozenset[str], b: frozenset[str]) -> bool:
    return any(_kinship(x, y) for x in a for y in b)


def _letters(a: Title, b: Title) -> float:
    """Titles that differ in gaps or single letters only, or in what only one of them adds."""
    if a.extras and b.extras and a.extras.isdisjoint(b.extras):
        return 0.0
    if abs(len(a.letters) - len(b.letters)) > _FEW:
        return 0.0
    if is_misspelling(a.letters, b.letters):
        return 0.95
    ratio = fuzz.ratio(a.letters, b.letters, score_cutoff=100 * _SAME_LETTERS) / 100
    return ratio if ratio >= _SAME_LETTERS else 0.0
