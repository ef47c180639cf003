"""Each kind of cell, done by hand: what stands in the file, and what is read of it."""

from collections.abc import Callable
from datetime import date, datetime, time, timedelta
from pathlib import Path
from typing import Any

import pytest
import raw_workbooks as raw

from simulate import grid, locale
from simulate.grid import Flaw
from simulate.grid.looks import look
from simulate.grid.moments import moment
from simulate.grid.references import references

xlsxwriter = pytest.importorskip("xlsxwriter")


def book_of(folder: Path, fill: Callable[[Any, Any], None], **options: Any) -> grid.Book:
    """Of a workbook with one sheet, filled by a program that others wrote."""
    path = folder / "case.xlsx"
    with xlsxwriter.Workbook(path, options) as book:
        fill(book, book.add_worksheet("Costs"))
    return grid.read(str(path))


def one(folder: Path, rows: str, **of: Any) -> grid.Sheet:
    return grid.read(raw.written(folder, raw.parts(rows, **of))).sheets[0]


def test_texts_numbers_and_truths(tmp_path: Path):
    def fill(book: Any, sheet: Any) -> None:
        sheet.write_row(1, 1, ["Label", 12, -0.5, 1e-300, True, False, "1.234", "x < y & z"])
        sheet.write_rich_string(3, 2, "a", book.add_format({"bold": True}), "b", " c")
        sheet.write_string(3, 3, "two\nlines")
        sheet.write_blank(3, 9, None, book.add_format({"bold": True}))

    sheet = book_of(tmp_path, fill).sheets[0]
    assert sheet.name == "Costs"
    assert sheet.rows == [
        (),
        [None, "Label", 12.0, -0.5, 1e-300, True, False, "1.234", "x < y & z"],
        (),
        [None, None, "ab c", "two\nlines"],
    ]
    assert (sheet.at(1, 1), sheet.at(1, 99), sheet.at(99, 0), sheet.at(-1, 0)) == ("Label", None, None, None)
    assert not sheet.faults
    assert not sheet.hidden


def test_a_whole_number_is_a_float_and_a_truth_is_none(tmp_path: Path):
    sheet = one(tmp_path, '<row r="1"><c r="A1"><v>1</v></c><c r="B1" t="b"><v>1</v></c><c r="C1" t="b"><v>false</v></c></row>')  # fmt: skip
    assert [type(value) for value in sheet.rows[0]] == [float, bool, bool]
    assert list(sheet.rows[0]) == [1.0, True, False]


@pytest.mark.parametrize("error", ["#DIV/0!", "#N/A", "#REF!", "#VALUE!", "#NAME?", "#NUM!", "#NULL!", "#SPILL!"])
def test_errors_are_no_empty_cells(tmp_path: Path, error: str):
    sheet = book_of(tmp_path, lambda book, sheet: sheet.write_formula(2, 1, "=A1/0", None, error)).sheets[0]
    if error != "#SPILL!":  # which that program does not know
        assert sheet.faults == {(2, 1): Flaw("error", error)}
    sheet = one(tmp_path, f'<row r="3"><c r="B3" t="e"><f>A1/0</f><v>{error}</v></c><c r="C3"><v>7</v></c></row>')
    assert sheet.faults == {(2, 1): Flaw("error", error)}
    assert sheet.rows[2] == [None, None, 7.0]


def test_an_error_is_said_as_the_users_excel_says_it():
    flaw = Flaw("error", "#DIV/0!")
    assert str(flaw.words()) == "the cell has the spreadsheet's error #DIV/0! and no value; mend its formula, and save the file"  # fmt: skip
    with locale.speaking("da"):
        assert str(flaw.words()) == "cellen har regnearkets fejl #DIVISION/0! og ingen værdi; ret formlen, og gem filen"  # fmt: skip
        assert "#I/T" in Flaw("error", "#N/A").words()
        assert "#{0}!" in Flaw("error", "#{0}!").words()


