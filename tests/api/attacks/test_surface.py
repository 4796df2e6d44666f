"""Every attack at every parameter of every route: answered or refused, and never obeyed.

Routes and parameters are read off the application. A parameter that takes any words is sent every
attack, one that refuses most of them a part, in turns, so that a route sees them all;
`NETZLOTSE_TEST_ATTACKS=all` sends everything everywhere.
"""

from __future__ import annotations

import json
import os
import re
from collections.abc import Iterator, Sequence
from datetime import date
from functools import lru_cache
from itertools import islice
from typing import TypeVar

import pytest
from fastapi import FastAPI
from lxml import etree
from pydantic import SecretStr
from sqlalchemy import Engine, text
from sqlmodel import SQLModel

from aggregator.release.edition import make_release
from aggregator.release.metadata import Maker
from aggregator.settings import Settings
from aggregator.store.engine import connect
from api.app import create_app
from tests.api.admin_site import ANNA, TOKENS
from tests.api.attacks.conftest import PAYLOADS, everything, payloads
from tests.api.attacks.markup import foreign, leading, leads_away
from tests.api.attacks.surface import (
    LONG,
    Answer,
    Direct,
    Route,
    encoded,
    read_by_hand,
    routes,
    written,
)
from tests.api.conftest import Record, fill, uid

EVERYWHERE = os.environ.get("NETZLOTSE_TEST_ATTACKS") == "all"
ATTACKS = everything()
KNOWN = {
    "offer_id": uid("offer-1"), "service_id": uid("offer-1"), "network_id": "pankow",
    "source_id": "pankow", "run_id": "pankow-2", "edition": "2026-11-28", "key": "11003",
    "subject": "land", "kind": "csv", "name": "table", "taxonomy_id": "topics",
}  # fmt: skip
"""What leads somewhere; all other parameters of paths are "x" while one is attacked."""
TOLD = re.compile(
    r"root:x:0:|53743561|Traceback \(most|sqlalchemy|psycopg|sqlite3\.|OperationalError|\[project\]"
    r'|File "/|\[SQL: |uid=\d+',
)
"""What no answer says: a file's content, a computed product, how we are built."""
UNSTABLE = {500, 502, 503, 504}


def findings(asked: str, attack: str, answer: Answer) -> list[str]:
    """What an attack achieved; nothing where all is well."""
    found = []
    if answer.status in UNSTABLE:
        found.append(f"status {answer.status}")
    if answer.seconds > LONG:
        found.append(f"took {answer.seconds:.1f} s of the processor")
    for name, value in answer.headers:
        if re.search(r"[\r\n\x00]", value) or name in {"x-angriff", "refresh"}:
            found.append(f"header {name}: {value!r}")
        if name == "set-cookie" and "angriff" in value:
            found.append(f"cookie {value}")
        if name in {"location", "link", "content-location"} and leads_away(
            value.strip("<").partition(">")[0]
        ):
            found.append(f"leads to {value!r}")
    if answer.header("x-content-type-options") != "nosniff":
        found.append("may be taken for another type")
    # What was asked may be told again as words; what it would come to may not.
    if _tells(answer.body) and (leak := TOLD.search(answer.text.replace(attack, ""))):
        found += [f"tells {leak[0]!r}"] if leak[0] not in attack else []
    found += _in_its_type(answer.kind, answer.body)
    return [f"{asked} <- {attack[:80]!r}: {one}" for one in found]


# Most attacks come to the same answer: it is looked at once.
@lru_cache(maxsize=500)
def _tells(body: bytes) -> bool:
    return bool(TOLD.search(body.decode("utf-8", "replace")))


@lru_cache(maxsize=500)
def _in_its_type(kind: str, body: bytes) -> tuple[str, ...]:
    """What an attack put into a page, a feed, a picture or a calendar."""
    if kind == "text/html":
        page = body.decode("utf-8", "replace")
        return (*foreign(page), *leading(page))
    if kind.endswith("xml") and body:
        try:
            tree = etree.fromstring(body, etree.XMLParser(resolve_entities=False))
        except etree.XMLSyntaxError as error:
            return (f"no XML: {error}",)
        return tuple(f"<{one.tag}>" for one in tree.iter("{*}script", "{*}foreignObject"))
    if kind == "text/calendar":
        told = body.decode("utf-8", "replace")
        return tuple(re.findall(r"(?im)^(?:x-angriff|begin:valarm).*", told))
    return ()


