"""How a case's sheets look: what is said of each column, what is chosen from, what is wide, and the sheet that explains the others.

Whoever fills it in may insert, delete, sort and format; only the headings that the program knows a column by are locked, without a password.
A cell that may take a date, such as an empty one in a column of numbers, keeps the general format: a spreadsheet would hide there that it has
made a date of what was typed.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from simulate.locale import Language
from simulate.workbook import layout
from simulate.workbook.contents import Content
from simulate.workbook.layout import Column, Kind, Sheet, Words
from simulate.workbook.numerals import Shown

BLUE, GREY = "#1f5a94", "#4b5563"
PALE, HERE, LINE = (
    "#d5dfea",
    "#f0f5fa",
    "#b6c2cf",
)  # a heading that need not be filled in; where to write; between cells
GROUPED = 1000  # from this on, thousands are told apart
NARROW, WIDE, WIDEST = 11, 30, 48  # letters
ONE_PAGE = 175  # letters beside each other that can still be read on one page
LINE_HEIGHT, MOST_LINES = 15.0, 12
SPARE = 8  # empty rows that are coloured
LAST_ROW, LAST_COLUMN = 2000, 16_383
MOST_MESSAGE, MOST_LIST = 255, 255  # letters that a spreadsheet takes
LEADING = ("no", "name", "label", "family", "role", "state", "from", "to", "month", "what", "file", "year", "place", "field")  # fmt: skip
"""Keys of columns that stay in sight when a sheet is scrolled, and that are repeated on each page."""

ALLOWED = dict.fromkeys(("format_cells", "format_columns", "format_rows", "insert_columns", "insert_rows", "insert_hyperlinks", "delete_columns", "delete_rows", "sort", "autofilter", "select_locked_cells", "select_unlocked_cells", "objects"), True)  # fmt: skip
"""What a protected sheet lets people do. Headings alone are locked; cells below them are not."""

FROM_SHEETS: dict[str, tuple[Sheet, str]] = {
    "role": (layout.STATES, "role"), "state": (layout.STATES, "state"), "from": (layout.STATES, "state"), "to": (layout.STATES, "state"),
    "family": (layout.FAMILIES, "name"), "between": (layout.ASSUMPTIONS, "name"),
}  # fmt: skip
"""Columns whose texts are names that another sheet's column has."""

EXAMPLES = {
    Kind.NUMBER: Words(
        "Fx 465.000, 15 % eller en forudsætnings navn.", "Such as 465,000, 15% or an assumption's name."
    ),
    Kind.WHOLE: Words("Et helt tal.", "A whole number."),
    Kind.TRUTH: Words("ja eller nej.", "yes or no."),
    Kind.MONTH: Words("Skrives 2027-08.", "Written 2027-08."),
    Kind.ONCE: Words("Skrives 2027 eller 2027-08.", "Written 2027 or 2027-08."),
    Kind.NAMES: Words("Flere med semikolon imellem.", "Several with semicolons between them."),
}
NEEDED = Words("Skal udfyldes.", "Must be filled in.")
CHOOSE = Words("Vælg: ", "Choose: ")
NOT_KNOWN = Words(
    "Det står ikke på listen. Behold det kun, hvis det er meningen.",
    "That is not on the list. Keep it only if it is meant.",
)
PAGE = Words("Side &P af &N", "Page &P of &N")
GUIDE = layout.NEVER_READ[1]


# The sheet that explains ---------------------------------------------------------------------------------------------------

TITLE = Words("Sådan udfyldes arkene", "How to fill in the sheets")
IS_EXAMPLE = Words(
    "Alle tal, navne og kilder i arkene er opdigtede eksempler. Skriv jeres egne i stedet, og slet de rækker, I ikke bruger.",
    "All numbers, names and sources in the sheets are invented examples. Write your own in their place, and delete the rows that you do not need.",
)
LINES = (
    Words("Skriv i de lyse felter under overskrifterne. Mørkeblå overskrift: skal udfyldes i hver række. Lys overskrift: kun, hvor den passer.",
          "Write in the light cells below the headings. A dark blue heading must be filled in, in every row. A light one only where it fits."),
    Words("Hold musen over en overskrift: en note siger, hvad der skal stå. Vælg en celle: en liste viser, hvad der kan vælges.",
          "Point at a heading: a note says what belongs there. Select a cell: a list shows what can be chosen."),
    Words("Rækker kan indsættes, slettes, sorteres og farves. Overskrifterne er låst uden adgangskode; årstal og navne i overskrifter kan rettes.",
          "Rows can be inserted, deleted, sorted and coloured. Headings are locked without a password; years and names in headings can be changed."),
    Words("Et tal kan være et tal, en procent (15 %), en beregning i Excel (=A1*2), navnet på en forudsætning eller en beregning med navne (a * b). Skriv navnet og ingen formel, hvor en forudsætning indgår: en formel henter tallet og taber usikkerheden. Skriv 15 % med procenttegn eller 0,15; 15 alene er femten.",
          "A number may be a number, a percentage (15%), a formula of the spreadsheet (=A1*2), an assumption's name or a calculation with names (a * b). Where an assumption is part of it, write its name and no formula: a formula copies the number and loses the uncertainty. Write 15% with its sign, or 0.15; 15 alone is fifteen."),
    Words("Navne på roller, tilstande og forudsætninger skal være ens i alle ark. Tomme ark og tomme rækker må blive stående.",
          "Names of roles, states and assumptions must be the same in all sheets. Empty sheets and empty rows may stay."),
    Words("Egne noter og mellemregninger: lav et ark, der hedder Noter. Det læses ikke, og det gør dette ark heller ikke.",
          "Notes and reckoning of your own: make a sheet named Notes. It is not read, and neither is this one."),
)  # fmt: skip
COMMANDS_TITLE = Words(
    "Gem filen, og skriv så i en terminal i filens mappe:", "Save the file; then write in a terminal in its folder:"
)
COMMANDS = (
    ("simulate check {file}", Words("nævner alle fejl, hver med ark og celle", "names all that is wrong, each with its sheet and cell")),
    ("simulate run {file}", Words("hvor sandsynligt er det, at indsatsen tjener sig hjem?", "how likely is it that the programme breaks even?")),
    ("simulate report {file} --out {report}", Words("svaret som afsnit til Word", "the answer as a section for Word")),
)  # fmt: skip
SHEETS_TITLE = Words("Arkene", "The sheets")
FILE = Words("sag", "case")


