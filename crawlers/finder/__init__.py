"""Finds the records in HTML that nobody described.

A page becomes a flow of visual lines (`flow`), candidate units are ranges of lines (`units`), the
choice among them weighs shape and evidence (`choice`), and a chosen unit becomes passages
(`passages`). Nothing here knows a platform or interprets a text.
"""

from crawlers.finder.offers import Reader, find_offers, headline, read_whole
from crawlers.finder.story import find_network
from crawlers.finder.walk import read_flow

__all__ = ["Reader", "find_network", "find_offers", "headline", "read_flow", "read_whole"]
