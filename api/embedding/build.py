"""`python -m api.embedding.build`: make the files of this version from their sources.

The sources are written to be read; a file that is loaded has their words put in and comments and
white space taken out (rjsmin, which the test environment has). A version that was published is not
written again: raise `releases.VERSION`. `--again` is for a version that nobody has seen yet.
"""

from __future__ import annotations

import json
import sys
from pathlib import Path

import rjsmin

from api.embedding.releases import FILES, FOLDER, VERSION, integrity
from api.embedding.words import BUILT_IN, KEYS, joined

_HERE = Path(__file__).parent
LEDGER = "integrity.txt"


def built() -> dict[str, bytes]:
    """What the files of this version consist of, by name."""
    said = json.dumps({code: joined(code) for code in BUILT_IN}, ensure_ascii=False)
    made = {}
    for name in FILES:
        source = (_HERE / name).read_text("utf-8")
        for mark, text in (
            ("@VERSION@", VERSION), ("@KEYS@", " ".join(KEYS)), ("{ /* @WORDS@ */ }", said),
        ):  # fmt: skip
            source = source.replace(mark, text)
        made[name] = (rjsmin.jsmin(source, keep_bang_comments=True) + "\n").encode()
    ledger = "".join(f"{integrity(content)}  {name}\n" for name, content in made.items())
    return made | {LEDGER: ledger.encode()}


def main() -> None:
    """Write the folder of this version."""
    folder = FOLDER / VERSION
    made = built()
    same = folder.is_dir() and all((folder / n).read_bytes() == c for n, c in made.items())
    if folder.is_dir() and not same and "--again" not in sys.argv:
        sys.exit(f"{folder} was published: raise VERSION in api/embedding/releases.py")
    folder.mkdir(parents=True, exist_ok=True)
    for name, content in made.items():
        (folder / name).write_bytes(content)
        sys.stdout.write(f"{folder / name}: {len(content)} bytes\n")


if __name__ == "__main__":
    main()
