"""One look-up of a word serves several sets of rules: each finds what it finds alone."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from aggregator.vocabulary.rules import Lexicon, RuleSet, held, parse_rule

_ADVICE = RuleSet([parse_rule("rat*", {"advice": 2}), parse_rule("rat und tat", {"help": 3})])
_HELP = RuleSet([parse_rule("tat", {"help": 1}), parse_rule("*hilfe", {"help": 2})])
_SAID = st.lists(st.sampled_from(["rat", "rats", "und", "tat", "beihilfe", "uhr", "9"]), max_size=8)


@given(_SAID)
def test_each_set_of_a_lexicon_finds_what_it_finds_alone(said: list[str]) -> None:
    lexicon = Lexicon(_ADVICE, _HELP)
    begun = lexicon.begun(said)
    assert held(said, begun, 0) == _ADVICE.hits(said)
    assert held(said, begun, 1) == _HELP.hits(said)


def test_what_begins_no_rule_of_any_set_holds_nothing() -> None:
    assert Lexicon(_ADVICE, _HELP).begun(["uhr", "tat"]) == [(), ({}, _HELP.beginning("tat"))]
