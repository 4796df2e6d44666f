"""Suggestions: learned from certain listings only, shown for unclear ones, never published."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import pytest
import yaml
from sqlalchemy import Engine
from sqlmodel import Session

from aggregator import suggestion
from aggregator.store.tables import ListingRow, OfferRow, SourceRow, StatementRow, Subject
from aggregator.suggestion import SuggestionError, suggest, suggestions

CASES = Path(__file__).parent / "normalise" / "cases"
NOW = datetime(2026, 11, 28, tzinfo=UTC)
PAIRS = [
    (f"{title}\n{title}\n{text}", code)
    for name in ("topic.yml", "topic_holdout.yml")
    for code, title, text in yaml.safe_load((CASES / name).read_text("utf-8"))
    if code
]


def test_unseen_wording_is_sorted_better_than_by_chance() -> None:
    train, unseen = PAIRS[::2], PAIRS[1::2]
    proposed = suggest(train, [text for text, _ in unseen])
    right = sum(max(of, key=lambda code: of[code]) == code for of, (_, code) in zip(
        proposed, unseen, strict=True))  # fmt: skip
    assert right / len(unseen) > 0.35  # fourteen topics: chance is 0.07


def test_too_little_is_not_learned_from() -> None:
    with pytest.raises(SuggestionError, match=r"lookups\.topic"):
        suggest(PAIRS[:10], ["Beratung"])


def test_the_record_teaches_and_is_not_changed(
    engine: Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(suggestion, "_LIKELY", 0.05)
    with Session(engine) as session:
        session.add(SourceRow(id="netz", title="Netz", region="11", declared={}))
        for at, (text, code) in enumerate([*PAIRS, ("Hilfe beim Schuldenabbau", "")]):
            title = text.split("\n")[0]
            session.add(OfferRow(id=f"o{at}", flat={}, created_at=NOW, changed_at=NOW))
            session.flush()
            session.add(
                ListingRow(
                    id=f"l{at}", source_id="netz", key=f"l{at}", offer_id=f"o{at}", page_url="",
                    first_seen=NOW, last_seen=NOW,
                    flat={"title": title, "description": text, "topics": [code] if code else []},
                )
            )  # fmt: skip
            if code:
                session.add(
                    StatementRow(
                        subject=Subject.LISTING, subject_id=f"l{at}", field="topics", value=code,
                        quote=title, source_id="netz", first_seen=NOW,
                    )
                )  # fmt: skip
        session.commit()
        (only,) = suggestions(session)
        assert (only.title, only.topics[0][0]) == ("Hilfe beim Schuldenabbau", "schulden")
        stored = session.get(ListingRow, only.listing_id)
        assert stored is not None
        assert stored.flat["topics"] == []
