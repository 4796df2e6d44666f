"""The read index: disposable, fed from the change log, one writer at a time, any readers."""
