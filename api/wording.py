"""How a page says values, days, numbers and distances in its language."""

from __future__ import annotations

from datetime import date, datetime, time
from functools import cache

from babel.dates import format_date, format_skeleton
from babel.numbers import format_decimal
from starlette.requests import Request

from aggregator.harvest import BERLIN
from api import german, labels
from api.languages import GERMAN, LANGUAGES, spoken, translations

_PARTS_OF_A_DATE = 3


def message(text: str) -> str:
    """Mark German words as a key of the catalogues; they are looked up when a page is made."""
    return text


class Wording:
    """One language: German as it stands in the code, the others by catalogue and CLDR."""

    def __init__(self, code: str) -> None:
        self.language = LANGUAGES[code]
        self._german = code == GERMAN
        self._translations = translations(code)

    def words(self, text: str, **values: object) -> str:
        """What German words are in this language; `%(name)s` in them is filled in."""
        said = self._translations.gettext(text) if text else ""
        return said % values if values else said

    def counted(self, value: int, one: str, many: str) -> str:
        """Write a number with its noun: "1 Angebot", "12 Angebote"."""
        return f"{self.number(value)} {self._translations.ngettext(one, many, value)}"

    def value(self, field: str, word: object) -> str:
        """What a value of an offer's field is called; the word itself where it has no name."""
        if field == "languages":
            return self._language(str(word))
        said = labels.value(field, word)
        if field == "audience" and str(word).startswith("age:"):
            return self._age(str(word))
        return said if field in {"region", "source"} else self.words(said)

    def topic(self, code: str) -> str:
        """The name of a topic; the code itself where it is none."""
        return self.words(labels.topic(code))

    def day(self, moment: date | datetime | str | None) -> str:
        """Write a day in Berlin; ISO text may be as vague as "2026"."""
        if self._german or moment is None:
            return german.day(moment)
        if isinstance(moment, datetime):
            moment = moment.astimezone(BERLIN).date()
        try:
            parts = [int(part) for part in str(moment).split("-")]
            when = date(*[*parts, 1, 1][:_PARTS_OF_A_DATE])
        except ValueError:
            return str(moment)
        locale = self.language.locale
        if len(parts) == _PARTS_OF_A_DATE:
            return format_date(when, "long", locale)
        return format_skeleton("yMMMM", when, locale=locale) if len(parts) > 1 else str(parts[0])

    def on(self, when: str) -> str:
        """Write an ISO date with its preposition, where the language has one before dates."""
        return german.on(when) if self._german else self.day(when)

    def moment(self, when: datetime | None) -> str:
        """Write day and time in Berlin."""
        if self._german or when is None:
            return german.moment(when)
        return f"{self.day(when)}, {when.astimezone(BERLIN):%H:%M}"

    def clock(self, at: datetime | time) -> str:
        """Write a time of day: "9", "14.30" and the language's word around it."""
        said = f"{at:%H:%M}" if at.minute or not self._german else f"{at.hour}"
        return self.words("%(time)s Uhr", time=said)

    def number(self, value: float) -> str:
        """Write a number: 1.234 or 12,50."""
        if self._german:
            return german.number(value)
        digits = "#,##0" if value == int(value) else "#,##0.00"
        return format_decimal(value, digits, locale=self.language.locale)

    def kilometres(self, value: float, *, approximate: bool) -> str:
        """Write a distance: "ca. 1,2 km", "14 km", "250 m"."""
        if self._german:
            return german.kilometres(value, approximate=approximate)
        if value < 1 and approximate:
            return self.words("ca. 1 km oder näher")
        if value < 1:
            said = self.words("%(number)s m", number=max(50, round(value * 20) * 50))
        else:
            digits = "0.0" if value < 10 else "0"
            number = format_decimal(value, digits, locale=self.language.locale)
            said = self.words("%(number)s km", number=number)
        return self.words("ca. %(distance)s", distance=said) if approximate else said

    def _language(self, code: str) -> str:
        if self._german:
            return labels.value("languages", code)
        return str(self.language.locale.languages.get(code) or labels.value("languages", code))

    def _age(self, code: str) -> str:
        low, _, high = code.removeprefix("age:").partition("-")
        if high:
            return self.words("Kinder %(low)s–%(high)s Jahre", low=low, high=high)
        return self.words("Kinder ab %(low)s Jahren", low=low)


@cache
def wording(code: str) -> Wording:
    """The wording of a language, made once."""
    return Wording(code)


def wording_of(request: Request) -> Wording:
    """The wording of the page that is asked for."""
    return wording(spoken(request).code)