def test_formulas_have_the_values_that_are_stored(tmp_path: Path):
    def fill(book: Any, sheet: Any) -> None:
        sheet.write_formula(0, 0, "=1+1", None, 2)
        sheet.write_formula(0, 1, '="a"&"b"', None, "ab")
        sheet.write_formula(0, 2, "=TRUE()", None, True)
        sheet.write_formula(0, 3, "=1+1", None, "")

    sheet = book_of(tmp_path, fill).sheets[0]
    assert list(sheet.rows[0]) == [2.0, "ab", True, None]
    assert sheet.faults == {(0, 3): Flaw("uncalculated", "=1+1")}


@pytest.mark.parametrize("cell", ['<c r="A1"><f>B1*2</f></c>', '<c r="A1"><f>B1*2</f><v/></c>', '<c r="A1"><f>B1*2</f><v> </v></c>'])  # fmt: skip
def test_a_formula_without_a_result_is_told(tmp_path: Path, cell: str):
    sheet = one(tmp_path, f'<row r="1">{cell}<c r="B1"><v>3</v></c></row>')
    assert sheet.faults == {(0, 0): Flaw("uncalculated", "=B1*2")}
    assert sheet.rows == [[None, 3.0]]
    assert "open the file in Excel, save it there" in sheet.faults[0, 0].words()
    with locale.speaking("da"):
        assert "åbn filen i Excel, gem den der" in sheet.faults[0, 0].words()


def test_a_formula_may_give_an_empty_text(tmp_path: Path):
    sheet = one(tmp_path, '<row r="1"><c r="A1" t="str"><f>IF(B1,1,"")</f><v></v></c><c r="B1"><v>0</v></c></row>')
    assert sheet.rows == [[None, 0.0]]
    assert not sheet.faults


def test_a_nought_that_awaits_its_calculation_is_no_result(tmp_path: Path):
    """Programs that calculate nothing write a 0, and have Excel calculate when the file is opened."""
    rows = '<row r="1"><c r="A1"><f>B1*2</f><v>0</v></c><c r="B1"><v>0</v></c><c r="C1"><f>B1+5</f><v>5</v></c></row>'
    waiting = one(tmp_path, rows, book='<calcPr calcId="1" fullCalcOnLoad="1"/>')
    assert waiting.faults == {(0, 0): Flaw("uncalculated", "=B1*2")}
    assert waiting.rows == [[None, 0.0, 5.0]]
    assert one(tmp_path, rows, book='<calcPr calcId="1"/>').rows == [[0.0, 0.0, 5.0]]
    by_program = book_of(tmp_path, lambda book, sheet: sheet.write_formula(0, 0, "=1+1")).sheets[0]
    assert by_program.faults == {(0, 0): Flaw("uncalculated", "=1+1")}


def test_shared_formulas_have_their_own_values(tmp_path: Path):
    rows = '<row r="1"><c r="A1"><f t="shared" ref="A1:B1" si="0">C1</f><v>4</v></c><c r="B1"><f t="shared" si="0"/><v>5</v></c></row>'  # fmt: skip
    assert one(tmp_path, rows).rows == [[4.0, 5.0]]


@pytest.mark.parametrize("since_1904", [False, True])
def test_dates_and_times(tmp_path: Path, since_1904: bool):
    def fill(book: Any, sheet: Any) -> None:
        day, moments = book.add_format({"num_format": "mmm yy"}), book.add_format({"num_format": "dd-mm-yyyy hh:mm"})
        sheet.write_datetime(0, 0, date(2019, 12, 1), day)  # "2019-12" as Excel takes it
        sheet.write_datetime(0, 1, datetime(2031, 7, 9, 12, 30, 5), moments)
        sheet.write_datetime(0, 2, time(12, 30), book.add_format({"num_format": "hh:mm"}))
        sheet.write_datetime(0, 3, timedelta(hours=36, minutes=5), book.add_format({"num_format": "[h]:mm"}))

    sheet = book_of(tmp_path, fill, date_1904=since_1904).sheets[0]
    assert list(sheet.rows[0]) == [date(2019, 12, 1), datetime(2031, 7, 9, 12, 30, 5), None, None]
    assert sheet.faults == {(0, 2): Flaw("time", "12:30:00"), (0, 3): Flaw("time", "36:05:00")}


