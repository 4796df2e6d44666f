"""What a release says of itself: Data Package, DCAT-AP.de, schema.org, CITATION.cff; pure."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from importlib.metadata import version
from typing import Any

from aggregator.release.codebook import Kind, Missing, layouts
from aggregator.settings import Settings

LICENCE = "CC0-1.0"
_LICENCE_URL = "https://creativecommons.org/publicdomain/zero/1.0/"
_LICENCE_DE = "http://dcat-ap.de/def/licenses/cc-zero"
_LEVEL = "http://dcat-ap.de/def/politicalGeocoding/Level/federal"
_EU = "http://publications.europa.eu/resource/authority"
TITLE = "Angebote für Alleinerziehende in Deutschland"
DESCRIPTION = (
    "Angebote für Alleinerziehende, gelesen von den Seiten ihrer Netzwerke: jede Zeile ein "
    "Angebot, mit Herkunft, Lebenslage und dem Grund jeder Lücke. Tatsachen und eigener Kurztext "
    "sind frei (CC0); Beschreibungen stehen nur da, wo Lizenz oder Erlaubnis der Quelle sie "
    "freigibt (Tabelle sources)."
)
_KEYWORDS = ("Alleinerziehende", "Beratung", "Netzwerke", "soziale Angebote")
_MEDIA = {
    ".csv": ("text/csv", "CSV"),
    ".parquet": ("application/vnd.apache.parquet", "PARQUET"),
    ".gz": ("application/gzip", "GZIP"),
    ".sqlite": ("application/vnd.sqlite3", "SQLITE"),
}  # fmt: skip
_FRICTIONLESS = {Kind.LIST: "string"}


@dataclass(frozen=True, slots=True)
class Maker:
    """Who makes releases. `portal` is an address without a slash at its end."""

    portal: str
    contact: str
    """URL or mail address."""
    version: str
    """Of netzlotse."""

    @classmethod
    def of(cls, settings: Settings) -> Maker:
        """Whoever runs this installation."""
        return cls(settings.portal, settings.contact, version("netzlotse"))


@dataclass(frozen=True, slots=True)
class Erratum:
    """What was changed in a release after it was published, and when.

    No hash of what stood there before is told: who knows the rest of a file could try out numbers
    until it fits.
    """

    number: int
    on: date
    rows: Mapping[str, int]
    """How many rows changed or went, by table; none where only the delta was made anew."""

    @property
    def words(self) -> tuple[str, str]:
        """What happened, German and English."""
        if self.rows:
            return (
                "Auf Verlangen wurden Angaben gelöscht; die Dateien sind neu geschrieben.",
                "Data were erased on request; the files were written anew.",
            )
        return (
            "In der Ausgabe davor wurde etwas gelöscht; der Unterschied zu ihr ist neu berechnet.",
            "Data were erased in the release before; the delta to it was made anew.",
        )

    def told(self) -> dict[str, Any]:
        """As metadata list it."""
        german, english = self.words
        return {
            "number": self.number, "on": self.on.isoformat(), "rows": dict(self.rows),
            "de": german, "en": english,
        }  # fmt: skip

    @classmethod
    def read(cls, told: Mapping[str, Any]) -> Erratum:
        """What `told` wrote."""
        return cls(told["number"], date.fromisoformat(told["on"]), told["rows"])


@dataclass(frozen=True, slots=True)
class Edition:
    """A release as its metadata name it."""

    id: str
    issued: date
    maker: Maker
    errata: tuple[Erratum, ...] = ()

    @property
    def version(self) -> str:
        """Its id, and the number of its last erratum where it has one: "2026-11-28-r1"."""
        return f"{self.id}-r{self.errata[-1].number}" if self.errata else self.id

    @property
    def modified(self) -> date:
        """When its files were last written."""
        return self.errata[-1].on if self.errata else self.issued

    @property
    def address(self) -> str:
        """Where its files are."""
        return f"{self.maker.portal}/daten/{self.id}"


@dataclass(frozen=True, slots=True)
class File:
    """A file of a release."""

    name: str
    size: int
    sha256: str

    @property
    def media(self) -> tuple[str, str]:
        """Media type, and the EU's word for the format."""
        return _MEDIA[f".{self.name.rpartition('.')[2]}"]


