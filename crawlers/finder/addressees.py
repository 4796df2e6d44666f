"""For whom something is that is surely not for a parent: the old, the sick, those of a profession.

Houses for everybody list it between what families look for.
"""

from __future__ import annotations

import re
from functools import lru_cache

from crawlers.finder import sentences
from crawlers.finder.stemmed import Stemmed

_OLD = (
    r"senior(?:en|in|innen|\*innen|:innen|_innen)?\b|senioren\w*|seniorinnen\w*"
    r"|\b(?:ü|über[- ]?|ab )?(?:5[05]|6\d|7\d|8\d)(?:\s?\+|\s?plus\b| jahren?\b| aufwärts)"
    r"|\bü[567]\d\b|\b(?:für |unsere |die )+älteren?(?: menschen| semester|n)?\W*$"
    r"|\b(?:alten|senioren)(?:pflege|heim|hilfe)|\bsozialstation|\b(?:ambulante|häusliche) pflege\b"
    r"|\bhausnotruf|\bmenüservice|\bessen auf rädern|\bpflegedienst|\bmobiler dienst"
    r"|^pflege(?: (?:&|und) \w+)?$|\bältere menschen|\brentner\w*|\bim ruhestand\b|\bhochbetagt\w*"
)
_COLLEAGUES = (
    r"(?:fort|weiter)bildung(?:en|sreihe|sangebot\w*)? (?:für|der) (?:[\w*:-]+ (?:und )?){0,3}?"
    r"(?:fachkr|fachpersonal|(?:kinder)?tagespflege(?:person|eltern)|tagesmütter|erzieher|lehrkr"
    r"|lehrer|multiplikator|sozialarbeiter|sozialpädagog|pädagog|hebammen|leitungskr|ehrenamtlich)"
    r"|\bfür (?:pädagogische )?(?:fachkräfte|multiplikator\w*|lehrkräfte|tagespflegepersonen)\b"
    r"|\brichtet sich an (?:\w+ )?(?:fachkräfte|multiplikator\w*|lehrkräfte)"
    r"|^fortbildung(?:en|stag|sreihe|sangebote?)?\b"
    r"|^für (?:pädagogische )?(?:fachkräfte|fachpersonal)\b"
    r"|^für (?:unternehmen|arbeitgeber|betriebe|firmen|kooperationspartner)\b"
    r"|\b(?:grund)?qualifizierung (?:zur|zum|als|von|für) (?:kinder)?tagespflegeperson"
    r"|\bnur für (?:unsere )?mitglieds?(?:einrichtungen|organisationen|verbände|vereine)\b"
    r"|\btreffen (?:der|unserer) (?:partner|mitglieds)(?:organisationen|einrichtungen|verbände)\b"
)
# Who helps families, for a few hours or without pay, learns it there.
_HELPERS = (
    r"\bbabysitter[- ]?(?:schein|kurs|ausbildung|diplom|führerschein|schulung)"
    r"|\b(?:schulung|qualifizierung)(?:en)? (?:(?:für|der|zum|zur|neuer?|als) )*"
    r"[\w-]*pat(?:e|in|en|innen)\b"
)
# What groups of the grown-up sick are called by, between those of parents in lists of self-help.
_ILLNESS = (
    r"(?<!kinder)krebs(?!s)|karzinom|leukämie|lymphom|myelom|\bcopd\b|emphysem|demenz|alzheimer|parkinson|fibromyalgie"
    r"|kehlkopf|makula|glaukom|prostata|rheuma|bechterew|multiple sklerose|\bmorbus\b|osteoporose"
    r"|schlaganfall|aphasie|tinnitus|schlafapnoe|sarkoidose|\bstoma\b|\bilco\b|lipödem|lymphödem"
    r"|herzinfarkt|herzschrittmacher|restless legs|polyneuropathie|amputiert|prothese|dialyse"
    r"|transplant|\bzwänge\b|zwangserkrank|schwerhörig|cochlea|gicht\b|arthrose|schmerzpatient"
)
_TITLED = Stemmed(
    "senior|unternehm|arbeitgeber|betriebe|firmen|kooperation|notruf|menüs|rädern|mobiler|5|6|7|8|ältere|alten|sozialstation|pflege|rentner|ruhestand|betagt|bildung|fachkr|multiplik|lehrkr|tagespflegep"
    "|babysitter|schulung|qualifi|mitglied|partner"
    "|krebs|karzinom|leuk|lymph|myelom|copd|emphysem|demenz|alzheimer|parkinson|fibromyalgie|kehlkopf"
    "|makula|glaukom|prostata|rheuma|bechterew|sklerose|morbus|osteoporose|schlaganfall|aphasie|tinnitus"
    "|apnoe|sarkoidose|stoma|ilco|lipödem|herz|restless|neuropathie|amputiert|prothese|dialyse"
    "|transplant|zwäng|zwangs|schwerhörig|cochlea|gicht|arthrose|schmerzpat",
    f"{_OLD}|{_COLLEAGUES}|{_HELPERS}|{_ILLNESS}",
)
_TOLD = Stemmed("bildung|fachkr|multiplik|lehrkr|tagespflegep|mitglied|partner", _COLLEAGUES)
_FOR_OLD = Stemmed(
    "senior|ältere|jubilar|rentner|betagt",
    r"(?:\b(?:für|berät|beraten|besuchen|besucht|unterstützen|unterstützt)(?<!auch für)) "
    r"(?:unsere |die )?(?:senior(?:en|innen)|ältere[n]? (?:menschen|mitbürger\w*|bürger\w*)"
    r"|jubilar(?:e|innen)|rentner\w*|hochbetagte)\b"
    r"(?!/| oder| sowie| aber| und (?!(?:ihre |deren |pflegende )*(?:angehörige|senior|rentner))"
    r"|,(?! ?(?:t|tel\w*|mo|di|mi|do|fr|sa|so|\w{3,7}tags?|mittwochs?|im|in|am|\d+)\b))",
)
"""For whom something is, in the sentence that says first what it is: for the old alone."""
_FOR_ANY = re.compile(r"\balle[nr]?\b|\bjede[nrs]?\b|jugend|junge")
_FAMILY = re.compile(
    r"famil|eltern|krabbel|\bmütter|\bväter|\bmutter|\bvater|kinder\b|kindern\b|erziehend|enkel"
    r"|jung und alt|\bjung\b.*\balt\b|(?<!de)generation|schwanger"
    r"|(?<![\d/.,:–-])(?<!\d )0 ?(?:bis|[–-]|jahr|monat)|alle[nr]? alters"
    r"|groß und klein"
)


