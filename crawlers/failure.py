"""Why a page could not be had: names that a coordinator can act on."""

from __future__ import annotations

from enum import StrEnum


class Failure(StrEnum):
    """What went wrong with a page, or with a whole run."""

    DNS = "dns"
    REFUSED = "refused"
    TIMEOUT = "timeout"
    TLS = "tls"
    BLOCKED = "blocked"
    BOT_CHALLENGE = "bot_challenge"
    ROBOTS = "robots"
    GONE = "gone"
    SOFT_404 = "soft_404"
    MOVED_HOST = "moved_host"
    SERVER_ERROR = "server_error"
    PRIVATE_ADDRESS = "private_address"
    PARSE = "parse"
    EMPTY = "empty"
    TRUNCATED = "truncated"
    SITE_CHANGED = "site_changed"
    RESERVED = "reserved"
    TOO_LARGE = "too_large"
    CONNECTION = "connection"
    CRASHED = "crashed"
    INTERRUPTED = "interrupted"

    @property
    def advice(self) -> str:
        """What a coordinator should do, in German."""
        return _ADVICE[self]

    @property
    def advice_en(self) -> str:
        """What a coordinator should do, in English."""
        return _ADVICE_EN[self]


_ADVICE = {
    Failure.DNS: "Die Adresse gibt es nicht (mehr). Prüfen, ob die Seite umgezogen ist.",
    Failure.REFUSED: "Der Server nimmt keine Verbindung an. Morgen noch einmal; sonst nachfragen.",
    Failure.TIMEOUT: "Der Server antwortet zu langsam. Meist vorübergehend.",
    Failure.TLS: "Das Zertifikat der Seite ist ungültig. Der Redaktion der Seite Bescheid geben.",
    Failure.BLOCKED: "Die Seite lehnt unseren Abruf ab. Der Redaktion schreiben und um Freigabe "
    "bitten.",
    Failure.BOT_CHALLENGE: "Die Seite verlangt einen Beweis, kein Programm zu sein. Der Redaktion "
    "schreiben und um Freigabe bitten.",
    Failure.ROBOTS: "robots.txt untersagt den Abruf. Das gilt; der Redaktion schreiben.",
    Failure.GONE: "Die Seite gibt es nicht mehr (404/410). Startadresse prüfen.",
    Failure.SOFT_404: "Statt der Seite kam eine Ersatzseite (gesperrt, geparkt, Anmeldung). "
    "Ansehen "
    "und die Startadresse prüfen.",
    Failure.MOVED_HOST: "Die Seite leitet auf eine andere Domain um. Startadresse ändern.",
    Failure.SERVER_ERROR: "Der Server meldet einen Fehler (5xx). Meist vorübergehend.",
    Failure.PRIVATE_ADDRESS: "Die Adresse führt in ein privates Netz und wird nicht abgerufen. "
    "Eigene Rechner nennt NETZLOTSE_ALLOWED_PRIVATE_HOSTS.",
    Failure.PARSE: "Die Seite kam, konnte aber nicht gelesen werden. Ein PDF, das nur ein Scan "
    "ist, "
    "braucht sein Original; alles andere ist unser Fehler: bitte melden.",
    Failure.EMPTY: "Die Seiten kamen, enthalten aber kein Angebot. Startadresse und Muster prüfen.",
    Failure.TRUNCATED: "Die Liste bricht ab; es fehlen vermutlich Angebote.",
    Failure.SITE_CHANGED: "Die Seiten kamen, aber die Angebote werden nicht mehr erkannt. Die "
    "Seite "
    "ansehen; bei neuem Aufbau ein Muster (pattern) deklarieren.",
    Failure.RESERVED: "Die Seite behält sich Text und Data Mining vor (§ 44b UrhG) und wird nicht "
    "ausgewertet. Der Redaktion schreiben; eine Erlaubnis unter permission in der Deklaration "
    "festhalten.",
    Failure.TOO_LARGE: "Die Antwort ist größer als erlaubt. Grenzen stehen unter politeness in der "
    "Deklaration (page_bytes, document_bytes).",
    Failure.CONNECTION: "Die Verbindung brach ab. Meist vorübergehend.",
    Failure.CRASHED: "crawl.log im Ordner des Laufs ansehen. Reichte der Speicher nicht, "
    "NETZLOTSE_CRAWL_MEMORY erhöhen; alles andere ist unser Fehler: bitte melden.",
    Failure.INTERRUPTED: "netzlotse selbst wurde während des Abrufs beendet (Neustart, "
    "Stromausfall). Er wird wiederholt; kommt es wieder vor, Speicher und Log des Rechners prüfen.",
}

_ADVICE_EN = {
    Failure.DNS: "The address does not exist (any more). See whether the site has moved.",
    Failure.REFUSED: "The server takes no connection. Try again tomorrow, then ask its owner.",
    Failure.TIMEOUT: "The server answers too slowly. Mostly this passes.",
    Failure.TLS: "The certificate of the site is not valid. Tell its editors.",
    Failure.BLOCKED: "The site refuses our request. Write to its editors and ask to be let in.",
    Failure.BOT_CHALLENGE: "The site wants proof that we are no program. Write to its editors and "
    "ask to be let in.",
    Failure.ROBOTS: "robots.txt forbids the request. That counts; write to the editors.",
    Failure.GONE: "The page does not exist any more (404/410). Check the start address.",
    Failure.SOFT_404: "Something stands in for the page (suspended, parked, a login). Look at it "
    "and "
    "check the start address.",
    Failure.MOVED_HOST: "The page leads to another domain. Change the start address.",
    Failure.SERVER_ERROR: "The server reports an error (5xx). Mostly this passes.",
    Failure.PRIVATE_ADDRESS: "The address leads into a private network and is not asked for. "
    "Hosts of "
    "your own are named in NETZLOTSE_ALLOWED_PRIVATE_HOSTS.",
    Failure.PARSE: "The page came and could not be read. A PDF that is a scan needs its original; "
    "anything else is a fault of ours: please report it.",
    Failure.EMPTY: "Pages came, and there is no offer on them. Check start address and pattern.",
    Failure.TRUNCATED: "The list breaks off; offers are probably missing.",
    Failure.SITE_CHANGED: "Pages came, and the offers on them are not recognised any more. Look "
    "at the "
    "site; declare a pattern where its layout has changed.",
    Failure.RESERVED: "The site reserves text and data mining (§ 44b UrhG) and is not read. "
    "Write to "
    "its editors; put their permission into the declaration.",
    Failure.TOO_LARGE: "The answer is larger than allowed. Limits stand under politeness in the "
    "declaration (page_bytes, document_bytes).",
    Failure.CONNECTION: "The connection broke off. Mostly this passes.",
    Failure.CRASHED: "See crawl.log in the folder of the run. Where memory was short, raise "
    "NETZLOTSE_CRAWL_MEMORY; anything else is a fault of ours: please report it.",
    Failure.INTERRUPTED: "netzlotse itself was ended during the crawl (restart, power failure). It "
    "is done again; should that happen repeatedly, look at memory and log of the machine.",
}


def of_status(status: int) -> Failure | None:
    """The failure that an HTTP status code tells of; None where a body is worth reading."""
    if status in {404, 410}:
        return Failure.GONE
    if status in {401, 402, 403, 405, 406, 407, 429, 451}:
        return Failure.BLOCKED
    if status == 408:
        return Failure.TIMEOUT
    if status == 413:
        return Failure.TOO_LARGE
    if status >= 500:
        return Failure.SERVER_ERROR
    return None if 200 <= status < 300 else Failure.CONNECTION