def data_package(edition: Edition, files: Iterable[File]) -> dict[str, Any]:
    """Frictionless Data Package: https://specs.frictionlessdata.io/data-package/ (v1)."""
    known = {file.name: file for file in files}
    return {
        "profile": "tabular-data-package",
        "name": "netzlotse",
        "id": edition.address,
        "title": TITLE,
        "description": DESCRIPTION,
        "version": edition.version,
        "errata": [one.told() for one in edition.errata],
        "created": f"{edition.issued.isoformat()}T00:00:00Z",
        "homepage": edition.maker.portal,
        "keywords": list(_KEYWORDS),
        "licenses": [{"name": LICENCE, "path": _LICENCE_URL}],
        "sources": [{"title": "sources.csv nennt jede Quelle", "path": "sources.csv"}],
        "resources": [
            {
                "profile": "tabular-data-resource",
                "name": layout.name,
                "title": layout.title,
                "path": f"{layout.name}.csv",
                "format": "csv",
                "mediatype": "text/csv",
                "encoding": "utf-8",
                "bytes": known[f"{layout.name}.csv"].size,
                "hash": f"sha256:{known[f'{layout.name}.csv'].sha256}",
                "schema": {
                    "fields": [
                        {
                            "name": column.name,
                            "type": _FRICTIONLESS.get(column.kind, column.kind.value),
                            "title": column.meaning,
                            "description": column.meaning_en,
                        }
                        for column in layout.columns
                    ],
                    "primaryKey": "id",
                    "missingValues": ["", *(code.value for code in Missing)],
                },
            }
            for layout in layouts().values()
        ],
    }


def dcat(edition: Edition, files: Sequence[File]) -> dict[str, Any]:
    """DCAT-AP.de as JSON-LD: https://www.dcat-ap.de/def/dcatde/."""
    return {
        "@context": {
            "adms": "http://www.w3.org/ns/adms#",
            "dcat": "http://www.w3.org/ns/dcat#",
            "dct": "http://purl.org/dc/terms/",
            "dcatap": "http://data.europa.eu/r5r/",
            "dcatde": "http://dcat-ap.de/def/dcatde/",
            "foaf": "http://xmlns.com/foaf/0.1/",
            "spdx": "http://spdx.org/rdf/terms#",
            "vcard": "http://www.w3.org/2006/vcard/ns#",
            "xsd": "http://www.w3.org/2001/XMLSchema#",
        },
        "@id": edition.address,
        "@type": "dcat:Dataset",
        "dct:identifier": edition.address,
        "dct:title": {"@value": f"{TITLE}, Ausgabe {edition.id}", "@language": "de"},
        "dct:description": {"@value": DESCRIPTION, "@language": "de"},
        "dct:issued": {"@value": edition.issued.isoformat(), "@type": "xsd:date"},
        "dct:modified": {"@value": edition.modified.isoformat(), "@type": "xsd:date"},
        **(
            {"adms:versionNotes": {"@value": edition.errata[-1].words[0], "@language": "de"}}
            if edition.errata
            else {}
        ),
        "dct:publisher": {
            "@type": "foaf:Agent",
            "foaf:name": "netzlotse",
            "@id": edition.maker.portal,
        },
        "dct:language": {"@id": f"{_EU}/language/DEU", "@type": "dct:LinguisticSystem"},
        "dct:spatial": {"@id": f"{_EU}/country/DEU", "@type": "dct:Location"},
        "dct:accrualPeriodicity": {"@id": f"{_EU}/frequency/IRREG", "@type": "dct:Frequency"},
        "dcatde:politicalGeocodingLevelURI": {"@id": _LEVEL},
        "dcat:version": edition.version,
        "dcat:theme": {"@id": f"{_EU}/data-theme/SOCI"},
        "dcat:keyword": [{"@value": word, "@language": "de"} for word in _KEYWORDS],
        "dcat:landingPage": {"@id": edition.address, "@type": "foaf:Document"},
        "dcat:contactPoint": {
            "@type": "vcard:Organization",
            "vcard:fn": "netzlotse",
            **_reach(edition),
        },
        "dcat:distribution": [_distribution(edition, file) for file in files],
    }


def _reach(edition: Edition) -> dict[str, Any]:
    if "://" in edition.maker.contact:
        return {"vcard:hasURL": {"@id": edition.maker.contact}}
    return {"vcard:hasEmail": {"@id": f"mailto:{edition.maker.contact}"}}


