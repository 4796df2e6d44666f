"""Bodies that carry offers: how they are called, and where a record names them."""
