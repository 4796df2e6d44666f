"""Cues leave out no text in which one of them stands, whoever else listens."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from aggregator.normalise.cues import EVERY, Cues, Ear

_LETTERS = st.text("abeä€ .", min_size=1, max_size=4)
_WORDS = st.lists(_LETTERS, min_size=1, max_size=6)


@given(_WORDS, st.text("abeä€ .\n", max_size=40))
def test_cues_stand_wherever_one_of_them_is_written(cues: list[str], text: str) -> None:
    assert Cues(*cues).stand_in(text) == any(cue in text for cue in cues)


@given(st.lists(_WORDS, min_size=1, max_size=3), st.text("abeä€ .\n", max_size=40))
def test_bits_say_what_substrings_do(readers: list[list[str]], text: str) -> None:
    ear = Ear()
    bits = [ear.listen(*cues) for cues in readers]
    for bit, cues in zip(bits, readers, strict=True):
        assert bool(ear.heard(text) & bit) == any(cue in text for cue in cues)


def test_each_reader_hears_its_own_cues_also_those_within_anothers() -> None:
    ear = Ear()
    telephone = ear.listen("telefon", "am telefon")
    part, chat = ear.listen("lefo"), ear.listen("chat")
    assert ear.heard("auch am telefon") == EVERY | telephone | part
    assert ear.heard("im chat") == EVERY | chat
    assert ear.heard("") == EVERY


def test_what_was_heard_before_is_heard_anew_when_someone_joins() -> None:
    ear = Ear()
    wheel = ear.listen("rad")
    assert ear.heard("rad und roller") == EVERY | wheel
    scooter = ear.listen("roller")
    assert ear.heard("rad und roller") == EVERY | wheel | scooter
