"""The process in which a document is read: `python -m crawlers.isolated MODULE SECONDS`.

The document comes on standard input, what its module's `read` makes of it leaves as JSON.
"""

from __future__ import annotations

import json
import resource
import sys
from importlib import import_module

from crawlers.isolation import MEMORY, SAID_WHY, UnreadableError


def main(arguments: list[str]) -> int:
    """Read standard input with the module that is named."""
    module, seconds = arguments
    if module not in MEMORY:
        raise ValueError(f"{module} reads no documents")
    reader = import_module(module)  # before the limits: they are for the document
    if sys.platform == "linux":
        for limit, most in (
            (resource.RLIMIT_AS, MEMORY[module]),
            (resource.RLIMIT_CPU, int(seconds)),
            (resource.RLIMIT_FSIZE, 0),
            (resource.RLIMIT_CORE, 0),
        ):
            _, hard = resource.getrlimit(limit)  # the crawl's own limit may be lower
            most = most if hard == resource.RLIM_INFINITY else min(most, hard)  # noqa: PLW2901
            resource.setrlimit(limit, (most, most))
    try:
        found = reader.read(sys.stdin.buffer.read())
    except UnreadableError as error:
        sys.stderr.write(f"{error}\n")
        return SAID_WHY
    json.dump(found, sys.stdout, ensure_ascii=False)
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
