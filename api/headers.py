"""What every answer carries: security headers, CORS for the API, HEAD for every GET."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from starlette.types import ASGIApp, Message, Receive, Scope, Send

_SECURITY = {
    # One script of our own; a JSON-LD block is data and needs no permission. No policy may make
    # markup from text: `trusted-types` names none.
    "Content-Security-Policy": "default-src 'none'; script-src 'self'; connect-src 'self'; "
    "style-src 'self'; img-src 'self'; form-action 'self'; base-uri 'none'; "
    "frame-ancestors 'none'; require-trusted-types-for 'script'; trusted-types 'none'",
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "Permissions-Policy": "camera=(), geolocation=(), interest-cohort=(), microphone=(), "
    "payment=(), usb=()",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
}
_ENCRYPTED = {"Strict-Transport-Security": "max-age=31536000"}
"""RFC 6797; without includeSubDomains: the portal does not speak for its neighbours."""
_OPEN = {
    "Access-Control-Allow-Origin": "*",
    "Cross-Origin-Resource-Policy": "cross-origin",
    "Access-Control-Expose-Headers": "ETag, Link, RateLimit, RateLimit-Policy, Retry-After",
}
_PREFLIGHT = {
    **_OPEN,
    "Access-Control-Allow-Methods": "GET, HEAD, OPTIONS",
    "Access-Control-Allow-Headers": "Accept, Accept-Language, If-None-Match",
    "Access-Control-Max-Age": "86400",
    "Allow": "GET, HEAD, OPTIONS",
    "Content-Length": "0",
}


def _pairs(told: Mapping[str, str]) -> tuple[tuple[bytes, bytes], ...]:
    return tuple((name.lower().encode(), value.encode()) for name, value in told.items())


_TOLD = {
    (public, encrypted): _pairs(
        _SECURITY | (_OPEN if public else {}) | (_ENCRYPTED if encrypted else {})
    )
    for public in (False, True)
    for encrypted in (False, True)
}
"""(anyone may read, encrypted) -> headers; made once: every answer has them."""
_PUBLIC = ("/api/", "/hsds", "/healthz", "/openapi.json")  # anyone's script may read these
_CHOSEN = ("/api/", "/hsds")  # JSON or lines of it, as the client accepts


class Headers:
    """The outermost layer, so that an answer to a crash carries its headers too."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer preflights (Fetch Standard, 3.2.2); pass everything else on."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        public = scope["path"].startswith(_PUBLIC)
        if public and scope["method"] == "OPTIONS":
            headers = _pairs(_PREFLIGHT)
            await send({"type": "http.response.start", "status": 204, "headers": headers})
            await send({"type": "http.response.body", "body": b""})
            return
        head, chosen = scope["method"] == "HEAD", scope["path"].startswith(_CHOSEN)
        told = _TOLD[public, scope["scheme"] == "https"]

        async def sent(message: Message) -> None:
            if message["type"] == "http.response.start":
                own = {name.lower() for name, _ in message["headers"]}
                more = (pair for pair in told if pair[0] not in own)
                said = _varied(message["headers"]) if chosen else message["headers"]
                message = {**message, "headers": [*said, *more]}
            elif head and message["type"] == "http.response.body":
                message = {**message, "body": b""}
            await send(message)

        # Routes know GET only; HEAD has the same headers and no body (RFC 9110, 9.3.2).
        await self._app({**scope, "method": "GET"} if head else scope, receive, sent)


def _varied(headers: Iterable[tuple[bytes, bytes]]) -> list[tuple[bytes, bytes]]:
    """Headers that tell caches that another Accept has another answer (RFC 9110, 12.5.5)."""
    told = list(headers)
    for number, (name, value) in enumerate(told):
        if name.lower() == b"vary":
            told[number] = (name, value + b", Accept")
            return told
    return [*told, (b"vary", b"Accept")]