@pytest.mark.parametrize(
    ("serial", "since_1904", "is_read_as"),
    [
        (1, False, date(1900, 1, 1)),
        (59, False, date(1900, 2, 28)),
        (60, False, Flaw("date", "29-02-1900")),
        (61, False, date(1900, 3, 1)),
        (43800, False, date(2019, 12, 1)),
        (46023, False, date(2026, 1, 1)),
        (46023.75, False, datetime(2026, 1, 1, 18)),
        (46023.9999999999, False, date(2026, 1, 2)),
        (2958465, False, date(9999, 12, 31)),
        (2958465.9999999999, False, Flaw("date", "########")),
        (2958466, False, Flaw("date", "########")),
        (0, False, Flaw("time", "00:00:00")),
        (0.25, False, Flaw("time", "06:00:00")),
        (-1, False, Flaw("date", "########")),
        (1e300, False, Flaw("date", "########")),
        (0, True, date(1904, 1, 1)),
        (44561, True, date(2026, 1, 1)),
        (2957004, True, Flaw("date", "########")),
    ],
)
def test_days_are_counted_as_excel_counts_them(serial: float, since_1904: bool, is_read_as: object):
    assert moment(serial, since_1904) == is_read_as


@pytest.mark.parametrize(
    ("code", "is_a"),
    [
        ("General", ""),
        ("Standard", ""),
        ("0.00", ""),
        ("#,##0.00 \\k\\r\\.", ""),
        ('#,##0 "kr. om året"', ""),
        ("0.00E+00", ""),
        ("@", ""),
        ("[Red]-#,##0;[Black]#,##0", ""),
        ("_ * #,##0_ ;_ * -#,##0_ ;_ * \"-\"??_ ;_ @_ ", ""),
        ("[$kr-406] #,##0", ""),
        ("[>=1000000]0.0,,;0", ""),
        ("0%", "percent"),
        ('0.0" %"', ""),
        ("0.0\\ %", "percent"),
        ("yyyy-mm-dd", "date"),
        ("[$-406]d. mmmm yyyy;@", "date"),
        ("mmm", "date"),
        ("mmm yy", "date"),
        ("d/m hh:mm", "date"),
        ("hh:mm", "time"),
        ("h:mm AM/PM", "time"),
        ("mm:ss.0", "time"),
        ("[h]:mm:ss", "time"),
        ("[mm]", "time"),
    ],
)  # fmt: skip
def test_what_a_format_makes_of_a_number(code: str, is_a: str):
    assert look(code) == is_a


@pytest.mark.parametrize(("built_in", "value"), [("14", date(1900, 1, 5)), ("22", date(1900, 1, 5)), ("30", date(1900, 1, 5)), ("4", 5.0), ("9", 5.0), ("49", 5.0)])  # fmt: skip
def test_formats_without_a_code_of_their_own(tmp_path: Path, built_in: str, value: object):
    of = {"xl/styles.xml": raw.styles("General", built_in)}
    sheet = one(tmp_path, '<row r="1"><c r="A1" s="1"><v>5</v></c></row>', more=of)
    assert sheet.at(0, 0) == value
    assert sheet.percents == (frozenset({(0, 0)}) if built_in == "9" else frozenset())


