"""From the spool of a crawl to the published index: normalise, gate, resolve, index, publish."""
