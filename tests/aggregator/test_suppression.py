"""The suppression list: hashes only, applied before anything is stored, never silently without."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sqlalchemy import Engine
from sqlmodel import Session, select

from aggregator.erasure import allow, suppress
from aggregator.harvest import Harvest, draft_of
from aggregator.log import ChangeLog
from aggregator.normalise.statement import Doubt, Reading, Statement
from aggregator.store.tables import SuppressionRow
from aggregator.store.transaction import publishing
from aggregator.suppression import (
    MARK,
    Kind,
    SuppressionError,
    Suppressions,
    canonical,
    digest,
    load_suppressions,
    make_key,
    without_suppressed,
)
from crawlers.record import Passage, Record, Role, Trust

NOW = datetime(2026, 11, 23, 12, tzinfo=UTC)
KEY = bytes(32)
PHONE, MAIL = "+493023125001", "kontakt@verein.example"
LISTED = Suppressions(
    KEY,
    phones=frozenset({digest(KEY, Kind.PHONE, PHONE)}),
    emails=frozenset({digest(KEY, Kind.EMAIL, MAIL)}),
)
CASES = json.loads((Path(__file__).parent / "redactions.json").read_text("utf-8"))
LISTING = "0b5c1b9e-4d0f-5b5c-8a66-3f2f5a0c6f10"


@pytest.mark.parametrize("case", CASES, ids=[case["text"] for case in CASES])
def test_a_text_loses_what_is_suppressed_and_nothing_else(case: dict[str, Any]) -> None:
    assert LISTED.redacted(case["text"], case.get("known", ())) == case["redacted"]


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("030 23125 001", (Kind.PHONE, PHONE)),
        ("+49 (0)30 23125-001", (Kind.PHONE, PHONE)),
        ("0049 30/23125001", (Kind.PHONE, PHONE)),
        (" Kontakt@Verein.example ", (Kind.EMAIL, MAIL)),
        (LISTING.upper(), (Kind.LISTING, LISTING)),
    ],
)
def test_what_a_person_types_is_understood(typed: str, meant: tuple[Kind, str]) -> None:
    assert canonical(typed) == meant


@pytest.mark.parametrize("typed", ["", "23125 001", "kontakt@", "Frau Muster", "https://x.example"])
def test_what_is_none_of_the_three_is_refused(typed: str) -> None:
    with pytest.raises(SuppressionError):
        canonical(typed)


@settings(max_examples=150, derandomize=True, deadline=None)
@given(st.text(alphabet="0123456789+()/-. \n@atkonverie.[]", max_size=120))
def test_redacting_any_text_ends_and_is_stable(text: str) -> None:
    once = LISTED.redacted(text, [PHONE])
    assert LISTED.redacted(once, [PHONE]) == once
    assert MAIL not in once


def test_hostile_length_costs_no_time() -> None:
    for text in ("0" * 100_000, "0 " * 50_000, "a@" * 50_000, "+ " * 50_000):
        LISTED.redacted(text)


def test_a_suppressed_number_is_no_statement_and_stands_in_no_quote() -> None:
    record = Record(
        "k", "https://netz.example/", (Passage(Role.TITLE, "Café"),), "html@1", Trust.FOUND
    )
    other = Statement("phones", "+493023125002", "030 23125 002")
    reading = Reading(
        [
            Statement("title", "Café", "Café"),
            Statement("phones", PHONE, "23125 001"),
            other,
            Statement("description", "Anmeldung unter 23125 001.", "Anmeldung unter 23125 001."),
        ],
        [Doubt("phone", "23125 001")],
    )
    draft = draft_of("netz", record, reading)
    harvest = Harvest(None, offers=(draft,))
    (cleaned,) = without_suppressed(harvest, "netz", LISTED).offers
    assert cleaned.values["phones"] == ["+493023125002"]
    assert cleaned.values["description"] == f"Anmeldung unter {MARK}."
    assert cleaned.reading.statements[1] is not reading.statements[1]
    assert "23125 001" not in json.dumps(
        [s.quote for s in cleaned.reading.statements] + [d.quote for d in cleaned.reading.doubts]
    )
    assert cleaned.digest != draft.digest
    listed = Suppressions(KEY, listings=frozenset({digest(KEY, Kind.LISTING, draft.id)}))
    assert without_suppressed(harvest, "netz", listed).offers == ()
    assert without_suppressed(harvest, "netz", Suppressions()) is harvest


def test_the_list_holds_hashes_only(engine: Engine, tmp_path: Path) -> None:
    key_file = tmp_path / "suppression.key"
    with publishing(engine) as session:
        suppress(ChangeLog(session, "", NOW), key_file, PHONE, "Wunsch", "redaktion")
        suppress(ChangeLog(session, "", NOW), key_file, PHONE, "noch einmal", "redaktion")
    with Session(engine) as session:
        (row,) = session.exec(select(SuppressionRow)).all()
        listed = load_suppressions(session, key_file)
    assert "23125" not in row.model_dump_json()
    assert listed.holds(Kind.PHONE, PHONE)
    assert key_file.stat().st_mode & 0o077 == 0
    with publishing(engine) as session:
        assert allow(session, key_file, "030 23125 001")
        assert not allow(session, key_file, "030 23125 001")
    with Session(engine) as session:
        assert not load_suppressions(session, None)


def test_without_the_key_nothing_goes_on(engine: Engine, tmp_path: Path) -> None:
    key_file = tmp_path / "suppression.key"
    with publishing(engine) as session:
        suppress(ChangeLog(session, "", NOW), key_file, MAIL, "Wunsch", "")
    with Session(engine) as session:
        with pytest.raises(SuppressionError):
            load_suppressions(session, None)
        key_file.unlink()
        with pytest.raises(SuppressionError, match="backup"):
            load_suppressions(session, key_file)


def test_two_installations_share_no_hash(tmp_path: Path) -> None:
    one, other = make_key(tmp_path / "1"), make_key(tmp_path / "2")
    assert one == make_key(tmp_path / "1")
    assert digest(one, Kind.PHONE, PHONE) != digest(other, Kind.PHONE, PHONE)