def guide(sheets: Sequence[tuple[str, Sheet]], language: Language, file: str, is_example: bool) -> Iterator[tuple[str, tuple[str, ...]]]:  # fmt: skip
    """Rows of the sheet that explains: how each looks, and its cells. sheets: by the names that they have in this workbook."""
    yield "title", (TITLE.said(language),)
    if is_example:
        yield "example", (IS_EXAMPLE.said(language),)
    for line in LINES:
        yield "line", (line.said(language),)
    yield "head", (COMMANDS_TITLE.said(language),)
    stem = file.removesuffix(".xlsx")
    for command, answers in COMMANDS:
        yield "command", (command.format(file=f"{stem}.xlsx", report=f"{stem}.docx"), answers.said(language))
    yield "head", (SHEETS_TITLE.said(language),)
    for name, sheet in sheets:
        yield "sheet", (name, sheet.about.said(language))


# Columns -------------------------------------------------------------------------------------------------------------------


def is_locked(column: Column) -> bool:
    """Years, members and percentiles are a person's own: their headings can be changed."""
    return not (isinstance(column.key[-1], int) and len(column.key) == 2 and column.key[0] != "between") and (
        column.key[0] != "members" and not (column.key[0] == "uncertainty" and column.title.da == column.key[-1])
    )


def note(column: Column, language: Language) -> str:
    """What is told of a heading."""
    said = [NEEDED.said(language)] if column.needed else []
    said += [column.note.said(language)] if column.note.said(language) else []
    if column.choices:
        said.append(CHOOSE.said(language) + ", ".join(_words(column, language)) + ".")
    elif column.kind in EXAMPLES and isinstance(column.key[-1], str):
        said.append(EXAMPLES[column.kind].said(language))
    return "\n".join(said)


def _words(column: Column, language: Language) -> list[str]:
    if column.kind is Kind.TRUTH:
        return ["ja", "nej"] if language == "da" else ["yes", "no"]
    return [one.words.said(language) for one in column.choices]


def validation(column: Column, language: Language, ranges: dict[str, str]) -> dict[str, Any] | None:
    """The drop-down list of a column, which warns and never stops; None where anything may stand. ranges: of names, by FROM_SHEETS' keys."""
    source: list[str] | str = _words(column, language)
    names = next((ranges[key] for key in (str(column.key[-1]), str(column.key[0])) if key in ranges), "")
    if not source and names and column.kind is Kind.TEXT:
        source = f"={names}"
    if not source or (isinstance(source, list) and len(",".join(source)) > MOST_LIST):
        return None
    return {
        "validate": "list", "source": source, "error_type": "warning", "error_title": column.title.said(language)[:32],
        "error_message": NOT_KNOWN.said(language), "input_title": column.title.said(language)[:32],
        "input_message": column.note.said(language)[:MOST_MESSAGE],
    }  # fmt: skip


def number_format(column: Column, cell: Content | None) -> str:
    """As text where a spreadsheet would make a date or a number of a text; thousands told apart in amounts that are there already."""
    if column.kind in (Kind.TEXT, Kind.MONTH, Kind.ONCE, Kind.NAMES, Kind.BY_NAME) and (
        cell is None or isinstance(cell, str)
    ):
        return "@"
    if isinstance(cell, Shown):
        return cell.number_format
    is_amount = column.kind is Kind.NUMBER and isinstance(cell, int | float) and not isinstance(cell, bool)
    if is_amount and abs(cell) >= GROUPED:  # type: ignore[arg-type]
        return "#,##0" if float(cell).is_integer() else "#,##0.00"  # type: ignore[arg-type]
    return "General"


def width(column: Column, title: str, cells: Sequence[Content | None]) -> int:
    """In letters."""
    longest = max((len(str(cell)) for cell in cells if cell is not None), default=0)
    word = max(map(len, title.split()), default=0) + 2
    most = WIDEST if column.key[-1] in ("source", "note", "explanation", "value", "more") else WIDE
    return min(max(NARROW, word, -(-len(title) // 3) + 2, longest + 2), most)


def height(widths: Sequence[int], cells: Sequence[Content | None]) -> float:
    """Of a row, in points: spreadsheets do not all reckon it themselves. A word is never broken, so a line holds less than its letters."""
    lines = (sum(1 + int(len(part) * 1.05) // wide for part in str(cell).split("\n")) for wide, cell in zip(widths, cells, strict=True) if cell is not None)  # fmt: skip
    return LINE_HEIGHT * min(max(lines, default=1), MOST_LINES)


def leading(columns: Sequence[Column]) -> int:
    """How many columns stay in sight."""
    found = 0
    for one in columns[:4]:
        if one.key[-1] not in LEADING or len(one.key) != 1:
            break
        found += 1
    return max(found, 1)
