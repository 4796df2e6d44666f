"""What is listened for before a pattern is asked leaves out nothing that the pattern matches."""

from __future__ import annotations

import importlib
import pkgutil
import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from aggregator import normalise
from aggregator.normalise import mailtext, person, wording
from aggregator.normalise.body import name as body_name
from aggregator.normalise.cues import EVERY, FACETS, LINES, Cued, Ear
from aggregator.normalise.needed import needed
from aggregator.vocabulary.folding import fold

_CASES = Path(__file__).parent / "cases"
_PATTERNS = (
    r"\bab(?:a|b)\b|b(?!a)a+c?",
    r"(?:ab|ba){2,3}(?P<rest>c)?|[ab]c",
    r"a?b(?=c)c|(?>ab|b)a",
    r"(?:a|(?:b|c)a)(?:b|)c*b",
    r"(?i:AB)|[a-c]{1,2}b",
)


@pytest.mark.parametrize("pattern", _PATTERNS)
@given(text=st.text("abcAB ", max_size=10))
def test_one_of_the_strings_stands_in_every_match(pattern: str, text: str) -> None:
    strings = needed(pattern)
    assert strings
    for match in re.finditer(pattern, text):
        assert any(string in match[0].lower() or string in text.lower() for string in strings)


@pytest.mark.parametrize(
    ("pattern", "strings"),
    [
        (r"\bkosten(?:los|frei)\b|\bumsonst", {"kostenlos", "kostenfrei", "umsonst"}),
        (
            r"\balle (?:\w+ )?eltern\b (?:\w+ ){0,3}?(?:willkommen|eingeladen)",
            {"willkommen", "eingeladen"},
        ),
        (r"(?:un)?kosten|eigenkosten", {"kosten"}),
        (r"Frauenh(?:aus|äuser)", {"frauenhaus", "frauenhäuser"}),
        (r"\d+ ?\w*|a?", set()),
    ],
)
def test_the_strings_that_tell_most_are_chosen(pattern: str, strings: set[str]) -> None:
    assert needed(pattern) == strings


def test_a_pattern_that_needs_no_string_cannot_be_listened_for() -> None:
    with pytest.raises(ValueError, match="nothing to listen for"):
        Cued(r"\d+|kosten", ear=Ear())


def test_a_pattern_is_asked_only_where_its_strings_were_heard() -> None:
    ear = Ear(str.lower)
    free = Cued(r"\bkosten(?:los|frei)\b", re.IGNORECASE, ear=ear)
    assert ear.heard("Alles Kostenlos") & free.cue
    assert free.search("Alles Kostenlos", ear.heard("Alles Kostenlos"))
    assert not free.search("Alles Kostenlos", EVERY)
    assert free.sub("…", "kostenfrei", free.cue) == "…"
    assert free.sub("…", "kostenfrei", EVERY) == "kostenfrei"
    assert [m[0] for m in free.finditer("kostenlos, kostenfrei", free.cue)] == [
        "kostenlos",
        "kostenfrei",
    ]


def _of_readers() -> Iterator[tuple[str, Cued]]:
    """Every pattern of the readers that is listened for, by where it stands."""
    for module in pkgutil.walk_packages(normalise.__path__, f"{normalise.__name__}."):
        for name, value in vars(importlib.import_module(module.name)).items():
            for one in value.values() if isinstance(value, dict) else (value,):
                if isinstance(one, Cued):
                    yield f"{module.name}.{name}", one


def _strings(node: object) -> Iterator[str]:
    if isinstance(node, str):
        yield node
    elif isinstance(node, dict):
        yield from (text for pair in node.items() for part in pair for text in _strings(part))
    elif isinstance(node, list):
        yield from (text for part in node for text in _strings(part))


@cache
def _lines() -> frozenset[str]:
    """All lines of the cases."""
    return frozenset(
        line
        for file in _CASES.glob("*.yml")
        for text in _strings(yaml.safe_load(file.read_text("utf-8")))
        for line in text.split("\n")
    )


def test_the_readers_hear_all_that_their_patterns_match() -> None:
    patterns = dict(_of_readers())
    assert len(patterns) > 30
    for line in _lines():
        texts = {FACETS: (fold(line),), LINES: (line, line.lower())}
        for name, one in patterns.items():
            for text in texts[one.ear]:
                if one.pattern.search(text):
                    assert one.ear.heard(text) & one.cue, (name, text)


@pytest.mark.parametrize(
    ("first", "asked"),
    [
        (wording._MAY_END, wording._END),
        (body_name._MAY_END, body_name._END),
        (body_name._MAY_END, body_name.AFTER_SENTENCE),
        (mailtext._HIDDEN_BY, mailtext._HIDDEN_HINT),
        (mailtext._HIDDEN_BY, mailtext._DOT),
        (person._INITIAL_HINT, person._INITIALLED),
    ],
)
def test_what_is_asked_first_leaves_out_nothing(
    first: re.Pattern[str], asked: re.Pattern[str]
) -> None:
    told = [line for line in _lines() if asked.search(line)]
    assert told
    assert [line for line in told if not first.search(line)] == []
