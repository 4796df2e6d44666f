"""Networks and regions beside each other: published rows in, figures out; pure but for reading."""
