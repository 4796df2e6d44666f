"""Topics, facet words, folding and the word rules."""

from __future__ import annotations

from pathlib import Path
from typing import get_args

import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st

from aggregator.listing import Format, Mode, Qualifier, Status, Topic
from aggregator.vocabulary.facets import LABELS, LANGUAGE_NAMES, label
from aggregator.vocabulary.folding import fold, words
from aggregator.vocabulary.rules import RuleSet, parse_rule
from aggregator.vocabulary.topics import TOPICS
from aggregator.vocabulary.topics import __file__ as _vocabulary

VOCABULARY = Path(_vocabulary).parent


def test_every_topic_of_the_schema_is_described_and_no_other() -> None:
    assert tuple(TOPICS) == get_args(Topic)
    for topic in TOPICS.values():
        for texts in (topic.label, topic.alt, topic.definition):
            assert set(texts) == {"de", "en"}
            assert all(texts.values())
        assert topic.law
        assert topic.open_eligibility


@pytest.mark.parametrize(
    ("field", "values"),
    [
        ("formats", get_args(Format)),
        ("modes", get_args(Mode)),
        ("hours_qualifiers", get_args(Qualifier)),
        ("status", tuple(Status)),
        ("cost", ("free", "paid")),
        ("registration", ("required", "none")),
        ("exclusivity", ("only", "also")),
        ("childcare", ("true", "false")),
        ("wheelchair", ("true", "false")),
    ],
)
def test_every_value_of_the_schema_has_words(field: str, values: tuple[str, ...]) -> None:
    assert set(LABELS[field]) == set(values)
    assert all(words["de"] and words["en"] for words in LABELS[field].values())


def test_labels() -> None:
    assert label("childcare", True) == "mit Kinderbetreuung"
    assert label("registration", "none", "en") == "no registration needed"
    assert label("audience", "age:0-3") == "Kinder 0–3 Jahre"
    assert label("audience", "age:6-", "en") == "Children from 6 years"
    assert label("audience", "unheard_of") == "unheard_of"


def test_every_name_of_a_language_is_folded_and_has_a_label() -> None:
    assert all(name == fold(name) for name in LANGUAGE_NAMES)
    assert set(LANGUAGE_NAMES.values()) == set(LABELS["languages"])


@pytest.mark.parametrize(
    ("text", "folded"),
    [
        ("Alleinerziehende:r", "alleinerziehende"),
        ("Berater*innen", "beraterinnen"),
        ("Schuldner_innen", "schuldnerinnen"),
        ("BeraterInnen", "beraterinnen"),
        ("Teilnehmer(innen)", "teilnehmerinnen"),
        ("Berater/-innen", "beraterinnen"),
        ("eines/einer", "eines/einer"),
        ("Straße, Café, Müt\u00adter", "strasse, cafe, muetter"),
        ("Mu\u0308tter", "muetter"),
        ("Sa/So und 16:30", "sa/so und 16:30"),
    ],
)
def test_folding(text: str, folded: str) -> None:
    assert fold(text) == folded


@settings(max_examples=100, derandomize=True)
@given(st.text(max_size=100))
def test_words_are_folded_once_for_all(text: str) -> None:
    said = words(fold(text))
    assert words(fold(" ".join(said))) == said


RULES = RuleSet(
    parse_rule(pattern, {code: 1} if code else {})
    for pattern, code in {
        "existenzsicher*": "benefit",
        "existenzsichernde Arbeit*": "work",
        "*treff": "group",
        "mit * kinderbetreuung": "",
        "kinderbetreuung": "care",
        "*wohn*": "home",
        "wohn*": "house",
    }.items()
)


@pytest.mark.parametrize(
    ("text", "codes"),
    [
        ("Existenzsicherung", ["benefit"]),
        ("existenzsichernde Arbeiten", ["work"]),
        ("Vätertreff", ["group"]),
        ("Treffen", []),
        ("Kurs mit kostenloser Kinderbetreuung", []),
        ("Kurs und Kinderbetreuung", ["care"]),
        ("gewohnt", ["home"]),
        ("Wohnen", ["house"]),
    ],
)
def test_the_longest_rule_takes_the_words(text: str, codes: list[str]) -> None:
    said = words(fold(text))
    assert [code for rule, _ in RULES.hits(said) for code in rule.weights] == codes


RULE_LISTS = [
    (path.stem, entry["code"], entry["rules"])
    for path in (VOCABULARY / "topics.yml",)
    for entry in yaml.safe_load(path.read_text("utf-8"))["topics"]
] + [
    ("facets", code, rules)
    for code, rules in yaml.safe_load((VOCABULARY / "facets.yml").read_text("utf-8"))[
        "formats"
    ].items()
]


@pytest.mark.parametrize(("file", "code", "rules"), RULE_LISTS)
def test_no_word_stands_twice_and_all_are_sorted(
    file: str, code: str, rules: dict[int, list[str]]
) -> None:
    listed = [word for patterns in rules.values() for word in patterns]
    twice = sorted({word for word in listed if listed.count(word) > 1})
    assert not twice, f"{file}.yml, {code}: twice {twice}"
    assert list(rules) == sorted(rules, reverse=True)
    for patterns in rules.values():
        assert patterns == sorted(patterns, key=lambda word: (word.strip("*"), word))


def test_the_lines_of_the_topics_are_short_enough_to_compare() -> None:
    lines = (VOCABULARY / "topics.yml").read_text("utf-8").splitlines()
    assert [line for line in lines if len(line) > 120] == []


COMPOUND_RULES = RuleSet(
    [
        parse_rule("tagespflege*", {"care": 4}),
        parse_rule("*sucht", {"health": 4}),
        parse_rule("pflege*", {"health": 1}),
        parse_rule("markt", {"leisure": 3}),
    ],
    compounds=True,
)


@pytest.mark.parametrize(
    ("word", "weights"),
    [
        ("Tagespflege", {"care": 4}),
        ("Großtagespflege", {"care": 3}),  # the longest end that a rule knows, a point weaker
        ("Familienpflege", {}),  # one point less one is silence
        ("Flohmarkt", {}),  # an atom of its own
        ("Tauschmarkt", {"leisure": 2}),
    ],
)
def test_a_compound_is_known_by_its_end(word: str, weights: dict[str, int]) -> None:
    said = words(fold(word))
    found = [rule.weights for rule, _ in COMPOUND_RULES.hits(said) if rule.weights]
    assert found == ([weights] if weights else [])


@pytest.mark.parametrize("pattern", ["", "*", "* arbeit", "a+b", "...", "arbeit ..."])
def test_a_rule_that_cannot_hold_is_refused(pattern: str) -> None:
    with pytest.raises(ValueError, match="rule"):
        parse_rule(pattern, {})
