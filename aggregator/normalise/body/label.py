"""Who a label says offers: "Träger: …", "Veranstalter ist …"."""

from __future__ import annotations

import re

from aggregator.normalise.body.found import MOST, SENTENCES, Found, cued, is_person, texts
from aggregator.normalise.body.name import (
    AUTHORITY,
    DEPARTMENT,
    GENERIC,
    bare,
    first_sentence,
    is_body,
    is_name,
    named,
    strong,
)
from aggregator.normalise.cues import seen
from crawlers.record import Record

_LABEL = cued(
    r"(?:^|[.|;•?!]\s)(?:[\w-]+ (?:und|&) )?(?:träger(?:in|schaft)?(?:\s?/\s?\w+)?"
    r"|veranstalter(?:/-?in|[:*_]in|in|innen)?|"
    r"(?:kurs|maßnahme|projekt)?anbieter(?:/-?in|[:*_]in|in)?|(?:kurs|projekt|maßnahmen?)träger|"
    r"organisation|einrichtung|durchgeführt von|veranstaltet von|angeboten von|ausrichter|verein"
    r"|dienststelle|institution|in trägerschaft)\s?:\s*(?P<name>[^|;•]{3,120})",
    re.IGNORECASE,
)
_LABEL_ALONE = cued(
    r"^(?:träger(?:in)?|veranstalter(?:in)?|anbieter(?:in)?|organisation|einrichtung"
    r"|dienststelle)\s?:?$|^wer (?:steckt dahinter|bietet (?:das|es) an"
    r"|macht das)\s?\?$"
    r"|^(?P<in_charge>zuständig(?:keit| ist|e (?:stelle|behörde)|es amt)?\s?[:?]?"
    r"|an wen (?:muss|kann|soll) ich mich wenden\s?\?)$",
    re.IGNORECASE,
)
_LONGEST_LABEL = 40  # characters
_LEADS_ON = re.compile(r"(?:alle|weitere|mehr|zurück|zur|zum)\b", re.IGNORECASE)  # a link
# Labels that also stand before persons, times and numbers: only what is a body's name counts.
_LABEL_OF_MANY = cued(
    r"(?:^|[.|;•:]\s)(?:[\w-]+\s(?:und|&)\s|(?:Ihre?|Eure?|Deine?|Unsere?)\s)?"
    r"(?:(?:Träger(?:in)?|Veranstalter(?:in)?|Anbieter(?:in)?)\s(?=[A-ZÄÖÜ])"
    r"|(?:Vermittlung"
    r"|Ansprechpartner(?:in)?|Verantwortlich|Zuständig|Zuständige\s(?:Stelle|Behörde)|Wer(?:\s?/\s?Telefon"
    r"|\s?(?:und|&|/|,)\s?[Ww]o)?)"
    r"\s?[:?]\s*|[Zz]uständig(?:\s(?:dafür|hierfür|für\s[^.;:|]{3,60}?))?\s(?:ist|sind)\s"
    r"(?:hier\s|dafür\s|in\s\w+\s)?(?:(?:der|die|das)\s)?"
    r"|(?:Träger|Veranstalter|Anbieter|Ansprechpartner)(?:in)?(?:\s(?:de[rs]"
    r"|unserer)\s\w+)?"
    r"\s(?:ist|sind)\s(?:(?:der|die|das)\s)?)(?P<name>[^|;•]{3,120})"
)
# "mit dem SC Nord als Veranstalter"
_AS_WHOM = cued(
    r"\b(?:mit|durch)\s(?:dem|der|den)\s(?P<name>[A-ZÄÖÜ][^,.;:|·•]{2,60})\sals\s"
    r"(?:Veranstalter|Träger|Anbieter|Ausrichter)(?:in)?\b"
)
# Said of nobody but a body: "Träger ist das Bistum Nord", "Betreiber ist der Verein „Nordlicht“".
_RUN_BY = cued(
    r"\b(?:(?:Träger|Betreiber|Veranstalter|Ausrichter|Organisator)(?:in)?|Trägerverein)"
    r"(?:\s(?:des|der|dieses|dieser|unseres|unserer)\s[A-ZÄÖÜ][\w-]+)?"
    r"\s(?:ist|sind)\s(?:(?:der|die|das)\s)?"
    r"(?:(?:[Vv]erein|[Tt]räger|[Tt]rägerverein)\s(?=[„“\"A-ZÄÖÜ])(?!\w+er\s[A-ZÄÖÜ]))?"
    r"(?P<name>[^|;•,.]{3,80}?(?:\se\.\s?V\.(?:\s[A-ZÄÖÜ][\w-]+(?=[.,;]|$)|[“”\"])?|(?=$|[|;•,.(])))"
)
# "Träger aller Angebote ist, wenn nicht anders vermerkt, das Amt für Familie".
_ALL_ARE = re.compile(
    r"(?:Träger|Veranstalter|Anbieter)(?:in)?\s(?:aller|sämtlicher|unserer|der)\s[^,.;]{3,60}?"
    r"(?:,[^,.;]{3,60},)?\s?\b(?:ist|sind)\b(?:,[^,.;]{3,60},|\s\([^()]{3,60}\))?\s"
    r"(?:(?:der|die|das)\s)?(?P<name>[^|;•]{3,120})"
)
_CUES = _LABEL_OF_MANY.cue | _AS_WHOM.cue | _RUN_BY.cue
_QUOTED = re.compile(r"^[„“\"]([^„“”\"]+)[“”\"]$")


