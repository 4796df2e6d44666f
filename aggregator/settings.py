"""Settings: every one an environment variable `NETZLOTSE_…`, listed by `netzlotse settings`."""

from __future__ import annotations

import os
import re
from collections.abc import Mapping
from functools import cached_property
from ipaddress import ip_network
from pathlib import Path
from typing import Annotated, Literal, Self
from urllib.parse import urlsplit

from pydantic import Field, SecretStr, ValidationError, field_validator, model_validator
from pydantic_core import ErrorDetails
from pydantic_settings import BaseSettings, NoDecode, SettingsConfigDict
from sqlalchemy.engine import make_url
from sqlalchemy.exc import ArgumentError

from aggregator.concealing import concealed
from aggregator.logs import LogFormat
from aggregator.tokens import read_tokens
from crawlers.archive import Archive
from crawlers.depot import url_fault
from crawlers.network import PACKAGED as PACKAGED_NETWORKS
from crawlers.source import PACKAGED as PACKAGED_SOURCES

PREFIX = "NETZLOTSE_"
_POSTGRESQL = ("postgresql:", "postgresql+psycopg:")
_ENCODE = "write @ : / ? # % in a password as %40 %3A %2F %3F %23 %25"
_MAIL = re.compile(r"[^@\s,<>]+@[^@\s,<>]+")


class SettingsError(Exception):
    """A setting has a value that cannot be used; the message names it and says why."""


