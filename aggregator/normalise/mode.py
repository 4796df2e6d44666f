"""How an offer is used: on site, by phone, online, or at home."""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import reduce
from operator import or_

from aggregator.normalise.context import Context
from aggregator.normalise.cues import Cued, heard, listen
from aggregator.normalise.negation import negated
from aggregator.normalise.statement import Reading, Statement
from aggregator.normalise.wording import RecordText, remembered
from crawlers.record import FRAME, Role

READER = "mode@7"

_ROLES = frozenset({Role.TITLE, Role.TEXT, Role.HOURS, Role.VENUE, Role.TOPIC, Role.IMAGE_TEXT})
_CUES = {
    "phone": listen(
        "telefon", "hotline", "notruf", "rufen sie", "ruft uns", "ruf uns", "rund um die uhr",
        "tag und nacht",
    ),
    "online": listen(
        "video", "online", "zoom", "digital", "virtuell", "chat", "webinar", "mail",
        "whatsapp", "von zu hause", "internet", "livestream", "am bildschirm", "hybrid", "web-",
    ),
    "outreach": listen(
        "hausbesuch", "aufsuchend", "hause", "ins haus", "daheim", "haushalt", "kommen zu",
        "kommt zu", "in die famili", "besuch", "bei ihnen", "zu ihnen", "haeuslich", "wohnung",
        "in ihre",
    ),
    "onsite": listen(
        "vor ort", "persoenlich", "praesenz", "raeumen", "bei uns", "im haus", "im buero", "hybrid",
        "sstelle",
    ),
}  # fmt: skip
_ALL_CUES = reduce(or_, _CUES.values())

