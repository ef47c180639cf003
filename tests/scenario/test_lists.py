"""Lists of numbers as Danes and computers write them: one reading that fits, or both shown."""

import pytest

from simulate.errors import InputError
from simulate.scenario import overrides
from simulate.scenario.lists import several
from simulate.scenario.numbers import NumberProblem

FITS = {
    "share": lambda share: 0 < share < 1,
    "money": lambda loss: 1000 <= loss <= 1e10,
    "count": lambda size: size.is_integer() and 1 <= size <= 10_000,
}


@pytest.mark.parametrize(
    ("given", "usage", "numbers"),
    [
        ("0,5", "share", [0.5]),
        ("0.5", "share", [0.5]),
        ("50 %", "share", [0.5]),
        ("50%,80%", "share", [0.5, 0.8]),
        ("0,5;0,8;0,9", "share", [0.5, 0.8, 0.9]),
        ("0,5, 0,8", "share", [0.5, 0.8]),
        ("0,5,0,8", "share", [0.5, 0.8]),
        ("0.5,0.8,0.9", "share", [0.5, 0.8, 0.9]),
        ("0.975", "share", [0.975]),
        ("0,975", "share", [0.975]),
        ("0.5,0.975", "share", [0.5, 0.975]),
        ("0,5%", "share", [0.005]),
        ("97,5 %; 99 %", "share", [0.975, 0.99]),
        ("0,5 %, 1,5 %", "share", [0.005, 0.015]),
        ("50", "share", []),
        ("1.2", "share", []),
        ("500000,1.5mio", "money", [5e5, 1.5e6]),
        ("1,000,000", "money", [1e6]),
        ("500.000", "money", [5e5]),
        ("1,5 mio; 2 mio", "money", [1.5e6, 2e6]),
        ("-1mio", "money", []),
        ("19,29,55", "count", [19, 29, 55]),
        ("19,29;55", "count", []),  # 19,29 is one number where semicolons part them
        ("1.500", "count", [1500]),
        ("19, 29,55", "count", [19, 29, 55]),
        (",".join(["19"] * 200), "count", [19] * 200),
    ],
)
def test_one_reading(given: str, usage: str, numbers: list[float]) -> None:
    assert several(given, usage, FITS[usage]) == pytest.approx(numbers)


@pytest.mark.parametrize(
    ("given", "usage", "one", "other"),
    [
        ("50,80 %", "share", "50.80 %", "50 %; 80 %"),
        ("99,5%", "share", "99.5%", "99%; 5%"),
        ("1,5mio", "money", "1.5mio", "1mio; 5mio"),
        ("1,2,5 mio", "money", "1 mio; 2 mio; 5 mio", "1 mio; 2.5 mio"),
        ("1500,5 t.kr.", "money", "1500; 5 t.kr.", "1500.5 t.kr."),
        ("1.500 mio", "money", "1500 mio", "1.5000 mio"),
        ("1.000", "count", "1000", "1.0000"),
        ("1,500", "count", "1; 500", "1500"),
        ("2,000,19", "count", "2000; 19", "2.0000; 19"),
    ],
)
def test_two_readings_are_shown_and_both_can_be_written(given: str, usage: str, one: str, other: str) -> None:
    with pytest.raises(NumberProblem) as problem:
        several(given, usage, FITS[usage])
    end = "" if other.endswith(".") else "."
    assert f"as {one} or as {other}{end} Write" in problem.value.message
    assert several(one, usage, FITS[usage]) != several(other, usage, FITS[usage])


@pytest.mark.parametrize(
    ("given", "said"),
    [("high", "not a number"), ("0.5,", "no number here"), ("", "no number here"), ("nan", "no finite number")],
)
def test_what_is_no_number(given: str, said: str) -> None:
    with pytest.raises(NumberProblem, match=said):
        several(given, "share", FITS["share"])


# --set ----------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("given", "one", "other"),
    [
        ("[0,5, 0,8]", "[0, 5, 0, 8]", "[0.5, 0.8]"),
        ("[0,5]", "[0, 5]", "[0.5]"),
        ("[1,5, 2]", "[1, 5, 2]", "[1.5, 2]"),
    ],
)
def test_a_list_in_brackets_that_toml_reads_otherwise_than_a_dane(given: str, one: str, other: str) -> None:
    with pytest.raises(InputError) as wrong:
        overrides._value(given)
    assert f"as {one} or as {other}." in str(wrong.value)
    assert list(overrides._value(one)) != list(overrides._value(other))


@pytest.mark.parametrize(
    ("given", "read"),
    [
        ("[450000,460000]", [450000, 460000]),
        ("[10,12]", [10, 12]),
        ("[0.5, 0.8]", [0.5, 0.8]),
        ("0,5; 0,8", ["0,5", "0,8"]),
        ("0,5", "0,5"),
        ('"a; b"', "a; b"),
    ],
)
def test_other_lists_are_left_as_they_are(given: str, read: object) -> None:
    assert overrides._value(given) == read


@pytest.mark.parametrize(
    ("given", "usage", "number"),
    [
        (",".join(["0.5"] * 3000), "share", 3000),
        ("; ".join(["0,5"] * 20_000), "share", 20_000),
        (",".join(["0,1"] * 60) + ",7", "share", 0),  # whatever its commas are, the last one does not fit
        (",".join(["1,1"] * 40) + ",0,0", "count", 0),
    ],
)
def test_long_lists(given, usage, number):
    """The ways to read a list are more than can be looked at one by one."""
    assert len(several(given, usage, FITS[usage])) == number
