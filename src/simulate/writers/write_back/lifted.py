"""Sheets that XlsxWriter has written, in the parts of another workbook: whole, or their cells alone."""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Mapping
from dataclasses import dataclass, field
from itertools import pairwise

from simulate.writers.write_back import styles
from simulate.writers.write_back.parts import PACKAGE, Parts, relations_of
from simulate.writers.write_back.scanned import Row, Scanned, place_of
from simulate.writers.write_back.xml import MAIN, Element, Splice, elements, rewritten, spliced, with_attributes

LINE = 15.0  # points: of a row that says nothing of its height
NONE: Mapping[int, float] = {}
Place = tuple[int, int]
Cells = Mapping[Place, bytes]
"""Each as it stands in a sheet's part."""


@dataclass
class Lifted:
    """A workbook that was written for it. numbers: of each sheet those in its cells, as exact as they are."""

    parts: Parts
    numbers: Mapping[str, Mapping[Place, float]]
    looks: dict[int, int] = field(default_factory=dict)

    @classmethod
    def of(cls, file: bytes, numbers: Mapping[str, Mapping[Place, float]], into: Parts) -> Lifted:
        """Its looks become looks of the workbook that it goes into."""
        with zipfile.ZipFile(io.BytesIO(file)) as found:
            own = cls(Parts({name: found.read(name) for name in found.namelist()}), numbers)
        where = next(into.related(into.workbook, "styles"), None)
        if where is not None:
            [theirs] = own.parts.related(own.parts.workbook, "styles")
            into.data[where], own.looks = styles.merged(into.data[where], own.parts.data[theirs])
        return own

    def _part(self, sheet: str) -> str:
        return next(one.part for one in self.parts.sheets() if one.name == sheet)

    def _strings(self) -> list[bytes]:
        """What stands between the tags of each shared string."""
        data = self.parts.data.get("xl/sharedStrings.xml")
        if data is None:
            return []
        return [data[one.inner : one.inner_end] for one in elements(data, ("si",))]

    def cells(self, sheet: str) -> dict[Place, bytes]:
        """Each, that needs nothing of its workbook any more but its looks."""
        data, strings = self.parts.data[self._part(sheet)], self._strings()
        found = {place_of(one.attributes["r"]): one for one in elements(data, ("c",))}
        return {place: self._alone(data, one, strings, sheet) for place, one in found.items()}

    def _alone(self, data: bytes, one: Element, strings: list[bytes], sheet: str) -> bytes:
        kind, inner = one.attributes.get("t"), data[one.inner : one.inner_end]
        changed: dict[str, str | None] = {"s": self._look(one.attributes.get("s"))}
        if kind == "s":
            [value] = elements(inner, ("v",))
            changed["t"], inner = "inlineStr", b"<is>" + strings[int(value.words)] + b"</is>"
        elif kind is None and place_of(one.attributes["r"]) in self.numbers[sheet]:
            inner = f"<v>{self.numbers[sheet][place_of(one.attributes['r'])]!r}</v>".encode()
        tag = with_attributes(data[one.start : one.inner], changed)
        if not inner:
            return tag if tag.endswith(b"/>") else tag[:-1] + b"/>"
        return tag.removesuffix(b"/>").removesuffix(b">") + b">" + inner + b"</c>"

    def _look(self, number: str | None) -> str | None:
        found = self.looks.get(int(number or 0))
        return None if found is None else str(found)

    def whole(self, sheet: str, into: Parts, part: str | None) -> None:
        """The sheet and its picture as a new one of the workbook, or in the place of one. part: of that one."""
        cells = self.cells(sheet)
        data = rewritten(
            self.parts.data[self._part(sheet)], ("c", "sheetView"), lambda one, tag: _of_sheet(one, tag, cells)
        )
        if part is None:
            part = into.add_sheet(sheet, data)
        else:
            for drawing in list(into.related(part, "drawing")):
                _drop_alone(into, part, drawing)
            into.put(part, data)
            into.data.pop(relations_of(part), None)
        self._pictures(self._part(sheet), part, into)

    def _pictures(self, of: str, part: str, into: Parts) -> None:
        for drawing in self.parts.related(of, "drawing"):
            name = into.free("xl/drawings/drawing{}.xml")
            into.put(name, self.parts.data[drawing], "drawing")
            into.put(relations_of(part), _relations({one.key: (one.kind, name) for one in self.parts.relations(of)}))
            charts: dict[str, tuple[str, str]] = {}
            for one in self.parts.relations(drawing):
                chart = into.free("xl/charts/chart{}.xml")
                into.put(chart, self.parts.data[one.target], "chart")
                charts[one.key] = (one.kind, chart)
            into.put(relations_of(name), _relations(charts))


