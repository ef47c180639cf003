"""A copy of a workbook with an answer in it: planned before the run, with all that may stand in its way, and made after it."""

from __future__ import annotations

import hashlib
import os
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

from simulate import grid, locale
from simulate.answers.run import Run
from simulate.content import Document
from simulate.errors import DefectError, InputError
from simulate.figures import currency_sign, held_together
from simulate.files import expanded, named, reason
from simulate.folder import RECORD
from simulate.grid import address
from simulate.locale import Language, text
from simulate.places import by_label
from simulate.reports import paper
from simulate.scenario import Loaded, Scenario, queries
from simulate.workbook.answered import SHEETS, Part, is_own_sheet
from simulate.writers.workbook.book import Book
from simulate.writers.write_back import places, sheet
from simulate.writers.write_back.lifted import Lifted, grafted
from simulate.writers.write_back.parts import UNREADABLE, Parts, unreadable
from simulate.writers.write_back.scanned import Scanned, scanned
from simulate.writers.write_back.tables import (
    Table,
    columns_of,
    counted_with,
    filled_columns,
    lying_on,
    of_sheet,
    own_columns,
    room,
    shown,
    values_of,
)

SCRATCH = "{}"
"""Names of sheets that are only written to be taken apart."""


@dataclass(frozen=True, slots=True)
class Beside:
    """What goes beside a table. part: of its sheet; first: the column where it begins; own: columns of an earlier answer."""

    table: Table
    part: str
    columns: tuple[Part, ...]
    first: int
    own: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Plan:
    """original, book: as it is on the disk now; told: in words, where things go and what is left out; own: the part of an earlier answer's sheet."""

    source: Path
    original: bytes
    book: Mapping[str, grid.Sheet]
    target: Path
    force: bool
    beside: tuple[Beside, ...]
    sheet: str
    own: str | None
    told: tuple[str, ...]


def planned(
    loaded: Loaded, name: str, force: bool = False, out: str | None = None, workbook: str | None = None
) -> Plan:
    """name: of the copy; out: a folder of results, which holds no other files; workbook: that the lines are from, where it is not in the folder of the case.
    Raises InputError for all that is in its way, before any work."""
    try:
        return _planned(loaded, name, force, out, workbook)
    except UNREADABLE as error:
        raise InputError(f"--write-back {named(name)}: {unreadable(error)}") from None
    except InputError as error:
        said = str(error)
        raise error if said.startswith("--write-back") else InputError(f"--write-back {named(name)}: {said}") from None


def _planned(loaded: Loaded, name: str, force: bool, out: str | None, workbook: str | None) -> Plan:
    found, language = places.of_case(loaded, workbook), locale.language()
    target = _target(name, found.file, loaded.files, force, out)
    original = _read(found.file)
    _check_same(loaded, original)
    parts = Parts.of(original)
    if parts.losses and not force:
        raise InputError(
            text(
                "the copy cannot keep everything that {file} has: {losses}. With --force it is written without",
                file=found.file.name, losses="; ".join(parts.losses),
            )
        )  # fmt: skip
    tables = tuple(table for one in found.tables if (table := one.of_lines(_labels(loaded.scenario))).rows)
    beside, told = _beside(tables, parts, found.book, language)
    own = _own_sheet(parts, found.book)
    opened = []
    if _is_open(found.file):
        opened.append(
            text("{file} is open in another program; what is not saved there is not in the copy", file=found.file.name)
        )
    sheet_name = next((one.name for one in parts.sheets() if one.part == own), SHEETS[language])
    return Plan(found.file, original, found.book, target, force, beside, sheet_name, own, (*opened, *found.told, *told))


def _labels(scenario: Scenario) -> set[str]:
    return {line.label for line in (*queries.lines(scenario), *queries.financing(scenario))}


def _check_same(loaded: Loaded, original: bytes) -> None:
    """A case that was read is the workbook as it is now. Raises InputError."""
    if loaded.cells is not None and not loaded.scenario.parts and hashlib.sha256(original).hexdigest() != loaded.sha256:
        raise InputError(text("the workbook was changed while it was read; try again"))


