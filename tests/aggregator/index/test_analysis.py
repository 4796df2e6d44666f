from pathlib import Path

import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st

from aggregator.index import synonyms
from aggregator.index.analysis import analysed, clean, fold, grams, part_terms, words
from aggregator.index.question import WEAK_TERMS, content_terms, parse, query_terms
from aggregator.vocabulary import gender
from aggregator.vocabulary.stemming import stem

CASES = Path(__file__).parent / "cases"
COMPOUNDS = yaml.safe_load((CASES / "compounds.yml").read_text("utf-8"))
FORMS = yaml.safe_load((CASES / "forms.yml").read_text("utf-8"))


def terms(text):
    found = analysed(clean(text))
    return [*found.terms, *found.apart]


@pytest.mark.parametrize("spellings", FORMS, ids=lambda forms: forms[0])
def test_spellings_of_a_word_are_one(spellings):
    assert {form: set(terms(form)) for form in spellings} == {
        form: set(terms(spellings[0])) for form in spellings
    }


@pytest.mark.parametrize(
    "word", ["Termin", "Berlin", "beginnen", "gewinnen", "Medizin", "Verein", "Latein", "worin"]
)
def test_words_that_only_look_like_a_gender_form_are_left_alone(word):
    assert gender.person(fold(word)) == fold(word)


@pytest.mark.parametrize(("compound", "parts"), COMPOUNDS["split"].items())
def test_a_compound_is_found_by_its_parts(compound, parts):
    found = set(terms(compound))
    assert {stem(fold(part)) for part in parts} <= found


@pytest.mark.parametrize("word", COMPOUNDS["whole"])
def test_a_word_that_is_no_compound_stays_whole(word):
    assert part_terms(fold(word)) == ()


def test_parts_stand_apart_from_the_words():
    found = analysed("Die Schuldenberatung hilft: Schuldenberatung")
    assert found.terms == ["die", "schuldenberat", "hilft", "schuldenberat"]
    assert found.apart == {"berat", "schuld"}


def test_hyphenated_words_are_also_one_word():
    assert "einelternfamili" in terms("Treff der Ein-Eltern-Familie")
    assert "einelternfamili" in terms("Einelternfamilien")


def test_a_query_is_taken_apart():
    question = query_terms('Hilfe "offener Treff" für Väter -Baby -"am Abend" Schul')
    assert [word.term for word in question.words] == ["hilf", "vat", "schul"]
    assert [word.last for word in question.words] == [False, False, True]
    assert question.phrases == (("off", "treff"),)
    assert set(question.excluded) == {("baby",), ("am", "abend")}


@pytest.mark.parametrize("text", ["Mutter-Kind-Kur", "10-12 Uhr", "A - B"])
def test_a_hyphen_inside_or_alone_is_no_minus(text):
    assert query_terms(text).excluded == ()


def test_small_words_count_when_there_are_no_others():
    assert [word.term for word in query_terms("für mich").words] == ["fur", "mich"]
    assert not query_terms(" … ").asks


@given(st.text(max_size=300))
@settings(max_examples=200, derandomize=True, deadline=None)
def test_any_text_is_analysed(text):
    cleaned = clean(text)
    found = analysed(cleaned)
    assert all([*found.terms, *found.apart])
    assert found.terms == [word.form.terms[0] for word in words(cleaned)]
    assert all(0 <= word.start < word.end <= len(cleaned) for word in words(cleaned))
    assert list(words(clean(cleaned))) == list(words(cleaned))
    query_terms(text)
    grams(text)


def test_the_synonym_file_says_something_in_every_group():
    groups = synonyms.read(synonyms.PATH)
    assert len(groups) >= 300
    for said, means in groups:
        assert all(map(content_terms, means)), means
        assert said is not means or len({content_terms(word) for word in said}) > 1, said


def test_no_phrase_of_small_words_alone_is_taken_apart():
    for key in synonyms.table():
        assert len(key) == 1 or not WEAK_TERMS.issuperset(key), key


@pytest.mark.parametrize(
    ("typed", "key"),
    [
        ("Papa zahlt nix", "Vater zahlt nicht"),
        ("Wohnung weg, was jetzt", "Wohnung weg"),
        ("das Kind ist schon wieder krank", "Kind krank"),
    ],
)
def test_a_phrase_is_known_however_it_is_put(typed, key):
    terms = tuple(word.term for word in query_terms(typed).words)
    assert synonyms.key_of(key) in {found for _, found in synonyms.groups(terms)}


def test_small_words_that_mean_something_together_are_found_as_written():
    said = parse("wer hilft mir denn mal").question(sentences=synonyms.sentences())
    assert "wer hilft mir" in {word.term for word in said.words}
    said = parse("ich kann einfach nicht mehr").question(sentences=synonyms.sentences())
    assert "kann nicht mehr" in {word.term for word in said.words}
    said = parse("wer hilft dir").question(sentences=synonyms.sentences())
    assert not any(" " in word.term for word in said.words)


@pytest.mark.parametrize(
    ("typed", "other"),
    [("mein Kind ist am Ende", "am Wochenende"), ("wohin nach der Schule", "Schule finden"),
     ("wir sitzen auf der Straße", "Straße")],
)  # fmt: skip
def test_a_small_word_changes_what_the_one_beside_it_means(typed, other):
    hearts = {word.said for word in parse(typed).question(sentences=synonyms.sentences()).words}
    assert hearts - {""}
    said = parse(other).question(sentences=synonyms.sentences()).words
    assert not any(word.said for word in said)


def test_a_meaning_may_be_a_topic_but_only_one_that_there_is(tmp_path, monkeypatch):
    assert ("@krise",) in synonyms.table()[synonyms.key_of("Kontaktverbot")]
    file = tmp_path / "synonyms.yml"
    file.write_text("- {said: [Kummer], means: ['@kummer']}\n", "utf-8")
    monkeypatch.setattr(synonyms, "PATH", file)
    with pytest.raises(ValueError, match="no topic has the code kummer"):
        synonyms.table.__wrapped__()


@pytest.mark.parametrize(
    ("said", "meant"),
    [
        ("Hartz IV", "Bürgergeld"),
        ("Bürgergeld", "Grundsicherung"),
        ("Geld vom Vater", "Unterhaltsvorschuss"),
        ("Kindergarten", "Kita"),
        ("Kita", "Kindertagespflege"),
        ("KiZ", "Kinderzuschlag"),
        ("Schufa", "Schulden"),
        ("Kind krank", "Notfallbetreuung"),
        ("alleine mit Kind", "Alleinerziehende"),
    ],
)
def test_lay_words_lead_to_official_ones(said, meant):
    assert content_terms(meant) in synonyms.table()[synonyms.key_of(said)]


def test_official_words_do_not_lead_back_to_lay_ones():
    assert content_terms("Geld vom Vater") not in synonyms.table()[content_terms("Kindesunterhalt")]
