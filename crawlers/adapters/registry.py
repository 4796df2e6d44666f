"""All adapters, those made for machines first: the order breaks ties of confidence."""

from __future__ import annotations

from crawlers.adapters.base import Adapter
from crawlers.adapters.contao import Contao
from crawlers.adapters.drupal import Drupal
from crawlers.adapters.events_calendar import EventsCalendar
from crawlers.adapters.feed import Feed
from crawlers.adapters.hsds import Hsds
from crawlers.adapters.html import Html
from crawlers.adapters.ical import ICalendar
from crawlers.adapters.joomla import Joomla
from crawlers.adapters.jsonld import JsonLd
from crawlers.adapters.pdf import Pdf
from crawlers.adapters.sheet import Sheet
from crawlers.adapters.sitemap import Sitemap
from crawlers.adapters.typo3 import Typo3
from crawlers.adapters.wordpress import WordPress

ADAPTERS: tuple[Adapter, ...] = (
    Hsds(),
    EventsCalendar(),
    WordPress(),
    ICalendar(),
    Feed(),
    Sheet(),
    Pdf(),
    Sitemap(),
    JsonLd(),
    Typo3(),
    Joomla(),
    Drupal(),
    Contao(),
    Html(),
)
