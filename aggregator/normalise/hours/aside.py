"""What numbers, days and rests say beside the times of an offer, in lower-case text.

A rest without a time of its own lies within the times; how long an answer takes, and when one may
write, says nothing of when somebody is there.
"""

from __future__ import annotations

from aggregator.normalise.cues import LINES, Cued

_NUMBER = (
    r"(?:\d{1,2}(?:\s?(?:-|bis)\s?\d{1,2})?|eine[mnrs]?|ein|zwei|drei|vier|fünf|sechs|sieben|acht"
    r"|zehn|vierzehn|wenige[nr]?)"
)
_REST = r"(?:(?:mittags|kaffee|tee|essens|still|spiel|frühstücks)-?)?pausen?\b"
# No rest of the year, and none that has a time or a length of days itself.
_UNTIMED = r"(?!\s*:?\s*\(?(?:(?:von|ab|um|zwischen|ca\.?|gegen|im|in|am|vom)\b|\d))"
ASIDES = Cued(
    # A pause: "(mit Mittagspause)" or "inkl. 30 Min. Pause".
    rf"\(?\b(?:mit|inkl\w*\.?|incl\.?|einschl\w*\.?|zzgl\.?|davon|dazwischen)\s+"
    rf"(?:[\w-]+\.?\s+){{0,3}}?{_REST}{_UNTIMED}\)?"
    rf"|\b\d{{1,3}}\s?-?\s?(?:min|std|stunde|h\b)\w*\.?\s+{_REST}{_UNTIMED}"
    # An answer: "innerhalb von zwei Werktagen", "binnen 48 Stunden", "nach drei Werktagen".
    rf"|\b(?:innerhalb|binnen)\s+(?:von\s+|der\s+nächsten\s+)?{_NUMBER}\s+"
    r"(?:(?:werk|arbeits|kalender)?tag\w*|stunden?|wochen?)\b"
    rf"|\b(?:in|nach|spätestens|etwa|ca\.)\s+(?:etwa\s+|ca\.\s+|spätestens\s+)?{_NUMBER}\s+"
    r"(?:werk|arbeits)tag\w*\b"
    # A group that takes in nobody: "Die Gruppe ist geschlossen."
    r"|\b(?:gruppe|runde|kurs)\s+ist\s+(?:eine\s+)?geschlossene?\b|\bgeschlossene\s+(?:\w+-?)?gruppe\b"
    r"|\b(?:am|bis\s+zum)\s+(?:über)?(?:nächsten|folgenden)\s+(?:werk|arbeits)tag\b",
    ear=LINES,
)
