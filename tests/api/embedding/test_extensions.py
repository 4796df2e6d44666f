"""The extensions for WordPress and TYPO3, run by PHP against a real portal that comes and goes.

The systems themselves are not here: `php/` stands in for the few functions and classes they call.
"""

from __future__ import annotations

import json
import shutil
import subprocess
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from tests.api.embedding.hosts import Site, serve
from tests.conftest import unavailable

HERE = Path(__file__).with_name("php")
Run = Callable[..., str]


@pytest.fixture(params=["wordpress", "typo3"])
def run(request: pytest.FixtureRequest, tmp_path: Path) -> Run:
    """Renders the extension's element as one request of the CMS does; `due` lets the copy age."""
    php = shutil.which("php")
    if php is None:
        unavailable("PHP is not installed (Debian: apt install php-cli php-xml)")
    kept = tmp_path / "kept.json"

    def run(*, due: bool = False, **attributes: Any) -> str:
        if due:
            copies = json.loads(kept.read_text())
            kept.write_text(json.dumps({k: v | {"next": 0} for k, v in copies.items()}))
        done = subprocess.run(
            [php, "-d", "display_errors=stderr", HERE / f"{request.param}.php", kept,
             json.dumps(attributes)],
            capture_output=True, text=True, check=True,
        )  # fmt: skip
        assert done.stderr == ""
        return done.stdout

    return run


def test_it_shows_the_fragment(run: Run, portal: str) -> None:
    html = run(portal=f"{portal}/", topic="schulden, wohnen", limit="3")
    assert html.count("<article") == 3
    assert "Schuldnerberatung" in html
    assert 'href="tel:+493023125102"' in html
    assert "Ergänzende Kinderbetreuung" in run(portal=portal, topic="betreuung")  # UTF-8 survives


def test_it_asks_once_then_with_the_etag_and_keeps_the_copy_when_nobody_answers(run: Run) -> None:
    with serve(Site()) as site:
        path = "/einbetten/fragment"
        site.put(path, "<section><p>Stand eins</p></section>", ETag='W/"1"')
        assert "Stand eins" in run(portal=site.origin)
        site.put(path, "<section><p>Stand zwei</p></section>", ETag='W/"2"')
        assert "Stand eins" in run(portal=site.origin)  # fresh: nobody is asked
        assert "Stand zwei" in run(portal=site.origin, due=True)
        site.pages.clear()  # 404
        assert "Stand zwei" in run(portal=site.origin, due=True)
        gone = site.origin
    assert "Stand zwei" in run(portal=gone, due=True)
    assert site.heard[-2:] == ['W/"1"', 'W/"2"']


def test_an_unchanged_answer_is_not_sent_again(run: Run, portal: str) -> None:
    first = run(portal=portal, topic="schulden")
    assert run(portal=portal, topic="schulden", due=True) == first


def test_where_there_never_was_an_answer_there_is_a_link(run: Run) -> None:
    html = run(portal="http://127.0.0.1:9")
    assert html.startswith('<p><a href="http://127.0.0.1:9')


def test_scripts_do_not_pass_whoever_sends_them(run: Run) -> None:
    with serve(Site()) as site:
        site.put("/einbetten/fragment", "<section><script>boese()</script><p>gut</p></section>")
        html = run(portal=site.origin)
    assert "gut" in html
    assert "<script" not in html