@pytest.fixture(scope="module")
def target(tmp_path_factory: pytest.TempPathFactory) -> Settings:
    """A filled record of this module's own, with a release and an admin area."""
    settings = Settings(
        data_dir=tmp_path_factory.mktemp("target"),
        admin_token=SecretStr(TOKENS),
        rate_limit=0,
        hosts=("testserver",),
    )
    engine = connect(settings.database)
    record = Record(engine, settings.index_dir)
    fill(record)
    record.publish()
    maker = Maker("https://portal.example", "post@portal.example", "0.1.0")
    make_release(engine, settings.release_dir, date(2026, 11, 28), maker)
    engine.dispose()
    return settings


@pytest.fixture(scope="module")
def app(target: Settings) -> FastAPI:
    return create_app(target)


@pytest.fixture(scope="module")
def direct(app: FastAPI) -> Iterator[Direct]:
    with Direct(app) as direct:
        yield direct


def rows(settings: Settings) -> dict[str, int]:
    """How many rows each table of the record has."""
    engine: Engine = connect(settings.database)
    with engine.connect() as connection:
        found = {
            name: connection.execute(text(f'SELECT count(*) FROM "{name}"')).scalar_one()  # noqa: S608
            for name in SQLModel.metadata.tables
        }
    engine.dispose()
    return found


def public(app: FastAPI, method: str) -> list[Route]:
    return [
        route
        for route in routes(app)
        if route.method == method
        and not route.path.startswith("/admin/")
        and route.path != "/admin"
    ]


Each = TypeVar("Each")


def part(number: int, of: Sequence[Each], every: int) -> Sequence[Each]:
    """Every so many attacks, others for each number."""
    return of if EVERYWHERE else of[number % every :: every]


def test_routes_are_found(app: FastAPI) -> None:
    found = {str(route): route for route in routes(app)}
    assert "near" in found["GET /api/v1/offers"].query
    assert "search" in found["GET /hsds/services"].query
    assert "maxwidth" in found["GET /einbetten/oembed"].query
    assert found["POST /admin/anmelden"].body == ("token", "weiter")
    assert found["GET /static/{name}"].names == ("name",)
    assert {"release", "nur"} <= read_by_hand()
    # Each has been looked at by `test_no_…` below or is the admin area's.
    assert len(public(app, "GET")) > 60
    assert len(public(app, "POST")) >= 4


def test_no_parameter_obeys(app: FastAPI, direct: Direct, target: Settings) -> None:
    before, found, asked = rows(target), [], 0
    for number, route in enumerate(public(app, "GET")):
        path = route.at(KNOWN)
        for at, name in enumerate(route.query):
            taken = direct.ask("GET", path, encoded([(name, "probe")])).status == 200
            for attack in part(number + at, ATTACKS, 3 if taken else 20):
                answer = direct.ask("GET", path, encoded([(name, attack)]))
                found += findings(f"{route} {name}", attack, answer)
                asked += 1
    assert found[:5] == []
    assert asked > 3_000
    assert rows(target) == before


def told(direct: Direct, path: str, name: str) -> tuple[int, bytes]:
    """What a page says to a parameter, but for the parameter itself in its links."""
    answer = direct.ask("GET", path, encoded([(name, "probe")]))
    return answer.status, re.sub(rf"\b{name}(=|%3D)probe".encode(), b"", answer.body)


def heeded(direct: Direct, path: str, names: Sequence[str]) -> Iterator[str]:
    """Those that a page answers otherwise than one that it does not know, and that one."""
    unknown = "unbekannt"
    yield unknown
    nothing = told(direct, path, unknown)
    for name in names:
        # Asked anew: a form names the second in which it was made.
        if told(direct, path, name) != nothing and (
            told(direct, path, name) != (nothing := told(direct, path, unknown))
        ):
            yield name


def test_no_page_obeys_what_it_takes_by_hand(app: FastAPI, direct: Direct) -> None:
    found, read, looked = [], 0, 0
    names = sorted({name for route in routes(app) for name in route.query} | read_by_hand())
    for number, route in enumerate(public(app, "GET")):
        path = route.at(KNOWN)
        plain = direct.ask("GET", path)
        probed = direct.ask("GET", path, encoded((name, "probe") for name in names))
        if route.query or (probed.status, probed.body) == (plain.status, plain.body):
            continue  # asked above, or it looks at no query
        read += 1
        for attack in part(number, ATTACKS, 16):
            answer = direct.ask("GET", path, encoded((name, attack) for name in names))
            found += findings(f"{route} all", attack, answer)
        for at, name in enumerate(heeded(direct, path, names)):
            looked += 1
            for attack in part(number + at, ATTACKS, 40):
                answer = direct.ask("GET", path, encoded([(name, attack)]))
                found += findings(f"{route} {name}", attack, answer)
    assert found[:5] == []
    assert read > 4
    assert looked > 60


