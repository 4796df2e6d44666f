"""Who a label says offers: "Träger: …", "Veranstalter ist …"."""

from __future__ import annotations

import re

from aggregator.normalise.body.found import MOST, SENTENCES, Found, listen, mentioning, texts
from aggregator.normalise.body.name import is_body, is_name, named, strong
from crawlers.record import Record

_LABEL = re.compile(
    r"(?:^|[.|;•?!]\s)(?:[\w-]+ (?:und|&) )?(?:träger(?:in|schaft)?(?:\s?/\s?\w+)?"
    r"|veranstalter(?:/-?in|[:*_]in|in|innen)?|"
    r"(?:kurs|maßnahme|projekt)?anbieter(?:/-?in|[:*_]in|in)?|(?:kurs|projekt|maßnahmen?)träger|"
    r"organisation|einrichtung|durchgeführt von|veranstaltet von|angeboten von|ausrichter|verein"
    r"|dienststelle|institution|in trägerschaft)\s?:\s*(?P<name>[^|;•]{3,120})",
    re.IGNORECASE,
)
_LABEL_ALONE = re.compile(
    r"^(?:träger(?:in)?|veranstalter(?:in)?|anbieter(?:in)?|organisation|einrichtung"
    r"|dienststelle)\s?:?$|^zuständig(?: ist)?\s?:?$|^wer (?:steckt dahinter|bietet (?:das|es) an"
    r"|macht das)\s?\?$",
    re.IGNORECASE,
)
_LEADS_ON = re.compile(r"(?:alle|weitere|mehr|zurück|zur|zum)\b", re.IGNORECASE)  # a link
# Labels that also stand before persons, times and numbers: only what is a body's name counts.
_LABEL_OF_MANY = re.compile(
    r"(?:^|[.|;•]\s)(?:(?:Träger(?:in)?|Veranstalter(?:in)?|Anbieter(?:in)?)\s(?=[A-ZÄÖÜ])"
    r"|(?:Vermittlung"
    r"|Ansprechpartner(?:in)?|Leitung|Verantwortlich|Zuständig|Wer(?:\s?/\s?Telefon"
    r"|\s?(?:und|&|/|,)\s?[Ww]o)?)"
    r"\s?[:?]\s*|(?:Träger|Veranstalter|Anbieter|Ansprechpartner)(?:in)?(?:\s(?:de[rs]"
    r"|unserer)\s\w+)?"
    r"\s(?:ist|sind)\s(?:(?:der|die|das)\s)?)(?P<name>[^|;•]{3,120})"
)
# "mit dem SC Nord als Veranstalter"
_AS_WHOM = re.compile(
    r"\b(?:mit|durch)\s(?:dem|der|den)\s(?P<name>[A-ZÄÖÜ][^,.;:|·•]{2,60})\sals\s"
    r"(?:Veranstalter|Träger|Anbieter|Ausrichter)(?:in)?\b"
)
# Said of nobody but a body: "Träger ist das Bistum Nord", "Betreiber ist der Verein „Nordlicht“".
_RUN_BY = re.compile(
    r"\b(?:Träger(?:in|verein)?|Betreiber(?:in)?)\s(?:ist|sind)\s(?:(?:der|die|das)\s)?"
    r"(?:(?:Verein|Träger)\s(?=[„“\"A-ZÄÖÜ]))?(?P<name>[^|;•,.]{3,80}(?:e\.\s?V\.)?)"
)
# "Träger aller Angebote ist, wenn nicht anders vermerkt, das Amt für Familie".
_ALL_ARE = re.compile(
    r"(?:Träger|Veranstalter|Anbieter)(?:in)?\s(?:aller|sämtlicher|unserer|der)\s[^,.;]{3,60}?"
    r"(?:,[^,.;]{3,60},)?\s?\b(?:ist|sind)\b(?:,[^,.;]{3,60},|\s\([^()]{3,60}\))?\s"
    r"(?:(?:der|die|das)\s)?(?P<name>[^|;•]{3,120})"
)
_LABEL_CUES = listen(
    "räger", "etreiber", "eranstalter", "nbieter", "Vermittlung", "Ansprechpartner", "Wer",
    "Leitung", "Verantwortlich", "Zuständig",
)  # fmt: skip
_SENTENCE_BEHIND = re.compile(
    r"\.\s(?:(?<=[^\W\d_]{3}\.\s)(?<![Kk]ath\.\s)(?<![Ll]uth\.\s)(?<!gem\.\s))(?=[A-ZÄÖÜ])"
)
_QUOTED = re.compile(r"^[„“\"]([^„“”\"]+)[“”\"]$")


def by_label(record: Record) -> Found | None:
    """Whom a label names, before, above or within a line."""
    lines = texts(record)
    label_before = False
    for passage in lines:
        match = _LABEL.search(passage.text[:MOST]) if ":" in passage.text else None
        name = named(_first_sentence(match["name"])) if match else ""
        if label_before and not name:
            leads_on = len(passage.text) >= 120 or _LEADS_ON.match(passage.text)
            name = "" if leads_on else named(passage.text)
        if name:
            return Found(name, passage, 0.97)
        label_before = bool(_LABEL_ALONE.match(passage.text))
    for passage in mentioning(lines, _LABEL_CUES):
        if passage.shared and _ALL_ARE.search(passage.text):
            continue  # what the record says itself comes first
        if name := _labelled(passage.text[:MOST]):
            return Found(name, passage, 0.9)
    return None


def for_all(record: Record) -> Found | None:
    """Who runs all that the page tells of, by its own words."""
    for passage in record.passages:
        for sentence in SENTENCES.split(passage.text[:MOST]) if passage.shared else ():
            said = _ALL_ARE.search(sentence)
            if said and is_body(name := named(said["name"])):
                return Found(name, passage, 0.8)
    return None


def _first_sentence(text: str) -> str:
    """What a label names, without the sentences behind: "Veranstalter: FBS Nord. Beitrag 3 €"."""
    end = _SENTENCE_BEHIND.search(text)
    return text[: end.start()] if end else text


def _labelled(text: str) -> str:
    """The body that a label or a verb names whose word alone may stand before others, too."""
    for pattern, fits in ((_AS_WHOM, is_name), (_RUN_BY, is_name), (_LABEL_OF_MANY, is_body)):
        said = pattern.search(text)
        if said and (name := _QUOTED.sub(r"\1", named(said["name"]))) and fits(name):
            if said[0].removesuffix(said["name"]).endswith(" der "):
                return strong(name, "der")
            return name
    return ""