_ANOTHER = (
    r"(?:\btelefonisch|\bam telefon|\bper (?:telefon|video|mail|e-?mail|chat|zoom)|\bonline\b"
    r"|\bvideo"
    r"|\bbei ihnen\b|\bueber zoom|\bzu ihnen\b)"
)
_AT_OURS = (
    r"(?:in unseren raeumen|bei uns(?: im haus)?|im buero"
    r"|in (?:der|unserer) (?:beratungs|geschaefts|anlauf|kontakt)stelle)"
)
_MODES = {
    "phone": Cued(
        r"^\W*(?:(?:auch|gern|gerne) )?am telefon(?:,| oder| und) |"
        r"\bberaet (?:\w+ ){0,4}?(?:telefonisch|am telefon|per telefon)\b"
        r"|^\W*(?:\w*zeit(?:en)?: )?telefonisch:? (?=(?:mo|di|mi|do|fr|sa|so)\b|\w+tags?\b"
        r"|rund um die uhr)|"
        r"^\W*(?:auch |nur )?telefonisch\W*$|\bauch (?:rein )?telefonisch\W*$"
        r"|\bberatung\w* (?:[\w-]+ ){0,3}?im (?:[\w-]+-)?buero\b.{0,60}?\boder telefonisch\b"
        r"|\btelefon-? ?(?:und \w+-?)?(?:beratung|sprechstunde|sprechzeit|seelsorge|coaching)\w*"
        r"|\bberat\w+ (?:[\w-]+,? ){0,8}?[^.]{0,40}\btelefonisch, (?:per|online|persoenlich"
        r"|vor ort)\b"
        r"|\btelefonische? (?:\w+ ?(?:und|oder|,) ?)?(?:\w*beratung\w*|\w*sprechstunde\w*"
        r"|\w*sprechzeit\w*|\w*auskunft|hilfe|unterstuetzung|begleitung|gespraech\w*)"
        r"|\b(?:beraten|beratung\w*|berat|gespraeche?|sprechstunde|unterstuetzung"
        r"|hilfe)\b[^.]{0,50}\b(?:telefonisch|per telefon|am telefon|via telefon)\b"
        r"(?! (?:\w+ ){0,2}?(?:termin|anmeld|vereinbar|erreich))"
        r"|\b(?:telefonisch|per telefon|am telefon)(?:,| und| oder|/)[^.]{0,40}\b(?:beraten"
        r"|beratung|persoenlich|online|video|vor ort)"
        r"|\bauch (?:\w+ ){0,2}?am telefon\b"
        r"|\bgespraeche? (?:\w+ ){0,3}?(?:telefonisch|am telefon)\b"
        # A number that is answered at all hours; a name of its own: "Telefon „Offenes Ohr“".
        r"|\d[\d /-]{4,}\d,? ?[(–-]? ?(?:rund um die uhr|tag und nacht)\b"
        r"|\b(?:rund um die uhr|tag und nacht)(?: erreichbar)?(?: ?[:–(]| unter) ?(?:tel\w*\.? )?"
        r"\d[\d /-]{4,}\d|^\W*telefon [„“\"»]|^\W*telefon-?lots\w*"
        r"|hotline\b|^\w*-telefon\b|\b(?:nacht|not|tages|abend|trauer|trost)-?telefon\b"
        r"|\bruf(?:en sie|t|) uns an, (?:wir|unser)|\b(?:hilfe|eltern|sorgen|krisen|muetter|vaeter"
        r"|beratungs"
        r"|kinder|info"
        r"|notruf|buerger|frauen)-?telefon\b|\btelefonseelsorge|\bfrauennotruf\b"
        r"|^[\w\- ]{0,30}notruf$|^[\w\- ]{0,30}\bam telefon$"
        r"|\b(?:persoenlich|online|vor ort|video|mail|chat)(?:,| und| oder|/"
        r"| sowie)[^.]{0,30}\b(?:telefonisch|am telefon|per telefon)\b|\btelefonisch (?:beraten"
        r"|moeglich|statt)"
    ),
    "online": Cued(
        r"^\W*auch (?:\w+ )?online(?: moeglich)?\W*$"
        r"|\bonline-?(?:beratung|treff\w*|kurs\w*|gruppe\w*|seminar\w*|angebot\w*|sprechstunde\w*"
        r"|stammtisch|vortrag|veranstaltung\w*|cafe|workshop|elternabend|forum|austausch|coaching"
        r"|training)"
        r"|\b(?:per|via|ueber|als|mit) (?:video\w*|zoom|skype|teams|chat|jitsi|webinar"
        r"|bigbluebutton)|\bvideo-?(?:beratung|konferenz|chat|call|sprechstunde|telefonie"
        r"|gespraech|termin|anruf)\w*|\bim (?:live-?)?chat\b|^(?:live-?)?chat\b"
        r"|\bwhatsapp-?(?:gruppe|beratung|chat)|\b(?:per|via) chat\b|\bueber (?:das |den "
        r"|unseren )?chat\b|\blivestream\b"
        r"|\bam bildschirm\b"
        r"|\b(?:per|via|ueber) (?:e-?)?mail(?:,| und| oder|/) ?(?:im |per )?chat\b"
        r"|\bonline-?(?:abend|infoabend|reihe|stunde|runde)\w*"
        r"|\b(?:bequem|gemuetlich|einfach) von zu ?hause\b"
        r"|^\W*video(?:,| oder| und) ?(?:\w+ )?(?:gespraech|telefon|vor ort|persoenlich)"
        r"|\b(?:persoenlich|telefonisch|am telefon|vor ort)(?:,| und| oder|/)[^.]{0,40}"
        r"\b(?:video|(?:per|via) (?:e-?)?mail|per chat)\b"
        r"|\bchat-?beratung|\b(?:e-?)?mail-?beratung|\bwebinar\w*|\bweb-?seminar\w*|\bhybrid\w*"
        r"|\b(?:digitale?[rs]?|virtuelle?[rs]?) (?:treff\w*|beratung|stammtisch|cafe|gruppe"
        r"|sprechstunde|elternabend|kurs|format)"
        r"|\b(?:findet|treffen|trifft|laeuft|kurs|termin|beratung"
        r"|veranstaltung)\b[^.]{0,40}\b(?:online"
        r"|digital"
        r"|virtuell)\b(?! (?:buch|anmeld|vereinbar|verfuegbar|unter|formular|beantrag|abruf))"
        r"|\bonline (?:statt|via|per|ueber zoom|oder (?:vor ort|in praesenz|persoenlich"
        r"|telefonisch)|und (?:vor ort|in praesenz|telefonisch))"
        r"|\b(?:persoenlich|telefonisch|vor ort|praesenz)(?:,| und| oder"
        r"|/)[^.]{0,25}\bonline\b(?! (?:buch|anmeld|vereinbar))|^online$|\b(?:nur|rein) online\b"
        r"|\bonline-?(?:boerse|plattform|gruppen?|treff\w*)\b"
        r"|\bberat\w+ [^.]{0,40}\b(?:per|via|ueber) (?:\w+(?:,| und| oder"
        r"|/) ?){0,2}(?:(?:e-?)?mail|chat)\b"
        r"|\b(?:telefonisch|persoenlich)[^.]{0,12}\b(?:per|via) (?:e-?)?mail beraten\b"
        r"|^\W*(?:ort|wo|treffpunkt|veranstaltungsort)[:?] ?(?:\w+ )?(?:online|zoom|teams|digital"
        r"|internet)\b"
        r"|\bvor ort (?:und|oder|sowie) (?:\w+ )?online\b"
        r"|\bim internet uebertragen\b"
        r"|\bberat\w+ (?=[^.]*\b(?:persoenlich|telefon))[^.]{0,80}(?:,| oder"
        r"| und) (?:auch )?online\b"
        r"(?! (?:buch|anmeld|vereinbar|termin))"
    ),
    "outreach": Cued(
        r"\bhausbesuch\w*|\b(?:wir|pat\w+|\w*hebamme\w*|\w*helfer\w*|\w*schwester|ehrenamtliche\w*"
        r"|fachkr\w+|berater\w*) (?:\w+ )?besuch(?:en|t) (?:sie|dich|euch|familien|eltern"
        r"|muetter)\b"
        r"(?! uns)|\bbesucht (?:sie|dich|euch) (?:einmal|regelmaessig|woechentlich|zu|bei|in|und)\b"
        r"|\bkomm(?:en?|t) (?:\w+ ){0,4}?(?:zu ihnen|zu dir|zu euch)\b|\bin (?:der|ihrer|eurer"
        r"|deiner) eigenen"
        r" wohnung\b|\bbei (?:ihnen|dir|euch)(?: zu hause"
        r"| daheim|,? oder| und)|\baufsuchend\w*"
        r"|\bbetreuung (?:\w+ ){0,3}?(?:zu ?hause|daheim)\b"
        r"|\b(?:kommen|kommt|schick\w+|besuchen|besucht|betreuen|betreut"
        r"|berat\w+|begleiten|unterstuetz\w+|helfen|hilft)\b[^.]{0,70}\b(?:nach hause|zu ?hause"
        r"|daheim"
        r"|ins haus|in ihrem zuhause|im eigenen zuhause|in der wohnung)\b"
        r"|\b(?:zu|bei) (?:ihnen|dir|euch) (?:(?:zu|nach) ?hause"
        r"|daheim)\b|\bins haus\b|\b(?:wir|berater\w*|pat\w+|mitarbeiter\w*|fachkraefte|hebammen?"
        r"|helfer\w*|ehrenamtliche\w*)"
        r" kommen (?:gern |gerne |auch |direkt )?(?:zu ihnen|zu dir|zu euch|in die famili\w+)\b"
        r"|\bkommen zu ihnen\b"
        r"|\bkomm(?:en|t) (?:[\w-]+ ){0,4}?in (?:die|ihre|eure) famili\w+|\bin (?:ihren|den|euren"
        r"|deinen|ihrem|eurem|deinem) haushalt\b"
        r"|\bim haushalt der (?:familie|eltern)|\bin (?:ihrer|eurer|deiner) wohnung (?:statt"
        r"|moeglich|berat)"
        r"|\bim haeuslichen umfeld|\bin ihrem haeuslichen"
    ),
    "onsite": Cued(
        # "bei uns" tells where only beside another way: "bei uns, am Telefon oder per Video".
        rf"\b(?:{_AT_OURS}|im haus)\b(?=[^.]{{0,50}}{_ANOTHER})"
        rf"|{_ANOTHER}[^.]{{0,40}}\b{_AT_OURS}\b|\bhybrid\w*|"
        r"\bberatung\w* (?:[\w-]+ ){0,3}?im (?:[\w-]+-)?buero\b(?=.{0,60}\boder telefonisch\b)|"
        r"\bvor ort\b|\bpersoenliche?[rsn]? (?:beratung\w*|gespraech\w*|sprechstunde\w*|termin\w*)"
        r"|\b(?:persoenlich|in praesenz)\b|\bpraesenz (?:oder|und|sowie|/)"
        r"|\bpraesenz(?:veranstaltung|kurs|treffen)\w*"
    ),
}
_REGISTER = Cued(
    r"\b(?:anmeld\w*|anzumelden|erreich\w*|terminvereinbarung\w*|termine?|vereinbar\w*|voranmeldung"
    r"|melde\w* (?=[\w ]{0,40}\ban\b)|rueckfrage\w*|formular\w*|beantrag\w*|kontakt\w*)\b"
)
# Where it takes place, whatever is said of registering: "Fragen im Chat", "bequem von zu Hause".
_OWN_WAY = Cued(
    r"\b(?:findet|laeuft|treffen|trifft|online) [^.,]{0,30}\b(?:per|via|ueber) (?:video\w*|zoom"
    r"|teams)\b|\bauch (?:(?:per|ueber|als) video|am telefon\b)|\bim chat\b|von zu ?hause"
    r"|\bper mail und chat\b|\b(?:rund um die uhr|tag und nacht) erreichbar: ?[(\d]"
)
# "Termine vor Ort und online": where they are, not how one is made.
_EITHER = Cued(r"\btermine? (?:\w+ )?(?:vor ort|in praesenz) (?:und|oder|sowie) (?:\w+ )?online\b")
# Of the children, not of the offer: "Kinderbetreuung vor Ort". Who advises "kommt jeden Montag
# ins Haus" where it is told of a house, not of the family's.
_OF_OTHERS = Cued(
    r"\bbetreuung (?:\w+ )?vor ort|kinderbetreuung (?:\w+ )?vor ort"
    r"|\b\w*(?:berater\w*|beratungsstelle|beratung|anwalt|anwaelt\w+|referent\w*|expert\w+)\b"
    r"[^;]{0,80}\bkomm(?:t|en)\b (?!zu )[^;]{0,60}\bins haus\b"
)