def test_percentages_are_marked_and_stay_numbers(tmp_path: Path):
    def fill(book: Any, sheet: Any) -> None:
        sheet.write(1, 1, 0.15, book.add_format({"num_format": "0.0 %"}))
        sheet.write(1, 2, 0.15)
        sheet.write(1, 3, "15 %", book.add_format({"num_format": "0%"}))

    sheet = book_of(tmp_path, fill).sheets[0]
    assert list(sheet.rows[1]) == [None, 0.15, 0.15, "15 %"]
    assert sheet.percents == {(1, 1)}


def test_dates_as_iso_8601_has_them(tmp_path: Path):
    said = ["2027-03-01", "2027-03-01T00:00:00", "2027-03-01T06:30:00", "06:30:00"]
    cells = "".join(f'<c r="{letter}1" t="d"><v>{one}</v></c>' for letter, one in zip("ABCD", said, strict=True))
    sheet = one(tmp_path, f'<row r="1">{cells}</row>')
    assert list(sheet.rows[0]) == [date(2027, 3, 1), date(2027, 3, 1), datetime(2027, 3, 1, 6, 30), None]
    assert sheet.faults == {(0, 3): Flaw("time", "06:30:00")}


def test_letters_that_xml_cannot_hold(tmp_path: Path):
    shared = raw.strings(
        "<t>a_x000D_\nb</t>", "<t>_x005F_x000D_</t>", "<t>c_x0009_d</t>", "<t>_xD83D_</t>", "<t>_x41_</t>"
    )
    cells = "".join(f'<c r="{letter}1" t="s"><v>{i}</v></c>' for i, letter in enumerate("ABCDE"))
    sheet = one(tmp_path, f'<row r="1">{cells}</row>', more={"xl/sharedStrings.xml": shared})
    assert list(sheet.rows[0]) == ["a\nb", "_x000D_", "c\td", "_xD83D_", "_x41_"]


def test_what_is_written_with_them_is_read_back(tmp_path: Path):
    sheet = book_of(tmp_path, lambda book, sheet: sheet.write_row(0, 0, ["_x000D_", "a_b_x", "æøå €"])).sheets[0]
    assert list(sheet.rows[0]) == ["_x000D_", "a_b_x", "æøå €"]


def test_a_text_with_several_looks_is_whole_and_has_no_pronunciation(tmp_path: Path):
    rich = "<r><rPr><b/></rPr><t>Udgift</t></r><r><t xml:space='preserve'> til </t></r><r><t>løn</t></r><rPh sb='0' eb='1'><t>udo</t></rPh>"
    cells = f'<row r="1"><c r="A1" t="s"><v>0</v></c><c r="B1" t="inlineStr"><is>\n {rich}\n</is></c></row>'
    sheet = one(tmp_path, cells, more={"xl/sharedStrings.xml": raw.strings(rich)})
    assert list(sheet.rows[0]) == ["Udgift til løn", "Udgift til løn"]


def test_what_nothing_is_seen_of_is_empty(tmp_path: Path):
    sheet = book_of(tmp_path, lambda book, sheet: sheet.write_row(0, 0, [" ", "\xa0", "\n", "x", " "])).sheets[0]
    assert sheet.rows == [[None, None, None, "x"]]


def test_rows_and_cells_need_no_address(tmp_path: Path):
    sheet = one(tmp_path, '<row><c><v>1</v></c><c/><c><v>3</v></c></row><row r="4"><c r="B4"><v>5</v></c><c><v>6</v></c></row><row><c><v>7</v></c></row>')  # fmt: skip
    assert sheet.rows == [[1.0, None, 3.0], (), (), [None, 5.0, 6.0], [7.0]]


def test_formatted_cells_far_below_are_nothing(tmp_path: Path):
    sheet = one(tmp_path, '<row r="1"><c r="A1"><v>1</v></c></row><row r="1048576"><c r="XFD1048576" s="0"/></row>')
    assert sheet.rows == [[1.0]]


def test_the_last_column_is_read(tmp_path: Path):
    sheet = one(tmp_path, '<row r="1"><c r="XFD1"><v>1</v></c></row>')
    assert sheet.at(0, 16383) == 1.0


