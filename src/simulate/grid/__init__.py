"""A workbook, a CSV or a pasted table as sheets of cells with addresses; it knows nothing of what they mean."""

from simulate.grid.addresses import address
from simulate.grid.book import Book, Flaw, GridProblem, Sheet, Value
from simulate.grid.reading import read

__all__ = ["Book", "Flaw", "GridProblem", "Sheet", "Value", "address", "read"]
