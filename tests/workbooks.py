"""Workbooks for tests: rows as lists, cells as a reader gives them."""

import tomllib

from simulate import grid
from simulate.scenario import toml_writer, validation
from simulate.scenario.values import Literal
from simulate.workbook import reading, writing


def book(sheets, **more):
    """sheets: rows by the sheet's name. more: of the sheets, by their names, what grid.Sheet has beside rows."""
    kept = {
        name: [[float(cell) if type(cell) is int else cell for cell in row] for row in rows]
        for name, rows in sheets.items()
    }
    return grid.Book("case.xlsx", tuple(grid.Sheet(name, rows, **more.get(name, {})) for name, rows in kept.items()))


CASE = [
    ["Field", "Value"],
    ["Format", 1],
    ["Title", "x"],
    ["First year", 2027],
    ["Number of years", 3],
    ["Language", "English"],
]


STATES = [["Role", "State", "Share at the start", "Price a month"], ["r", "a", "x", 0], ["r", "b", None, 0]]


def case(**sheets):
    """The sheets with a first one that is right; names with _ for blanks."""
    return {"Case": CASE} | {name.replace("_", " "): rows for name, rows in sheets.items()}


def read(sheets, **more):
    return reading.read(book(sheets, **more))


def tree_of(sheets, **more):
    found = read(sheets, **more)
    assert found.problems == []
    return found.tree


def problems(sheets, **more):
    """(cell, message) of all that is wrong."""
    return [tuple(one) for one in read(sheets, **more).problems]


def parsed(text):
    return tomllib.loads(text, parse_float=Literal)


def again(tree, language="en", through=None):
    """The tree of the case's workbook, by way of the text file that its reader makes. through: what is done to the book between."""
    written = writing.book(writing.sheets(tree, language))
    found = reading.read(written if through is None else through(written))
    assert found.problems == []
    return parsed(toml_writer.dump(found.tree))


def checked(tree):
    scenario, found, _ = validation.check(tree)
    assert found == []
    return scenario


def bits(node):
    """Every number of a scenario, in hexadecimal, by its place."""
    if hasattr(node, "model_fields_set"):
        node = {**dict(node), **(node.model_extra or {})}
    if isinstance(node, dict):
        return {key: bits(item) for key, item in node.items()}
    if isinstance(node, list | tuple):
        return [bits(item) for item in node]
    return float(node).hex() if isinstance(node, float) else node