def read_modes(offer: RecordText, context: Context) -> Reading:  # noqa: ARG001
    """State "modes": onsite, phone, online, outreach, in the order of the page.

    Only what is said: an address alone does not tell that one has to come, and registering by
    phone or online is no mode of the offer.
    """
    reading = Reading()
    seen: set[str] = set()
    added: Statement | None = None
    for sentence in offer.sentences(_ALL_CUES, _ROLES):
        for code, quote in _judge(sentence.folded, sentence.said).items():
            if code not in seen:
                seen.add(code)
                said = Statement("modes", code, sentence.quote, sentence.locator, READER, quote)
                reading.statements.append(said)
                if added is None and _ADDED.search(sentence.folded, sentence.said):
                    added = said
    if added is not None and "onsite" not in seen and _has_place(offer):
        reason = "ein weiterer Weg neben dem Ort"
        onsite = added._replace(value="onsite", reason=reason, confidence=0.7)
        reading.statements.insert(0, onsite)
    return reading


# A further way to what takes place at an address: "auch per Video", "Hausbesuche möglich".
_ADDED = Cued(
    r"\bauch (?:am telefon|telefonisch|per (?:telefon|video)\w*|online|als video\w*)\b"
    r"|\boder (?:per video\w*|am telefon|telefonisch|online)\b"
    r"|\bhausbesuche? (?:\w+ ){0,2}?moeglich\b"
    r"|\b(?:kommen|kommt|besuchen|beraten|helfen) (?:sie )?auch (?:\w+ )?(?:zu ihnen|zu dir|zu euch"
    r"|bei ihnen|zu ?hause|nach hause|daheim)\b|\bauch (?:\w+ )?hausbesuche?\b"
    r"|\bauf wunsch (?:\w+ ){0,4}?(?:zu ihnen|zu dir|zu euch|nach hause|telefonisch|per video\w*"
    r"|online)\b"
)
_PLACE = re.compile(
    r"[0-9](?<!\d.)\d{4} [A-ZÄÖÜ]|(?:[Ss]traße|[Ss]tr\.|[Pp]latz|[Ww]eg"
    r"|[Mm]arkt) \d"
)


