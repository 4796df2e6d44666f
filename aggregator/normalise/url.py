"""Web addresses of an offer: canonical, without trackers, without the page's own furniture."""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import lru_cache
from urllib.parse import SplitResult, parse_qsl, urlencode, urlsplit, urlunsplit

from aggregator.normalise.context import Context
from aggregator.normalise.cues import seen, watch
from aggregator.normalise.statement import Reading, Statement
from crawlers.record import Passage, Role, of_roles

_READER = "url@2"
_READ = frozenset({Role.TEXT, Role.URL, Role.VENUE, Role.PROVIDER, Role.ADDRESS})
_HINTS = watch("://", "www.", ".de", ".org", ".net", ".com", ".info", ".eu", ".berlin", ".example")
_IN_TEXT = re.compile(
    r"(?<![\w@.)\]}-])(?<!\(at\))(?<!\[at\])(?<!\(a\))(?<!\(ät\))(?<! at"
    r" )(?<!\(at\) )(?<!\[at\] )(?<!\{at\} )(?<!\(a\) )(?<!\(ät\) )(?<!\[ät\] )(?<! ät )(?<!@ )"
    r"(?:https?://[^\s<>\"'„“”»«()]{3,400}|www\.[^\s<>\"'„“”»«()@]{3,300}|"
    r"(?:[a-z0-9](?:[a-z0-9-]{0,62})\.){1,3}(?:de|org|net|com|info|eu|berlin|"
    r"example)(?![\w@-]|\.\w)(?:/[^\s<>\"'„“”()]{0,300})?)",
    re.IGNORECASE,
)
# Parameters that tell who came or which cache answered, not which page it is.
_TRACKING = re.compile(
    r"(?:utm_\w+|mtm_\w+|pk_\w+|fbclid|gclid|msclkid|igshid|mc_[ce]id|phpsessid|"
    r"jsessionid|sessionid|sid|"
    r"chash|no_cache|_ga)",
    re.IGNORECASE,
)
_SHARE = re.compile(
    r"(?:^|\.)(?:t\.me|wa\.me|x\.com)$|(?:^|\.)(?:twitter|whatsapp|xing|pinterest|"
    r"linkedin|telegram|addtoany|"
    r"sharethis|google|goo|openstreetmap|bing|maps|waze|gravatar|wikipedia|w3|"
    r"creativecommons)\.(?:com|org|de|gl|me)$"
)
_SOCIAL = re.compile(r"(?:^|\.)(?:facebook|instagram|youtube|tiktok)\.com$|(?:^|\.)youtu\.be$")
_SHARING_PATH = re.compile(r"/(?:sharer?|share|dialog|intent|plugins|embed)\b", re.IGNORECASE)


def read_urls(passages: Sequence[Passage], context: Context) -> Reading:
    """Read the web addresses that an offer states, or that lead out of the listing's own site.

    Share buttons, maps and mail links are none; neither are links to other pages of the site the
    record was read on, unless the text itself tells the address.
    """
    reading = Reading()
    links = of_roles(passages, Role.URL)
    own = _site(urlsplit(context.page_url).hostname or "") if links else ""
    known: set[str] = set()
    deep = {
        _site(parts.hostname or "")
        for passage in links
        if _leads_on(parts := urlsplit(passage.text))
    }
    for passage in passages:
        if passage.role not in _READ:
            continue
        linked = passage.role is Role.URL
        if not linked and not seen(passage.text) & _HINTS:
            continue
        for raw in (passage.text,) if linked else _IN_TEXT.findall(passage.text):
            url = canonical(raw)
            if url is None or (linked and own and _site(urlsplit(url).hostname or "") == own):
                continue
            key = url.partition("://")[2].removeprefix("www.").rstrip("/").casefold()
            if key in known or (not linked and key in deep):
                continue  # told, or the words of a link that leads further into that site
            known.add(key)
            reading.statements.append(
                Statement("urls", url, raw.rstrip(".,;:!?"), passage.locator, _READER)
            )
    return reading


@lru_cache(maxsize=4096)
def canonical(raw: str) -> str | None:
    """An http(s) URL with its trackers and fragment cut; None for all that is no offer's address.

    Path, and parameters such as `?id=12`, stay as they are (RFC 3986, 6.2.2: only scheme and host
    are folded).
    """
    text = raw.strip().rstrip(".,;:!?*)]}'\"")
    if "://" not in text:
        if text[:20].lower().startswith(("mailto:", "tel:", "javascript:", "data:", "#", "/")):
            return None
        text = f"https://{text}"
    try:
        parts = urlsplit(text)
        host, port = (parts.hostname or "").rstrip("."), parts.port
    except ValueError:
        return None
    if parts.scheme not in {"http", "https"} or "." not in host or "@" in parts.netloc:
        return None
    if _SHARE.search(host) or (_SOCIAL.search(host) and _SHARING_PATH.search(parts.path)):
        return None
    query = parts.query
    if query:
        kept = [
            (k, v)
            for k, v in parse_qsl(query, keep_blank_values=True)
            if not _TRACKING.fullmatch(k)
        ]
        query = query if len(kept) == query.count("&") + 1 else urlencode(kept)
    netloc = host if port in {None, 80, 443} else f"{host}:{port}"
    return urlunsplit((parts.scheme, netloc, parts.path or "/", query, ""))


def _leads_on(parts: SplitResult) -> bool:
    return bool(parts.path.strip("/") or parts.query)


def _site(host: str) -> str:
    return host.removeprefix("www.")
