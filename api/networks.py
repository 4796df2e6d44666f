"""`/api/v1/networks`: the networks, and what each fact about them rests on."""

from __future__ import annotations

from fastapi import APIRouter, Request
from pydantic import BaseModel
from starlette.responses import Response

from aggregator.catalogue.evidence import Evidence
from aggregator.catalogue.networks import find_network, list_networks
from aggregator.network import Network
from api import caching
from api.access import Identifier, Index, Record, published_counts
from api.lines import LINES, whole_list
from api.problems import described, not_found

router = APIRouter(prefix="/api/v1/networks", tags=["networks"])


class NetworkItem(Network):
    """A network, and how many of its offers can be used."""

    offers: int


class NetworkDetail(NetworkItem):
    """A network, and the words of its pages that each fact rests on."""

    evidence: list[Evidence]


class NetworkList(BaseModel):
    """All networks."""

    items: list[NetworkItem]
    total: int


@router.get(
    "",
    operation_id="listNetworks",
    summary="All networks",
    response_model=NetworkList,
    responses={200: {"content": LINES}, **described(406, 429, 503)},
)
def get_networks(request: Request, record: Record, searcher: Index) -> Response:
    """All networks by region, the ended ones too."""
    counts = published_counts(searcher, "networks")["networks"]
    items = [
        NetworkItem(**network.model_dump(), offers=counts.get(network.id, 0))
        for network in list_networks(record)
    ]
    return whole_list(request, NetworkList(items=items, total=len(items)), items)


@router.get(
    "/{network_id}",
    operation_id="getNetwork",
    summary="One network with evidence",
    response_model=NetworkDetail,
    responses=described(404, 406, 422, 429, 503),
)
def get_network(
    request: Request,
    network_id: Identifier,
    record: Record,
    searcher: Index,
) -> Response:
    """One network with the quote, page and date of every fact."""
    found = find_network(record, network_id)
    if found is None:
        raise not_found("Ein Netzwerk", "network", network_id)
    counts = published_counts(searcher, "networks")["networks"]
    detail = NetworkDetail(
        **found.network.model_dump(),
        offers=counts.get(network_id, 0),
        evidence=found.evidence,
    )
    return caching.json_answer(request, detail.model_dump_json().encode())
