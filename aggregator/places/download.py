"""Fetching GeoNames' postcode table."""

from __future__ import annotations

import io
import zipfile
from pathlib import Path
from urllib.error import HTTPError, URLError
from urllib.request import Request, urlopen

GEONAMES = "https://download.geonames.org/export/zip/DE.zip"
_MEMBER = "DE.txt"
_MOST = 64 << 20  # bytes of the archive, and of the table in it; DE.txt has 1.5 MB
_PATIENCE = 60  # seconds without an answer


def download_geonames(url: str, target: Path, agent: str) -> Path:
    """Fetch GeoNames' `DE.zip` and leave its `DE.txt` in the folder `target`.

    `agent` is the User-Agent. Raises ValueError with one clear line where the address does not
    answer, or answers with something else.
    """
    if not url.startswith(("https://", "http://")):
        raise ValueError(f"{url}: not a web address")
    try:
        request = Request(url, headers={"User-Agent": agent})  # noqa: S310 - scheme checked above
        with urlopen(request, timeout=_PATIENCE) as answer:  # noqa: S310 - likewise
            body = answer.read(_MOST + 1)
    except HTTPError as error:
        raise ValueError(f"{url}: the server answers {error.code} {error.reason}") from error
    except (URLError, OSError) as error:
        reason = error.reason if isinstance(error, URLError) else error
        raise ValueError(f"{url}: cannot be reached ({reason}); give the file with --file") from (
            error
        )
    target.mkdir(parents=True, exist_ok=True)
    file = target / f"{_MEMBER}.download"
    file.write_bytes(_table(url, body))
    return file


def _table(url: str, body: bytes) -> bytes:
    if len(body) > _MOST:
        raise ValueError(f"{url}: larger than {_MOST >> 20} MiB")
    try:
        with zipfile.ZipFile(io.BytesIO(body)) as archive, archive.open(_MEMBER) as member:
            table = member.read(_MOST + 1)
    except KeyError as error:
        raise ValueError(f"{url}: holds no {_MEMBER}") from error
    except (zipfile.BadZipFile, EOFError, OSError, NotImplementedError, RuntimeError) as error:
        raise ValueError(f"{url}: is no zip file that can be read") from error
    if len(table) > _MOST:
        raise ValueError(f"{url}: {_MEMBER} is larger than {_MOST >> 20} MiB")
    return table
