"""What bodies do, by which they are known as who offers."""

from __future__ import annotations

DOES = (
    r"(?:bietet|bieten|berät|beraten|lädt|laden|vermittelt|unterstützt|hilft|helfen|begleitet"
    r"|organisiert|veranstaltet|führt|betreibt|informiert|öffnet|stellt|gibt|verleiht|leitet"
    r"|kommt|kommen|hat|haben|nimmt|bringt|springen|springt|betreut|betreuen|verteilt|empfängt"
    r"|besucht|besuchen|vergibt|sammelt|schenkt|zeigt|übt|macht|beantwortet|gewährt|begleiten"
    r"|treffen|trifft|fährt|fahren|plant|feiert|feiern|startet|hält|erteilt|beurkundet|vertritt"
    r"|unternimmt|begrüßt|freut|freuen|unterhält|unterrichtet|schult|trainiert|singt|kocht|spielt"
    r"|wandert|verschenkt|verkauft|verwaltet|sorgt|ermöglicht|bearbeitet|arbeitet"
    r"|(?:ist|sind|steht|stehen)\s(?:\w+\s){0,4}?für\s(?:Sie|Dich|dich|euch|alle)\b"
    r"|(?:ist|sind)\s(?:\w+\s){0,5}?erreichbar|(?:bekommen|erhalten|finden|können)\sSie"
    r"|ist Träger(?:in)?|sind Träger)"
)
"""Behind the name of a body: "Das Freiwilligenzentrum Nord vermittelt …"."""
INVITES = (
    r"(?:lädt|laden|bietet|bieten|berät|beraten|veranstaltet|organisiert|vermittelt|gibt|hilft"
    r"|kommt|unterstützt|begleitet|informiert|fährt|plant|feiert|öffnet|betreibt|betreut|erteilt"
    r"|nimmt|leistet|liest|zeigt|macht|hat|stellt)\s"
    r"(?:(?:Ihnen|Sie|Dir|Dich|dich|dir|euch|wieder|auch|gemeinsam|hier|dabei|jetzt|kostenlos)\s)?"
)
"""Before it: "Am Dienstag lädt die Gleichstellungsbeauftragte der Stadt Nord alle ein."."""
