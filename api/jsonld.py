"""schema.org data inside pages."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from markupsafe import Markup

from aggregator.listing import Status
from aggregator.offer import Offer
from api import links

_ESCAPES = {ord(c): f"\\u{ord(c):04x}" for c in "<>&'\u2028\u2029"}


def service(offer: Offer, url: str) -> Markup:
    """The schema.org Service of an offer, safe inside a script element."""
    address = {
        "@type": "PostalAddress",
        "streetAddress": offer.street,
        "postalCode": offer.postcode,
        "addressLocality": offer.city,
        "addressCountry": "DE",
    }
    placed = any((offer.street, offer.postcode, offer.city))
    data: dict[str, Any] = {
        "@context": "https://schema.org",
        "@type": "Service",
        "@id": url,
        "url": url,
        "name": offer.title,
        "description": offer.description,
        "provider": offer.provider and {"@type": "Organization", "name": offer.provider},
        "audience": {"@type": "Audience", "audienceType": "Alleinerziehende"},
        "isAccessibleForFree": {"free": True, "paid": False}.get(offer.cost or ""),
        "availableChannel": {
            "@type": "ServiceChannel",
            "serviceUrl": next((u for u in offer.urls if links.web(u)), None),
            "servicePhone": [{"@type": "ContactPoint", "telephone": n} for n in offer.phones],
            "serviceLocation": {"@type": "Place", "address": _filled(address)} if placed else None,
            "availableLanguage": offer.languages,
        },
        "offers": None
        if offer.status is Status.ACTIVE
        else {"@type": "Offer", "availability": "https://schema.org/Discontinued"},
        "subjectOf": [m.page_url for m in offer.mentions if links.web(m.page_url)],
    }
    data["availableChannel"] = _filled(data["availableChannel"])
    return script(_filled(data))


def script(data: Mapping[str, Any]) -> Markup:
    """JSON that is safe inside a script element.

    Everything that could end the element or start a comment is written as a JSON escape, so that
    harvested text stays data (OWASP: JSON in HTML).
    """
    text = json.dumps(data, ensure_ascii=False, separators=(",", ":"))
    return Markup(text.translate(_ESCAPES))  # noqa: S704 - every mark that HTML knows is escaped


def _filled(data: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in data.items() if value not in (None, "", [], {})}
