"""The truth of the sample sites is what stands on their pages, and all of it is fictitious."""

import re
from collections import Counter
from datetime import UTC, datetime
from functools import lru_cache
from urllib.parse import urljoin, urlsplit
from urllib.request import urlopen

import pytest
from opening_hours import OpeningHours

from aggregator.listing import Listing
from aggregator.network import Network
from crawlers.page import Page
from crawlers.samples.federation import SITES, Federation, network, site_ids, truth
from crawlers.samples.route import answer, load_config
from crawlers.source import load_sources

# Numbers that the Bundesnetzagentur reserves for film and television, without leading 0.
FICTITIOUS = re.compile(
    r"3023125\d{3}|2214710\d{3}|4066969\d{3}|8999998\d{3}|6990009\d{3}|17139200\d\d|176040690\d\d"
)
AREAS = ("30", "221", "40", "89", "69", "171", "176")
NUMBER = re.compile(r"(?<![\w.:\-])(?:(?:\+|00)49(?:\s?\(0\))?|\(?0)\s?[1-9][\d\s()/\-]{5,}\d")
SPOKEN = re.compile(r"\d[\d\s()/\-]{4,}\d")
OWN = {"same_as", "withheld"}
ROWS = [(site, row) for site in site_ids() for row in truth(site)]


def _digits(text: str) -> str:
    return re.sub(r"\D", "", text)


@lru_cache
def _page(site: str, path: str) -> Page:
    reply = answer(SITES / site, load_config(SITES / site), path)
    headers = {"content-type": reply.headers["Content-Type"]}
    return Page("http://site.example" + path, reply.body, datetime.now(UTC), reply.status, headers)


@lru_cache
def _text(site: str, path: str) -> str:
    """The page as a reader sees it, white space folded."""
    page = _page(site, path)
    assert page.status == 200, path
    body = re.sub(r"(?s)<(script|style)\b.*?</\1>", " ", page.text)
    text = Page(page.url, body.encode(), page.fetched_at).tree.body.text(separator=" ")
    return " ".join(text.split())


def _served(site: str) -> list[tuple[str, str]]:
    files = [path for path in (SITES / site / "www").rglob("*") if path.is_file()]
    encoding = "cp1252" if load_config(SITES / site).charset == "unstated" else "utf-8"
    return [(str(path), path.read_bytes().decode(encoding)) for path in files]


@pytest.mark.parametrize("site", site_ids())
def test_rows_are_listings(site: str) -> None:
    for row in truth(site):
        fields = {key: value for key, value in row.items() if key not in OWN}
        Listing.model_validate({"id": "x", "source": site} | fields)
        assert row["same_as"]
        assert row["topics"]
        assert row["formats"]


def test_labels_join_listings_of_several_sites_but_never_of_one() -> None:
    sites = Counter((row["same_as"], site) for site, row in ROWS)
    assert max(sites.values()) == 1
    spread = Counter(label for label, _ in sites)
    assert sum(count > 1 for count in spread.values()) >= 25
    assert len(spread) >= 150
    assert 180 <= len(ROWS) <= 220


def test_one_contact_serves_several_offers() -> None:
    """False friends: equal provider, address and phone, and yet another service."""
    offers: dict[tuple[str, str], set[str]] = {}
    for _, row in ROWS:
        if "street" in row and "phones" in row:
            offers.setdefault((row["street"], row["phones"][0]), set()).add(row["same_as"])
    assert sum(len(labels) > 1 for labels in offers.values()) >= 15


@pytest.mark.parametrize("site", site_ids())
def test_what_is_true_stands_on_the_page(site: str) -> None:
    missing = []
    for row in truth(site):
        text = _text(site, row["page_url"])
        spoken = [_digits(match) for match in SPOKEN.findall(text)]
        missing += [
            (row["title"], key, row[key])
            for key in ("title", "provider", "street", "postcode", "city")
            if key in row and " ".join(row[key].split()) not in text
        ]
        missing += [
            (row["title"], "phones", phone)
            for phone in row.get("phones", [])
            if not _stands(_subscriber(phone), spoken, text)
        ]
        missing += [
            (row["title"], "hours_text", part)
            for part in row.get("hours_text", "").split("; ")
            if part not in text
        ]
    assert not missing


def _subscriber(phone: str) -> str:
    """The digits of an E.164 number after the country and area code."""
    national = phone.removeprefix("+49")
    area = next(area for area in AREAS if national.startswith(area))
    return national.removeprefix(area)


def _stands(subscriber: str, spoken: list[str], text: str) -> bool:
    """In full, or as the second extension of a line ("…-134 oder -137")."""
    line, extension = subscriber[:-3], subscriber[-3:]
    return any(subscriber in number for number in spoken) or (
        f"oder -{extension}" in text and any(line in number for number in spoken)
    )


