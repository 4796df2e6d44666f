"""`netzlotse serve`: portal and API over HTTP."""

from __future__ import annotations

import errno
import gc
import socket
from contextlib import suppress
from typing import Annotated

import typer
import uvicorn
from fastapi import FastAPI

from aggregator.commands.record import make_readable
from aggregator.settings import Settings, load_settings
from aggregator.sharing import receive_places
from api.app import create_app
from api.connection import BoundedConnection, make_room

_WAITING = 2_048
"""Connections that wait to be taken."""
_FULL_SEARCHES = 100
"""So many searches for garbage spare those after them what they found in use; bounded, because what
is in use by chance is then never found to be garbage. What is remembered is complete by then."""


def serve(
    port: Annotated[
        int, typer.Option(min=0, max=65_535, help="TCP port; 0 takes a free one.")
    ] = 8000,
    host: Annotated[str, typer.Option(help="Address to listen on; 0.0.0.0 for all.")] = "127.0.0.1",
) -> None:
    """Serve the portal and the API until Ctrl-C.

    Example: netzlotse serve --port 8080
    """
    settings = load_settings()
    with listen(host, port) as listener:
        serve_on(listener, settings)


def serve_on(listener: socket.socket, settings: Settings) -> None:
    """Serve on a socket that listens already, until Ctrl-C."""
    make_room()
    make_readable(settings)
    receive_places(settings)
    app = create_app(settings)
    where = listener.getsockname()
    shown = f"[{where[0]}]" if ":" in where[0] else where[0]
    typer.echo(f"Portal: http://{shown}:{where[1]}/   API: http://{shown}:{where[1]}/api/v1/offers")
    with suppress(KeyboardInterrupt):  # uvicorn has ended everything by then
        PortalServer(server_config(app, settings)).run(sockets=[listener])


class PortalServer(uvicorn.Server):
    """A server that does not look through all it learnt at its start again and again.

    The interpreter searches long-lived objects for garbage now and then: a tenth of a second, in
    which nobody is answered, for words and places that stay as long as the server. What it learns
    by answering stays, too: a full search is only made once of each.
    """

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        """Start, then take what is there by now out of the garbage collector's sight."""
        await super().startup(sockets)
        gc.collect()
        gc.freeze()
        self._searches_left = _FULL_SEARCHES
        gc.callbacks.append(self._after_search)

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        """End."""
        with suppress(ValueError):
            gc.callbacks.remove(self._after_search)
        await super().shutdown(sockets)

    def _after_search(self, phase: str, info: dict[str, int]) -> None:
        if phase == "stop" and info["generation"] == 2 and self._searches_left:
            self._searches_left -= 1
            gc.freeze()


def server_config(app: FastAPI, settings: Settings) -> uvicorn.Config:
    """How the server runs."""
    return uvicorn.Config(
        app,
        http=BoundedConnection,
        ws="none",
        log_level=settings.log_level.lower(),
        log_config=None,  # its lines go where all others go
        access_log=False,
        server_header=False,
        forwarded_allow_ips=list(settings.trusted_proxies),
    )


def listen(host: str, port: int) -> socket.socket:
    """Bind a TCP socket. A port that cannot be had ends the verb with one line."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    # asyncio sets TCP_NODELAY only where the protocol is named; without, each answer waits 40 ms.
    listener = socket.socket(family, socket.SOCK_STREAM, socket.IPPROTO_TCP)
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listener.bind((host, port))
        listener.listen(_WAITING)  # who comes before the server is ready waits
    except OSError as error:
        listener.close()
        if error.errno == errno.EADDRINUSE:
            why = f"Port {port} is in use: stop the other program or choose one with --port."
        elif error.errno == errno.EACCES:
            why = f"Port {port} may not be used by this user: choose one above 1023 with --port."
        else:
            why = f"Cannot listen on {host}:{port}: {error.strerror or error}"
        typer.echo(why, err=True)
        raise typer.Exit(1) from error
    return listener
