"""Values of assumptions in their unit."""

import pytest

from simulate import locale
from simulate.reports.quantities import exact, together


@pytest.mark.parametrize(
    ("values", "usage", "written"),
    [
        ([0, 0.19], "share", ["0,0 %", "19,0 %"]),
        ([0.0553, 0.133], "share", ["5,5 %", "13,3 %"]),
        ([[0.0553, 0.0461], 0.133], "share", ["5,5/4,6 %", "13,3 %"]),
        ([0.001, 0.0042], "share", ["0,10 %", "0,42 %"]),
        ([0.00001, 0.19], "share", ["0,001 %", "19,0 %"]),
        ([612.4, 27043.2], "money", ["612 kr.", "27.043 kr."]),
        ([12.5, 20.25], "money", ["12,50 kr.", "20,25 kr."]),
        ([0.439, 1.05], "number", ["0,44", "1,05"]),
        ([15.9, 37.72], "count", ["15,9", "37,7"]),
        ([-0.02, 0.3], "share", ["-2,0 %", "30,0 %"]),
        ([[1, 2, 3, 4], [5, 6, 7, 8]], "count", ["1 … 4", "5 … 8"]),
    ],
)
def test_estimates_stand_beside_each_other(values: list, usage, written: list[str]) -> None:
    locale.use("da")
    assert together(values, usage, "DKK") == written


@pytest.mark.parametrize(
    ("value", "usage", "written"),
    [
        (0.15, "share", "15,0 %"),
        (0.1275, "share", "12,75 %"),
        (1 / 3, "share", "33,3 %"),
        (2 / 3, "number", "0,667"),
        ((0.09, 0.075), "share", "9,0/7,5 %"),
        (37500.0, "money", "37.500 kr."),
        (24.0, "count", "24"),
        (0.0, "share", "0,0 %"),
    ],
)
def test_what_the_file_has_is_not_rounded(value, usage, written: str) -> None:
    locale.use("da")
    assert exact(value, usage, "DKK") == written