def _distribution(edition: Edition, file: File) -> dict[str, Any]:
    media, form = file.media
    return {
        "@id": f"{edition.address}/{file.name}",
        "@type": "dcat:Distribution",
        "dct:title": {"@value": file.name, "@language": "de"},
        "dcat:accessURL": {"@id": edition.address},
        "dcat:downloadURL": {"@id": f"{edition.address}/{file.name}"},
        "dcat:mediaType": {
            "@id": f"http://www.iana.org/assignments/media-types/{media}",
            "@type": "dct:MediaType",
        },
        "dct:format": {"@id": f"{_EU}/file-type/{form}", "@type": "dct:MediaTypeOrExtent"},
        "dct:license": {"@id": _LICENCE_DE, "@type": "dct:LicenseDocument"},
        "dcatde:licenseAttributionByText": {
            "@value": f"netzlotse, Ausgabe {edition.version}, {edition.address}; für den Wortlaut "
            "einzelner Quellen siehe LICENCES.md",
            "@language": "de",
        },
        "dcatap:availability": {"@id": f"{_EU}/planned-availability/STABLE"},
        "dcat:byteSize": {"@value": str(file.size), "@type": "xsd:nonNegativeInteger"},
        "spdx:checksum": {
            "@type": "spdx:Checksum",
            "spdx:algorithm": {"@id": "spdx:checksumAlgorithm_sha256"},
            "spdx:checksumValue": {"@value": file.sha256, "@type": "xsd:hexBinary"},
        },
    }


def schema_org(edition: Edition, files: Iterable[File]) -> dict[str, Any]:
    """schema.org Dataset, as search engines for data read it."""
    return {
        "@context": "https://schema.org/",
        "@type": "Dataset",
        "@id": edition.address,
        "url": edition.address,
        "name": f"{TITLE}, Ausgabe {edition.id}",
        "description": DESCRIPTION,
        "version": edition.version,
        "datePublished": edition.issued.isoformat(),
        "dateModified": edition.modified.isoformat(),
        "license": _LICENCE_URL,
        "isAccessibleForFree": True,
        "inLanguage": "de",
        "keywords": list(_KEYWORDS),
        "creator": {"@type": "Organization", "name": "netzlotse", "url": edition.maker.portal},
        "spatialCoverage": {"@type": "Place", "name": "Deutschland"},
        "distribution": [
            {
                "@type": "DataDownload",
                "name": file.name,
                "contentUrl": f"{edition.address}/{file.name}",
                "encodingFormat": file.media[0],
                "contentSize": str(file.size),
                "sha256": file.sha256,
            }
            for file in files
        ],
    }


def citation(edition: Edition) -> str:
    """CITATION.cff: https://citation-file-format.github.io/ (1.2.0)."""
    return (
        "cff-version: 1.2.0\n"
        "type: dataset\n"
        "message: Bitte zitieren Sie die Ausgabe, mit der Sie gearbeitet haben.\n"
        f'title: "{TITLE}"\n'
        "authors:\n"
        "  - name: netzlotse\n"
        f'version: "{edition.version}"\n'
        f"date-released: {edition.issued.isoformat()}\n"
        f'url: "{edition.address}"\n'
        f"license: {LICENCE}\n"
    )


def licences(sources: Iterable[Mapping[str, Any]]) -> str:
    """LICENCES.md: under what terms the words of each source stand here."""
    ours = f"{LICENCE} ({_LICENCE_URL})"
    words = (
        "Beschreibungen (`description`) sind Worte der Quellen und stehen hier nur, wo eine Lizenz "
        "oder Erlaubnis vermerkt ist:\n"
    )
    lines = ["# Lizenzen\n", f"Tatsachen, Kurztexte (`summary`) und Aufbau: {ours}.\n", words]
    shown = [one for one in sources if one["verbatim"]]
    for one in shown:
        terms = one["licence"] or f"mit Erlaubnis ({one['permission']})"
        where = f", {one['licence_url']}" if one["licence_url"] else ""
        named = f"; zu nennen: {one['attribution']}" if one["attribution"] else ""
        lines.append(f"* {one['title']} ({one['id']}): {terms}{where}{named}")
    return "\n".join(lines if shown else [*lines, "* zurzeit keine Quelle"]) + "\n"
