"""What operators are given: guides, units, configurations."""
