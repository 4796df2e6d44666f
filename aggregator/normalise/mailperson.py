"""Whether a mail address is a person's own or a role's."""

from __future__ import annotations

import re
from collections.abc import Sequence

from aggregator.normalise.person import find_persons, fold_name, folded_given_names
from aggregator.normalise.text import words
from aggregator.places.places import load_gazetteer
from crawlers.record import Passage, Role, of_roles

_PARTS = re.compile(r"[._-]")
_ROLE_WORDS = words(
    "info infos infopoint kontakt contact post mail email office buero service team "
    "hilfe help presse "
    "beratung anmeldung verwaltung leitung sekretariat zentrale empfang haus treff zentrum verein "
    "kita hort schule jugend familie familien kinder eltern frauen maenner muetter "
    "vaeter nord sued "
    "ost west mitte stadt land bezirk amt netz netzwerk koordination koost kurs kurse projekt "
    "webmaster admin redaktion datenschutz vorstand spenden job jobs arbeit recht soziales wohnen "
    "kleider laden cafe nachbarschaft selbsthilfe migration integration gesundheit bildung ev gmbh "
    "skf skm awo drk asb shia vamv vhs kbs sos ib de berlin hamburg alleinerziehend "
    "alleinerziehende "
    "bca fz mgh ejf fbs efb stz kiss kur kuren paten schulden umgang tagespflege"
)
# Long enough to be no surname's part.
_ROLE_STEM = re.compile(
    r"berat|zentrum|treff|verein|familie|frauen|eltern|kinder|jugend|stelle|buero|koord|netzwerk|"
    r"alleinerz|kontakt|info|hilfe|schule|verwalt|anmeld|service|schuld|schwanger|krise|hotline|"
    r"telefon|projekt|dienst|mission|caritas|diakonie|kirche|gemeinde|stadtteil|nachbar|jobcenter|"
    r"migration|sozial|bildung|gesund|sekret|leitung|geschaeft|office|mail|team|kurs|mutter|vater|"
    r"muetter|vaeter|kita|lotse|gruppe|haushalt|wohn|arbeit|recht|unterhalt|amt$|haus$|^haus"
)


def is_personal(address: str, passages: Sequence[Passage]) -> bool:
    """Say whether an address is a person's name (vorname.nachname@, v.nachname@, nachname@).

    A name without a frequent given name counts when the record itself names that person.
    """
    local, _, host = address.partition("@")
    local = fold_name(local)
    parts = [p for p in _PARTS.split(local) if p]
    if not parts or parts[-1][0].isdigit() or parts[-1] in _ROLE_WORDS or parts[0] in _ROLE_WORDS:
        return False
    given = folded_given_names()
    last = parts[-1]
    if len(parts) == 1:
        return local in given or (not _ROLE_STEM.search(local) and _is_named(local, passages))
    if parts[0] in given or (len(parts) == 2 and last in given):
        return not _is_place(last)
    if any(_ROLE_STEM.search(p) or p in host or _is_place(p) for p in parts if len(p) > 1):
        return False
    if not _own_towns(passages).isdisjoint(parts):
        return False
    # "m.muster", "vorname.nachname" of no frequent given name
    dotted = len(parts) == 2 and "." in local and all(p.isalpha() for p in parts)
    return dotted or _is_named(last, passages)


def _is_place(word: str) -> bool:
    gazetteer = load_gazetteer()
    return gazetteer.knows_town(word) or gazetteer.district(word) is not None


_TOWN = re.compile(r"\b\d{5}\s([A-ZÄÖÜ][\w-]+)")


def _own_towns(passages: Sequence[Passage]) -> set[str]:
    """The towns that the record itself names behind a postcode."""
    return {fold_name(town) for p in passages for town in _TOWN.findall(p.text)}


def _is_named(local: str, passages: Sequence[Passage]) -> bool:
    for passage in of_roles(passages, Role.TEXT, Role.TITLE):
        for person in find_persons(passage.text):
            if len(person.surname) > 3 and person.surname in local:
                return True
    return False
