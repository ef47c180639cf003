"""A folder of results: the files of one run, replaced together or not at all, whatever stops the program in between.

New files are written beside the old ones under names of their own, then a record of them (what of each: size and sha256) under the name
NEXT. From that moment on they count: whoever opens the folder next gives the files their names, if that was cut off, and the record
its own name at last. Before it, they are thrown away. One process at a time holds the folder, by a lock that ends with the process.
"""

from __future__ import annotations

import contextlib
import hashlib
import json
import os
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from simulate import locks
from simulate.errors import InputError
from simulate.files import expanded, fingerprint, keep, named, reason, settle
from simulate.locale import text

NAMES = ("results.nc", "summary.json", "scenario.toml", "report.json")
RECORD = "record.json"
NEW = ".provenu-new"
NEXT = RECORD + ".provenu-next"
LOCK = ".provenu-lock"
PASSING = {LOCK, NEXT, *(name + NEW for name in (*NAMES, RECORD))}
FORMAT = 1

Make = Callable[[Path], None]  # writes a file, by whatever means


class FolderError(InputError):
    """A folder that is not, or no longer, as a run of this program left it."""

    def __init__(self, folder: str | Path, message: str) -> None:
        super().__init__(f"{named(folder)}: {message}")


@dataclass(frozen=True, slots=True)
class Record:
    """What a folder holds. files: name → `bytes` and `sha256`."""

    id: str
    files: Mapping[str, Mapping[str, Any]]
    versions: Mapping[str, str]

    def written(self) -> bytes:
        """As JSON, with a sha256 of its own content."""
        document = {
            "program": "provenu",
            "format": FORMAT,
            "id": self.id,
            "files": self.files,
            "versions": self.versions,
        }
        own = hashlib.sha256(json.dumps(document).encode()).hexdigest()
        return (json.dumps({**document, "sha256": own}, ensure_ascii=False, indent=1) + "\n").encode()


# A run --------------------------------------------------------------------------------------------------------------------


@contextlib.contextmanager
def claimed(name: str, inputs: Iterable[str] = ()) -> Iterator[Path]:
    """The folder, made where it is missing, held by this process. inputs: files that must not be replaced.

    Raises FolderError for one that another process holds, that has other files than an earlier run's in it, or that the inputs are in.
    """
    folder = _at(name)
    try:
        folder.mkdir(parents=True, exist_ok=True)
        holding = _hold(folder)
    except OSError as error:
        raise FolderError(folder, reason(error)) from None
    with holding:
        _mend(folder)
        _check_free(folder)
        for file in inputs:
            _check_input(folder, file)
        yield folder


def _at(name: str) -> Path:
    if not name.strip():
        raise FolderError('""', text("the name of the folder is empty; the current one is called ."))
    found = Path(expanded(name))
    if found.parts and found.parts[0].startswith("~"):
        raise FolderError(found, text("there is no home folder of that name"))
    return found


def _check_free(folder: Path) -> None:
    """New, empty, or an earlier run's, as that left it."""
    record = _verified(folder)
    there = {entry for entry in os.listdir(folder) if entry not in PASSING}
    if record is None and there:
        message = text(
            "there are files in this folder that are no results of this program; name a new folder, or an empty one"
        )
        raise FolderError(folder, message)
    for name in NAMES:
        if record is not None and name not in record.files and os.path.lexists(folder / name):
            message = text("{file} is no result of this program; name another folder, or move the file", file=name)
            raise FolderError(folder, message)


def _check_input(folder: Path, file: str) -> None:
    for name in NAMES:
        with contextlib.suppress(OSError):
            if os.path.samefile(folder / name, expanded(file)):
                message = text(
                    "the run reads {file}, which its results would replace; name another folder", file=named(file)
                )
                raise FolderError(folder, message)


def replace(folder: Path, files: Mapping[str, bytes | Make], run: str, versions: Mapping[str, str]) -> None:
    """Put a run's files in the place of an earlier run's. folder: a claimed one.

    Raises OSError, and FolderError where somebody has put other files there since; the earlier results are whole then.
    """
    _check_free(folder)
    try:
        listed = {name: _beside(folder / (name + NEW), made) for name, made in files.items()}
        keep(folder / (RECORD + NEW), Record(run, listed, versions).written())
        settle(folder)
        os.replace(folder / (RECORD + NEW), folder / NEXT)
        settle(folder)
    except BaseException:
        with contextlib.suppress(OSError):
            _clear(folder)
        raise
    _finish(folder)


