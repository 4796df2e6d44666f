"""The verbs of the command line that need nothing beyond `aggregator`."""
