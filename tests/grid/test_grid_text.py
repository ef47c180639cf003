"""Tables as text: CSV as spreadsheets write it, and cells that were pasted."""

from pathlib import Path

import pytest
import raw_workbooks as raw

from simulate import grid, locale
from simulate.grid import Flaw, GridProblem
from simulate.grid import delimited as limits

ROWS = [["Udgift", "2027", "2028"], ["Løn, familier", "1.234,50", "465.000"], ["Æøå €", None, "15 %"]]
DANISH = 'Udgift;2027;2028\r\n"Løn, familier";1.234,50;465.000\r\nÆøå €;;15 %\r\n'
TABS = "Udgift\t2027\t2028\nLøn, familier\t1.234,50\t465.000\nÆøå €\t\t15 %\n"


def rows_of(folder: Path, content: str | bytes, name: str = "budget.csv") -> list[list[grid.Value]]:
    path = raw.written(folder, content if isinstance(content, bytes) else content.encode(), name)
    return [list(row) for row in grid.read(path).sheets[0].rows]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp1252", "utf-16"])
@pytest.mark.parametrize(
    "content", [DANISH, TABS, "sep=;\r\n" + DANISH, '"sep=;"\n' + DANISH, DANISH.replace("\r\n", "\n")]
)
def test_encodings_and_signs(tmp_path: Path, encoding: str, content: str):
    assert rows_of(tmp_path, content.encode(encoding)) == ROWS


def test_utf_16_the_other_way_round(tmp_path: Path):
    assert rows_of(tmp_path, b"\xfe\xff" + TABS.encode("utf-16-be")) == ROWS


def test_english_csv(tmp_path: Path):
    content = 'Cost,2027,2028\n"Wages; families","1,234.50",465000\n\n"said ""so""",,15%\n'
    assert rows_of(tmp_path, content) == [
        ["Cost", "2027", "2028"],
        ["Wages; families", "1,234.50", "465000"],
        [],
        ['said "so"', None, "15%"],
    ]


def test_lines_in_a_cell_and_blank_rows_keep_the_addresses(tmp_path: Path):
    content = '\n"Budget\r\nfor 2027"\n\n;;"to\nlinjer";5\n;;\n'
    assert rows_of(tmp_path, content) == [[], ["Budget\nfor 2027"], [], [None, None, "to\nlinjer", "5"]]


def test_a_title_above_the_table_parts_nothing(tmp_path: Path):
    assert rows_of(tmp_path, "Budget, alle tal i 1.000 kr., 2027-prisniveau\nLøn;1,5;2,5\nHusleje;3,5;4,5\n")[1:] == [
        ["Løn", "1,5", "2,5"],
        ["Husleje", "3,5", "4,5"],
    ]


def test_pasted_text_with_a_quotation_mark_that_is_meant(tmp_path: Path):
    """Word quotes nothing; Excel quotes a cell of several lines."""
    word = '"Familier i fokus" i alt\t100\nRør 5"\t2\n"åben\t3\n'
    assert rows_of(tmp_path, word, "pasted.txt") == [
        ['"Familier i fokus" i alt', "100"],
        ['Rør 5"', "2"],
        ['"åben', "3"],
    ]
    excel = '"to\nlinjer"\t100\nRør\t2\n'
    assert rows_of(tmp_path, excel, "pasted.txt") == [["to\nlinjer", "100"], ["Rør", "2"]]


def test_errors_and_columns_that_were_too_narrow(tmp_path: Path):
    path = raw.written(tmp_path, "Løn;#DIVISION/0!;#I/T;#########;#1;#N/A;5\n".encode(), "budget.csv")
    sheet = grid.read(path).sheets[0]
    assert sheet.rows == [["Løn", None, None, None, "#1", None, "5"]]
    assert sheet.faults == {
        (0, 1): Flaw("error", "#DIVISION/0!"),
        (0, 2): Flaw("error", "#I/T"),
        (0, 3): Flaw("error", "#########"),
        (0, 5): Flaw("error", "#N/A"),
    }
    assert "#I/T" in sheet.faults[0, 2].words()


def test_a_text_has_one_sheet_without_a_name(tmp_path: Path):
    book = grid.read(raw.written(tmp_path, TABS.encode(), "pasted"))
    assert [sheet.name for sheet in book.sheets] == [""]
    assert grid.address(1, 2, book.sheets[0].name) == "C2"


def test_text_that_is_called_by_a_name_of_excels_with_text_in_it_is_refused_and_others_are_not(tmp_path: Path):
    assert rows_of(tmp_path, TABS, "budget.tsv") == ROWS
    with pytest.raises(GridProblem, match="let its name end in"):
        rows_of(tmp_path, TABS, "budget.XLSX")


@pytest.mark.parametrize(
    ("content", "english", "danish"),
    [
        ('a;b\n"c;d\ne;f\n', "row 2: a quotation mark is missing", "række 2: et anførselstegn mangler"),
        ('a;b\n"x\ny";2\n"c" d;3\n', "row 3: a quotation mark is missing", "række 3: et anførselstegn mangler"),
    ],
)
def test_quotation_marks_that_do_not_close(tmp_path: Path, content: str, english: str, danish: str):
    for language, said in (("en", english), ("da", danish)):
        with locale.speaking(language), pytest.raises(GridProblem, match=said):  # type: ignore[arg-type]
            rows_of(tmp_path, content)


def test_bytes_that_are_no_text(tmp_path: Path):
    with pytest.raises(GridProblem, match="save the file with the encoding UTF-8"):
        rows_of(tmp_path, b"a;\x81\x8d\n")
    with pytest.raises(GridProblem, match="save the file with the encoding UTF-8"):
        rows_of(tmp_path, b"\xff\xfea")


def test_rows_are_counted(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(limits, "MOST_ROWS", 10)
    assert len(rows_of(tmp_path, "a;1\n" * 10 + "\n" * 50)) == 10
    with pytest.raises(GridProblem, match="more than 10 rows"):
        rows_of(tmp_path, "a;1\n" * 11)


@pytest.mark.parametrize("content", ["a;" * 16_385, "a;b\n" * 5_000, ";" * 1_000_001, ";" * 9_000 + "\n" + "x;y\n" * 9])
def test_cells_are_counted(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, content: str):
    monkeypatch.setattr(limits, "MOST_CELLS", 9_999)
    if content.startswith(";" * 9_000 + "\n"):
        assert len(rows_of(tmp_path, content)) == 10
    else:
        with pytest.raises(GridProblem, match="more than 9999 cells that are filled in, or more than 16384 in a row"):
            rows_of(tmp_path, content)


def test_blank_lines_without_end_are_counted(tmp_path: Path):
    with pytest.raises(GridProblem, match="more than 100000 rows"):
        rows_of(tmp_path, "a;1\n" + "\n" * 1_000_000)
    with pytest.raises(GridProblem, match="more than 100000 rows"):
        rows_of(tmp_path, "a;1\n" + "\n" * 100_000 + "b;1\n")


def test_long_texts_are_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(limits, "MOST_BYTES", 1_000_000)
    with pytest.raises(GridProblem, match="larger than 1 million bytes"):
        rows_of(tmp_path, "a" * 1_000_001)
