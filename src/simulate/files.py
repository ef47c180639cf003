"""Files: their names as people write them, why one cannot be read or written, and bytes that are on the disk or are not."""

from __future__ import annotations

import contextlib
import errno
import math
import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from simulate.errors import DefectError
from simulate.locale import text

NO_ROOM = {errno.ENOSPC, errno.EFBIG, getattr(errno, "EDQUOT", errno.ENOSPC)}
NOTHING_TO_SETTLE = {errno.EINVAL, errno.EBADF, errno.ENOTSUP}  # disks on which a folder cannot be waited for


def expanded(name: str) -> str:
    """The name with a `~` at its beginning as the home that it stands for; not every shell does that."""
    return name if os.path.lexists(name) else os.path.expanduser(name)


def named(name: str | os.PathLike[str]) -> str:
    """A name for the screen and for JSON: bytes that are no text become replacement characters."""
    return os.fsencode(name).decode("utf-8", "replace")


def is_text(given: str) -> bool:
    """Whether what came from the command line was text, and not bytes of some other encoding."""
    try:
        given.encode()
    except UnicodeEncodeError:
        return False
    return True


def reason(error: OSError | ValueError) -> str:
    """Why a file cannot be read or written; the system's own words, in English, for what is rare.

    A ValueError is a name that no file can have.
    """
    if isinstance(error, ValueError):
        return str(error)
    if isinstance(error, FileExistsError | NotADirectoryError):
        return text("there is a file in the place of the folder")
    if isinstance(error, IsADirectoryError):
        return text("there is a folder in the place of the file")
    if isinstance(error, FileNotFoundError):
        return text("there is no such folder")
    if isinstance(error, PermissionError):
        return text("this account may not write there")
    if error.errno in NO_ROOM:
        return text("there is no room left")
    if error.errno == errno.EROFS:
        return text("nothing can be written to this disk")
    if error.errno == errno.ENAMETOOLONG:
        return text("the name is too long")
    return error.strerror or str(error)


def keep(path: Path, data: bytes | memoryview) -> None:
    """Write a file and wait until the disk has it. Raises OSError, which names the file."""
    try:
        with open(path, "wb") as stream:
            stream.write(data)
            stream.flush()
            os.fsync(stream.fileno())
    except OSError as error:
        raise OSError(error.errno, error.strerror, str(path)) from None  # a failed write does not say of what


def replace(path: Path, data: bytes) -> None:
    """Put a file in the place of what bears its name, whole or not at all. Raises OSError, which names the file."""
    new = path.with_name(f"{path.name}.{os.getpid()}.provenu-new")
    try:
        keep(new, data)
        os.replace(new, path)
    except OSError as error:
        raise OSError(error.errno, error.strerror, str(path)) from None
    finally:
        with contextlib.suppress(OSError):
            new.unlink()
    settle(path.parent)


def settle(path: Path) -> None:
    """Wait until the disk has a file that something else wrote, or the names in a folder (which Windows settles by itself)."""
    with contextlib.suppress(PermissionError):
        descriptor = os.open(path, os.O_RDWR if path.is_file() else os.O_RDONLY)
        try:
            os.fsync(descriptor)
        except OSError as error:
            if error.errno not in NOTHING_TO_SETTLE:
                raise
        finally:
            os.close(descriptor)


def fingerprint(path: Path) -> dict[str, Any]:
    """Size and sha256 of a file, of any size. Raises OSError."""
    import hashlib  # only where it is needed: every command begins with this module

    with open(path, "rb") as stream:
        digest = hashlib.file_digest(stream, "sha256")
        return {"bytes": stream.tell(), "sha256": digest.hexdigest()}


def as_json(document: dict[str, Any]) -> str:
    """A document as JSON. Raises DefectError for a number that JSON cannot hold."""
    import json

    check_finite(document)
    return json.dumps(document, ensure_ascii=False, indent=1, allow_nan=False)


def check_finite(document: dict[str, Any]) -> None:
    """Raises DefectError that names every number of a document which is none, or infinite."""
    found = list(_not_finite(document, ""))
    if found:
        listed = ", ".join(found[:MOST_NAMED]) + (" ..." if len(found) > MOST_NAMED else "")
        raise DefectError(
            text(
                "a defect in this program: no number came out for {where}, so nothing of this answer is given; please report it",
                where=listed,
            )
        )


MOST_NAMED = 5


def _not_finite(value: object, path: str) -> Iterator[str]:
    if isinstance(value, float):
        if not math.isfinite(value):
            yield f"{path} ({value})"
    elif isinstance(value, dict):
        for key, item in value.items():
            yield from _not_finite(item, f"{path}.{key}" if path else str(key))
    elif isinstance(value, list | tuple):
        for i, item in enumerate(value):
            yield from _not_finite(item, f"{path}[{i}]")
