"""How numbers are shown: the formats of a workbook's cells, as far as a number means something else under them."""

from __future__ import annotations

import re
from typing import Literal, NamedTuple

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
_PARTS = ("fonts", "cellXfs", "cellStyleXfs", "cellStyles", "dxfs")


class Style(NamedTuple):
    """struck: whether what is shown is crossed out."""

    look: Look
    struck: bool = False


def looks(package: Package, part: str) -> list[Style]:
    """The look of each style that a cell may name."""
    codes: dict[int, Look] = {}
    styles: list[tuple[int, int]] = []
    struck: list[bool] = []  # of each font
    within = ""

    def tag(name: str, attributes: dict[str, str]) -> None:
        nonlocal within
        if name == "numFmt":
            codes[_number(part, attributes, "numFmtId")] = look(attributes.get("formatCode", ""))
        elif name == "xf" and within == "cellXfs":
            styles.append((_number(part, attributes, "numFmtId"), _number(part, attributes, "fontId")))
        elif name == "font" and within == "fonts":
            struck.append(False)
        elif name == "strike" and within == "fonts" and struck:
            struck[-1] = attributes.get("val", "1") in ("1", "true")
        elif name in _PARTS:
            within = name
        if max(len(codes), len(styles), len(struck)) > MOST_FORMATS:
            raise damaged(part)

    package.tags_of(part, tag)
    return [
        Style(codes[one] if one in codes else _built_in(one), 0 <= font < len(struck) and struck[font])
        for one, font in styles
    ]


def _number(part: str, attributes: dict[str, str], key: str) -> int:
    try:
        return int(attributes.get(key, "0"))
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
