"""Word documents and workbooks know whether anybody has changed them since: a digest of all parts stands among their properties.

Whoever saves one in another program gives it other parts, so that it no longer agrees, and is not replaced.
"""

from __future__ import annotations

import hashlib
import io
import re
import zipfile
from pathlib import Path

from simulate.figures import today

PROPERTIES = "docProps/core.xml"
SEAL = re.compile(rb"<dc:identifier>provenu:([0-9a-f]{64})</dc:identifier>")
END = b"</cp:coreProperties>"


def sealed(data: bytes) -> bytes:
    """The file with its digest, and all parts of the day: the libraries write the time beside each."""
    day = (*today().timetuple()[:3], 0, 0, 0)
    parts = _parts(io.BytesIO(data))
    parts[PROPERTIES] = parts[PROPERTIES].replace(
        END, b"<dc:identifier>provenu:" + _digest(parts).encode() + b"</dc:identifier>" + END
    )
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as made:
        for name, part in parts.items():
            made.writestr(zipfile.ZipInfo(name, day), part, zipfile.ZIP_DEFLATED)
    return stream.getvalue()


def is_unchanged(file: Path) -> bool:
    """Whether it is as this program wrote it; an empty file is nobody's."""
    try:
        if not file.stat().st_size:
            return True
        parts = _parts(file)
        found = SEAL.search(parts[PROPERTIES])
    except (OSError, KeyError, zipfile.BadZipFile):
        return False
    return found is not None and found[1].decode() == _digest(parts)


def _parts(file: Path | io.BytesIO) -> dict[str, bytes]:
    with zipfile.ZipFile(file) as parts:
        return {one.filename: parts.read(one) for one in parts.infolist()}


def _digest(parts: dict[str, bytes]) -> str:
    """Of everything but the properties, where it stands itself."""
    found = hashlib.sha256()
    for name in sorted(parts):
        if name != PROPERTIES:
            found.update(f"{name} {hashlib.sha256(parts[name]).hexdigest()}\n".encode())
    return found.hexdigest()