def test_titles_of_one_page_differ() -> None:
    titles = Counter((site, row["page_url"], row["title"]) for site, row in ROWS)
    assert max(titles.values()) == 1


@pytest.mark.parametrize("site", site_ids())
def test_hours_are_valid_osm_and_money_stands_on_the_page(site: str) -> None:
    for row in truth(site):
        if "hours_osm" in row:
            OpeningHours(row["hours_osm"])
            assert "hours_text" in row
        if "cost_amount" in row:
            shown = f"{row['cost_amount']:.2f}".replace(".00", "").replace(".", ",")
            assert re.search(rf"\b{shown} (€|Euro)", _text(site, row["page_url"])), row["title"]
        assert ("cost_amount" in row) <= (row.get("cost") == "paid")


def test_what_must_be_withheld_is_printed_and_not_true() -> None:
    shelters = 0
    for site, row in ROWS:
        text = _text(site, row["page_url"])
        values = str({key: value for key, value in row.items() if key not in OWN})
        for secret in row.get("withheld", []):
            assert secret in text
            assert secret not in values
        shelters += "Frauenhaus" in row["title"]
        assert "Frauenhaus" not in row["title"] or not {"street", "postcode"} & row.keys()
    assert shelters == 2


@pytest.mark.parametrize("site", site_ids())
def test_every_number_served_is_fictitious(site: str) -> None:
    stated = [phone for row in truth(site) for phone in row.get("phones", [])]
    facts = network(site) or {}
    stated += [contact["phone"] for contact in facts.get("contacts", []) if "phone" in contact]
    for _, text in _served(site):
        stated += NUMBER.findall(text)
    assert stated
    for number in stated:
        national = _digits(number).lstrip("0").removeprefix("49").lstrip("0")
        assert FICTITIOUS.fullmatch(national), number


@pytest.mark.parametrize("site", site_ids())
def test_nothing_leads_out_of_the_federation(site: str) -> None:
    for name, text in _served(site):
        for link in re.findall(r"""(?:src|href|action)=["']([^"']+)["']""", text):
            target = link.replace("{site}", "http://127.0.0.1")
            host = urlsplit(urljoin("http://127.0.0.1/", target)).hostname or "127.0.0.1"
            assert host == "127.0.0.1" or host.endswith(".example"), (name, link)


def test_every_link_between_pages_leads_somewhere(federation: Federation) -> None:
    for site in federation.sites.values():
        seen, todo = {site.base_url + "/"}, [site.base_url + "/"]
        while todo:
            url = todo.pop()
            with urlopen(url) as response:
                body, kind = response.read(), response.headers["Content-Type"]
            if not kind.startswith("text/html"):
                continue
            tree = Page(url, body, datetime.now(UTC), 200, {"content-type": kind}).tree
            base = tree.css_first("base[href]")
            start = base.attributes["href"] if base else url
            for node in tree.css("a[href], link[rel=alternate], link[rel=canonical]"):
                found = urljoin(start, node.attributes["href"] or "").partition("#")[0]
                wanted = found.startswith(site.base_url + "/") and "/cdn-cgi/" not in found
                if wanted and found not in seen:
                    seen.add(found)
                    todo.append(found)
        paths = {row["page_url"] for row in federation.truth(site.id)}
        assert paths <= {url.removeprefix(site.base_url) for url in seen}, site.id


def test_networks_are_told_on_their_sites() -> None:
    facts = {site: network(site) for site in site_ids()}
    told = {site: Network.model_validate(fact) for site, fact in facts.items() if fact}
    assert len(told) == len(facts) - 1
    for site, found in told.items():
        about = " ".join(re.sub(r"<[^>]+>", " ", text) for _, text in _served(site))
        names = [found.carrier, found.programme, found.coordinating_body]
        for name in [*names, *found.partners, *found.working_groups, *found.fields_of_action]:
            assert name is None or name in " ".join(about.split()), (site, name)
    assert (told["demo-wuppertal"].founded, told["demo-wuppertal"].ended) == (
        "2011-04-01",
        "2013-03-31",
    )


def test_declarations_load(federation: Federation, tmp_path) -> None:
    federation.write_sources(tmp_path)
    sources = load_sources(tmp_path)
    assert [source.id for source in sources] == site_ids()
    for source in sources:
        assert source.start[0].startswith(federation.sites[source.id].base_url)
        assert (tmp_path / source.region[:2] / f"{source.id}.yml").is_file()
        facts = federation.network(source.id)
        assert source.network == (facts and facts["id"])
        assert facts is None or facts["region"] == source.region
