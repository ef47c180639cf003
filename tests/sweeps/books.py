"""A workbook as its files have it: sheets by name, and their cells."""

import re
import xml.etree.ElementTree as ElementTree
import zipfile
from pathlib import Path

MAIN = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"
Cells = dict[str, str | float]  # A1 → what stands there


class Book:
    def __init__(self, path: Path) -> None:
        with zipfile.ZipFile(path) as whole:
            self.files = {name: whole.read(name).decode() for name in whole.namelist() if name.endswith(".xml")}
        tree = ElementTree.fromstring(self.files["xl/workbook.xml"])
        names = [one.attrib["name"] for one in tree.iter(f"{MAIN}sheet")]
        self.xml = {name: self.files[f"xl/worksheets/sheet{i}.xml"] for i, name in enumerate(names, 1)}
        shared = ElementTree.fromstring(self.files.get("xl/sharedStrings.xml", "<sst/>"))
        self._shared = ["".join(each.itertext()) for each in shared]
        self.sheets = {name: self._cells(ElementTree.fromstring(xml)) for name, xml in self.xml.items()}

    def _cells(self, tree: ElementTree.Element) -> Cells:
        return {one.attrib["r"]: said for one in tree.iter(f"{MAIN}c") if (said := self._said(one)) is not None}

    def _said(self, one: ElementTree.Element) -> str | float | None:
        kind, value = one.attrib.get("t"), one.find(f"{MAIN}v")
        if kind == "inlineStr":
            return "".join(one.itertext())
        if value is None or value.text is None:
            return None
        return self._shared[int(value.text)] if kind == "s" else float(value.text)

    def column(self, sheet: str, letter: str) -> list[str | float]:
        """From above."""
        found = {int(place[len(letter) :]): said for place, said in self.sheets[sheet].items() if re.fullmatch(rf"{letter}\d+", place)}  # fmt: skip
        return [found[row] for row in sorted(found)]

    def words(self, sheet: str) -> str:
        return "\n".join(str(one) for one in self.sheets[sheet].values())
