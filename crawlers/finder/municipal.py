"""What a town hall does: for families, and for everybody else.

Municipal sites hold their pages for single parents among hundreds that are for cars, waste and
building, which state an address, hours and fees as offers do. What they do is described under the
same few headings everywhere, those of the federal catalogue of public services (FIM-Leistungen,
https://fimportal.de): "Welche Unterlagen werden benötigt?", "Zuständige Stelle".
"""

from __future__ import annotations

import re
from collections.abc import Iterable

from crawlers.finder.benefits import names_benefit
from crawlers.finder.stemmed import Stemmed

_TASKS = (
    "kfz|kraftfahrzeug|fahrzeugzulassung|zulassungsstelle|zulassungsbehörde|führerschein"
    "|fahrerlaubnis|wunschkennzeichen|abfall|müllabfuhr|sperrmüll|wertstoff|straßenreinigung"
    "|bauamt|bauantrag|baugenehmigung|bauaufsicht|bauordnung|bauleitplan|bebauungspl"
    "|flächennutzungspl|grundstücksmarkt|kataster|vermessung|geoportal|gewerbeamt|gewerbeanmeld"
    "|gewerberegister|gaststätten|jagdschein|jagdbehörde|fischerei|angelschein|waffen|hundesteuer"
    "|friedhof|bestattung|straßenverkehr|verkehrsbehörde|bußgeld|ordnungsamt|veterinär"
    "|lebensmittelüberwachung|tierseuchen|tierschutz|denkmalschutz|denkmalpflege|naturschutz"
    "|wasserbehörde|abwasser|trinkwasser|personalausweis|reisepass|einwohnermelde|meldebehörde"
    "|wahlamt|wahlbüro|briefwahl|grundsteuer|stadtkasse|kreiskasse|kreisarchiv|stadtarchiv"
    "|katastrophenschutz|rettungsdienst|breitband|wirtschaftsförderung|vergabestelle"
    "|öffentliche ausschreibung|amtsblatt|kreistag|stadtrat|gemeinderat|ratsinformation"
    "|straßenbau|winterdienst|infektionsschutz|einbürgerung|staatsangehörigkeit"
)
_TASK = Stemmed(_TASKS, "|".join(rf"\b{task}" for task in _TASKS.split("|")))
_OFFICE = re.compile(r"\w+(?:amt|behörde)\b")
_FAMILY = re.compile(
    r"allein-?erzieh|ein-?eltern|famili|eltern|kind|baby|mutter|mütter|vater|väter|schwanger"
    r"|geburt|trennung|getrennt|unterhalt|sorgerecht|jugend|frau"
)
_MODULE = re.compile(
    r"leistungsbeschreibung|kurztext|volltext|verfahrensablauf|(?:erforderliche )?unterlagen"
    r"|rechtsgrundlagen?|rechtsbehelf|bearbeitungsdauer|zuständige(?:r|s)? .{3,30}"
    r"|(?:formulare?|gebühren?|kosten|fristen?|voraussetzungen)(?: und .{3,30})?"
    r"|wer ist zuständig|an wen (?:kann|muss) ich mich wenden"
    r"|welche (?:gebühren|kosten) .{3,30}|welche unterlagen .{3,30}|welche fristen? .{3,40}"
    r"|was sollte ich noch wissen|teaser|weiterführende informationen",
    re.IGNORECASE,
)
_MODULES = 2  # of its headings; one alone may head a part of anything


def describes_service(headings: Iterable[str]) -> bool:
    """True for a page that describes one public service, by the names of its headings."""
    named = {heading.strip(" .:!?") for heading in headings}
    return sum(_MODULE.fullmatch(name) is not None for name in named) >= _MODULES


def means_families(title: str, text: str) -> bool:
    """True for a public service that families have, by its name or by what is said of it."""
    return names_benefit(title) or _FAMILY.search(f"{title}\n{text}".lower()) is not None


def is_municipal(title: str, text: str) -> bool:
    """True for a page of a town hall's duties that says nothing of families.

    Its headline names the duty, or an office that has it ("Gesundheitsamt").
    """
    head, low = title.lower(), text.lower()
    named = _TASK.found(head) or (_OFFICE.search(head) is not None and _TASK.found(low))
    return named and not _FAMILY.search(f"{head}\n{low}")
