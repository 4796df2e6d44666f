"""What a page says of the network itself: dates, carrier, partners, groups, fields of action.

General rules of German self-descriptions (who founds, carries, coordinates; how lists are
introduced); every value keeps the sentence or the list entry that states it.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from aggregator.normalise.context import Context
from aggregator.normalise.network.bodies import names_network, read_bodies
from aggregator.normalise.network.lifetime import read_lifetime
from aggregator.normalise.network.members import read_members
from aggregator.normalise.network.office import names_in, read_offices, without_names
from aggregator.normalise.network.prose import Line, lines_of, sentences_of
from aggregator.normalise.statement import Reading, Statement
from aggregator.vocabulary.regions import region_name
from crawlers.record import Record

# The text speaks of one network, its own: "das Netzwerk", "unser Bündnis", "AlleinerziehendenNetz".
_OWN = re.compile(
    r"\b(?:das|dem|des|dieses|diesem|im|ins|unser|unseres|unserem|unsere|ihr|beim|zum|vom|der|"
    r"die|den)\s+(?:[\w„\"-]+\s+){0,2}?"
    r"[\w-]*(?:netzwerk(?:s|es)?|netz(?:es)?|bündnis(?:ses)?|verbund(?:es)?|arbeitskreis(?:es)?|"
    r"koordinierungsstelle|koordinationsstelle)\b"
    r"|\bwir\s+sind\s+(?:ein|der|das)\s+(?:\w+\s+){0,3}(?:netzwerk|bündnis|verbund|"
    r"zusammenschluss|arbeitskreis)\b"
    r"|\bprojekt\w*\b",
    re.IGNORECASE,
)
_ABOUT = re.compile(
    r"allein-?\s?erziehend|ein-?eltern|getrennt-?erziehend|solo-?(?:mütter|eltern)", re.IGNORECASE
)
_OTHERS = re.compile(
    r"\b(?:[Nn]etzwerk|[Bb]ündnis|[Aa]rbeitskreis)\s+(?:für\s+|gegen\s+)?(?:[A-ZÄÖÜ][\w-]+\s+){1,2}"
    r"(?:wurde|ist|hat|besteht|bietet|unterstützt)\b"
)
# A book, a study or a report on networks describes none of its own.
_PUBLICATION = re.compile(
    r"\b(?:das|dieses|unser|im|des|dem)\s+(?:\w+\s+)?(?:handbuch\w*|leitfaden\w*|broschüre|"
    r"studie|arbeitshilfe|evaluation|publikation)\b"
    r".{0,120}\b(?:richtet sich|veröffentlich\w+|vorgestellt|herausgegeben|enthält|beschreibt|"
    r"zeigt)\b",
    re.IGNORECASE,
)
_CORE = frozenset(
    [
        "founded",
        "ended",
        "carrier",
        "programme",
        "coordinating_body",
        "partners",
        "working_groups",
        "fields_of_action",
    ]
)


def read_network(record: Record, context: Context) -> Reading:
    """State what a page tells of its network; nothing where it describes none.

    `record` is of kind NETWORK: all lines of a page in order. Fields are those of
    `aggregator.network.Network`. Names of persons stand in no value and no quote: "[…]" is in
    their place, so that such a quote is the page's text but for the name.
    """
    lines = lines_of(record)
    if not _describes_network(lines, context):
        return Reading()
    sentences = list(sentences_of(lines))
    found: list[Statement] = read_bodies(lines, sentences, context.region)
    found += read_lifetime(sentences, context.seen_on)
    found += read_members(lines, sentences)
    if not any(statement.field in _CORE for statement in found):
        return Reading()
    body = next((s.value for s in found if s.field == "coordinating_body"), "Kontakt")
    found += read_offices(lines, str(body), context)
    names = [name for line in lines for name in names_in(line.text)]
    return Reading([s for s in without_names(found, names) if s.value])


def _describes_network(lines: Sequence[Line], context: Context) -> bool:
    """The text is of one network for single parents.

    A site that is declared to be such a network's need not say on every page whom it is for; only
    a network that is called otherwise ("Netzwerk Frühe Hilfen") is not its own.
    """
    text = "\n".join(line.text for line in lines)
    place = region_name(context.region)
    about = _ABOUT.search(text) or (
        context.network and all(place in other[0] for other in _OTHERS.finditer(text))
    )
    if not about or _PUBLICATION.search(text[:20_000]):
        return False
    named = any(names_network(line.text) for line in lines if line.title)
    return named or _OWN.search(text) is not None