def test_hidden_and_merged_ranges(tmp_path: Path):
    def fill(book: Any, sheet: Any) -> None:
        sheet.write(5, 0, "x")
        sheet.set_row(2, None, None, {"hidden": True})
        sheet.set_row(40, None, None, {"hidden": True})
        sheet.set_column(1, 2, None, None, {"hidden": True})
        sheet.set_column(4, 4, None, None, {"hidden": True})
        sheet.merge_range(0, 0, 1, 3, "Budget")
        hidden = book.add_worksheet("Hidden")
        hidden.hide()
        book.add_worksheet("Very").very_hidden()

    book = book_of(tmp_path, fill)
    costs = book.sheets[0]
    assert costs.at(0, 0) == "Budget"
    assert costs.merged == [(0, 0, 1, 3)]
    assert costs.hidden_rows == {2}
    assert costs.hidden_columns == {1, 2, 4}
    assert [(sheet.name, sheet.hidden) for sheet in book.sheets] == [("Costs", False), ("Hidden", True), ("Very", True)]


def test_sheets_stand_in_their_order_and_charts_are_none(tmp_path: Path):
    def fill(book: Any, sheet: Any) -> None:
        sheet.write(0, 0, 1)
        chart = book.add_chart({"type": "line"})
        chart.add_series({"values": "=Costs!$A$1"})
        book.add_chartsheet("Chart").set_chart(chart)
        book.add_worksheet('Tom\'s "own"! sheet').write(1, 1, 2)

    book = book_of(tmp_path, fill)
    assert [sheet.name for sheet in book.sheets] == ["Costs", 'Tom\'s "own"! sheet']
    assert book.sheets[1].rows == [(), [None, 2.0]]


def test_a_prefix_of_every_element_changes_nothing(tmp_path: Path):
    of = raw.parts('<row r="2"><c r="B2" t="inlineStr"><is><t>a</t></is></c><c r="C2"><v>2</v></c></row>')
    for name in ("xl/workbook.xml", "xl/worksheets/sheet1.xml", "xl/_rels/workbook.xml.rels", "xl/styles.xml"):
        start = of[name].index("<", 5)
        body = of[name][start:].replace("</", "\0").replace("<", "<x:").replace("\0", "</x:").replace("xmlns=", "xmlns:x=")  # fmt: skip
        of[name] = of[name][:start] + body
    assert grid.read(raw.written(tmp_path, of)).sheets[0].rows == [(), [None, "a", 2.0]]


def test_parts_may_have_other_names(tmp_path: Path):
    of = raw.parts('<row r="1"><c r="A1"><v>4</v></c></row>')
    moved = {name.replace("xl/", "XL\\Other/"): content for name, content in of.items()}
    moved["_rels/.rels"] = raw.relations(("a", "officeDocument", "/xl/other/../Other/workbook.xml"))
    assert grid.read(raw.written(tmp_path, moved)).sheets[0].rows == [[4.0]]


def test_utf_16_is_read_as_it_says(tmp_path: Path):
    of: dict[str, Any] = raw.parts('<row r="1"><c r="A1" t="inlineStr"><is><t>Året</t></is></c></row>')
    of["xl/worksheets/sheet1.xml"] = of["xl/worksheets/sheet1.xml"].replace("UTF-8", "UTF-16").encode("utf-16")
    assert grid.read(raw.written(tmp_path, of)).sheets[0].rows == [["Året"]]