class Settings(BaseSettings):
    """What an operator decides. Nothing here changes what a page means."""

    model_config = SettingsConfigDict(env_prefix=PREFIX, frozen=True)

    data_dir: Path = Field(
        Path("data"),
        description="Folder for archive, spool, index and the SQLite file. Made if missing.",
    )
    database_url: str | None = Field(
        None,
        description="SQLAlchemy URL: sqlite:///file.db or postgresql://user@host/name. "
        "Default: netzlotse.db in the data folder.",
    )
    read_database_url: str | None = Field(
        None,
        description="PostgreSQL URL of a streaming replica that portal and index are fed from. "
        "Where it does not answer, or is behind what the index knows, the database itself is read. "
        "None: that is always so.",
    )
    store: str | None = Field(
        None,
        description="Where several machines share the archive: the absolute path of a folder that "
        "all see, or s3://bucket/prefix (with the extra s3; AWS_ACCESS_KEY_ID, "
        "AWS_SECRET_ACCESS_KEY and AWS_ENDPOINT_URL_S3 say who and where). None: the data folder.",
    )
    sources: Path = Field(
        PACKAGED_SOURCES,
        description="Folder of source declarations; replaces the packaged ones.",
    )
    networks: Path | None = Field(
        None,
        description="Folder of network declarations. Default: the packaged ones, or none where "
        "the sources are one's own.",
    )
    contact: str = Field(
        "https://netzlotse.example/kontakt",
        description="URL or mail address that the User-Agent names, so that sites can write to us.",
    )
    security_contact: str = Field(
        "",
        description="URL or mail address in /.well-known/security.txt: whom to tell of a weakness. "
        "Default: the contact.",
    )
    download_delay: float = Field(
        1.0,
        ge=0,
        le=300,
        description="Seconds between two requests to a host. Lower than 1 only for hosts of one's "
        "own. A declaration or robots.txt that asks for more is obeyed.",
    )
    allowed_private_hosts: Annotated[tuple[str, ...], NoDecode] = Field(
        (),
        description="Loopback or private hosts that may be crawled, separated by commas; "
        "none by default.",
    )
    crawl_memory: int = Field(
        2048,
        ge=256,
        description="MiB of address space that one crawl may use.",
    )
    lease_seconds: int = Field(
        30,
        ge=3,
        le=3600,
        description="With PostgreSQL: after so many seconds without a sign of life a worker is "
        "taken for gone, and others may visit its sources. One that cannot reach the database for "
        "two thirds of that time ends its crawls. The same on all machines; longer where your "
        "database takes longer to fail over.",
    )
    keep_pages_days: int = Field(
        365,
        ge=1,
        description="Days after which `netzlotse purge` deletes raw pages, which may name persons; "
        "hashes, statements and their quotes stay.",
    )
    full_pull_days: int = Field(
        7,
        ge=1,
        description="Days after which an aggregator that is a source (HSDS) is asked for "
        "everything again. In between it is asked for what changed; nothing else is missed then.",
    )
    admin_token: SecretStr | None = Field(
        None,
        description="Who may sign in at /admin: one token of at least 16 characters, or several "
        "with names (anna:…,bernd:…). None: there is no admin area.",
    )
    index_engine: Literal["tantivy", "fts5"] = Field(
        "tantivy",
        description="What holds the search index. fts5 (SQLite) gives the same answers where "
        "tantivy cannot be installed, up to some hundred thousand offers; the index is built anew "
        "when this changes.",
    )
    public_url: str = Field(
        "http://127.0.0.1:8000",
        description="Address of the portal, as messages link to it.",
    )
    leave_url: str = Field(
        "https://www.dwd.de/",
        description="Where the quick exit of pages about crises and law leads: a harmless page "
        "that anybody may have open.",
    )
    imprint_file: Path | None = Field(
        None,
        description="Text file (UTF-8) with your imprint (§ 5 DDG), shown at /impressum: "
        "paragraphs between empty lines, headings after a # and a space.",
    )
    privacy_file: Path | None = Field(
        None,
        description="Text file like the imprint's that is shown at /datenschutz before what holds "
        "for every netzlotse: who is responsible, where it runs, how long your server keeps logs.",
    )
    mail_server: SecretStr | None = Field(
        None,
        description="Server that takes our mail: smtp://user:password@host:587 (STARTTLS) or "
        "smtps://… (TLS). None: no mail.",
    )
    mail_from: str = Field(
        "netzlotse@localhost", description="Sender of our mail; answers go there."
    )
    mail_to: Annotated[tuple[str, ...], NoDecode] = Field(
        (),
        description="Who is told once when a source breaks and once when it recovers; addresses "
        "separated by commas.",
    )
    webhook_url: str | None = Field(
        None, description="http(s) address that is told the same as JSON. None: no webhook."
    )
    webhook_secret: SecretStr | None = Field(
        None,
        description="Key of the signature of webhooks, at least 16 characters; needed with one.",
    )
    owner_reports: bool = Field(
        False,
        description="Whether the contact of each source gets a monthly report on its own pages.",
    )
    hosts: Annotated[tuple[str, ...], NoDecode] = Field(
        (),
        description="Names under which the portal is asked for (portal.example), separated by "
        "commas; a request for another is refused (421). None: any name, for one's own machine.",
    )
    rate_limit: int = Field(
        3000,
        ge=0,
        le=10_000_000,
        description="Requests that one address may send a minute, as a bucket that fills up again "
        "as it empties; beyond, it is told to wait (429). 0: no limit. Addresses are not stored.",
    )
    waiting_requests: int = Field(
        64,
        ge=1,
        le=10_000,
        description="Requests that may wait for their answer at the same time; beyond, they are "
        "refused (503) and told to come back, so that those that wait are answered soon.",
    )
    metrics_clients: Annotated[tuple[str, ...], NoDecode] = Field(
        ("127.0.0.1", "::1"),
        description="Addresses or networks that may read /metrics, separated by commas; for "
        "others there is no such page.",
    )
    trusted_proxies: Annotated[tuple[str, ...], NoDecode] = Field(
        ("127.0.0.1", "::1"),
        description="Addresses or networks (10.0.0.0/8) of reverse proxies whose X-Forwarded-For "
        "and X-Forwarded-Proto are believed, separated by commas.",
    )
    log_level: str = Field("INFO", description="DEBUG, INFO, WARNING or ERROR.")
    log_format: LogFormat = Field(
        LogFormat.TEXT,
        description="text: lines for people; json: an object a line, for a collector.",
    )

    @field_validator("mail_to", mode="before")
    @classmethod
    def _addresses(cls, value: object) -> object:
        if isinstance(value, str):
            value = tuple(one.strip() for one in value.split(",") if one.strip())
        if isinstance(value, tuple):
            for one in value:
                if not _MAIL.fullmatch(str(one)):
                    raise ValueError(f"{one!r} is no mail address")
        return value

    @field_validator("mail_server")
    @classmethod
    def _server(cls, value: SecretStr | None) -> SecretStr | None:
        if value is None or not value.get_secret_value():
            return None
        if not re.match(r"smtps?://\S+$", value.get_secret_value()):
            raise ValueError("expected smtp://host:port or smtps://host:port")
        try:
            urlsplit(value.get_secret_value()).port  # noqa: B018 - reading it parses it
        except ValueError:
            raise ValueError(f"has no port where one is expected; {_ENCODE}") from None
        return value

    @field_validator("webhook_url", "public_url", "leave_url")
    @classmethod
    def _http(cls, value: str | None) -> str | None:
        if value and not re.match(r"https?://[^\s/]+", value):
            raise ValueError("expected an http(s) URL")
        return value or None

    @model_validator(mode="after")
    def _signed(self) -> Self:
        secret = self.webhook_secret.get_secret_value() if self.webhook_secret else ""
        if self.webhook_url and len(secret) < 16:
            raise ValueError(
                "NETZLOTSE_WEBHOOK_SECRET: a webhook needs a secret of at least 16 characters"
            )
        return self

    @property
    def portal(self) -> str:
        """The address of the portal, without a slash at its end."""
        return self.public_url.rstrip("/")

    @field_validator("trusted_proxies", "metrics_clients")
    @classmethod
    def _networks(cls, value: tuple[str, ...]) -> tuple[str, ...]:
        for entry in value:
            try:
                ip_network(entry)
            except ValueError as error:
                raise ValueError(f"{entry!r} is no address and no network") from error
        return value

    @field_validator(
        "allowed_private_hosts", "trusted_proxies", "metrics_clients", "hosts", mode="before"
    )
    @classmethod
    def _split(cls, value: object) -> object:
        if isinstance(value, str):
            return tuple(host.strip().lower() for host in value.split(",") if host.strip())
        return value

    @field_validator("log_level")
    @classmethod
    def _level(cls, value: str) -> str:
        if value.upper() not in {"DEBUG", "INFO", "WARNING", "ERROR"}:
            raise ValueError("expected DEBUG, INFO, WARNING or ERROR")
        return value.upper()

    @field_validator("database_url")
    @classmethod
    def _known_database(cls, value: str | None) -> str | None:
        if value and not value.startswith(("sqlite:", *_POSTGRESQL)):
            raise ValueError("expected a URL that starts with sqlite: or postgresql:")
        return _readable(value) if value else None

    @field_validator("read_database_url")
    @classmethod
    def _known_replica(cls, value: str | None) -> str | None:
        if value and not value.startswith(_POSTGRESQL):
            raise ValueError("expected a URL that starts with postgresql:")
        return _readable(value) if value else None

    @field_validator("store")
    @classmethod
    def _known_store(cls, value: str | None) -> str | None:
        if value and (fault := url_fault(value)):
            raise ValueError(fault)
        return value or None

    @field_validator("admin_token")
    @classmethod
    def _usable_tokens(cls, value: SecretStr | None) -> SecretStr | None:
        if value is None or not value.get_secret_value().strip():
            return None
        read_tokens(value.get_secret_value())
        return value

    @property
    def admin_tokens(self) -> Mapping[str, str]:
        """The token of everyone who may sign in, by name; empty where nobody may."""
        return read_tokens(self.admin_token.get_secret_value()) if self.admin_token else {}

    @cached_property
    def database(self) -> str:
        """The SQLAlchemy URL to connect to, with the driver named."""
        if self.database_url is None:
            return f"sqlite:///{(self.data_dir / 'netzlotse.db').absolute()}"
        return _with_driver(self.database_url)

    @cached_property
    def read_database(self) -> str | None:
        """The SQLAlchemy URL of the replica; None where there is none."""
        return _with_driver(self.read_database_url) if self.read_database_url else None

    @property
    def declared_networks(self) -> Path | None:
        """Where networks are declared; None where nobody declares any."""
        if self.networks is None and self.sources == PACKAGED_SOURCES:
            return PACKAGED_NETWORKS
        return self.networks

    @property
    def archive_dir(self) -> Path:
        """Where runs write WARC files, a folder a source."""
        return self.data_dir / "archive"

    @property
    def archive(self) -> Archive:
        """The WARC files: of this folder, and of the store where there is one."""
        return Archive(self.archive_dir.absolute(), self.store or "")

    @property
    def spool_dir(self) -> Path:
        """Where crawls leave what they read, a folder a run."""
        return self.data_dir / "spool"

    @property
    def index_dir(self) -> Path:
        """Where the read index stands."""
        return self.data_dir / "index"

    @property
    def past_dir(self) -> Path:
        """Where indexes of past states stand while somebody asks for them; may be deleted."""
        return self.data_dir / "past"

    @property
    def release_dir(self) -> Path:
        """Where releases stand, a folder each."""
        return self.data_dir / "releases"

    @property
    def places_dir(self) -> Path:
        """Where imported place tables stand; the shipped seed needs none."""
        return self.data_dir / "places"

    @property
    def suppression_key(self) -> Path:
        """The file with the key of the suppression list."""
        return self.data_dir / "suppression.key"

    @property
    def lock_dir(self) -> Path:
        """Where lock files stand."""
        return self.data_dir / "locks"


