"""How numbers are shown: the formats of a workbook's cells, as far as a number means something else under them."""

from __future__ import annotations

import re
from typing import Literal

from simulate.grid.package import Package, damaged

Look = Literal["", "percent", "date", "time"]
MOST_FORMATS = 70_000  # Excel has 65,490 at most
DATES = {14, 15, 16, 17, 22, *range(27, 37), *range(50, 59)}  # ECMA-376-1, 18.8.30; those without a code of their own
TIMES = {18, 19, 20, 21, 45, 46, 47}
PERCENTS = {9, 10}
_SPOKEN = re.compile(
    r'"[^"]*"|\\.|_.|\*.|\[(?!(?:h+|m+|s+)\])[^\]]*\]', re.IGNORECASE | re.DOTALL
)  # letters that are shown; colours, conditions, languages
_ELAPSED = re.compile(r"\[(h+|m+|s+)\]")


def looks(package: Package, part: str) -> list[Look]:
    """The look of each style that a cell may name."""
    codes: dict[int, Look] = {}
    styles: list[int] = []
    is_cells = False

    def tag(name: str, attributes: dict[str, str]) -> None:
        nonlocal is_cells
        if name == "numFmt":
            codes[_number(part, attributes)] = look(attributes.get("formatCode", ""))
        elif name == "xf" and is_cells:
            styles.append(_number(part, attributes))
        elif name in ("cellXfs", "cellStyleXfs", "cellStyles", "dxfs"):
            is_cells = name == "cellXfs"
        if len(codes) > MOST_FORMATS or len(styles) > MOST_FORMATS:
            raise damaged(part)

    package.tags_of(part, tag)
    return [codes[one] if one in codes else _built_in(one) for one in styles]


def _number(part: str, attributes: dict[str, str]) -> int:
    try:
        return int(attributes.get("numFmtId", "0"))
    except ValueError:
        raise damaged(part) from None


def _built_in(number: int) -> Look:
    return "date" if number in DATES else "time" if number in TIMES else "percent" if number in PERCENTS else ""


def look(code: str) -> Look:
    """Of a format as it stands in the file (in English in every language); its first part is that of positive numbers."""
    signs = _SPOKEN.sub("", code).split(";")[0].lower()
    if signs in ("general", "standard"):
        return ""
    if _ELAPSED.search(signs):
        return "time"
    letters = set(signs.replace("am/pm", "h").replace("a/p", "h"))
    if letters & set("yd") or ("m" in letters and not letters & set("hs")):
        return "date"
    if letters & set("hs"):
        return "time"
    return "percent" if "%" in letters else ""