@lru_cache(maxsize=4096)
def names_others(title: str) -> bool:
    """True for a title that names the old, the sick or those of a profession, and no family."""
    low = title.lower()
    return _TITLED.found(low) and not names_families(low)


def names_colleagues(heading: str) -> bool:
    """True for a heading above what is for those of a profession, and for no family with them."""
    low = heading.lower()
    return _TOLD.found(low) and not names_families(low)


def names_families(title: str) -> bool:
    """True for a title that names parents, children or all who live together."""
    return _FAMILY.search(_PARENTS_APART.sub(" ", title.lower())) is not None


def is_for_others(title: str, text: str) -> bool:
    """True for what its title, or its text, says to be for the old, the sick or a profession."""
    low = text.lower()
    others = names_others(title) or (_FOR_OLD.found(low) and _tells_old(title, text))
    low = _PARENTS_APART.sub(" ", low)
    if others:
        return _FAMILY.search(low) is None
    if not _TOLD.found(low):
        return False
    return _FAMILY.search(low) is None or _tells_colleagues(low)


def _tells_old(title: str, text: str) -> bool:
    """True where the first sentence below the title is of the old, and none of everybody."""
    if _FOR_ANY.search(text.lower()):
        return False
    lines = (line for line in text.splitlines() if line != title)
    return _FOR_OLD.found(sentences.END.split(next(lines, ""))[0].lower())


def _tells_colleagues(text: str) -> bool:
    """True where the first sentence begins with those of a profession and names no family."""
    lines = (line.strip() for line in text.splitlines())
    first = next((line for line in lines if line.endswith((".", "!"))), "")
    return _COLLEAGUE.match(first) is not None and _FAMILY.search(first) is None


_COLLEAGUE = re.compile(rf"\W*(?:(?:ein|eine|unsere|diese) )?(?:{_COLLEAGUES})")
# Whom those of a profession work with, what they are called, and the houses of families.
_PARENTS_APART = re.compile(
    r"\bkindertages\w+|\bkinder(?:gärten|garten|krippe)\b|\bfamilien(?:zentr|bildung|pfleg|büro|pat)\w*"
    r"|\b(?:evangelische[sn]? )?haus der familien?\b|\bmehrgenerationen\w+"
    r"|\b(?:mütter|eltern)zentr\w+"
)
