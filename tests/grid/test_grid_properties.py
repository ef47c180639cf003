"""What must always hold: values that are written are read back, and whatever a file holds, there are cells or words."""

import contextlib
import csv
import io
import math
import random
import subprocess
import sys
import tempfile
from collections.abc import Mapping
from datetime import date, datetime
from pathlib import Path
from typing import Any

import pytest
import raw_workbooks as raw
from hypothesis import given, settings
from hypothesis import strategies as st

from simulate import grid
from simulate.grid.workbook import workbook

xlsxwriter = pytest.importorskip("xlsxwriter")
openpyxl = pytest.importorskip("openpyxl")

digits = (
    st.floats(allow_nan=False, allow_infinity=False).map(lambda value: float(f"{value:.16g}")).filter(math.isfinite)
)
letters = st.text(st.characters(exclude_categories=("Cs",), exclude_characters="\r\ufffe\uffff"), max_size=40)
days = st.dates(date(1900, 3, 1), date(9999, 12, 31))
values = st.one_of(digits, letters, st.booleans(), st.none(), days)
tables = st.lists(st.lists(values, max_size=6), max_size=6)


def kept(value: Any) -> Any:
    """As it is read back."""
    return None if isinstance(value, str) and not value.strip() else value


def packed(table: list[list[Any]]) -> bytes:
    held = io.BytesIO()
    plain = {"in_memory": True, "strings_to_urls": False, "strings_to_formulas": False, "strings_to_numbers": False}
    with xlsxwriter.Workbook(held, plain) as book:
        sheet = book.add_worksheet("S")
        day = book.add_format({"num_format": "dd-mm-yyyy"})
        for i, row in enumerate(table):
            for j, value in enumerate(row):
                if isinstance(value, date):
                    sheet.write_datetime(i, j, datetime(value.year, value.month, value.day), day)
                elif isinstance(value, str):
                    sheet.write_string(i, j, value)
                elif value is not None:
                    sheet.write(i, j, value)
    return held.getvalue()


@given(tables)
def test_what_is_written_is_read_back(table: list[list[Any]]):
    expected = {(i, j): kept(value) for i, row in enumerate(table) for j, value in enumerate(row)}
    expected = {place: value for place, value in expected.items() if value is not None}
    if not expected:
        with pytest.raises(grid.GridProblem, match="the workbook is empty"):
            workbook("case.xlsx", packed(table))
        return
    sheet = workbook("case.xlsx", packed(table)).sheets[0]
    found = {(i, j): value for i, row in enumerate(sheet.rows) for j, value in enumerate(row) if value is not None}
    assert found == expected
    assert all(type(found[place]) is type(value) for place, value in expected.items())


@given(
    st.lists(
        st.lists(st.one_of(digits, st.booleans(), st.none(), days), min_size=1, max_size=5), min_size=1, max_size=5
    )
)
@settings(max_examples=30)
def test_another_reader_reads_the_same(table: list[list[Any]]):
    data = packed([[1.0], *table])
    sheet = workbook("case.xlsx", data).sheets[0]
    other = openpyxl.load_workbook(io.BytesIO(data), data_only=True)["S"]
    for i, row in enumerate(other.iter_rows(values_only=True)):
        for j, value in enumerate(row):
            assert sheet.at(i, j) == (value.date() if isinstance(value, datetime) else value)


@given(st.lists(st.lists(letters, min_size=2, max_size=5), min_size=1, max_size=6), st.sampled_from(";,\t"))
def test_csv_is_read_back(table: list[list[str]], sign: str):
    table = [["Udgift", "2027"], *table]
    held = io.StringIO()
    csv.writer(held, delimiter=sign, quoting=csv.QUOTE_ALL).writerows(table)
    if "\0" in held.getvalue():
        return
    with tempfile.TemporaryDirectory() as folder:
        path = raw.written(Path(folder), b"\xef\xbb\xbf" + f"sep={sign}\n{held.getvalue()}".encode(), "table.csv")
        sheet = grid.read(path).sheets[0]
    for i, row in enumerate(table):
        for j, value in enumerate(row):
            assert (i, j) in sheet.faults or sheet.at(i, j) == kept(value)


def ordinary() -> Mapping[str, str]:
    return raw.parts(
        '<row r="2" hidden="1"><c r="B2" t="s"><v>0</v></c><c r="C2" s="1"><v>0.15</v></c><c r="D2" t="e"><v>#N/A</v></c></row>'
        '<row r="5"><c r="A5"><f>B2</f></c><c r="B5" t="inlineStr"><is><t>x</t></is></c></row>',
        before='<cols><col min="2" max="3" hidden="1"/></cols>',
        after='<mergeCells><mergeCell ref="A1:B2"/></mergeCells>',
        more={"xl/sharedStrings.xml": raw.strings("<t>Løn</t>"), "xl/styles.xml": raw.styles("General", "0%")},
        book='<calcPr fullCalcOnLoad="1"/>',
    )


@pytest.mark.parametrize("seed", range(8))
def test_whatever_is_changed_in_the_bytes_there_are_cells_or_words(seed: int, tmp_path: Path):
    chance, data = random.Random(seed), raw.packed(ordinary())
    path = tmp_path / "case.xlsx"
    for _ in range(60):
        held = bytearray(data)
        for _ in range(chance.randint(1, 6)):
            held[chance.randrange(4, len(held))] = chance.randrange(256)
        path.write_bytes(held[: chance.choice([len(held), chance.randrange(4, len(held))])])
        answered(str(path))


@pytest.mark.parametrize("seed", range(8))
def test_whatever_is_changed_in_the_parts_there_are_cells_or_words(seed: int, tmp_path: Path):
    chance = random.Random(seed)
    for _ in range(40):
        of = dict(ordinary())
        name = chance.choice(sorted(of))
        content = of[name]
        start = chance.randrange(len(content))
        put = chance.choice(
            ["", "<", ">", '"', "1", "-1", "&#0;", "&lt;", "<c/>", "</row>", "<row>", "<v>", "9" * 20, "é", "x"]
        )
        of[name] = content[:start] + put + content[start + chance.randrange(9) :]
        answered(raw.written(tmp_path, of))


def answered(path: str) -> None:
    """Any other error than one in words would end the test."""
    with contextlib.suppress(grid.GridProblem):
        assert grid.read(path).sheets


HEAVY = ["python_calamine", "openpyxl", "zipfile", "csv", "pyexpat", "numpy"]


def test_little_is_imported_before_a_file_is_read():
    code = f"import sys; before = set(sys.modules); import simulate.grid; print([each for each in {HEAVY} if each in set(sys.modules) - before])"
    assert said(code) == "[]"


def test_a_case_in_toml_needs_none_of_it():
    code = "import sys, simulate.scenario; simulate.scenario.load('scenarios/silkeborg.toml'); print([each for each in sys.modules if each.startswith('simulate.grid')])"
    assert said(code) == "[]"


def said(code: str) -> str:
    root = Path(__file__).parents[2]
    return subprocess.run(
        [sys.executable, "-c", code], cwd=root, check=True, capture_output=True, text=True
    ).stdout.strip()
