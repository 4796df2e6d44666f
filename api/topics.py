"""`/api/v1/topics`: what offers are about."""

from __future__ import annotations

from fastapi import APIRouter, Request
from pydantic import BaseModel
from starlette.responses import Response

from aggregator.listing import Topic
from aggregator.vocabulary.topics import TOPICS
from api.access import Index, published_counts
from api.lines import LINES, whole_list
from api.problems import described

router = APIRouter(prefix="/api/v1/topics", tags=["topics"])


class TopicItem(BaseModel):
    """A topic, and how many offers with it can be used."""

    code: Topic
    label: dict[str, str]
    """By language: "de", "en"."""
    definition: dict[str, str]
    offers: int


class TopicList(BaseModel):
    """All topics."""

    items: list[TopicItem]
    total: int


@router.get(
    "",
    operation_id="listTopics",
    summary="All topics",
    response_model=TopicList,
    responses={200: {"content": LINES}, **described(406, 429, 503)},
)
def get_topics(request: Request, searcher: Index) -> Response:
    """The topics in the order of the vocabulary."""
    counts = published_counts(searcher, "topics")["topics"]
    items = [
        TopicItem.model_validate(
            {
                "code": code,
                "label": dict(topic.label),
                "definition": dict(topic.definition),
                "offers": counts.get(code, 0),
            }
        )
        for code, topic in TOPICS.items()
    ]
    return whole_list(request, TopicList(items=items, total=len(items)), items)
