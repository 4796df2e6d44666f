"""Topics, facet words, folding and the word rules."""

from __future__ import annotations

from typing import get_args

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from aggregator.listing import Format, Mode, Qualifier, Status, Topic
from aggregator.vocabulary.facets import LABELS, LANGUAGE_NAMES, label
from aggregator.vocabulary.folding import fold, words
from aggregator.vocabulary.rules import RuleSet, parse_rule
from aggregator.vocabulary.topics import TOPICS


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


@pytest.mark.parametrize("pattern", ["", "*", "* arbeit", "a+b", "...", "arbeit ..."])
def test_a_rule_that_cannot_hold_is_refused(pattern: str) -> None:
    with pytest.raises(ValueError, match="rule"):
        parse_rule(pattern, {})
