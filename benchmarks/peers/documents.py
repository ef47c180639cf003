"""One table and one picture in every form, with the libraries that reports use and nothing else: what these alone take.

python -m benchmarks.peers.documents FOLDER
"""

from __future__ import annotations

import io
import json
import sys
from pathlib import Path

YEARS = [str(year) for year in range(2017, 2022)]
ROWS = [[f"Line {i}", *(f"{-1000 * i - j:,}" for j in range(len(YEARS)))] for i in range(1, 21)]
TYPST = """#set document(title: "Peer")
#let data = json(bytes(sys.inputs.rows))
= Peer
#figure(image(bytes(sys.inputs.picture), format: "svg", alt: "bars"), kind: image)
#table(columns: data.at(0).len(), ..data.flatten())
"""
PAGE = """<!doctype html><html lang="en"><title>Peer</title><body>{{ picture | safe }}<table>
{% for row in rows %}<tr>{% for cell in row %}<td>{{ cell }}</td>{% endfor %}</tr>{% endfor %}</table></body></html>"""


def main(folder: Path) -> None:
    svg, png = pictures()
    (folder / "peer.svg").write_text(svg, "utf-8")
    (folder / "peer.png").write_bytes(png)
    (folder / "peer.html").write_text(page(svg), "utf-8")
    (folder / "peer.pdf").write_bytes(pdf(svg))
    word(png).save(str(folder / "peer.docx"))
    workbook(folder / "peer.xlsx")


def pictures() -> tuple[str, bytes]:
    import vl_convert

    values = [{"year": year, "value": i} for i, year in enumerate(YEARS)]
    encoding = {"x": {"field": "year", "type": "nominal"}, "y": {"field": "value", "type": "quantitative"}}
    spec = json.dumps({"data": {"values": values}, "mark": "bar", "encoding": encoding})
    return vl_convert.vegalite_to_svg(spec), vl_convert.vegalite_to_png(spec, ppi=220)


def page(svg: str) -> str:
    import jinja2

    return jinja2.Environment(autoescape=True).from_string(PAGE).render(rows=[YEARS, *ROWS], picture=svg)


def pdf(svg: str) -> bytes:
    import typst

    rows = json.dumps([["", *YEARS], *ROWS])
    made: bytes = typst.compile(TYPST.encode(), sys_inputs={"rows": rows, "picture": svg}, pdf_standards=["ua-1"])  # type: ignore[misc]
    return made


def word(png: bytes) -> object:
    import docx

    made = docx.Document()
    made.add_picture(io.BytesIO(png))
    table = made.add_table(0, len(ROWS[0]))
    for row in ROWS:
        for place, words in zip(table.add_row().cells, row, strict=True):
            place.text = words
    return made


def workbook(file: Path) -> None:
    import xlsxwriter

    with xlsxwriter.Workbook(str(file)) as book:
        sheet = book.add_worksheet()
        for i, row in enumerate(ROWS):
            sheet.write_row(i, 0, row)


if __name__ == "__main__":
    main(Path(sys.argv[1]))
