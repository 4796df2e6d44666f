"""The gate: whether what a run found may be published.

A run is fed page by page and listing by listing to independent checks; each says what it measured,
against which bound, and what to do. A broken minimum quarantines the run (what the last good run
found stays published), a broken maximum warns. `judging.CHECKS` is the registry.
"""
