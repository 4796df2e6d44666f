"""Which fields of action an offer belongs to, and by which words."""

from __future__ import annotations

from functools import lru_cache

from aggregator.normalise.context import Context
from aggregator.normalise.statement import Doubt, Reading
from aggregator.normalise.tally import Tally, matcher, own_words
from aggregator.normalise.wording import RecordText, fold_passage, word_list
from aggregator.vocabulary.topics import NEUTRAL, TEXT_RULES, TOPICS
from crawlers.record import Passage, Role

READER = "topic@4"

# A heading that an offer shares with its neighbours is coarser than its own title: "Arbeit und
# Qualifizierung" stands above a German course, too.
_FACTOR = {Role.TITLE: 4, Role.SECTION: 2, Role.TOPIC: 2, Role.TEXT: 1}
_OWN_WORDS = frozenset({Role.SECTION, Role.TOPIC})
THRESHOLD = 3
"""Points below which no topic is stated: one word that mostly names a topic suffices."""
_SHARE = 0.55  # of the main topic's points that a further topic needs
_SUBJECTS = frozenset({"gesundheit", "krise", "migration", "schwanger"})
_NAMED = 4 * _FACTOR[Role.TITLE]  # points of a word of the title that means nothing else
_MOST = 4  # topics stated

_matching = matcher(TEXT_RULES)


def read_topics(offer: RecordText, context: Context) -> Reading:
    """State the topics of an offer, the main one first.

    A word of the site that the source's declaration maps decides; else weighted rules over the
    folded words of title, the site's own topic words and text; where these give nothing, the name
    of the provider. Doubts: "topic_unmapped" for a word of the site that neither knows,
    "topic_unclear" where nothing reaches the threshold.
    """
    reading = Reading()
    lookup = own_words(context.lookups.get("topic", {}))
    tally = Tally()
    for passage in offer.passages:
        if passage.shared:  # said of all that its page tells of, it tells none from another
            continue
        if factor := _FACTOR.get(passage.role):
            own = passage.role in _OWN_WORDS
            if own and (word := fold_passage(passage.text).strip()) in lookup:
                if (code := lookup[word]) is not None and code in TOPICS:
                    tally.map(passage, code)
                continue
            if not own:
                tally.count(passage, factor, _matching)
            elif not tally.count_best(passage, factor, _matching):
                reading.doubts.extend(_unmapped(passage))
    codes = _subject_first(tally.ranked(TOPICS, THRESHOLD, _SHARE), tally)
    if not codes:
        for passage in offer.passages:
            if passage.role is Role.PROVIDER:
                tally.count(passage, 1, _matching)
        codes = tally.ranked(TOPICS, THRESHOLD, _SHARE)
    reading.statements.extend(tally.statements("topics", codes[:_MOST], READER))
    if not codes:
        reading.doubts.append(Doubt("topic_unclear", offer.title, "", "topics"))
    return reading


def _subject_first(codes: list[str], tally: Tally) -> list[str]:
    """Before the form what a group is about, if its title says: "Selbsthilfegruppe Depression"."""
    if codes[:1] != ["austausch"]:
        return codes
    for code in codes[1:]:
        if code in _SUBJECTS and any(
            hit.passage.role is Role.TITLE and hit.points >= _NAMED
            for hit in tally.hits[code].values()
        ):
            return [code, *(other for other in codes if other != code)]
    return codes


def _unmapped(passage: Passage) -> list[Doubt]:
    if _is_neutral(passage.text):
        return []
    return [Doubt("topic_unmapped", passage.text, passage.locator, "topics")]


@lru_cache(maxsize=4_096)
def _is_neutral(text: str) -> bool:
    said = word_list(text)
    return len(said) == sum(len(rule.parts) for rule, _ in NEUTRAL.hits(said))
