"""`simulate convert`: a case from a text file to a workbook, and back; the same case, or none is written."""

from __future__ import annotations

import contextlib
import json
import os
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from simulate import locale
from simulate.cli.common import is_there
from simulate.content import Part
from simulate.errors import InputError, ScenarioError
from simulate.files import expanded, named, reason, replace
from simulate.locale import Language, plural, text
from simulate.scenario import Loaded, documents, load, paths, queries, toml_writer, values

TEXT, WORKBOOK = ".toml", ".xlsx"
MOST_PLACES = 12  # of the sheet Other that are named


@dataclass(frozen=True, slots=True)
class Place:
    """Where the case goes. file: as it was named."""

    file: str
    path: Path
    is_workbook: bool


def convert(source: str, target: str, lang: Language | None, force: bool) -> None:
    """Write the case of one file as another, once it is read back and found to be the same. Raises InputError, ScenarioError."""
    if lang is not None:
        locale.use(lang)
    place = _place(source, target, force)
    document, loaded = documents.read(source, lang), load(source, language=lang)
    if lang is None:
        locale.use(loaded.scenario.language)
    data = made(document.tree, lang or loaded.scenario.language, place)
    try:
        again = _read_back(data, place, loaded)
        if os.path.lexists(place.path) and not force:
            raise is_there(place.file)
        replace(place.path, data)
    except OSError as error:
        raise InputError(text("{file}: {reason}", file=named(target), reason=reason(error))) from None
    _tell(source, document, place, again)


def made(tree: dict[str, Any], language: Language, place: Place) -> bytes:
    """The file of a case. Raises InputError for a case that no cell can hold."""
    if not place.is_workbook:
        return toml_writer.dump(tree).encode()
    from simulate.workbook import output

    try:
        return output.written(tree, language, place.path.name)
    except ValueError as error:
        message = text("{file}: {place} is longer than a cell of a workbook can hold, so it is not written", file=named(place.file), place=str(error))  # fmt: skip
        raise InputError(message) from None


def _place(source: str, target: str, force: bool) -> Place:
    """Where it goes. Raises InputError, before any work, for what cannot be written."""
    ending = Path(target).suffix.lower()
    if ending not in (TEXT, WORKBOOK) or not Path(target).stem:
        raise InputError(text("{file}: the name must end in .xlsx for a workbook, or in .toml for a text file", file=named(target)))  # fmt: skip
    if documents.is_workbook(source) == (ending == WORKBOOK):
        kind = text("workbooks") if ending == WORKBOOK else text("text files")
        raise InputError(text("{source} and {target} are both {kind}; name the one to read, and then one of the other kind to write", source=named(source), target=named(target), kind=kind))  # fmt: skip
    place = Place(target, Path(os.path.realpath(expanded(target))), ending == WORKBOOK)
    if place.path.is_dir():
        raise InputError(text("{file}: there is a folder in the place of the file", file=named(target)))
    if os.path.lexists(expanded(target)) and not force:
        raise is_there(place.file)
    return place


# The same case --------------------------------------------------------------------------------------------------------


def _read_back(data: bytes, place: Place, original: Loaded) -> documents.Document:
    """What the new file says. Raises InputError where that is another case, and OSError."""
    new = place.path.with_name(f"{place.path.stem}.{os.getpid()}.provenu-new{place.path.suffix}")
    try:
        new.write_bytes(data)
        document, again = documents.read(new), load(new, language=locale.language())
    except ScenarioError as error:
        listed = "\n".join(problem.at(named(place.file)) for problem in error.problems)
        raise InputError(_differs(place) + "\n" + listed) from None
    finally:
        with contextlib.suppress(OSError):
            new.unlink()
    if said(again) != said(original):
        raise InputError(_differs(place))
    return document


def _differs(place: Place) -> str:
    return text("{file} is not written: what it would say is not the same case", file=named(place.file))


def said(loaded: Loaded) -> str:
    """All that a case says, every number to the last bit, and the order of what it names; but not where its programmes' files are."""
    scenario = loaded.scenario
    orders = [
        list(scenario.assumptions),
        list(scenario.families),
        [(name, list(one.states)) for name, one in scenario.roles.items()],
    ]
    columns = list(queries.columns(scenario).items())
    exact = [values.resolution(one.value) for one in scenario.reported]  # how exactly the paper gives its figures
    whole = [scenario.model_dump(exclude={"parts": {"__all__": {"file"}}}), orders, columns, exact]
    return json.dumps(whole, default=repr, sort_keys=True)


# What is told ---------------------------------------------------------------------------------------------------------


def _tell(source: str, document: documents.Document, place: Place, again: documents.Document) -> None:
    from simulate.writers import terminal

    terminal.show(list(_words(source, document, place, again)))


def _words(source: str, document: documents.Document, place: Place, again: documents.Document) -> Iterator[Part]:
    yield text("{target} is written; read back, it is the same case as {source}.", target=named(place.file), source=named(source))  # fmt: skip
    if not place.is_workbook:
        yield text("The look of the sheets, formulas, and what stands in sheets that are not read are not in the text file.")  # fmt: skip
        return
    comments = paths.comments(document.source)
    if comments:
        yield plural("The layout of the text and {n} comment are not in the workbook.", "The layout of the text and {n} comments are not in the workbook.", comments)  # fmt: skip
    other = _in_other(again)
    if other:
        listed = ", ".join(other[:MOST_PLACES]) + (", ..." if len(other) > MOST_PLACES else "")
        yield text("In the sheet “{sheet}”, as no other sheet has room for it: {places}", sheet=_other(), places=listed)


def _other() -> str:
    from simulate.workbook import layout

    return layout.OTHER.title.said(locale.language())


def _in_other(document: documents.Document) -> list[str]:
    """The places of the case that stand in the sheet for what no other sheet has room for."""
    from simulate.workbook import layout

    found = []
    for path, cell in (document.cells or {}).items():
        sheet = cell.rpartition("!")[0].strip("'")
        if path and layout.sheet_called(sheet) is layout.OTHER and paths.existing(path, document.tree) == path:
            found.append(paths.written(path, document.tree))
    return found
