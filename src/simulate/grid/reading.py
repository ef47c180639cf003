"""A file as cells: what it is, by what is in it, and by its name only where that says nothing."""

from __future__ import annotations

import errno
import os
import re
import stat
from pathlib import PurePath

from simulate.files import expanded, named, reason
from simulate.grid.book import Book, GridProblem, too_long
from simulate.locale import text

MOST_BYTES = 50_000_000
ZIP = b"PK"
OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"  # Excel's files until 2003, and what has a password
LOCK = "~$"
BOOKS = (".xlsx", ".xlsm", ".xltx", ".xltm", ".xls", ".xlsb", ".ods")
_PAGE = re.compile(rb"\s*<(!doctype html|html|table|\?xml|head|meta)", re.IGNORECASE)
_PICTURE = (b"\x89PNG", b"\xff\xd8\xff", b"GIF8")


def read(path: str) -> Book:
    """Sheets of a workbook, or the one of a text file (CSV, or pasted from Word or Excel). Raises GridProblem."""
    name = named(path)
    data = _data(path)
    if data.startswith(ZIP):
        from simulate.grid.workbook import workbook

        return workbook(name, data)
    _check_kind(data, PurePath(name).suffix.lower())
    from simulate.grid.delimited import book

    return book(name, data)


def _data(path: str) -> bytes:
    base = os.path.basename(named(path))
    if base.startswith(LOCK):
        raise GridProblem(text("this is Excel's own mark that `{file}` is open; name that file", file=base.removeprefix(LOCK)))  # fmt: skip
    try:
        with open(expanded(path), "rb", opener=_opened) as stream:
            data = stream.read(MOST_BYTES + 1)
    except FileNotFoundError:
        raise GridProblem(text("there is no such file")) from None
    except IsADirectoryError:
        raise GridProblem(text("this is a folder, and no file")) from None
    except PermissionError:
        raise GridProblem(text("the file may not be read: another program has it open and keeps it, or this account may not")) from None  # fmt: skip
    except (OSError, ValueError) as error:
        raise GridProblem(text("the file cannot be read: {reason}", reason=reason(error))) from None
    if len(data) > MOST_BYTES:
        raise too_long(MOST_BYTES)
    if not data:
        raise GridProblem(text("the file is empty"))
    return data


def _opened(path: str, flags: int) -> int:
    """A descriptor of an ordinary file: others, like a pipe, would let whoever reads them wait."""
    descriptor = os.open(path, flags | getattr(os, "O_NONBLOCK", 0))
    mode = os.fstat(descriptor).st_mode
    if stat.S_ISREG(mode):
        return descriptor
    os.close(descriptor)
    raise OSError(errno.EISDIR if stat.S_ISDIR(mode) else errno.EINVAL, os.strerror(errno.EINVAL), path)


def _check_kind(data: bytes, ending: str) -> None:
    """Raises GridProblem for what is neither a workbook nor text, and for text that is called a workbook."""
    if data.startswith(OLE):
        raise _of_ole(data)
    if data.startswith(b"%PDF"):
        raise GridProblem(text("this is a PDF; copy its table into a workbook, and look whether each number came along"))  # fmt: skip
    if data.startswith(_PICTURE):
        raise GridProblem(text("this is a picture; only cells can be read"))
    if _PAGE.match(data[:200].removeprefix(b"\xef\xbb\xbf")):
        raise GridProblem(text("this is a web page or XML, whatever its name says; open it in Excel and save it as .xlsx"))  # fmt: skip
    if ending in BOOKS:
        raise GridProblem(text("this is no workbook, whatever its name says; if it is text, let its name end in .csv or .txt"))  # fmt: skip


def _of_ole(data: bytes) -> GridProblem:
    if "EncryptedPackage".encode("utf-16-le") in data:
        return GridProblem(text("the file is protected by a password; open it in Excel, remove the password (File, Info, Protect Workbook), and save a copy"))  # fmt: skip
    if any(name.encode("utf-16-le") in data for name in ("Workbook", "Book")):
        return GridProblem(text("this is a workbook of Excel 2003 or older (.xls); save it in Excel as .xlsx"))
    return GridProblem(text("this is an older Office file, and no workbook; save its table in Excel as .xlsx"))
