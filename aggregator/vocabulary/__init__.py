"""The words of the field as data: topics, facets, regions."""
