"""When things run: plans, subprocesses, locks, and the verbs that start them."""