def _of_sheet(one: Element, tag: bytes, cells: Cells) -> bytes | None:
    """Of a part that is lifted: its cells without their workbook, and it is not the sheet that is open."""
    if one.name == "c":
        return cells[place_of(one.attributes["r"])]
    return (
        None
        if "tabSelected" not in one.attributes or not one.is_single
        else with_attributes(tag, {"tabSelected": None})
    )


def _drop_alone(into: Parts, part: str, drawing: str) -> None:
    """A picture that no other part has, and its charts."""
    others = [name for one in into.sheets() if one.part != part for name in into.related(one.part, "drawing")]
    if drawing in others:
        return
    for chart in list(into.related(drawing, "chart")):
        into.drop(chart)
    into.drop(drawing)


def _relations(to: Mapping[str, tuple[str, str]]) -> bytes:
    kinds = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
    each = "".join(
        f'<Relationship Id="{key}" Type="{kinds}/{kind}" Target="/{part}"/>' for key, (kind, part) in to.items()
    )
    return f'<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n<Relationships xmlns="{PACKAGE}">{each}</Relationships>'.encode()


# Cells of a sheet that stays ------------------------------------------------------------------------------------------


def grafted(
    sheet: Scanned, cells: Cells, cleared: set[Place], widths: Mapping[int, float], heights: Mapping[int, float] = NONE
) -> bytes:
    """A sheet with cells in the place of what stands there. sheet: scanned with all rows of the cells; cleared: cells that are emptied.

    widths: of columns, in characters. heights: that rows need at least, in points.
    """
    by_row: dict[int, dict[int, bytes]] = {}
    for (row, column), cell in cells.items():
        alone = cell.replace(b"<c ", f'<c xmlns="{MAIN}" '.encode(), 1) if sheet.prefixed else cell
        by_row.setdefault(row, {})[column] = alone
    for row, _ in cleared:
        by_row.setdefault(row, {})
    splices = [*_columns(sheet, widths), *_dimension(sheet, cells)]
    missing: dict[int, list[tuple[int, bytes]]] = {}
    for row, own in by_row.items():
        gone = {column for at, column in cleared if at == row}
        if row in sheet.rows:
            splices += _in_row(sheet, sheet.rows[row], own, gone, heights.get(row, 0.0))
        elif own:
            missing.setdefault(_next_row(sheet, row), []).append((row, _row(row, own)))
    for at, rows in missing.items():
        splices.append((at, at, b"".join(data for _, data in sorted(rows))))
    return spliced(sheet.data, _opened(sheet, splices) if missing else splices)


def _in_row(sheet: Scanned, row: Row, own: Mapping[int, bytes], gone: set[int], height: float) -> list[Splice]:
    data = sheet.data
    tag = _as_high(with_attributes(data[row.start : row.inner], {"spans": None}), height)
    if row.is_single:
        if not own:
            return []
        name = tag[1:].split()[0].rstrip(b"/>")
        return [
            (row.start, row.end, tag[:-2].rstrip() + b">" + b"".join(own[i] for i in sorted(own)) + b"</" + name + b">")
        ]
    splices: list[Splice] = [(row.start, row.inner, tag)]
    splices += [(cell.start, cell.end, b"") for cell in row.cells if cell.column in gone or cell.column in own]
    for column in sorted(own):
        splices.append((_before(row, column), _before(row, column), own[column]))
    return splices


