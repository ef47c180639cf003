"""What a cell is called."""

import pytest

from simulate.grid import address
from simulate.grid.addresses import column_of, letters


@pytest.mark.parametrize(
    ("row", "column", "sheet", "said"),
    [
        (2, 2, None, "C3"),
        (2, 2, "", "C3"),
        (0, 25, None, "Z1"),
        (0, 26, None, "AA1"),
        (1048575, 16383, None, "XFD1048576"),
        (2, 2, "Costs", "Costs!C3"),
        (2, 2, "Forudsætninger", "Forudsætninger!C3"),
        (2, 2, "Set_nu.1", "Set_nu.1!C3"),
        (2, 2, "My sheet", "'My sheet'!C3"),
        (2, 2, "Tom's", "'Tom''s'!C3"),
        (2, 2, "Nej!", "'Nej!'!C3"),
        (2, 2, "2027", "'2027'!C3"),
        (2, 2, "B-2027", "'B-2027'!C3"),
        (2, 2, "A1", "'A1'!C3"),
        (2, 2, "R1C1", "'R1C1'!C3"),
        (2, 2, "RC", "'RC'!C3"),
        (2, 2, "Costs2027", "Costs2027!C3"),
        (2, 2, "ABC2027", "'ABC2027'!C3"),
    ],
)
def test_addresses_are_written_as_excel_writes_them(row: int, column: int, sheet: str | None, said: str):
    assert address(row, column, sheet) == said


def test_columns_are_read_as_they_are_written():
    assert [column_of(letters(column)) for column in range(16384)] == list(range(16384))


@pytest.mark.parametrize("said", ["", "XFE", "AAAA", "a", "1", "Æ", "A1"])
def test_what_is_no_column(said: str):
    assert column_of(said) is None
