"""Serves an API, or a route that does nothing: `python -m api.bench.serving noop|api`.

The first line of its output is its port, once it answers there; it ends when its standard input
does. `api` serves what the settings in the environment say, as `netzlotse serve` does.
"""

from __future__ import annotations

import asyncio
import sys
import threading

from fastapi import FastAPI

from aggregator.settings import load_settings
from api.app import create_app
from api.commands.serve import PortalServer, listen, server_config


def _noop() -> FastAPI:
    app = FastAPI()

    @app.get("/noop")
    async def noop() -> dict[str, bool]:
        return {"ok": True}

    return app


async def _serve(name: str) -> None:
    settings = load_settings()
    app = _noop() if name == "noop" else create_app(settings)
    with listen("127.0.0.1", 0) as listener:
        server = PortalServer(server_config(app, settings))
        serving = asyncio.create_task(server.serve(sockets=[listener]))
        while not (server.started or serving.done()):  # nothing listens before
            await asyncio.sleep(0.01)
        sys.stdout.write(f"{listener.getsockname()[1]}\n")
        sys.stdout.flush()

        def wait() -> None:
            sys.stdin.read()
            server.should_exit = True

        threading.Thread(target=wait, daemon=True).start()
        await serving


if __name__ == "__main__":
    asyncio.run(_serve(sys.argv[1]))
