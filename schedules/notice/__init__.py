"""Messages: once when a source breaks, once when it recovers, and monthly to its owner."""
