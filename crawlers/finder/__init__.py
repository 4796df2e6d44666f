"""Finds the records in HTML that nobody described.

A page becomes a flow of visual lines (`flow`), candidate units are ranges of lines (`units`), the
choice among them weighs shape and evidence (`choice`), and a chosen unit becomes passages
(`passages`). Nothing here knows a platform or interprets a text.
"""
