"""A workbook of a finance officer's own, with all that such a workbook may have."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

YEARS = (2027, 2028, 2029)
SHEET = "Business case"
DOT = bytes.fromhex(
    "89504e470d0a1a0a0000000d4948445200000001000000010806000000 1f15c4890000000d49444154789c6360000002000100ffff03000006000557bfabd40000000049454e44ae426082".replace(" ", "")
)  # fmt: skip
LINES: Mapping[str, tuple[float, ...]] = {"Projektleder": (600, 600, 600), "Drift": (250, 255.5, 260), "Sparede anbringelser": (100, 700, 900)}  # fmt: skip
HEADER, FIRST, COSTS, SAVING, SAVINGS, PROVENU = 2, 4, 6, 8, 9, 10
"""Rows, from 0."""


def book(
    file: Path, *, unit: str = "1.000 kr.", minus: bool = False, more: Callable[[Any, Any], None] | None = None
) -> Path:
    """minus: savings stand with a minus, as in a budget. more: of the workbook and its sheet, what else is in them."""
    import xlsxwriter

    with xlsxwriter.Workbook(str(file)) as made:
        sheet = made.add_worksheet(SHEET)
        bold, kroner = (
            made.add_format({"bold": True, "font_color": "#aa0000"}),
            made.add_format({"num_format": "#,##0.0"}),
        )
        sheet.merge_range(0, 0, 0, 4, f"Indsats X, {unit}", bold)
        sheet.write_row(HEADER, 1, [*YEARS, "I alt", "Bemærkning"], bold)
        sign = -1 if minus else 1
        sheet.write(3, 0, "Udgifter", bold)
        _line(sheet, FIRST, "Projektleder", kroner)
        _line(sheet, FIRST + 1, "Drift", kroner)
        _sum(
            sheet,
            COSTS,
            "Udgifter i alt",
            [sum(each) for each in zip(*list(LINES.values())[:2], strict=True)],
            "=SUM({c}5:{c}6)",
        )
        sheet.write(7, 0, "Besparelser", bold)
        _line(sheet, SAVING, "Sparede anbringelser", kroner, sign)
        _sum(sheet, SAVINGS, "Besparelser i alt", [sign * one for one in LINES["Sparede anbringelser"]], "={c}9")
        whole = [
            saved - sum(costs)
            for saved, *costs in zip(LINES["Sparede anbringelser"], *list(LINES.values())[:2], strict=True)
        ]
        _sum(
            sheet,
            PROVENU,
            "Netto" if minus else "Provenu",
            [sign * one for one in whole],
            "={c}7+{c}10" if minus else "={c}10-{c}7",
        )
        sheet.write(FIRST, 5, "jf. notat")
        _around(made, sheet)
        if more is not None:
            more(made, sheet)
    return file


def _line(sheet: Any, row: int, name: str, how: Any, sign: int = 1) -> None:
    sheet.write(row, 0, name)
    values = [sign * one for one in LINES[name]]
    sheet.write_row(row, 1, values, how)
    sheet.write_formula(row, 4, f"=SUM(B{row + 1}:D{row + 1})", how, sum(values))


def _sum(sheet: Any, row: int, name: str, values: list[float], formula: str) -> None:
    sheet.write(row, 0, name)
    for column, value in enumerate([*values, sum(values)], 1):
        sheet.write_formula(row, column, formula.format(c="ABCDE"[column]), None, value)


def _around(made: Any, sheet: Any) -> None:
    """What a copy must not lose."""
    sheet.freeze_panes(3, 1)
    sheet.set_column(0, 0, 33)
    sheet.set_column(6, 30, 9.5)
    sheet.write_comment(FIRST, 0, "Aftalt med HR")
    sheet.data_validation(FIRST, 6, FIRST, 6, {"validate": "list", "source": ["ja", "nej"]})
    sheet.conditional_format(FIRST, 1, FIRST + 1, 3, {"type": "data_bar", "data_bar_2010": True})
    sheet.add_sparkline(FIRST, 25, {"range": f"'{SHEET}'!B5:D5"})
    sheet.autofilter(HEADER, 0, PROVENU, 4)
    made.define_name("Netto", f"='{SHEET}'!$B$11:$D$11")
    hidden = made.add_worksheet("Skjult")
    hidden.write(0, 0, 42)
    hidden.hide()
    chart = made.add_chart({"type": "column"})
    chart.add_series({"values": [SHEET, PROVENU, 1, PROVENU, 3]})
    sheet.insert_chart(14, 0, chart)
    sheet.insert_image(14, 8, "dot.png", {"image_data": io.BytesIO(DOT)})


def parts(file: Path) -> dict[str, bytes]:
    with zipfile.ZipFile(file) as found:
        return {name: found.read(name) for name in found.namelist()}


def changed(file: Path, change: Callable[[dict[str, bytes]], None], to: Path | None = None) -> Path:
    """With other parts."""
    found = parts(file)
    change(found)
    where = to or file
    with zipfile.ZipFile(where, "w", zipfile.ZIP_DEFLATED) as made:
        for name, data in found.items():
            made.writestr(name, data)
    return where
