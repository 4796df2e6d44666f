"""Hand-written places: the Länder, Berlin's districts, towns of the declared networks."""
