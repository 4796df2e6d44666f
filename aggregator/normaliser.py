"""The process that helps to normalise a large site: `python -m aggregator.normaliser LEVEL FORM`.

What it is told comes on standard input: first the site's context and the gazetteer, then records,
some at a time. What was read of them leaves on standard output. Each is a pickle. It ends with its
input, so with whoever started it.
"""

from __future__ import annotations

import pickle
import signal
import sys
from collections.abc import Sequence
from typing import BinaryIO

from aggregator import logs
from aggregator.normalise.site import Told, read_each


def answer(asked: BinaryIO, answers: BinaryIO) -> None:
    """Read what is asked until that ends."""
    context, gazetteer = pickle.load(asked)  # noqa: S301 - ours
    while True:
        try:
            work: Sequence[Told] = pickle.load(asked)  # noqa: S301 - ours
        except EOFError:
            return
        pickle.dump(read_each(work, context, gazetteer), answers, pickle.HIGHEST_PROTOCOL)
        answers.flush()


def main(arguments: list[str]) -> int:
    """Answer on standard output; the level and the form of the log are the arguments."""
    logs.begin(*arguments)
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # whoever started this is told, and ends it
    answers = sys.stdout.buffer
    sys.stdout = sys.stderr  # whatever prints must not garble the answers
    answer(sys.stdin.buffer, answers)
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
