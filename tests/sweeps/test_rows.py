"""Cells that are no grid, from a spreadsheet or a program."""

from pathlib import Path

import pytest

from simulate import locale
from simulate.engine import Case
from simulate.errors import InputError
from simulate.scenario import load
from simulate.sweeps.rows import read

SCENARIO = Path(__file__).parents[2] / "scenarios" / "silkeborg.toml"


@pytest.fixture(scope="module")
def silkeborg():
    return Case.of(load(SCENARIO, language="en"))


def cells(case, file):
    """The values of each row."""
    axes, rows = read(str(file), [case])
    return [axis.written for axis in axes], [
        tuple(axis.values[i] for axis, i in zip(axes, row, strict=True)) for row in rows
    ]


WANTED = (["relapse", "finishing*", "costs.Casemanagers.number"], [(0.05, 0.8, 3), (0.1, 1.0, 3.5), (0.05, 1.2, 4)])
DANISH = "relapse;finishing*;costs.Casemanagers.number\r\n5 %;0,8;3\r\n0,1;1;3,5\r\n0,05;1,2;4\r\n"
PLAIN = "relapse,finishing*,costs.Casemanagers.number\n0.05,0.8,3\n0.1,1,3.5\n0.05,1.2,4\n"


@pytest.mark.parametrize(
    "data",
    [
        DANISH.encode("utf-8"),
        DANISH.encode("utf-8-sig"),
        DANISH.encode("cp1252"),
        DANISH.replace(";", "\t").encode("utf-16"),
        b"sep=;\r\n" + DANISH.encode(),
        DANISH.replace("\r\n", ";;\r\n").encode(),
        (DANISH + "\r\n;;\r\n\r\n").encode(),
        PLAIN.encode(),
        PLAIN.replace("0.1,1,3.5", '"0,1", "1", "3,5"').encode(),
        PLAIN.replace("0.05", "5%").encode(),
        PLAIN.replace("\n", "\r").encode(),
    ],
)
def test_forms(silkeborg, tmp_path, data):
    file = tmp_path / "rows.csv"
    file.write_bytes(data)
    assert cells(silkeborg, file) == WANTED


def test_names_with_danish_letters(tmp_path):
    source = (
        SCENARIO.read_text("utf-8")
        .replace('"relapse"', '"tilbagefald på år"')
        .replace("assumptions.relapse", 'assumptions."tilbagefald på år"')
    )
    scenario = tmp_path / "one.toml"
    scenario.write_text(source, "utf-8")
    file = tmp_path / "rows.csv"
    file.write_bytes(
        'tilbagefald på år;"costs.""Kørselsudgifter"".yearly"\n5 %;100.000\n10 %;90.000,50\n'.encode("cp1252")
    )
    assert cells(Case.of(load(scenario)), file)[1] == [(0.05, 100000), (0.1, 90000.5)]


def test_a_program_writes_three_decimals(silkeborg, tmp_path):
    file = tmp_path / "rows.csv"
    file.write_text("relapse,finishing*\n0.125,1.125\n1e-1,0.875\n")
    assert cells(silkeborg, file)[1] == [(0.125, 1.125), (0.1, 0.875)]


@pytest.mark.parametrize(
    ("data", "language", "words"),
    [
        ("relaps;finishing*\n5 %;1\n", "en", ["row 1, column A (relaps): no assumption is called so; did you mean `relapse`?"]),
        ("relapse;;finishing*\n5 %;1;1\n", "en", ["row 1, column B: this column has no title"]),
        ("relapse;title\n5 %;1\n", "en", ["row 1, column B (title): no number stands there"]),
        ("relapse;relapse\n5 %;6 %\n", "en", ["this is varied already, by"]),
        ("relapse;finishing*\n5 %;1\n150 %;x\n;2\n", "en", [
            "row 3, column A (relapse): no reading of this fits", "row 3, column B (finishing*): “x” is not a number", "row 4, column A (relapse): There is no number here"]),
        ("relapse;finishing*\n5 %;1\n150 %;1\n", "da", ["række 3, kolonne A (relapse): "]),
        ("relapse;finishing*\n5 %;1.125\n", "en", ["row 2, column B (finishing*): ", "can be read two ways: as 1125"]),
        ("relapse;finishing*\n5 %\n", "en", ["row 2: there are 1 cells, and 2 titles"]),
        ("relapse,finishing*\n0,05,1\n", "en", ["row 2: there are 3 cells, and 2 titles; a number with a comma stands in quotes"]),
        ("relapse;finishing*\n5 %;1\n6 %;1\n0,05;1,0\n", "en", ["row 4 has the numbers of row 2"]),
        ("relapse;finishing*\n", "en", ["there are no rows"]),
        ("", "en", ["there are no rows"]),
        ("\n\n", "en", ["there are no rows"]),
        ('relapse;finishing*\n"5 %;1\n', "en", ["a quotation mark is missing"]),
        ("benefit,relapse\n465.000,0.1\n", "en", ["row 2, column A (benefit): 465.000 without quotes is read as 465"]),
    ],
)  # fmt: skip
def test_what_is_wrong(silkeborg, tmp_path, data, language, words):
    locale.use(language)
    file = tmp_path / "rows.csv"
    file.write_text(data, "utf-8")
    with pytest.raises(InputError) as error:
        read(str(file), [silkeborg])
    for one in words:
        assert one in str(error.value)
    assert str(file) in str(error.value)


def test_a_file_that_is_not_there(silkeborg, tmp_path):
    locale.use("en")
    with pytest.raises(InputError, match="there is no such file"):
        read(str(tmp_path / "none.csv"), [silkeborg])
    with pytest.raises(InputError, match="cannot be read"):
        read(str(tmp_path), [silkeborg])