# The file ---------------------------------------------------------------------------------------------------------------


def _target(name: str, original: Path, inputs: tuple[str, ...], force: bool, out: str | None) -> Path:
    """Where the copy goes. Raises InputError where it may not."""
    path = Path(os.path.realpath(expanded(name)))
    if why := _why_not(name, path, original, inputs, out):
        raise InputError(why)
    if path.exists() and not force:
        raise InputError(text("there is a file of that name already; name another one, or replace it with --force"))
    return path


def _why_not(name: str, path: Path, original: Path, inputs: tuple[str, ...], out: str | None) -> str:
    ending = original.suffix.lower()
    if not name.strip():
        return text("the name is empty")
    if path.is_dir():
        return text("that is a folder; name a file in it")
    if path.suffix.lower() != ending or not path.stem:
        return text("the name must end in {ending}, as that of the workbook that it is a copy of", ending=ending)
    if _is_same(path, original):
        return text("that is the workbook itself, which is never written to; name another file")
    if any(_is_same(path, Path(expanded(one))) for one in inputs):
        return text("this run reads it")
    if out is not None and path.parent == Path(os.path.realpath(expanded(out))):
        return text("the folder of --out holds its own files alone; name another place")
    if (path.parent / RECORD).exists():
        return text("the folder of a stored run holds its own files alone; name another place")
    if not path.parent.is_dir():
        return text("there is no such folder")
    if path.exists() and not path.is_file():
        return text("there is something else than a file of that name")
    if not os.access(path.parent, os.W_OK):
        return text("this account may not write there")
    return text("it is open in another program; close it there") if _is_open(path) else ""


def _is_same(one: Path, other: Path) -> bool:
    """Under whatever name: a link, or letters that the disk takes for the same."""
    return one.exists() and other.exists() and one.samefile(other)


def _is_open(file: Path) -> bool:
    """Whether a spreadsheet says that it has it: Excel and LibreOffice put a file of their own beside it."""
    return any((file.parent / one).exists() for one in (f"~${file.name}", f".~lock.{file.name}#"))


def _read(file: Path) -> bytes:
    try:
        return file.read_bytes()
    except OSError as error:
        raise InputError(text("{file} cannot be read: {reason}", file=named(file), reason=reason(error))) from None


# Where everything goes --------------------------------------------------------------------------------------------------


def _own_sheet(parts: Parts, book: Mapping[str, grid.Sheet]) -> str | None:
    """The sheet of an earlier answer. Raises InputError where one of that name is none."""
    for one in parts.sheets():
        if is_own_sheet(one.name):
            made = book[one.name].at(sheet.MADE, 0) if one.name in book else None
            if not (isinstance(made, str) and "provenu" in made and "seed" in made):
                raise InputError(
                    text(
                        "its sheet “{sheet}” is none that this program has written, and would be replaced; give it another name",
                        sheet=one.name,
                    )
                )
            return one.part
    return None


def _beside(
    tables: tuple[Table, ...], parts: Parts, book: Mapping[str, grid.Sheet], language: Language
) -> tuple[tuple[Beside, ...], list[str]]:
    """What there is room for, and in words where it goes."""
    found, told = list[Beside](), list[str]()
    counted = counted_with(parts)
    by_name = {one.name: one.part for one in parts.sheets()}
    for table in tables:
        part, columns = by_name[table.sheet], columns_of(table)
        own = own_columns(table, book[table.sheet])
        here = scanned(parts.data[part], table.height)
        taken = [*of_sheet(counted, table.sheet), *lying_on(parts, part, here)]
        first = room(table, len(columns), here, taken, own)
        if first is None:
            told.append(
                text(
                    "Beside the table in “{sheet}” there is no room that the workbook's own formulas do not count with; its figures are in the new sheet alone",
                    sheet=table.sheet,
                )
            )
            continue
        found.append(Beside(table, part, tuple(columns), first, tuple(own)))
        told.append(_where(table, first, len(columns), here, own))
    return tuple(found), told


