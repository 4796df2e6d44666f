"""The published index over HTTP: API, pages, downloads."""