def by_label(record: Record) -> Found | None:
    """Whom a label names, before, above or within a line."""
    lines = texts(record)
    label_before: re.Match[str] | None = None
    for passage in lines:
        said = seen(passage.text)
        match = _LABEL.search(passage.text[:MOST], said)
        name = named(first_sentence(match["name"])) if match else ""
        if label_before and not name:
            if label_before["in_charge"]:
                name = _in_charge(named(passage.text[:MOST]))
            elif len(passage.text) < 120 and not _LEADS_ON.match(passage.text):
                name = named(passage.text)
        if name and not is_person(name, passage.text):
            return Found(name, passage, 0.97)
        alone = len(passage.text) <= _LONGEST_LABEL
        label_before = _LABEL_ALONE.search(passage.text, said) if alone else None
    for passage in lines:
        if not seen(passage.text) & _CUES:
            continue
        if passage.shared and _ALL_ARE.search(passage.text):
            continue  # what the record says itself comes first
        name = _labelled(passage.text[:MOST])
        if name and not is_person(name, passage.text):
            return Found(name, passage, 0.9)
    return None


def _in_charge(name: str) -> str:
    """An office, without its counters; "" for "Das Jugendamt, in dessen Bezirk Sie wohnen"."""
    name = bare(name)
    part = DEPARTMENT.search(name) if AUTHORITY.match(name) else None
    name = name[: part.end()] if part else name
    return name if is_body(name) else ""


def for_all(record: Record) -> Found | None:
    """Who runs all that the page tells of, by its own words."""
    for passage in record.passages:
        for sentence in SENTENCES.split(passage.text[:MOST]) if passage.shared else ():
            said = _ALL_ARE.search(sentence)
            if said and is_body(name := named(said["name"])):
                return Found(name, passage, 0.8)
    return None


def _labelled(text: str) -> str:
    """The body that a label or a verb names whose word alone may stand before others, too."""
    for pattern, fits in ((_AS_WHOM, is_name), (_RUN_BY, is_name), (_LABEL_OF_MANY, is_body)):
        said = pattern.pattern.search(text)
        name = _QUOTED.sub(r"\1", named(first_sentence(said["name"]))) if said else ""
        if said and name and fits(name) and not GENERIC.fullmatch(name):
            if said[0].removesuffix(said["name"]).endswith(" der "):
                return strong(name, "der")
            return name
    return ""
