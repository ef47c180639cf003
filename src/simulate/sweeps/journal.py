"""Where finished cells are kept: a SQLite file in WAL mode, synchronous=FULL, with a checksum for each cell. What is in it is done.

A journal is of one sweep, and says so: its first row holds what the cells' bits hang on, and each checksum covers a digest of that beside the cell's
own numbers. One process at a time writes it, by a lock that ends with the process; any other may read it meanwhile. Each row is found good by itself:
what is damaged is thrown away, and made again. Where anything is, the good rows go into a new file, which takes the place of the old one whole.
It also knows the tables that were made of it, by their digests: these may be replaced, and nothing else.
"""

from __future__ import annotations

import contextlib
import json
import os
import sqlite3
from collections.abc import Iterable, Iterator
from pathlib import Path

from simulate import locks
from simulate.errors import InputError, StoreError
from simulate.files import named, reason, settle
from simulate.locale import text
from simulate.sweeps.about import differences
from simulate.sweeps.cells import Made
from simulate.sweeps.journal_content import (
    FORMAT,
    MARK,
    SCHEMA,
    Header,
    Journal,
    checksum_of,
    why_not,
)

__all__ = ["Header", "Journal", "JournalError", "beside", "held", "opened"]

SUFFIX = ".journal"
LOCK = ".provenu-lock"
NEW = ".provenu-new"
MENDING = ".provenu-mending"
PAGE = 4096


class JournalError(InputError):
    """A journal that is not one, or not this sweep's, or that somebody else writes."""

    def __init__(self, path: Path, message: str) -> None:
        super().__init__(f"{named(path)}: {message}")


def beside(out: Path) -> Path:
    """The journal of an output: `sweep.zarr` has `sweep.journal`, and so has `sweep.csv`, for they are one sweep."""
    return out.with_suffix(SUFFIX)


@contextlib.contextmanager
def held(path: Path, header: Header) -> Iterator[Journal]:
    """The journal of a sweep, made where there is none, mended where it is damaged, held by this process until the end.

    Raises JournalError for one of another sweep, format or program, or that another process writes, and where none can be made; StoreError where a
    damaged one cannot be mended.
    """
    try:
        lock = locks.hold(_near(path, LOCK))
    except OSError as error:
        raise JournalError(path, reason(error)) from None
    except locks.Taken:
        message = text("another sweep writes this journal now; wait for it, or name another --out")
        raise JournalError(path, message) from None
    with lock:
        journal = _held(path, header)
        try:
            yield journal
        finally:
            journal.close()


@contextlib.contextmanager
def opened(path: Path) -> Iterator[Journal]:
    """A journal to be read, also while a sweep writes it. Raises JournalError."""
    _check_ours(path)
    again = text("it is damaged; give the sweep's command again, which mends it")
    try:
        file = _connect_to_read(path)
    except sqlite3.Error as error:
        raise JournalError(path, str(error)) from None
    try:
        header = _header(path, file)
        if header is None or not _is_whole_schema(file):
            raise JournalError(path, again)
        journal = Journal(path, header, file, held=False)
        journal.read_layouts()
        yield journal
    except sqlite3.DatabaseError:
        raise JournalError(path, again) from None
    finally:
        file.close()


def _near(path: Path, ending: str) -> Path:
    return path.with_name(path.name + ending)


def _held(path: Path, header: Header) -> Journal:
    new = _near(path, NEW)
    try:
        _remove(new)
        if not os.path.lexists(path):
            _build(new, header, ())
            _put(new, path)
    except (OSError, sqlite3.Error) as error:
        with contextlib.suppress(OSError):
            _remove(new)
        why = reason(error) if isinstance(error, OSError) else why_not(error)
        raise JournalError(path, why) from None
    _check_ours(path)
    journal, whole = _readable(path, header)
    if whole:
        return journal
    return _mended(journal, new)


def _readable(path: Path, header: Header) -> tuple[Journal, bool]:
    """The journal, and whether all of it is good. Raises JournalError for another sweep's."""
    with contextlib.ExitStack() as stack:  # all of it is given up where the journal is refused
        file = _connect(path)
        stack.callback(file.close)
        try:
            own = _header(path, file)
            is_whole = own is not None and _is_whole_schema(file)
        except sqlite3.Error:
            own, is_whole = None, False
        if not is_whole:
            file.close()
            copy = _with_first_page(path, header)
            stack.callback(_remove, copy)
            file = _connect(copy)
            stack.callback(file.close)
            with contextlib.suppress(sqlite3.Error):
                own = _header(path, file)
        if own is not None:
            _check_same(path, own, header)
        journal = Journal(path, own or header, file)
        is_whole = journal.survey() and is_whole
        if own is None and not journal.done:
            message = text(
                "it is damaged, and nothing of this sweep can be read in it; delete it, or name another --out"
            )
            raise JournalError(path, message)
        stack.pop_all()
        return journal, is_whole


def _check_same(path: Path, own: Header, given: Header) -> None:
    if own.digest == given.digest:
        return
    message = text("this is the journal of another sweep; name another --out, or delete the journal and its tables:")
    raise JournalError(path, "\n  ".join([message, *differences(own.made_of, given.made_of)]))


def _check_ours(path: Path) -> None:
    """Raises JournalError for a file of another kind."""
    try:
        with open(path, "rb") as stream:
            first = stream.read(PAGE)
    except OSError as error:
        why = text("there is no such journal") if isinstance(error, FileNotFoundError) else reason(error)
        raise JournalError(path, why) from None
    if MARK not in first:
        raise JournalError(path, text("this file is no journal of a sweep; name another --out, or move the file"))


