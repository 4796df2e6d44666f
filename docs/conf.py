"""How `make docs` builds the documentation (Sphinx, MyST, Furo)."""

from __future__ import annotations

import sys
from importlib.metadata import version as installed
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent))

import _reference

_reference.write()

project = "netzlotse"
author = "netzlotse"
release = version = installed("netzlotse")
extensions = ["myst_parser"]
source_suffix = {".md": "markdown"}
exclude_patterns = ["_build", "examples"]
myst_heading_anchors = 3
html_theme = "furo"
html_title = f"netzlotse {version}"
html_extra_path = ["openapi.json", "hsds.openapi.json"]
html_copy_source = False
html_show_sphinx = False
html_show_copyright = False
