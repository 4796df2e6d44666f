"""Dates, numbers and telephone numbers as German readers expect them."""

from __future__ import annotations

from datetime import date, datetime

import phonenumbers

from aggregator.harvest import BERLIN

_MONTHS = (
    "Januar", "Februar", "März", "April", "Mai", "Juni",
    "Juli", "August", "September", "Oktober", "November", "Dezember",
)  # fmt: skip
_COUNTRY = 49


def day(moment: date | datetime | str | None) -> str:
    """Write a day in Berlin as "3. März 2026"; ISO text may be as vague as "2026"."""
    if moment is None:
        return ""
    if isinstance(moment, datetime):
        moment = moment.astimezone(BERLIN).date()
    year, *rest = str(moment).split("-")
    try:
        numbers = [int(part) for part in rest]
        if not numbers:
            return year
        month = _MONTHS[numbers[0] - 1]
    except (ValueError, IndexError):
        return str(moment)
    return f"{numbers[1]}. {month} {year}" if len(numbers) > 1 else f"{month} {year}"


def short_day(moment: datetime) -> str:
    """Write a day in Berlin as "03.03.2026"."""
    return f"{moment.astimezone(BERLIN):%d.%m.%Y}"


def share(value: float) -> str:
    """Write a share as "85 %"."""
    return f"{round(value * 100)} %"


def on(when: str) -> str:
    """Write an ISO date with its preposition: "am 31. März 2013", "im März 2013", "2013"."""
    words = day(when)
    return {0: words, 1: f"im {words}"}.get(when.count("-"), f"am {words}")


def moment(when: datetime | None) -> str:
    """Write day and time in Berlin: "3. März 2026, 14:05 Uhr"."""
    return f"{day(when)}, {when.astimezone(BERLIN):%H:%M} Uhr" if when else ""


def number(value: float) -> str:
    """Write a number with German marks: 1.234 or 12,50."""
    text = f"{value:,.2f}" if value != int(value) else f"{int(value):,}"
    return text.translate(str.maketrans(",.", ".,"))


def counted(value: int, one: str, many: str) -> str:
    """Write a number with its noun: "1 Angebot", "12 Angebote"."""
    return f"{number(value)} {one if value == 1 else many}"


def kilometres(value: float, *, approximate: bool) -> str:
    """Write a distance: "ca. 1,2 km", "14 km", "250 m"."""
    if value < 1 and approximate:
        return "ca. 1 km oder näher"
    if value < 1:
        words = f"{max(50, round(value * 20) * 50)} m"
    elif value < 10:
        words = f"{value:.1f} km".replace(".", ",")
    else:
        words = f"{value:.0f} km"
    return f"ca. {words}" if approximate else words


def phone(e164: str) -> str:
    """Write a number as it is dialled in Germany (DIN 5008); what is no number stays as it is."""
    try:
        parsed = phonenumbers.parse(e164)
    except phonenumbers.NumberParseException:
        return e164
    style = phonenumbers.PhoneNumberFormat
    home = parsed.country_code == _COUNTRY
    return str(phonenumbers.format_number(parsed, style.NATIONAL if home else style.INTERNATIONAL))
