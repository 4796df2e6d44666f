"""Searches in vain: what several people looked for is kept, who they were is not."""

from __future__ import annotations

from datetime import date, timedelta
from pathlib import Path

import pytest
from fastapi.testclient import TestClient
from sqlmodel import Session

from aggregator.settings import Settings
from aggregator.store.engine import connect
from aggregator.store.schema import migrate
from aggregator.unanswered import unanswered
from api.app import create_app
from api.unanswered import Unanswered
from tests.api.admin_site import TOKENS, sign_in, visitor

DAY = date(2026, 11, 28)


class Written(list[tuple[str, date, int]]):
    def __call__(self, words: str, day: date, times: int) -> None:
        self.append((words, day, times))


@pytest.fixture
def written() -> Written:
    return Written()


@pytest.fixture
def counted(written: Written) -> Unanswered:
    return Unanswered(written)


def test_words_of_three_people_are_written_and_of_two_never(
    counted: Unanswered, written: Written
) -> None:
    for _ in range(5):
        counted.count("198.51.100.1", "Töpferkurs  FÜR Väter", DAY)
        counted.count("198.51.100.2", "töpferkurs für väter", DAY)
    counted.count("198.51.100.1", "Etwas anderes", DAY)
    counted.close()
    assert written == []


def test_who_comes_third_has_all_of_them_written(counted: Unanswered, written: Written) -> None:
    for last in (1, 2, 1, 3, 3, 4):
        counted.count(f"198.51.100.{last}", "Töpferkurs", DAY)
    counted.close()
    assert written == [("töpferkurs", DAY, 4), ("töpferkurs", DAY, 2)]


def test_old_searches_do_not_add_up(counted: Unanswered, written: Written) -> None:
    counted.count("198.51.100.1", "Töpferkurs", DAY)
    counted.count("198.51.100.2", "Töpferkurs", DAY)
    counted.count("198.51.100.3", "Töpferkurs", DAY + timedelta(days=15))
    counted.close()
    assert written == []


@pytest.mark.parametrize(
    "words",
    [
        "",
        "   ",
        "030 23125 102",
        "anna@muster.example",
        "https://x.example",
        "Musterweg 7",
        "ein zwei drei vier fünf sechs sieben",
        "a" * 61,
        "töpfer\x00kurs",
        "<script>",
    ],
)
def test_what_may_name_a_person_or_is_no_words_is_not_counted(
    counted: Unanswered, written: Written, words: str
) -> None:
    for last in range(9):
        counted.count(f"198.51.100.{last}", words, DAY)
    counted.close()
    assert written == []


def test_a_flood_of_searches_takes_no_more_memory(counted: Unanswered, written: Written) -> None:
    words = ("".join(chr(97 + n // 26**k % 26) for k in range(4)) for n in range(12_000))
    for word in words:
        counted.count("198.51.100.1", word, DAY)
    assert len(counted._counts) == 5_000
    counted.close()


def test_from_searches_in_vain_to_the_desk(tmp_path: Path) -> None:
    settings = Settings(data_dir=tmp_path, admin_token=TOKENS, rate_limit=0)  # type: ignore[arg-type]
    engine = connect(settings.database)
    migrate(engine)
    app = create_app(settings)
    with TestClient(app) as running:  # one process, asked from four addresses
        for last, path in enumerate(("/", *["/api/v1/offers"] * 2, "/einbetten/fragment")):
            client = TestClient(app, client=(f"198.51.100.{last}", 5000))
            for words in ({"q": "Töpferkurs"}, {"q": "Gefiltert", "cost": "free"}):
                assert client.get(path, params=words).status_code == 200
        assert running.get("/?q=Einmalig").status_code == 200
    with Session(engine) as session:
        assert [(row.words, row.times) for row in unanswered(session, 9)] == [("töpferkurs", 4)]
    desk = visitor(settings)
    token = sign_in(desk)
    assert "töpferkurs" in desk.get("/admin/suchanfragen").text
    form = {"form_token": token, "worte": "töpferkurs"}
    assert desk.post("/admin/suchanfragen", data=form).status_code == 303
    assert "töpferkurs" not in desk.get("/admin/suchanfragen").text
    engine.dispose()
