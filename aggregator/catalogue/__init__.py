"""What readers may ask of the record: offers with provenance, networks, sources, runs."""
