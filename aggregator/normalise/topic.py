"""Which fields of action an offer belongs to, and by which words."""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import lru_cache

from aggregator.normalise.context import Context
from aggregator.normalise.firstcontact import general_advice
from aggregator.normalise.statement import Doubt, Reading
from aggregator.normalise.tally import Tally, matcher, own_words
from aggregator.normalise.wording import RecordText, fold_passage, word_list
from aggregator.vocabulary.rules import Rule
from aggregator.vocabulary.topics import NEUTRAL, TEXT_RULES, TOPICS
from crawlers.record import Passage, Role

READER = "topic@7"

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
_SEVERAL = 3  # fields of action from which advice is on no one of them

# As much as a word that mostly names a topic; what the text tells beside it is still heard.
_FIRST_CONTACT = Rule("advice of single parents' own body", {"lotse": 3}, ())
_ON_ALL = Rule("advice on several subjects", {"lotse": 3}, ())

# A name within a title, as in 'Elterncafé „Auszeit“': how it is called, not what it is.
_CALLED = re.compile(r"[„“”\"»«‚›](?P<name>[^„“”\"»«‚›‹]{2,60})[“”\"»«‘‹]")

# A heading that names the list below it, or cheers up: no field of action of what stands there.
_NO_FIELD = re.compile(r"wegweiser\b|nicht (?:mehr )?(?:allein|einsam)\b")

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
            if passage.role is Role.SECTION and _NO_FIELD.search(fold_passage(passage.text)):
                continue
            if passage.role is Role.TITLE:
                _count_title(passage, tally)
            elif not own:
                tally.count(passage, factor, _matching)
            elif not tally.count_best(passage, factor, _matching):
                reading.doubts.extend(_unmapped(passage))
    if title := general_advice(offer, context):
        tally.add(title, _FACTOR[Role.TITLE], [_FIRST_CONTACT])
    order = _as_named(offer.title)
    codes = _main_first(tally.ranked(order, THRESHOLD, _SHARE), tally)
    codes = codes or _by_provider(offer, order, tally)
    reading.statements.extend(tally.statements("topics", codes[:_MOST], READER))
    if not codes:
        reading.doubts.append(Doubt("topic_unclear", offer.title, "", "topics"))
    return reading


def _count_title(passage: Passage, tally: Tally) -> None:
    """Count what a title says; a name in quotation marks counts half where the rest says enough."""
    text = passage.text
    factor = _FACTOR[Role.TITLE]
    if (called := _CALLED.search(text)) and tally.add(
        passage, factor, _matching(f"{text[: called.start()]} – {text[called.end() :]}")
    ):
        tally.add(passage, factor // 2, _matching(called["name"]))
    else:
        tally.count(passage, factor, _matching)


def _by_provider(offer: RecordText, order: Sequence[str], tally: Tally) -> list[str]:
    for passage in offer.passages:
        if passage.role is Role.PROVIDER:
            tally.count(passage, 1, _matching)
    return tally.ranked(order, THRESHOLD, _SHARE)


def _main_first(codes: list[str], tally: Tally) -> list[str]:
    codes = _subject_first(_benefit_first(codes, tally), tally)
    if passage := _advice_on_all(codes, tally):
        tally.add(passage, _FACTOR[Role.TEXT], [_ON_ALL])
        return ["lotse", *(code for code in codes if code != "lotse")]
    return codes


def _as_named(title: str) -> list[str]:
    """The topics in their order, but those that the title names in its own: it decides a tie."""
    named = dict.fromkeys(code for rule in _matching(title) for code in rule.weights)
    told = iter(named)
    return [next(told) if code in named else code for code in TOPICS]


def _advice_on_all(codes: Sequence[str], tally: Tally) -> Passage | None:
    """Where advice on several subjects is told in one breath, and nothing else names one.

    Whoever advises on three fields of action as well as on each is where one turns first.
    """
    foremost = codes[:_SEVERAL]
    hits = [hit for code in foremost for hit in tally.hits[code].values()]
    if len(foremost) < _SEVERAL or len({hit.passage for hit in hits}) != 1:
        return None
    if tally.points(foremost[0]) != tally.points(foremost[-1]):
        return None
    passage = hits[0].passage
    told = passage.role is Role.TEXT and "berat" in fold_passage(passage.text)
    return passage if told else None


def _benefit_first(codes: list[str], tally: Tally) -> list[str]:
    """Before why it is paid the benefit that the title names: "Unterhaltsvorschuss".

    Its text will speak of separation, of maintenance and of the parent who does not pay.
    """
    if codes[:1] != ["recht"] or "existenz" not in codes or _of_title("recht", tally):
        return codes
    if tally.mapped("recht") or _of_title("existenz", tally) < _NAMED:
        return codes
    return ["existenz", *(code for code in codes if code != "existenz")]


def _of_title(code: str, tally: Tally) -> int:
    """The points of a code's strongest word in the title."""
    hits = tally.hits[code].values()
    return max((hit.points for hit in hits if hit.passage.role is Role.TITLE), default=0)


def _subject_first(codes: list[str], tally: Tally) -> list[str]:
    """Before the form what a group is about, if its title says: "Selbsthilfegruppe Depression"."""
    if codes[:1] != ["austausch"]:
        return codes
    for code in codes[1:]:
        if code in _SUBJECTS and _of_title(code, tally) >= _NAMED:
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
