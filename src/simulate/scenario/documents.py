"""Files as people write them, a text or a workbook: the text and the tree that each comes to, and where things stand in it."""

from __future__ import annotations

import hashlib
import os
import re
import tomllib
from collections.abc import Iterable, Mapping, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass, replace
from pathlib import Path as FilePath
from typing import Any

from simulate import locale
from simulate.errors import Problem, ScenarioError
from simulate.files import expanded, named, reason
from simulate.locale import text
from simulate.scenario import paths, toml_errors, toml_writer
from simulate.scenario.paths import Path
from simulate.scenario.values import Literal
from simulate.scenario.whereabouts import Cells, Unplaced, Whereabouts, within

WORKBOOKS = (
    ".xlsx",
    ".xlsm",
    ".xlsb",
    ".xls",
    ".ods",
)  # of the last three the reader says what they are to be saved as
MOST_BYTES = 2_000_000  # scenarios have some 10 kB
MOST_DOTS = 200  # in a line: tomllib's time grows with the square of a key's parts
MOST_DEPTH = 30


@dataclass(frozen=True, slots=True)
class Document:
    """A file as read. name: as problems call it; opened: where it is; source: its text, that of a workbook as TOML has it. language: that it is in.

    cells: of a workbook, where everything stands; problems: what of it could not be read; remarks: what to warn of; lost: as Cells has it.
    """

    name: str
    opened: str
    source: str
    tree: dict[str, Any]
    sha256: str
    language: locale.Language
    cells: Mapping[Path, str] | None = None
    problems: tuple[Problem, ...] = ()
    remarks: tuple[Problem, ...] = ()
    lost: frozenset[Path] = frozenset()

    def within(self, source: str) -> Whereabouts:
        """Where things stand, in the file's text as it has become."""
        return within(source, self.cells)

    def wrong(self, found: Sequence[Unplaced], tree: dict[str, Any], source: str, elsewhere: int = 1) -> list[Problem]:
        """Whatever is: what could not be read, and what is found in the rest, of the file's text as it has become."""
        if self.cells is None:
            return self.within(source).problems(found, tree, elsewhere)
        where = Cells(self.cells, self.lost)
        return where.in_order([*self.problems, *where.problems(where.beside(self.problems, found, tree), tree)])


def worded(cells: Mapping[Path, str] | None) -> AbstractContextManager[None]:
    """Say meanwhile how things are written in a workbook, where the file is one, and not how they are in TOML."""
    return locale.worded("" if cells is None else "workbook")


def is_workbook(file: str | FilePath) -> bool:
    """By the ending of its name."""
    return named(file).lower().endswith(WORKBOOKS)


def read(file: str | FilePath, language: locale.Language | None = None) -> Document:
    """A text or a workbook. language: of what is said of its cells, where it is not the file's own. Raises ScenarioError where it cannot be read."""
    if is_workbook(file):
        return _workbook(file, language)
    name, opened = named(file), expanded(str(file))
    try:
        source = _text(opened, name)
        tree = parse(name, source)
    except ScenarioError:
        if not (name.lower().endswith(".csv") and os.path.isfile(opened)):
            raise
        raise refuse(
            name,
            text("this is a table and no case; `simulate attach {file} --out case.toml` makes a case of it", file=name),
        ) from None
    spoken: locale.Language = "en" if tree.get("language") == "en" else "da"
    return Document(name, opened, source, tree, hashlib.sha256(source.encode()).hexdigest(), spoken)


def _text(path: str, file: str) -> str:
    try:
        with open(path, "rb") as stream:
            data = stream.read(MOST_BYTES + 1)
    except FileNotFoundError:
        raise refuse(file, text("there is no such file")) from None
    except IsADirectoryError:
        raise refuse(file, text("this is a folder; name the scenario file in it")) from None
    except PermissionError:
        raise refuse(file, text("this account may not read it")) from None
    except (OSError, ValueError) as error:
        why = reason(error) if isinstance(error, OSError) else str(error)
        raise refuse(file, text("the file cannot be read: {reason}", reason=why)) from None
    if len(data) > MOST_BYTES:
        raise refuse(file, text("the file has more than {n} bytes; this is no scenario", n=MOST_BYTES))
    if data.startswith(b"PK\x03\x04"):
        raise refuse(file, _kind_of_package(path))
    try:
        return data.decode("utf-8-sig").replace("\r\n", "\n")
    except UnicodeDecodeError as error:
        line = data[: error.start].count(b"\n") + 1
        raise refuse(file, text("this is no UTF-8 text; save the file with the encoding UTF-8"), line) from None


