"""How fast the API answers, beside a route that does nothing."""
