"""Which listings are one offer, and what that offer says."""
