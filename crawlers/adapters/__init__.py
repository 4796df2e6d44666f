"""How platforms and formats are read, one module each."""
