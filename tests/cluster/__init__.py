"""A whole cluster of real processes on this machine, and what is done to it (docs/cluster.md)."""
