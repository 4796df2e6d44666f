"""Benchmarks: how much of what a person reads on a site is read, how rightly, and how fast."""
