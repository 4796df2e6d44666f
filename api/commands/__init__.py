"""Verbs of the command line that this package offers, a module a verb."""
