"""The template as a workbook, with cells written over, and what is then said of it: read and checked, no course is lived."""

from copy import copy
from dataclasses import dataclass, replace

from simulate import grid
from simulate.cli import checks
from simulate.errors import ScenarioError
from simulate.scenario import load


@dataclass(frozen=True)
class Said:
    """problems, warnings: (cell, message). scenario: where nothing is wrong."""

    problems: list[tuple[str, str]]
    warnings: list[tuple[str, str]]
    scenario: object = None

    @property
    def all(self):
        return self.problems + self.warnings


class Template:
    """language: of the template."""

    def __init__(self, folder, language):
        self.path, self.language = folder / f"{language}.xlsx", language
        checks.new(self.path, language)
        self.book = grid.read(str(self.path))

    def on(self, book):
        """The same over a workbook that was edited."""
        made = copy(self)
        made.book = book
        return made

    def rows(self, sheet):
        return [list(row) for row in next(one for one in self.book.sheets if one.name == sheet).rows]

    def with_rows(self, sheet, rows, name=None):
        """The workbook with other rows in a sheet, and another name of it."""
        sheets = [replace(one, rows=rows, name=name or one.name) if one.name == sheet else one for one in self.book.sheets]  # fmt: skip
        return replace(self.book, sheets=tuple(sheets))

    def changed(self, sheet, was, becomes, most=None):
        """With what stands in cells below the headings written over; most: of how many."""
        rows, n = self.rows(sheet), 0
        for row in rows[1:]:
            for j, cell in enumerate(row):
                if cell == was and (most is None or n < most):
                    row[j], n = becomes, n + 1
        assert n
        return self.with_rows(sheet, rows)

    def put(self, cell, value):
        """With something else in a cell, such as Udgifter!C2."""
        sheet, _, place = cell.rpartition("!")
        letters = place.rstrip("0123456789")
        column = 0
        for letter in letters:
            column = column * 26 + ord(letter) - 64
        rows, i = self.rows(sheet.strip("'").replace("''", "'")), int(place[len(letters) :]) - 1
        rows += [[] for _ in range(i + 1 - len(rows))]
        rows[i] += [None] * (column - len(rows[i]))
        rows[i][column - 1] = value
        return self.with_rows(sheet.strip("'"), rows)

    def said(self, book, monkeypatch):
        """What `simulate check` says of it."""
        monkeypatch.setattr(grid, "read", lambda name: book)
        try:
            loaded = load(str(self.path))
        except ScenarioError as error:
            return Said([(one.cell, one.message) for one in error.problems], [])
        return Said([], [(one.cell, one.message) for one in loaded.warnings], loaded.scenario)