def _kind_of_package(path: str) -> str:
    """What is said of a workbook, or of another package, whose name does not end as a workbook's."""
    from simulate import grid  # which a text does not need

    try:
        grid.read(path)
    except grid.GridProblem as problem:
        return str(problem)
    return text("this looks like a workbook; let its name end in .xlsx")


def _workbook(file: str | FilePath, language: locale.Language | None) -> Document:
    from simulate import grid  # which a text does not need
    from simulate.files import fingerprint
    from simulate.workbook import reading

    name, opened = named(file), expanded(str(file))
    try:
        book = grid.read(opened)
        if not reading.is_case(book):
            raise refuse(name, text("no sheet of it is one of a case; of a budget of your own `simulate attach {file} --out case.toml` makes a case", file=name))  # fmt: skip
        sha256 = fingerprint(FilePath(opened))["sha256"]
        with worded({}):
            found = reading.read(book, language)
    except grid.GridProblem as error:
        raise refuse(name, str(error)) from None
    source = toml_writer.dump(found.tree)
    with locale.speaking(found.language):
        told = [*(("", one) for one in book.remarks), *found.remarks]
    tree = _sound(name, source, found.tree, found.cells)
    problems, remarks = _of_cells(found.problems), _of_cells(told)
    return Document(name, opened, source, tree, sha256, found.language, found.cells, problems, remarks, found.lost)


def _of_cells(found: Iterable[tuple[str, str]]) -> tuple[Problem, ...]:
    return tuple(Problem(0, "", message, cell=cell) for cell, message in found)


def _sound(name: str, source: str, tree: dict[str, Any], cells: Mapping[Path, str]) -> dict[str, Any]:
    """The tree of a workbook's text, read as any; what a text may not be is told by the cell that makes it so."""
    try:
        return parse(name, source)
    except ScenarioError as error:
        dotted = [cell for path, cell in cells.items() if _has_many_dots(path, tree)]
        problems = [replace(one, line=0, cell=next(iter(dotted), "")) for one in error.problems]
        raise ScenarioError(name, problems) from None


def _has_many_dots(path: Path, tree: Any) -> bool:
    node = tree
    for step in paths.existing(path, tree):
        node = paths.child(node, step)
    return isinstance(node, str) and node.count(".") > MOST_DOTS


def refuse(file: str, message: str, line: int = 0) -> ScenarioError:
    return ScenarioError(file, [Problem(line, "", message)])


def parse(file: str, source: str) -> dict[str, Any]:
    """The tree of a text. Raises ScenarioError where it is no TOML."""
    for number, line in enumerate(source.split("\n"), 1):
        if line.count(".") > MOST_DOTS:
            raise refuse(file, text("there are more than {n} dots in this line", n=MOST_DOTS), number)
    try:
        tree = tomllib.loads(source, parse_float=Literal)
    except tomllib.TOMLDecodeError as error:
        raise _broken(file, source, str(error)) from None
    except RecursionError:
        raise refuse(file, text("tables or lists stand too deep in each other")) from None
    except ValueError:  # a whole number of thousands of digits
        raise refuse(file, text("a number this large cannot be meant; at most 10^15")) from None
    if _depth(tree) > MOST_DEPTH:
        raise refuse(file, text("tables or lists stand too deep in each other"))
    return tree


def _depth(tree: dict[str, Any]) -> int:
    level: list[Any] = [tree]
    depth = 0
    while level and depth <= MOST_DEPTH:
        depth += 1
        nodes = [node.values() if isinstance(node, dict) else node for node in level]
        level = [item for node in nodes for item in node if isinstance(item, dict | list)]
    return depth


def _broken(file: str, source: str, message: str) -> ScenarioError:
    """The line, and what is likely wrong with it."""
    what, _, place = message.rpartition(" (at ")
    lines = source.split("\n")
    line, column = len(lines), 1
    if place.startswith("line "):
        line, column = (int(re.sub("[^0-9]", "", number)) for number in place.split(",")[:2])
    elif what == 'Expected "\'"':  # which was looked for to the end of the file
        line = next((n for n in range(len(lines), 0, -1) if lines[n - 1].count("'") % 2), line)
    said = toml_errors.words(what or message, lines[line - 1] if line <= len(lines) else "", column)
    return refuse(file, text("the file cannot be read here: {what}", what=said), line)