def _as_high(tag: bytes, height: float) -> bytes:
    """A row's start tag, of a row that is at least so high."""
    own = re.search(rb"\sht\s*=\s*[\"']([0-9.]+)", tag)
    if height <= (float(own[1]) if own else LINE):
        return tag
    return with_attributes(tag, {"ht": f"{height:g}", "customHeight": "1"})


def _before(row: Row, column: int) -> int:
    return next((cell.start for cell in row.cells if cell.column >= column), row.inner_end)


def _row(row: int, own: Mapping[int, bytes]) -> bytes:
    return f'<row xmlns="{MAIN}" r="{row + 1}">'.encode() + b"".join(own[i] for i in sorted(own)) + b"</row>"


def _next_row(sheet: Scanned, row: int) -> int:
    [data] = sheet.named("sheetData")
    return next((start for number, start in sheet.starts if number > row), data.inner_end)


def _opened(sheet: Scanned, splices: list[Splice]) -> list[Splice]:
    """Rows into a sheet that has none."""
    [data] = sheet.named("sheetData")
    if not data.is_single:
        return splices
    tag = sheet.data[data.start : data.inner]
    name = tag[1:].split()[0].rstrip(b"/>")
    inner = b"".join(new for start, _, new in splices if start == data.inner_end)
    others = [one for one in splices if one[0] != data.inner_end]
    return [*others, (data.start, data.end, tag[:-2].rstrip() + b">" + inner + b"</" + name + b">")]


def _dimension(sheet: Scanned, cells: Cells) -> list[Splice]:
    """What the sheet says of its own size."""
    from simulate.grid import address

    for one in sheet.named("dimension"):
        bottom = max([sheet.last_row, *(row for row, _ in cells)])
        right = max([sheet.last_column, *(column for _, column in cells)])
        tag = with_attributes(sheet.data[one.start : one.inner], {"ref": f"A1:{address(bottom, right)}"})
        return [(one.start, one.inner, tag)]
    return []


def _columns(sheet: Scanned, widths: Mapping[int, float]) -> list[Splice]:
    """Widths of columns; those that others are told together with keep theirs."""
    groups = [one for one in sheet.named("cols") if one.path[:-1] and one.path[-2] == "worksheet"]
    new = [
        f'<col xmlns="{MAIN}" min="{i + 1}" max="{i + 1}" width="{width}" customWidth="1"/>'.encode()
        for i, width in sorted(widths.items())
    ]
    if not groups:
        [data] = sheet.named("sheetData")
        return [(data.start, data.start, f'<cols xmlns="{MAIN}">'.encode() + b"".join(new) + b"</cols>")]
    [group] = groups
    pieces = [(first, tag) for one in sheet.named("col") for first, tag in _apart(sheet.data, one, widths)]
    pieces += [(i, tag) for i, tag in zip(sorted(widths), new, strict=True)]
    return [(group.inner, group.inner_end, b"".join(tag for _, tag in sorted(pieces, key=lambda one: one[0])))]


def _apart(data: bytes, one: Element, widths: Mapping[int, float]) -> list[tuple[int, bytes]]:
    """A range of columns without those that get a width of their own."""
    first, last = int(one.attributes["min"]) - 1, int(one.attributes["max"]) - 1
    ends = [first - 1, *sorted(i for i in widths if first <= i <= last), last + 1]
    tag = data[one.start : one.end]
    return [(a + 1, with_attributes(tag, {"min": str(a + 2), "max": str(b)})) for a, b in pairwise(ends) if b - a > 1]
