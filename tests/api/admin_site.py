"""An application with an admin area, over a record of its own."""

from __future__ import annotations

import re
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager

import uvicorn
from fastapi.testclient import TestClient

from aggregator.settings import Settings
from api.app import create_app
from api.commands.serve import listen, server_config

ANNA, BERND = "anna-has-a-long-token", "bernd-has-another-token"
TOKENS = f"Anna:{ANNA},Bernd:{BERND}"
_FORM_TOKEN = re.compile(r'name="form_token" value="([^"]+)"')


def visitor(settings: Settings, base_url: str = "http://testserver") -> TestClient:
    """A browser of somebody who is not signed in; keeps cookies, follows nothing."""
    return TestClient(
        create_app(settings), base_url=base_url, follow_redirects=False,
        headers={"accept": "text/html,*/*;q=0.8"},
    )  # fmt: skip


def sign_in(client: TestClient, token: str = ANNA) -> str:
    """Sign in; what the forms of the session carry."""
    answer = client.post("/admin/anmelden", data={"token": token})
    assert answer.status_code == 303, answer.text
    return form_token(client)


def form_token(client: TestClient) -> str:
    found = _FORM_TOKEN.search(client.get("/admin").text)
    assert found
    return found[1]


@contextmanager
def served(settings: Settings) -> Iterator[str]:
    """The application behind a real server on loopback; its address."""
    with listen("127.0.0.1", 0) as listener:
        app = create_app(settings.model_copy(update={"rate_limit": 0, "log_level": "ERROR"}))
        server = uvicorn.Server(server_config(app, settings))
        thread = threading.Thread(target=server.run, kwargs={"sockets": [listener]}, daemon=True)
        thread.start()
        while not server.started:
            time.sleep(0.01)
        yield f"http://127.0.0.1:{listener.getsockname()[1]}"
        server.should_exit = True
        thread.join(10)
