"""Dated, immutable editions of the published data, for those who cite and count."""
