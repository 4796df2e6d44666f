"""Keeps a crawl out of private networks: a page must not make us knock at doors behind ours.

Checked where the address is used, not where the URL is read: a host name is judged by what it
resolves to at the moment of connecting, so that redirects and DNS rebinding change nothing.
"""

from __future__ import annotations

from collections.abc import Sequence
from ipaddress import IPv4Address, IPv6Address, IPv6Network, ip_address
from typing import Any, ClassVar, Self

from scrapy import Request
from scrapy.crawler import Crawler
from scrapy.exceptions import CannotResolveHostError, IgnoreRequest
from scrapy.resolver import CachingThreadedResolver
from scrapy.utils.httpobj import urlparse_cached
from twisted.internet.base import ReactorBase
from twisted.internet.defer import Deferred

_NAT64 = IPv6Network("64:ff9b::/96")


class PrivateAddress(IgnoreRequest):
    """A URL leads to an address that is not public, and the operator did not allow its host."""


def is_public(address: str) -> bool:
    """Whether an IP address may be reached by everyone (RFC 6890 registries)."""
    try:
        ip: IPv4Address | IPv6Address = ip_address(address.partition("%")[0])
    except ValueError:
        return False
    if isinstance(ip, IPv6Address):
        ip = _within(ip) or ip
    return ip.is_global and not ip.is_multicast and not ip.is_reserved


def _within(ip: IPv6Address) -> IPv4Address | None:
    """The IPv4 address that an IPv6 address stands for: mapped, 6to4, NAT64 (RFC 6052)."""
    if ip in _NAT64:
        return IPv4Address(ip.packed[-4:])
    return ip.ipv4_mapped or ip.sixtofour


class GuardMiddleware:
    """Refuses other schemes than http(s), and hosts written as a private IP address."""

    def __init__(self, allowed: Sequence[str]) -> None:
        self.allowed = frozenset(allowed)

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Self:
        """Take the allowed hosts from the crawl's settings."""
        return cls(crawler.settings.getlist("ALLOWED_PRIVATE_HOSTS"))

    def process_request(self, request: Request) -> None:
        """Stop a request that must not leave."""
        url = urlparse_cached(request)
        if url.scheme not in {"http", "https"}:
            raise PrivateAddress(f"{url.scheme}: only http and https are fetched")
        host = (url.hostname or "").lower()
        if host in self.allowed:
            return
        if _is_literal(host) and not is_public(host):
            raise PrivateAddress(f"{host} is not a public address")

    def process_exception(self, request: Request, exception: Exception) -> None:
        """Give a refused name its reason back."""
        host = (urlparse_cached(request).hostname or "").lower()
        if isinstance(exception, CannotResolveHostError) and host in GuardedResolver.refused:
            raise PrivateAddress(f"{host} leads to an address that is not public") from exception


class GuardedResolver(CachingThreadedResolver):
    """Resolves names, and refuses those that lead to private addresses.

    A name is resolved once a crawl, to one IPv4 address; that address is judged, kept and connected
    to, so that a name server that answers otherwise the second time is not asked a second time.
    """

    refused: ClassVar[set[str]] = set()
    """Names refused in this process: Twisted tells its callers only that they did not resolve."""

    def __init__(
        self, reactor: ReactorBase, cache_size: int, timeout: float, allowed: Sequence[str] = ()
    ) -> None:
        super().__init__(reactor, cache_size, timeout)
        self.allowed = frozenset(allowed)

    @classmethod
    def from_crawler(cls, crawler: Crawler, reactor: ReactorBase) -> Self:
        """Build it as Scrapy does, with the allowed hosts of the crawl."""
        settings = crawler.settings
        return cls(
            reactor,
            settings.getint("DNSCACHE_SIZE"),
            settings.getfloat("DNS_TIMEOUT"),
            settings.getlist("ALLOWED_PRIVATE_HOSTS"),
        )

    def getHostByName(  # noqa: N802 - Twisted's interface
        self, name: str, timeout: Sequence[int] = ()
    ) -> Deferred[str]:
        """Resolve `name`; the answer fails with PrivateAddress where it is not public."""
        answer = super().getHostByName(name, timeout)
        if name.lower() not in self.allowed:
            answer.addCallback(self._public_only, name)
        return answer

    def _public_only(self, address: Any, name: str) -> Any:  # noqa: ANN401 - passed through
        if not is_public(str(address)):
            self.refused.add(name.lower())
            raise PrivateAddress(f"{name} resolves to {address}, which is not a public address")
        return address


def _is_literal(host: str) -> bool:
    # An address may hide as a number (http://2130706433/) or in octal: getaddrinfo would take it.
    return host.replace(".", "").isdigit() or ":" in host or host.startswith("0x")
