"""`--csv FILE`: whether a table may be written there, found out before any work."""

from __future__ import annotations

import os
from collections.abc import Sequence
from pathlib import Path

from simulate.errors import InputError
from simulate.files import expanded, named
from simulate.locale import text


def checked(name: str | None, inputs: Sequence[str], out: str | None = None) -> Path | None:
    """The file, which may be there already. inputs: files that must not be replaced; out: the folder of the results. Raises InputError."""
    if name is None:
        return None
    file = Path(os.path.realpath(expanded(name)))
    why = _why_not(name, file, inputs)
    if out is not None and file.parent == Path(os.path.realpath(expanded(out))):
        why = text("the folder of --out holds its own files alone; name another place")
    if why:
        raise InputError(f"--csv {named(name)}: {why}")
    return file


def _why_not(name: str, file: Path, inputs: Sequence[str]) -> str:
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
    if file.exists() and any(os.path.exists(one) and os.path.samefile(file, one) for one in inputs):
        return text("this run reads it")
    if not os.access(file.parent, os.W_OK):
        return text("this account may not write there")
    return ""
