"""Network declarations: what is known of a network before its site was read, one YAML file each.

A network without a site of its own is declared too: a comparison that leaves it out would show an
empty region where there is help.
"""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field, StringConstraints

from crawlers.source import Identified, Line, RegionWord, Source, read_declarations

PACKAGED = Path(__file__).parent / "networks"

PartialDate = Annotated[
    str, StringConstraints(pattern=r"^[0-9]{4}(-(0[1-9]|1[0-2])(-(0[1-9]|[12][0-9]|3[01]))?)?$")
]
"""ISO 8601, as precise as it is known: 2019, 2017-08, 2011-04-01."""


class _Strict(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class Fact(_Strict):
    """One declared value. `source` tells where it was read: a URL, or the name of a study."""

    value: Line
    """What is known."""
    source: Line
    """Where it was read: a URL, or the name of a study."""
    quote: Annotated[str, StringConstraints(strip_whitespace=True, min_length=1)]
    """The words there that state it."""


class DateFact(Fact):
    """A declared date."""

    value: PartialDate
    """A day, month or year (ISO 8601), as precise as it is known."""


class NetworkDeclaration(Identified):
    """One network. `id`, `name` and `region` are enough; what is not known stays absent.

    The facts mean what the fields of `aggregator.network.Network` of the same name mean.
    """

    name: Line
    """What the network calls itself."""
    region: RegionWord
    """Key or name of the region it works in."""
    carrier: Fact | None = None
    """The body that runs it."""
    founded: DateFact | None = None
    """Since when it exists."""
    ended: DateFact | None = None
    """When it ended; what it listed stays, marked."""
    funded_until: DateFact | None = None
    """Until when its funding lasts."""
    archived: DateFact | None = None
    """Since when its site is only kept as it was."""
    successor: Fact | None = None
    """Id of the network that took over."""
    programme: Fact | None = None
    """The funding programme it belongs to."""
    coordinating_body: Fact | None = None
    """Who coordinates it."""
    partners: list[Fact] = Field(default_factory=list)
    """Bodies that take part."""
    working_groups: list[Fact] = Field(default_factory=list)
    """Its working groups."""
    fields_of_action: list[Fact] = Field(default_factory=list)
    """What it works on."""
    notes: str | None = None
    """Anything worth knowing, for people."""


def load_networks(folder: Path = PACKAGED) -> list[NetworkDeclaration]:
    """Read every `*.yml`/`*.yaml` below `folder`, ordered by id; an empty folder declares none.

    Raises SourceError when the folder is missing, when any file is at fault (all faults are told at
    once) or when two files declare one id.
    """
    return read_declarations(folder, NetworkDeclaration)


def undeclared(
    sources: Iterable[Source], networks: Iterable[NetworkDeclaration]
) -> list[tuple[str, str]]:
    """Source and network id of every source whose `network:` nobody declared.

    The packaged declarations have none; a folder of one's own may use any slug.
    """
    known = {network.id for network in networks}
    return [(s.id, s.network) for s in sources if s.network and s.network not in known]