def test_no_path_obeys(app: FastAPI, direct: Direct) -> None:
    found = []
    for number, route in enumerate(public(app, "GET")):
        for at, name in enumerate(route.names):
            for attack in part(number + at, ATTACKS, 6):
                path = route.at(KNOWN | {name: attack})
                answer = direct.ask("GET", path.encode("utf-8", "replace").decode())
                found += findings(f"{route} {name}", attack, answer)
    assert found[:5] == []


HEADERS = (
    "host", "x-forwarded-host", "x-forwarded-proto", "x-forwarded-prefix", "forwarded",
    "x-original-url", "x-rewrite-url", "x-http-method-override", "accept", "accept-language",
    "accept-encoding", "if-none-match", "if-modified-since", "range", "cookie", "referer", "origin",
    "user-agent", "content-type", "authorization", "sec-fetch-site",
)  # fmt: skip


def by_headers(
    direct: Direct, route: Route, names: Sequence[str], turn: int
) -> tuple[int, list[str]]:
    """Status and findings of a request with an attack in each of these headers, each another."""
    told = {name: ATTACKS[(turn + 12 * HEADERS.index(name)) % len(ATTACKS)] for name in names}
    # No server hands on a line break.
    given = [(name, re.sub(r"[\r\n\x00]", " ", attack)) for name, attack in told.items()]
    answer = direct.ask("GET", route.at(KNOWN), headers=given)
    return answer.status, findings(f"{route} {names}", "\n".join(told.values()), answer)


def test_no_header_obeys(app: FastAPI, direct: Direct) -> None:
    """Attacks in headers that servers and frameworks are known to heed.

    Those that are seldom refused share requests, each with an attack of its own.
    """
    found, shared, refused = [], 0, 0
    for number, route in enumerate(public(app, "GET")):
        plain = direct.ask("GET", route.at(KNOWN)).status
        alone = [n for n in HEADERS if by_headers(direct, route, [n], number)[0] != plain]
        together = [name for name in HEADERS if name not in alone]
        for turn in part(number, range(len(ATTACKS)), 60):
            status, seen = by_headers(direct, route, together, turn)
            found += seen
            shared += 1
            ways = [[name] for name in alone]
            if status != plain:  # what is refused hides what the others would have done
                ways = [[name] for name in HEADERS]
                refused += 1
            for names in ways:
                found += by_headers(direct, route, names, turn)[1]
    assert found[:5] == []
    assert refused < shared / 10


def test_parameters_that_come_twice_or_as_lists(app: FastAPI, direct: Direct) -> None:
    """HTTP parameter pollution: none of the readings of a query is worse than the other."""
    found = []
    for route in public(app, "GET"):
        path = route.at(KNOWN)
        for name in route.query:
            for query in (
                f"{name}=1&{name}=<script>window.hit=1</script>",
                f"{name}[]=1&{name}[0]=1&{name}[a][b]=1&{name}.a=1",
                f"{name}=1;{name}=2&{name}=%00&{name}",
                f"{name}=&{name}=&{name}=%ff%fe&{name.upper()}=1",
                "&".join([f"{name}=a"] * 200),
            ):
                found += findings(f"{route} {query[:60]}", "", direct.ask("GET", path, query))
    assert found[:5] == []


def bodies() -> Iterator[tuple[str, bytes]]:
    """Whole bodies, under each type that might be believed of them."""
    kinds = {
        ".xml": ("application/xml", "text/xml"), ".json": ("application/json", "text/plain"),
        ".form": ("application/x-www-form-urlencoded",),
        ".txt": ("multipart/form-data; boundary=x", "application/yaml"),
        ".bin": ("application/octet-stream",),
    }  # fmt: skip
    for path in sorted((PAYLOADS / "documents").iterdir()):
        for kind in (*kinds[path.suffix], "application/json", "application/x-www-form-urlencoded"):
            yield kind, path.read_bytes()


