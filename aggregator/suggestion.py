"""Topics that a trained model would propose for offers which no rule could sort.

A suggestion is shown to a coordinator and never published: a model trained on a few hundred short
texts errs too often. It learns only from listings whose topic is certain. Needs the extra
`suggest` (scikit-learn).
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from sqlmodel import Session, col, select

from aggregator.store.tables import ListingRow, Presence, StatementRow, Subject

ENOUGH = 40
"""Certain listings below which nothing is learned."""
_EACH = 5  # certain listings of a topic below which that topic is not learned
_LIKELY = 0.3  # probability below which a topic is not worth a coordinator's look
_MOST = 2


class SuggestionError(Exception):
    """Nothing can be suggested; the message says why and what to do."""


@dataclass(frozen=True, slots=True)
class Suggestion:
    """What a model would call an unclear listing: topic codes with probabilities, best first."""

    listing_id: str
    title: str
    source_id: str
    topics: tuple[tuple[str, float], ...]


def suggest(certain: Sequence[tuple[str, str]], unclear: Sequence[str]) -> list[dict[str, float]]:
    """Probabilities of topics for each unclear text, learned from certain (text, code) pairs.

    Raises SuggestionError where scikit-learn is missing or too little is certain.
    """
    try:
        # Imported here: an extra that most installations go without.
        from sklearn.feature_extraction.text import TfidfVectorizer  # noqa: PLC0415
        from sklearn.linear_model import LogisticRegression  # noqa: PLC0415
        from sklearn.pipeline import make_pipeline, make_union  # noqa: PLC0415
    except ImportError as error:
        raise SuggestionError(
            "suggestions need scikit-learn: pip install 'netzlotse[suggest]'"
        ) from error
    counted = Counter(code for _, code in certain)
    learned = [(text, code) for text, code in certain if counted[code] >= _EACH]
    if len(learned) < ENOUGH or len({code for _, code in learned}) < 2:
        raise SuggestionError(
            f"{len(learned)} listings have a certain topic, {ENOUGH} of at least two topics are "
            "needed: map the words of more sources under lookups.topic in their declarations"
        )
    model = make_pipeline(
        make_union(
            TfidfVectorizer(sublinear_tf=True, min_df=1),
            TfidfVectorizer(analyzer="char_wb", ngram_range=(3, 5), sublinear_tf=True, min_df=2),
        ),
        LogisticRegression(C=20, class_weight="balanced", max_iter=1_000, random_state=0),
    )
    model.fit([text for text, _ in learned], [code for _, code in learned])
    if not unclear:
        return []
    codes = [str(code) for code in model.classes_]
    return [
        dict(zip(codes, map(float, row), strict=True)) for row in model.predict_proba(list(unclear))
    ]


def suggestions(session: Session) -> list[Suggestion]:
    """A suggestion for each listing without a topic, the likeliest first.

    Raises SuggestionError as `suggest` does.
    """
    rows = session.exec(select(ListingRow).where(ListingRow.presence == Presence.PRESENT)).all()
    known = _certain(session)
    certain = [(_text(row), known[row.id]) for row in rows if row.id in known]
    unclear = [row for row in rows if not row.flat.get("topics")]
    if not unclear:
        return []
    proposed = suggest(certain, [_text(row) for row in unclear])
    found = [
        Suggestion(row.id, str(row.flat.get("title") or ""), row.source_id, _likely(of))
        for row, of in zip(unclear, proposed, strict=True)
    ]
    return sorted(
        (one for one in found if one.topics), key=lambda one: one.topics[0][1], reverse=True
    )


def _certain(session: Session) -> dict[str, str]:
    """The main topic of listings whose source maps its own word, or whose rules left no doubt."""
    query = select(StatementRow.subject_id, StatementRow.value).where(
        StatementRow.subject == Subject.LISTING,
        StatementRow.field == "topics",
        StatementRow.position == 0,
        col(StatementRow.last_seen).is_(None),
        StatementRow.confidence >= 1.0,
    )
    return {str(listing): str(code) for listing, code in session.exec(query)}


def _text(row: ListingRow) -> str:
    title, text = row.flat.get("title") or "", row.flat.get("description") or ""
    return f"{title}\n{title}\n{text}"


def _likely(of: dict[str, float]) -> tuple[tuple[str, float], ...]:
    best = sorted(of.items(), key=lambda item: item[1], reverse=True)[:_MOST]
    return tuple((code, round(chance, 2)) for code, chance in best if chance >= _LIKELY)