def _where(table: Table, first: int, wide: int, sheet: Scanned, own: Sequence[int]) -> str:
    cells = f"{address(table.header, first, table.sheet)}:{address(table.last_row, first + wide - 1)}"
    filled = [i for i in filled_columns(table, sheet, own) if i < first]
    if first == max([table.last_column, *filled]) + 2:
        return text("The answer's columns stand in {cells}", cells=cells)
    return text(
        "The answer's columns stand in {cells}, as the columns beside the table are hidden or counted with", cells=cells
    )


# Made -------------------------------------------------------------------------------------------------------------------


def written(plan: Plan, run: Run, scenario: Scenario) -> bytes:
    """The copy."""
    parts = Parts.of(plan.original)
    document = Document(scenario.title, locale.language(), ())
    with locale.worded("" if scenario.costs else "costless"), held_together(), by_label(), paper.counted_in(1):
        book = Book(document, currency_sign(scenario.money.currency))
        numbers = {plan.sheet: sheet.answer(book, plan.sheet, run, scenario, plan.told).numbers}
        heights = []
        for i, one in enumerate(plan.beside):
            name = SCRATCH.format(i)
            beside = _cells(book, name, one, run, scenario)
            numbers[name] = beside.numbers
            heights.append(beside.high)
        made = Lifted.of(book.finished(), numbers, parts)
    for i, one in enumerate(plan.beside):
        _graft(parts, one, made.cells(SCRATCH.format(i)), heights[i])
    made.whole(plan.sheet, parts, plan.own)
    parts.unsigned()
    data = parts.written()
    _check_copy(plan, data)
    return data


def _check_copy(plan: Plan, data: bytes) -> None:
    """That everything of the original is read from the copy. Raises DefectError: no copy is better than one that says something else."""
    with TemporaryDirectory() as folder:
        file = Path(folder) / f"copy{plan.target.suffix}"
        file.write_bytes(data)
        after = {one.name: one for one in grid.read(os.fspath(file)).sheets}
    beside = {one.table.sheet: one for one in plan.beside}
    same = all(
        name in after and _is_kept(one, after[name], beside.get(name))
        for name, one in plan.book.items()
        if name != plan.sheet
    )
    if not same or plan.sheet not in after:
        raise DefectError(
            text(
                "a defect in this program: the copy would not say what the workbook says, so it is not written; please report it"
            )
        )


def _is_kept(before: grid.Sheet, after: grid.Sheet, beside: Beside | None) -> bool:
    """Whether all cells are the same, but those of the answer."""
    own = set() if beside is None else {*beside.own, *range(beside.first, beside.first + len(beside.columns))}
    rows = range(0) if beside is None else beside.table.height
    places = [
        (i, j)
        for one in (before, after)
        for i, row in enumerate(one.rows)
        for j, value in enumerate(row)
        if value is not None
    ]
    changed = (
        place
        for place in places
        if before.at(*place) != after.at(*place) and not (place[0] in rows and place[1] in own)
    )
    return next(changed, None) is None and {place for place in before.faults if place[1] not in own} <= set(
        after.faults
    )


def _cells(book: Book, name: str, one: Beside, run: Run, scenario: Scenario) -> sheet.Exact:
    each = {row.row: shown(values_of(row, run), row, one.table.scale) for row in one.table.rows}
    return sheet.beside(book, name, one.table, one.columns, one.first, each, sheet.about(run, one.table, scenario))


def _graft(parts: Parts, one: Beside, cells: Mapping[tuple[int, int], bytes], heights: Mapping[int, float]) -> None:
    here = scanned(parts.data[one.part], one.table.height)
    cleared = {(row, column) for row in one.table.height for column in one.own}
    wide = sheet.WIDTHS | ({"about": sheet.WRAPPED} if heights else {})
    widths = {one.first + i: wide[column] for i, column in enumerate(one.columns)}
    parts.data[one.part] = grafted(here, cells, cleared, widths, heights)


def check_again(plan: Plan) -> None:
    """What was found before the run holds after it. Raises InputError."""
    if plan.target.exists() and (not plan.force or _is_same(plan.target, plan.source)):
        raise InputError(text("--write-back {file}: there is a file of that name by now", file=named(plan.target)))
