"""From a source declaration to archived pages and the records read from them.

This package knows no database: it is told what to fetch by files and hands over files.
"""