def _with_driver(url: str) -> str:
    return url.replace("postgresql://", "postgresql+psycopg://", 1)


def _readable(url: str) -> str:
    """The URL of a database whose parts are what they seem. Raises ValueError."""
    try:
        parts = make_url(url)
    except (ArgumentError, ValueError):  # their messages quote parts of it
        raise ValueError(f"cannot be read as a URL; {_ENCODE}") from None
    if "@" in (parts.host or ""):
        raise ValueError(f"has two @; {_ENCODE}")
    return url


def load_settings() -> Settings:
    """Read the settings from the environment. Raises SettingsError with a line for each fault."""
    try:
        return Settings()
    except ValidationError as error:
        raise SettingsError(
            "\n".join(
                f"{_named(fault)}{fault['msg'].removeprefix('Value error, ')}{_found(fault)}"
                for fault in error.errors()
            )
        ) from error


def log_choice() -> tuple[str, str]:
    """Level and form of the log as the environment has them, for `logs.begin`: nobody checked."""
    return os.environ.get(f"{PREFIX}LOG_LEVEL", ""), os.environ.get(f"{PREFIX}LOG_FORMAT", "")


def _named(fault: ErrorDetails) -> str:
    """Which setting is at fault; a fault of several together names them itself."""
    return f"{PREFIX}{str(fault['loc'][0]).upper()}: " if fault["loc"] else ""


def _found(fault: ErrorDetails) -> str:
    """What stood there instead; nothing where it is a secret."""
    if not fault["loc"]:
        return ""
    field = Settings.model_fields[str(fault["loc"][0])]
    if "SecretStr" in str(field.annotation):
        return ""
    return f" (found {concealed(repr(fault['input']))})"
