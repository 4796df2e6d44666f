"""The sample federation: small websites of our own, what a person reads on them, and a server.

A site is a folder below `sites/`:

* `www/`: the files as they are served; `{site}` in them stands for the site's base URL.
* `site.yml`: how they are served (`crawlers.samples.route`).
* `empty.html`: the site's frame with nothing in it.
* `source.yml`: the declaration, as a coordinator would write it.
* `truth.jsonl`: one line a listing, with the keys of `aggregator.listing.Listing` that its page
  states (`page_url` is relative to the site), plus `same_as`, a label equal for listings of one
  real offer, and `withheld`, words that the page states and that must never be published (the
  address of a shelter, a person's name).
* `network.json`: the facts of `aggregator.network.Network` that the site states, if it has one.
"""