def test_what_openpyxl_writes(tmp_path: Path):
    """Another writer: its texts are shared, its formulas have no results."""
    openpyxl = pytest.importorskip("openpyxl")
    book = openpyxl.Workbook()
    book.active.title = "Forudsætninger"
    book.active.append(
        [
            "Antal",
            12,
            0.25,
            True,
            date(2027, 3, 1),
            datetime(2027, 3, 1, 6, 30),
            time(6, 30),
            "=B1*2",
            None,
            "slut",
        ]
    )
    book.active["B2"], book.active["B2"].number_format = 0.15, "0%"
    book.active.row_dimensions[2].hidden = True
    book.active.merge_cells("A3:B4")
    book.active["A3"] = "to linjer\nog en til"
    book.save(tmp_path / "case.xlsx")
    sheet = grid.read(str(tmp_path / "case.xlsx")).sheets[0]
    assert list(sheet.rows[0]) == ["Antal", 12.0, 0.25, True, date(2027, 3, 1), datetime(2027, 3, 1, 6, 30), None, None, None, "slut"]  # fmt: skip
    assert sheet.faults == {(0, 6): Flaw("time", "06:30:00"), (0, 7): Flaw("uncalculated", "=B1*2")}
    assert (sheet.at(1, 1), sheet.percents, sheet.hidden_rows, sheet.merged) == (0.15, {(1, 1)}, {1}, [(2, 0, 3, 1)])
    assert sheet.at(2, 0) == "to linjer\nog en til"


def test_how_values_came_about(tmp_path: Path):
    def fill(book: Any, sheet: Any) -> None:
        sheet.write_formula(0, 0, "=B1*2", None, 4)
        sheet.write(0, 2, 5, book.add_format({"font_strikeout": True}))
        sheet.write(1, 0, "x", book.add_format({"font_strikeout": True, "bold": True}))
        sheet.write_blank(1, 1, None, book.add_format({"font_strikeout": True}))
        sheet.write(1, 2, 5, book.add_format({"bold": True}))

    sheet = book_of(tmp_path, fill).sheets[0]
    assert sheet.formulas == {(0, 0): "=B1*2"}
    assert not sheet.blanks
    assert sheet.struck == {(0, 2), (1, 0)}


@pytest.mark.parametrize("nothing", ["<v></v>", "<v/>", "", "<v>  </v>"])
def test_a_formula_that_gives_an_empty_text(tmp_path: Path, nothing: str):
    rows = f'<row r="1"><c r="A1" t="str"><f>IF(B1&gt;9,1,"")</f>{nothing}</c><c r="B1"><v>1</v></c></row>'
    sheet = one(tmp_path, rows)
    assert sheet.rows == [[None, 1.0]]
    assert sheet.formulas == {(0, 0): '=IF(B1>9,1,"")'}
    assert sheet.blanks == {(0, 0)}


def test_a_formula_that_cells_share(tmp_path: Path):
    rows = "".join(
        f'<row r="{n}"><c r="B{n}"><f t="shared" si="0"{more}>{said}</f><v>{n}</v></c></row>'
        for n, more, said in [(1, ' ref="B1:B3"', "A1*$A$1+'My sheet'!C$2*SUM(A1:D$9)"), (2, "", ""), (3, "", "")]
    )
    assert one(tmp_path, rows).formulas == {
        (0, 1): "=A1*$A$1+'My sheet'!C$2*SUM(A1:D$9)",
        (1, 1): "=A2*$A$1+'My sheet'!C$2*SUM(A2:D$9)",
        (2, 1): "=A3*$A$1+'My sheet'!C$2*SUM(A3:D$9)",
    }


@pytest.mark.parametrize(
    ("formula", "found"),
    [
        ("=A1*2", [("", 0, 0, 0, 0)]),
        ("=Costs!$B$2:C3", [("Costs", 1, 1, 2, 2)]),
        ("='Tom''s sheet'!AA10", [("Tom's sheet", 9, 26, 9, 26)]),
        ('=IF(B1="A1",LOG10(2),3)', [("", 0, 1, 0, 1)]),
        ("=[1]Costs!A1+'[2]My costs'!A2+rate2", [("[2]My costs", 1, 0, 1, 0)]),
    ],
)
def test_cells_that_a_formula_names(formula: str, found: list[tuple[str, int, int, int, int]]):
    assert [tuple(each) for each in references(formula)] == found
