"""Native pictures of what stands in cells: they follow the cells."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any, NamedTuple

from simulate.locale import text
from simulate.writers.workbook.book import BLUE, GREY, ORANGE, Sheet

if TYPE_CHECKING:
    from simulate.writers.workbook.years import Years

SIZE = {"width": 900, "height": 400}
MOST_NAMES = 20  # assumptions of a picture
TICKS = {
    "major_tick_mark": "outside",
    "minor_tick_mark": "none",
}  # not said, LibreOffice draws some across at every fifth
AXIS = {**TICKS, "num_font": {"color": GREY}, "name_font": {"color": GREY, "bold": False}, "line": {"color": GREY}}
GRID = {"visible": True, "line": {"color": "#d1d5db", "width": 0.5}}


def _chart(sheet: Sheet, kind: dict[str, str], title: str) -> Any:
    chart = sheet.book.workbook.add_chart(kind)
    chart.set_title({"name": title, "name_font": {"size": 12, "color": BLUE}, "overlay": False})
    chart.set_size(SIZE)
    chart.set_legend({"position": "bottom"})
    chart._write_c_smooth = lambda smooth: chart._xml_empty_tag(
        "c:smooth", [("val", str(int(bool(smooth))))]
    )  # not said, LibreOffice draws curves
    return chart


def _place(sheet: Sheet, chart: Any, row: int, column: int, told: str) -> None:
    sheet.sheet.insert_chart(row, column, chart, {"description": told, "object_position": 1})


def fan(years: Years, row: int) -> None:
    """The accumulated provenu: expected, the business case's, and where luck is in it its bounds."""
    from simulate.writers.workbook import years as sheets

    ends = [] if years.report.case.with_luck else [years.bands[p][1] for p in (95, 5)]
    expected, point = sheets.names_of_lines(years.report)
    lines = [*bounds(ends), *middle((years.expected.accumulated, expected), (years.point.accumulated, point))]
    accumulated(years.sheet, lines, (sheets.HEADER, sheets.FIRST, years.total - 1), row)


class Line(NamedTuple):
    """A row of the sheet, and how it is drawn."""

    row: int
    name: str
    color: str
    width: float
    dash: str


def bounds(rows: Sequence[int]) -> list[Line]:
    """rows: of P95 and P5, or none."""
    return [
        Line(row, str(text("Accumulated, P{p}", p=p)), BLUE, 1.25, "dash")
        for row, p in zip(rows, (95, 5), strict=False)
    ]


def middle(expected: tuple[int, str], point: tuple[int, str]) -> list[Line]:
    """Rows and their names."""
    return [Line(*expected, BLUE, 2.75, "solid"), Line(*point, ORANGE, 2.0, "long_dash")]


def accumulated(sheet: Sheet, lines: Sequence[Line], periods: tuple[int, int, int], row: int) -> None:
    """Lines through the periods. periods: the row of their names, and its first and last column; row: where the picture goes."""
    head, first, last = periods
    chart = _chart(sheet, {"type": "line"}, text("The accumulated provenu"))
    for one in lines:
        chart.add_series({
            "name": one.name,
            "categories": sheet.list_of((head, first), (head, last)),
            "values": sheet.list_of((one.row, first), (one.row, last)),
            "line": {"color": one.color, "width": one.width, "dash_type": one.dash},
            "marker": {"type": "circle", "size": 5, "fill": {"color": one.color}, "border": {"color": one.color}},
        })  # fmt: skip
    chart.set_x_axis({**AXIS, "label_position": "low"})
    chart.set_y_axis({**AXIS, "num_format": "#,##0", "name": sheet.book.currency, "major_gridlines": GRID})
    told = text(
        "The accumulated provenu by period: expected, the business case, and the bounds of 90 of 100 courses. The table above has the numbers."
    )
    _place(sheet, chart, row, 0, told)


def exceedance(sheet: Sheet, row: int, rows: tuple[int, int]) -> None:
    """The chance to lose more than each amount."""
    title = text("Chance to lose more than an amount")
    loss = text("Loss; gains are negative") + f", {sheet.book.currency}"
    chart = _chart(sheet, {"type": "scatter", "subtype": "straight"}, title)
    chart.add_series({
        "name": str(title),
        "categories": sheet.list_of((rows[0], 0), (rows[1], 0)),
        "values": sheet.list_of((rows[0], 1), (rows[1], 1)),
        "line": {"color": BLUE, "width": 2.5},
    })  # fmt: skip
    chart.set_legend({"none": True})
    chart.set_x_axis(
        {
            **AXIS,
            "label_position": "low",
            "num_format": "#,##0",
            "name": str(loss),
        }
    )
    chart.set_y_axis({**AXIS, "label_position": "low", "num_format": "0%", "min": 0, "max": 1, "major_gridlines": GRID})
    told = text(
        "The chance to lose more than each amount, falling as the amount rises. The table beside it has the numbers."
    )
    _place(sheet, chart, row, 3, told)


def tornado(sheet: Sheet, place: tuple[int, int], rows: tuple[int, int], changes: list[int], head: int) -> None:
    """What each assumption changes, at its ends. changes: columns; head: the row of their titles."""
    last = min(rows[1], rows[0] + MOST_NAMES - 1)
    chart = _chart(sheet, {"type": "bar"}, text("Change of the expected provenu, one assumption at a time"))
    for column, color in zip(changes, (ORANGE, BLUE), strict=True):
        chart.add_series({
            "name": sheet.list_of((head, column), (head, column))[:3],
            "categories": sheet.list_of((rows[0], 0), (last, 0)),
            "values": sheet.list_of((rows[0], column), (last, column)),
            "fill": {"color": color}, "border": {"color": color},
            "gap": 40, "overlap": 100,
        })  # fmt: skip
    chart.set_x_axis(
        {**AXIS, "label_position": "high", "num_format": "#,##0", "name": sheet.book.currency, "major_gridlines": GRID}
    )
    chart.set_y_axis(
        {**AXIS, "label_position": "low", "reverse": True}
    )  # the widest first; its labels below: there is "high"
    chart.set_size({"width": 560, "height": 140 + 24 * (last - rows[0] + 1)})
    told = text(
        "What each assumption changes of the expected provenu as it goes to P5 and to P95. The table above has the numbers."
    )
    _place(sheet, chart, *place, told)
