"""Bodies that all know by name, as patterns: one list for whoever looks for names of bodies.

Written in their own capitals; compile with IGNORECASE where headings shout.
"""

from __future__ import annotations

WELFARE = (
    r"Caritas(?:verband)?|Diakonie(?:verein|verband|werk)?|Diakonisches Werk|AWO|Arbeiterwohlfahrt"
    r"|DRK|Deutsches Rotes Kreuz|ASB|Arbeiter-Samariter-Bund|Johanniter(?!\w)|Malteser(?!\w)|S[kK]F"
    r"|SKM|Sozialdienst katholischer Frauen|VAMV|SHIA|[Pp]ro ?[Ff]amilia|[Dd]onum [Vv]itae|IN VIA"
    r"|(?:Deutscher |Der )?Kinderschutzbund|Paritätischer?|VdK|SoVD|Volkssolidarität|Heilsarmee"
    r"|Weißer Ring|Kolping\w*|Internationaler Bund|Humanistischer Verband|Verbraucherzentrale"
)
"""Welfare associations and what they are called for short."""

AUTHORITIES = (
    r"(?:Jugend|Sozial|Gesundheits|Bezirks|Landrats|Wohnungs|Ausländer|Schul|Standes)amt"
    r"|(?:Kreis|Stadt|Landes)(?:jugend|sozial|gesundheits|schul)amt"
    r"|(?:Kreis|Stadt|Gemeinde|Samtgemeinde|Verbandsgemeinde)verwaltung(?= [A-ZÄÖÜ])"
    r"|Job-?[Cc]enter|Agentur für Arbeit|Familienkasse|Amtsgericht(?= [A-ZÄÖÜ])"
)
"""Offices that are called the same in every town."""

ADULT_EDUCATION = "Volkshochschule|VHS|vhs"

GATHERERS = r"netz|bündnis|verbund|portal|wegweiser|arbeitskreis|plattform|agentur\b"
"""What those are called who gather what others offer; compile with IGNORECASE."""