def _header(path: Path, file: sqlite3.Connection) -> Header | None:
    """What it says of itself; None where that is damaged. Raises JournalError for another format."""
    found = file.execute("select value, checksum from provenu_sweep where number = 1").fetchone()
    if found is None or not isinstance(found[0], bytes) or found[1] != checksum_of(1, found[0]):
        return None
    whole = json.loads(found[0].decode("utf-8", "surrogateescape"))
    if whole["format"] != FORMAT:
        message = text("this journal has format {given}; this version of the program reads {known}: name another --out",
                       given=whole["format"], known=FORMAT)  # fmt: skip
        raise JournalError(path, message)
    return Header(whole["made_of"], whole["about"])


def _is_whole_schema(file: sqlite3.Connection) -> bool:
    statements = [found[0].decode(errors="replace") for found in file.execute("select sql from sqlite_schema")]
    return [one.lower() for one in statements] == [
        one.strip().removesuffix(";").lower() for one in SCHEMA.strip().splitlines()
    ]


def _connect(path: Path) -> sqlite3.Connection:
    file = sqlite3.connect(path, isolation_level=None)
    file.text_factory = bytes  # a damaged text is none, and would be an error of its own
    with contextlib.suppress(sqlite3.Error):  # of a damaged one
        file.execute(f"pragma page_size={PAGE}")
        file.execute("pragma journal_mode=wal")
        file.execute("pragma synchronous=full")
    return file


def _connect_to_read(path: Path) -> sqlite3.Connection:
    """As a writer would, for readers leave the files behind that they share with one."""
    address = path.resolve().as_uri()
    for how in ("mode=rw", "mode=ro", "immutable=1"):  # less and less is needed of the folder
        if how == "immutable=1" and _is_in_work(path):
            break
        file = sqlite3.connect(f"{address}?{how}", uri=True, isolation_level=None)
        file.text_factory = bytes
        try:
            file.execute("select 1 from sqlite_schema").fetchone()
            file.execute("pragma query_only=1")
            return file
        except sqlite3.OperationalError:
            file.close()
    raise sqlite3.OperationalError(text("this account may not write there"))


def _is_in_work(path: Path) -> bool:
    """Whether some of it stands beside it."""
    try:
        return os.stat(_near(path, "-wal")).st_size > 0
    except OSError:
        return False


# Mending one ----------------------------------------------------------------------------------------------------------------


def _build(new: Path, header: Header, cells: Iterable[Made], outputs: Iterable[str] = ()) -> None:
    """A whole journal under another name. Raises OSError, sqlite3.Error, StoreError."""
    file = _connect(new)
    try:
        file.executescript(f"begin; {SCHEMA} commit;")
        value = header.written()
        file.execute("insert into provenu_sweep values (1, ?, ?)", (value, checksum_of(1, value)))
        journal = Journal(new, header, file)
        journal.write(cells)
        for one in outputs:
            journal.note(one)
    finally:
        file.close()
    settle(new)


def _put(new: Path, path: Path) -> None:
    """In its place; what SQLite keeps beside the one that was there goes first, for it would be read as the new one's."""
    for ending in ("-wal", "-shm"):
        _near(path, ending).unlink(missing_ok=True)
    os.replace(new, path)
    settle(path.parent)


def _remove(new: Path) -> None:
    for ending in ("", "-wal", "-shm", "-journal"):
        _near(new, ending).unlink(missing_ok=True)


def _mended(journal: Journal, new: Path) -> Journal:
    """The same with all that is good in it, and nothing else."""
    path, read_from = journal.path, Path(os.fsdecode(journal.file.execute("pragma database_list").fetchone()[2]))
    try:
        _build(new, journal.header, journal.cells(), journal.outputs())
        journal.close()
        _put(new, path)
    except (OSError, sqlite3.Error, StoreError) as error:
        why = reason(error) if isinstance(error, OSError) else why_not(error)
        raise StoreError(
            text("{journal} is damaged and could not be mended: {reason}", journal=named(path), reason=why)
        ) from error
    finally:
        journal.close()
        _remove(new)
        if read_from.name != path.name:
            _remove(read_from)
    mended = Journal(path, journal.header, _connect(path), was_damaged=True)
    mended.survey()
    return mended


def _with_first_page(path: Path, header: Header) -> Path:
    """A copy whose first page, which says what the file is, is that of a new journal: all of them begin alike."""
    import shutil

    copy = _near(path, MENDING)
    try:
        _remove(copy)
        _build(copy, Header(header.made_of, {}), ())
        first = bytearray(copy.read_bytes()[:PAGE])
        _remove(copy)
        shutil.copyfile(path, copy)
        if _near(path, "-wal").exists():
            shutil.copyfile(_near(path, "-wal"), _near(copy, "-wal"))
        with open(copy, "r+b") as stream:
            pages = stream.seek(0, os.SEEK_END) // PAGE
            first[28:32] = pages.to_bytes(4, "big")
            first[32:40] = bytes(8)  # no pages are free
            stream.seek(0)
            stream.write(first)
    except (OSError, sqlite3.Error) as error:
        why = reason(error) if isinstance(error, OSError) else why_not(error)
        raise StoreError(
            text("{journal} is damaged and could not be mended: {reason}", journal=named(path), reason=why)
        ) from error
    return copy