def _beside(path: Path, made: bytes | Make) -> dict[str, Any]:
    if callable(made):
        made(path)
        settle(path)
    else:
        keep(path, made)
    return fingerprint(path)


# Whoever opens it next ----------------------------------------------------------------------------------------------------


def opened(name: str | os.PathLike[str]) -> tuple[Path, Record]:
    """A folder of results and its record, mended and checked. Raises FolderError where it holds none, or others than the record says."""
    folder = _at(os.fspath(name))
    with contextlib.ExitStack() as stack:
        try:
            stack.enter_context(_hold(folder))
        except OSError as error:
            if not folder.is_dir():
                raise FolderError(folder, reason(error)) from None
            if (folder / NEXT).exists():
                message = text(
                    "the last run's files could not be put in their places: {reason}; close whatever has them open",
                    reason=reason(error),
                )
                raise FolderError(folder, message) from None
        else:
            _mend(folder)
        record = _verified(folder)
    if record is None:
        raise FolderError(folder, text("there are no results of this program in this folder"))
    return folder, record


def _mend(folder: Path) -> None:
    """Finish what was committed, throw away what was not."""
    try:
        _finish(folder) if (folder / NEXT).exists() else _clear(folder)
    except OSError as error:
        message = text(
            "the last run's files could not be put in their places: {reason}; close whatever has them open",
            reason=reason(error),
        )
        raise FolderError(folder, message) from None


def _finish(folder: Path) -> None:
    """Give the committed files their names; an earlier run's that have no successor go. Raises OSError, FolderError."""
    record = _read(folder, NEXT)
    assert record is not None
    ready = [name for name in record.files if _is(folder / (name + NEW), record.files[name])]
    for name in record.files:
        if name not in ready and not _is(folder / name, record.files[name]):
            raise FolderError(folder, _differs(name))
    for name in ready:
        os.replace(folder / (name + NEW), folder / name)
    earlier = _read(folder, RECORD)
    for name in earlier.files if earlier else ():
        if name not in record.files:
            (folder / name).unlink(missing_ok=True)
    settle(folder)
    os.replace(folder / NEXT, folder / RECORD)
    settle(folder)
    _clear(folder)


def _clear(folder: Path) -> None:
    """Throw away what was never committed."""
    if (folder / NEXT).exists():
        return
    for name in (*NAMES, RECORD):
        (folder / (name + NEW)).unlink(missing_ok=True)


def _verified(folder: Path) -> Record | None:
    """The record, if there is one. Raises FolderError where a file differs from what it says."""
    record = _read(folder, RECORD)
    for name in record.files if record else ():
        assert record is not None
        if not _is(folder / name, record.files[name]):
            raise FolderError(folder, _differs(name))
    return record


def _differs(name: str) -> str:
    return text("{file} is not as the run left it: it was changed, damaged or removed; name another folder", file=name)


def _is(path: Path, listed: Mapping[str, Any]) -> bool:
    try:
        return path.stat().st_size == listed["bytes"] and fingerprint(path) == listed
    except OSError:
        return False


def _read(folder: Path, name: str) -> Record | None:
    """A record, or None where there is no such file. Raises FolderError for one that this program did not write."""
    try:
        data = (folder / name).read_bytes()
        given = json.loads(data)
        files = {file: {"bytes": int(of["bytes"]), "sha256": str(of["sha256"])} for file, of in given["files"].items()}
        record = Record(str(given["id"]), files, dict(given["versions"]))
        known = record.written() == data and files.keys() <= set(NAMES)
    except FileNotFoundError:
        return None
    except OSError as error:
        raise FolderError(folder, f"{name}: {reason(error)}") from None
    except (ValueError, TypeError, KeyError, AttributeError, RecursionError):
        known = False
    if not known:
        message = text("{file} is no record that this version of the program can read; name another folder", file=name)
        raise FolderError(folder, message)
    return record


# The lock -----------------------------------------------------------------------------------------------------------------


def _hold(folder: Path) -> contextlib.AbstractContextManager[None]:
    """Take the lock at once. Raises OSError where its file cannot be made, FolderError where another process has it."""
    try:
        return locks.hold(folder / LOCK)
    except locks.Taken:
        message = text("another run writes its results into this folder now; wait for it, or name another folder")
        raise FolderError(folder, message) from None
