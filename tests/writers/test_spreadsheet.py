"""What LibreOffice makes of the tables, where it is installed: with a Danish locale, numbers are numbers, and nothing else is one."""

import re
import shutil
import subprocess
import zipfile
from pathlib import Path
from xml.etree import ElementTree

import pytest
from effort import HANG

from simulate import locale
from simulate.content import Figure, Heading, Part, Sentence, Several, Table, row, total
from simulate.writers.csv import written

OFFICE = shutil.which("soffice") or shutil.which("libreoffice")
DANISH, ENGLISH = 1030, 2057  # as Microsoft numbers languages
SEMICOLON, COMMA = 59, 44
SPACE = "{urn:oasis:names:tc:opendocument:xmlns:%s:1.0}"
PROFILE = """<?xml version="1.0" encoding="UTF-8"?>
<oor:items xmlns:oor="http://openoffice.org/2001/registry">
<item oor:path="/org.openoffice.Setup/L10N"><prop oor:name="ooSetupSystemLocale" oor:op="fuse"><value>{locale}</value></prop></item>
</oor:items>
"""

pytestmark = pytest.mark.skipif(OFFICE is None, reason="LibreOffice is not installed")


def opened(data: bytes, folder: Path, language: int, separators: str, special: bool) -> list[list[str | float]]:
    """The cells as LibreOffice has them: a number, or text; anything else, a date, say, by its kind. special: dates are looked for."""
    assert OFFICE is not None
    profile = folder / "profile" / "user" / "registrymodifications.xcu"
    profile.parent.mkdir(parents=True, exist_ok=True)
    profile.write_text(PROFILE.format(locale="da-DK" if language == DANISH else "en-GB"), "utf-8")
    (folder / "tal.csv").write_bytes(data)
    # separators, quotes, UTF-8, first line, no formats of columns, language, quoted numbers are numbers, dates
    reading = f"CSV:{separators},34,76,1,,{language},false,{str(special).lower()}"
    command = [OFFICE, "--headless", f"-env:UserInstallation={(folder / 'profile').as_uri()}", f"--infilter={reading}"]
    command += ["--convert-to", "ods", "--outdir", str(folder), str(folder / "tal.csv")]
    subprocess.run(command, check=True, capture_output=True, timeout=HANG)
    with zipfile.ZipFile(folder / "tal.ods") as archive:
        content = ElementTree.fromstring(archive.read("content.xml"))
    return [_row(one) for one in content.iter(SPACE % "table" + "table-row")]


def _row(one: ElementTree.Element) -> list[str | float]:
    cells: list[str | float] = []
    for cell in one.iter(SPACE % "table" + "table-cell"):
        kind = cell.get(SPACE % "office" + "value-type")
        value = "".join(cell.itertext())
        if kind == "float":
            cells.append(float(cell.get(SPACE % "office" + "value", "")))
        else:
            cells += [value if kind in (None, "string") else f"{kind} {value}"] * int(cell.get(SPACE % "table" + "number-columns-repeated", "1"))  # fmt: skip
    while cells and cells[-1] == "":
        cells.pop()
    return cells


PARTS: list[Part] = [
    Heading("Sag, By · 2027-2028"),
    Table(
        ["", "2027", "2028", "I alt"],
        [
            row("Løn; fast", Figure(-1234567.25), Figure(-0.125), Figure(-1234567.375)),
            row("3/4", Figure(1e9), None, Figure(12.0)),
            row("=1+1", Sentence("under 7,9 %"), Figure(0.5), None),
            total("Tjent hjem", Figure(0.125, "share"), Figure(1e-5, "share"), None),
        ],
        1000,
        "DKK",
        "Poster, forventet",
    ),
    Table(
        ["", "2027-01", "2027-02"],
        [
            row("1-2", Figure(1.5), Figure(2.0)),
            row("b", Several(Sentence("3 … 4"), (Figure(3.0), Figure(4.5)), ("fra", "til")), Figure(1.0)),
        ],
        currency="DKK",
    ),
]


def expected(unit: str, share: str) -> list[list[str | float]]:
    return [
        ["Sag, By · 2027-2028"],
        [],
        ["Poster, forventet"],
        ["", unit, 2027.0, 2028.0, "I alt"],
        ["Løn; fast", "kr.", -1234567.25, -0.125, -1234567.375],
        ["'3/4", "kr.", 1e9, "", 12.0],
        ["'=1+1", "kr.", "under 7,9 %", 0.5],
        ["Tjent hjem", share, 0.125, 1e-5],
        [],
        ["", unit, "fra", "til", "2027M02"],
        ["'1-2", "kr.", 1.5, "", 2.0],
        ["b", "kr.", 3.0, 4.5, 1.0],
    ]


@pytest.mark.parametrize("special", [False, True], ids=["as it is set at first", "with dates looked for"])
@pytest.mark.parametrize("separators", [f"{SEMICOLON}", f"{SEMICOLON}/{COMMA}"], ids=["semicolons", "and commas"])
def test_danish(separators: str, special: bool, tmp_path: Path) -> None:
    locale.use("da")
    assert opened(written(PARTS), tmp_path, DANISH, separators, special) == expected("Enhed", "andel")


def test_english(tmp_path: Path) -> None:
    assert opened(written(PARTS), tmp_path, ENGLISH, f"{COMMA}", True) == expected("Unit", "share")


def test_what_a_command_writes(tmp_path: Path) -> None:
    """The numbers of `run --period month` are numbers in every column, and its months are text."""
    from cli.command import ROOT, simulate

    file = tmp_path / "run.csv"
    done = simulate(
        "run", ROOT / "scenarios" / "odense-kik.toml", "--draws", "64", "--period", "month", "--csv", file, "--json"
    )
    assert done.code == 0
    rows = opened(file.read_bytes(), tmp_path, DANISH, f"{SEMICOLON}", True)
    heads = next(one for one in rows if len(one) > 2)
    assert heads[:2] == ["", "Enhed"]
    assert all(re.fullmatch(r"20\d\dM\d\d", str(one)) for one in heads[2:-1])
    answer = done.answer
    by_name = {one[0]: one[2:] for one in rows if len(one) > 2}
    assert by_name["Forventet"] == pytest.approx([one.value for one in (*answer.provenu.by_year.expected, answer.bridge.expected)], abs=1e-6)  # fmt: skip
    assert all(isinstance(cell, float) for one in by_name.values() for cell in one if cell not in heads)
