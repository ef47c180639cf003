"""A good workbook with one thing wrong: `simulate check` tells it with its sheet and cell, in words that speak of cells, in both languages."""

import datetime
import re
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from command import RICH, simulate

Book = Any  # openpyxl has no types


@pytest.fixture(scope="module")
def good(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("good")
    (folder / "good.toml").write_text(RICH, "utf-8")
    assert simulate("convert", folder / "good.toml", folder / "case.xlsx").code == 0
    return folder / "case.xlsx"


@dataclass(frozen=True)
class Cell:
    """By its sheet, what the row begins with or has (or its number), and its heading."""

    sheet: str
    row: str | int
    column: str

    def of(self, book: Book) -> Any:
        sheet = book[self.sheet]
        heads = {one.value: one.column for one in sheet[1]}
        rows = (i for i in range(2, sheet.max_row + 1) if any(one.value == self.row for one in sheet[i]))
        return sheet.cell(self.row if isinstance(self.row, int) else next(rows), heads[self.column])

    def address(self, book: Book) -> str:
        doubled = self.sheet.replace("'", "''")
        sheet = self.sheet if self.sheet.isalpha() else "'" + doubled + "'"
        return f"{sheet}!{self.of(book).coordinate}"


def case(field: str) -> Cell:
    return Cell("Case", field, "Value")


LICENCES, MANAGERS = (Cell("Costs", name, "Amount a year") for name in ("Licenser mv.", "Casemanagers"))
FIRST_MOVE, STATE = "kontanthjælp", "kontanthjælp"


@dataclass(frozen=True)
class Broken:
    """changes: what is written into which cells. cell: where it is told, None: as for the first change. en, da: a part of the words."""

    changes: dict[Cell, Any]
    en: str
    da: str
    cell: Cell | None = None


BROKEN = {
    "a-share-where-money-belongs": Broken({LICENCES: "15 %"}, "“15 %” is a share", "”15 %” er en andel"),
    "an-amount-with-two-readings": Broken({LICENCES: "465,000"}, "can be read two ways", "kan læses på to måder"),
    "an-amount-in-words": Broken(
        {LICENCES: "many"}, 'no assumption is called "many"', 'ingen forudsætning hedder "many"'
    ),
    "an-amount-that-is-about-one": Broken(
        {LICENCES: "ca. 150.000"}, "write it alone, like 150.000", "skriv tallet alene: 150.000"
    ),
    "a-number-in-letters": Broken({LICENCES: "to"}, '"to" is no number; write 2', '"to" er ikke et tal; skriv 2'),
    "an-amount-for-each-month": Broken(
        {LICENCES: "12.500 kr. pr. md."}, "says for how long the amount is", "siger, hvor lang tid beløbet er for"
    ),
    "an-assumption-misspelt": Broken({MANAGERS: "wagee"}, "did you mean “wage”?", "mente du ”wage”?"),
    "an-error-of-the-spreadsheet": Broken(
        {LICENCES: "#DIV/0!"}, "the spreadsheet's error #DIV/0!", "regnearkets fejl #DIVISION/0!"
    ),
    "a-formula-never-calculated": Broken(
        {LICENCES: "=1600*2"}, "a formula whose result is not in the file", "en formel, hvis resultat ikke er i filen"
    ),
    "a-date-where-an-amount-belongs": Broken(
        {LICENCES: datetime.date(2026, 3, 1)}, "has made a date of this", "01.03.2026"
    ),
    "no-amount": Broken(
        {LICENCES: None}, "nothing stands here, and something must", "her står ikke noget, og cellen skal udfyldes"
    ),
    "a-line-without-a-name": Broken(
        {Cell("Costs", "Licenser mv.", "Line"): None}, "nothing stands here", "her står ikke noget"
    ),
    "numbers-by-year-beside-one": Broken(
        {Cell("Costs", "Casemanagers", "2020"): 1}, "one number for all years", "ét tal for alle år", MANAGERS
    ),
    "several-numbers-with-tabs": Broken(
        {Cell("Roles and states", STATE, "State refund"): "0,2\t0,3\t0,4"}, "put ; between them", "sæt ; imellem dem"
    ),
    "who-is-counted-of-no-family": Broken(
        {Cell("Costs", "Casemanagers", "Who is counted"): "all"},
        "“Who is counted” goes with “Per family”: yes",
        "”Hvem tælles med” hører sammen med ”Pr. familie”: ja",
    ),
    "paid-once-and-from": Broken(
        {Cell("Costs", "Casemanagers", "Only in"): "2020", Cell("Costs", "Casemanagers", "From year"): 2020},
        "leave out “Only in”, or “From year” and “To year”",
        "udelad ”Kun i” eller ”Fra år” og ”Til år”",
        Cell("Costs", "Casemanagers", "From year"),
    ),
    "from-after-to": Broken(
        {Cell("Costs", "Casemanagers", "To year"): 2020, Cell("Costs", "Casemanagers", "From year"): 2021},
        "“To year” (2020) is before “From year” (2021)",
        "”Til år” (2020) ligger før ”Fra år” (2021)",
    ),
    "per-place-without-places": Broken(
        {Cell("Costs", "Casemanagers", "Per place"): "yes"},
        "the sheet “Case” does not say how many “Places”",
        "arket ”Sagen” siger ikke",
    ),
    "a-price-level-without-an-index": Broken(
        {Cell("Costs", "Casemanagers", "Price level"): 2015},
        "the sheet “Price index” has no number",
        "arket ”Prisindeks” har intet tal",
    ),
    "a-chance-above-1": Broken(
        {Cell("Moves", FIRST_MOVE, "Number without the programme"): 1.4},
        "1.4 is no chance",
        "1,4 er ikke en sandsynlighed",
    ),
    "a-move-to-nowhere": Broken(
        {Cell("Moves", FIRST_MOVE, "To"): "job"}, 'no state is called "job"', 'ingen tilstand hedder "job"'
    ),
    "an-effect-that-cannot-be": Broken(
        {Cell("Moves", FIRST_MOVE, "With the programme"): "hazard ratio"},
        "use one of: “is with the programme”, “plus”, “minus”, “times”",
        "brug en af disse: ”er med indsatsen”, ”lægges til”, ”trækkes fra”, ”ganges med”",
        Cell("Moves", FIRST_MOVE, "Effect"),
    ),
    "timing-of-a-move-at-entry": Broken(
        {Cell("Moves", FIRST_MOVE, "When in the year"): "1 January"},
        "“When in the year” goes with “a year” only",
        "”Hvornår” kan kun bruges sammen med ”pr. år”",
    ),
    "a-climate-misspelt": Broken(
        {Cell("Moves", FIRST_MOVE, "Climate"): "economi"}, "did you mean “economy”?", "mente du ”economy”?"
    ),
    "low-above-mode": Broken(
        {Cell("Assumptions", "job", "Lowest"): 0.5},
        "“Lowest” (0.5) is above “Highest” (0.3); let them change places",
        "”Lavest” (0,5) er over ”Højest” (0,3); byt om på dem",
    ),
    "a-parameter-of-another-kind": Broken(
        {Cell("Assumptions", "job", "Standard deviation"): 0.5},
        "“Standard deviation” has no place here: “pert” takes “Lowest”, “Most likely”, “Highest”",
        "”Spredning” hører ikke til her: ”pert” angives med ”Lavest”, ”Mest sandsynlig”, ”Højest”",
    ),
    "a-parameter-missing": Broken(
        {Cell("Assumptions", "job", "Most likely"): None},
        "“Most likely” is missing",
        "”Mest sandsynlig” mangler",
        Cell("Assumptions", "job", "Uncertainty"),
    ),
    "held-in-words": Broken(
        {Cell("Assumptions", "job", "Held at"): "high"}, '"high" is no number', '"high" er ikke et tal'
    ),
    "held-and-scaled": Broken(
        {Cell("Assumptions", "job", "Held at"): 0.1, Cell("Assumptions", "job", "Scaled by"): 2},
        "leave out “Held at” or “Scaled by”",
        "udelad ”Holdt fast på” eller ”Skaleret med”",
        Cell("Assumptions", "job", "Scaled by"),
    ),
    "a-correlation-above-1": Broken(
        {Cell("Correlations", 2, "Rank correlation"): 1.5}, "1.5 is out of range", "1,5 er uden for det tilladte"
    ),
    "no-first-year": Broken(
        {case("First year"): None},
        "nothing stands here, and something must",
        "her står ikke noget, og cellen skal udfyldes",
    ),
    "no-years": Broken(
        {case("Number of years"): 0}, "0 is out of range: it must be at least 1", "0 er uden for det tilladte"
    ),
    "a-rate-in-per-cent": Broken(
        {case("Discount rate"): 3.5}, "write 3.5 % as 3.5 %, or as 0.035", "skriv 3,5 % som 3,5 % eller som 0,035"
    ),
    "a-unit-that-is-none": Broken({case("Amounts are in"): "euro"}, '"euro" is no unit', '"euro" er ingen enhed'),
    "drop-out-without-months": Broken(
        {case("Drop-out"): 0.2},
        "nothing stands here, and something must",
        "her står ikke noget",
        case("Drop-out after months"),
    ),
    "a-month-in-words": Broken(
        {Cell("Entries", 2, "Month"): "aug 21"}, '"aug 21" is no month', '"aug 21" er ikke en måned'
    ),
    "negative-families": Broken({Cell("Families", "finishing", "2020"): -3}, "-3 is negative", "-3 er negativt"),
    "shares-that-are-not-1": Broken(
        {Cell("Roles and states", STATE, "Share at the start"): 0.5},
        "the shares sum to 0.7",
        "andelene er tilsammen 0,7",
    ),
    "a-refund-in-per-cent": Broken(
        {Cell("Roles and states", STATE, "State refund"): 20}, "must lie in [0, 1]", "skal ligge mellem 0 og 1"
    ),
    "a-payer-that-nobody-is": Broken(
        {Cell("Roles and states", STATE, "Other payers' share"): "region: 10 %"},
        "others who pay are named under “Other payers” in the sheet “Case”",
        "nævnes under ”Andre betalere” i arket ”Sagen”",
    ),
    "a-target-without-an-amount": Broken(
        {Cell("Targets", "Sparekrav 2021", "Amount in the year"): None},
        "“Year” and “Amount in the year”; “In total”; “Each year”",
        "”År” og ”Beløb i året”; ”I alt”; ”Hvert år”",
        Cell("Targets", "Sparekrav 2021", "Label"),
    ),
    "a-target-of-no-line": Broken(
        {Cell("Targets", "I alt", "Of"): "line: Nix"}, 'no line is called "Nix"', 'ingen post hedder "Nix"'
    ),
    "a-figure-in-words": Broken(
        {Cell("The paper's figures", 2, "2020"): "much"}, '"much" is no number', '"much" er ikke et tal'
    ),
}
NOT_OF_CELLS = re.compile(r"`|\[\[|without quotes|uden anførselstegn|\btable\b|\btabel\b|\bkey\b|\bnøgle\b| = ")


@pytest.mark.parametrize("name", BROKEN)
@pytest.mark.parametrize("language", ["en", "da"])
def test_what_is_wrong_is_told_by_its_cell(language: str, name: str, good: Path, tmp_path: Path) -> None:
    broken, book, file = BROKEN[name], openpyxl.load_workbook(good), tmp_path / "case.xlsx"
    told = broken.cell or next(iter(broken.changes))
    place = told.address(book)
    for where, content in broken.changes.items():
        cell = where.of(book)
        cell.value = content
        if isinstance(content, str) and content.startswith("#"):
            cell.data_type = "e"
    book.save(file)
    done = simulate("check", file, "--lang", language)
    assert done.code == 2, done.out
    lines = [line for line in done.out.splitlines() if line.startswith(f"{file} {place}  ")]
    assert any((broken.en if language == "en" else broken.da) in line for line in lines), done.out
    for line in done.out.splitlines():
        assert not NOT_OF_CELLS.search(line.replace(str(file), "")), line
    found = simulate("check", file, "--json").json["files"][0]["problems"]
    assert place in [one["cell"] for one in found]
    assert {one["line"] for one in found} == {0}


def test_all_problems_are_told_at_once_in_the_order_of_the_book(good: Path, tmp_path: Path) -> None:
    """Those of cells that cannot be read, and those of the rules; nothing that follows from another."""
    book, file = openpyxl.load_workbook(good), tmp_path / "case.xlsx"
    low, refund = Cell("Assumptions", "job", "Lowest"), Cell("Roles and states", STATE, "State refund")
    how, year = Cell("Moves", FIRST_MOVE, "How"), case("Number of years")
    for where, content in ((low, 0.5), (refund, 20), (how, None), (LICENCES, "#REF!"), (year, "five")):
        cell = where.of(book)
        cell.value = content
        if content == "#REF!":
            cell.data_type = "e"
    book.save(file)
    found = simulate("check", file, "--json").json["files"][0]["problems"]
    assert [one["cell"] for one in found] == [one.address(book) for one in (year, low, refund, how, LICENCES)]


def test_where_headings_are_wrong_they_alone_are_told(good: Path, tmp_path: Path) -> None:
    book, file = openpyxl.load_workbook(good), tmp_path / "case.xlsx"
    MANAGERS.of(book).value = "wagee"
    Cell("Costs", 1, "Amount a year").of(book).value = "Amunt a year"
    book.save(file)
    done = simulate("check", file, "--lang", "en")
    assert done.code == 2
    assert [line.split("  ")[0] for line in done.out.splitlines()] == [f"{file} Costs!C1"]
    assert "did you mean “Amount a year”?" in done.out
    book["Costs"].title = "Costz"
    book.save(file)
    done = simulate("check", file, "--lang", "en")
    assert [line.split("  ")[0] for line in done.out.splitlines()] == [f"{file} Costz!A1"]
    assert 'and the sheet "Costs" is missing, whose headings these are; if it is that one, call it "Costs"' in done.out


def test_a_text_that_no_file_may_hold_is_told_by_its_cell(good: Path, tmp_path: Path) -> None:
    book, file = openpyxl.load_workbook(good), tmp_path / "case.xlsx"
    note = Cell("Costs", "Casemanagers", "Note")
    note.of(book).value = "." * 500
    book.save(file)
    done = simulate("check", file, "--lang", "en")
    assert done.code == 2
    assert done.out.splitlines() == [f"{file} {note.address(book)}  there are more than 200 dots in this line"]


def test_warnings_have_cells_too(good: Path) -> None:
    found = simulate("check", good, "--json").json["files"][0]
    assert found["problems"] == []
    cells = ["'Roles and states'!D5", "Assumptions!B8", "Targets!A3", "'The paper''s figures'!E3"]
    assert [one["cell"] for one in found["warnings"]] == cells
    shown = simulate("check", good, "--lang", "da").err.splitlines()
    assert "uden pris, så de koster ikke noget" in shown[0]
    assert shown[1] == f"{good} Assumptions!B8  forudsætningen bruges ikke"
    assert "arket ”Besparelser”" in shown[2]


@pytest.mark.parametrize("language", ["en", "da"])
def test_a_change_on_the_command_line_is_told_by_the_cell_that_it_changes(language: str, good: Path) -> None:
    done = simulate("run", good, "--set", 'costs."Licenser mv.".yearly="15 %"', "--lang", language)
    assert done.code == 2
    assert f"{good} Costs!C3  " in done.err
