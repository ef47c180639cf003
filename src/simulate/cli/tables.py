"""`--csv FILE`: whether the tables of an answer may be written there, found out before any work."""

from __future__ import annotations

import os
from collections.abc import Sequence
from pathlib import Path

from simulate.errors import InputError
from simulate.files import expanded, named
from simulate.locale import text


def file(name: str) -> Path:
    return Path(os.path.realpath(expanded(name)))


def check(name: str | None, out: str | None = None) -> None:
    """Raises InputError where no file can be of that name, or none may: the folder of the results (out) holds no other."""
    if name is None:
        return
    if out is not None and file(name).parent == Path(os.path.realpath(expanded(out))):
        _refuse(name, text("the folder of --out holds its own files alone; name another place"))
    _refuse(name, _why_not(name, file(name)))


def check_inputs(name: str | None, inputs: Sequence[str]) -> None:
    """The file may be there already, but none that is read. Raises InputError."""
    if name is not None and file(name).exists():
        reads = any(os.path.exists(one) and os.path.samefile(file(name), one) for one in inputs)
        _refuse(name, text("this run reads it") if reads else "")


def check_apart(name: str | None, out: str | None) -> None:
    """Raises InputError where a table of --out would be replaced."""
    if name is not None and out is not None and file(name) == file(out):
        _refuse(name, text("--out is written there; name another file"))


def _refuse(name: str, why: str) -> None:
    if why:
        raise InputError(f"--csv {named(name)}: {why}")


def _why_not(name: str, file: Path) -> str:
    if name and file.is_dir():
        example = os.path.join(name, "tables.csv")
        return text("that is a folder; name a file in it, such as {example}", example=example)
    if file.name.lower() == ".csv":
        return text("a name is missing before .csv, such as {example}", example="tables.csv")
    if file.suffix.lower() != ".csv":
        return text("the name must end in .csv, so that no other file is replaced")
    if not file.parent.is_dir():
        return text("there is no such folder")
    if file.exists() and not file.is_file():
        return text("there is something else than a file of that name")
    if not os.access(file.parent, os.W_OK):
        return text("this account may not write there")
    return ""