def fields_of(route: Route, page: str) -> list[str]:
    """What a form takes: as the route declares, as its page names it, as we describe it."""
    return sorted({*route.body, *re.findall(r'name="([^"]+)"', page), "text", "fields", "question"})


def test_no_form_and_no_body_obeys(app: FastAPI, direct: Direct, target: Settings) -> None:
    before, found = rows(target), []
    for number, route in enumerate(public(app, "POST")):
        path = route.at(KNOWN)
        page = direct.ask("GET", path).text if route.form else ""
        fixed = dict(re.findall(r'name="(\w+)" value="([^"]*)"', page))
        for at, name in enumerate(fields_of(route, page)):
            for attack in part(number + at, ATTACKS, 16):
                body, kind = written(route, {**fixed, name: attack})
                answer = direct.ask("POST", path, body=body, headers=[("content-type", kind)])
                found += findings(f"{route} {name}", attack, answer)
        for kind, body in bodies():
            answer = direct.ask("POST", path, body=body, headers=[("content-type", kind)])
            found += findings(f"{route} as {kind}", body[:60].decode("latin-1"), answer)
    assert found[:5] == []
    after = rows(target)
    grown = {name for name in after if after[name] != before[name]}
    assert grown <= {"correction", "citation"}  # what everyone may hand in
    assert all(after[name] >= before[name] for name in after)


def test_what_editors_are_sent_obeys_as_little(app: FastAPI, direct: Direct) -> None:
    """The same at the admin area, signed in, with forms of the session."""
    own = [("origin", "http://testserver"), ("sec-fetch-site", "same-origin")]
    body, kind = encoded([("token", ANNA)]).encode(), "application/x-www-form-urlencoded"
    signed = direct.ask(
        "POST", "/admin/anmelden", body=body, headers=[*own, ("content-type", kind)]
    )
    assert signed.status == 303
    cookie = ("cookie", signed.header("set-cookie").partition(";")[0])
    own += [cookie, ("content-type", kind)]
    found, decided = [], 0
    token = re.search(
        r'name="form_token" value="([^"]+)"', direct.ask("GET", "/admin", headers=own).text
    )
    assert token
    for number, route in enumerate(routes(app)):
        if not route.path.startswith("/admin/") or route.path == "/admin/abmelden":
            continue
        path = route.at(KNOWN | {"number": "1", "correction_id": "x"})
        for at, name in enumerate(route.query if route.method == "GET" else route.body):
            for attack in part(number + at, ATTACKS, 12):
                if route.method == "GET":
                    answer = direct.ask("GET", path, encoded([(name, attack)]), headers=own)
                else:
                    values = {"form_token": token[1], "grund": "Probe", name: attack}
                    answer = direct.ask(
                        "POST", path, body=encoded(values.items()).encode(), headers=own
                    )
                    decided += answer.status != 403
                found += findings(f"{route} {name}", attack, answer)
        for page in islice(sorted({r.path for r in routes(app) if r.path == route.path}), 1):
            if "{" not in page and route.method == "GET":
                found += findings(page, "", direct.ask("GET", page, headers=own))
    assert found[:5] == []
    assert decided > 50


def test_nobody_else_is_led_to_by_a_sign_in(direct: Direct) -> None:
    for attack in payloads("redirects"):
        values = [("token", ANNA), ("weiter", attack)]
        answer = direct.ask(
            "POST", "/admin/anmelden", body=encoded(values).encode(),
            headers=[("content-type", "application/x-www-form-urlencoded")],
        )  # fmt: skip
        assert answer.status == 303
        assert re.fullmatch(r"/admin(/[\w.~:-]+)*", answer.header("location")), attack


def test_json_says_what_was_asked_as_json_only(app: FastAPI, direct: Direct) -> None:
    """What an API tells again is never of a type that a browser would run."""
    for route in public(app, "GET"):
        if not route.path.startswith(("/api/", "/hsds", "/healthz", "/openapi")):
            continue
        for name in route.query[:3]:
            answer = direct.ask(
                "GET", route.at(KNOWN), encoded([(name, "<script>window.hit=1</script>")]),
                headers=[("accept", "text/html")],
            )  # fmt: skip
            assert answer.kind in {
                "application/json", "application/problem+json", "application/x-ndjson"
            }  # fmt: skip
            if answer.kind != "application/x-ndjson":
                json.loads(answer.body)
