"""What a town hall does for everybody: cars, waste, building. Families are not meant by it.

Municipal sites hold their pages for single parents among hundreds of such pages, which state an
address, hours and fees as offers do.
"""

from __future__ import annotations

import re

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


def is_municipal(title: str, text: str) -> bool:
    """True for a page of a town hall's duties that says nothing of families.

    Its headline names the duty, or an office that has it ("Gesundheitsamt").
    """
    head, low = title.lower(), text.lower()
    named = _TASK.found(head) or (_OFFICE.search(head) is not None and _TASK.found(low))
    return named and not _FAMILY.search(f"{head}\n{low}")