def _has_place(offer: RecordText) -> bool:
    return any(
        passage.role in {Role.ADDRESS, Role.STREET} or _PLACE.search(passage.text)
        for passage in offer.passages
        if passage.role not in FRAME
    )


# "Telefon: 030 5550123", "E-Mail: info@…": how one is reached, not how the offer is used.
_CONTACT = re.compile(
    r"\W*(?:tel(?:efon)?(?:nummer)?[\d\W]*|e-?mail(?:adresse)?:? \S+@\S+)\W*", re.ASCII
)


@remembered
def _judge(text: str, said: int) -> Mapping[str, str]:
    """The modes that a sentence says; what a semicolon parts is said by itself."""
    first, mark, rest = text.partition(";")
    if mark:
        return {**_judge(first, heard(first)), **_judge(rest.strip(), heard(rest))}
    found: dict[str, str] = {}
    if _CONTACT.fullmatch(text):
        return found
    if (own := _OF_OTHERS.sub(" ", text, said)) != text:
        text, said = own, heard(own)
    for code, cue in _CUES.items():
        if not said & cue:
            continue
        match = _MODES[code].search(text, said)
        if match is None or negated(text, match.start(), match.end()):
            continue
        # What stands before the word for registering is the mode: "online via Zoom, Link nach …".
        register = (
            _REGISTER.search(_EITHER.sub("", text, said), said) if code != "outreach" else None
        )
        if (
            register
            and not _OWN_WAY.search(text, said)
            and "beratung" not in text
            and match.start() > 0
        ):
            continue
        found[code] = match[0]
    return found
